/* What the commands that detect have in common: where rules, patterns and the model are. */
#ifndef CLI_DETECT_OPTIONS_H
#define CLI_DETECT_OPTIONS_H

#include <sluice/rule_changes.h>

#include "cli/cli.h"

#define CLI_DETECT_PATH_BYTES 1024

/* From --rules, --patterns, --model. Without --rules and --model: the rules that came with the program, which are in
 * share/sluice/rules beside it, or in `rules` of the source tree. `path` holds their place. False: after a message. */
bool cli_detect_options(const cli_args *args, char path[CLI_DETECT_PATH_BYTES], sluice_detect_options *options_out);

/* Puts the changes that are in force in the database into the options' files; *changes_out must stay until the options
 * are used. False: after a message. */
bool cli_rule_changes(const cli_args *args, const char *location, sluice_rule_changes **changes_out,
                      sluice_detect_options *options);

/* Opens --db, which must exist. NULL: after a message. */
sluice_engine *cli_open(const cli_args *args);

#endif
