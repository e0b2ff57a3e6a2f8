#include "desk/nonce.h"

#include "desk/desk_private.h"

enum { NONCE_PARTNER, NONCE_VALUE, NONCE_UNTIL, NONCE_FIELDS, FORGOTTEN_AT_ONCE = 8 };
static const record_field FIELDS[NONCE_FIELDS] = {
    [NONCE_PARTNER] = {"partner", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "partner", .zh = "对方"},
    [NONCE_VALUE] = {"nonce", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 100, .en = "nonce", .zh = "随机数"},
    [NONCE_UNTIL] = {"until", FIELD_TIME, .en = "kept until", .zh = "保留至"},
};
const record_table NONCE_TABLE = {"nonce",
                                  FIELDS,
                                  NONCE_FIELDS,
                                  (const record_index[]){{true, {NONCE_PARTNER, NONCE_VALUE, RECORD_END, RECORD_END}},
                                                         {false, {NONCE_UNTIL, RECORD_END, RECORD_END, RECORD_END}}},
                                  2,
                                  false,
                                  "what is said once",
                                  "防重放"};

/* A few of the old ones with each new one: the table stays as large as its window. */
static sluice_result forget_old(desk_command *c) {
    query_term old = {NONCE_UNTIL, QUERY_LESS, value_integer(c->now_ms), NULL, 0};
    record_query query = {.table = &NONCE_TABLE, .terms = &old, .term_count = 1, .order = NONCE_UNTIL};
    record *rows = NULL;
    size_t count = 0;
    query.limit = FORGOTTEN_AT_ONCE;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = store_delete(c->desk->store, &NONCE_TABLE, rows[i].id, c->error);
    }
    return result;
}

sluice_result nonce_use(desk_command *c, sluice_text partner, sluice_text nonce, int64_t until_ms) {
    query_term same[2] = {{NONCE_PARTNER, QUERY_EQUAL, value_text(partner), NULL, 0},
                          {NONCE_VALUE, QUERY_EQUAL, value_text(nonce), NULL, 0}};
    record_query query = {.table = &NONCE_TABLE, .terms = same, .term_count = 2};
    uint64_t count = 0;
    sluice_result result = store_count(c->desk->store, &query, 1, &count, c->error);
    if (result == SLUICE_OK && count > 0) {
        return error_set(c->error, SLUICE_E_CONFLICT, "this was said before: a message is taken once");
    }
    record_value values[NONCE_FIELDS] = {[NONCE_PARTNER] = value_text(partner),
                                         [NONCE_VALUE] = value_text(nonce),
                                         [NONCE_UNTIL] = until_ms == 0 ? value_null() : value_integer(until_ms)};
    record row = {.table = &NONCE_TABLE, .values = values};
    result = result == SLUICE_OK ? desk_insert(c, &row) : result;
    return result == SLUICE_OK ? forget_old(c) : result;
}
