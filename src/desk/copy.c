/* Copies of the desk's database: store/copy.h with the desk's tables, and the audit trail as the judge. */
#include "desk/copy.h"

#include <string.h>

#include "desk/desk.h"
#include "desk/history.h"
#include "signal/batch.h"
#include "store/copy.h"

typedef struct call {
    sluice_copy_options options;
    sluice_copy_summary *summary;
} call;

static bool progress(void *context, const char *what, uint64_t done, uint64_t total) {
    const call *c = context;
    return c->options.progress == NULL || c->options.progress(c->options.progress_context, what, done, total);
}

/* Decoding checks the whole batch; what it says is not needed here. */
static sluice_result check_batch(void *context, const unsigned char *bytes, size_t length, uint64_t chain_before,
                                 uint64_t chain, sluice_error *error) {
    batch b = {0};
    uint64_t is = 0;
    (void)context;
    sluice_result result = batch_decode(bytes, length, chain_before, &b, &is, error);
    batch_fini(&b);
    return result == SLUICE_OK && is != chain
               ? error_set(error, SLUICE_E_DAMAGED, "a batch has the checksum of another one")
               : result;
}

static sluice_result verify(void *context, store *copy, sluice_error *error) {
    call *c = context;
    return audit_verify(copy, NULL, (audit_progress){0}, &c->summary->audit_rows, c->summary->audit_head, error);
}

static sluice_result begin(const sluice_copy_options *options, sluice_copy_summary *summary_out, call *call_out,
                           sluice_error *error) {
    memset(summary_out, 0, sizeof *summary_out);
    *call_out = (call){.summary = summary_out};
    if (options != NULL && options->size > sizeof *options) {
        return error_set(error, SLUICE_E_INVALID, "sluice_copy_options is of a newer library");
    }
    if (options != NULL) {
        memcpy(&call_out->options, options, options->size);
    }
    return SLUICE_OK;
}

static store_copy_options options_of(call *c) {
    store_copy_options options = {.progress = progress, .check_batch = check_batch, .verify = verify, .context = c};
    options.tables = desk_tables(&options.table_count);
    return options;
}

static void summarize(const store_copy_summary *from, sluice_copy_summary *to) {
    to->signals = from->signals;
    to->batches = from->batches;
    to->sources = from->sources;
    to->labels = from->labels;
    to->decisions = from->decisions;
    to->tables = from->tables;
    to->records = from->records;
}

sluice_result desk_backup(store *s, const char *path, const sluice_copy_options *options,
                          sluice_copy_summary *summary_out, sluice_error *error) {
    call c;
    store_copy_summary summary = {0};
    sluice_result result = begin(options, summary_out, &c, error);
    if (result == SLUICE_OK) {
        store_copy_options copy = options_of(&c);
        result = store_backup(s, path, &copy, &summary, error);
    }
    summarize(&summary, summary_out);
    return result;
}

/* Opened, with the desk's tables: a database without a desk has empty ones from here on. */
static sluice_result open_whole(const char *location, store **store_out, sluice_error *error) {
    size_t count = 0;
    const record_table *const *tables = desk_tables(&count);
    sluice_result result = store_open(location, true, store_out, error);
    return result == SLUICE_OK ? store_ensure_tables(*store_out, tables, count, error) : result;
}

sluice_result sluice_backup(const char *location, const char *path, const sluice_copy_options *options,
                            sluice_copy_summary *summary_out, sluice_error *error) {
    store *s = NULL;
    memset(summary_out, 0, sizeof *summary_out);
    sluice_result result = open_whole(location, &s, error);
    if (result == SLUICE_OK) {
        result = desk_backup(s, path, options, summary_out, error);
    }
    store_close(&s);
    return result;
}

sluice_result sluice_migrate(const char *from, const char *to, const sluice_copy_options *options,
                             sluice_copy_summary *summary_out, sluice_error *error) {
    call c;
    store *s = NULL;
    store_copy_summary summary = {0};
    sluice_result result = begin(options, summary_out, &c, error);
    if (result == SLUICE_OK) {
        result = open_whole(from, &s, error);
    }
    if (result == SLUICE_OK) {
        store_copy_options copy = options_of(&c);
        result = store_copy(s, to, &copy, &summary, error);
    }
    summarize(&summary, summary_out);
    store_close(&s);
    return result;
}

sluice_result sluice_restore(const char *backup, const char *location, const sluice_copy_options *options,
                             sluice_copy_summary *summary_out, sluice_error *error) {
    if (store_is_postgres(backup)) {
        memset(summary_out, 0, sizeof *summary_out);
        return error_set(error, SLUICE_E_INVALID, "%s is no backup: name the file that sluice backup wrote", backup);
    }
    return sluice_migrate(backup, location, options, summary_out, error);
}
