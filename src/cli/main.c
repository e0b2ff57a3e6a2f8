/* sluice: the command line over libsluice. */
#include <stdio.h>
#include <string.h>

#include <sluice/result.h>

#include "cli/commands.h"

const cli_command *const COMMANDS[] = {
    &CMD_SIMULATE, &CMD_IMPORT, &CMD_TRACE,   &CMD_ACCOUNT, &CMD_DETECT,  &CMD_PATTERNS, &CMD_FEATURES,
    &CMD_SHAPES,   &CMD_RULES,  &CMD_MODEL,   &CMD_RETURN,  &CMD_VERIFY,  &CMD_SERVE,    &CMD_USER,
    &CMD_BULLETIN, &CMD_AUDIT,  &CMD_MIGRATE, &CMD_BACKUP,  &CMD_RESTORE, &CMD_MANUAL,   &CMD_COMPLETION,
};
const size_t COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS;

static void print_help(void) {
    printf("sluice (断流) %s: follows, stops and returns stolen money · 反诈中心业务系统\n\n"
           "Usage: sluice COMMAND [options]\n\nCommands:\n",
           sluice_version());
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        printf("  %-10s %s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    }
    printf(
        "\n`sluice COMMAND --help` explains each, with examples. Data goes to standard output, messages to standard "
        "error.\n\n"
        "Exit codes: 0 done; 1 failed, the message names the cure; 2 wrong command line; 3 imported, but some lines\n"
        "were rejected; 4 interrupted, the same command goes on from there.\n\n"
        "First steps:\n"
        "  sluice simulate --people 2000 --days 30 --seed 1 --out city\n"
        "  sluice import --db city.db --format csv city\n"
        "  sluice trace --db city.db --transfer ID\n");
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_help();
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help();
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("sluice %s\n", sluice_version());
        return CLI_OK;
    }
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        if (strcmp(argv[1], COMMANDS[i]->name) == 0) {
            return COMMANDS[i]->run(argc - 1, argv + 1);
        }
    }
    (void)fprintf(stderr, "sluice: unknown command '%s' (see sluice --help)\n", argv[1]);
    return CLI_USAGE;
}
