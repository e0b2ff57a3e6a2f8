#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"

int text_compare(sluice_text a, sluice_text b) {
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0) {
        return order;
    }
    return (a.length > b.length) - (a.length < b.length);
}

sluice_text text_trim(sluice_text text) {
    while (text.length > 0 && (unsigned char)text.data[0] <= ' ') {
        text.data++;
        text.length--;
    }
    while (text.length > 0 && (unsigned char)text.data[text.length - 1] <= ' ') {
        text.length--;
    }
    return text;
}

bool text_to_u64(sluice_text text, uint64_t *value_out) {
    if (text.length == 0 || text.length > 20) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
        if (digit > 9 || __builtin_mul_overflow(value, 10u, &value) || __builtin_add_overflow(value, digit, &value)) {
            return false;
        }
    }
    *value_out = value;
    return true;
}

size_t text_of_u64(uint64_t value, unsigned base, char digits_out[TEXT_U64_BYTES]) {
    char backwards[TEXT_U64_BYTES];
    size_t length = 0;
    do {
        backwards[length++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    for (size_t i = 0; i < length; i++) {
        digits_out[i] = backwards[length - 1 - i];
    }
    digits_out[length] = '\0';
    return length;
}

bool text_split(sluice_text text, char separator, sluice_text *before_out, sluice_text *after_out) {
    const char *at = text.length == 0 ? NULL : memchr(text.data, separator, text.length);
    if (at == NULL) {
        *before_out = text;
        *after_out = (sluice_text){NULL, 0};
        return false;
    }
    size_t before = (size_t)(at - text.data);
    *before_out = (sluice_text){text.data, before};
    *after_out = (sluice_text){at + 1, text.length - before - 1};
    return true;
}

/* Unicode 15, table 3-7: well-formed UTF-8, with a fast lane for eight ASCII bytes at a time. */
bool text_is_utf8(sluice_text text) {
    const unsigned char *p = (const unsigned char *)text.data;
    const unsigned char *end = p + text.length;
    while (p < end) {
        uint64_t eight;
        if (end - p >= 8 && (memcpy(&eight, p, 8), (eight & UINT64_C(0x8080808080808080)) == 0)) {
            p += 8;
            continue;
        }
        if (*p < 0x80) {
            p++;
            continue;
        }
        unsigned lead = *p;
        int more = lead >= 0xC2 && lead <= 0xDF   ? 1
                   : lead >= 0xE0 && lead <= 0xEF ? 2
                   : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                  : 0;
        if (more == 0 || end - p <= more) {
            return false;
        }
        unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (p[1] < low || p[1] > high) {
            return false;
        }
        for (int i = 2; i <= more; i++) {
            if ((p[i] & 0xC0) != 0x80) {
                return false;
            }
        }
        p += more + 1;
    }
    return true;
}

static bool writer_reserve(text_writer *writer, size_t more) {
    if (writer->failed || more > SIZE_MAX - writer->length - 1 ||
        !ARRAY_RESERVE(writer->data, writer->capacity, writer->length + more + 1)) {
        writer->failed = true;
        return false;
    }
    return true;
}

void text_write(text_writer *writer, sluice_text text) {
    if (writer_reserve(writer, text.length)) {
        if (text.length > 0) {
            memcpy(writer->data + writer->length, text.data, text.length);
        }
        writer->length += text.length;
        writer->data[writer->length] = '\0';
    }
}

void text_write_char(text_writer *writer, char character) {
    text_write(writer, (sluice_text){&character, 1});
}

/* What a spreadsheet would compute: also the wide forms, which some take for the narrow ones. */
static bool begins_formula(sluice_text text) {
    static const char *const WIDE[] = {"＝", "＋", "－", "＠"};
    bool found = text.length > 0 && memchr("=+-@\t\r\n", text.data[0], 7) != NULL;
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE && !found; i++) {
        found = text.length >= 3 && memcmp(text.data, WIDE[i], 3) == 0;
    }
    return found;
}

void text_write_cell(text_writer *writer, sluice_text text) {
    bool formula = begins_formula(text);
    bool quoted = false;
    for (size_t i = 0; i < text.length && !quoted; i++) {
        quoted = memchr(",\"\r\n", text.data[i], 4) != NULL;
    }
    if (quoted) {
        text_write_char(writer, '"');
    }
    if (formula) {
        text_write_char(writer, '\'');
    }
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"') {
            text_write_char(writer, '"');
        }
        text_write_char(writer, text.data[i]);
    }
    if (quoted) {
        text_write_char(writer, '"');
    }
}

void text_printf(text_writer *writer, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length >= 0 && writer_reserve(writer, (size_t)length)) {
        (void)vsnprintf(writer->data + writer->length, (size_t)length + 1, format, again);
        writer->length += (size_t)length;
    }
    va_end(again);
}

void text_writer_fini(text_writer *writer) {
    memory_free(writer->data);
    memset(writer, 0, sizeof *writer);
}

size_t text_distance(sluice_text a, sluice_text b) {
    size_t row[TEXT_DISTANCE_BYTES_MAX + 1];
    if (a.length > TEXT_DISTANCE_BYTES_MAX || b.length > TEXT_DISTANCE_BYTES_MAX) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b.length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t substituted = diagonal + (a.data[i - 1] != b.data[j - 1]);
            diagonal = row[j];
            size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
            row[j] = substituted < shorter + 1 ? substituted : shorter + 1;
        }
    }
    return row[b.length];
}
