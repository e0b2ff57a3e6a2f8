/* The store's interface, and what is the same in every implementation: whose transaction it is, savepoints, where the
 * log ends. */
#include "store/store_private.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"

bool store_init(store *s, const struct store_ops *ops, const char *name) {
    size_t bytes = strlen(name) + 1;
    s->ops = ops;
    mutex_init(&s->end_lock);
    s->name = memory_new(bytes);
    if (s->name == NULL) {
        return false;
    }
    memcpy(s->name, name, bytes);
    return true;
}

void store_fini(store *s) {
    if (!s->is_view) {
        records_free(&s->tables);
    }
    memory_free(s->name);
    mutex_fini(&s->end_lock);
}

sluice_result store_view_load(store *view, const store *s, sluice_error *error) {
    view->is_view = true;
    view->tables = s->tables;
    return store_load_meta(view, false, error);
}

void store_close(store **s) {
    if (*s != NULL) {
        (*s)->ops->close(*s);
        *s = NULL;
    }
}

const char *store_name(const store *s) {
    return s->name;
}

const char *store_uuid(const store *s) {
    return s->uuid;
}

const unsigned char *store_secret(const store *s) {
    return s->secret;
}

uintptr_t store_thread(void) {
    static _Thread_local char own;
    return (uintptr_t)&own;
}

sluice_result store_require_writing(store *s, sluice_error *error) {
    if (!store_is_writing(s)) {
        return error_set(error, SLUICE_E_INVALID, "nothing can be written outside store_begin and store_commit");
    }
    return SLUICE_OK;
}

sluice_result store_damaged(const store *s, const char *what, sluice_error *error) {
    return error_set(error, SLUICE_E_DAMAGED,
                     "%s is damaged: %s; restore the newest backup (sluice verify says what is left)", s->name, what);
}

sluice_result store_begin(store *s, sluice_error *error) {
    SLUICE_ASSERT(atomic_load(&s->writer) == 0);
    sluice_result result = s->ops->begin(s, error);
    if (result == SLUICE_OK) {
        s->next = s->end;
        s->savepoint_count = 0;
        s->broken = false;
        atomic_store(&s->writer, store_thread());
    }
    return result;
}

sluice_result store_commit(store *s, sluice_error *error) {
    sluice_result result = store_require_writing(s, error);
    if (result == SLUICE_OK && s->broken) {
        result =
            error_set(error, SLUICE_E_IO,
                      "a part of the transaction on %s could not be undone, so all of it is: is the database still "
                      "there?",
                      s->name);
    }
    if (result == SLUICE_OK && s->savepoint_count > 0) {
        result = error_set(error, SLUICE_E_INVALID,
                           "a part of the transaction on %s is neither kept nor undone: roll all of it back", s->name);
    }
    if (result == SLUICE_OK) {
        result = records_before_commit(s, error);
    }
    if (result == SLUICE_OK && s->next.sequence != s->end.sequence) {
        result = store_put_end(s, error);
    }
    if (result == SLUICE_OK) {
        result = s->ops->commit(s, error);
    }
    if (result == SLUICE_OK) {
        records_after_commit(s);
        mutex_lock(&s->end_lock);
        s->end = s->next;
        mutex_unlock(&s->end_lock);
        atomic_store(&s->writer, 0);
    }
    return result;
}

void store_rollback(store *s) {
    if (atomic_load(&s->writer) == 0) {
        return; /* after a commit, or a begin that failed */
    }
    s->ops->rollback(s);
    records_after_rollback(s);
    atomic_store(&s->writer, 0);
}

void store_log_end(const store *base, uint64_t *sequence_out, uint64_t *chain_out) {
    store *s = (store *)(uintptr_t)base; /* the lock is no part of what is const */
    mutex_lock(&s->end_lock);
    *sequence_out = s->end.sequence;
    *chain_out = s->end.chain;
    mutex_unlock(&s->end_lock);
}

sluice_result store_check(store *s, sluice_error *error) {
    return s->ops->check(s, error);
}

static sluice_result savepoint_run(store *s, const char *verb, size_t number, sluice_error *error) {
    char text[64];
    (void)snprintf(text, sizeof text, "%s part%zu", verb, number);
    sql_statement statement = {.text = text, .types = "", .columns = ""};
    return s->ops->execute(s, &statement, NULL, error);
}

sluice_result store_savepoint(store *s, sluice_error *error) {
    if (s->savepoint_count == STORE_SAVEPOINTS_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "savepoints nest %d deep at most", STORE_SAVEPOINTS_MAX);
    }
    sluice_result result = savepoint_run(s, "SAVEPOINT", s->savepoint_count, error);
    if (result == SLUICE_OK) {
        records_mark(s, s->savepoint_count);
        s->savepoint_ends[s->savepoint_count++] = s->next;
    }
    return result;
}

sluice_result store_savepoint_keep(store *s, sluice_error *error) {
    SLUICE_ASSERT(s->savepoint_count > 0);
    sluice_result result = savepoint_run(s, "RELEASE SAVEPOINT", s->savepoint_count - 1, error);
    if (result == SLUICE_OK) {
        s->savepoint_count--;
    }
    return result;
}

void store_savepoint_undo(store *s) {
    SLUICE_ASSERT(s->savepoint_count > 0);
    size_t number = --s->savepoint_count;
    s->broken = s->broken || savepoint_run(s, "ROLLBACK TO SAVEPOINT", number, NULL) != SLUICE_OK ||
                savepoint_run(s, "RELEASE SAVEPOINT", number, NULL) != SLUICE_OK;
    s->next = s->savepoint_ends[number];
    records_undo(s, number);
}
