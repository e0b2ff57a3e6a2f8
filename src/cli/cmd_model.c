/* sluice model train | evaluate | card */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sluice/model.h>
#include <sluice/trace.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/reasons.h"

static const cli_option OPTIONS[] = {
    {"--table", "F.csv", "train, evaluate: the table, with a header", false, false},
    {"--label", "COLUMN", "its column of classes", false, false},
    {"--split", "FILE", "{\"train\": [row numbers from 0], \"val\": [...], \"test\": [...]}", false, true},
    {"--time", "COLUMN", "its column of times: split by time, alerts a day", false, false},
    {"--ignore", "COLUMN", "a column that is no feature", false, true},
    {"--edges", "E.csv", "src,dst[,w] between row numbers: adds features of the graph", false, false},
    {"--model", "M.json", "evaluate, card: the model", false, false},
    {"--out", "M.json", "train: where the model goes, and its card to M.json.card.md (default model.json)", false,
     false},
    {"--threshold-for", "WHAT", "train: macro-f1 (default), f1, alerts", false, false},
    {"--alerts", "N", "train: the threshold gives at most N alerts a day on validation", false, false},
    {"--days", "N", "train: how many days validation spans, where there are no times", false, false},
    {"--unsupervised", NULL, "train: without labels, how unusual a row is (ECOD)", false, false},
    {"--positive", "CLASS", "train: of two classes the one to find (default: 1, true, yes, fraud, else the rarer)",
     false, false},
    {"--seed", "N", "train: of draws; split by it when there is neither --split nor --time (default 1)", false, false},
    {"--seeds", "N", "evaluate without --model: train and test on N drawn splits, seeds 1 to N", false, false},
    {"--boosters", "N", "train: how many are averaged (default 8; with a graph perhaps as many again)", false, false},
    {"--depth", "N", "train: trees of depth N, at most 16 (default: searched for, which takes most of the time)", false,
     false},
    {"--holdout", NULL, "train: trees from training rows alone (default: only with --time, --alerts, many classes)",
     false, false},
    {"--threads", "N", "train: at a time (default: one a core); the result is the same", false, false},
    {"--part", "PART", "evaluate: test (default with a split), val, train, all", false, false},
    {"--name", "TEXT", "train: for the card", false, false},
    {"--purpose", "TEXT", "train: for the card", false, false},
    {"--date", "DATE", "train: for the card (default: today)", false, false},
    {"--reasons", "N", "evaluate: the N highest scores with their reasons, instead of figures", false, false},
    {"-o", "FORMAT", "table (default) or json", false, false},
    {NULL, NULL, NULL, false, false},
};

enum { WARNINGS_MAX = 20, SPLITS_MAX = 1000 };

/* What a run holds. */
typedef struct job {
    const cli_args *args;
    sluice_table *table;
    sluice_table_summary summary;
    sluice_train_options train;
    uint64_t seed;
    uint64_t warnings;
    bool json;
    char date[16];
    sluice_error error;
} job;

static void on_rejected(void *context, uint64_t line, const char *column, const char *reason) {
    job *j = context;
    if (j->warnings++ < WARNINGS_MAX) {
        (void)fprintf(stderr, "%s:%llu: %s%s%s\n", cli_value(j->args, "--table"), (unsigned long long)line, column,
                      column[0] == '\0' ? "" : ": ", reason);
    }
}

static void on_left_out(void *context, const char *column, const char *reason) {
    (void)context;
    (void)fprintf(stderr, "left out: %s: %s\n", column, reason);
}

static bool on_progress(void *context, const char *step, uint32_t done, uint32_t total) {
    (void)context;
    (void)fprintf(stderr, "\r%s %u/%u   ", step, done, total);
    if (done == total) {
        (void)fputc('\n', stderr);
    }
    return true;
}

/* ---- the table ---- */

static int read_table(job *j) {
    const cli_args *args = j->args;
    const char *ignore[CLI_VALUES_MAX];
    sluice_table_options options = {.size = sizeof options,
                                    .label = cli_value(args, "--label"),
                                    .time = cli_value(args, "--time"),
                                    .ignore = ignore,
                                    .rejected = on_rejected,
                                    .left_out = on_left_out,
                                    .context = j};
    for (size_t i = 0; i < args->value_count; i++) {
        if (strcmp(args->values[i].option->name, "--ignore") == 0) {
            ignore[options.ignore_count++] = args->values[i].value;
        }
    }
    if (cli_value(args, "--table") == NULL) {
        return cli_fail(args, CLI_USAGE, "missing: --table F.csv");
    }
    sluice_result result = sluice_table_read(cli_value(args, "--table"), &options, &j->table, &j->summary, &j->error);
    if (j->warnings > 0) {
        (void)fprintf(stderr, "%llu rows were not as expected and left out%s\n", (unsigned long long)j->warnings,
                      j->warnings > WARNINGS_MAX ? " (the first 20 are above)" : "");
    }
    if (result == SLUICE_OK && cli_value(args, "--edges") != NULL) {
        result = sluice_table_read_edges(j->table, cli_value(args, "--edges"), &j->error);
    }
    return result == SLUICE_OK ? CLI_OK : cli_fail_with(args, &j->error);
}

static size_t split_count(const cli_args *args) {
    size_t count = 0;
    for (size_t i = 0; i < args->value_count; i++) {
        count += strcmp(args->values[i].option->name, "--split") == 0;
    }
    return count;
}

static sluice_result split_table(job *j) {
    if (cli_value(j->args, "--split") != NULL) {
        return sluice_table_split_read(j->table, cli_value(j->args, "--split"), &j->error);
    }
    return cli_value(j->args, "--time") != NULL ? sluice_table_split_time(j->table, &j->error)
                                                : sluice_table_split_stratified(j->table, j->seed, &j->error);
}

/* ---- options ---- */

static bool read_number(const cli_args *args, const char *name, double *out) {
    const char *value = cli_value(args, name);
    if (value != NULL) {
        char *end = NULL;
        *out = strtod(value, &end);
        if (end == value || *end != '\0' || !(*out >= 0) || !isfinite(*out)) {
            (void)cli_fail(args, CLI_USAGE, "%s %s is not a number", name, value);
            return false;
        }
    }
    return true;
}

static bool read_options(job *j) {
    static const char *const THRESHOLDS[] = {"macro-f1", "f1", "alerts", NULL};
    const cli_args *args = j->args;
    uint64_t boosters = 0, threads = 0, depth = 0;
    int threshold = cli_choice(args, "--threshold-for", THRESHOLDS);
    j->seed = 1;
    if (threshold < 0 || !cli_count(args, "--seed", &j->seed) || !cli_count(args, "--boosters", &boosters) ||
        !cli_count(args, "--threads", &threads) || !cli_count(args, "--depth", &depth) ||
        !read_number(args, "--alerts", &j->train.alerts_per_day) || !read_number(args, "--days", &j->train.days)) {
        return false;
    }
    if (cli_value(args, "--alerts") != NULL) {
        if (cli_value(args, "--threshold-for") != NULL && threshold != SLUICE_THRESHOLD_ALERTS) {
            (void)cli_fail(args, CLI_USAGE, "--alerts and --threshold-for %s: give one of them", THRESHOLDS[threshold]);
            return false;
        }
        threshold = SLUICE_THRESHOLD_ALERTS;
    } else if (threshold == SLUICE_THRESHOLD_ALERTS) {
        (void)cli_fail(args, CLI_USAGE, "--threshold-for alerts needs --alerts N, the alerts a day");
        return false;
    }
    const time_t now = time(NULL);
    struct tm day;
    if (gmtime_r(&now, &day) != NULL) {
        (void)strftime(j->date, sizeof j->date, "%Y-%m-%d", &day);
    }
    const char *path = cli_value(args, "--table"), *slash = path == NULL ? NULL : strrchr(path, '/');
    j->train.size = sizeof j->train;
    j->train.unsupervised = cli_flag(args, "--unsupervised");
    j->train.holdout = cli_flag(args, "--holdout");
    j->train.seed = j->seed;
    j->train.positive = cli_value(args, "--positive");
    j->train.threshold = (sluice_threshold_kind)threshold;
    j->train.boosters = boosters > 1000 ? 1000 : (uint32_t)boosters;
    j->train.depth = depth > 1000 ? 1000 : (uint32_t)depth;
    j->train.threads = threads > 64 ? 64 : (uint32_t)threads;
    j->train.name = cli_value(args, "--name");
    j->train.purpose = cli_value(args, "--purpose");
    j->train.data = slash == NULL ? path : slash + 1;
    j->train.date = cli_value(args, "--date") != NULL ? cli_value(args, "--date") : j->date;
    j->train.progress = cli_is_interactive() ? on_progress : NULL;
    return true;
}

static int finish(const job *j) {
    return j->warnings > 0 ? CLI_REJECTED : CLI_OK;
}

/* ---- train ---- */

static int print_report(job *j, const sluice_model *model, sluice_part part) {
    sluice_model_report *report = NULL;
    char *text = NULL;
    size_t length = 0;
    sluice_result result = sluice_model_evaluate(model, j->table, part, &report, &j->error);
    if (result == SLUICE_OK) {
        sluice_model_figures figures = {.size = sizeof figures};
        sluice_model_report_view(report, &figures);
        if (figures.same_table && part == SLUICE_PART_ALL && !j->train.unsupervised) {
            (void)fprintf(stderr,
                          "the model was trained on this table: figures of rows that it learned from say nothing of "
                          "others; give --split, --time or --part test\n");
        }
        result = sluice_model_report_render(report, j->json ? SLUICE_MODEL_JSON : SLUICE_MODEL_TABLE, &text, &length,
                                            &j->error);
    }
    int code = result != SLUICE_OK                ? cli_fail_with(j->args, &j->error)
               : cli_write(j->args, text, length) ? CLI_OK
                                                  : CLI_FAILED;
    sluice_text_free(&text);
    sluice_model_report_free(&report);
    return code;
}

static bool has_labels_in(const job *j, sluice_part part) {
    for (size_t row = 0; j->summary.labelled > 0 && row < sluice_table_row_count(j->table); row++) {
        if (sluice_table_part_of(j->table, row) == part) {
            return true;
        }
    }
    return false;
}

static int train(job *j) {
    sluice_model *model = NULL;
    const char *out = cli_value(j->args, "--out") == NULL ? "model.json" : cli_value(j->args, "--out");
    if (cli_value(j->args, "--label") == NULL && !j->train.unsupervised) {
        return cli_fail(j->args, CLI_USAGE, "missing: --label COLUMN (or --unsupervised, without labels)");
    }
    int code = read_table(j);
    if (code != CLI_OK) {
        return code;
    }
    sluice_result result = SLUICE_OK;
    if (!j->train.unsupervised || cli_value(j->args, "--split") != NULL) {
        result = split_table(j);
    }
    if (result == SLUICE_OK) {
        result = sluice_model_train(j->table, &j->train, &model, &j->error);
    }
    if (result == SLUICE_OK) {
        result = sluice_model_save(model, out, &j->error);
    }
    if (result != SLUICE_OK) {
        code = cli_fail_with(j->args, &j->error);
    } else {
        (void)fprintf(stderr, "%s and %s.card.md are written\n", out, out);
        sluice_part part = has_labels_in(j, SLUICE_PART_TEST) ? SLUICE_PART_TEST : SLUICE_PART_VALIDATION;
        if (has_labels_in(j, part)) {
            code = print_report(j, model, part);
        } else if (j->summary.labelled > 0) {
            code = print_report(j, model, SLUICE_PART_ALL);
        }
    }
    sluice_model_free(&model);
    return code != CLI_OK ? code : finish(j);
}

/* ---- evaluate on several splits ---- */

typedef struct spread {
    const char *name;
    double values[SPLITS_MAX];
} spread;

enum { SPREAD_AUC, SPREAD_AP, SPREAD_F1, SPREAD_MACRO_F1, SPREAD_PRECISION, SPREAD_RECALL, SPREAD_BRIER, SPREADS };

static void keep(spread *spreads, size_t place, const sluice_model_figures *f) {
    const double values[SPREADS] = {f->auc,  f->average_precision, f->f1, f->macro_f1, f->precision, f->recall,
                                    f->brier};
    for (size_t i = 0; i < SPREADS; i++) {
        spreads[i].values[place] = values[i];
    }
}

static void print_json_number(text_writer *w, double value) {
    if (isfinite(value)) {
        text_printf(w, "%.17g", value);
    } else {
        text_printf(w, "null");
    }
}

static void write_spread(const job *j, const spread *s, size_t count, text_writer *w, bool last) {
    double mean = 0, square = 0, low = s->values[0], high = s->values[0];
    for (size_t i = 0; i < count; i++) {
        mean += s->values[i] / (double)count;
        low = fmin(low, s->values[i]);
        high = fmax(high, s->values[i]);
    }
    for (size_t i = 0; i < count; i++) {
        square += (s->values[i] - mean) * (s->values[i] - mean);
    }
    double deviation = count > 1 ? sqrt(square / (double)(count - 1)) : 0;
    if (!j->json) {
        text_printf(w, "  %-18s %8.4f %8.4f %8.4f %8.4f\n", s->name, mean, deviation, low, high);
        return;
    }
    const struct {
        const char *name;
        double value;
    } MEMBERS[] = {{"mean", mean}, {"deviation", deviation}, {"min", low}, {"max", high}};
    text_printf(w, "    \"%s\": {", s->name);
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++) {
        text_printf(w, "\"%s\": ", MEMBERS[i].name);
        print_json_number(w, MEMBERS[i].value);
        text_printf(w, ", ");
    }
    text_printf(w, "\"values\": [");
    for (size_t i = 0; i < count; i++) {
        print_json_number(w, s->values[i]);
        text_printf(w, "%s", i + 1 < count ? ", " : "");
    }
    text_printf(w, "]}%s\n", last ? "" : ",");
}

static int print_spreads(const job *j, const spread *spreads, size_t count) {
    text_writer w = {0};
    if (j->json) {
        text_printf(&w, "{\n  \"splits\": %zu,\n  \"part\": \"test\",\n  \"figures\": {\n", count);
    } else {
        text_printf(&w, "Part test, %zu splits\n\n  %-18s %8s %8s %8s %8s\n", count, "", "mean", "st.dev.", "lowest",
                    "highest");
    }
    for (size_t i = 0; i < SPREADS; i++) {
        write_spread(j, &spreads[i], count, &w, i + 1 == SPREADS);
    }
    if (j->json) {
        text_printf(&w, "  }\n}\n");
    }
    int code = w.failed                               ? cli_fail(j->args, CLI_FAILED, "out of memory")
               : cli_write(j->args, w.data, w.length) ? CLI_OK
                                                      : CLI_FAILED;
    text_writer_fini(&w);
    return code;
}

/* Trains on one split and keeps its figures on test. */
static sluice_result try_split(job *j, spread *spreads, size_t place) {
    sluice_model *model = NULL;
    sluice_model_report *report = NULL;
    sluice_result result = sluice_model_train(j->table, &j->train, &model, &j->error);
    if (result == SLUICE_OK) {
        result = sluice_model_evaluate(model, j->table, SLUICE_PART_TEST, &report, &j->error);
    }
    if (result == SLUICE_OK) {
        sluice_model_figures figures = {.size = sizeof figures};
        sluice_model_report_view(report, &figures);
        keep(spreads, place, &figures);
        (void)fprintf(stderr, "split %zu: AUC %.4f  average precision %.4f  F1 %.4f  macro-F1 %.4f\n", place + 1,
                      figures.auc, figures.average_precision, figures.f1, figures.macro_f1);
    }
    sluice_model_report_free(&report);
    sluice_model_free(&model);
    return result;
}

static int evaluate_splits(job *j, uint64_t seeds) {
    static const char *const NAMES[SPREADS] = {"auc",  "average_precision", "f1", "macro_f1", "precision", "recall",
                                               "brier"};
    size_t files = split_count(j->args), count = files > 0 ? files : (size_t)seeds;
    if (count > SPLITS_MAX) {
        return cli_fail(j->args, CLI_USAGE, "--seeds %llu: at most %d", (unsigned long long)seeds, SPLITS_MAX);
    }
    spread *spreads = memory_new_zero(SPREADS, sizeof *spreads);
    if (spreads == NULL) {
        return cli_fail(j->args, CLI_FAILED, "out of memory");
    }
    for (size_t i = 0; i < SPREADS; i++) {
        spreads[i].name = NAMES[i];
    }
    sluice_result result = SLUICE_OK;
    size_t next_file = 0;
    for (size_t i = 0; i < count && result == SLUICE_OK; i++) {
        if (files > 0) {
            while (strcmp(j->args->values[next_file].option->name, "--split") != 0) {
                next_file++;
            }
            result = sluice_table_split_read(j->table, j->args->values[next_file++].value, &j->error);
        } else {
            j->train.seed = i + 1;
            result = sluice_table_split_stratified(j->table, i + 1, &j->error);
        }
        if (result == SLUICE_OK) {
            result = try_split(j, spreads, i);
        }
    }
    int code = result != SLUICE_OK ? cli_fail_with(j->args, &j->error) : print_spreads(j, spreads, count);
    memory_free(spreads);
    return code;
}

/* ---- evaluate a model ---- */

static int evaluate_model(job *j, sluice_part part) {
    sluice_model *model = NULL;
    uint64_t reasons = 0;
    if (!cli_count(j->args, "--reasons", &reasons)) {
        return CLI_USAGE;
    }
    sluice_result result = sluice_model_open(cli_value(j->args, "--model"), &model, &j->error);
    if (result == SLUICE_OK && (cli_value(j->args, "--split") != NULL || cli_value(j->args, "--time") != NULL ||
                                (part != SLUICE_PART_ALL && part != SLUICE_PART_NONE))) {
        result = split_table(j);
        part = part == SLUICE_PART_NONE ? SLUICE_PART_TEST : part;
    }
    part = part == SLUICE_PART_NONE ? SLUICE_PART_ALL : part;
    int code = result != SLUICE_OK ? cli_fail_with(j->args, &j->error)
               : reasons > 0
                   ? reasons_print(j->args, model, j->table, part, reasons > 100000 ? 100000 : (size_t)reasons, j->json)
                   : print_report(j, model, part);
    sluice_model_free(&model);
    return code;
}

static int evaluate(job *j) {
    static const char *const PARTS[] = {"default", "train", "val", "test", "all", NULL};
    uint64_t seeds = 0;
    int part = cli_choice(j->args, "--part", PARTS);
    if (part < 0 || !cli_count(j->args, "--seeds", &seeds)) {
        return CLI_USAGE;
    }
    const char *model = cli_value(j->args, "--model");
    if (cli_value(j->args, "--label") == NULL && cli_value(j->args, "--reasons") == NULL) {
        return cli_fail(j->args, CLI_USAGE, "missing: --label COLUMN, to compare with");
    }
    if (model == NULL && seeds == 0 && split_count(j->args) == 0) {
        return cli_fail(j->args, CLI_USAGE,
                        "missing: --model M.json, or --seeds N (or --split files) to train and test on "
                        "several splits");
    }
    if (model != NULL && (seeds > 0 || split_count(j->args) > 1)) {
        return cli_fail(j->args, CLI_USAGE, "--model is one model: --seeds and several --split train their own");
    }
    int code = read_table(j);
    if (code == CLI_OK) {
        code = model != NULL ? evaluate_model(j, (sluice_part)part) : evaluate_splits(j, seeds);
    }
    return code != CLI_OK ? code : finish(j);
}

static int card(job *j) {
    sluice_model *model = NULL;
    char *text = NULL;
    size_t length = 0;
    if (cli_value(j->args, "--model") == NULL) {
        return cli_fail(j->args, CLI_USAGE, "missing: --model M.json");
    }
    sluice_result result = sluice_model_open(cli_value(j->args, "--model"), &model, &j->error);
    if (result == SLUICE_OK) {
        result = sluice_model_card(model, &text, &length, &j->error);
    }
    int code = result != SLUICE_OK                ? cli_fail_with(j->args, &j->error)
               : cli_write(j->args, text, length) ? CLI_OK
                                                  : CLI_FAILED;
    sluice_text_free(&text);
    sluice_model_free(&model);
    return code;
}

static int run(int argc, char **argv) {
    static const char *const FORMATS[] = {"table", "json", NULL};
    cli_args args;
    int code = cli_parse(&CMD_MODEL, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    job j = {.args = &args};
    int format = cli_choice(&args, "-o", FORMATS);
    if (format < 0 || !read_options(&j)) {
        return CLI_USAGE;
    }
    j.json = format == 1;
    const char *verb = args.positional[0];
    code = strcmp(verb, "train") == 0      ? train(&j)
           : strcmp(verb, "evaluate") == 0 ? evaluate(&j)
           : strcmp(verb, "card") == 0     ? card(&j)
                                           : cli_fail(&args, CLI_USAGE, "'%s' is none of train, evaluate, card", verb);
    sluice_table_free(&j.table);
    return code;
}

const cli_command CMD_MODEL = {
    "model",
    "trains, evaluates and describes models that score · 模型训练与评估",
    "train|evaluate|card",
    1,
    1,
    OPTIONS,
    "Hyper-parameters come from the validation rows; trees, calibration and threshold from training and validation\n"
    "rows, each judged by trees that have not seen it; nothing from the test rows. docs/models.md has the method, the\n"
    "files and what each figure means.",
    "  sluice model train --table accounts.csv --label fraud --time opened --alerts 20 --out mule.json\n"
    "  sluice model evaluate --model mule.json --table accounts.csv --label fraud --time opened\n"
    "  sluice model evaluate --model mule.json --table today.csv --reasons 20\n"
    "  sluice model evaluate --table accounts.csv --label fraud --seeds 20\n"
    "  sluice model train --unsupervised --table accounts.csv --out unusual.json\n"
    "  sluice model card --model mule.json",
    run,
};
