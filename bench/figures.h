/* Quantiles of measured times, and what the system says of this process. */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <stddef.h>
#include <stdint.h>

typedef struct figures {
    int64_t p50, p95, p99, max;
} figures;

/* Sorts `values`; count > 0. */
figures figures_of(int64_t *values, size_t count);

/* Private memory of this process in bytes: anonymous pages, which leaves out mapped files. */
uint64_t figures_private_memory(void);

#endif
