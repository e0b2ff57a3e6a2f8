/* What migrate, backup and restore share. */
#ifndef CLI_COPYING_H
#define CLI_COPYING_H

#include <sluice/store.h>

#include "cli/cli.h"

typedef sluice_result (*cli_copy)(const char *from, const char *to, const sluice_copy_options *options,
                                  sluice_copy_summary *summary_out, sluice_error *error);

/* Runs it from the value of one option to that of another, with progress, and prints what was copied. */
int cli_copy_run(const cli_command *command, const char *from_option, const char *to_option, cli_copy copy, int argc,
                 char **argv);

#endif
