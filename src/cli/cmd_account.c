#include <sluice/profile.h>
#include <sluice/trace.h>

#include "base/text.h"
#include "cli/commands.h"

static const cli_option OPTIONS[] = {
    {"--db", "FILE", "the database", true, false},
    {"--from", "TIME", "count from here (default: the first movement)", false, false},
    {"--to", "TIME", "count until before this (default: the last movement)", false, false},
    {"--recent", "TIME", "what new and vanished look at without --from (default 30d)", false, false},
    {"--top", "N", "counterparties and devices to list (default 20)", false, false},
    {"--as-of", "SEQ", "as the data was at this sequence (default: now)", false, false},
    {"-o", "FORMAT", "table (default) or json", false, false},
    {NULL, NULL, NULL, false, false},
};

static bool options_of(const cli_args *args, sluice_profile_options *options) {
    uint64_t top = 0;
    options->size = sizeof *options;
    if (!cli_time(args, "--from", &options->from_ms) || !cli_time(args, "--to", &options->to_ms) ||
        !cli_duration(args, "--recent", &options->recent_ms) || !cli_count(args, "--top", &top) ||
        !cli_count(args, "--as-of", &options->as_of)) {
        return false;
    }
    options->top_count = top > UINT32_MAX ? UINT32_MAX : (uint32_t)top;
    return true;
}

static int profile(const cli_args *args, const sluice_profile_options *options, sluice_profile_format format) {
    sluice_engine *engine = NULL;
    sluice_profile *answer = NULL;
    sluice_error error = {0};
    char *text = NULL;
    size_t length = 0;
    sluice_open_options open = {.size = sizeof open, .must_exist = true};
    sluice_result result = sluice_engine_open(cli_value(args, "--db"), &open, &engine, &error);
    if (result == SLUICE_OK) {
        result = sluice_profile_run(engine, text_of(args->positional[0]), options, &answer, &error);
    }
    if (result == SLUICE_OK) {
        result = sluice_profile_render(answer, format, &text, &length, &error);
    }
    int code = CLI_OK;
    if (result != SLUICE_OK) {
        code = cli_fail_with(args, &error);
    } else if (!cli_write(args, text, length)) {
        code = CLI_FAILED;
    }
    sluice_text_free(&text);
    sluice_profile_free(&answer);
    sluice_engine_close(&engine);
    return code;
}

static int run(int argc, char **argv) {
    static const char *const FORMATS[] = {"table", "json", NULL};
    cli_args args;
    int code = cli_parse(&CMD_ACCOUNT, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    sluice_profile_options options = {0};
    int format = cli_choice(&args, "-o", FORMATS);
    if (format < 0 || !options_of(&args, &options)) {
        return CLI_USAGE;
    }
    return profile(&args, &options, (sluice_profile_format)format);
}

const cli_command CMD_ACCOUNT = {
    "account",
    "what an account's ledger says about it · 账户画像",
    "KEY",
    1,
    1,
    OPTIONS,
    "People's names are shown masked (王**): full names come with the audit of every look at personal data.\n"
    "docs/account.md explains each figure.",
    "  sluice account --db city.db card:6299051234567890123\n"
    "  sluice account --db city.db card:6299051234567890123 --from 2026-01-20 --to 2026-01-27 -o json",
    run,
};
