#include <sluice/shape.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/detect_options.h"

static const cli_option OPTIONS[] = {
    {"--db", "FILE", "the database", true, false},
    {"--per", "WHAT", "transfer (default) or account", false, false},
    {"--window", "TIME", "per transfer: so far to both sides (default 4d); up to four, the first is for neighbours",
     false, true},
    {"--as-of", "SEQ", "as the data was at this sequence (default: now)", false, false},
    {0}};

static bool write_out(void *context, const char *text, size_t length) {
    (void)context;
    return fwrite(text, 1, length, stdout) == length;
}

/* False: said what is wrong. */
static bool read_windows(const cli_args *args, int64_t *windows, size_t *count_out) {
    for (size_t i = 0; i < args->value_count; i++) {
        if (strcmp(args->values[i].option->name, "--window") != 0) {
            continue;
        }
        if (*count_out == SLUICE_SHAPE_WINDOWS_MAX) {
            return cli_fail(args, CLI_USAGE, "--window: at most %d of them", SLUICE_SHAPE_WINDOWS_MAX) < 0;
        }
        if (!time_duration_parse(text_of(args->values[i].value), &windows[*count_out]) || windows[*count_out] <= 0) {
            return cli_fail(args, CLI_USAGE, "--window %s: expected a time such as 4d or 36h", args->values[i].value) <
                   0;
        }
        (*count_out)++;
    }
    return true;
}

static int run(int argc, char **argv) {
    static const char *const ROWS[] = {"transfer", "account", NULL};
    cli_args args;
    int code = cli_parse(&CMD_SHAPES, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    int64_t windows[SLUICE_SHAPE_WINDOWS_MAX];
    size_t window_count = 0;
    int rows = cli_choice(&args, "--per", ROWS);
    sluice_shapes_options options = {.size = sizeof options, .write = write_out};
    if (rows < 0 || !cli_count(&args, "--as-of", &options.as_of) || !read_windows(&args, windows, &window_count)) {
        return CLI_USAGE;
    }
    options.rows = rows == 1 ? SLUICE_ROWS_ACCOUNT : SLUICE_ROWS_TRANSFER;
    options.windows_ms = window_count > 0 ? windows : NULL;
    options.window_count = window_count;
    sluice_error error = {0};
    sluice_engine *engine = cli_open(&args);
    if (engine == NULL) {
        return CLI_FAILED;
    }
    sluice_result result = sluice_shapes_run(engine, &options, &error);
    sluice_engine_close(&engine);
    if (result == SLUICE_E_INTERRUPTED || fflush(stdout) != 0) {
        return cli_fail(&args, CLI_FAILED, "the output cannot be written: is the disk full, or the reader gone?");
    }
    return result == SLUICE_OK ? CLI_OK : cli_fail_with(&args, &error);
}

const cli_command CMD_SHAPES = {
    "shapes",
    "tables of the surroundings of transfers or accounts, in hindsight · 资金形态表",
    NULL,
    0,
    0,
    OPTIONS,
    "CSV for `sluice model`, to recognise the typology of a scheme or the accounts of one. docs/shapes.md has the\n"
    "columns. They look at what came after, too: for analysis, not for a decision on the transfer itself.",
    "  sluice shapes --db city.db --per account > accounts.csv\n"
    "  sluice shapes --db city.db --per transfer --window 4d > transfers.csv",
    run,
};
