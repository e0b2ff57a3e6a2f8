/* What the files of records share: how a table lies in the database, and the making of statements.
 *
 *   "desk_<name>"(id, version, created_ms, updated_ms, "<field>" …, checksum)
 *   "desk_<name>_<hash>"      an index; besides its fields it has the id, so that ties lie in order
 *   "desk_<name>_r<hash>"     on PostgreSQL: statistics of which references follow from each other
 *   record_table(name, shape, next_id, checksum)
 *
 * `shape` is what the table was made from, as a text; an open with the same descriptions only reads it. */
#ifndef STORE_RECORD_PRIVATE_H
#define STORE_RECORD_PRIVATE_H

#include "base/text.h"
#include "store/store_private.h"

#define RECORD_NAME_PREFIX "desk_"
#define RECORD_FIELDS_MAX 64
#define RECORD_COLUMNS_BEFORE 4 /* id, version, created_ms, updated_ms */
#define RECORD_COLUMNS_MAX (RECORD_FIELDS_MAX + RECORD_COLUMNS_BEFORE + 1)
#define RECORD_TABLES_MAX 128
#define RECORD_NAME_BYTES_MAX 40
/* PostgreSQL has no index entries over a third of a page; the same on both. */
#define RECORD_INDEX_BYTES_MAX 2000
#define SQL_PARAMETERS_MAX 512 /* of one statement */

/* A table that store_ensure_tables was told of. Read by any thread; next_id by the writer alone. */
typedef struct record_binding {
    const record_table *table;
    char name[RECORD_NAME_BYTES_MAX + 6]; /* "desk_…" */
    char types[RECORD_COLUMNS_MAX + 1];   /* of all columns */
    uint8_t by_name[RECORD_FIELDS_MAX];   /* fields in the order of their names */
    char *columns;                        /* all of them, quoted, for SELECT and INSERT */
    char *insert, *update, *get;          /* statements */
    char *insert_many;                    /* of record_rows_at_once */
    record_index *indexes;                /* those described, and those of fields that lists can be filtered by */
    size_t index_count;
    char *shape;               /* as the database has it */
    bool has_unique;           /* indexes */
    int64_t next_id;           /* with the transaction under way … */
    int64_t next_id_committed; /* … and in the database */
    int64_t next_id_marked[STORE_SAVEPOINTS_MAX];
} record_binding;

typedef struct record_tables {
    record_binding *bindings[RECORD_TABLES_MAX];
    size_t count;
    uint64_t key[2]; /* of the rows' checksums */
} record_tables;

static inline size_t record_column_count(const record_table *table) {
    return table->field_count + RECORD_COLUMNS_BEFORE + 1;
}
/* How many rows one statement inserts, where many are inserted. */
static inline size_t record_rows_at_once(const record_table *table) {
    return SQL_PARAMETERS_MAX / record_column_count(table);
}

/* NULL after INVALID in *error: nobody told the store of this table. */
record_binding *record_bind(const store *s, const record_table *table, sluice_error *error);

static inline char field_letter(field_type type) {
    return type == FIELD_BLOB ? 'b' : field_is_text(type) ? 't' : 'i';
}

/* record_checksum.c: SipHash-2-4 over the row. */
SLUICE_MUST_USE sluice_result record_checksum_key(const store *s, uint64_t key_out[2], sluice_error *error);
uint64_t record_checksum(const record_tables *tables, const record_binding *b, const record *r);
uint64_t record_counter_checksum(const record_tables *tables, sluice_text name, sluice_text shape, int64_t next_id);

/* record_check.c: INVALID with the field and why. */
SLUICE_MUST_USE sluice_result record_check(const record *r, sluice_error *error);
SLUICE_MUST_USE sluice_result record_check_table(const record_table *table, sluice_error *error);

/* record_plan.c: which index a select goes by. */
#define RECORD_WAYS_MAX 12
typedef struct record_plan {
    bool is_chosen;  /* an index; else the database finds its way */
    bool is_ordered; /* the index gives the query's order */
    uint64_t terms;  /* the query's, a bit each, that the index is searched by */
    int taken_apart; /* a QUERY_IN that becomes a part for each value; -1: none */
} record_plan;
/* The indexes of a table. False: no memory. */
bool record_plan_bind(record_binding *b);
bool record_plan_is_ordered(const record_binding *b, const record_query *q);
SLUICE_MUST_USE sluice_result record_plan_is_few(store *s, const record_binding *b, const record_query *q,
                                                 bool *few_out, sluice_error *error);
SLUICE_MUST_USE sluice_result record_plan_make(store *s, const record_binding *b, const record_query *q,
                                               record_plan *plan_out, sluice_error *error);
/* Of counts and sums: an index that covers them; none: the database finds its way. `fields`: what is asked for besides
 * the query's terms; RECORD_END among them is nothing. */
SLUICE_MUST_USE sluice_result record_plan_cover(store *s, const record_binding *b, const record_query *q,
                                                const uint8_t *fields, size_t field_count, record_plan *plan_out,
                                                sluice_error *error);

/* A statement in the making. Zero-initialise but for `binding` and, for a select, `plan`. */
#define PREFIX_BYTES_MAX 255
typedef struct sql_builder {
    const record_binding *binding;
    text_writer text;
    char types[SQL_PARAMETERS_MAX + 1];
    record_value parameters[SQL_PARAMETERS_MAX];
    size_t count;
    bool has_where;
    record_plan plan;
    bool once;  /* not kept prepared */
    bool hides; /* the database is told the index: what that is not searched by is hidden */
    char prefix_ends[8][PREFIX_BYTES_MAX + 1]; /* upper bounds of prefixes */
    size_t prefix_count;
} sql_builder;

/* record_terms.c: conditions, each behind WHERE or AND. INVALID, with table and field, for those that cannot be; a
 * builder's first failure of memory is told by sql_finish. `hidden`: kept from SQLite's search for an index. */
char sql_letter(const record_table *table, uint8_t field); /* i, t or b: what a column's values are */
sluice_result sql_invalid_term(const sql_builder *b, uint8_t field, const char *why, sluice_error *error);
SLUICE_MUST_USE sluice_result sql_write_comparison(sql_builder *b, uint8_t field, bool hidden, const char *operator,
                                                   record_value value, sluice_error *error);
/* `low` and `high`: which of the two bounds are wanted. */
SLUICE_MUST_USE sluice_result sql_write_prefix(sql_builder *b, const query_term *term, bool hidden, bool low, bool high,
                                               sluice_error *error);
void sql_write_null(sql_builder *b, uint8_t field, bool hidden, const char *condition);
SLUICE_MUST_USE sluice_result sql_write_term(sql_builder *b, const query_term *term, bool hidden, sluice_error *error);
SLUICE_MUST_USE sluice_result sql_write_terms(sql_builder *b, const record_query *query, sluice_error *error);
SLUICE_MUST_USE sluice_result sql_finish(const sql_builder *b, sluice_result result, sluice_error *error);

/* record_select.c: what becomes of a query's page. */
SLUICE_MUST_USE sluice_result record_sql_select(sql_builder *b, const record_query *query, sluice_error *error);
/* record_count.c. */
SLUICE_MUST_USE sluice_result record_sql_count(sql_builder *b, const record_query *query, uint64_t limit,
                                               sluice_error *error);
SLUICE_MUST_USE sluice_result record_sql_group(sql_builder *b, const record_query *query, const uint8_t by[2],
                                               uint8_t sum, char columns_out[5], sluice_error *error);
SLUICE_MUST_USE sluice_result record_sql_distinct(sql_builder *b, const record_query *query, const uint8_t by[2],
                                                  uint8_t field, char columns_out[5], sluice_error *error);
/* One row with a column for each measure; `distinct`: the field of the different values, RECORD_END: there are none. */
SLUICE_MUST_USE sluice_result record_sql_measure(sql_builder *b, const record_query *query,
                                                 const record_measure *measures, size_t count, uint8_t distinct,
                                                 sluice_error *error);
/* record_sql.c: INSERT, UPDATE, SELECT by id of a table, for its binding. False: no memory. */
bool record_sql_bind(record_binding *b);
/* The name of a column: a field's or that of QUERY_ID … */
const char *record_column(const record_table *table, uint8_t field);
void record_index_name(const record_binding *b, const record_index *index, char name_out[64]);

#endif
