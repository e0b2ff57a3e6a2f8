/* What was imported, in memory: whose a sequence of the log is, and whether it was withdrawn. A few bytes a batch. */
#ifndef ENGINE_IMPORTS_H
#define ENGINE_IMPORTS_H

#include "store/store.h"
#include "sys/thread.h"

/* The lock guards all of it: readers ask while the writer adds. */
typedef struct imports {
    mutex lock;
    store_import *list; /* by number, from 1 on without a gap */
    size_t count, capacity;
    store_import_part *parts; /* their own, none a repeat, by sequence: they do not overlap */
    size_t part_count, part_capacity;
    uint64_t newest_withdrawal; /* sequence of its record; 0: none */
} imports;

void imports_init(imports *i);
void imports_fini(imports *i);
/* Writer. Reads them; what was there before is dropped. */
SLUICE_MUST_USE sluice_result imports_load(imports *i, store *s, sluice_error *error);

/* Any thread. False: the sequence is of no import. Cost: a binary search. */
bool imports_of_sequence(const imports *i, uint64_t sequence, store_import *import_out);
/* Any thread. Its import was withdrawn. */
bool imports_withdrew(const imports *i, uint64_t sequence);
/* Writer. A withdrawal's record is at this sequence. */
bool imports_know_withdrawal(const imports *i, uint64_t sequence);
/* Writer. The import of this content and identity that stands; 0: none. */
uint64_t imports_of_source(const imports *i, const store_source *source);

/* Writer. Room for imports_add, which does not fail. */
SLUICE_MUST_USE sluice_result imports_reserve(imports *i, sluice_error *error);
/* Writer. A committed batch of `count` signals, perhaps 0, is of the import `number`, perhaps a new one. */
void imports_add(imports *i, uint64_t number, const store_source *source, uint64_t sequence_first, uint64_t count);

#endif
