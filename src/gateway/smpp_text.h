/* Texts of short messages: which alphabet, how many parts, and back to UTF-8 (3GPP TS 23.038 for the alphabets,
 * TS 23.040 section 9.2.3.24.1 for long messages, SMPP 3.4 section 5.2.19 for data_coding). Any thread. */
#ifndef GATEWAY_SMPP_TEXT_H
#define GATEWAY_SMPP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"

/* What carries a text that needs no Chinese; a text that does not fit into it goes as UCS-2. */
typedef enum smpp_narrow { SMPP_NARROW_GSM7, SMPP_NARROW_LATIN1, SMPP_NARROW_ASCII, SMPP_NARROW_NONE } smpp_narrow;

enum { SMPP_CODING_DEFAULT = 0, SMPP_CODING_ASCII = 1, SMPP_CODING_LATIN1 = 3, SMPP_CODING_UCS2 = 8 };
enum { SMPP_PARTS_MAX = 255, SMPP_UDH_BYTES = 6 };

typedef struct smpp_text_rules {
    smpp_narrow narrow;
    bool is_payload;    /* a long text goes as one message_payload, up to SMPP_TEXT_BYTES_MAX; longer ones in parts */
    uint32_t parts_max; /* 1 to SMPP_PARTS_MAX */
} smpp_text_rules;

typedef struct smpp_part {
    const uint8_t *bytes; /* with the user data header where there are several */
    size_t count;
} smpp_part;

typedef struct smpp_parts {
    uint8_t data_coding;
    bool has_header; /* ESM class UDHI */
    bool is_payload;
    size_t count;
    smpp_part *parts; /* of the arena */
} smpp_parts;

/* Splits between characters: never inside a surrogate pair or behind an escape. `reference` is that of the long
 * message, of which carriers compare 8 bits. Errors: INPUT: empty, not UTF-8, a NUL in it, or more than `parts_max`
 * parts; NO_MEMORY. */
SLUICE_MUST_USE sluice_result smpp_text_split(sluice_text text, const smpp_text_rules *rules, uint8_t reference,
                                              arena *a, smpp_parts *parts_out, sluice_error *error);

/* What came, as UTF-8. A character that cannot be becomes U+FFFD. The parts of a long message come one by one, with the
 * place of each. */
typedef struct smpp_incoming {
    sluice_text text; /* of the arena */
    uint16_t reference;
    uint8_t part, part_count; /* 1 of 1: not a long one */
} smpp_incoming;

SLUICE_MUST_USE sluice_result smpp_text_decode(const uint8_t *bytes, size_t count, uint8_t data_coding, bool has_header,
                                               arena *a, smpp_incoming *incoming_out, sluice_error *error);

#endif
