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
        "  sluice trace --db city.db --transfer ID      (simulate prints one; else any transfer of the bank's file)\n");
}

static const cli_command *find(const char *name) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, COMMANDS[i]->name) == 0) {
            return COMMANDS[i];
        }
    }
    return NULL;
}

static int unknown_command(const char *name) {
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        nearest = cli_is_near(name, strlen(name), COMMANDS[i]->name, &least) ? COMMANDS[i]->name : nearest;
    }
    (void)fprintf(stderr, "sluice: unknown command '%s'%s%s%s (see sluice --help)\n", name,
                  nearest == NULL ? "" : ": did you mean ", nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
    return CLI_USAGE;
}

/* sluice help trace: as sluice trace --help. */
static int help(int argc, char **argv) {
    if (argc < 3) {
        print_help();
        return CLI_OK;
    }
    const cli_command *command = find(argv[2]);
    char option[] = "--help", *of_command[] = {argv[2], option, NULL};
    return command == NULL ? unknown_command(argv[2]) : command->run(2, of_command);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_help();
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        return help(argc, argv);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("sluice %s\n", sluice_version());
        return CLI_OK;
    }
    const cli_command *command = find(argv[1]);
    return command == NULL ? unknown_command(argv[1]) : command->run(argc - 1, argv + 1);
}
