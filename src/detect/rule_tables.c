/* Files of one row a line: NAME.list, snooze.list, actions.table. */
#include <stdio.h>

#include "detect/rule_private.h"

/* The words `from DAY`, `until DAY` and `because "…"` at the end of a row, in any order. */
typedef struct row_end {
    int64_t from_ms, until_ms;
    bool has_until, has_reason;
} row_end;

static bool take_row_end(rule_words *words, row_end *end_out) {
    row_end end = {.from_ms = INT64_MIN, .until_ms = INT64_MAX};
    rule_loader *l = words->loader;
    bool has_from = false;
    for (rule_word word = rule_word_next(words); word.kind != RULE_WORD_END; word = rule_word_next(words)) {
        bool *has = rule_word_is(&word, "from")      ? &has_from
                    : rule_word_is(&word, "until")   ? &end.has_until
                    : rule_word_is(&word, "because") ? &end.has_reason
                                                     : NULL;
        sluice_text why = {0};
        if (has == NULL) {
            rule_expected(words, &word, "`from`, `until`, `because` or the end of the line");
            return false;
        }
        if (*has) {
            rule_fail(l, words->file, word.at, "`%.*s` is there twice", TEXT_ARGS(word.text));
            return false;
        }
        *has = true;
        bool taken = has == &end.has_reason ? rule_take_texts(words, "the reason in `\"…\"`", &why)
                                            : rule_take_date(words, has == &has_from ? &end.from_ms : &end.until_ms);
        if (!taken) {
            return false;
        }
        if (end.from_ms >= end.until_ms) {
            rule_fail(l, words->file, word.at, "it ends before it begins: the day after `until` is not included");
            return false;
        }
    }
    *end_out = end;
    return true;
}

/* False: no memory, or too many in all. */
static bool add_entry(rule_loader *l, list *to, rule_words *words, const rule_word *word, sluice_text value,
                      const row_end *end) {
    uint32_t line = 0;
    uint32_t column = 0;
    uint32_t other = 0;
    rule_place(l, words->file, word->at, &line, &column);
    if (l->entry_count++ == LIST_ENTRIES_MAX) {
        rule_fail(l, words->file, word->at, "more than %zu entries in all lists", LIST_ENTRIES_MAX);
        return false;
    }
    switch (list_add(to, value, end->from_ms, end->until_ms, line, &other)) {
    case LIST_ADDED:
        break;
    case LIST_OVERLAPS:
        rule_fail(l, words->file, word->at, "`%.*s` is in line %u already, for a time that overlaps",
                  (int)(word->text.length > 80 ? 80 : word->text.length), word->text.data, other);
        break;
    case LIST_TOO_MANY_PERIODS:
        rule_fail(l, words->file, word->at, "one value with more than %d periods", LIST_PERIODS_MAX);
        break;
    case LIST_NO_MEMORY:
        l->no_memory = true;
        return false;
    }
    return true;
}

static bool is_value(rule_words *words, const rule_word *word, const char *what) {
    if ((word->kind != RULE_WORD && word->kind != RULE_WORD_QUOTED) || word->text.length == 0 ||
        word->text.length > 255) {
        rule_expected(words, word, what);
        return false;
    }
    return true;
}

void rule_parse_list(rule_loader *l, uint32_t file) {
    rule_set *set = l->set;
    sluice_text path = text_of(l->sources[file].path);
    size_t slash = path.length;
    while (slash > 0 && path.data[slash - 1] != '/') {
        slash--;
    }
    sluice_text name = {path.data + slash, path.length - slash - strlen(".list")};
    if (!rule_is_name(name)) {
        rule_fail(l, file, 0, "a list's file is called by its name, of small letters, digits and `_`, and `.list`");
        return;
    }
    for (size_t i = 0; i < set->list_count; i++) {
        if (text_equal(name, text_of(set->lists[i].name))) {
            rule_fail(l, file, 0, "there is another list `%.*s`: names are for the whole folder", TEXT_ARGS(name));
        }
    }
    if (set->list_count == LISTS_MAX) {
        rule_fail(l, file, 0, "more than %d lists", LISTS_MAX);
        return;
    }
    if (!ARRAY_RESERVE(set->lists, set->list_capacity, set->list_count + 1)) {
        l->no_memory = true;
        return;
    }
    named_list made = {rule_copy(l, name), list_new()};
    if (made.name == NULL || made.values == NULL) {
        l->no_memory = true;
        list_free(&made.values);
        return;
    }
    set->lists[set->list_count++] = made;
    rule_lines lines = {l, file, l->sources[file].text, 0};
    rule_words words;
    while (!rule_stopped(l) && rule_line_next(&lines, false, &words)) {
        rule_word value = rule_word_next(&words);
        row_end end;
        if (is_value(&words, &value, "a value of at most 255 bytes") && take_row_end(&words, &end) &&
            !add_entry(l, made.values, &words, &value, value.text, &end)) {
            return;
        }
    }
}

void rule_parse_snoozes(rule_loader *l, uint32_t file) {
    rule_lines lines = {l, file, l->sources[file].text, 0};
    rule_words words;
    while (!rule_stopped(l) && rule_line_next(&lines, false, &words)) {
        rule_word subject = rule_word_next(&words);
        row_end end;
        if (!is_value(&words, &subject, "the key of a subject, such as card:6228480402564890018")) {
            continue;
        }
        rule_word name = rule_word_next(&words);
        bool is_any = rule_word_is(&name, "*");
        if (name.kind != RULE_WORD || (!is_any && !rule_is_name(name.text))) {
            rule_expected(&words, &name, "a typology, or `*` for all");
            continue;
        }
        char hint[100];
        if (!is_any && rule_typology_find(l->set, name.text) == RULE_NONE) {
            rule_fail(l, file, name.at, "unknown typology `%.*s`%s", TEXT_ARGS(name.text),
                      rule_typology_hint(l, name.text, hint));
            continue;
        }
        if (!take_row_end(&words, &end)) {
            continue;
        }
        if (!end.has_until || !end.has_reason) {
            rule_fail(l, file, subject.at, "a snooze says `until` when and `because` of what");
            continue;
        }
        char key[255 + 1 + RULE_NAME_BYTES_MAX + 1];
        int length = snprintf(key, sizeof key, "%.*s\n%.*s", TEXT_ARGS(subject.text), TEXT_ARGS(name.text));
        if (!add_entry(l, l->set->snoozes, &words, &subject, (sluice_text){key, (size_t)length}, &end)) {
            return;
        }
    }
}

/* ---- actions ---- */

static bool parse_action(rule_loader *l, rule_words *words, action_row *row) {
    rule_word name = rule_word_next(words);
    bool is_any = rule_word_is(&name, "*");
    if (name.kind != RULE_WORD || (!is_any && !rule_is_name(name.text))) {
        rule_expected(words, &name, "a typology, or `*` for those without rows of their own");
        return false;
    }
    char hint[100];
    row->typology = is_any ? RULE_NONE : rule_typology_find(l->set, name.text);
    if (!is_any && row->typology == RULE_NONE) {
        rule_fail(l, words->file, name.at, "unknown typology `%.*s`%s", TEXT_ARGS(name.text),
                  rule_typology_hint(l, name.text, hint));
    }
    rule_word score = rule_word_peek(words);
    if (!rule_take_number(words, "the score from which on it holds", &row->score)) {
        return false;
    }
    if (row->score < 0 || row->score > 100) {
        rule_fail(l, words->file, score.at, "scores are between 0 and 100");
    }
    rule_word action = rule_word_next(words);
    unsigned which = RULE_ALLOW;
    while (which <= RULE_STOP && !rule_word_is(&action, rule_action_name((rule_action)which))) {
        which++;
    }
    if (which > RULE_STOP) {
        rule_expected(words, &action, "`allow`, `verify`, `delay` or `stop`");
        return false;
    }
    row->action = (rule_action)which;
    if (!rule_take_range(words, &row->from_ms, &row->to_ms)) {
        return false;
    }
    static const char *const WORDS[] = {"by", "because"};
    for (size_t i = 0; i < 2; i++) {
        rule_word word = rule_word_next(words);
        sluice_text text = {0};
        if (!rule_word_is(&word, WORDS[i])) {
            rule_expected(words, &word, i == 0 ? "`by \"…\"`" : "`because \"…\"`");
            return false;
        }
        if (!rule_take_texts(words, i == 0 ? "who decided it, in `\"…\"`" : "why, in `\"…\"`", &text)) {
            return false;
        }
    }
    return rule_words_end(words) && (is_any || row->typology != RULE_NONE);
}

void rule_parse_actions(rule_loader *l, uint32_t file) {
    rule_set *set = l->set;
    rule_lines lines = {l, file, l->sources[file].text, 0};
    rule_words words;
    while (!rule_stopped(l) && rule_line_next(&lines, true, &words)) {
        action_row row = {.file = file};
        rule_place(l, file, words.at, &row.line, &row.column);
        if (!parse_action(l, &words, &row)) {
            continue;
        }
        if (set->action_count == ACTION_ROWS_MAX) {
            rule_fail_at(l, file, row.line, row.column, "more than %d rows", ACTION_ROWS_MAX);
            return;
        }
        if (!ARRAY_RESERVE(set->actions, set->action_capacity, set->action_count + 1)) {
            l->no_memory = true;
            return;
        }
        set->actions[set->action_count++] = row;
    }
}
