#include <sluice/trace.h>

#include <string.h>

#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/starts.h"

static const cli_option OPTIONS[] = {
    {"--db", "FILE", "the database", true, false},
    {"--transfer", "ID", "start: a victim's transfer, by its id", false, true},
    {"--account", "KEY", "start: an account, with --at and --amount", false, true},
    {"--at", "TIME", "when the amount is in the account", false, true},
    {"--amount", "YUAN", "how much; default: the whole transfer", false, true},
    {"--victim", "NAME", "what to call the start before it in the answer", false, true},
    {"--starts", "FILE", "many starts: CSV victim,transfer,account,at,amount", false, false},
    {"--method", "NAME", "fifo (default), lifo, prorata, poison or bounds", false, false},
    {"--within", "TIME", "per hop: do not follow money that rested longer, such as 30m, 24h", false, false},
    {"--depth", "N", "do not follow money that leaves the Nth layer", false, false},
    {"--min", "YUAN", "do not follow smaller tainted amounts", false, false},
    {"--sink", "KIND", "account kinds where money leaves (default: atm, pos)", false, true},
    {"--entries-max", "N", "ledger entries to read at most (default 4000000)", false, false},
    {"--time-max", "TIME", "stop after this time; the answer then depends on the machine", false, false},
    {"--as-of", "SEQ", "as the data was at this sequence (default: now)", false, false},
    {"-o", "FORMAT", "table (default), json, csv, dot or svg", false, false},
    {NULL, NULL, NULL, false, false},
};

/* Each --transfer or --account begins a start; what follows belongs to it. What comes before the first belongs to the
 * first. */
static bool starts_from_options(const cli_args *args, start_list *list) {
    bool ahead = true;
    for (size_t i = 0; i < args->value_count; i++) {
        const char *name = args->values[i].option->name;
        bool begins = strcmp(name, "--transfer") == 0 || strcmp(name, "--account") == 0;
        bool belongs = strcmp(name, "--at") == 0 || strcmp(name, "--amount") == 0 || strcmp(name, "--victim") == 0;
        if (!begins && !belongs) {
            continue;
        }
        if (list->count == 0 || (begins && !ahead)) {
            if (start_list_add(list) == NULL) {
                (void)cli_fail(args, CLI_FAILED, "out of memory");
                return false;
            }
        }
        ahead = ahead && !begins;
        sluice_trace_start *start = &list->starts[list->count - 1];
        sluice_text value = text_of(args->values[i].value);
        bool rounded = false;
        if (strcmp(name, "--transfer") == 0) {
            start->transfer_id = value;
        } else if (strcmp(name, "--account") == 0) {
            start->account = value;
        } else if (strcmp(name, "--victim") == 0) {
            start->victim = value;
        } else if (strcmp(name, "--at") == 0 && !time_parse(value, TIME_SHANGHAI_OFFSET_MS, &start->time_ms)) {
            (void)cli_fail(args, CLI_USAGE, "--at %s is not a time: expected such as \"2022-05-24 10:20:30\"",
                           value.data);
            return false;
        } else if (strcmp(name, "--amount") == 0 &&
                   (!money_parse(value, &start->amount_fen, &rounded) || rounded || start->amount_fen <= 0)) {
            (void)cli_fail(args, CLI_USAGE,
                           "--amount %s is not an amount: expected yuan above 0 such as 30000 or 1234.50", value.data);
            return false;
        }
    }
    return true;
}

static bool starts_check(const cli_args *args, const start_list *list) {
    if (list->count == 0) {
        (void)cli_fail(args, CLI_USAGE, "no start: give --transfer ID, or --account KEY --at TIME --amount YUAN");
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const sluice_trace_start *start = &list->starts[i];
        if ((start->transfer_id.length == 0) == (start->account.length == 0)) {
            (void)cli_fail(args, CLI_USAGE, "start %zu needs one of --transfer and --account", i + 1);
            return false;
        }
        if (start->account.length > 0 && (start->time_ms == 0 || start->amount_fen == 0)) {
            (void)cli_fail(args, CLI_USAGE, "--account %.*s needs --at and --amount", TEXT_ARGS(start->account));
            return false;
        }
    }
    return true;
}

static bool options_of(const cli_args *args, sluice_trace_options *options, const char **sinks) {
    uint64_t depth = 0;
    const char *method = cli_value(args, "--method");
    options->size = sizeof *options;
    if (method != NULL && !sluice_method_parse(text_of(method), &options->method)) {
        (void)cli_fail(args, CLI_USAGE, "--method %s is none of: fifo, lifo, prorata, poison, bounds", method);
        return false;
    }
    if (!cli_duration(args, "--within", &options->within_ms) || !cli_count(args, "--depth", &depth) ||
        !cli_money(args, "--min", &options->amount_min_fen) ||
        !cli_count(args, "--entries-max", &options->entries_max) ||
        !cli_duration(args, "--time-max", &options->time_max_ms) || !cli_count(args, "--as-of", &options->as_of)) {
        return false;
    }
    options->depth_max = depth > UINT32_MAX ? UINT32_MAX : (uint32_t)depth;
    for (size_t i = 0; i < args->value_count; i++) {
        if (strcmp(args->values[i].option->name, "--sink") == 0) {
            sinks[options->sink_kind_count++] = args->values[i].value;
            options->sink_kinds = sinks;
        }
    }
    return true;
}

static int trace(const cli_args *args, const start_list *list, const sluice_trace_options *options,
                 sluice_trace_format format) {
    sluice_engine *engine = NULL;
    sluice_trace *answer = NULL;
    sluice_error error = {0};
    char *text = NULL;
    size_t length = 0;
    sluice_open_options open = {.size = sizeof open, .must_exist = true};
    sluice_result result = sluice_engine_open(cli_value(args, "--db"), &open, &engine, &error);
    if (result == SLUICE_OK) {
        result = sluice_trace_run(engine, list->starts, list->count, options, &answer, &error);
    }
    if (result == SLUICE_OK) {
        result = sluice_trace_render(answer, format, &text, &length, &error);
    }
    int code = CLI_OK;
    if (result != SLUICE_OK) {
        code = cli_fail_with(args, &error);
    } else if (!cli_write(args, text, length)) {
        code = CLI_FAILED;
    }
    sluice_text_free(&text);
    sluice_trace_free(&answer);
    sluice_engine_close(&engine);
    return code;
}

static int run(int argc, char **argv) {
    static const char *const FORMATS[] = {"table", "json", "csv", "dot", "svg", NULL};
    cli_args args;
    int code = cli_parse(&CMD_TRACE, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    const char *sinks[CLI_VALUES_MAX];
    sluice_trace_options options = {0};
    start_list list = {0};
    sluice_error error = {0};
    const char *file = cli_value(&args, "--starts");
    int format = cli_choice(&args, "-o", FORMATS);
    code = CLI_USAGE;
    if (format < 0 || !options_of(&args, &options, sinks)) {
        goto out;
    }
    if (file != NULL && start_list_read(&list, file, &error) != SLUICE_OK) {
        code = cli_fail_with(&args, &error);
        goto out;
    }
    if (starts_from_options(&args, &list) && starts_check(&args, &list)) {
        code = trace(&args, &list, &options, (sluice_trace_format)format);
    }
out:
    start_list_fini(&list);
    return code;
}

const cli_command CMD_TRACE = {
    "trace",
    "follows stolen money through layers of accounts · 资金穿透",
    NULL,
    0,
    0,
    OPTIONS,
    "A limit that cuts something says what it cut and why. Every answer is checked to add up to the fen.\n"
    "docs/trace.md explains the methods and how to read the answer.",
    "  sluice trace --db city.db --transfer T000000123\n"
    "  sluice trace --db city.db --transfer T000000123 --method prorata --within 24h -o svg > trace.svg\n"
    "  sluice trace --db fin.db --transfer AccountTransferAccount:17 --amount 5000 -o json\n"
    "  sluice trace --db city.db --account account:6228480402564890018 --at \"2022-05-24 10:20\" --amount 30000\n"
    "  sluice trace --db city.db --transfer T1 --victim 王某 --transfer T2 --victim 李某",
    run,
};
