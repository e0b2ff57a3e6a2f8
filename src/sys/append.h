/* A file that only grows: for what must not be taken back. */
#ifndef SYS_APPEND_H
#define SYS_APPEND_H

#include <stddef.h>

#include <sluice/result.h>

/* Appends bytes in one write and syncs them. Makes the file if it is not there. Errors: IO, FULL. */
SLUICE_MUST_USE sluice_result append_line(const char *path, const void *line, size_t bytes, sluice_error *error);

#endif
