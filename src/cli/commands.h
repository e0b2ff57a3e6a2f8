/* The commands, one file each; main.c has the list. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const cli_command CMD_ACCOUNT, CMD_AUDIT, CMD_BACKUP, CMD_BULLETIN, CMD_MIGRATE, CMD_RESTORE, CMD_DETECT,
    CMD_FEATURES, CMD_IMPORT, CMD_MODEL, CMD_PATTERNS, CMD_RETURN, CMD_RULES, CMD_SERVE, CMD_SHAPES, CMD_SIMULATE,
    CMD_TRACE, CMD_USER, CMD_VERIFY, CMD_MANUAL, CMD_COMPLETION;

/* All of them, in the order of --help (main.c). */
extern const cli_command *const COMMANDS[];
extern const size_t COMMAND_COUNT;

#endif
