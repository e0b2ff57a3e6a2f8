/* Fields of a mapped row as values. Private to mapped.c and mapped_values.c. Each bool function returns false when the
 * row is over: rejected, or memory is exhausted. */
#ifndef SIGNAL_MAPPED_PRIVATE_H
#define SIGNAL_MAPPED_PRIVATE_H

#include "signal/mapped.h"

typedef struct mapped_row {
    format_row *row;
    const mapped_state *state;
    const mapping *mapping;
} mapped_row;

/* Which way the money went, seen from the statement's account. */
typedef enum side { SIDE_NONE, SIDE_OUT, SIDE_IN } side;

/* The field's column as in the file, for messages. */
sluice_text mapped_name(const mapped_row *m, mapping_field field);
/* Without what keeps a spreadsheet from spoiling a card number: ="6228…", '6228…, tabs. */
sluice_text mapped_strip(sluice_text text);
/* The texts of a field's columns, joined by blanks. */
sluice_text mapped_joined(const mapped_row *m, const mapping_spec *spec);
/* A field's text after its table of values; empty when the mapping has no such field. */
bool mapped_text(const mapped_row *m, mapping_field field, sluice_text *text_out);
bool mapped_has(const mapped_row *m, mapping_field field);
/* mapped_text with a lifetime of the chunk. */
bool mapped_kept(const mapped_row *m, mapping_field field, sluice_text *kept_out);
bool mapped_time(const mapped_row *m, int64_t *time_ms_out);
/* `kind:text`, or the text when it begins with a kind. */
bool mapped_key(const mapped_row *m, mapping_field field, sluice_text kind, sluice_text text, sluice_text *key_out);
bool mapped_account_key(const mapped_row *m, mapping_field field, sluice_text text, sluice_text *key_out);
bool mapped_holder_key(const mapped_row *m, mapping_field field, sluice_text text, sluice_text *key_out);
bool mapped_account(const mapped_row *m, mapping_field field, sluice_text *key_out);
/* Exact, in fen, whatever the unit of the mapping. */
bool mapped_amount(const mapped_row *m, mapping_field field, sluice_text text, bool may_be_negative, int64_t *fen_out);
/* An empty balance is none. */
bool mapped_balance(const mapped_row *m, mapping_field field, bool *has_out, int64_t *fen_out);
/* The amount, made positive, and the side it says. `reversed_out`: payer and payee change places. */
bool mapped_movement_amount(const mapped_row *m, int64_t *fen_out, side *side_out, bool *reversed_out);

#endif
