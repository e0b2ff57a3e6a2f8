/* A text becomes characters of one, two or four octets in its alphabet, and parts are filled with whole characters:
 *
 *   alphabet              alone        a part of several, behind six octets of header
 *   GSM 7-bit             160          153 septets (the header takes seven of them)
 *   Latin-1, ASCII        140          134 octets
 *   UCS-2 (as UTF-16)      70           67 code units of two octets
 *
 * GSM 7-bit goes one septet in an octet, as SMPP carries it; the carrier packs. */
#include "gateway/smpp_text.h"

#include "base/error.h"
#include "gateway/smpp_pdu.h"

/* TS 23.038 section 6.2.1; what is 0 here is the escape. */
static const uint16_t GSM7[128] = {
    '@',    0xA3, '$',    0xA5,   0xE8,   0xE9,   0xF9,   0xEC,   0xF2,   0xC7,   '\n',   0xD8, 0xF8, '\r', 0xC5, 0xE5,
    0x0394, '_',  0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8, 0x03A3, 0x0398, 0x039E, 0,    0xC6, 0xE6, 0xDF, 0xC9,
    ' ',    '!',  '"',    '#',    0xA4,   '%',    '&',    '\'',   '(',    ')',    '*',    '+',  ',',  '-',  '.',  '/',
    '0',    '1',  '2',    '3',    '4',    '5',    '6',    '7',    '8',    '9',    ':',    ';',  '<',  '=',  '>',  '?',
    0xA1,   'A',  'B',    'C',    'D',    'E',    'F',    'G',    'H',    'I',    'J',    'K',  'L',  'M',  'N',  'O',
    'P',    'Q',  'R',    'S',    'T',    'U',    'V',    'W',    'X',    'Y',    'Z',    0xC4, 0xD6, 0xD1, 0xDC, 0xA7,
    0xBF,   'a',  'b',    'c',    'd',    'e',    'f',    'g',    'h',    'i',    'j',    'k',  'l',  'm',  'n',  'o',
    'p',    'q',  'r',    's',    't',    'u',    'v',    'w',    'x',    'y',    'z',    0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
};
enum { GSM7_ESCAPE = 0x1B };
/* 6.2.1.1 */
static const struct {
    uint8_t septet;
    uint16_t character;
} EXTENSION[] = {{0x0A, '\f'}, {0x14, '^'}, {0x28, '{'}, {0x29, '}'}, {0x2F, '\\'},
                 {0x3C, '['},  {0x3D, '~'}, {0x3E, ']'}, {0x40, '|'}, {0x65, 0x20AC}};
enum { EXTENSION_COUNT = sizeof EXTENSION / sizeof *EXTENSION };

/* The next character of well-formed UTF-8; moves `at`. */
static uint32_t next_character(sluice_text text, size_t *at) {
    const uint8_t *p = (const uint8_t *)text.data + *at;
    size_t more = p[0] < 0x80 ? 0 : p[0] < 0xE0 ? 1 : p[0] < 0xF0 ? 2 : 3;
    uint32_t character = more == 0 ? p[0] : p[0] & (0x3FU >> more);
    for (size_t i = 1; i <= more; i++) {
        character = character << 6 | (p[i] & 0x3FU);
    }
    *at += more + 1;
    return character;
}

/* One character in the alphabet; 0: it is not in it. */
static size_t encode_gsm7(uint32_t character, uint8_t out[4]) {
    for (size_t i = 0; i < 128; i++) {
        if (GSM7[i] == character && i != GSM7_ESCAPE) {
            out[0] = (uint8_t)i;
            return 1;
        }
    }
    for (size_t i = 0; i < EXTENSION_COUNT; i++) {
        if (EXTENSION[i].character == character) {
            out[0] = GSM7_ESCAPE;
            out[1] = EXTENSION[i].septet;
            return 2;
        }
    }
    return 0;
}

static size_t encode_narrow(uint32_t character, uint32_t limit, uint8_t out[4]) {
    out[0] = (uint8_t)character;
    return character < limit ? 1 : 0;
}

static size_t encode_ucs2(uint32_t character, uint8_t out[4]) {
    uint32_t high = character < 0x10000 ? character : 0xD7C0 + (character >> 10), low = 0xDC00 + (character & 0x3FF);
    out[0] = (uint8_t)(high >> 8);
    out[1] = (uint8_t)high;
    out[2] = (uint8_t)(low >> 8);
    out[3] = (uint8_t)low;
    return character < 0x10000 ? 2 : 4;
}

static size_t encode(uint8_t coding, uint32_t character, uint8_t out[4]) {
    switch (coding) {
    case SMPP_CODING_DEFAULT:
        return encode_gsm7(character, out);
    case SMPP_CODING_ASCII:
        return encode_narrow(character, 0x80, out);
    case SMPP_CODING_LATIN1:
        return encode_narrow(character, 0x100, out);
    default:
        return encode_ucs2(character, out);
    }
}

static uint8_t narrow_coding(smpp_narrow narrow) {
    return narrow == SMPP_NARROW_GSM7     ? SMPP_CODING_DEFAULT
           : narrow == SMPP_NARROW_LATIN1 ? SMPP_CODING_LATIN1
                                          : SMPP_CODING_ASCII;
}

static bool fits(sluice_text text, uint8_t coding) {
    uint8_t octets[4];
    for (size_t at = 0; at < text.length;) {
        if (encode(coding, next_character(text, &at), octets) == 0) {
            return false;
        }
    }
    return true;
}

static size_t encoded_bytes(sluice_text text, uint8_t coding) {
    uint8_t octets[4];
    size_t bytes = 0;
    for (size_t at = 0; at < text.length;) {
        bytes += encode(coding, next_character(text, &at), octets);
    }
    return bytes;
}

/* Fills one part from `at` on with whole characters; the octets written. */
static size_t fill(sluice_text text, size_t *at, uint8_t coding, size_t room, uint8_t *out) {
    size_t used = 0;
    while (*at < text.length) {
        uint8_t octets[4];
        size_t next = *at, count = encode(coding, next_character(text, &next), octets);
        if (used + count > room) {
            break;
        }
        memcpy(out + used, octets, count);
        used += count;
        *at = next;
    }
    return used;
}

static sluice_result split_long(sluice_text text, const smpp_text_rules *rules, uint8_t reference, arena *a,
                                smpp_parts *parts, sluice_error *error) {
    size_t room = parts->data_coding == SMPP_CODING_DEFAULT ? 153 : 134, whole = SMPP_UDH_BYTES + room;
    uint8_t *bytes = arena_alloc(a, whole * rules->parts_max);
    parts->parts = arena_alloc(a, sizeof *parts->parts * rules->parts_max);
    if (bytes == NULL || parts->parts == NULL) {
        return error_no_memory(error, whole * rules->parts_max);
    }
    parts->has_header = true;
    for (size_t at = 0; at < text.length; parts->count++) {
        if (parts->count == rules->parts_max) {
            return error_set(error, SLUICE_E_INPUT, "the text needs more than %u short messages", rules->parts_max);
        }
        uint8_t *part = bytes + parts->count * whole;
        size_t used = fill(text, &at, parts->data_coding, room, part + SMPP_UDH_BYTES);
        parts->parts[parts->count] = (smpp_part){part, SMPP_UDH_BYTES + used};
    }
    for (size_t i = 0; i < parts->count; i++) {
        const uint8_t header[SMPP_UDH_BYTES] = {5, 0, 3, reference, (uint8_t)parts->count, (uint8_t)(i + 1)};
        memcpy(bytes + i * whole, header, sizeof header);
    }
    return SLUICE_OK;
}

sluice_result smpp_text_split(sluice_text text, const smpp_text_rules *rules, uint8_t reference, arena *a,
                              smpp_parts *parts_out, sluice_error *error) {
    *parts_out = (smpp_parts){0};
    if (text.length == 0 || !text_is_utf8(text) || memchr(text.data, 0, text.length) != NULL) {
        return error_set(error, SLUICE_E_INPUT, "a short message needs a text in UTF-8");
    }
    uint8_t narrow = narrow_coding(rules->narrow);
    bool is_narrow = rules->narrow != SMPP_NARROW_NONE && fits(text, narrow);
    parts_out->data_coding = is_narrow ? narrow : SMPP_CODING_UCS2;
    size_t bytes = encoded_bytes(text, parts_out->data_coding);
    bool is_short = bytes <= (parts_out->data_coding == SMPP_CODING_DEFAULT ? 160 : 140);
    parts_out->is_payload = !is_short && rules->is_payload && bytes <= SMPP_TEXT_BYTES_MAX;
    if (!is_short && !parts_out->is_payload) {
        return split_long(text, rules, reference, a, parts_out, error);
    }
    uint8_t *out = arena_alloc(a, bytes);
    parts_out->parts = arena_alloc(a, sizeof *parts_out->parts);
    if (out == NULL || parts_out->parts == NULL) {
        return error_no_memory(error, bytes);
    }
    size_t at = 0;
    parts_out->parts[0] = (smpp_part){out, fill(text, &at, parts_out->data_coding, bytes, out)};
    parts_out->count = 1;
    return SLUICE_OK;
}

/* ---- back ---- */

static char *put_utf8(char *out, uint32_t c) {
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    return out;
}

enum { REPLACEMENT = 0xFFFD };

static uint32_t decode_ucs2(const uint8_t *p, size_t left, size_t *used) {
    *used = left < 2 ? 1 : 2;
    if (left < 2) {
        return REPLACEMENT;
    }
    uint32_t unit = (uint32_t)(p[0] << 8 | p[1]);
    if (unit < 0xD800 || unit > 0xDFFF) {
        return unit;
    }
    uint32_t low = left < 4 ? 0 : (uint32_t)(p[2] << 8 | p[3]);
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF) {
        return REPLACEMENT;
    }
    *used = 4;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

static uint32_t decode_gsm7(const uint8_t *p, size_t left, size_t *used) {
    *used = 1;
    if (p[0] >= 128) {
        return REPLACEMENT;
    }
    if (p[0] != GSM7_ESCAPE) {
        return GSM7[p[0]];
    }
    for (size_t i = 0; left > 1 && i < EXTENSION_COUNT; i++) {
        if (EXTENSION[i].septet == p[1]) {
            *used = 2;
            return EXTENSION[i].character;
        }
    }
    return ' '; /* 6.2.1: an escape that means nothing is shown as a space */
}

static uint32_t decode(const uint8_t *p, size_t left, uint8_t coding, size_t *used) {
    *used = 1;
    switch (coding) {
    case SMPP_CODING_UCS2:
        return decode_ucs2(p, left, used);
    case SMPP_CODING_DEFAULT:
        return decode_gsm7(p, left, used);
    case SMPP_CODING_LATIN1:
        return p[0];
    default:
        return p[0] < 0x80 ? p[0] : REPLACEMENT;
    }
}

/* The octets of the header; concatenation with an 8-bit or a 16-bit reference is taken (TS 23.040 9.2.3.24.1, .8). */
static size_t take_header(const uint8_t *bytes, size_t count, smpp_incoming *incoming) {
    size_t end = count == 0 ? 0 : (size_t)bytes[0] + 1;
    if (end > count) {
        return count;
    }
    for (size_t at = 1; at + 2 <= end && at + 2 + bytes[at + 1] <= end; at += 2U + bytes[at + 1]) {
        const uint8_t *element = bytes + at;
        bool is_short = element[0] == 0 && element[1] == 3, is_long = element[0] == 8 && element[1] == 4;
        const uint8_t *place = element + (is_long ? 4 : 3);
        if ((is_short || is_long) && place[0] > 0 && place[1] > 0 && place[1] <= place[0]) {
            incoming->reference = is_long ? (uint16_t)(element[2] << 8 | element[3]) : element[2];
            incoming->part_count = place[0];
            incoming->part = place[1];
        }
    }
    return end;
}

sluice_result smpp_text_decode(const uint8_t *bytes, size_t count, uint8_t data_coding, bool has_header, arena *a,
                               smpp_incoming *incoming_out, sluice_error *error) {
    *incoming_out = (smpp_incoming){.part = 1, .part_count = 1};
    size_t at = has_header ? take_header(bytes, count, incoming_out) : 0;
    char *text = arena_alloc(a, (count - at) * 3 + 1); /* at most three octets of UTF-8 for each of any alphabet */
    if (text == NULL) {
        return error_no_memory(error, count * 3);
    }
    char *end = text;
    while (at < count) {
        size_t used;
        uint32_t character = decode(bytes + at, count - at, data_coding, &used);
        end = put_utf8(end, character == 0 ? REPLACEMENT : character);
        at += used;
    }
    incoming_out->text = (sluice_text){text, (size_t)(end - text)};
    return SLUICE_OK;
}
