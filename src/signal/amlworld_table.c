/* The fast path of AMLworld's table.
 *
 * One pass over a line, eight bytes at a time, finds the commas and that there is nothing unusual: no byte outside
 * printable ASCII and no quotation mark. Then each field is read where it must be: a time of 16 characters whose date
 * is mostly the one before, amounts with at most two decimals, currencies mostly those of the row before, and keys that
 * are copied side by side into a block of the chunk's arena. A row that is unusual in any way is left to amlworld_take,
 * which also says why if it is wrong; so both paths mean the same by construction, and a test holds them to it.
 *
 * The tricks for eight bytes at a time are those of "Bit Twiddling Hacks" (Anderson) and Hacker's Delight §6-1. They
 * are exact here because all bytes are below 0x80, which is checked first. */
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "signal/amlworld_private.h"
#include "signal/currency.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS (ONES * 0x80)
#define COMMAS_MAX 15
#define COPY_BYTES 16 /* fields are copied in blocks of this many, past their end */
#define ROOM_BYTES ((size_t)64 << 10)
#define KEY_ROOM (sizeof "account:/" + 2 * COPY_BYTES + COPY_BYTES)
static const char KEY_KIND[8] = {'a', 'c', 'c', 'o', 'u', 'n', 't', ':'};

/* Bytes of `word` that equal `byte`: 0x80 there, 0 elsewhere. */
static inline uint64_t bytes_equal(uint64_t word, unsigned char byte) {
    uint64_t difference = word ^ (ONES * byte);
    return ~(difference + ONES * 0x7F) & HIGHS;
}

/* 0x80 for each byte outside ' '…'~', and for quotation marks. */
static inline uint64_t bytes_unusual(uint64_t word) {
    uint64_t below = ~((word | HIGHS) - ONES * 0x20) & HIGHS;
    uint64_t above = (word | (word + ONES)) & HIGHS;
    return below | above | bytes_equal(word, '"');
}

/* The places of the commas; returns how many there are, or SIZE_MAX when the line needs the slow path. */
static size_t find_commas(const char *line, size_t length, uint32_t commas_out[COMMAS_MAX + 8]) {
    size_t count = 0;
    uint64_t unusual = 0;
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = ONES * ' ';
        if (length - i >= 8) {
            memcpy(&word, line + i, 8);
        } else {
            memcpy(&word, line + i, length - i);
        }
        unusual |= bytes_unusual(word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        for (uint64_t found = bytes_equal(word, ','); found != 0; found &= found - 1) {
            commas_out[count++] = (uint32_t)(i + (size_t)__builtin_ctzll(found) / 8);
        }
        if (count > COMMAS_MAX) {
            return SIZE_MAX;
        }
    }
    return unusual != 0 ? SIZE_MAX : count;
}

static inline bool two_digits(const char *p, unsigned *value_out) {
    unsigned tens = (unsigned)(unsigned char)p[0] - '0';
    unsigned ones = (unsigned)(unsigned char)p[1] - '0';
    *value_out = tens * 10 + ones;
    return tens <= 9 && ones <= 9;
}

/* "2022/09/01 00:20". */
static bool fast_time(amlworld_state *state, sluice_text text, int64_t *time_ms_out) {
    const char *p = text.data;
    unsigned hour, minute;
    if (text.length != 16 || p[4] != '/' || p[7] != '/' || p[10] != ' ' || p[13] != ':' || !two_digits(p + 11, &hour) ||
        !two_digits(p + 14, &minute) || hour > 23 || minute > 59) {
        return false;
    }
    if (memcmp(state->date, p, sizeof state->date) != 0) {
        if (!time_parse((sluice_text){p, sizeof state->date}, AMLWORLD_OFFSET_MS, &state->date_ms)) {
            state->date[0] = '\0';
            return false;
        }
        memcpy(state->date, p, sizeof state->date);
    }
    *time_ms_out = state->date_ms + (int64_t)(hour * 60 + minute) * 60000;
    return true;
}

/* Digits, then nothing or a point and one or two digits; at most 15 digits in all, so that nothing overflows. */
static bool fast_amount(sluice_text text, int64_t *fen_out) {
    if (text.length == 0 || text.length > 16) {
        return false;
    }
    uint64_t value = 0;
    size_t i = 0;
    unsigned digit;
    for (; i < text.length && (digit = (unsigned)(unsigned char)text.data[i] - '0') <= 9; i++) {
        value = value * 10 + digit;
    }
    size_t decimals = 0;
    if (i < text.length) {
        decimals = text.length - i - 1;
        if (i == 0 || text.data[i] != '.' || decimals == 0 || decimals > 2) {
            return false;
        }
        for (i++; i < text.length; i++) {
            digit = (unsigned)(unsigned char)text.data[i] - '0';
            if (digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
    } else if (i > 15) {
        return false;
    }
    static const uint8_t SCALE[] = {100, 10, 1};
    *fen_out = (int64_t)(value * SCALE[decimals]);
    return true;
}

static inline bool fast_currency(amlworld_state *state, sluice_text name, sluice_currency *currency_out) {
    if (!text_equal(name, state->currency_name)) {
        sluice_currency currency;
        if (!currency_of_name(name, &currency)) {
            return false;
        }
        state->currency = currency;
        state->currency_name = name;
    }
    *currency_out = state->currency;
    return true;
}

/* A field of a key: short, and without blanks around it, which the slow path trims. The whole line is printable. */
static inline bool part_is_plain(sluice_text part) {
    return part.length - 1 < COPY_BYTES && part.data[0] != ' ' && part.data[part.length - 1] != ' ';
}

/* Writes "account:<bank>/<account>"; both parts may be read, and the room written, up to COPY_BYTES on. */
static inline sluice_text put_key(amlworld_state *state, sluice_text bank, sluice_text account) {
    char *key = state->room;
    memcpy(key, KEY_KIND, sizeof KEY_KIND);
    char *p = key + sizeof KEY_KIND;
    memcpy(p, bank.data, COPY_BYTES);
    p += bank.length;
    *p++ = '/';
    memcpy(p, account.data, COPY_BYTES);
    p += account.length;
    size_t length = (size_t)(p - key);
    state->room += length;
    state->room_left -= length;
    return (sluice_text){key, length};
}

static inline sluice_text slot_of(const amlworld_state *state, const char *line, size_t length, const uint32_t *commas,
                                  size_t count, amlworld_slot slot) {
    size_t column = state->columns[slot];
    size_t begin = column == 0 ? 0 : commas[column - 1] + 1;
    size_t end = column == count ? length : commas[column];
    return (sluice_text){line + begin, end - begin};
}

/* A signal out of a line; false: nothing was done, the slow path must. */
static bool take_line(format_reader *reader, format_chunk *chunk, const char *line, size_t length) {
    amlworld_state *state = reader->state;
    uint32_t commas[COMMAS_MAX + 8] = {0};
    size_t count = find_commas(line, length, commas);
    if (count != reader->column_count - 1 || state->room_left < 2 * KEY_ROOM) {
        return false;
    }
#define SLOT(name) slot_of(state, line, length, commas, count, AMLWORLD_##name)
    sluice_text from_bank = SLOT(FROM_BANK), from = SLOT(FROM), to_bank = SLOT(TO_BANK), to = SLOT(TO);
    sluice_text label = SLOT(LABEL);
    sluice_signal made;
    memset(&made, 0, sizeof made);
    if (!fast_time(state, SLOT(TIME), &made.time_ms) || !part_is_plain(from_bank) || !part_is_plain(from) ||
        !part_is_plain(to_bank) || !part_is_plain(to) || !fast_amount(SLOT(RECEIVED), &made.received_fen) ||
        !fast_currency(state, SLOT(RECEIVED_CURRENCY), &made.received_currency) ||
        !fast_amount(SLOT(PAID), &made.amount_fen) || !fast_currency(state, SLOT(PAID_CURRENCY), &made.currency) ||
        label.length != 1 || (label.data[0] != '0' && label.data[0] != '1')) {
        return false;
    }
#undef SLOT
    made.kind = SLUICE_SIGNAL_TRANSFER;
    made.from = put_key(state, from_bank, from);
    made.to = put_key(state, to_bank, to);
    made.label = label.data[0] == '1' ? TEXT("laundering") : (sluice_text){NULL, 0};
    made.source_row = reader->position.row + 1;
    made.source_line = reader->position.line + 1;
    chunk->signals[chunk->count++] = made;
    return true;
}

sluice_result amlworld_table_read(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                                  sluice_error *error) {
    amlworld_state *state = reader->state;
    format_position *position = &reader->position;
    state->room_left = 0; /* the arena may have been reset since */
    sluice_result result = SLUICE_OK;
    for (size_t rows = 0; result == SLUICE_OK && !chunk->end && rows < chunk->capacity &&
                          chunk->capacity - chunk->count >= FORMAT_ROW_SIGNALS_MAX;
         rows++) {
        if (state->room_left < 2 * KEY_ROOM) {
            state->room = arena_alloc(&chunk->texts, ROOM_BYTES);
            state->room_left = state->room == NULL ? 0 : ROOM_BYTES; /* without room the slow path says so */
        }
        size_t left = reader->text.length - (size_t)position->offset;
        const char *line = reader->text.data + position->offset;
        const char *newline = left == 0 ? NULL : memchr(line, '\n', left);
        size_t length = newline == NULL ? 0 : (size_t)(newline - line);
        bool has_margin = left - length >= COPY_BYTES; /* fields are read past their end */
        size_t trimmed = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        if (has_margin && trimmed > 0 && length <= UINT16_MAX && take_line(reader, chunk, line, trimmed)) {
            position->offset += length + 1;
            position->line++;
            position->row++;
        } else {
            result = reader_take_record(reader, chunk, reject, context, &chunk->end, error);
        }
    }
    return result;
}
