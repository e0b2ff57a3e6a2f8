/* Text → tokens, one at a time, without memory but for the bytes of strings (in the build's arena). */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "detect/cel_private.h"

#define NUMBER_BYTES_MAX 64

void cel_fail(cel_build *b, size_t offset, const char *format, ...) {
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    b->failed = true;
    b->environment->report(b->environment->context, offset, text);
}

void *cel_alloc(cel_build *b, size_t bytes) {
    void *made = arena_alloc(&b->memory, bytes);
    if (made == NULL) {
        b->no_memory = true;
        return NULL;
    }
    return memset(made, 0, bytes);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int hex_of(char c) {
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte at a place, or NUL beyond the end. */
static char peek(const cel_build *b, size_t at) {
    return at < b->source.length ? b->source.data[at] : '\0';
}

static size_t skip_space(const cel_build *b, size_t at) {
    for (; at < b->source.length; at++) {
        char c = b->source.data[at];
        if (c == '/' && peek(b, at + 1) == '/') {
            while (at + 1 < b->source.length && b->source.data[at + 1] != '\n') {
                at++;
            }
        } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') {
            break;
        }
    }
    return at;
}

/* ---- numbers ---- */

static void bad(cel_build *b, cel_token *t, const char *text) {
    cel_fail(b, t->at, "%s", text);
    t->kind = CEL_TOKEN_BAD;
}

static void lex_hex(cel_build *b, cel_token *t) {
    uint64_t value = 0;
    size_t at = t->at + 2;
    bool is_beyond = false;
    for (; hex_of(peek(b, at)) >= 0; at++) {
        is_beyond = is_beyond || value >> 60 != 0;
        value = value << 4 | (uint64_t)hex_of(peek(b, at));
    }
    t->end = at;
    t->kind = CEL_TOKEN_INT;
    t->value.i = (int64_t)value;
    t->is_beyond = value == (uint64_t)INT64_MAX + 1;
    if (at == t->at + 2) {
        bad(b, t, "`0x` needs hexadecimal digits after it");
    } else if (is_beyond || value > (uint64_t)INT64_MAX + 1) {
        bad(b, t, "the number does not fit into 64 bits");
    }
}

static void lex_double(cel_build *b, cel_token *t) {
    char digits[NUMBER_BYTES_MAX];
    size_t length = t->end - t->at;
    t->kind = CEL_TOKEN_DOUBLE;
    if (length >= sizeof digits) {
        bad(b, t, "the number is longer than 63 bytes");
        return;
    }
    memcpy(digits, b->source.data + t->at, length);
    digits[length] = '\0';
    t->value.d = strtod(digits, NULL);
    if (!isfinite(t->value.d)) {
        bad(b, t, "the number is beyond what a double holds");
    }
}

static void lex_number(cel_build *b, cel_token *t) {
    if (peek(b, t->at) == '0' && (peek(b, t->at + 1) == 'x' || peek(b, t->at + 1) == 'X')) {
        lex_hex(b, t);
    } else {
        size_t at = t->at;
        uint64_t value = 0;
        bool is_beyond = false;
        for (; is_digit(peek(b, at)); at++) {
            uint64_t digit = (uint64_t)(peek(b, at) - '0');
            is_beyond = is_beyond || value > (UINT64_MAX - digit) / 10;
            value = value * 10 + digit;
        }
        bool is_double = false;
        if (peek(b, at) == '.' && is_digit(peek(b, at + 1))) {
            is_double = true;
            at++;
            while (is_digit(peek(b, at))) {
                at++;
            }
        }
        if (peek(b, at) == 'e' || peek(b, at) == 'E') {
            size_t exponent = at + 1 + (peek(b, at + 1) == '+' || peek(b, at + 1) == '-' ? 1 : 0);
            if (is_digit(peek(b, exponent))) {
                is_double = true;
                for (at = exponent; is_digit(peek(b, at)); at++) {
                }
            }
        }
        t->end = at;
        t->kind = CEL_TOKEN_INT;
        t->value.i = (int64_t)value;
        t->is_beyond = value == (uint64_t)INT64_MAX + 1;
        if (is_double) {
            t->is_beyond = false;
            lex_double(b, t);
        } else if (is_beyond || value > (uint64_t)INT64_MAX + 1) {
            bad(b, t, "the number does not fit into 64 bits: write it with a decimal point to make it a double");
        }
    }
    if (t->kind != CEL_TOKEN_BAD && (peek(b, t->end) == 'u' || peek(b, t->end) == 'U')) {
        bad(b, t, "unsigned numbers are left out of this subset: write it without the `u`");
    } else if (t->kind != CEL_TOKEN_BAD && is_name_start(peek(b, t->end))) {
        bad(b, t, "a number ends where a letter begins: for money write yuan(5000), for time duration(\"1h\")");
    }
}

/* ---- strings ---- */

/* False: not a code point. */
static bool put_code_point(char *out, size_t *length, uint32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        return false;
    }
    if (c < 0x80) {
        out[(*length)++] = (char)c;
    } else if (c < 0x800) {
        out[(*length)++] = (char)(0xC0 | c >> 6);
        out[(*length)++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out[(*length)++] = (char)(0xE0 | c >> 12);
        out[(*length)++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[(*length)++] = (char)(0x80 | (c & 0x3F));
    } else {
        out[(*length)++] = (char)(0xF0 | c >> 18);
        out[(*length)++] = (char)(0x80 | (c >> 12 & 0x3F));
        out[(*length)++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[(*length)++] = (char)(0x80 | (c & 0x3F));
    }
    return true;
}

/* The escape after a backslash at `at` − 1; false: not one. Never longer than its text. */
static bool lex_escape(const cel_build *b, size_t *at, char *out, size_t *length) {
    static const char FROM[] = "\\\"'`?abfnrtv";
    static const char TO[] = "\\\"'`?\a\b\f\n\r\t\v";
    char c = peek(b, *at);
    const char *simple = c == '\0' ? NULL : strchr(FROM, c);
    if (simple != NULL) {
        out[(*length)++] = TO[simple - FROM];
        (*at)++;
        return true;
    }
    uint32_t value = 0;
    size_t digits = c == 'x' || c == 'X' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) {
        for (size_t i = 0; i < 3; i++, (*at)++) {
            char digit = peek(b, *at);
            if (digit < '0' || digit > (i == 0 ? '3' : '7')) {
                return false;
            }
            value = value * 8 + (uint32_t)(digit - '0');
        }
        return put_code_point(out, length, value);
    }
    (*at)++;
    for (size_t i = 0; i < digits; i++, (*at)++) {
        int digit = hex_of(peek(b, *at));
        if (digit < 0) {
            return false;
        }
        value = value << 4 | (uint32_t)digit;
    }
    return put_code_point(out, length, value);
}

static void lex_string(cel_build *b, cel_token *t, bool is_raw) {
    size_t at = t->at + (is_raw ? 1 : 0);
    char quote = peek(b, at);
    bool is_long = peek(b, at + 1) == quote && peek(b, at + 2) == quote;
    at += is_long ? 3 : 1;
    char *text = cel_alloc(b, b->source.length - at + 1);
    size_t length = 0;
    t->kind = text == NULL ? CEL_TOKEN_BAD : CEL_TOKEN_STRING;
    while (text != NULL) {
        char c = peek(b, at);
        if (at >= b->source.length || (!is_long && (c == '\n' || c == '\r'))) {
            t->end = at;
            bad(b, t,
                is_long ? "the text has no end: three quotes are missing, or a line is not indented"
                        : "the text has no end: a quote is missing in this line");
            return;
        }
        if (c == quote && (!is_long || (peek(b, at + 1) == quote && peek(b, at + 2) == quote))) {
            t->end = at + (is_long ? 3 : 1);
            break;
        }
        at++;
        if (c == '\\' && !is_raw) {
            size_t escape = at - 1;
            if (!lex_escape(b, &at, text, &length)) {
                t->at = escape;
                t->end = at;
                bad(b, t, "not an escape: `\\\\` is a backslash, and in r\"…\" a backslash is one as it is");
                return;
            }
        } else {
            text[length++] = c;
        }
    }
    t->value.text = text;
    t->value.length = length;
}

/* ---- signs ---- */

static void lex_sign(cel_build *b, cel_token *t) {
    static const char TWO[][3] = {"&&", "||", "==", "!=", "<=", ">="};
    char c = peek(b, t->at);
    t->kind = CEL_TOKEN_SIGN;
    t->sign[0] = c;
    t->end = t->at + 1;
    for (size_t i = 0; i < sizeof TWO / sizeof TWO[0]; i++) {
        if (c == TWO[i][0] && peek(b, t->at + 1) == TWO[i][1]) {
            t->sign[1] = TWO[i][1];
            t->end = t->at + 2;
            return;
        }
    }
    if (c == '=') {
        bad(b, t, "`=` is not an operator here: `==` compares");
    } else if (c == '&' || c == '|') {
        bad(b, t,
            c == '&' ? "`&` is not an operator: did you mean `&&`?" : "`|` is not an operator: did you mean `||`?");
    } else if (c == '{' || c == '}') {
        bad(b, t, "maps and messages are left out of this subset");
    } else if (c == '#') {
        bad(b, t, "`#` is not known in a condition: its comments begin with `//`");
    } else if (c == '\0' || strchr("+-*/%!<>?:.,()[]", c) == NULL) {
        size_t end = t->end;
        while (((unsigned char)peek(b, end) & 0xC0) == 0x80 && end < t->end + 3) {
            end++;
        }
        if ((unsigned char)c >= 0x80 && text_is_utf8((sluice_text){b->source.data + t->at, end - t->at})) {
            cel_fail(b, t->at, "`%.*s` is not known in a condition: a text stands in quotes, operators are ASCII",
                     (int)(end - t->at), b->source.data + t->at);
        } else if (c > ' ' && c < 0x7F) {
            cel_fail(b, t->at, "`%c` is not known in a condition", c);
        } else {
            cel_fail(b, t->at, "the byte 0x%02X is not known in a condition", (unsigned)(unsigned char)c);
        }
        t->kind = CEL_TOKEN_BAD;
    }
}

void cel_next_token(cel_build *b, size_t from, cel_token *token_out) {
    cel_token t = {.at = skip_space(b, from)};
    char c = peek(b, t.at);
    char after = peek(b, t.at + 1);
    if (t.at >= b->source.length) {
        t.end = t.at;
    } else if (is_digit(c) || (c == '.' && is_digit(after))) {
        lex_number(b, &t);
    } else if (c == '"' || c == '\'') {
        lex_string(b, &t, false);
    } else if ((c == 'r' || c == 'R') && (after == '"' || after == '\'')) {
        lex_string(b, &t, true);
    } else if ((c == 'b' || c == 'B') && (after == '"' || after == '\'')) {
        t.end = t.at + 1;
        bad(b, &t, "bytes are left out of this subset: write the text without `b`");
    } else if (is_name_start(c)) {
        t.kind = CEL_TOKEN_NAME;
        for (t.end = t.at + 1; is_name_start(peek(b, t.end)) || is_digit(peek(b, t.end)); t.end++) {
        }
    } else {
        lex_sign(b, &t);
    }
    *token_out = t;
}
