/* AMLworld's files: the table of transactions, the list of patterns, and the patterns as JSON. */
#ifndef SIGNAL_AMLWORLD_PRIVATE_H
#define SIGNAL_AMLWORLD_PRIVATE_H

#include "base/time.h"
#include "signal/format_private.h"

#define AMLWORLD_OFFSET_MS TIME_SHANGHAI_OFFSET_MS /* of its times, which name no zone */

typedef enum amlworld_role { AMLWORLD_TABLE, AMLWORLD_PATTERNS, AMLWORLD_JSON } amlworld_role;

typedef enum amlworld_slot {
    AMLWORLD_TIME,
    AMLWORLD_FROM_BANK,
    AMLWORLD_FROM,
    AMLWORLD_TO_BANK,
    AMLWORLD_TO,
    AMLWORLD_RECEIVED,
    AMLWORLD_RECEIVED_CURRENCY,
    AMLWORLD_PAID,
    AMLWORLD_PAID_CURRENCY,
    AMLWORLD_LABEL,
    AMLWORLD_SLOT_COUNT
} amlworld_slot;

#define AMLWORLD_NOTE_BYTES 32 /* of a kind of pattern, "gather-scatter" */

/* The state of a table or a list of patterns. The memories are those of the row before: rows come in runs. */
typedef struct amlworld_state {
    size_t columns[AMLWORLD_SLOT_COUNT];
    sluice_text currency_name; /* in the file */
    sluice_currency currency;
    char date[10];
    int64_t date_ms; /* midnight of `date`, UTC; `date` is all zero before the first */
    char *room;      /* for keys, of the chunk that is being filled */
    size_t room_left;
    char pattern[AMLWORLD_NOTE_BYTES]; /* list: the kind of pattern that the rows belong to */
    size_t pattern_length;
} amlworld_state;

/* A row's transfer, from the text of its slots and their names; label: what an is_laundering of 1 becomes. */
void amlworld_take(format_row *row, const sluice_text slots[AMLWORLD_SLOT_COUNT],
                   const sluice_text names[AMLWORLD_SLOT_COUNT], sluice_text label);
/* "FAN-OUT:  Max 16-degree Fan-Out" → "fan-out". Returns the length. */
size_t amlworld_pattern_kind(sluice_text type, char kind_out[AMLWORLD_NOTE_BYTES]);

sluice_result amlworld_table_read(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                                  sluice_error *error);
sluice_result amlworld_json_open(format_reader *reader, sluice_error *error);
void amlworld_json_close(format_reader *reader);

#endif
