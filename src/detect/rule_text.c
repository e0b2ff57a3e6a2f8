/* Files of rules as lines and words, and the problems found in them.
 *
 * A logical line is a line and those after it that are indented deeper, so nothing needs a sign at its end. Words end
 * at spaces; quoted texts have three escapes. Problems are kept with their place and sorted at the end; their lines are
 * counted from the last problem on, so that a file full of them costs about one pass; after PROBLEMS_KEPT_MAX of them
 * reading ends. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "detect/rule_private.h"

#define NUMBER_BYTES_MAX 40
#define TEXTS_JOINED_MAX 64
#define TEXT_BYTES_MAX 4096

/* ---- problems ---- */

void rule_place(rule_loader *l, uint32_t file, size_t at, uint32_t *line_out, uint32_t *column_out) {
    sluice_text text = l->sources[file].text;
    if (l->counted_line == 0 || l->counted_file != file) {
        l->counted_file = file;
        l->counted_line = 1;
        l->counted_at = 0;
    }
    at = at > text.length ? text.length : at;
    for (; l->counted_at < at; l->counted_at++) {
        l->counted_line += text.data[l->counted_at] == '\n';
    }
    for (; l->counted_at > at; l->counted_at--) {
        l->counted_line -= text.data[l->counted_at - 1] == '\n';
    }
    size_t start = at;
    while (start > 0 && text.data[start - 1] != '\n') {
        start--;
    }
    uint32_t column = 1;
    for (size_t i = start; i < at; i++) {
        column += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    *line_out = l->counted_line;
    *column_out = column;
}

static void keep_problem(rule_loader *l, uint32_t file, uint32_t line, uint32_t column, const char *format,
                         va_list args) SLUICE_PRINTF(5, 0);
static void keep_problem(rule_loader *l, uint32_t file, uint32_t line, uint32_t column, const char *format,
                         va_list args) {
    size_t count = l->problem_total++;
    if (count >= PROBLEMS_KEPT_MAX) {
        return;
    }
    if (!ARRAY_RESERVE(l->problems, l->problem_capacity, count + 1) ||
        !ARRAY_RESERVE(l->problem_places, l->place_capacity, count + 1)) {
        l->no_memory = true;
        return;
    }
    rule_problem *p = &l->problems[count];
    l->problem_places[count] = (uint64_t)file << 32 | count;
    l->problem_count = count + 1;
    *p = (rule_problem){.line = line, .column = column};
    (void)vsnprintf(p->text, sizeof p->text, format, args);
    const char *path = file == RULE_NONE ? "" : l->sources[file].path;
    int length = snprintf(p->file, sizeof p->file, "%s%s%s", l->folder, path[0] == '\0' ? "" : "/", path);
    if (length >= (int)sizeof p->file) { /* its end says more */
        size_t skip = strlen(path) < sizeof p->file ? 0 : strlen(path) - sizeof p->file + 1;
        (void)snprintf(p->file, sizeof p->file, "%s", path + skip);
    }
}

void rule_fail_at(rule_loader *l, uint32_t file, uint32_t line, uint32_t column, const char *format, ...) {
    va_list args;
    va_start(args, format);
    keep_problem(l, file, line, column, format, args);
    va_end(args);
}

void rule_fail(rule_loader *l, uint32_t file, size_t at, const char *format, ...) {
    uint32_t line = 0;
    uint32_t column = 0;
    if (l->problem_total >= PROBLEMS_KEPT_MAX) {
        l->problem_total++;
        return;
    }
    rule_place(l, file, at, &line, &column);
    va_list args;
    va_start(args, format);
    keep_problem(l, file, line, column, format, args);
    va_end(args);
}

bool rule_stopped(const rule_loader *l) {
    return l->no_memory || l->problem_total >= PROBLEMS_KEPT_MAX;
}

char *rule_copy(rule_loader *l, sluice_text text) {
    char *copy = arena_alloc(&l->set->memory, text.length + 1);
    if (copy == NULL) {
        l->no_memory = true;
        return NULL;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    return copy;
}

/* ---- lines ---- */

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* The physical line at `at`: its first sign (or its end) and its end. */
static void line_bounds(sluice_text text, size_t at, size_t *first_out, size_t *end_out) {
    const char *newline = memchr(text.data + at, '\n', text.length - at);
    *end_out = newline == NULL ? text.length : (size_t)(newline - text.data);
    size_t first = at;
    while (first < *end_out && is_space(text.data[first])) {
        first++;
    }
    *first_out = first;
}

bool rule_line_next(rule_lines *lines, bool continues, rule_words *words_out) {
    sluice_text text = lines->text;
    size_t first = 0;
    size_t end = 0;
    for (;; lines->at = end + 1) {
        if (lines->at >= text.length) {
            return false;
        }
        line_bounds(text, lines->at, &first, &end);
        if (first < end && text.data[first] != '#') {
            break;
        }
    }
    sluice_text indent = {text.data + lines->at, first - lines->at};
    *words_out = (rule_words){lines->loader, lines->file, text, first, end};
    lines->at = end + 1;
    for (size_t at = lines->at; continues && at < text.length; at = end + 1) {
        line_bounds(text, at, &first, &end);
        if (first >= end || text.data[first] == '#') {
            continue;
        }
        if (first - at <= indent.length || memcmp(text.data + at, indent.data, indent.length) != 0) {
            break;
        }
        words_out->end = end;
        lines->at = end + 1;
    }
    return true;
}

/* ---- words ---- */

static rule_word bad_word(rule_words *words, size_t at, const char *text) {
    rule_fail(words->loader, words->file, at, "%s", text);
    words->at = words->end;
    return (rule_word){.kind = RULE_WORD_BAD, .at = at, .end = at};
}

static rule_word quoted_word(rule_words *words) {
    size_t start = words->at++;
    const char *data = words->text.data;
    size_t end = words->at;
    while (end < words->end && data[end] != '"' && data[end] != '\n') {
        end += data[end] == '\\' && end + 1 < words->end ? 2 : 1;
    }
    if (end >= words->end || data[end] == '\n') {
        return bad_word(words, start, "the text has no end: `\"` is missing in this line");
    }
    char *text = rule_copy(words->loader, (sluice_text){data + words->at, end - words->at});
    size_t length = 0;
    for (size_t i = words->at; i < end && text != NULL; i++) {
        if (data[i] != '\\') {
            text[length++] = data[i];
            continue;
        }
        char c = data[++i];
        if (c != '"' && c != '\\' && c != 'n') {
            return bad_word(words, i - 1, "not an escape: only \\\", \\\\ and \\n are");
        }
        text[length++] = (char)(c == 'n' ? '\n' : c);
    }
    words->at = end + 1;
    if (text == NULL) {
        return (rule_word){.kind = RULE_WORD_BAD, .at = start, .end = start};
    }
    return (rule_word){RULE_WORD_QUOTED, start, end + 1, {text, length}};
}

rule_word rule_word_next(rule_words *words) {
    const char *data = words->text.data;
    bool in_comment = false;
    while (words->at < words->end) {
        char c = data[words->at];
        in_comment = c == '#' || (in_comment && c != '\n');
        if (!in_comment && !is_space(c) && c != '\n') {
            break;
        }
        words->at++;
    }
    if (words->at >= words->end) {
        return (rule_word){.kind = RULE_WORD_END, .at = words->at, .end = words->at};
    }
    if (data[words->at] == '"') {
        return quoted_word(words);
    }
    size_t start = words->at;
    while (words->at < words->end && !is_space(data[words->at]) && data[words->at] != '\n' && data[words->at] != '"') {
        words->at++;
    }
    return (rule_word){RULE_WORD, start, words->at, {data + start, words->at - start}};
}

bool rule_word_is(const rule_word *word, const char *text) {
    return word->kind == RULE_WORD && text_equal(word->text, text_of(text));
}

void rule_expected(rule_words *words, const rule_word *word, const char *what) {
    if (word->kind == RULE_WORD_END) {
        rule_fail(words->loader, words->file, word->at, "expected %s, but the line ends here", what);
    } else if (word->kind != RULE_WORD_BAD) {
        size_t length = word->end - word->at > 60 ? 60 : word->end - word->at;
        rule_fail(words->loader, words->file, word->at, "expected %s, found `%.*s`", what, (int)length,
                  words->text.data + word->at);
    }
    words->at = words->end;
}

bool rule_words_end(rule_words *words) {
    rule_word word = rule_word_next(words);
    if (word.kind != RULE_WORD_END) {
        rule_expected(words, &word, "the end of the line");
        return false;
    }
    return true;
}

bool rule_is_name(sluice_text text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!(c >= 'a' && c <= 'z') && (i == 0 || (!(c >= '0' && c <= '9') && c != '_'))) {
            return false;
        }
    }
    return text.length > 0 && text.length <= RULE_NAME_BYTES_MAX;
}

/* ---- values ---- */

/* YYYY-MM-DD → the day's beginning in Asia/Shanghai. */
static bool date_parse(sluice_text text, int64_t *time_ms_out) {
    unsigned parts[3] = {0};
    if (text.length != 10 || text.data[4] != '-' || text.data[7] != '-') {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (i == 4 || i == 7) {
            continue;
        }
        unsigned digit = (unsigned)(text.data[i] - '0');
        unsigned *part = &parts[i < 4 ? 0 : i < 7 ? 1 : 2];
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        *part = *part * 10 + digit;
    }
    if (parts[0] < 1901 || parts[0] > 5999 || parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31) {
        return false;
    }
    int64_t days = time_days_from_civil(parts[0], parts[1], parts[2]);
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    time_civil_from_days(days, &year, &month, &day); /* 30 February comes back as another day */
    *time_ms_out = days * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS;
    return month == parts[1] && day == parts[2];
}

bool rule_take_date(rule_words *words, int64_t *time_ms_out) {
    rule_word word = rule_word_next(words);
    if (word.kind != RULE_WORD || !date_parse(word.text, time_ms_out)) {
        rule_expected(words, &word, "a day such as 2026-12-31");
        return false;
    }
    return true;
}

rule_word rule_word_peek(const rule_words *words) {
    rule_words copy = *words;
    size_t at = copy.at;
    while (at < copy.end && (is_space(copy.text.data[at]) || copy.text.data[at] == '\n')) {
        at++;
    }
    if (at < copy.end && copy.text.data[at] == '"') { /* unread: its problems come when it is taken */
        return (rule_word){.kind = RULE_WORD_QUOTED, .at = at, .end = at};
    }
    return rule_word_next(&copy);
}

bool rule_take_range(rule_words *words, int64_t *from_ms_out, int64_t *to_ms_out) {
    char joined[32] = {0};
    size_t length = 0;
    rule_word first = rule_word_peek(words);
    for (rule_word word = first; word.kind == RULE_WORD && strchr("0123456789.", word.text.data[0]) != NULL;
         word = rule_word_peek(words)) {
        if (word.text.length > sizeof joined - length) {
            break;
        }
        memcpy(joined + length, word.text.data, word.text.length);
        length += word.text.length;
        (void)rule_word_next(words);
    }
    const char *dots = memmem(joined, length, "..", 2);
    size_t before = dots == NULL ? 0 : (size_t)(dots - joined);
    size_t after = dots == NULL ? 0 : length - before - 2;
    *from_ms_out = INT64_MIN;
    *to_ms_out = INT64_MAX;
    if (dots == NULL || (before > 0 && !date_parse((sluice_text){joined, before}, from_ms_out)) ||
        (after > 0 && !date_parse((sluice_text){dots + 2, after}, to_ms_out))) {
        rule_expected(words, &first, "a time such as `2026-01-01 ..` or `2026-01-01 .. 2027-01-01`");
        return false;
    }
    if (*from_ms_out >= *to_ms_out) {
        rule_fail(words->loader, words->file, first.at,
                  "it ends before it begins: the second day is not included any more");
        return false;
    }
    return true;
}

bool rule_take_number(rule_words *words, const char *what, double *number_out) {
    rule_word word = rule_word_next(words);
    char text[NUMBER_BYTES_MAX];
    bool is_number = word.kind == RULE_WORD && word.text.length < sizeof text;
    for (size_t i = 0; is_number && i < word.text.length; i++) {
        char c = word.text.data[i];
        is_number = (c >= '0' && c <= '9') || c == '.' || (c == '-' && i == 0);
        text[i] = c;
    }
    char *end = NULL;
    if (is_number) {
        text[word.text.length] = '\0';
        *number_out = strtod(text, &end);
    }
    if (!is_number || end != text + word.text.length || end == text) {
        rule_expected(words, &word, what);
        return false;
    }
    return true;
}

bool rule_take_texts(rule_words *words, const char *what, sluice_text *text_out) {
    rule_word word = rule_word_next(words);
    if (word.kind != RULE_WORD_QUOTED) {
        rule_expected(words, &word, what);
        return false;
    }
    sluice_text joined = word.text;
    size_t count = 1;
    while (rule_word_peek(words).kind == RULE_WORD_QUOTED) {
        word = rule_word_next(words);
        if (word.kind != RULE_WORD_QUOTED) {
            return false;
        }
        if (++count > TEXTS_JOINED_MAX || joined.length + word.text.length > TEXT_BYTES_MAX) {
            rule_fail(words->loader, words->file, word.at, "a text has at most %d parts and %d bytes", TEXTS_JOINED_MAX,
                      TEXT_BYTES_MAX);
            words->at = words->end;
            return false;
        }
        char *copy = arena_alloc(&words->loader->set->memory, joined.length + word.text.length + 1);
        if (copy == NULL) {
            words->loader->no_memory = true;
            return false;
        }
        memcpy(copy, joined.data, joined.length);
        memcpy(copy + joined.length, word.text.data, word.text.length);
        joined = (sluice_text){copy, joined.length + word.text.length};
    }
    size_t at = word.at;
    if (joined.length > TEXT_BYTES_MAX) {
        rule_fail(words->loader, words->file, at, "the text is longer than %d bytes", TEXT_BYTES_MAX);
        return false;
    }
    if (!text_is_utf8(joined)) {
        rule_fail(words->loader, words->file, at, "the text is not UTF-8: save the file as UTF-8");
        return false;
    }
    *text_out = joined;
    return true;
}
