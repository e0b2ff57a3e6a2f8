/* A clock that a test holds in its hand: milliseconds since 1970 as an int64, little-endian, at the beginning of a
 * file. Whoever writes there moves this process's time (clock.h) at once. */
#ifndef SYS_CLOCK_FILE_H
#define SYS_CLOCK_FILE_H

#include <sluice/result.h>

/* Until the process ends. Errors: NOT_FOUND, INPUT (shorter than 8 bytes), IO. */
SLUICE_MUST_USE sluice_result clock_file_use(const char *path, sluice_error *error);

#endif
