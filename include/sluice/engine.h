/* The engine: one writer, many readers, over one database.
 *
 * Threads: sluice_engine_open, _append, _flush…, _snapshot, _close and sluice_import belong to one writer thread. All
 * functions that take a `const sluice_engine *` may run on any number of other threads at the same time; each sees the
 * state as of the sequence it asked for and never blocks the writer.
 *
 * Sequences: every signal gets the log's next sequence number, from 1. "As of S" means: with the signals 1..S, and no
 * others. */
#ifndef SLUICE_ENGINE_H
#define SLUICE_ENGINE_H

#include <sluice/signal.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sluice_engine sluice_engine;

typedef struct sluice_open_options {
    size_t size;          /* sizeof(sluice_open_options): versions the struct */
    bool must_exist;      /* do not create a database that is not there */
    bool ignore_snapshot; /* rebuild from the log */
    /* Called now and then while the state is rebuilt from the log; may be NULL. */
    void (*progress)(void *context, uint64_t done_signals, uint64_t total_signals);
    void *progress_context;
} sluice_open_options;

/* Opens or creates the database `path` and builds the state in memory: newest valid snapshot, then the log
 * after it. A snapshot that is missing, stale, of another database or damaged is not an error: the log is replayed.
 * options may be NULL. *engine_out is the caller's, freed by sluice_engine_close.
 * Errors: BUSY (another process has it open), NEWER, NOT_SLUICE, DAMAGED, IO, NO_MEMORY, NOT_FOUND.
 * Cost: with a snapshot, reading it; without, about 0.5 µs a signal. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_engine_open(const char *path, const sluice_open_options *options,
                                                            sluice_engine **engine_out, sluice_error *error);

/* Closes without writing anything more: what was appended and not flushed is dropped (it was never acknowledged).
 * Nulls the caller's pointer. NULL is fine. No reader may be active. */
SLUICE_API void sluice_engine_close(sluice_engine **engine);

typedef struct sluice_append_result {
    uint64_t accepted;   /* new signals */
    uint64_t duplicates; /* transfers already there, by id, and equal in every field */
} sluice_append_result;

/* Appends signals to the batch under way. They are durable, numbered and visible when sluice_engine_flush returns OK
 * (or an earlier flush that this call made because the batch was full). A signal that cannot be taken (bad key, id
 * already used by a different transfer) stops the call: *index_out is its place in `signals`, those before it are
 * accepted, and the caller may go on after it. Errors: INVALID, CONFLICT, LIMIT (2^31 transfers, 2^32 keys), and those
 * of flush. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_engine_append(sluice_engine *engine, const sluice_signal *signals,
                                                              size_t count, sluice_append_result *result_out,
                                                              size_t *index_out, sluice_error *error);

/* Commits the batch under way to the log (one transaction, durable on return), applies it to the graph and publishes it
 * to readers. *sequence_out (may be NULL) is the last sequence that is durable.
 * On an error nothing of the batch is in the log or in the graph, and the batch is dropped: append it again when the
 * cause is mended. Errors: IO, FULL, NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_engine_flush(sluice_engine *engine, uint64_t *sequence_out,
                                                             sluice_error *error);

/* The same in two halves, so that the next batch can be filled while this one is on its way to the disk.
 *
 * _begin seals the batch under way and hands it to a thread of the engine, which writes it; `finished` (may be NULL) is
 * called there once it is known what became of it, and must not call the engine. _end waits for that, applies the
 * batch, publishes it, and returns as sluice_engine_flush would have: only then may anything of it be acknowledged. In
 * between the writer may append; what would need the database (sluice_engine_flush, a batch that fills) first waits. A
 * flush that fails takes what was appended since _begin with it: both batches are dropped. Writer thread; one at a
 * time: INVALID for a second _begin, or an _end without one. Errors: IO, FULL, NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_engine_flush_begin(sluice_engine *engine,
                                                                   void (*finished)(void *context), void *context,
                                                                   sluice_error *error);
SLUICE_API SLUICE_MUST_USE sluice_result sluice_engine_flush_end(sluice_engine *engine, uint64_t *sequence_out,
                                                                 sluice_error *error);

/* Writes the state in memory to `<path>-snapshot` (to a temporary file, then renamed), or for a server's database to
 * `sluice-<uuid>-snapshot` in $SLUICE_STATE or the current folder. A cache: losing it costs time
 * only. Errors: IO, FULL. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_engine_snapshot(sluice_engine *engine, sluice_error *error);

/* Reads the whole log from disk and checks every checksum and the order of sequences, and that the graph in memory
 * equals what the log says. Errors: DAMAGED (the text says which batch), IO. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_engine_verify(const sluice_engine *engine, sluice_error *error);

typedef struct sluice_engine_stats {
    size_t size;             /* set by the caller: sizeof(sluice_engine_stats) */
    uint64_t sequence;       /* last published */
    uint64_t transfer_count; /* transfers, without withdrawals */
    uint64_t withdrawal_count;
    uint64_t account_count;
    uint64_t key_count;        /* all keys: accounts, holders, devices, places */
    uint64_t memory_bytes;     /* of the graph, keys and indexes, in use */
    uint64_t replayed_signals; /* at open: how many came from the log rather than the snapshot */
    char snapshot_state[96];   /* at open: "used", or why it was not */
} sluice_engine_stats;

/* Writer thread. */
SLUICE_API void sluice_engine_stats_get(const sluice_engine *engine, sluice_engine_stats *stats_out);

/* One transfer as the graph holds it. `from` and `to` are borrowed and live as long as the engine. */
typedef struct sluice_transfer {
    uint64_t sequence;
    sluice_signal_kind kind; /* TRANSFER or WITHDRAWAL */
    int64_t time_ms;
    sluice_text from, to;
    int64_t amount_fen, received_fen;
    sluice_currency currency, received_currency;
} sluice_transfer;

/* Finds a transfer by its id. Errors: NOT_FOUND, DAMAGED, IO. Cost: microseconds. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_transfer_find(const sluice_engine *engine, sluice_text id,
                                                              sluice_transfer *transfer_out, sluice_error *error);

/* The key under which the log has the account that a person means: `given` itself, or the only card, account or wallet
 * with its number: "account:6228…" and "6228…" may mean "card:6228…". Empty: none, or several. Wherever an account is
 * asked for, such a text is understood. Borrowed from the engine. Cost: microseconds. Any thread. */
SLUICE_API sluice_text sluice_account_key(const sluice_engine *engine, sluice_text given);

/* An account's ledger, in time order (ties by sequence), as of a sequence (0: the newest). `visit` gets each entry with
 * the balance after it, and returns false to stop. Errors: NOT_FOUND. Cost: one memory access an entry. */
typedef bool (*sluice_ledger_visit)(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen);
SLUICE_API SLUICE_MUST_USE sluice_result sluice_ledger_read(const sluice_engine *engine, sluice_text account,
                                                            uint64_t as_of, sluice_ledger_visit visit, void *context,
                                                            sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
