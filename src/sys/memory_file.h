/* A file without a place on disk, for libraries that write only to a path: what it holds of people is gone with it. */
#ifndef SYS_MEMORY_FILE_H
#define SYS_MEMORY_FILE_H

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#define MEMORY_FILE_PATH_BYTES 48

typedef struct memory_file {
    int fd;
    char path[MEMORY_FILE_PATH_BYTES]; /* to open it by, within this process */
} memory_file;

/* Errors: IO. */
SLUICE_MUST_USE sluice_result memory_file_open(memory_file *file, sluice_error *error);
/* All that was written to it, in the arena. Errors: IO, NO_MEMORY. */
SLUICE_MUST_USE sluice_result memory_file_read(const memory_file *file, arena *a, sluice_text *bytes_out,
                                               sluice_error *error);
void memory_file_close(memory_file *file);

#endif
