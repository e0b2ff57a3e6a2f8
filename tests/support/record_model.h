/* Tables of records for tests, and the plain way to answer queries over them: arrays and loops. */
#ifndef TESTS_SUPPORT_RECORD_MODEL_H
#define TESTS_SUPPORT_RECORD_MODEL_H

#include "store/record.h"

/* Everything a field can be. */
enum {
    THING_NAME,
    THING_STATE,
    THING_AMOUNT,
    THING_DUE,
    THING_OWNER,
    THING_KEY,
    THING_FLAG,
    THING_DOCUMENT,
    THING_BYTES,
    THING_LASTS,
    THING_FIELDS
};
extern const record_table THING;
/* A history: append only. */
enum { EVENT_OF, EVENT_TEXT, EVENT_FIELDS };
extern const record_table EVENT;

#define MODEL_ROWS_MAX 400

typedef struct record_model {
    record rows[MODEL_ROWS_MAX]; /* in the order of their ids; of THING */
    size_t count;
    int64_t next_id;
} record_model;

/* Whether the row is one that the query asks for, whatever its order, after and limit. */
bool record_model_holds(const record *row, const record_query *query);
/* The answer to a query: pointers to rows. Returns how many. */
size_t record_model_select(const record_model *m, const record_query *query, const record *out[MODEL_ROWS_MAX]);
/* Another row with the same key, or the same name and owner: a conflict. */
bool record_model_conflicts(const record_model *m, const record *row);
record *record_model_find(record_model *m, int64_t id);
void record_model_remove(record_model *m, int64_t id);
bool record_value_equal(const record_value *a, const record_value *b, field_type type);
bool record_equal(const record *a, const record *b);

#endif
