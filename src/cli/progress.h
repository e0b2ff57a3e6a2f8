/* One line of progress on standard error, when that is a terminal; and Ctrl-C that stops in good order. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* From here on SIGINT and SIGTERM make cli_progress return false. */
void cli_progress_begin(const char *what);
/* As a library's progress function. False: the user wants to stop. */
bool cli_progress(void *context, uint64_t done, uint64_t total);
/* The same, of something with a name. */
bool cli_progress_of(const char *what, uint64_t done, uint64_t total);
/* Clears the line. */
void cli_progress_end(void);

#endif
