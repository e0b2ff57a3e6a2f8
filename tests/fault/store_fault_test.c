/* The store when memory runs out, writes fail and the process dies: what was acknowledged is there once, the batch
 * under way is there wholly or not at all, and the store goes on when the cause is gone. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "store/store.h"
#include "support/store_model.h"
#include "support/tool.h"

enum { BATCHES = 4 };

static char place[512];
static int place_count;

static void fresh_place(void) {
    char name[64];
    (void)snprintf(name, sizeof name, "fault-%d.sluice", place_count++);
    (void)snprintf(place, sizeof place, "%s", tool_path(name));
}

static void remove_place(void) {
    char wal[540];
    (void)snprintf(wal, sizeof wal, "%s-wal", place);
    (void)unlink(place);
    (void)unlink(wal);
}

static uint64_t reopen_and_verify(void) {
    store *s = NULL;
    sluice_error error = {0};
    if (store_open_sqlite(place, false, &s, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    uint64_t count = model_verify(s);
    assert_int_equal(model_commit(s, count, &error), SLUICE_OK);
    assert_int_equal(model_verify(s), count + 1);
    store_close(&s);
    return count;
}

/* Opens, commits, reads, closes. Stops at the first error; *acknowledged_out batches were. */
static sluice_result run_all(uint64_t *acknowledged_out, sluice_error *error) {
    store *s = NULL;
    store_source source;
    unsigned char *bytes = NULL;
    size_t capacity = 0, length = 0;
    uint64_t first = 0, chain = 0;
    *acknowledged_out = 0;
    sluice_result result = store_open_sqlite(place, false, &s, error);
    for (uint64_t i = 0; result == SLUICE_OK && i < BATCHES; i++) {
        result = model_commit(s, i, error);
        *acknowledged_out += result == SLUICE_OK;
    }
    if (result == SLUICE_OK) {
        result = store_read_batch_at(s, 2, &first, &chain, &bytes, &capacity, &length, error);
    }
    if (result == SLUICE_OK) {
        result = store_chain_at(s, 1, &chain, error);
    }
    if (result == SLUICE_OK) {
        result = store_find_source(s, "nobody", "knows", &source, error);
        result = result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    if (result == SLUICE_OK) {
        result = store_check(s, error);
    }
    memory_free(bytes);
    store_close(&s);
    return result;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    sluice_result result = SLUICE_E_NO_MEMORY;
    int64_t allowed = 0;
    for (; result != SLUICE_OK; allowed++) {
        uint64_t acknowledged = 0;
        sluice_error error = {0};
        fresh_place();
        memory_fail_after(allowed);
        result = run_all(&acknowledged, &error);
        memory_fail_after(-1);
        if (result != SLUICE_OK && result != SLUICE_E_NO_MEMORY) {
            fail_msg("after %lld allocations: %s", (long long)allowed, error.text);
        }
        assert_int_equal(reopen_and_verify(), acknowledged);
        remove_place();
    }
    assert_true(allowed > 50); /* the failures did reach into SQLite */
}

/* The same store goes on after memory was short for one commit. */
static void a_store_outlives_a_shortage_of_memory(void **state) {
    (void)state;
    store *s = NULL;
    uint64_t next = 0;
    fresh_place();
    assert_int_equal(store_open_sqlite(place, false, &s, NULL), SLUICE_OK);
    for (int64_t allowed = 0; allowed < 60; allowed++) {
        memory_fail_after(allowed);
        sluice_result result = model_commit(s, next, NULL);
        memory_fail_after(-1);
        assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
        next += result == SLUICE_OK;
        if (result != SLUICE_OK) {
            assert_int_equal(model_commit(s, next, NULL), SLUICE_OK);
            next++;
        }
    }
    assert_int_equal(model_verify(s), next);
    store_close(&s);
    assert_int_equal(reopen_and_verify(), next);
}

static void fail_every_write(store_fault fault, sluice_result expected) {
    sluice_result result = expected;
    uint64_t nth = 1;
    for (; nth < 400; nth++) {
        uint64_t acknowledged = 0;
        sluice_error error = {0};
        fresh_place();
        store_fault_at(fault, nth);
        result = run_all(&acknowledged, &error);
        uint64_t writes = store_fault_count();
        store_fault_at(STORE_FAULT_NONE, 0);
        if (writes < nth) {
            assert_int_equal(result, SLUICE_OK);
            break;
        }
        /* A checkpoint that fails loses nothing and is tried again: then all is well. */
        if (result != SLUICE_OK && result != expected) {
            fail_msg("write %llu: %s", (unsigned long long)nth, error.text);
        }
        /* A commit whose sync failed was refused, and yet may be found whole after a restart. */
        uint64_t there = reopen_and_verify();
        assert_true(there == acknowledged || (result != SLUICE_OK && there == acknowledged + 1));
        remove_place();
    }
    assert_true(nth > 20 && nth < 400);
}

static void every_write_may_fail(void **state) {
    (void)state;
    fail_every_write(STORE_FAULT_IO, SLUICE_E_IO);
}

static void every_write_may_find_the_disk_full(void **state) {
    (void)state;
    fail_every_write(STORE_FAULT_FULL, SLUICE_E_FULL);
}

/* A commit that fails is followed by one that works, on the same store. */
static void a_store_outlives_a_full_disk(void **state) {
    (void)state;
    static const store_fault FAULTS[] = {STORE_FAULT_FULL, STORE_FAULT_IO};
    for (size_t f = 0; f < 2; f++) {
        store *s = NULL;
        uint64_t next = 1, failures = 0;
        sluice_error error = {0};
        fresh_place();
        assert_int_equal(store_open_sqlite(place, false, &s, NULL), SLUICE_OK);
        assert_int_equal(model_commit(s, 0, NULL), SLUICE_OK);
        for (uint64_t nth = 1; nth < 30; nth++) {
            store_fault_at(FAULTS[f], nth);
            sluice_result result = model_commit(s, next, &error);
            store_fault_at(STORE_FAULT_NONE, 0);
            if (result != SLUICE_OK) {
                assert_int_equal(result, FAULTS[f] == STORE_FAULT_FULL ? SLUICE_E_FULL : SLUICE_E_IO);
                assert_true(f > 0 || strstr(error.text, "make room") != NULL);
                failures++;
                assert_int_equal(model_verify(s), next);
                assert_int_equal(model_commit(s, next, &error), SLUICE_OK);
            }
            next++;
        }
        assert_true(failures >= 3);
        assert_int_equal(model_verify(s), next);
        store_close(&s);
        assert_int_equal(reopen_and_verify(), next);
    }
}

/* In a child: run everything, tell each acknowledged batch through the pipe, die at the nth write. */
static void child_run(int to_parent, uint64_t nth) {
    store *s = NULL;
    store_fault_at(STORE_FAULT_KILL, nth);
    if (store_open_sqlite(place, false, &s, NULL) != SLUICE_OK) {
        _exit(3);
    }
    for (uint64_t i = 0; i < BATCHES; i++) {
        if (model_commit(s, i, NULL) != SLUICE_OK || write(to_parent, "a", 1) != 1) {
            _exit(4);
        }
    }
    store_close(&s);
    _exit(0);
}

static void death_at_every_write_loses_nothing(void **state) {
    (void)state;
    int status = 1;
    uint64_t nth = 1;
    for (; nth < 400; nth++) {
        int ends[2];
        char acks[BATCHES];
        fresh_place();
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(ends[0]);
            child_run(ends[1], nth);
        }
        (void)close(ends[1]);
        uint64_t acknowledged = 0;
        while (read(ends[0], acks, 1) == 1) {
            acknowledged++;
        }
        (void)close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        uint64_t there = reopen_and_verify();
        assert_true(there == acknowledged || there == acknowledged + 1);
        remove_place();
        if (WIFEXITED(status)) {
            assert_int_equal(WEXITSTATUS(status), 0);
            assert_int_equal(there, BATCHES);
            break;
        }
        assert_int_equal(WTERMSIG(status), SIGKILL);
    }
    assert_true(nth > 20 && nth < 400);
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),    cmocka_unit_test(a_store_outlives_a_shortage_of_memory),
        cmocka_unit_test(every_write_may_fail),         cmocka_unit_test(every_write_may_find_the_disk_full),
        cmocka_unit_test(a_store_outlives_a_full_disk), cmocka_unit_test(death_at_every_write_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
