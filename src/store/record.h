/* Records: what the desk keeps, described once.
 *
 * A record_table says what a kind of record is made of: fields with their type, whether they are secret and how they
 * are masked, what they are called in both languages, and which indexes there are. From this one description come the
 * SQL of both databases, the JSON of the API, its OpenAPI schema, masking, and the move from one database to the other.
 * Nobody above the store writes SQL.
 *
 * Every record has, besides its fields, an id (1, 2, 3 … within its table; never used again), a version (1 when it was
 * inserted, one more with each update: the API's ETag), and when it was created and last updated.
 *
 * Damage and edits behind our back are found: each row carries a checksum under the database's secret over all its
 * columns, and reading a row that does not match it is DAMAGED, with table and id.
 *
 * Threads: reading functions may be called from any thread and see what is committed, and called by the writer between
 * store_begin and store_commit they see its own writes. Writing functions belong to the writer, between store_begin and
 * store_commit. Names of tables and fields are C identifiers of at most 40 bytes; the store quotes and prefixes them.
 *
 * Cost: a get, an insert or an update is one statement (SQLite: 5 to 20 µs; PostgreSQL: a round trip). A select whose
 * equal terms are the first fields of an index, and whose order is the next one, reads `limit` rows and no others, in a
 * table of any size. */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "base/memory.h"
#include "store/store.h"

typedef enum field_type {
    FIELD_INTEGER,
    FIELD_BOOLEAN,   /* 0, 1 */
    FIELD_MONEY,     /* fen */
    FIELD_TIME,      /* ms since 1970 UTC */
    FIELD_DURATION,  /* ms */
    FIELD_REFERENCE, /* the id of a record of the table `target` */
    FIELD_TEXT,      /* UTF-8 */
    FIELD_CODE,      /* a word of `codes`, or of a dated table when `codes` is NULL */
    FIELD_KEY,       /* kind:value, as the graph has it */
    FIELD_JSON,      /* a JSON document, as text */
    FIELD_BLOB,      /* bytes */
    FIELD_TYPE_COUNT
} field_type;

/* What a field tells about a person, and so how it is masked (desk/mask.h) unless a purpose was given. */
typedef enum field_secrecy {
    SECRECY_NONE,
    SECRECY_NAME,     /* 张** */
    SECRECY_PHONE,    /* 138****5678 */
    SECRECY_ACCOUNT,  /* 6228********0018 */
    SECRECY_IDENTITY, /* of an identity number: the last four */
    SECRECY_ADDRESS,  /* the first six characters */
    SECRECY_KEY,      /* by the key's kind */
    SECRECY_WORDS,    /* free text: hidden as a whole */
    SECRECY_SECRET,   /* never leaves the store by the API, whatever the purpose: hashes of passwords and tokens */
} field_secrecy;

enum {
    FIELD_REQUIRED = 1, /* never null */
    FIELD_FIXED = 2,    /* set when the record is made, never changed */
    FIELD_SERVER = 4,   /* set by us, never taken from a client */
    FIELD_FILTER = 8,   /* lists can be filtered by it */
    /* Numbers and amounts that come from outside are 0 or more, but: */
    FIELD_POSITIVE = 16, /* more than 0: an amount that is ordered, lost or paid */
    FIELD_SIGNED = 32,   /* less than 0 too: a longitude */
};

typedef struct record_field {
    const char *name;
    field_type type;
    field_secrecy secrecy;
    unsigned flags;
    const char *codes;  /* FIELD_CODE: "new|assigned|closed" */
    const char *target; /* FIELD_REFERENCE: a table's name */
    uint32_t bytes_max; /* texts, JSON and blobs; 0: 4,000 */
    const char *en, *zh;
} record_field;

#define RECORD_INDEX_FIELDS 4
/* Field numbers, then RECORD_END if there are fewer. Nulls are never equal. */
#define RECORD_END 0xFF
typedef struct record_index {
    bool unique;
    uint8_t fields[RECORD_INDEX_FIELDS];
} record_index;

typedef struct record_table {
    const char *name;
    const record_field *fields;
    size_t field_count; /* at most 64 */
    const record_index *indexes;
    size_t index_count;
    bool append_only; /* neither updated nor deleted: history, audit, evidence */
    const char *en, *zh;
} record_table;

/* Integers, booleans, money, times, durations and references are in `integer`; texts, codes, keys, JSON and blobs in
 * `text`. Texts that were read live in the arena that was given. */
typedef struct record_value {
    bool is_null;
    int64_t integer;
    sluice_text text;
} record_value;

typedef struct record {
    const record_table *table;
    int64_t id, version;
    int64_t created_ms, updated_ms;
    record_value *values; /* [table->field_count] */
} record;

static inline bool field_is_text(field_type type) {
    return type >= FIELD_TEXT;
}
/* A value's text; empty where it is null. */
static inline sluice_text value_text_or_empty(const record_value *value) {
    return value->is_null ? (sluice_text){NULL, 0} : value->text;
}
static inline record_value value_null(void) {
    return (record_value){.is_null = true};
}
static inline record_value value_integer(int64_t integer) {
    return (record_value){.integer = integer};
}
static inline record_value value_text(sluice_text text) {
    return (record_value){.text = text};
}

/* An empty record (all null) in the arena; false: no memory. */
bool record_init(record *r, const record_table *table, arena *a);

/* Makes what is missing of these tables: new ones, new fields (null in rows that are there), new indexes; in one
 * transaction of its own. A field that changed its type is refused (INVALID). Call once after open, before the rest. */
SLUICE_MUST_USE sluice_result store_ensure_tables(store *s, const record_table *const *tables, size_t count,
                                                  sluice_error *error);

/* ---- writing ---- */

/* Parts of a transaction that can be undone on their own: a failed command in a group. They nest. */
SLUICE_MUST_USE sluice_result store_savepoint(store *s, sluice_error *error);
SLUICE_MUST_USE sluice_result store_savepoint_keep(store *s, sluice_error *error);
void store_savepoint_undo(store *s);

/* Sets id, version and both times (now_ms). Errors: CONFLICT (a unique index; the text names table and fields),
 * INVALID (a required field is null, a text too long or not UTF-8, a code that is not in `codes`). */
SLUICE_MUST_USE sluice_result store_insert(store *s, record *r, int64_t now_ms, sluice_error *error);
/* Writes all fields where the id has r->version; sets version and updated_ms. Errors: STALE (another version is there),
 * NOT_FOUND, and those of insert. */
SLUICE_MUST_USE sluice_result store_update(store *s, record *r, int64_t now_ms, sluice_error *error);
SLUICE_MUST_USE sluice_result store_delete(store *s, const record_table *table, int64_t id, sluice_error *error);
/* Many of one table, as they stand in another database, with their ids, versions and times, and unchecked: for
 * migration, restore and what fills a database for tests. A dozen to fifty rows are one statement. Errors: CONFLICT
 * (one is there already; after it the transaction is to be undone, because others may have been inserted). */
SLUICE_MUST_USE sluice_result store_insert_copies(store *s, const record_table *table, const record *rows, size_t count,
                                                  sluice_error *error);

/* ---- reading ---- */

/* Errors: NOT_FOUND, DAMAGED, IO, NO_MEMORY. */
SLUICE_MUST_USE sluice_result store_get(store *s, const record_table *table, int64_t id, arena *a, record *record_out,
                                        sluice_error *error);

typedef enum query_operator {
    QUERY_EQUAL,
    QUERY_NOT_EQUAL,
    QUERY_LESS,
    QUERY_LESS_EQUAL,
    QUERY_GREATER,
    QUERY_GREATER_EQUAL,
    QUERY_PREFIX, /* of a text, bytewise */
    QUERY_IN,     /* any of `values` */
    QUERY_NULL,
    QUERY_NOT_NULL,
} query_operator;

/* Instead of a field's number. */
#define QUERY_ID 0xF0
#define QUERY_CREATED 0xF1
#define QUERY_UPDATED 0xF2

typedef struct query_term {
    uint8_t field;
    query_operator is;
    record_value value;
    const record_value *values; /* QUERY_IN */
    size_t value_count;
} query_term;

/* Rows where all terms hold, in the order of one field (nulls last), ties by id. `after`, the place of the last row of
 * the page before, continues it exactly, whatever was inserted meanwhile. */
typedef struct record_query {
    const record_table *table;
    const query_term *terms;
    size_t term_count;
    uint8_t order; /* a field or QUERY_…; 0xFF: the id */
    bool descending;
    bool has_after;
    record_value after;
    int64_t after_id;
    size_t limit; /* 0: 100; at most 10,000 */
    /* Of one value there are a million rows and of another one none: a select is planned for the values that it is
     * asked with, each time (some 100 µs), and not for what values are like. */
    bool is_uneven;
} record_query;

/* Whether an index gives the rows of a query in its order: then a page costs a page, however many rows there are. */
bool store_is_ordered(store *s, const record_query *query);
/* Whether there are so few rows (below 4,000, counted in an index) that they can be read and sorted in any order: some
 * 10 ms. Asking costs some 100 µs. */
SLUICE_MUST_USE sluice_result store_is_few(store *s, const record_query *query, bool *few_out, sluice_error *error);
/* *rows_out is in the arena. */
SLUICE_MUST_USE sluice_result store_select(store *s, const record_query *query, arena *a, record **rows_out,
                                           size_t *count_out, sluice_error *error);
/* The first row; NOT_FOUND when there is none. */
SLUICE_MUST_USE sluice_result store_find(store *s, const record_query *query, arena *a, record *record_out,
                                         sluice_error *error);
/* The id that was given last, whether or not the row is still there; kept under a checksum beside the table. 0: none.
 */
SLUICE_MUST_USE sluice_result store_newest_id(store *s, const record_table *table, int64_t *id_out,
                                              sluice_error *error);
/* How many rows, counted up to `limit` (0: all of them); order, after and limit of the query are not used. */
SLUICE_MUST_USE sluice_result store_count(store *s, const record_query *query, uint64_t limit, uint64_t *count_out,
                                          sluice_error *error);

/* Rows grouped by up to two fields (RECORD_END: none), with the count of each group and the sum of a number. In the
 * order of the groups. */
typedef struct record_group {
    record_value by[2];
    uint64_t count;
    int64_t sum;
} record_group;
SLUICE_MUST_USE sluice_result store_group(store *s, const record_query *query, const uint8_t by[2], uint8_t sum,
                                          arena *a, record_group **groups_out, size_t *count_out, sluice_error *error);
/* The same with the number of different values of a field as the count (nulls are none); groups without any are left
 * out. */
SLUICE_MUST_USE sluice_result store_group_distinct(store *s, const record_query *query, const uint8_t by[2],
                                                   uint8_t field, arena *a, record_group **groups_out,
                                                   size_t *count_out, sluice_error *error);

/* Many numbers of one pass over the rows of a query. Each is of those rows where its own terms hold too: how many they
 * are, the sum of a field, or how many different values it has (nulls are none). */
typedef enum record_measure_kind { MEASURE_COUNT, MEASURE_SUM, MEASURE_DISTINCT } record_measure_kind;
typedef struct record_measure {
    record_measure_kind kind;
    uint8_t field; /* of a sum or of different values; those of one pass are all of the same field */
    const query_term *terms;
    size_t term_count;
} record_measure;
#define RECORD_MEASURES_MAX 32
SLUICE_MUST_USE sluice_result store_measure(store *s, const record_query *query, const record_measure *measures,
                                            size_t count, int64_t *values_out, sluice_error *error);

#endif
