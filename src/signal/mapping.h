/* Mapping files: which of a bank's columns is which field. docs/importing.md is the reference.
 *
 * A mapping is a list of columns (names or places) and, for each field of a record, what it is made of. A source of
 * rows hands over the text of each column of the list; mapped.c makes signals of them. */
#ifndef SIGNAL_MAPPING_H
#define SIGNAL_MAPPING_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/signal.h>

#include "base/memory.h"

/* The fields of records. The order is that of docs/importing.md. */
#define MAPPING_FIELDS(X)                                                                                              \
    X(KIND, "kind")                                                                                                    \
    X(ID, "id")                                                                                                        \
    X(TIME, "time")                                                                                                    \
    X(FROM, "from")                                                                                                    \
    X(TO, "to")                                                                                                        \
    X(AMOUNT, "amount")                                                                                                \
    X(CURRENCY, "currency")                                                                                            \
    X(RECEIVED, "received")                                                                                            \
    X(RECEIVED_CURRENCY, "received_currency")                                                                          \
    X(FROM_BALANCE, "from_balance")                                                                                    \
    X(TO_BALANCE, "to_balance")                                                                                        \
    X(ACCOUNT, "account")                                                                                              \
    X(COUNTERPARTY, "counterparty")                                                                                    \
    X(DIRECTION, "direction")                                                                                          \
    X(AMOUNT_OUT, "amount_out")                                                                                        \
    X(AMOUNT_IN, "amount_in")                                                                                          \
    X(BALANCE, "balance")                                                                                              \
    X(KEY, "key")                                                                                                      \
    X(TYPE, "type")                                                                                                    \
    X(HOLDER, "holder")                                                                                                \
    X(NAME, "name")                                                                                                    \
    X(EVENT, "event")                                                                                                  \
    X(DEVICE, "device")                                                                                                \
    X(PLACE, "place")                                                                                                  \
    X(LABEL, "label")

typedef enum mapping_field {
#define MAPPING_FIELD_ENUM(name, text) MAPPING_##name,
    MAPPING_FIELDS(MAPPING_FIELD_ENUM)
#undef MAPPING_FIELD_ENUM
        MAPPING_FIELD_COUNT
} mapping_field;

const char *mapping_field_name(mapping_field field);

typedef struct mapping_value { /* what stands in the file → what it means */
    sluice_text is, means;
} mapping_value;

#define MAPPING_PARTS_MAX 4

typedef struct mapping_spec {
    bool present, optional;
    uint32_t columns[MAPPING_PARTS_MAX]; /* places in mapping.columns; joined by a blank */
    size_t column_count;                 /* 0: `fixed` */
    sluice_text fixed;
    const mapping_value *values; /* empty: the text itself */
    size_t value_count;
    sluice_text otherwise; /* for a text that is in no value */
    sluice_text empty;     /* for an empty text */
    bool has_otherwise, has_empty;
} mapping_spec;

typedef struct mapping_column {
    sluice_text name; /* or empty: `place` */
    size_t place;     /* from 1 */
    bool optional;    /* every use of it is */
} mapping_column;

/* Rows in which a column has one of some values. */
typedef struct mapping_condition {
    bool present;
    uint32_t column;
    const sluice_text *values;
    size_t value_count;
} mapping_condition;

typedef enum mapping_negative { /* what a negative amount means */
                                NEGATIVE_REJECT,
                                NEGATIVE_OUT,      /* money left the account, a positive one came in */
                                NEGATIVE_IN,       /* the other way round */
                                NEGATIVE_REVERSED, /* payer and payee change places */
                                NEGATIVE_ABSOLUTE, /* nothing: another column says the direction */
} mapping_negative;

struct mapping {
    arena memory;
    sluice_text source; /* the file's bytes */
    const char *path;   /* for messages */
    mapping_column *columns;
    size_t column_count, column_capacity;
    mapping_spec fields[MAPPING_FIELD_COUNT];
    mapping_condition withdrawal_when, ignore_when;
    sluice_text encoding; /* empty: not said */
    char delimiter;       /* '\0': not said */
    bool quotes, header;
    uint64_t skip_lines;
    int64_t timezone_ms;     /* local minus UTC */
    sluice_text time_format; /* empty: time_parse's */
    sluice_text key_kind, holder_kind;
    bool holder_is_identity_number;
    bool amount_is_fen;
    mapping_negative negative;
};

typedef struct mapping mapping;

/* Reads a mapping file. INPUT names file, line, the key and what was expected. */
SLUICE_MUST_USE sluice_result mapping_load(const char *path, mapping **mapping_out, sluice_error *error);
/* The same from a text in memory (copied); `path` is for messages and must outlive the mapping. */
SLUICE_MUST_USE sluice_result mapping_parse(sluice_text text, const char *path, mapping **mapping_out,
                                            sluice_error *error);
void mapping_free(mapping **mapping);
/* The bytes that it was read from. */
sluice_text mapping_source(const mapping *mapping);

#endif
