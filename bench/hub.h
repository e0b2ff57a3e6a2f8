/* How long a batch waits to be durable while other threads trace through a hub with a million counterparties. */
#ifndef BENCH_HUB_H
#define BENCH_HUB_H

#include <stdint.h>

typedef struct hub_options {
    const char *path;            /* a database that is not there yet */
    uint64_t row_count;          /* ordinary transfers in the graph beforehand */
    uint32_t counterparty_count; /* that many pay the hub, and that many others are paid by it */
    uint32_t batch_count;        /* measured in each round */
    uint32_t batch_size;
    uint32_t reader_count; /* tracing threads at most */
    uint64_t seed;
} hub_options;

/* Prints one JSON object; returns the process's exit status. */
int hub_measure(const hub_options *options);

#endif
