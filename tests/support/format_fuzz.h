/* For fuzz targets of import formats. */
#ifndef SUPPORT_FORMAT_FUZZ_H
#define SUPPORT_FORMAT_FUZZ_H

#include "signal/format.h"

#define FUZZ_PATH_BYTES 128

/* Writes the bytes to a file of that name in a folder of this process's own, reads it in one go and again cut and
 * resumed at every chunk, and aborts unless both give the same, every text lies in readable memory, and keys are as
 * promised. */
void format_fuzz(const format_options *options, const char *name, const uint8_t *data, size_t bytes);

/* A file of that name in the same folder; path_out is its path. */
void format_fuzz_file(const char *name, const void *data, size_t bytes, char path_out[FUZZ_PATH_BYTES]);
void format_fuzz_remove(const char *path);

#endif
