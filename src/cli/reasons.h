/* `sluice model evaluate --reasons N`: the highest scores, and why. */
#ifndef CLI_REASONS_H
#define CLI_REASONS_H

#include <sluice/model.h>

#include "cli/cli.h"

/* Returns the exit code. */
int reasons_print(const cli_args *args, const sluice_model *model, const sluice_table *table, sluice_part part,
                  size_t wanted, bool json);

#endif
