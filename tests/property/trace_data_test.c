/* On published data (FinBench, AMLSim): 1,000 random starts each, all five methods, account by account against the
 * naive oracle, which reads the files by itself. And the 370 laundering patterns of AMLworld, followed from their first
 * transfer to their last account. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sluice/import.h>
#include <sluice/trace.h>

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "support/oracle.h"
#include "support/tool.h"
#include "sys/random.h"

#define NAMES_MAX (1u << 16)

static uint64_t seed;
static uint64_t starts;

/* A data set as the oracle knows it. */
typedef struct ledger_file {
    oracle_transfer *transfers;
    char (*ids)[48]; /* transfer ids: <file stem>:<row> */
    size_t count, capacity;
    char (*names)[40]; /* of accounts; found by hashing with linear probing */
    uint32_t *slots;
    size_t name_count;
} ledger_file;

static void must(sluice_result result, const sluice_error *error) {
    if (result != SLUICE_OK) {
        fail_msg("%s: %s", sluice_result_text(result), error->text);
    }
}

static uint32_t name_number(ledger_file *f, const char *name) {
    uint64_t hash = 1469598103934665603u;
    for (const char *p = name; *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    }
    size_t at = (size_t)(hash % (2 * NAMES_MAX));
    while (f->slots[at] != 0 && strcmp(f->names[f->slots[at] - 1], name) != 0) {
        at = (at + 1) % (2 * NAMES_MAX);
    }
    if (f->slots[at] == 0) {
        assert_true(f->name_count < NAMES_MAX);
        (void)snprintf(f->names[f->name_count], sizeof *f->names, "%s", name);
        f->slots[at] = (uint32_t)++f->name_count;
    }
    return f->slots[at] - 1;
}

static void ledger_file_init(ledger_file *f) {
    memset(f, 0, sizeof *f);
    f->names = calloc(NAMES_MAX, sizeof *f->names);
    f->slots = calloc(2 * NAMES_MAX, sizeof *f->slots);
}

static void ledger_file_fini(ledger_file *f) {
    free(f->transfers);
    free(f->ids);
    free(f->names);
    free(f->slots);
}

/* "17693696.989343166" → fen, half to even, by integers. */
static int64_t fen_of(const char *text) {
    int64_t fen = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9'; p++) {
        fen = fen * 10 + (*p - '0');
    }
    fen *= 100;
    if (*p != '.') {
        return fen;
    }
    char digits[64];
    (void)snprintf(digits, sizeof digits, "%s000", p + 1);
    fen += (digits[0] - '0') * 10 + (digits[1] - '0');
    bool tail = strspn(digits + 3, "0") != strlen(digits + 3);
    bool up = digits[2] > '5' || (digits[2] == '5' && (tail || (fen & 1) != 0));
    return fen + up;
}

/* Reads from|to|amount|time (any separator); times by `time_of`. */
static void read_file(ledger_file *f, const char *path, const char *stem, char separator, bool withdrawal,
                      int64_t (*time_of)(const char *)) {
    char line[4096];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    for (size_t row = 1; fgets(line, sizeof line, file) != NULL; row++) {
        char *fields[4] = {line};
        for (int i = 1; i < 4; i++) {
            fields[i] = strchr(fields[i - 1], separator);
            assert_non_null(fields[i]);
            *fields[i]++ = '\0';
        }
        fields[3][strcspn(fields[3], "\r\n")] = '\0';
        if (f->count == f->capacity) {
            f->capacity = f->capacity == 0 ? 1024 : 2 * f->capacity;
            f->transfers = realloc(f->transfers, f->capacity * sizeof *f->transfers);
            f->ids = realloc(f->ids, f->capacity * sizeof *f->ids);
        }
        oracle_transfer *t = &f->transfers[f->count];
        *t = (oracle_transfer){time_of(fields[3]), name_number(f, fields[0]), name_number(f, fields[1]),
                               fen_of(fields[2]), withdrawal};
        (void)snprintf(f->ids[f->count++], sizeof *f->ids, "%s:%zu", stem, row);
    }
    (void)fclose(file);
}

static int64_t finbench_time(const char *text) {
    int64_t time_ms = 0;
    assert_true(time_parse(text_of(text), 0, &time_ms));
    return time_ms;
}

static int64_t amlsim_time(const char *text) {
    return INT64_C(1640966400000) + (int64_t)strtoll(text, NULL, 10) * 86400000; /* 2022-01-01 00:00 +08:00 */
}

static sluice_engine *import(const char *name, const char *format, const char *path, uint64_t transfers,
                             uint64_t withdrawals) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    must(sluice_engine_open(tool_path(name), NULL, &engine, &error), &error);
    sluice_import_options options = {.size = sizeof options, .format = format};
    sluice_import_summary summary;
    must(sluice_import(engine, &options, &path, 1, &summary, &error), &error);
    assert_int_equal(summary.transfers, transfers);
    assert_int_equal(summary.withdrawals, withdrawals);
    assert_int_equal(summary.rejected, 0);
    return engine;
}

static void compare(const ledger_file *f, const sluice_trace_view *view, const oracle_answer *answer) {
    size_t reached = 0;
    for (size_t i = 0; i < f->name_count; i++) {
        reached += answer->accounts[i].reached;
    }
    assert_int_equal(view->account_count, reached);
    for (size_t i = 0; i < view->account_count; i++) {
        const sluice_trace_account *is = &view->accounts[i];
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", (int)is->key.length - 8, is->key.data + 8); /* after "account:" */
        size_t number = name_number((ledger_file *)(uintptr_t)f, name);
        const oracle_account *expected = &answer->accounts[number];
        if (is->in.fen != expected->in_fen || is->out.fen != expected->out_fen || is->held.fen != expected->held_fen ||
            is->layer != expected->layer || is->opening_fen != expected->opening_fen ||
            is->balance_fen != expected->balance_fen) {
            fail_msg("%s, account %s: in %lld out %lld held %lld layer %u; the oracle says %lld %lld %lld %u",
                     sluice_method_name(view->method), name, (long long)is->in.fen, (long long)is->out.fen,
                     (long long)is->held.fen, is->layer, (long long)expected->in_fen, (long long)expected->out_fen,
                     (long long)expected->held_fen, expected->layer);
        }
        if (view->method == SLUICE_METHOD_BOUNDS) {
            assert_int_equal(is->in.certain_fen, expected->in_certain_fen);
            assert_int_equal(is->held.certain_fen, expected->held_certain_fen);
        }
    }
}

static void check_starts(const ledger_file *f, sluice_engine *engine) {
    random_stream random;
    random_seed(&random, seed);
    if (f->transfers == NULL) {
        fail_msg("the data has no transfers");
        return;
    }
    for (uint64_t i = 0; i < starts; i++) {
        size_t at = random_below(&random, f->count);
        const oracle_transfer *t = &f->transfers[at];
        if (t->from == t->to || t->amount_fen == 0) {
            continue;
        }
        int64_t amount = random_chance(&random, 1, 4) ? random_between(&random, 1, t->amount_fen) : t->amount_fen;
        for (int method = 0; method < SLUICE_METHOD_COUNT; method++) {
            sluice_trace_start start = {.transfer_id = text_of(f->ids[at]), .amount_fen = amount};
            sluice_trace_options options = {
                .size = sizeof options, .method = (sluice_method)method, .entries_max = UINT64_MAX};
            sluice_trace *trace = NULL;
            sluice_error error;
            must(sluice_trace_run(engine, &start, 1, &options, &trace, &error), &error);
            sluice_trace_view view = {.size = sizeof view};
            sluice_trace_view_get(trace, &view);
            oracle_answer answer;
            oracle_trace(f->transfers, f->count, f->name_count, at, amount, (sluice_method)method, NULL, &answer);
            compare(f, &view, &answer);
            int64_t sinks = 0;
            for (size_t s = 0; s < view.sink_count; s++) {
                sinks += view.sinks[s].taint.fen;
            }
            assert_int_equal(sinks, answer.sinks_fen);
            oracle_answer_fini(&answer);
            sluice_trace_free(&trace);
        }
    }
}

static void finbench(void **state) {
    (void)state;
    const char *folder = tool_data("finbench_example/snapshot");
    if (folder == NULL) {
        return;
    }
    char path[2048];
    ledger_file f;
    ledger_file_init(&f);
    (void)snprintf(path, sizeof path, "%s/AccountTransferAccount.csv", folder);
    read_file(&f, path, "AccountTransferAccount", '|', false, finbench_time);
    size_t transfers = f.count;
    (void)snprintf(path, sizeof path, "%s/AccountWithdrawAccount.csv", folder);
    read_file(&f, path, "AccountWithdrawAccount", '|', true, finbench_time);
    sluice_engine *engine = import("finbench.db", "finbench", folder, transfers, f.count - transfers);
    check_starts(&f, engine);
    sluice_engine_close(&engine);
    ledger_file_fini(&f);
}

static void amlsim(void **state) {
    (void)state;
    static const char *const SETS[] = {"amlsim_20k/20K_cycle200", "amlsim_20k/20K_fanin200"};
    for (size_t i = 0; i < 2; i++) {
        const char *folder = tool_data(SETS[i]);
        if (folder == NULL) {
            return;
        }
        char path[2048], name[32];
        ledger_file f;
        ledger_file_init(&f);
        (void)snprintf(path, sizeof path, "%s/transactions.csv", folder);
        read_file(&f, path, "transactions", ',', false, amlsim_time);
        (void)snprintf(name, sizeof name, "amlsim%zu.db", i);
        sluice_engine *engine = import(name, "amlsim", folder, f.count, 0);
        check_starts(&f, engine);
        sluice_engine_close(&engine);
        ledger_file_fini(&f);
    }
}

/* ---- AMLworld's patterns ---- */

/* Whether `key` is among the accounts of an answer. */
static bool is_reached(const sluice_trace_view *view, sluice_text key) {
    for (size_t i = 0; i < view->account_count; i++) {
        if (text_equal(view->accounts[i].key, key)) {
            return true;
        }
    }
    return false;
}

/* One pattern alone in a database: rows [first, first + count) of the JSON, written as IBM's CSV. Every payer that was
 * not paid before is a start of its own (a bipartite pattern has many); from its starts, each pattern reaches its last
 * account by every method, and adds up. */
static void follow_pattern(sluice_engine *engine, const char *stem, size_t first, size_t count) {
    sluice_transfer transfers[512];
    size_t order[512];
    char ids[512][48];
    sluice_error error;
    assert_true(count <= 512);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "%s:%zu", stem, first + i);
        must(sluice_transfer_find(engine, text_of(ids[i]), &transfers[i], &error), &error);
        order[i] = i;
        for (size_t at = i; at > 0 && transfers[order[at - 1]].time_ms > transfers[order[at]].time_ms; at--) {
            size_t swap = order[at];
            order[at] = order[at - 1];
            order[at - 1] = swap;
        }
    }
    sluice_trace_start list[512];
    bool reached[512] = {false}; /* by transfer: its payee */
    size_t start_count = 0;
    memset(list, 0, sizeof list);
    for (size_t i = 0; i < count; i++) {
        const sluice_transfer *t = &transfers[order[i]];
        bool paid = false;
        for (size_t j = 0; j < i; j++) {
            paid |= reached[order[j]] && text_equal(transfers[order[j]].to, t->from);
        }
        if (!paid && !text_equal(t->from, t->to)) {
            list[start_count++].transfer_id = text_of(ids[order[i]]);
        }
        reached[order[i]] = true;
    }
    assert_true(start_count > 0);
    for (size_t i = 0; i < start_count; i++) { /* starts in several currencies are traced one currency at a time */
        for (int method = 0; method < SLUICE_METHOD_COUNT; method++) {
            sluice_trace_options options = {.size = sizeof options, .method = (sluice_method)method};
            sluice_trace *trace = NULL;
            must(sluice_trace_run(engine, &list[i], 1, &options, &trace, &error), &error);
            sluice_trace_free(&trace);
        }
    }
    /* poison follows whatever could be the victim's: together the starts must reach every payee, the last one too */
    bool found[512] = {false};
    for (size_t i = 0; i < start_count; i++) {
        sluice_trace_options options = {.size = sizeof options, .method = SLUICE_METHOD_POISON};
        sluice_trace *trace = NULL;
        must(sluice_trace_run(engine, &list[i], 1, &options, &trace, &error), &error);
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        for (size_t j = 0; j < count; j++) {
            found[j] |= is_reached(&view, transfers[j].to);
        }
        sluice_trace_free(&trace);
    }
    for (size_t j = 0; j < count; j++) {
        if (!found[j] && !text_equal(transfers[j].from, transfers[j].to)) {
            fail_msg("%s is not reached from the pattern's starts", ids[j]);
        }
    }
}

/* The number of transactions of each pattern, counted in the JSON text by itself. */
static size_t pattern_sizes(const char *path, size_t *sizes, size_t sizes_max) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[4096];
    size_t patterns = 0;
    bool inside = false;
    while (fgets(line, sizeof line, file) != NULL) {
        for (const char *p = line; *p != '\0'; p++) {
            if (strncmp(p, "\"patterns\":", 11) == 0) {
                inside = true;
            }
            if (inside && strncmp(p, "\"pattern_type\":", 15) == 0) {
                assert_true(patterns < sizes_max);
                sizes[patterns++] = 0;
            }
            if (inside && patterns > 0 && strncmp(p, "\"timestamp\":", 12) == 0) {
                sizes[patterns - 1]++;
            }
        }
    }
    (void)fclose(file);
    return patterns;
}

static void amlworld_patterns(void **state) {
    (void)state;
    const char *path = tool_data("amlworld_hi_small_patterns/laundering_patterns.json");
    if (path == NULL) {
        return;
    }
    size_t sizes[400];
    size_t patterns = pattern_sizes(path, sizes, 400);
    assert_int_equal(patterns, 370);
    size_t total = 0;
    for (size_t i = 0; i < patterns; i++) {
        total += sizes[i];
    }
    sluice_engine *engine = import("amlworld.db", "amlworld", path, total, 0);
    size_t first = 1;
    for (size_t i = 0; i < patterns; i++) {
        follow_pattern(engine, "laundering_patterns", first, sizes[i]);
        first += sizes[i];
    }
    sluice_engine_close(&engine);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    starts = tool_count(argc, argv, 1000);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finbench),
        cmocka_unit_test(amlsim),
        cmocka_unit_test(amlworld_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
