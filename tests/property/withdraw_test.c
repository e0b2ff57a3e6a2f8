/* Imports and withdrawals in any order equal a log that never had what was withdrawn: in balances, facts, totals,
 * traces and findings, but for the numbers of sequences; live, from a snapshot and from the log alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sluice/import.h>
#include <sluice/trace.h>

#include "base/text.h"
#include "support/detect_world.h"
#include "support/tool.h"

enum { FILES = 4, TRANSFERS = 90 };

static uint64_t seed, rounds;

/* ---- files ---- */

typedef struct world_file {
    char path[600];
    bool is_withdrawn;
} world_file;

static void write_transfer(FILE *out, uint64_t world, uint64_t n, bool tied) {
    sluice_signal s = detect_world_transfer(world, n);
    int64_t time_ms = s.time_ms + (tied ? 0 : (int64_t)n); /* what two files have is at another place in each log */
    (void)fprintf(out,
                  "{\"kind\":\"%s\",\"id\":\"%.*s\",\"time\":\"%lld\",\"from\":\"%.*s\",\"to\":\"%.*s\",\"amount\":%"
                  "lld.%02lld%s}\n",
                  s.kind == SLUICE_SIGNAL_WITHDRAWAL ? "withdrawal" : "transfer", TEXT_ARGS(s.id), (long long)time_ms,
                  TEXT_ARGS(s.from), TEXT_ARGS(s.to), (long long)(s.amount_fen / 100), (long long)(s.amount_fen % 100),
                  n % 7 == 0 ? ",\"from_balance\":5000" : "");
}

/* `overlap`: each transfer is in each file with a chance of one half; else in just one of them. */
static void write_files(world_file *files, uint64_t world, bool overlap) {
    random_stream r;
    FILE *out[FILES];
    random_seed(&r, world);
    for (int f = 0; f < FILES; f++) {
        char name[40];
        (void)snprintf(name, sizeof name, "part%d.ndjson", f);
        (void)snprintf(files[f].path, sizeof files[f].path, "%s", tool_path(name));
        files[f].is_withdrawn = random_chance(&r, 1, 2);
        out[f] = fopen(files[f].path, "wb");
        assert_non_null(out[f]);
        for (uint64_t a = 0; a < WORLD_ACCOUNTS; a++) {
            if (random_chance(&r, 1, 3)) {
                (void)fprintf(out[f],
                              "{\"kind\":\"account\",\"key\":\"card:%llu\",\"time\":\"1767196800000\",\"holder\":"
                              "\"person:p%llu\",\"name\":\"N%d\"}\n",
                              (unsigned long long)a, (unsigned long long)(a % 5), f);
                (void)fprintf(out[f],
                              "{\"kind\":\"login\",\"account\":\"card:%llu\",\"time\":\"%lld\",\"device\":\"device:d%d%"
                              "llu\"}\n",
                              (unsigned long long)a, (long long)(1767225600000 + (long long)a * 77000), f,
                              (unsigned long long)random_below(&r, 3));
            }
        }
    }
    for (uint64_t n = 0; n < TRANSFERS; n++) {
        uint64_t only = random_below(&r, FILES);
        for (uint64_t f = 0; f < FILES; f++) {
            if (overlap ? random_chance(&r, 1, 2) : f == only) {
                write_transfer(out[f], world, n, !overlap);
            }
        }
    }
    for (int f = 0; f < FILES; f++) {
        assert_int_equal(fclose(out[f]), 0);
    }
}

/* ---- engines ---- */

static sluice_engine *reopen(const char *name, bool ignore_snapshot) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    sluice_open_options options = {.size = sizeof options, .ignore_snapshot = ignore_snapshot};
    if (sluice_engine_open(tool_path(name), &options, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return engine;
}

static sluice_engine *fresh(const char *name) {
    static const char *const BESIDE[] = {"", "-wal", "-snapshot"};
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
        char path[640];
        (void)snprintf(path, sizeof path, "%s%s", tool_path(name), BESIDE[i]);
        (void)unlink(path);
    }
    return reopen(name, false);
}

static uint64_t take_in(sluice_engine *engine, const world_file *file, uint32_t batch) {
    sluice_error error = {0};
    sluice_import_summary summary;
    const char *path = file->path;
    sluice_import_options options = {.size = sizeof options, .format = "ndjson", .batch_signals = batch};
    if (sluice_import(engine, &options, &path, 1, &summary, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(summary.rejected, 0);
    return summary.import;
}

static sluice_withdraw_summary withdraw(sluice_engine *engine, uint64_t number) {
    sluice_error error = {0};
    sluice_withdraw_options options = {.size = sizeof options, .now_ms = INT64_C(1767300000000)};
    sluice_withdraw_summary summary = {.size = sizeof summary};
    if (sluice_import_withdraw(engine, number, &options, &summary, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return summary;
}

/* ---- what an engine says ---- */

static bool write_entry(void *context, const sluice_transfer *t, bool is_debit, int64_t balance_fen) {
    text_printf(context, " %d %lld %lld %lld;", is_debit, (long long)t->time_ms, (long long)t->amount_fen,
                (long long)balance_fen);
    return true;
}

/* The text without what follows "name": up to the next comma or brace. */
static void without(char *text, const char *name) {
    char quoted[40];
    (void)snprintf(quoted, sizeof quoted, "\"%s\":", name);
    for (char *at = text; (at = strstr(at, quoted)) != NULL;) {
        char *end = at + strlen(quoted);
        end += strcspn(end, ",}\n");
        memmove(at, end, strlen(end) + 1);
    }
}

static int compare_lines(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void write_sorted(text_writer *out, char *text) {
    char *lines[4000];
    size_t count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        assert_true(count < 4000);
        lines[count++] = line;
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "%s\n", lines[i]);
    }
}

static size_t write_findings(text_writer *out, const sluice_engine *engine) {
    sluice_detection *found = NULL;
    sluice_error error = {0};
    char *text = NULL;
    size_t length = 0;
    sluice_detect_run_options options = {.size = sizeof options, .evidence_max = 500};
    options.with = (sluice_detect_options){.size = sizeof options.with, .rules = detect_world_rules()};
    if (sluice_detect_run(engine, &options, &found, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(sluice_detection_render(found, SLUICE_DETECTION_NDJSON, &text, &length, NULL), SLUICE_OK);
    size_t count = sluice_detection_count(found);
    without(text, "sequence");
    without(text, "as_of");
    write_sorted(out, text);
    sluice_text_free(&text);
    sluice_detection_free(&found);
    return count;
}

static void write_trace(text_writer *out, const sluice_engine *engine, uint64_t n) {
    char id[24], *text = NULL;
    size_t length = 0;
    sluice_trace *trace = NULL;
    sluice_transfer transfer;
    sluice_error error = {0};
    int bytes = snprintf(id, sizeof id, "T%llu", (unsigned long long)n);
    sluice_text name = {id, (size_t)bytes};
    sluice_result result = sluice_transfer_find(engine, name, &transfer, &error);
    text_printf(out, "%s %d\n", id, (int)result);
    if (result != SLUICE_OK) {
        return;
    }
    sluice_trace_start start = {.transfer_id = name, .amount_fen = transfer.received_fen};
    sluice_trace_options options = {.size = sizeof options, .method = (sluice_method)(n % 4)};
    if (sluice_trace_run(engine, &start, 1, &options, &trace, &error) != SLUICE_OK) {
        text_printf(out, "%s\n", error.text);
        return;
    }
    assert_int_equal(sluice_trace_render(trace, SLUICE_TRACE_JSON, &text, &length, &error), SLUICE_OK);
    without(text, "as_of");
    without(text, "ledger_sha256");
    without(text, "ledger_entries_read");
    write_sorted(out, text);
    sluice_text_free(&text);
    sluice_trace_free(&trace);
}

static char *told(const sluice_engine *engine, size_t *findings_out) {
    text_writer out = {0};
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    text_printf(&out, "%llu transfers %llu withdrawals %llu accounts %llu keys\n",
                (unsigned long long)stats.transfer_count, (unsigned long long)stats.withdrawal_count,
                (unsigned long long)stats.account_count, (unsigned long long)stats.key_count);
    for (uint64_t a = 0; a < WORLD_ACCOUNTS; a++) {
        char key[24];
        int length = snprintf(key, sizeof key, "card:%llu", (unsigned long long)a);
        text_printf(&out, "%s", key);
        sluice_result result =
            sluice_ledger_read(engine, (sluice_text){key, (size_t)length}, 0, write_entry, &out, NULL);
        text_printf(&out, " %d\n", (int)result);
    }
    for (uint64_t n = 0; n < TRANSFERS; n += 3) {
        write_trace(&out, engine, n);
    }
    *findings_out = write_findings(&out, engine);
    assert_false(out.failed);
    return out.data;
}

static void check_told(const sluice_engine *engine, const char *expected, const char *when, uint64_t round) {
    size_t findings = 0;
    sluice_error error = {0};
    char *said = told(engine, &findings);
    if (strcmp(said, expected) != 0) {
        size_t at = 0;
        while (said[at] == expected[at]) {
            at++;
        }
        at = at > 100 ? at - 100 : 0;
        fail_msg("%s, round %llu: it says\n%.600s\nand not\n%.600s", when, (unsigned long long)round, said + at,
                 expected + at);
    }
    free(said);
    if (sluice_engine_verify(engine, &error) != SLUICE_OK) {
        fail_msg("%s: %s", when, error.text);
    }
}

/* ---- the property ---- */

static size_t run_round(uint64_t round, bool overlap) {
    world_file files[FILES];
    uint64_t numbers[FILES];
    size_t findings = 0;
    random_stream r;
    uint64_t world = seed * 31 + round * 2 + overlap;
    write_files(files, world, overlap);
    random_seed(&r, world + 1);

    sluice_engine *expected = fresh("expected.db");
    for (int f = 0; f < FILES; f++) {
        if (!files[f].is_withdrawn) {
            (void)take_in(expected, &files[f], 0);
        }
    }
    char *wanted = told(expected, &findings);
    sluice_engine_close(&expected);

    sluice_engine *engine = fresh("all.db");
    bool early = random_chance(&r, 1, 2); /* some are withdrawn before the others come */
    for (int f = 0; f < FILES; f++) {
        numbers[f] = take_in(engine, &files[f], (uint32_t)(16 + 16 * random_below(&r, 4)));
        assert_int_equal(numbers[f], f + 1);
        if (early && files[f].is_withdrawn && random_chance(&r, 1, 2)) {
            (void)withdraw(engine, numbers[f]);
            numbers[f] = 0;
        }
    }
    assert_int_equal(sluice_engine_snapshot(engine, NULL), SLUICE_OK); /* of before: not to be used afterwards */
    for (int f = FILES; f-- > 0;) {
        if (files[f].is_withdrawn && numbers[f] > 0) {
            (void)withdraw(engine, numbers[f]);
        }
    }
    check_told(engine, wanted, "live", round);
    sluice_engine_close(&engine);
    engine = reopen("all.db", false);
    check_told(engine, wanted, "after a restart", round);
    assert_int_equal(sluice_engine_snapshot(engine, NULL), SLUICE_OK);
    sluice_engine_close(&engine);
    engine = reopen("all.db", false);
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    assert_true(stats.sequence == 0 || strcmp(stats.snapshot_state, "used") == 0);
    check_told(engine, wanted, "from a new snapshot", round);

    /* The same files again: each that was withdrawn comes in, none of the others. */
    for (int f = 0; f < FILES; f++) {
        uint64_t again = take_in(engine, &files[f], 32);
        assert_true(files[f].is_withdrawn ? again > FILES : again == (uint64_t)f + 1);
    }
    free(wanted);
    expected = fresh("expected.db");
    for (int f = 0; f < FILES; f++) {
        if (!files[f].is_withdrawn) {
            (void)take_in(expected, &files[f], 0);
        }
    }
    for (int f = 0; f < FILES; f++) {
        if (files[f].is_withdrawn) {
            (void)take_in(expected, &files[f], 0);
        }
    }
    wanted = told(expected, &findings);
    check_told(engine, wanted, "imported again", round);
    free(wanted);
    sluice_engine_close(&expected);
    sluice_engine_close(&engine);
    return findings;
}

static void what_was_withdrawn_never_was(void **state) {
    (void)state;
    size_t findings = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        findings += run_round(round, false);
    }
    assert_true(findings > rounds); /* there was something to compare */
}

static void what_others_brought_too_stays(void **state) {
    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        (void)run_round(round, true);
    }
}

static bool count_entry(void *context, const sluice_import_entry *entry) {
    uint64_t *withdrawn = context;
    *withdrawn += entry->withdrawn > 0;
    return true;
}

static void what_cannot_be_withdrawn_is_refused(void **state) {
    (void)state;
    world_file files[FILES];
    uint64_t withdrawn = 0;
    sluice_error error = {0};
    sluice_withdraw_options options = {.size = sizeof options, .now_ms = 1};
    sluice_withdraw_summary summary = {.size = sizeof summary};
    write_files(files, seed, false);
    sluice_engine *engine = fresh("all.db");
    assert_int_equal(sluice_import_withdraw(engine, 1, &options, &summary, &error), SLUICE_E_NOT_FOUND);
    uint64_t number = take_in(engine, &files[0], 0);
    summary = withdraw(engine, number);
    assert_true(summary.is_durable && summary.signals > 0 && summary.kept == 0 && summary.sequence > summary.signals);
    assert_int_equal(sluice_import_withdraw(engine, number, &options, &summary, &error), SLUICE_E_CONFLICT);
    assert_false(summary.is_durable);
    assert_int_equal(sluice_import_list(engine, count_entry, &withdrawn, &error), SLUICE_OK);
    assert_int_equal(withdrawn, 1);

    sluice_detector *detector = NULL;
    sluice_detect_options with = {.size = sizeof with, .rules = detect_world_rules()};
    number = take_in(engine, &files[0], 0);
    assert_int_equal(sluice_detector_open(engine, &with, &detector, &error), SLUICE_OK);
    assert_int_equal(sluice_import_withdraw(engine, number, &options, &summary, &error), SLUICE_E_INVALID);
    sluice_detector_close(&detector);
    sluice_engine_close(&engine);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    rounds = tool_count(argc, argv, 12);
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_withdrawn_never_was),
        cmocka_unit_test(what_others_brought_too_stays),
        cmocka_unit_test(what_cannot_be_withdrawn_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
