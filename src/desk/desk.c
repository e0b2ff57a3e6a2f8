/* The desk's life, its groups of commands, and the list of all kinds.
 *
 * A group is one transaction of the store. Within it each command has a savepoint; what the desk keeps in memory of the
 * group (the audit's head, the newest event) is put back when a command or the whole group is undone, and becomes the
 * committed state only after the store said that it is durable. */
#include "desk/desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "desk/bulletin.h"
#include "desk/decided.h"
#include "desk/desk_private.h"
#include "desk/device.h"
#include "desk/evidence.h"
#include "desk/idempotency.h"
#include "desk/import.h"
#include "desk/kinds.h"
#include "desk/nonce.h"
#include "desk/outbox.h"
#include "desk/saved_view.h"
#include "desk/search.h"
#include "desk/timer.h"
#include "desk/unit.h"
#include "desk/user.h"
#include "engine/desk_store.h"
#include "sys/append.h"

/* Tables without a kind, then those of the kinds. */
static const record_table *const PLAIN_TABLES[] = {
    &HISTORY_TABLE,        &AUDIT_TABLE,          &EVENT_TABLE,    &TIMER_TABLE,        &SEARCH_TABLE,
    &SESSION_TABLE,        &DEVICE_TABLE,         &PROGRESS_TABLE, &DECISION_USE_TABLE, &IDEMPOTENCY_TABLE,
    &EVIDENCE_BYTES_TABLE, &BULLETIN_BYTES_TABLE, &NONCE_TABLE,    &SAVED_VIEW_TABLE};
enum { PLAIN_COUNT = sizeof PLAIN_TABLES / sizeof *PLAIN_TABLES, TABLES_MAX = 128 };

const record_table *const *desk_tables(size_t *count_out) {
    static const record_table *tables[TABLES_MAX];
    static size_t count; /* the same on every call: whoever fills it first, fills in the same */
    if (count == 0) {
        size_t kind_count, at = 0;
        const desk_kind *const *kinds = desk_kinds(&kind_count);
        SLUICE_ASSERT(PLAIN_COUNT + kind_count <= TABLES_MAX);
        for (size_t i = 0; i < PLAIN_COUNT; i++) {
            tables[at++] = PLAIN_TABLES[i];
        }
        for (size_t i = 0; i < kind_count; i++) {
            tables[at++] = kinds[i]->table;
        }
        count = at;
    }
    *count_out = count;
    return tables;
}

const desk_kind *const *desk_kinds(size_t *count_out) {
    *count_out = DESK_KIND_COUNT;
    return DESK_KINDS;
}

const desk_kind *desk_kind_find(const char *name) {
    for (size_t i = 0; i < DESK_KIND_COUNT; i++) {
        if (strcmp(DESK_KINDS[i]->name, name) == 0) {
            return DESK_KINDS[i];
        }
    }
    return NULL;
}

store *desk_store(const desk *d) {
    return d->store;
}

struct sluice_engine *desk_engine(const desk *d) {
    return d->engine;
}

int64_t desk_event_last(const desk *d) {
    return atomic_load_explicit(&d->event_committed, memory_order_acquire);
}

/* ---- groups ---- */

sluice_result desk_begin(desk *d, sluice_error *error) {
    return store_begin(d->store, error);
}

/* "id hash time": what somebody else can hold against us. A witness that cannot be written is an error of the group
 * that follows, not of this one, which is durable; the line is made up for by the next. */
static void tell_witness(desk *d) {
    char line[128], time[TIME_TEXT_BYTES];
    if (d->audit_witness == NULL || d->audit.id == d->audit_committed.id) {
        return;
    }
    int length = snprintf(line, sizeof line, "%" PRId64 " %s %s\n", d->audit.id, d->audit.hash,
                          time_format(d->audit_at_ms, time));
    sluice_error error;
    if (append_line(d->audit_witness, line, (size_t)length, &error) != SLUICE_OK) {
        d->witness_failures++;
    }
}

sluice_result desk_commit(desk *d, sluice_error *error) {
    sluice_result result = store_commit(d->store, error);
    if (result != SLUICE_OK) {
        desk_rollback(d);
        return result;
    }
    tell_witness(d);
    d->audit_committed = d->audit;
    atomic_store_explicit(&d->event_committed, d->event_last, memory_order_release);
    outbox_publish(d, d->dated_changed);
    principal_publish(d);
    if (d->dated_changed) {
        d->dated_changed = false;
        return dated_reload(d, error);
    }
    return SLUICE_OK;
}

void desk_rollback(desk *d) {
    store_rollback(d->store);
    d->audit = d->audit_committed;
    d->event_last = atomic_load_explicit(&d->event_committed, memory_order_relaxed);
    d->dated_changed = false;
    d->changed_users.count = 0;
}

sluice_result desk_push(desk *d, desk_saved *saved_out, sluice_error *error) {
    *saved_out = (desk_saved){d->audit, d->event_last, d->dated_changed};
    return store_savepoint(d->store, error);
}

sluice_result desk_keep(desk *d, sluice_error *error) {
    return store_savepoint_keep(d->store, error);
}

void desk_undo(desk *d, const desk_saved *saved) {
    store_savepoint_undo(d->store);
    d->audit = saved->audit;
    d->event_last = saved->event_last;
    d->dated_changed = saved->dated_changed;
}

void desk_refused(desk_command *c, sluice_result why) {
    char act[96];
    sluice_error unheard;
    desk_saved saved;
    if ((why != SLUICE_E_FORBIDDEN && why != SLUICE_E_NOT_FOUND && why != SLUICE_E_UNAUTHENTICATED) ||
        c->tried_act == NULL || (c->actor->roles & ROLE_SYSTEM) != 0 ||
        desk_push(c->desk, &saved, &unheard) != SLUICE_OK) {
        return;
    }
    (void)snprintf(act, sizeof act, "%s.%s", c->tried_kind, c->tried_act);
    desk_command d = *c;
    d.error = &unheard;
    if (audit_add(&d, "refused", c->tried_kind, c->tried_id, text_of(act)) != SLUICE_OK ||
        desk_keep(c->desk, &unheard) != SLUICE_OK) {
        desk_undo(c->desk, &saved);
    }
}

sluice_result desk_run(desk_command *c, desk_function run, void *context) {
    desk *d = c->desk;
    desk_saved saved;
    sluice_result result = desk_push(d, &saved, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    d->audit_at_ms = c->now_ms;
    result = run(c, context);
    if (result == SLUICE_OK) {
        result = desk_keep(d, c->error);
    }
    if (result != SLUICE_OK) {
        desk_undo(d, &saved);
        desk_refused(c, result);
    }
    return result;
}

sluice_result desk_run_alone(desk_command *c, desk_function run, void *context) {
    sluice_error error = {0};
    sluice_result result = desk_begin(c->desk, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = desk_run(c, run, context);
    sluice_result committed = desk_commit(c->desk, &error); /* a refusal is written down too */
    if (result == SLUICE_OK && committed != SLUICE_OK) {
        return error_set(c->error, committed, "%s", error.text);
    }
    return result;
}

/* ---- opening ---- */

static sluice_result make_city(desk_command *c, void *context) {
    (void)context;
    return unit_defaults(c);
}

static sluice_result load(desk *d, int64_t now_ms, sluice_error *error) {
    size_t count = 0;
    arena a = {0};
    const record_table *const *tables = desk_tables(&count);
    sluice_result result = store_ensure_tables(d->store, tables, count, error);
    if (result == SLUICE_OK) {
        result = audit_load(d->store, &d->audit_committed, error);
        d->audit = d->audit_committed;
    }
    record newest;
    record_query last = {.table = &EVENT_TABLE, .order = QUERY_ID, .descending = true, .limit = 1};
    if (result == SLUICE_OK) {
        result = store_find(d->store, &last, &a, &newest, error);
        d->event_last = result == SLUICE_OK ? newest.id : 0;
        atomic_store(&d->event_committed, d->event_last);
        result = result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    record_query any = {.table = UNIT_KIND.table};
    uint64_t rows = 0;
    if (result == SLUICE_OK) {
        result = dated_fill(d, now_ms, error);
    }
    if (result == SLUICE_OK) {
        result = store_count(d->store, &any, 1, &rows, error);
    }
    if (result == SLUICE_OK && rows == 0) {
        desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = &a, .error = error};
        result = desk_run_alone(&c, make_city, NULL);
    }
    arena_fini(&a);
    return result == SLUICE_OK ? dated_reload(d, error) : result;
}

sluice_result desk_open(const desk_options *options, int64_t now_ms, desk **desk_out, sluice_error *error) {
    *desk_out = NULL;
    desk *d = memory_new_zero(1, sizeof *d);
    if (d == NULL) {
        return error_no_memory(error, sizeof *d);
    }
    d->engine = options->engine;
    d->store = options->engine == NULL ? options->store : engine_store(options->engine);
    sluice_result result = SLUICE_OK;
    if (options->audit_witness != NULL) {
        size_t bytes = strlen(options->audit_witness) + 1;
        d->audit_witness = memory_new(bytes);
        if (d->audit_witness == NULL) {
            result = error_no_memory(error, bytes);
            goto out;
        }
        memcpy(d->audit_witness, options->audit_witness, bytes);
    }
    result = load(d, now_ms, error);
out:
    if (result != SLUICE_OK) {
        desk_close(&d);
    }
    *desk_out = d;
    return result;
}

void desk_close(desk **d) {
    if (*d != NULL) {
        memory_free((*d)->audit_witness);
        memory_free((*d)->dated);
        arena_fini(&(*d)->dated_arena);
        memory_free(*d);
        *d = NULL;
    }
}
