#include <stdio.h>

#include <sluice/desk.h>

#include "cli/commands.h"

static const cli_option OPTIONS[] = {{"--db", "LOCATION", "the database (a file or postgres://…)", true, false},
                                     {"--witness", "FILE",
                                      "what sluice serve --audit-witness wrote: every head in it must be in the trail",
                                      false, false},
                                     {0}};

static int run(int argc, char **argv) {
    cli_args args;
    int code = cli_parse(&CMD_AUDIT, argc, argv, &args);
    if (code >= 0) {
        return code;
    }
    uint64_t rows = 0;
    char head[65];
    sluice_error error = {0};
    if (sluice_audit_verify(cli_value(&args, "--db"), cli_value(&args, "--witness"), &rows, head, &error) !=
        SLUICE_OK) {
        return cli_fail_with(&args, &error);
    }
    printf("every link holds: %llu rows, head %s\n", (unsigned long long)rows, head);
    return CLI_OK;
}

const cli_command CMD_AUDIT = {
    "audit",
    "checks every link of the audit trail · 校验审计链",
    NULL,
    0,
    0,
    OPTIONS,
    "Without a witness a trail that was rewritten from some row on, by somebody with the database and this program,\n"
    "cannot be told from the true one: keep the witness, or the head that this prints, where he cannot write.",
    "  sluice audit --db county.db --witness /mnt/worm/audit.heads",
    run,
};
