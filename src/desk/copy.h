/* A backup of the desk's database while it is in use. */
#ifndef DESK_COPY_H
#define DESK_COPY_H

#include <sluice/store.h>

#include "store/store.h"

/* What is committed now, into a new SQLite file, with its audit trail verified; the writer goes on. Any thread, a long
 * one: it takes as long as reading everything. Errors: INVALID (the file is there), and those of sluice_migrate. */
SLUICE_MUST_USE sluice_result desk_backup(store *s, const char *path, const sluice_copy_options *options,
                                          sluice_copy_summary *summary_out, sluice_error *error);

#endif
