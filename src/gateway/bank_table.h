/* The dated tables of messages with banks (desk/dated_bank.c), as they hold at one moment. Any thread. */
#ifndef GATEWAY_BANK_TABLE_H
#define GATEWAY_BANK_TABLE_H

#include "base/memory.h"
#include "store/record.h"

typedef enum bank_type { BANK_TEXT, BANK_TIME, BANK_AMOUNT, BANK_COUNT } bank_type;

typedef struct bank_field {
    sluice_text message, field; /* "*" or "stop"; ours */
    sluice_text name;           /* theirs, "Target.AccountNumber" */
    bank_type type;
    size_t bytes_max;
    bool required;
    sluice_text codes; /* "normal=01 urgent=02" */
} bank_field;

typedef struct bank_code {
    sluice_text code, value;
} bank_code;

typedef struct bank_table {
    bank_field *fields;
    size_t field_count;
    bank_code *messages, *results;
    size_t message_count, result_count;
} bank_table;

/* `fields`: the name of the dated table of fields, "bank_field" where a link names no other. A row that cannot be
 * understood is an error that names it (INPUT). */
SLUICE_MUST_USE sluice_result bank_table_load(store *s, sluice_text fields, int64_t at_ms, arena *a,
                                              bank_table *table_out, sluice_error *error);
/* One row's value, for tests and the fuzzer: "NAME type(bytes) [required] [a=b …]". */
bool bank_field_parse(sluice_text value, bank_field *field_out);

/* The code of a message's order (place 0) or feedback (1); empty: there is none. */
sluice_text bank_message_code(const bank_table *table, sluice_text message, size_t place);
/* The message whose order has this code. */
sluice_text bank_message_of(const bank_table *table, sluice_text order_code);
/* What a result code means: "done", "mismatch", … ; empty: unknown. */
sluice_text bank_result_of(const bank_table *table, sluice_text code);
/* The place of one of our fields in a message: its own row, else the one for all; NULL: it is not sent. */
const bank_field *bank_field_of(const bank_table *table, sluice_text message, sluice_text field);

#endif
