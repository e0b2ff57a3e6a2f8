/* What a file would become: its first rows as signals, and the lines that would be rejected. Nothing is taken in. */
#ifndef SERVER_IMPORT_PREVIEW_H
#define SERVER_IMPORT_PREVIEW_H

#include "server/request.h"
#include "signal/format.h"

/* Reads up to `rows` rows (0: all of them) and fills the response. In a job it tells how far it is. Errors: INPUT (the
 * mapping or the header is wrong, with what was expected), INTERRUPTED. */
SLUICE_MUST_USE sluice_result import_preview(request *rq, response *rs, const format_options *options, const char *path,
                                             uint64_t rows, sluice_error *error);

#endif
