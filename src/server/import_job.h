/* An import under way in the daemon: a job reads the file, the writer takes it in by small batches, between which
 * decisions and commands have their turn, and through the detector, as everything that comes in. */
#ifndef SERVER_IMPORT_JOB_H
#define SERVER_IMPORT_JOB_H

#include <sluice/import.h>

#include "server/request.h"

/* Fills format, mapping_path, encoding and rejects_path of the options beforehand. In a job; it holds the engine, so no
 * withdrawal comes in between. Errors: sluice_import's; BUSY: the rules are being loaded. */
SLUICE_MUST_USE sluice_result import_run(request *rq, const sluice_import_options *options, const char *path,
                                         sluice_import_summary *summary_out, sluice_error *error);

#endif
