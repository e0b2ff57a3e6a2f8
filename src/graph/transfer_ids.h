/* Transfer ids: from an institution's id to the movement, to find it and to refuse it twice.
 *
 * Ids of the form `prefix:row` that come from the rows of a file cost nothing: runs of consecutive rows are kept. Any
 * other id costs 8 bytes over the load (about 12): a 32-bit tag and the movement's number. The text itself stays in the
 * log; a tag that matches is verified there, so the answer is exact.
 *
 * Holds committed ids only. The writer inserts, any thread finds; both under one lock, held for microseconds. */
#ifndef GRAPH_TRANSFER_IDS_H
#define GRAPH_TRANSFER_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/signal.h>

#include "sys/region.h"
#include "sys/thread.h"

typedef struct id_run {
    uint64_t row_first;
    uint32_t movement_first, count;
} id_run;

typedef struct id_prefix {
    char *text;
    uint32_t length;
    id_run *runs; /* by row */
    size_t run_count, run_capacity;
} id_prefix;

typedef struct transfer_id_table {
    region slots; /* uint64_t: tag in the upper half, movement + 1 in the lower; 0: empty */
    uint64_t slot_count;
} transfer_id_table;

typedef struct transfer_ids {
    id_prefix *prefixes;
    size_t prefix_count, prefix_capacity;
    transfer_id_table table; /* what is looked into */
    transfer_id_table next;  /* the writer's: takes its place when it is full; slot_count 0: there is none */
    uint64_t moved;          /* slots of table that are in next */
    uint64_t text_count;
    mutex lock;
} transfer_ids;

#define TRANSFER_ID_NONE UINT32_MAX

void transfer_ids_init(transfer_ids *ids);
void transfer_ids_fini(transfer_ids *ids);

/* Writer, or holding `lock`. The number of a prefix, or TRANSFER_ID_NONE. */
uint32_t transfer_ids_prefix(transfer_ids *ids, sluice_text prefix);
/* Writer. Adds a prefix with the next number; false: no memory. */
bool transfer_ids_add_prefix(transfer_ids *ids, sluice_text prefix);
/* Writer. Make room, so that the adds that follow do not fail: for runs of rows of one prefix, for texts. */
bool transfer_ids_reserve_runs(transfer_ids *ids, uint32_t prefix, size_t runs);
bool transfer_ids_reserve_texts(transfer_ids *ids, size_t texts);
/* Writer, after a reserve, holding `lock`. */
void transfer_ids_add_row(transfer_ids *ids, uint32_t prefix, uint64_t row, uint32_t movement);
void transfer_ids_add_text(transfer_ids *ids, sluice_text id, uint32_t movement);

/* Writer, without the lock: the movement of a row, or TRANSFER_ID_NONE. */
uint32_t transfer_ids_row(const transfer_ids *ids, uint32_t prefix, uint64_t row);

/* Any thread. Candidates for an id: *cursor starts at 0; returns TRANSFER_ID_NONE when there are no more. A candidate
 * with *exact_out is the one; any other must be compared with the id in the log. */
uint32_t transfer_ids_candidate(transfer_ids *ids, sluice_text id, uint64_t *cursor, bool *exact_out);

/* Writer, while there are no readers: a table of `slot_count` empty slots (a power of two) instead of the present one,
 * for the caller to fill; `text_count` is his to set. NULL: no memory. */
void *transfer_ids_table_replace(transfer_ids *ids, uint64_t slot_count);
/* Writer. Ahead of looking for a text id. */
void transfer_ids_prefetch(const transfer_ids *ids, sluice_text id);

uint64_t transfer_ids_memory_bytes(const transfer_ids *ids);

#endif
