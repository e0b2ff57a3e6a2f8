/* Copies of whole databases: see copy.h.
 *
 * The mark of an unfinished copy is the row `copy` of the target's meta: STORE_COPY_BEGUN since the target was made,
 * and the source's uuid from the transaction on that gives it the source's identity. */
#include "store/copy.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/record_private.h"
#include "sys/file.h"

#define LOG_BYTES_PER_COMMIT ((size_t)16 << 20)
#define ROWS_PER_COMMIT 5000
#define RECORDS_PER_PAGE 1000

static const char MARK[] =
    "INSERT INTO meta(name, value) VALUES('copy', $1) ON CONFLICT(name) DO UPDATE SET value = excluded.value";
static const char UNMARK[] = "DELETE FROM meta WHERE name = 'copy'";
static const char IDENTIFY[] = "UPDATE meta SET value = $1 WHERE name = 'identity'";
static const char READ_COUNTERS[] = "SELECT name, next_id FROM record_table ORDER BY name";

typedef struct copy {
    store *from, *to;
    const store_copy_options *options;
    store_copy_summary summary;
    bool writing;     /* a transaction of the target is under way */
    uint64_t rows;    /* in it */
    const char *what; /* is copied now, of how many */
    uint64_t done, total;
} copy;

static sluice_result progress(const copy *c, sluice_error *error) {
    if (c->options->progress == NULL || c->options->progress(c->options->context, c->what, c->done, c->total)) {
        return SLUICE_OK;
    }
    return error_set(error, SLUICE_E_INTERRUPTED, "stopped; the same command goes on from here");
}

/* ---- transactions of the target ---- */

static sluice_result write_begin(copy *c, sluice_error *error) {
    if (c->writing) {
        return SLUICE_OK;
    }
    sluice_result result = store_begin(c->to, error);
    c->writing = result == SLUICE_OK;
    c->rows = 0;
    return result;
}

static sluice_result write_commit(copy *c, sluice_error *error) {
    if (!c->writing) {
        return SLUICE_OK;
    }
    sluice_result result = store_commit(c->to, error);
    c->writing = result != SLUICE_OK;
    return result == SLUICE_OK ? progress(c, error) : result;
}

static sluice_result write_text(copy *c, const char *text, const char *types, const record_value *parameters,
                                sluice_error *error) {
    sql_statement statement = {.text = text, .types = types, .parameters = parameters, .columns = "", .once = true};
    sluice_result result = write_begin(c, error);
    return result == SLUICE_OK ? c->to->ops->execute(c->to, &statement, NULL, error) : result;
}

static sluice_result take_number(void *context, const record_value *cells, sluice_error *error) {
    (void)error;
    *(uint64_t *)context = (uint64_t)cells[0].integer;
    return SLUICE_OK;
}

static sluice_result read_number(store *s, const char *format, const char *table, uint64_t *number_out,
                                 sluice_error *error) {
    char text[200];
    (void)snprintf(text, sizeof text, "SELECT %s FROM \"%s\"", format, table);
    sql_statement statement = {.text = text, .types = "", .columns = "i", .once = true, .is_long = true};
    *number_out = 0;
    return s->ops->query(s, &statement, take_number, number_out, error);
}

static sluice_result count_rows(store *s, const char *table, uint64_t *count_out, sluice_error *error) {
    return read_number(s, "count(*)", table, count_out, error);
}

/* ---- the target ---- */

/* Gives an empty target the source's identity, and the mark; from here on only the same copy opens it. */
static sluice_result begin_copy(copy *c, sluice_error *error) {
    unsigned char identity[STORE_IDENTITY_BYTES];
    store_identity_encode(c->from, identity);
    record_value mark = value_text((sluice_text){c->from->uuid, STORE_UUID_BYTES});
    record_value who = value_text((sluice_text){(const char *)identity, sizeof identity});
    sluice_result result = write_text(c, MARK, "b", &mark, error);
    if (result == SLUICE_OK) {
        result = write_text(c, IDENTIFY, "b", &who, error);
    }
    if (result == SLUICE_OK) {
        result = write_commit(c, error);
    }
    if (result == SLUICE_OK) {
        memcpy(c->to->uuid, c->from->uuid, sizeof c->to->uuid);
        memcpy(c->to->secret, c->from->secret, sizeof c->to->secret);
        memcpy(c->to->unfinished, c->from->uuid, sizeof c->to->unfinished);
    }
    return result;
}

static sluice_result require_empty(copy *c, sluice_error *error) {
    static const char *const TABLES[] = {"source", "truth", "decision", "import", "import_part", "record_table"};
    uint64_t rows = 0;
    bool empty = c->to->end.sequence == 0;
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && empty && i < sizeof TABLES / sizeof *TABLES; i++) {
        result = count_rows(c->to, TABLES[i], &rows, error);
        empty = rows == 0;
    }
    if (result == SLUICE_OK && !empty) {
        result = error_set(error, SLUICE_E_INVALID, "%s is not empty: name a new place for the copy", c->to->name);
    }
    return result;
}

/* What was copied before and may have changed meanwhile. */
static sluice_result clear(copy *c, sluice_error *error) {
    static const char *const STATEMENTS[] = {"DELETE FROM source", "DELETE FROM truth", "DELETE FROM decision",
                                             "DELETE FROM import", "DELETE FROM import_part"};
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < sizeof STATEMENTS / sizeof *STATEMENTS; i++) {
        result = write_text(c, STATEMENTS[i], "", NULL, error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < c->options->table_count; i++) {
        char text[100];
        (void)snprintf(text, sizeof text, "DELETE FROM \"" RECORD_NAME_PREFIX "%s\"", c->options->tables[i]->name);
        result = write_text(c, text, "", NULL, error);
    }
    return result == SLUICE_OK ? write_commit(c, error) : result;
}

static sluice_result prepare_target(copy *c, const char *to, sluice_error *error) {
    sluice_result result = store_open_copy(to, &c->to, error);
    if (result != SLUICE_OK) {
        return result;
    }
    bool goes_on = c->to->unfinished[0] != '\0' && strcmp(c->to->unfinished, STORE_COPY_BEGUN) != 0;
    if (goes_on && strcmp(c->to->unfinished, c->from->uuid) != 0) {
        return error_set(error, SLUICE_E_INVALID, "%s is the unfinished copy of another database: name a new place",
                         c->to->name);
    }
    if (!goes_on) {
        result = require_empty(c, error);
        result = result == SLUICE_OK ? begin_copy(c, error) : result;
    }
    if (result == SLUICE_OK) {
        result = store_ensure_tables(c->to, c->options->tables, c->options->table_count, error);
    }
    return result == SLUICE_OK && goes_on ? clear(c, error) : result;
}

/* ---- the log ---- */

/* One batch more: it follows the one before, and is what was written. */
static sluice_result check_batch(const copy *c, const store_batch *batch, uint64_t next, sluice_error *error) {
    const store_copy_options *o = c->options;
    if (batch->sequence_first != next || batch->chain_before != (c->writing ? c->to->next.chain : c->to->end.chain)) {
        return store_damaged(c->from, "batches of the log do not follow each other", error);
    }
    if (o->check_batch == NULL || o->check_batch(o->context, batch->bytes, batch->length, batch->chain_before,
                                                 batch->chain, error) == SLUICE_OK) {
        return SLUICE_OK;
    }
    char what[100];
    (void)snprintf(what, sizeof what, "the batch of the log from sequence %llu is not what was written",
                   (unsigned long long)next);
    return store_damaged(c->from, what, error);
}

static sluice_result copy_log(copy *c, sluice_error *error) {
    store_batch batch = {0};
    size_t bytes = 0;
    uint64_t chain = 0, next = c->to->end.sequence + 1;
    sluice_result result = SLUICE_OK;
    c->what = "log";
    c->total = c->from->end.sequence;
    c->done = c->to->end.sequence;
    if (c->done > 0) {
        result = store_chain_at(c->from, c->done, &chain, error);
        if (result != SLUICE_OK || chain != c->to->end.chain) {
            return error_set(error, SLUICE_E_INVALID,
                             "the log in %s is not the beginning of that in %s: name a new place", c->to->name,
                             c->from->name);
        }
    }
    while (result == SLUICE_OK && next <= c->total) {
        result = store_read_batch(c->from, next, &batch, error);
        if (result == SLUICE_OK) {
            result = check_batch(c, &batch, next, error);
        }
        if (result == SLUICE_OK) {
            result = write_begin(c, error);
        }
        if (result == SLUICE_OK) {
            result = store_put_batch(c->to, next, batch.count, batch.chain, batch.bytes, batch.length, error);
        }
        next += batch.count;
        bytes += batch.length;
        c->done = next - 1;
        c->summary.batches++;
        if (result == SLUICE_OK && (bytes >= LOG_BYTES_PER_COMMIT || next > c->total)) {
            bytes = 0;
            result = write_commit(c, error);
        }
    }
    memory_free(batch.bytes);
    c->summary.signals = c->total;
    return result;
}

/* ---- beside the log ---- */

static sluice_result copied(copy *c, uint64_t *count, sluice_error *error) {
    (*count)++;
    c->done++;
    return ++c->rows < ROWS_PER_COMMIT ? SLUICE_OK : write_commit(c, error);
}

typedef struct visitor {
    copy *copy;
    sluice_result result;
    sluice_error *error;
} visitor;

static bool take_source(void *context, const store_source *source) {
    visitor *v = context;
    copy *c = v->copy;
    v->result = write_begin(c, v->error);
    v->result = v->result == SLUICE_OK ? store_put_source(c->to, source, v->error) : v->result;
    v->result = v->result == SLUICE_OK ? copied(c, &c->summary.sources, v->error) : v->result;
    return v->result == SLUICE_OK;
}

static bool take_truth(void *context, uint64_t sequence, sluice_text key, sluice_text label) {
    visitor *v = context;
    copy *c = v->copy;
    v->result = write_begin(c, v->error);
    v->result = v->result == SLUICE_OK ? store_put_truth(c->to, sequence, key, label, v->error) : v->result;
    v->result = v->result == SLUICE_OK ? copied(c, &c->summary.labels, v->error) : v->result;
    return v->result == SLUICE_OK;
}

static bool take_decision(void *context, uint64_t sequence, sluice_text decision) {
    visitor *v = context;
    copy *c = v->copy;
    v->result = write_begin(c, v->error);
    v->result = v->result == SLUICE_OK ? store_put_decision(c->to, sequence, decision, v->error) : v->result;
    v->result = v->result == SLUICE_OK ? copied(c, &c->summary.decisions, v->error) : v->result;
    return v->result == SLUICE_OK;
}

static bool take_import(void *context, const store_import *import) {
    visitor *v = context;
    copy *c = v->copy;
    v->result = write_begin(c, v->error);
    v->result = v->result == SLUICE_OK ? store_put_import(c->to, import, v->error) : v->result;
    v->result = v->result == SLUICE_OK ? copied(c, &c->summary.imports, v->error) : v->result;
    return v->result == SLUICE_OK;
}

static bool take_import_part(void *context, const store_import_part *part) {
    visitor *v = context;
    copy *c = v->copy;
    uint64_t parts = 0; /* told as part of the imports */
    v->result = write_begin(c, v->error);
    v->result = v->result == SLUICE_OK ? store_put_import_part(c->to, part, v->error) : v->result;
    v->result = v->result == SLUICE_OK ? copied(c, &parts, v->error) : v->result;
    return v->result == SLUICE_OK;
}

static sluice_result start(copy *c, const char *what, const char *table, sluice_error *error) {
    c->what = what;
    c->done = 0;
    return count_rows(c->from, table, &c->total, error);
}

static sluice_result copy_beside(copy *c, sluice_error *error) {
    visitor v = {c, SLUICE_OK, error};
    sluice_result result = start(c, "files", "source", error);
    if (result == SLUICE_OK) {
        result = store_read_sources(c->from, take_source, &v, error);
        result = result == SLUICE_OK ? v.result : result;
    }
    if (result == SLUICE_OK) {
        result = start(c, "imports", "import", error);
    }
    if (result == SLUICE_OK) {
        result = store_read_imports(c->from, take_import, &v, error);
        result = result == SLUICE_OK ? v.result : result;
    }
    for (int repeats = 0; result == SLUICE_OK && repeats < 2; repeats++) {
        result = store_read_import_parts(c->from, repeats != 0, take_import_part, &v, error);
        result = result == SLUICE_OK ? v.result : result;
    }
    if (result == SLUICE_OK) {
        result = start(c, "labels", "truth", error);
    }
    if (result == SLUICE_OK) {
        result = store_read_truth(c->from, take_truth, &v, error);
        result = result == SLUICE_OK ? v.result : result;
    }
    if (result == SLUICE_OK) {
        result = start(c, "decisions", "decision", error);
    }
    if (result == SLUICE_OK) {
        result = store_read_decisions(c->from, 0, take_decision, &v, error);
        result = result == SLUICE_OK ? v.result : result;
    }
    return result == SLUICE_OK ? write_commit(c, error) : result;
}

/* ---- records ---- */

static sluice_result copy_table(copy *c, const record_table *table, sluice_error *error) {
    char name[RECORD_NAME_BYTES_MAX + 8];
    record_query query = {.table = table, .order = QUERY_ID, .limit = RECORDS_PER_PAGE, .has_after = true};
    arena memory = {0};
    record *rows = NULL;
    size_t count = 1;
    (void)snprintf(name, sizeof name, RECORD_NAME_PREFIX "%s", table->name);
    sluice_result result = start(c, table->name, name, error);
    while (result == SLUICE_OK && count > 0) {
        arena_reset(&memory);
        result = store_select(c->from, &query, &memory, &rows, &count, error);
        if (result == SLUICE_OK && count > 0) {
            result = write_begin(c, error);
        }
        if (result == SLUICE_OK && count > 0) {
            result = store_insert_copies(c->to, table, rows, count, error);
            query.after_id = rows[count - 1].id;
        }
        c->done += count;
        c->summary.records += count;
        if (result == SLUICE_OK) {
            result = write_commit(c, error);
        }
    }
    arena_fini(&memory);
    c->summary.tables++;
    return result;
}

static sluice_result take_counter(void *context, const record_value *cells, sluice_error *error) {
    copy *c = context;
    for (size_t i = 0; i < c->options->table_count; i++) {
        const record_table *table = c->options->tables[i];
        if (text_equal(text_of(table->name), cells[0].text)) {
            record_binding *b = record_bind(c->to, table, error);
            if (b == NULL) {
                return SLUICE_E_INVALID;
            }
            b->next_id = cells[1].integer > b->next_id ? cells[1].integer : b->next_id;
            return SLUICE_OK;
        }
    }
    return error_set(error, SLUICE_E_INVALID,
                     "%s has a table %.*s that this program does not know: use the sluice that wrote it", c->from->name,
                     TEXT_ARGS(cells[0].text));
}

/* Ids that were given to records that are gone are not given again. Also: no table is left out. */
static sluice_result copy_counters(copy *c, sluice_error *error) {
    sql_statement read = {.text = READ_COUNTERS, .types = "", .columns = "ti", .once = true};
    sluice_result result = write_begin(c, error);
    if (result == SLUICE_OK) {
        result = c->from->ops->query(c->from, &read, take_counter, c, error);
    }
    return result == SLUICE_OK ? write_commit(c, error) : result;
}

/* ---- the end ---- */

static sluice_result compare(copy *c, const char *table, sluice_error *error) {
    /* The sum of remainders of the rows' checksums: equal for equal rows, in any order. */
    static const char *const WHAT[] = {"count(*)", "CAST(coalesce(sum(checksum % 1000000007), 0) AS BIGINT)"};
    for (size_t i = 0; i < sizeof WHAT / sizeof *WHAT; i++) {
        uint64_t there = 0, here = 0;
        sluice_result result = read_number(c->from, WHAT[i], table, &there, error);
        result = result == SLUICE_OK ? read_number(c->to, WHAT[i], table, &here, error) : result;
        if (result != SLUICE_OK) {
            return result;
        }
        if (there != here) {
            return error_set(error, SLUICE_E_DAMAGED, "the copy of %s in %s differs (%s: %llu, not %llu): copy again",
                             table, c->to->name, i == 0 ? "rows" : "checksums", (unsigned long long)here,
                             (unsigned long long)there);
        }
    }
    return SLUICE_OK;
}

static sluice_result compare_all(copy *c, sluice_error *error) {
    static const char *const TABLES[] = {"source", "truth", "decision", "import", "import_part"};
    sluice_result result = SLUICE_OK;
    if (c->from->end.sequence != c->to->end.sequence || c->from->end.chain != c->to->end.chain) {
        return error_set(error, SLUICE_E_DAMAGED, "the copy of the log in %s differs: copy again", c->to->name);
    }
    for (size_t i = 0; result == SLUICE_OK && i < sizeof TABLES / sizeof *TABLES; i++) {
        result = compare(c, TABLES[i], error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < c->options->table_count; i++) {
        char name[RECORD_NAME_BYTES_MAX + 8];
        (void)snprintf(name, sizeof name, RECORD_NAME_PREFIX "%s", c->options->tables[i]->name);
        result = compare(c, name, error);
    }
    return result;
}

static sluice_result copy_all(copy *c, const char *to, sluice_error *error) {
    sluice_result result = prepare_target(c, to, error);
    if (result == SLUICE_OK) {
        result = copy_log(c, error);
    }
    if (result == SLUICE_OK) {
        result = copy_beside(c, error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < c->options->table_count; i++) {
        result = copy_table(c, c->options->tables[i], error);
    }
    if (result == SLUICE_OK) {
        result = copy_counters(c, error);
    }
    if (result == SLUICE_OK) {
        result = compare_all(c, error);
    }
    if (result == SLUICE_OK && c->options->verify != NULL) {
        result = c->options->verify(c->options->context, c->to, error);
    }
    if (result == SLUICE_OK) {
        result = write_text(c, UNMARK, "", NULL, error);
    }
    if (result == SLUICE_OK) {
        result = store_commit(c->to, error);
        c->writing = result != SLUICE_OK;
    }
    return result;
}

sluice_result store_copy(store *from, const char *to, const store_copy_options *options,
                         store_copy_summary *summary_out, sluice_error *error) {
    copy c = {.from = from, .options = options, .what = "log"};
    sluice_result result = copy_all(&c, to, error);
    if (c.writing) {
        store_rollback(c.to);
    }
    if (result == SLUICE_OK) {
        result = store_settle(c.to, error);
    }
    store_close(&c.to);
    *summary_out = c.summary;
    return result;
}

sluice_result store_settle(store *s, sluice_error *error) {
    if (store_is_writing(s)) {
        return error_set(error, SLUICE_E_INVALID, "%s is being written to: commit first", s->name);
    }
    return s->ops->settle(s, error);
}

sluice_result store_view(store *s, store **view_out, sluice_error *error) {
    *view_out = NULL;
    if (store_is_writing(s)) {
        return error_set(error, SLUICE_E_INVALID, "a view of %s is of what is committed: commit first", s->name);
    }
    return s->ops->view(s, view_out, error);
}

/* Of an attempt before: it is of another moment. */
static sluice_result remove_partial(const char *path, sluice_error *error) {
    static const char *const SUFFIXES[] = {"", "-wal", "-journal"};
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        text_writer file = {0};
        text_printf(&file, "%s%s", path, SUFFIXES[i]);
        result = file.failed ? error_no_memory(error, file.length) : file_remove(file.data, error);
        text_writer_fini(&file);
    }
    return result;
}

sluice_result store_backup(store *s, const char *path, const store_copy_options *options,
                           store_copy_summary *summary_out, sluice_error *error) {
    text_writer partial = {0};
    store *view = NULL;
    if (store_is_postgres(path) || file_kind_of(path) != FILE_ABSENT) {
        return error_set(error, SLUICE_E_INVALID, "%s is there already, or is no file: name a new file for the backup",
                         path);
    }
    text_printf(&partial, "%s.partial", path);
    sluice_result result = partial.failed ? error_no_memory(error, partial.length) : SLUICE_OK;
    if (result == SLUICE_OK) {
        result = remove_partial(partial.data, error);
    }
    if (result == SLUICE_OK) {
        result = store_view(s, &view, error);
    }
    if (result == SLUICE_OK) {
        result = store_copy(view, partial.data, options, summary_out, error);
    }
    store_close(&view);
    if (result == SLUICE_OK) {
        result = file_move(partial.data, path, error);
    }
    text_writer_fini(&partial);
    return result;
}
