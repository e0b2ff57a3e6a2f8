/* A format is a row of literals with values between them. Matching walks both from the left: a number takes its digits,
 * a text ends where the next literal begins, and if the rest does not fit it ends at the next such place. The row with
 * the most literal bytes wins, so "%s is expected" never hides a sentence that says more. Work is bounded (STEPS_MAX a
 * row), because values come from whoever wrote the input. */
#include "text/chinese.h"

#include <ctype.h>

#include "text/chinese_private.h"

enum { VALUES_MAX = 9, STEPS_MAX = 4000, DEPTH_MAX = 3 };

typedef struct matching {
    sluice_text values[VALUES_MAX];
    size_t count, literal_bytes, steps;
} matching;

/* One conversion such as %.*s, %llu or %02X: what follows it, and whether it is a number. */
static const char *after_conversion(const char *at, bool *is_number_out) {
    at++;
    while (*at != '\0' && strchr("-+ #0123456789.*lhzjt", *at) != NULL) {
        at++;
    }
    *is_number_out = *at != '\0' && strchr("duixXofg", *at) != NULL;
    return *at == '\0' ? at : at + 1;
}

static size_t literal_length(const char *format) {
    const char *end = strchr(format, '%');
    return end == NULL ? strlen(format) : (size_t)(end - format);
}

static size_t number_length(sluice_text text) {
    size_t n = text.length > 0 && text.data[0] == '-' ? 1 : 0;
    while (n < text.length && (isxdigit((unsigned char)text.data[n]) || (text.data[n] == '.' && n + 1 < text.length &&
                                                                         isdigit((unsigned char)text.data[n + 1])))) {
        n++;
    }
    return n;
}

static bool match(matching *m, const char *format, sluice_text text);

/* A number is all of its digits. A text ends at the first place from which the rest of the format fits; if another
 * value follows at once it takes all there is, and leaves that one nothing. */
static bool match_value(matching *m, const char *rest, bool is_number, sluice_text text) {
    matching before = *m;
    bool takes_all = is_number || (rest[0] == '%' && rest[1] != '%');
    size_t most = is_number ? number_length(text) : text.length;
    for (size_t length = takes_all ? most : 0; length <= most; length++) {
        size_t steps = m->steps;
        *m = before;
        m->steps = steps + 1;
        if (m->steps > STEPS_MAX || m->count == VALUES_MAX || (is_number && length == 0)) {
            return false;
        }
        m->values[m->count++] = (sluice_text){text.data, length};
        if ((*rest != '\0' || length == text.length) &&
            match(m, rest, (sluice_text){text.data + length, text.length - length})) {
            return true;
        }
    }
    return false;
}

static bool match(matching *m, const char *format, sluice_text text) {
    for (;;) {
        size_t length = literal_length(format);
        if (length > text.length || memcmp(format, text.data, length) != 0) {
            return false;
        }
        m->literal_bytes += length;
        text = (sluice_text){text.data + length, text.length - length};
        format += length;
        if (*format == '\0') {
            return text.length == 0;
        }
        if (format[1] != '%') {
            bool is_number = false;
            const char *rest = after_conversion(format, &is_number);
            return match_value(m, rest, is_number, text);
        }
        if (text.length == 0 || text.data[0] != '%') {
            return false;
        }
        m->literal_bytes++;
        text = (sluice_text){text.data + 1, text.length - 1};
        format += 2;
    }
}

static const chinese_row *find(sluice_text english, matching *best) {
    const chinese_part *const parts[] = {&CHINESE_DESK, &CHINESE_FIELDS, &CHINESE_SERVER, &CHINESE_RULES,
                                         &CHINESE_IMPORT};
    const chinese_row *found = NULL;
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        for (size_t i = 0; i < parts[p]->count; i++) {
            matching m = {.count = 0};
            if (match(&m, parts[p]->rows[i].english, english) &&
                (found == NULL || m.literal_bytes > best->literal_bytes)) {
                *best = m;
                found = &parts[p]->rows[i];
            }
        }
    }
    return found;
}

static bool write_at_depth(text_writer *writer, sluice_text english, int depth);

/* A text that has both languages: where the Chinese ends; else 0. */
static size_t chinese_half(sluice_text text) {
    bool has_chinese = false;
    for (size_t i = 0; i + 2 < text.length; i++) {
        unsigned char lead = (unsigned char)text.data[i];
        has_chinese = has_chinese || (lead >= 0xe4 && lead <= 0xe9); /* U+4000 to U+9FFF */
        if (has_chinese && memcmp(text.data + i, " / ", 3) == 0) {
            return i;
        }
    }
    return 0;
}

/* A value that has no row is a name, a code or what somebody wrote. */
static void write_value(text_writer *writer, sluice_text value, int depth) {
    size_t half = chinese_half(value);
    if (half > 0) {
        value.length = half;
    } else if (value.length > 0 && depth < DEPTH_MAX && write_at_depth(writer, value, depth + 1)) {
        return;
    }
    text_write(writer, value);
}

static void write_row(text_writer *writer, const chinese_row *row, const matching *m, int depth) {
    for (const char *at = row->chinese; *at != '\0'; at++) {
        size_t value =
            at[0] == '{' && at[1] >= '1' && at[1] <= '9' && at[2] == '}' ? (size_t)(at[1] - '1') : VALUES_MAX;
        if (value < m->count) {
            write_value(writer, m->values[value], depth);
            at += 2;
        } else {
            text_write_char(writer, *at);
        }
    }
}

static bool write_at_depth(text_writer *writer, sluice_text english, int depth) {
    matching m = {.count = 0};
    const chinese_row *row = find(english, &m);
    if (row != NULL) {
        write_row(writer, row, &m, depth);
        return true;
    }
    /* "place: sentence": the place stays */
    for (size_t i = 0; depth == 0 && i + 2 < english.length; i++) {
        if (english.data[i] == ':' && english.data[i + 1] == ' ') {
            sluice_text rest = {english.data + i + 2, english.length - i - 2};
            row = find(rest, &m);
            if (row != NULL) {
                sluice_text place = {english.data, i};
                write_value(writer, place, memchr(place.data, ' ', i) == NULL ? DEPTH_MAX : 1); /* a word is a name */
                text_write(writer, TEXT("："));
                write_row(writer, row, &m, depth);
                return true;
            }
        }
    }
    return false;
}

bool chinese_write(text_writer *writer, sluice_text english) {
    return english.length > 0 && write_at_depth(writer, english, 0);
}

void chinese_add(json_document *d, yyjson_mut_val *object, const char *key, sluice_text english) {
    text_writer said = {0};
    if (chinese_write(&said, english)) {
        yyjson_mut_val *value = said.failed ? NULL : yyjson_mut_strncpy(d->doc, said.data, said.length);
        json_add(d, object, key, value);
    }
    text_writer_fini(&said);
}

static sluice_text cut(sluice_text text, size_t bytes_max) {
    size_t length = text.length < bytes_max ? text.length : bytes_max;
    while (length < text.length && length > 0 && ((unsigned char)text.data[length] & 0xc0) == 0x80) {
        length--;
    }
    return (sluice_text){text.data, length};
}

sluice_text chinese_both(arena *a, sluice_text english, size_t bytes_max) {
    text_writer both = {0};
    sluice_text made = english;
    if (chinese_half(english) == 0 && chinese_write(&both, english)) {
        text_write(&both, TEXT(" / "));
        text_write(&both, english);
        const char *copy = both.failed ? NULL : arena_copy(a, both.data, both.length);
        made = copy == NULL ? english : (sluice_text){copy, both.length};
    }
    text_writer_fini(&both);
    return cut(made, bytes_max);
}
