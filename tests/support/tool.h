/* What several tests need: a temporary folder, the seed, the data folder. */
#ifndef TESTS_SUPPORT_TOOL_H
#define TESTS_SUPPORT_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parses --seed N and --count N from the command line; without a seed takes one from the clock. Prints the seed. */
uint64_t tool_seed(int argc, char **argv);
/* --count N, else `normal`, a tenth of it under a sanitizer. */
uint64_t tool_count(int argc, char **argv, uint64_t normal);

/* A fresh folder below $TMPDIR or /tmp; the same for the whole program; removed at exit. */
const char *tool_folder(void);
/* Before tool_folder: have it in memory (/dev/shm) where there is such a place; for tests of what a process leaves
 * behind when it dies, which sync thousands of times and need no disk for it. */
void tool_prefer_memory(void);
/* A path in it; the last 16 results stay valid. */
const char *tool_path(const char *name);

/* A path in $SLUICE_DATA (else ../shared/data), or NULL with a message when it is not there. */
const char *tool_data(const char *name);

#endif
