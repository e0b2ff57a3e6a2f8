/* A whole database into another one, of either kind: migration, backup, restore.
 *
 * The copy is the same database, with its identity and secret: the log, the files under import, ground truth,
 * decisions, and all records with their ids, versions and times. Every checksum is verified on the way. Until it is
 * complete the target is marked as unfinished and can be opened by nothing else; an interrupted copy is taken up by the
 * same call: the log goes on where it was, the rest, which may have changed meanwhile, is copied again. At its end
 * counts and checksums of all tables are compared.
 *
 * Cost: the log at the speed of both disks; records are read by the thousand and inserted by the dozen. */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store/record.h"

typedef struct store_copy_options {
    const record_table *const *tables; /* all that records there are; INVALID if the database has others */
    size_t table_count;
    /* What is being copied ("log", "warning"), and how far; false: stop (INTERRUPTED). May be NULL. */
    bool (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
    /* Of each batch of the log, before it is written: whether its bytes are those of its chain. May be NULL. */
    sluice_result (*check_batch)(void *context, const unsigned char *bytes, size_t length, uint64_t chain_before,
                                 uint64_t chain, sluice_error *error);
    /* Of the complete copy, before it may be used. May be NULL. */
    sluice_result (*verify)(void *context, store *copy, sluice_error *error);
    void *context;
} store_copy_options;

typedef struct store_copy_summary {
    uint64_t signals, batches, sources, imports, labels, decisions, tables, records;
} store_copy_summary;

/* Copies what `from` has; the tables of records were ensured there. `to` must be a new or empty database, or an
 * unfinished copy of this one (INVALID otherwise). Nothing else may write to `from` meanwhile, unless it is a view. */
SLUICE_MUST_USE sluice_result store_copy(store *from, const char *to, const store_copy_options *options,
                                         store_copy_summary *summary_out, sluice_error *error);

/* After much was written at once: what the database needs to know for good plans. Takes seconds in a large one. Writer,
 * outside a transaction. */
SLUICE_MUST_USE sluice_result store_settle(store *s, sluice_error *error);

/* What is committed at this moment, and nothing that comes later: for reading only, from one thread at a time; closed
 * by store_close, before the store itself. Any thread. */
SLUICE_MUST_USE sluice_result store_view(store *s, store **view_out, sluice_error *error);

/* A copy of a store in use, as of now, into a new SQLite file; the writer goes on. Nothing is at `path` until it is
 * complete. Any thread. */
SLUICE_MUST_USE sluice_result store_backup(store *s, const char *path, const store_copy_options *options,
                                           store_copy_summary *summary_out, sluice_error *error);

#endif
