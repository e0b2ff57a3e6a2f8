/* Options of the benchmark programs: `--name value`, into typed variables. */
#ifndef BENCH_ARGUMENTS_H
#define BENCH_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum bench_option_kind { BENCH_OPTION_U32, BENCH_OPTION_U64, BENCH_OPTION_TEXT } bench_option_kind;

typedef struct bench_option {
    const char *name;
    bench_option_kind kind;
    void *value; /* uint32_t *, uint64_t *, const char ** */
} bench_option;

/* Reads all of argv; on a wrong one prints what is known, and returns false. */
bool arguments_read(int argc, char **argv, const bench_option *arguments, size_t count);

#endif
