/* Import: files of banks and of published data sets into the log.
 *
 * Formats (docs/importing.md has each field):
 *   finbench  LDBC FinBench: a folder with snapshot/ and/or incremental/, either of them, or single files
 *   amlsim    a folder with nodes.csv and transactions.csv
 *   amlworld  IBM AMLworld: *_Trans.csv, the patterns JSON, or a folder of them
 *   csv       any bank's columns, with a mapping file; without one, the column names of docs/importing.md
 *   ndjson    one JSON object a line, with the same mapping
 *   pacs008   ISO 20022 credit transfers between banks: XML, alone or in an envelope
 *
 * Idempotent: a file whose content was imported before (SHA-256, with the same format and mapping) adds nothing;
 * neither does a transfer whose id is there. Resumable: each batch commits its place in the file with it. Bad lines go
 * to the rejects file with file, line, field and reason; the good rest goes in. */
#ifndef SLUICE_IMPORT_H
#define SLUICE_IMPORT_H

#include <sluice/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sluice_import_progress {
    const char *path; /* the file under way */
    uint64_t file_bytes, file_bytes_done;
    uint64_t total_bytes, total_bytes_done; /* all files of this import */
    uint64_t rows;                          /* rows taken so far, all files */
    uint64_t rejected;
} sluice_import_progress;

typedef struct sluice_import_options {
    size_t size;              /* sizeof(sluice_import_options) */
    const char *format;       /* finbench | amlsim | amlworld | csv | ndjson | pacs008 */
    const char *mapping_path; /* csv, ndjson; may be NULL */
    const char *rejects_path; /* NULL: `<first path>.rejects.csv` is not written; rejected lines are only counted */
    const char *encoding;     /* NULL or "auto", "utf-8", "gb18030" */
    uint32_t batch_signals;   /* 0: the default, 65,536 */
    /* Called after every committed batch; returns false to stop (INTERRUPTED; a later call resumes). May be NULL. */
    bool (*progress)(void *context, const sluice_import_progress *progress);
    void *progress_context;
    const char *schemas_path; /* pacs008: folder with <message>.xsd to check against (NOT_FOUND: none); may be NULL */
} sluice_import_options;

typedef struct sluice_import_summary {
    uint64_t transfers;                        /* new transfers */
    uint64_t withdrawals;                      /* new withdrawals */
    uint64_t accounts;                         /* accounts not known before */
    uint64_t holders, devices, logins, events; /* events: blocks, unblocks, closures */
    uint64_t duplicates;                       /* transfers and withdrawals that were there already */
    uint64_t rejected;                         /* lines */
    uint64_t rounded;                          /* amounts with more than two decimals, rounded half to even to fen */
    uint64_t labels;                           /* ground-truth labels, kept apart */
    uint64_t files, files_skipped;             /* read; not a signal of Sluice (such as loans) or imported before */
    uint64_t resumed_row;                      /* > 0: a file was taken up again after this row */
    double seconds;
    uint64_t others; /* accounts, holders, devices and logins: signals that are no movement */
    uint64_t import; /* number of the last file's import, for sluice_import_withdraw; 0: it is of an older version */
} sluice_import_summary;

/* Imports. On INTERRUPTED and on any error the batches already committed stay, and the summary says what went in.
 * Errors: NOT_FOUND, INPUT (a file's header or the mapping is wrong: nothing of that file went in), and the engine's.
 */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_import(sluice_engine *engine, const sluice_import_options *options,
                                                       const char *const *paths, size_t path_count,
                                                       sluice_import_summary *summary_out, sluice_error *error);

/* ---- withdrawing ----
 *
 * Each file that was imported has a number. Withdrawing it appends a record to the log, which stays as it is otherwise:
 * sequences keep their numbers, and what the file brought does not count any more, as if it had never come. Movements
 * that another file, or the API, brought as well stay, at new sequences behind the record. Afterwards the same file may
 * be imported again, with another mapping too. */

typedef struct sluice_import_entry {
    uint64_t number;
    sluice_text path, content_sha256;
    bool complete; /* to its end */
    uint64_t transfers, withdrawals, duplicates, rejected, rounded;
    uint64_t sequence_first, sequence_last; /* of what it brought, with others' in between; 0: nothing */
    uint64_t withdrawn;                     /* sequence of the withdrawal's record; 0: it stands */
} sluice_import_entry;

/* All imports in the order of their numbers. Texts are borrowed for the visit, which returns false to stop. Writer
 * thread. Errors: IO, DAMAGED, NO_MEMORY. */
typedef bool (*sluice_import_visit)(void *context, const sluice_import_entry *entry);
SLUICE_API SLUICE_MUST_USE sluice_result sluice_import_list(sluice_engine *engine, sluice_import_visit visit,
                                                            void *context, sluice_error *error);

typedef struct sluice_withdraw_options {
    size_t size;    /* sizeof(sluice_withdraw_options) */
    int64_t now_ms; /* when it is withdrawn; kept in the record */
    /* Called now and then while the state is rebuilt; may be NULL. */
    void (*progress)(void *context, uint64_t done_signals, uint64_t total_signals);
    void *progress_context;
} sluice_withdraw_options;

typedef struct sluice_withdraw_summary {
    size_t size;       /* set by the caller: sizeof(sluice_withdraw_summary) */
    uint64_t sequence; /* of the record */
    uint64_t signals;  /* that do not count any more */
    uint64_t kept;     /* movements that came another way as well, and stay */
    bool is_durable;   /* true with an error too, when only rebuilding failed: close the engine and open it again */
} sluice_withdraw_summary;

/* Withdraws the import and rebuilds the state in memory from the log (about 0.4 µs a signal). One transaction: after a
 * kill it is withdrawn or it is not. Writer thread; no reader may be active, and no detector open.
 * Errors: NOT_FOUND, CONFLICT (it is withdrawn already), INVALID (nothing of it is in the log, or a detector is open),
 * and those of sluice_engine_flush and sluice_engine_open. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_import_withdraw(sluice_engine *engine, uint64_t number,
                                                                const sluice_withdraw_options *options,
                                                                sluice_withdraw_summary *summary_out,
                                                                sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
