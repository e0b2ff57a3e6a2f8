/* The engine over a real database: durable, numbered, replayed, snapshotted; ids exact; identity numbers never in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sluice/trace.h>

#include "base/text.h"
#include "support/tool.h"

static sluice_error error;

static sluice_engine *open_engine(const char *path) {
    sluice_engine *engine = NULL;
    sluice_result result = sluice_engine_open(path, NULL, &engine, &error);
    if (result != SLUICE_OK) {
        fail_msg("%s: %s", path, error.text);
    }
    return engine;
}

static const char *fresh(const char *name) {
    static const char *const SUFFIXES[] = {"", "-snapshot", "-wal", "-shm"};
    for (size_t i = 0; i < 4; i++) {
        char file[64];
        (void)snprintf(file, sizeof file, "%s%s", name, SUFFIXES[i]);
        (void)remove(tool_path(file));
    }
    return tool_path(name);
}

static sluice_signal transfer(const char *id, const char *from, const char *to, int64_t time_ms, int64_t fen) {
    return (sluice_signal){.kind = SLUICE_SIGNAL_TRANSFER,
                           .id = text_of(id),
                           .from = text_of(from),
                           .to = text_of(to),
                           .time_ms = time_ms,
                           .amount_fen = fen,
                           .received_fen = fen};
}

static sluice_result append(sluice_engine *engine, sluice_signal signal, sluice_append_result *result_out) {
    return sluice_engine_append(engine, &signal, 1, result_out, NULL, &error);
}

static void append_many(sluice_engine *engine, int first, int count) {
    for (int i = first; i < first + count; i++) {
        char id[16], from[24], to[24];
        (void)snprintf(id, sizeof id, "n%d", i);
        (void)snprintf(from, sizeof from, "account:%d", i % 7);
        (void)snprintf(to, sizeof to, "account:%d", (i * 3 + 1) % 7);
        assert_int_equal(append(engine, transfer(id, from, to, 1000 * i, 100 + i), NULL), SLUICE_OK);
    }
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
}

static sluice_engine_stats stats_of(const sluice_engine *engine) {
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    return stats;
}

static bool add_up(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    (void)balance_fen;
    *(int64_t *)context += is_debit ? -transfer->amount_fen : transfer->amount_fen;
    return true;
}

static int64_t net_of(const sluice_engine *engine, const char *account, uint64_t as_of) {
    int64_t net = 0;
    assert_int_equal(sluice_ledger_read(engine, text_of(account), as_of, add_up, &net, &error), SLUICE_OK);
    return net;
}

static void what_is_flushed_stays(void **state) {
    (void)state;
    const char *path = fresh("stays.db");
    sluice_engine *engine = open_engine(path);
    uint64_t sequence = 0;
    append_many(engine, 0, 50);
    assert_int_equal(append(engine, transfer("lost", "account:1", "account:2", 5, 5), NULL), SLUICE_OK);
    int64_t net = net_of(engine, "account:3", 0);
    sluice_engine_close(&engine); /* the last one was not flushed: never acknowledged */
    engine = open_engine(path);
    assert_int_equal(stats_of(engine).transfer_count, 50);
    assert_int_equal(stats_of(engine).account_count, 7);
    assert_int_equal(net_of(engine, "account:3", 0), net);
    sluice_transfer found;
    assert_int_equal(sluice_transfer_find(engine, TEXT("n49"), &found, &error), SLUICE_OK);
    assert_int_equal(found.sequence, 50);
    assert_int_equal(found.amount_fen, 149);
    assert_int_equal(sluice_transfer_find(engine, TEXT("lost"), &found, &error), SLUICE_E_NOT_FOUND);
    assert_int_equal(sluice_engine_flush(engine, &sequence, &error), SLUICE_OK);
    assert_int_equal(sequence, 50);
    assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
    sluice_engine_close(&engine);
}

static void ids_are_exact(void **state) {
    (void)state;
    sluice_engine *engine = open_engine(fresh("ids.db"));
    sluice_append_result result = {0};
    assert_int_equal(append(engine, transfer("a", "account:1", "account:2", 10, 100), &result), SLUICE_OK);
    assert_int_equal(append(engine, transfer("a", "account:1", "account:2", 10, 100), &result), SLUICE_OK);
    assert_int_equal(result.accepted, 1);
    assert_int_equal(result.duplicates, 1); /* within the batch */
    assert_int_equal(append(engine, transfer("a", "account:1", "account:2", 10, 101), &result), SLUICE_E_CONFLICT);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    assert_int_equal(append(engine, transfer("a", "account:1", "account:2", 10, 100), &result), SLUICE_OK);
    assert_int_equal(result.duplicates, 2); /* against the log */
    assert_int_equal(append(engine, transfer("a", "account:1", "account:3", 10, 100), &result), SLUICE_E_CONFLICT);
    assert_non_null(strstr(error.text, "'a'"));
    assert_int_equal(append(engine, transfer("", "account:1", "account:2", 10, 100), &result), SLUICE_E_INVALID);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    assert_int_equal(stats_of(engine).transfer_count, 1);
    sluice_engine_close(&engine);
}

static void bad_signals_are_refused(void **state) {
    (void)state;
    sluice_engine *engine = open_engine(fresh("bad.db"));
    sluice_signal good = transfer("g", "account:1", "account:2", 10, 100);
    sluice_signal bad[8];
    for (size_t i = 0; i < 8; i++) {
        bad[i] = good;
    }
    bad[0].from = TEXT("nokind");
    bad[1].to = TEXT("");
    bad[2].amount_fen = -1;
    bad[3].time_ms = INT64_MAX;
    bad[4].kind = (sluice_signal_kind)77;
    bad[5].to = TEXT("account:\xff\xfe");
    bad[6].from = TEXT("account:a\nb");
    bad[7].kind = SLUICE_SIGNAL_LOGIN;
    bad[7].key = TEXT("account:1"); /* and no device */
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(append(engine, bad[i], NULL), SLUICE_E_INVALID);
        assert_true(strlen(error.text) > 10);
    }
    assert_int_equal(append(engine, good, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    assert_int_equal(stats_of(engine).transfer_count, 1);
    sluice_engine_close(&engine);
}

/* A snapshot that cannot be used costs time and nothing else. */
static void snapshots_are_a_cache(void **state) {
    (void)state;
    const char *path = fresh("snap.db");
    const char *snapshot = tool_path("snap.db-snapshot");
    sluice_engine *engine = open_engine(path);
    append_many(engine, 0, 100);
    assert_int_equal(sluice_engine_snapshot(engine, &error), SLUICE_OK);
    append_many(engine, 100, 40); /* stale by 40 */
    int64_t net = net_of(engine, "account:5", 0);
    sluice_engine_close(&engine);

    engine = open_engine(path);
    assert_string_equal(stats_of(engine).snapshot_state, "used");
    assert_int_equal(stats_of(engine).replayed_signals, 40);
    assert_int_equal(net_of(engine, "account:5", 0), net);
    append_many(engine, 140, 10); /* and it goes on from there */
    assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
    net = net_of(engine, "account:5", 0);
    sluice_engine_close(&engine);

    static const long PLACES[] = {0, 9, 41, 60, 200, 1000, 5000, -10, -2000};
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        FILE *file = fopen(snapshot, "r+b");
        assert_non_null(file);
        assert_int_equal(fseek(file, PLACES[i], PLACES[i] < 0 ? SEEK_END : SEEK_SET), 0);
        int byte = fgetc(file);
        assert_int_equal(fseek(file, -1, SEEK_CUR), 0);
        assert_int_equal(fputc(byte ^ 0x40, file), byte ^ 0x40);
        assert_int_equal(fclose(file), 0);
        engine = open_engine(path);
        assert_string_not_equal(stats_of(engine).snapshot_state, "used");
        assert_int_equal(stats_of(engine).replayed_signals, 150);
        assert_int_equal(net_of(engine, "account:5", 0), net);
        assert_int_equal(sluice_engine_snapshot(engine, &error), SLUICE_OK); /* whole again for the next place */
        sluice_engine_close(&engine);
    }
    (void)remove(snapshot);
    engine = open_engine(path);
    assert_string_equal(stats_of(engine).snapshot_state, "missing");
    assert_int_equal(net_of(engine, "account:5", 0), net);
    assert_int_equal(sluice_engine_snapshot(engine, &error), SLUICE_OK);
    sluice_engine_close(&engine);

    const char *other = fresh("other.db"); /* another database's snapshot */
    engine = open_engine(other);
    append_many(engine, 0, 150);
    sluice_engine_close(&engine);
    assert_int_equal(rename(snapshot, tool_path("other.db-snapshot")), 0);
    engine = open_engine(other);
    assert_non_null(strstr(stats_of(engine).snapshot_state, "another database"));
    assert_int_equal(stats_of(engine).replayed_signals, 150);
    sluice_engine_close(&engine);
}

/* As of S: with the signals 1..S and no others, also when later ones are earlier in time. */
static void as_of_is_as_it_was(void **state) {
    (void)state;
    sluice_engine *engine = open_engine(fresh("asof.db"));
    uint64_t first = 0;
    assert_int_equal(append(engine, transfer("1", "account:a", "account:b", 1000, 500), NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, &first, &error), SLUICE_OK);
    assert_int_equal(append(engine, transfer("2", "account:b", "account:c", 500, 200), NULL), SLUICE_OK);
    assert_int_equal(append(engine, transfer("3", "account:b", "account:c", 2000, 100), NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    assert_int_equal(net_of(engine, "account:b", first), 500);
    assert_int_equal(net_of(engine, "account:b", first + 1), 300);
    assert_int_equal(net_of(engine, "account:b", 0), 200);
    sluice_trace_start start = {.transfer_id = TEXT("1")};
    sluice_trace_options options = {.size = sizeof options, .as_of = first};
    sluice_trace *trace = NULL;
    assert_int_equal(sluice_trace_run(engine, &start, 1, &options, &trace, &error), SLUICE_OK);
    sluice_trace_view view = {.size = sizeof view};
    sluice_trace_view_get(trace, &view);
    assert_int_equal(view.as_of, first);
    assert_int_equal(view.accounts[1].held.fen, 500);
    assert_int_equal(view.accounts[1].opening_fen, 0); /* the debit of 200 before it had not come yet */
    sluice_trace_free(&trace);
    sluice_engine_close(&engine);
}

static bool file_contains(const char *path, const char *needle) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    (void)fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *content = malloc(size + 1);
    assert_non_null(content);
    assert_int_equal(fread(content, 1, size, file), size);
    (void)fclose(file);
    bool found = memmem(content, size, needle, strlen(needle)) != NULL;
    free(content);
    return found;
}

/* An identity number is kept only as a keyed hash; a ground-truth label is nowhere but in its table. */
static void secrets_stay_out(void **state) {
    (void)state;
    const char *path = fresh("secret.db");
    const char *files[] = {path, tool_path("secret.db-wal"), tool_path("secret.db-snapshot")};
    sluice_engine *engine = open_engine(path);
    sluice_signal account = {.kind = SLUICE_SIGNAL_ACCOUNT,
                             .event = SLUICE_EVENT_SEEN,
                             .key = TEXT("account:1"),
                             .holder = TEXT("idcard:450102199001011234"),
                             .label = TEXT("mule-label")};
    assert_int_equal(append(engine, account, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    assert_int_equal(sluice_engine_snapshot(engine, &error), SLUICE_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_false(file_contains(files[i], "450102199001011234"));
    }
    assert_true(file_contains(files[2], "person:h"));
    assert_false(file_contains(files[2], "mule-label"));
    sluice_engine_close(&engine);
}

/* balance_after is what a ledger is anchored to; the earliest stated one counts, whenever it came. */
static void stated_balances_anchor_the_ledger(void **state) {
    (void)state;
    sluice_engine *engine = open_engine(fresh("stated.db"));
    sluice_signal later = transfer("1", "account:a", "account:b", 2000, 300);
    later.has_to_balance = true;
    later.to_balance_fen = 1300;
    assert_int_equal(append(engine, later, NULL), SLUICE_OK);
    sluice_signal earlier = transfer("2", "account:b", "account:c", 1000, 50);
    earlier.has_from_balance = true;
    earlier.from_balance_fen = 1000;
    assert_int_equal(append(engine, earlier, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    sluice_trace_start start = {.transfer_id = TEXT("1")};
    sluice_trace_options options = {.size = sizeof options, .method = SLUICE_METHOD_PRORATA};
    sluice_trace *trace = NULL;
    assert_int_equal(sluice_trace_run(engine, &start, 1, &options, &trace, &error), SLUICE_OK);
    sluice_trace_view view = {.size = sizeof view};
    sluice_trace_view_get(trace, &view);
    assert_int_equal(view.account_count, 2);
    assert_false(view.accounts[1].opening_inferred);
    assert_int_equal(view.accounts[1].opening_fen, 1050);
    assert_int_equal(view.accounts[1].balance_fen, 1300);
    sluice_trace_free(&trace);
    sluice_engine_close(&engine);
}

static bool as_the_newest(void *context, const sluice_transfer *t, bool is_debit, int64_t balance_fen) {
    (void)is_debit;
    (void)balance_fen;
    *(uint64_t *)context = t->sequence;
    return true;
}

static void batches_fill_and_flush_themselves(void **state) {
    (void)state;
    sluice_engine *engine = open_engine(fresh("full.db"));
    for (int i = 0; i < 70000; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "f%d", i);
        assert_int_equal(append(engine, transfer(id, "account:1", "account:2", i, 1), NULL), SLUICE_OK);
    }
    assert_int_equal(stats_of(engine).sequence, 65536);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    uint64_t newest = 0;
    assert_int_equal(sluice_ledger_read(engine, TEXT("account:2"), 0, as_the_newest, &newest, &error), SLUICE_OK);
    assert_int_equal(newest, 70000);
    sluice_engine_close(&engine);
}

static bool stop_soon(void *context, uint64_t entries_read) {
    uint64_t *calls = context;
    return entries_read > 0 && ++*calls < 2;
}

/* A walk that nobody wants any more ends without an answer, and the next one is not the worse for it. */
static void a_trace_is_interrupted(void **state) {
    (void)state;
    sluice_engine *engine = open_engine(fresh("interrupted"));
    append_many(engine, 0, 8000);
    uint64_t calls = 0;
    sluice_trace_start start = {.transfer_id = text_of("n0")};
    sluice_trace_options options = {
        .size = sizeof options, .method = SLUICE_METHOD_POISON, .progress = stop_soon, .progress_context = &calls};
    sluice_trace *trace = NULL;
    assert_int_equal(sluice_trace_run(engine, &start, 1, &options, &trace, &error), SLUICE_E_INTERRUPTED);
    assert_null(trace);
    assert_int_equal(calls, 2);
    options.progress = NULL;
    assert_int_equal(sluice_trace_run(engine, &start, 1, &options, &trace, &error), SLUICE_OK);
    sluice_trace_free(&trace);
    sluice_engine_close(&engine);
}

/* Layers are counted from the account of the start, whose layer is asked for; a transfer's payer is a victim. */
static void layers_count_from_the_start(void **state) {
    (void)state;
    sluice_engine *engine = open_engine(fresh("layers"));
    assert_int_equal(append(engine, transfer("a", "account:1", "account:2", 1000, 100), NULL), SLUICE_OK);
    assert_int_equal(append(engine, transfer("b", "account:2", "account:3", 2000, 100), NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
    sluice_trace_start starts[] = {{.account = text_of("account:2"), .time_ms = 1000, .amount_fen = 100},
                                   {.transfer_id = text_of("a")}};
    for (size_t by_transfer = 0; by_transfer < 2; by_transfer++) {
        sluice_trace_options options = {.size = sizeof options, .account_layer = 1};
        sluice_trace *trace = NULL;
        const sluice_trace_position *positions;
        size_t count;
        assert_int_equal(sluice_trace_run(engine, &starts[by_transfer], 1, &options, &trace, &error), SLUICE_OK);
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        assert_int_equal(view.account_count, 2 + by_transfer);
        assert_int_equal(view.accounts[by_transfer].layer, 1); /* account:2 */
        assert_int_equal(view.accounts[by_transfer + 1].layer, 2);
        assert_int_equal(sluice_trace_layout(trace, &positions, &count, &error), SLUICE_OK);
        assert_int_equal(positions[0].column, 0); /* however it is called */
        assert_int_equal(positions[view.account_count - 1].column, view.account_count - 1);
        sluice_trace_free(&trace);
    }
    sluice_engine_close(&engine);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_is_interrupted),
        cmocka_unit_test(layers_count_from_the_start),
        cmocka_unit_test(what_is_flushed_stays),
        cmocka_unit_test(ids_are_exact),
        cmocka_unit_test(bad_signals_are_refused),
        cmocka_unit_test(snapshots_are_a_cache),
        cmocka_unit_test(as_of_is_as_it_was),
        cmocka_unit_test(secrets_stay_out),
        cmocka_unit_test(stated_balances_anchor_the_ledger),
        cmocka_unit_test(batches_fill_and_flush_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
