#include <sluice/returns.h>
#include <sluice/trace.h>

#include "cli/commands.h"

static const cli_option OPTIONS[] = {
    {"--ledger", "FILE", "the frozen account's ledger: time,direction,amount,party", true, false},
    {"--losses", "FILE", "what each victim lost: party,loss,refunded", true, false},
    {"-o", "FORMAT", "table (default) or json", false, false},
    {NULL, NULL, NULL, false, false},
};

static int run(int argc, char **argv) {
    static const char *const FORMATS[] = {"table", "json", NULL};
    cli_args args;
    int code = cli_parse(&CMD_RETURN, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    int format = cli_choice(&args, "-o", FORMATS);
    if (format < 0) {
        return CLI_USAGE;
    }
    sluice_return *returns = NULL;
    sluice_error error = {0};
    char *text = NULL;
    size_t length = 0;
    code = CLI_OK;
    if (sluice_return_read(cli_value(&args, "--ledger"), cli_value(&args, "--losses"), &returns, &error) != SLUICE_OK ||
        sluice_return_render(returns, format == 1 ? SLUICE_RETURN_JSON : SLUICE_RETURN_TABLE, &text, &length, &error) !=
            SLUICE_OK) {
        code = cli_fail_with(&args, &error);
    } else if (!cli_write(&args, text, length)) {
        code = CLI_FAILED;
    }
    sluice_text_free(&text);
    sluice_return_free(&returns);
    return code;
}

const cli_command CMD_RETURN = {
    "return",
    "computes the shares for the return of frozen funds · 计算冻结资金返还份额",
    NULL,
    0,
    0,
    OPTIONS,
    "The ledger's direction is in or out, amounts are yuan; what remains at its end is frozen. 银监发〔2016〕41号 Art. "
    "8;\n"
    "docs/returns.md explains each line of the answer.",
    "  sluice return --ledger account.csv --losses victims.csv\n"
    "  sluice return --ledger account.csv --losses victims.csv -o json > shares.json",
    run,
};
