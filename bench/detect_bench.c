/* Detection with everything on, over an AMLworld-like stream (amlworld.h).
 *
 *   detect_bench --mode stream --rules DIR [--patterns PATH] [--model FILE] [--rows N] [--accounts N] [--days N]
 *       transfers a second through the detector alone, on one thread, read ahead as sluice_detect_run does; with
 *       --eager 1 every value of the plan is computed at every transfer, whether something reads it or not
 *   detect_bench --mode decide --db FILE --rules DIR … [--decisions N] [--group N]
 *       latency of sluice_decide in a database that knows --accounts accounts, --rows transfers before it
 *
 * Prints one JSON object. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sluice/detect.h>

#include "amlworld.h"
#include "arguments.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "detect/detector.h"
#include "figures.h"
#include "sys/clock.h"
#include "sys/region.h"

#define MINUTE_MS INT64_C(60000)
/* AMLworld's stream begins on 2022-09-01, when no shipped rule was in force yet: here it begins on 2024-01-01, so that
 * all of them are judged by. */
#define SHIFT_MS (INT64_C(487) * 86400000)

typedef struct settings {
    const char *mode, *db, *rules, *patterns, *model;
    uint64_t row_count, decision_count, seed;
    uint32_t account_count, days, group, eager;
} settings;

static int fail(const char *doing, const sluice_error *error) {
    fprintf(stderr, "detect_bench: %s: %s\n", doing, error->text);
    return 1;
}

static size_t account_key(uint32_t account, char buffer[48]) {
    memcpy(buffer, "account:", 8);
    return 8 + amlworld_account(account, ':', buffer + 8);
}

static amlworld_options options_of(const settings *s, uint64_t rows, uint64_t seed) {
    return (amlworld_options){.row_count = rows, .account_count = s->account_count, .days = s->days, .seed = seed};
}

static activity activity_of(const amlworld_row *row, uint64_t number) {
    return (activity){.sequence = number + 1,
                      .time_ms = row->minute * MINUTE_MS + SHIFT_MS,
                      .kind = SLUICE_SIGNAL_TRANSFER,
                      .movement = (uint32_t)number,
                      .from = row->from,
                      .to = row->to,
                      .amount_fen = amlworld_fen(row->paid_micro),
                      .received_fen = amlworld_fen(row->received_micro)};
}

/* ---- the detector alone ---- */

typedef struct tally {
    uint64_t steps, alerts, findings;
} tally;

static bool run_rows(detector *d, activity *rows, uint64_t count, tally *t) {
    for (uint64_t i = 0; i < count; i++) {
        judgement made;
        if (i + DETECTOR_AHEAD * 2 < count) { /* whoever reads a log has just written them: they are near */
            __builtin_prefetch(&rows[i + DETECTOR_AHEAD * 2]);
            __builtin_prefetch((const char *)(&rows[i + DETECTOR_AHEAD * 2] + 1) - 1);
        }
        for (unsigned ahead = 0; ahead <= 2; ahead++) {
            uint64_t at = i + DETECTOR_AHEAD * (3 - ahead) / 3;
            if (at < count) {
                detector_prefetch(d, &rows[at], (int)ahead);
            }
        }
        if (!detector_step(d, &rows[i], true, &made)) {
            return false;
        }
        t->steps++;
        t->alerts += made.action != RULE_ALLOW;
        t->findings += made.rules.assessment_count;
    }
    return true;
}

static bool make_names(keys *names, epoch *readers, uint32_t count) {
    epoch_init(readers);
    if (!keys_init(names, readers)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        char text[48];
        uint32_t key = 0;
        size_t length = account_key(i, text);
        if (keys_add(names, (sluice_text){text, length}, hash64(text, length), &key) != KEYS_ADDED || key != i) {
            return false;
        }
    }
    return true;
}

/* The host of a virtual machine takes back the memory that nobody uses, and to get it again costs 3 s a GB at the first
 * touch: what is measured is not to pay for that. */
static bool warm_memory(size_t bytes) {
    region r;
    if (!region_init(&r, bytes) || !region_commit(&r, bytes)) {
        return false;
    }
    for (size_t at = 0; at < bytes; at += 4096) {
        r.base[at] = 1;
    }
    region_fini(&r);
    return true;
}

static int run_stream(const settings *s) {
    sluice_error error = {0};
    epoch readers;
    keys names;
    detector *d = NULL;
    tally t = {0};
    amlworld world;
    amlworld_row row;
    activity *rows = memory_new(s->row_count * sizeof *rows);
    if (rows == NULL || !make_names(&names, &readers, s->account_count)) {
        return 1;
    }
    sluice_detect_options with = {.size = sizeof with, .rules = s->rules, .patterns = s->patterns, .model = s->model};
    if (detector_new(&with, &names, NULL, 0, NULL, NULL, &d, &error) != SLUICE_OK) {
        return fail("loading", &error);
    }
    if (s->eager != 0) {
        detector_compute_all(d);
    }
    amlworld_options options = options_of(s, s->row_count, s->seed);
    amlworld_begin(&world, &options);
    for (uint64_t i = 0; amlworld_next(&world, &row); i++) {
        rows[i] = activity_of(&row, i);
    }
    if (!warm_memory(s->row_count * 256)) {
        return 1;
    }
    int64_t begin_ns = clock_monotonic_ns();
    if (!run_rows(d, rows, s->row_count, &t)) {
        fputs("detect_bench: out of memory\n", stderr);
        return 1;
    }
    double seconds = (double)(clock_monotonic_ns() - begin_ns) / 1e9;
    printf("{\"transfers\": %" PRIu64
           ", \"accounts\": %u, \"seconds\": %.3f, \"per_second\": %.0f, \"alerts\": %" PRIu64
           ", \"assessments\": %" PRIu64 ", \"features\": %u, \"patterns\": %u, \"rules\": %u, \"model\": %s, "
           "\"memory_bytes\": %" PRIu64 "}\n",
           t.steps, s->account_count, seconds, (double)t.steps / seconds, t.alerts, t.findings,
           feature_plan_count(detector_plan(d)), detector_patterns(d) == NULL ? 0 : pattern_count(detector_patterns(d)),
           detector_rules(d) == NULL ? 0 : rule_count(detector_rules(d)), s->model == NULL ? "false" : "true",
           detector_memory_bytes(d));
    detector_free(&d);
    keys_fini(&names);
    memory_free(rows);
    return 0;
}

/* ---- inline decisions ---- */

typedef struct signal_texts {
    char id[32], from[48], to[48];
} signal_texts;

static sluice_signal signal_of(const amlworld_row *row, uint64_t number, const char *prefix, signal_texts *texts) {
    int length = snprintf(texts->id, sizeof texts->id, "%s%" PRIu64, prefix, number);
    size_t from = account_key(row->from, texts->from), to = account_key(row->to, texts->to);
    int64_t amount_fen = amlworld_fen(row->paid_micro);
    return (sluice_signal){.kind = SLUICE_SIGNAL_TRANSFER,
                           .time_ms = row->minute * MINUTE_MS + SHIFT_MS,
                           .id = {texts->id, (size_t)length},
                           .from = {texts->from, from},
                           .to = {texts->to, to},
                           .amount_fen = amount_fen,
                           .received_fen = amount_fen};
}

/* The accounts exist, and so does what came before. */
static sluice_result fill(sluice_engine *engine, const settings *s, amlworld *world, sluice_error *error) {
    signal_texts texts;
    amlworld_row row;
    for (uint32_t i = 0; i < s->account_count; i++) {
        sluice_signal signal = {.kind = SLUICE_SIGNAL_ACCOUNT, .event = SLUICE_EVENT_SEEN};
        signal.key = (sluice_text){texts.from, account_key(i, texts.from)};
        sluice_result result = sluice_engine_append(engine, &signal, 1, NULL, NULL, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    for (uint64_t i = 0; i < s->row_count && amlworld_next(world, &row); i++) {
        sluice_signal signal = signal_of(&row, i, "H", &texts);
        sluice_result result = sluice_engine_append(engine, &signal, 1, NULL, NULL, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return sluice_engine_flush(engine, NULL, error);
}

static int decide(sluice_detector *d, const settings *s, amlworld *world) {
    sluice_error error = {0};
    amlworld_row row;
    int64_t *times_ns = memory_new(s->decision_count * sizeof *times_ns);
    int64_t *commits_ns = memory_new((s->decision_count / s->group + 1) * sizeof *commits_ns);
    uint64_t commits = 0, alerts = 0, count = 0;
    if (times_ns == NULL || commits_ns == NULL) {
        return 1;
    }
    int64_t all_ns = clock_monotonic_ns();
    for (; count < s->decision_count && amlworld_next(world, &row); count++) {
        signal_texts texts;
        sluice_decision made;
        sluice_signal signal = signal_of(&row, count, "D", &texts);
        int64_t begin_ns = clock_monotonic_ns();
        if (sluice_decide(d, &signal, &made, &error) != SLUICE_OK) {
            return fail("deciding", &error);
        }
        int64_t end_ns = clock_monotonic_ns();
        times_ns[count] = end_ns - begin_ns;
        alerts += made.action != SLUICE_ACTION_ALLOW;
        if ((count + 1) % s->group == 0) {
            if (sluice_decide_commit(d, NULL, &error) != SLUICE_OK) {
                return fail("committing", &error);
            }
            commits_ns[commits++] = clock_monotonic_ns() - end_ns;
        }
    }
    double seconds = (double)(clock_monotonic_ns() - all_ns) / 1e9;
    figures f = figures_of(times_ns, count), c = figures_of(commits_ns, commits);
    sluice_detector_stats stats = {.size = sizeof stats};
    sluice_detector_stats_get(d, &stats);
    printf("{\"decisions\": %" PRIu64 ", \"accounts\": %u, \"p50_ns\": %" PRId64 ", \"p99_ns\": %" PRId64
           ", \"max_ns\": %" PRId64 ", \"group\": %u, \"commit_p50_ns\": %" PRId64 ", \"commit_p99_ns\": %" PRId64
           ", \"durable_per_second\": %.0f, \"alerts\": %" PRIu64
           ", \"features\": %u, \"patterns\": %u, \"rules\": %u, "
           "\"memory_bytes\": %" PRIu64 "}\n",
           count, s->account_count, f.p50, f.p99, f.max, s->group, c.p50, c.p99, (double)count / seconds, alerts,
           stats.features, stats.patterns, stats.rules, stats.memory_bytes);
    memory_free(times_ns);
    memory_free(commits_ns);
    return 0;
}

static int run_decide(const settings *s) {
    sluice_error error = {0};
    sluice_engine *engine = NULL;
    sluice_detector *d = NULL;
    amlworld world;
    int status = 1;
    amlworld_options options = options_of(s, s->row_count + s->decision_count, s->seed);
    amlworld_begin(&world, &options);
    if (sluice_engine_open(s->db, NULL, &engine, &error) != SLUICE_OK || fill(engine, s, &world, &error) != SLUICE_OK) {
        (void)fail("filling", &error);
        goto out;
    }
    sluice_detect_options with = {.size = sizeof with, .rules = s->rules, .patterns = s->patterns, .model = s->model};
    if (sluice_detector_open(engine, &with, &d, &error) != SLUICE_OK) {
        (void)fail("opening the detector", &error);
        goto out;
    }
    status = decide(d, s, &world);
out:
    sluice_detector_close(&d);
    sluice_engine_close(&engine);
    return status;
}

int main(int argc, char **argv) {
    settings s = {
        .row_count = 5000000, .decision_count = 500000, .seed = 1, .account_count = 500000, .days = 10, .group = 256};
    bench_option options[] = {
        {"--mode", BENCH_OPTION_TEXT, &s.mode},
        {"--db", BENCH_OPTION_TEXT, &s.db},
        {"--rules", BENCH_OPTION_TEXT, &s.rules},
        {"--patterns", BENCH_OPTION_TEXT, &s.patterns},
        {"--model", BENCH_OPTION_TEXT, &s.model},
        {"--rows", BENCH_OPTION_U64, &s.row_count},
        {"--accounts", BENCH_OPTION_U32, &s.account_count},
        {"--days", BENCH_OPTION_U32, &s.days},
        {"--decisions", BENCH_OPTION_U64, &s.decision_count},
        {"--group", BENCH_OPTION_U32, &s.group},
        {"--seed", BENCH_OPTION_U64, &s.seed},
        {"--eager", BENCH_OPTION_U32, &s.eager},
    };
    if (!arguments_read(argc, argv, options, sizeof options / sizeof *options)) {
        return 2;
    }
    if (s.mode != NULL && strcmp(s.mode, "stream") == 0) {
        return run_stream(&s);
    }
    if (s.mode != NULL && strcmp(s.mode, "decide") == 0 && s.db != NULL && s.group > 0) {
        return run_decide(&s);
    }
    fputs("detect_bench: --mode stream | decide --db FILE, with --rules DIR or --model FILE\n", stderr);
    return 2;
}
