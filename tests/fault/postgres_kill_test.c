/* SIGKILL to the PostgreSQL server and to ourselves in the middle of transactions: what was acknowledged is there,
 * once; nothing is there by halves. Each commit is one batch of the log with what belongs to it, and two records. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/postgres_server.h"
#include "support/record_model.h"
#include "support/store_model.h"
#include "support/tool.h"
#include "sys/random.h"
#include "sys/thread.h"

static const record_table *const TABLES[] = {&THING};
static uint64_t seed;
static char place[1024];

static store *opened(sluice_error *error) {
    store *s = NULL;
    if (store_open_postgres(place, false, &s, error) != SLUICE_OK ||
        store_ensure_tables(s, TABLES, 1, error) != SLUICE_OK) {
        store_close(&s);
    }
    return s;
}

static sluice_result insert_thing(store *s, uint64_t number, int half, arena *memory, sluice_error *error) {
    record r;
    char key[48];
    (void)snprintf(key, sizeof key, "card:%llu-%d", (unsigned long long)number, half);
    if (!record_init(&r, &THING, memory)) {
        return SLUICE_E_NO_MEMORY;
    }
    r.values[THING_KEY] = value_text(text_of(key));
    r.values[THING_STATE] = value_text(TEXT("new"));
    r.values[THING_AMOUNT] = value_integer(half == 0 ? (int64_t)number : -(int64_t)number);
    return store_insert(s, &r, 1, error);
}

/* Commit number i. */
static sluice_result commit(store *s, uint64_t i, sluice_error *error) {
    arena memory = {0};
    unsigned char bytes[64] = "a batch";
    sluice_result result = store_begin(s, error);
    if (result == SLUICE_OK) {
        result = insert_thing(s, i, 0, &memory, error);
    }
    if (result == SLUICE_OK) {
        result = store_put_batch(s, i + 1, 1, i + 100, bytes, sizeof bytes, error);
    }
    if (result == SLUICE_OK) {
        result = insert_thing(s, i, 1, &memory, error);
    }
    if (result == SLUICE_OK) {
        result = store_commit(s, error);
    }
    if (result != SLUICE_OK) {
        store_rollback(s);
    }
    arena_fini(&memory);
    return result;
}

/* How many commits are there; fails when one is there by halves or twice. */
static uint64_t verify(store *s) {
    static const uint8_t NONE[2] = {RECORD_END, RECORD_END};
    uint64_t end = 0, chain = 0;
    record_query all = {.table = &THING, .order = QUERY_ID};
    record_group *groups = NULL;
    size_t count = 0;
    arena memory = {0};
    store_log_end(s, &end, &chain);
    assert_int_equal(chain, end == 0 ? 0 : end + 99);
    assert_int_equal(store_group(s, &all, NONE, THING_AMOUNT, &memory, &groups, &count, NULL), SLUICE_OK);
    assert_int_equal(groups[0].count, 2 * end);
    assert_int_equal(groups[0].sum, 0);
    for (uint64_t i = 0; i < end; i++) {
        unsigned char *bytes = NULL;
        size_t capacity = 0, length = 0;
        uint64_t first = 0, before = 0;
        assert_int_equal(store_read_batch_at(s, i + 1, &first, &before, &bytes, &capacity, &length, NULL), SLUICE_OK);
        assert_int_equal(first, i + 1);
        memory_free(bytes);
    }
    arena_fini(&memory);
    return end;
}

typedef struct writing {
    atomic_bool stop;
    _Atomic uint64_t acknowledged, failures, reopened;
    atomic_bool wrong;
} writing;

/* Commits without end; after an error once more, as a daemon would; when the store says so, reopened. */
static void *write_all_the_time(void *context) {
    writing *w = context;
    sluice_error error = {0};
    store *s = NULL;
    uint64_t next = 0;
    while (!atomic_load(&w->stop)) {
        if (s == NULL) {
            s = opened(&error);
            if (s == NULL) {
                continue;
            }
            uint64_t end = 0, chain = 0;
            store_log_end(s, &end, &chain);
            /* At most one that was not acknowledged, and never one less. */
            if (end < next || end > next + 1) {
                atomic_store(&w->wrong, true);
                break;
            }
            next = end;
        }
        if (commit(s, next, &error) == SLUICE_OK) {
            next++;
            atomic_store(&w->acknowledged, next);
            continue;
        }
        atomic_fetch_add(&w->failures, 1u);
        (void)usleep(2000); /* the processor is the server's, which recovers */
        if (strstr(error.text, "restart") != NULL) {
            store_close(&s);
            atomic_fetch_add(&w->reopened, 1u);
        } else if (error.code != SLUICE_E_IO && error.code != SLUICE_E_BUSY) {
            print_error("%s\n", error.text);
            atomic_store(&w->wrong, true);
            break;
        }
    }
    store_close(&s);
    return NULL;
}

static void wait_for(const writing *w, uint64_t more) {
    uint64_t from = atomic_load(&w->acknowledged);
    while (atomic_load(&w->acknowledged) < from + more && !atomic_load(&w->wrong)) {
        (void)usleep(200);
    }
}

static void the_server_may_be_killed_at_any_time(void **state) {
    (void)state;
    writing w = {.failures = 0};
    thread writer;
    sluice_error error = {0};
    random_stream random;
    random_seed(&random, seed);
    postgres_server_database(place, sizeof place);
    assert_true(thread_start(&writer, write_all_the_time, &w));
    for (int i = 0; i < 8; i++) {
        wait_for(&w, 5 + random_below(&random, 40));
        postgres_server_kill();
        assert_true(postgres_server_start_durable());
    }
    for (int i = 0; i < 8; i++) {
        wait_for(&w, 5 + random_below(&random, 20));
        postgres_server_cut(place);
    }
    wait_for(&w, 5);
    atomic_store(&w.stop, true);
    thread_join(&writer);
    assert_false(atomic_load(&w.wrong));
    assert_true(atomic_load(&w.failures) > 0);
    store *s = opened(&error);
    assert_non_null(s);
    uint64_t there = verify(s);
    assert_int_equal(there, atomic_load(&w.acknowledged));
    print_message("%llu commits, %llu failed, %llu times reopened\n", (unsigned long long)there,
                  (unsigned long long)atomic_load(&w.failures), (unsigned long long)atomic_load(&w.reopened));
    store_close(&s);
}

static void child_run(int to_parent) {
    sluice_error error = {0};
    store *s = opened(&error);
    uint64_t next = 0, chain = 0;
    if (s == NULL) {
        print_error("%s\n", error.text);
        _exit(3);
    }
    store_log_end(s, &next, &chain);
    for (;; next++) {
        if (commit(s, next, &error) != SLUICE_OK || write(to_parent, "a", 1) != 1) {
            _exit(4);
        }
    }
}

static void we_may_be_killed_at_any_time(void **state) {
    (void)state;
    random_stream random;
    sluice_error error = {0};
    uint64_t total = 0;
    random_seed(&random, seed + 1);
    postgres_server_database(place, sizeof place);
    for (int i = 0; i < 15; i++) {
        int ends[2], status = 0;
        char ack;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(ends[0]);
            child_run(ends[1]);
        }
        (void)close(ends[1]);
        for (uint64_t acks = 1 + random_below(&random, 30); acks > 0 && read(ends[0], &ack, 1) == 1; acks--) {
            total++;
        }
        (void)usleep((useconds_t)random_below(&random, 3000)); /* somewhere in the next one */
        assert_int_equal(kill(child, SIGKILL), 0);
        while (read(ends[0], &ack, 1) == 1) {
            total++;
        }
        (void)close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        store *s = opened(&error); /* the server may not have noticed yet */
        if (s == NULL) {
            fail_msg("%s", error.text);
        }
        uint64_t there = verify(s);
        assert_true(there == total || there == total + 1);
        total = there;
        store_close(&s);
    }
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    if (!postgres_server_start_durable()) {
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_may_be_killed_at_any_time),
        cmocka_unit_test(we_may_be_killed_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
