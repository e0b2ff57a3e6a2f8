/* Files that hold a secret: a key that a partner was given. */
#ifndef SYS_SECRET_FILE_H
#define SYS_SECRET_FILE_H

#include <stddef.h>

#include <sluice/result.h>

#define SECRET_FILE_BYTES_MAX 65536

/* Reads `folder`/`name` whole into buffer_out, which has room for SECRET_FILE_BYTES_MAX. `name` has no folder. Errors:
 * NOT_FOUND, INPUT (too large, no regular file, or others than its owner may read it), IO; the text never has a byte of
 * it. */
SLUICE_MUST_USE sluice_result secret_file_read(const char *folder, const char *name, char *buffer_out,
                                               size_t *length_out, sluice_error *error);

#endif
