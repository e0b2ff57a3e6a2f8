/* Archives: files in a zip whose bytes depend on the files alone: no clock, no names of users, fixed order. */
#ifndef DESK_ARCHIVE_H
#define DESK_ARCHIVE_H

#include "desk/desk.h"

typedef struct archive_file {
    const char *name; /* in the archive, with / between folders */
    sluice_text bytes;
    char sha256[65];
} archive_file;

/* Fills in the hash of each file. */
SLUICE_MUST_USE sluice_result archive_hash(archive_file *files, size_t count, sluice_error *error);
/* The zip, in the arena. Every file has the time `made_ms`. Errors: NO_MEMORY, IO. */
SLUICE_MUST_USE sluice_result archive_write(const archive_file *files, size_t count, int64_t made_ms, arena *a,
                                            sluice_text *zip_out, sluice_error *error);

#endif
