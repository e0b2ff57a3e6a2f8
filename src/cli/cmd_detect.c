#include <sluice/detect.h>
#include <sluice/trace.h>

#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/detect_options.h"
#include "cli/progress.h"

static const cli_option OPTIONS[] = {
    {"--db", "FILE", "the database", true, false},
    {"--rules", "DIR", "folder of rules (default: the ones that come with sluice)", false, false},
    {"--in-force", NULL, "with the changes of rules that are in force in the database, as its daemon decides", false,
     false},
    {"--patterns", "PATH", "patterns (default: the folder `patterns` in the rules)", false, false},
    {"--model", "FILE", "a model of `sluice model train`", false, false},
    {"--from", "TIME", "findings of transfers from here on; what was before is still seen", false, false},
    {"--to", "TIME", "… up to here, not included", false, false},
    {"--as-of", "SEQ", "as the data was at this sequence (default: now)", false, false},
    {"--order", "ORDER", "time (default): as things happened; log: as they arrived", false, false},
    {"--quiet", "TIME", "a finding ends when its subject was quiet for so long (default 7d)", false, false},
    {"--evidence", "N", "transfers listed for a finding (default 20)", false, false},
    {"--truth", "PATH", "labels for -o report: truth folder of a simulation, or CSV", false, false},
    {"--against", "DIR", "-o report: another folder of rules, side by side", false, false},
    {"-o", "FORMAT", "ndjson (default), table, csv; report or report-json: back-test", false, false},
    {0}};

enum { FORMAT_NDJSON, FORMAT_TABLE, FORMAT_CSV, FORMAT_REPORT, FORMAT_REPORT_JSON };

typedef struct task {
    const cli_args *args;
    sluice_engine *engine;
    sluice_detect_run_options options;
    int format;
} task;

static bool options_of(const cli_args *args, sluice_detect_run_options *o) {
    static const char *const ORDERS[] = {"time", "log", NULL};
    uint64_t evidence = 0;
    int order = cli_choice(args, "--order", ORDERS);
    if (order < 0 || !cli_time(args, "--from", &o->from_ms) || !cli_time(args, "--to", &o->to_ms) ||
        !cli_count(args, "--as-of", &o->as_of) || !cli_duration(args, "--quiet", &o->quiet_ms) ||
        !cli_count(args, "--evidence", &evidence)) {
        return false;
    }
    o->size = sizeof *o;
    o->order = order == 0 ? SLUICE_ORDER_TIME : SLUICE_ORDER_LOG;
    o->evidence_max = evidence > UINT32_MAX ? UINT32_MAX : (uint32_t)evidence;
    o->progress = cli_progress;
    o->progress_context = NULL;
    return true;
}

static sluice_result run_report(const task *t, const sluice_detection *found, char **text_out, size_t *length_out,
                                sluice_error *error) {
    sluice_backtest_options with = {.size = sizeof with, .truth = cli_value(t->args, "--truth")};
    sluice_backtest *here = NULL, *there = NULL;
    sluice_detection *other = NULL;
    sluice_result result = sluice_backtest_run(t->engine, found, &with, &here, error);
    if (result == SLUICE_OK && cli_value(t->args, "--against") != NULL) {
        sluice_detect_run_options options = t->options;
        options.with.rules = cli_value(t->args, "--against");
        options.with.patterns = cli_value(t->args, "--patterns");
        options.with.file_count = 0; /* of --in-force: that folder stands as it is */
        result = sluice_detect_run(t->engine, &options, &other, error);
        if (result == SLUICE_OK) {
            result = sluice_backtest_run(t->engine, other, &with, &there, error);
        }
    }
    if (result == SLUICE_OK) {
        result = sluice_backtest_render(here, there, t->format == FORMAT_REPORT_JSON, text_out, length_out, error);
    }
    sluice_backtest_free(&there);
    sluice_backtest_free(&here);
    sluice_detection_free(&other);
    return result;
}

static int detect(const task *t) {
    sluice_detection *found = NULL;
    sluice_error error = {0};
    char *text = NULL;
    size_t length = 0;
    sluice_result result = sluice_detect_run(t->engine, &t->options, &found, &error);
    cli_progress_end();
    if (result == SLUICE_OK) {
        static const sluice_detection_format FORMATS[] = {SLUICE_DETECTION_NDJSON, SLUICE_DETECTION_TABLE,
                                                          SLUICE_DETECTION_CSV};
        result = t->format >= FORMAT_REPORT
                     ? run_report(t, found, &text, &length, &error)
                     : sluice_detection_render(found, FORMATS[t->format], &text, &length, &error);
    }
    int code = CLI_OK;
    if (result != SLUICE_OK) {
        code = cli_fail_with(t->args, &error);
    } else if (!cli_write(t->args, text, length)) {
        code = CLI_FAILED;
    }
    sluice_text_free(&text);
    sluice_detection_free(&found);
    return code;
}

static int run(int argc, char **argv) {
    static const char *const FORMATS[] = {"ndjson", "table", "csv", "report", "report-json", NULL};
    char rules[CLI_DETECT_PATH_BYTES];
    cli_args args;
    int code = cli_parse(&CMD_DETECT, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    task t = {.args = &args, .format = cli_choice(&args, "-o", FORMATS)};
    if (t.format < 0 || !options_of(&args, &t.options) || !cli_detect_options(&args, rules, &t.options.with)) {
        return CLI_USAGE;
    }
    if ((cli_value(&args, "--truth") != NULL || cli_value(&args, "--against") != NULL) && t.format < FORMAT_REPORT) {
        return cli_fail(&args, CLI_USAGE, "--truth and --against belong to a back-test: add -o report");
    }
    sluice_rule_changes *changes = NULL;
    if (cli_flag(&args, "--in-force") &&
        !cli_rule_changes(&args, cli_value(&args, "--db"), &changes, &t.options.with)) {
        return CLI_FAILED;
    }
    t.engine = cli_open(&args);
    code = CLI_FAILED;
    if (t.engine != NULL) {
        cli_progress_begin("detecting");
        code = detect(&t);
    }
    sluice_engine_close(&t.engine);
    sluice_rule_changes_free(&changes);
    return code;
}

const cli_command CMD_DETECT = {
    "detect",
    "finds victims, mules and run-points in the log, with reasons; back-tests rules · 研判发现与回测",
    NULL,
    0,
    0,
    OPTIONS,
    "Findings propose and people decide. The same log, rules and model give the same findings, byte for byte.\n"
    "docs/detection.md explains findings and the back-test, docs/rules.md the rules.",
    "  sluice detect --db city.db -o table\n"
    "  sluice detect --db city.db --from 2026-01-20 --to 2026-01-27 > findings.ndjson\n"
    "  sluice detect --db city.db --rules rules -o report --truth city/truth\n"
    "  sluice detect --db city.db --rules rules --in-force --against rules -o report\n"
    "  sluice detect --db city.db --rules rules --against drafts -o report --truth city/truth",
    run,
};
