/* `rule NAME { … }` and `typology NAME { … }`.
 *
 * After a problem the reader goes on with the next property, and after a missing `}` with the next block, so that one
 * slip does not hide the others. A block with a problem is kept as far as it is known: the set is not made anyway, and
 * others that refer to it are not blamed. */
#include <stdio.h>

#include "detect/nearest.h"
#include "detect/rule_private.h"

#define VERSION_MAX 1000000000

static const char *const FRAUD_TYPES[] = {"刷单返利",
                                          "冒充电商物流客服",
                                          "虚假网络投资理财",
                                          "贷款、代办信用卡",
                                          "虚假征信",
                                          "虚假购物、服务",
                                          "冒充公检法及政府机关",
                                          "冒充领导、熟人",
                                          "网络游戏产品虚假交易",
                                          "网络婚恋、交友（非投资）",
                                          "网黑案件",
                                          "冒充军警购物",
                                          "其他"};

/* ---- blocks ---- */

typedef struct block {
    rule_loader *loader;
    uint32_t file;
    rule_lines lines;
    const char *keyword; /* "rule" or "typology" */
    sluice_text name;    /* copied; of the block at hand */
    size_t at;
    uint32_t seen; /* properties, a bit each */
} block;

/* A header `keyword NAME {`; false: not one, reported. */
static bool parse_header(block *b, rule_words *words) {
    rule_word keyword = rule_word_next(words);
    if (!rule_word_is(&keyword, b->keyword)) {
        char what[40];
        (void)snprintf(what, sizeof what, "`%s NAME {`", b->keyword);
        rule_expected(words, &keyword, what);
        return false;
    }
    rule_word name = rule_word_next(words);
    if (name.kind != RULE_WORD || !rule_is_name(name.text)) {
        rule_expected(words, &name, "a name of small letters, digits and `_`, at most 63 of them");
        return false;
    }
    rule_word brace = rule_word_next(words);
    if (!rule_word_is(&brace, "{")) {
        rule_expected(words, &brace, "`{` at the end of the line");
    } else {
        (void)rule_words_end(words);
    }
    char *copy = rule_copy(b->loader, name.text);
    b->name = (sluice_text){copy, copy == NULL ? 0 : name.text.length};
    b->at = keyword.at;
    b->seen = 0;
    return copy != NULL;
}

/* Whether a line is a header again: then a `}` is missing before it. */
static bool is_header(const rule_words *words, const char *keyword) {
    rule_words copy = *words;
    rule_word first = rule_word_peek(&copy);
    if (!rule_word_is(&first, keyword)) {
        return false;
    }
    size_t end = words->at;
    while (end < words->end && words->text.data[end] != '\n') {
        end++;
    }
    return memchr(words->text.data + words->at, '{', end - words->at) != NULL;
}

/* After a header that is not one: on to what may be the next one, so that its properties are not blamed. */
static void skip_block(block *b) {
    rule_words words;
    for (rule_lines before = b->lines; rule_line_next(&b->lines, false, &words); before = b->lines) {
        rule_word first = rule_word_peek(&words);
        if (rule_word_is(&first, "}")) {
            return;
        }
        if (is_header(&words, b->keyword)) {
            b->lines = before;
            return;
        }
    }
}

/* The next property's line; false: the block has ended. */
static bool next_property(block *b, rule_words *words_out) {
    rule_lines before = b->lines;
    if (!rule_line_next(&b->lines, true, words_out)) {
        rule_fail(b->loader, b->file, b->at, "%s `%.*s` has no `}`", b->keyword, TEXT_ARGS(b->name));
        return false;
    }
    rule_word first = rule_word_peek(words_out);
    if (rule_word_is(&first, "}")) {
        b->lines = before; /* what follows, however indented, does not belong to it */
        (void)rule_line_next(&b->lines, false, words_out);
        (void)rule_word_next(words_out);
        (void)rule_words_end(words_out);
        return false;
    }
    if (is_header(words_out, b->keyword)) {
        rule_fail(b->loader, b->file, first.at, "%s `%.*s` has no `}` before this", b->keyword, TEXT_ARGS(b->name));
        b->lines = before;
        return false;
    }
    return true;
}

/* The place of a property's name in `names`; count: unknown or twice, reported. "reason zh" has two words. */
static size_t property_of(block *b, rule_words *words, const char *const *names, size_t count) {
    rule_word word = rule_word_next(words);
    char key[80];
    (void)snprintf(key, sizeof key, "%.*s", word.kind == RULE_WORD ? (int)word.text.length : 0, word.text.data);
    if (strcmp(key, "reason") == 0 || strcmp(key, "title") == 0) {
        rule_word language = rule_word_next(words);
        if (!rule_word_is(&language, "zh") && !rule_word_is(&language, "en")) {
            rule_expected(words, &language, "`zh` or `en`");
            return count;
        }
        (void)snprintf(key, sizeof key, "%.*s %.2s", TEXT_ARGS(word.text), language.text.data);
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(key, names[i]) == 0) {
            if ((b->seen & 1u << i) != 0) {
                rule_fail(b->loader, b->file, word.at, "`%s` is there twice", key);
                return count;
            }
            b->seen |= 1u << i;
            return i;
        }
    }
    const char *near = nearest_name(text_of(key), names, count);
    rule_fail(b->loader, b->file, word.at, "unknown property `%.*s`%s%s%s",
              (int)(word.end - word.at > 60 ? 60 : word.end - word.at), words->text.data + word.at,
              near == NULL ? ": a line that continues the one before is indented deeper" : ": did you mean `",
              near == NULL ? "" : near, near == NULL ? "" : "`?");
    return count;
}

static void require(block *b, const char *const *names, size_t count, uint32_t optional) {
    for (size_t i = 0; i < count; i++) {
        if ((b->seen & 1u << i) == 0 && (optional & 1u << i) == 0) {
            rule_fail(b->loader, b->file, b->at, "%s `%.*s` has no `%s`", b->keyword, TEXT_ARGS(b->name), names[i]);
        }
    }
}

/* The place of a word in `names`, or count after a problem. */
static size_t take_choice(rule_words *words, const char *const *names, size_t count, const char *what) {
    rule_word word = rule_word_next(words);
    for (size_t i = 0; i < count; i++) {
        if (rule_word_is(&word, names[i])) {
            return i;
        }
    }
    rule_expected(words, &word, what);
    return count;
}

static bool take_subject(rule_words *words, rule_subject *subject_out) {
    static const char *const SUBJECTS[] = {[RULE_PAYER] = "payer", [RULE_PAYEE] = "payee"};
    size_t subject = take_choice(words, SUBJECTS, 2, "`payer` or `payee`");
    *subject_out = subject == 2 ? RULE_PAYEE : (rule_subject)subject;
    return subject < 2;
}

/* ---- conditions ---- */

static void report_condition(void *context, size_t offset, const char *text) {
    rule_loader *l = context;
    rule_fail(l, l->condition_file, l->condition_at + offset, "%s", text);
}

static const list *find_list(void *context, sluice_text name, const char **hint_out) {
    const rule_loader *l = context;
    const char *names[LISTS_MAX];
    for (size_t i = 0; i < l->set->list_count; i++) {
        names[i] = l->set->lists[i].name;
        if (text_equal(name, text_of(names[i]))) {
            return l->set->lists[i].values;
        }
    }
    *hint_out = nearest_name(name, names, l->set->list_count);
    return NULL;
}

static void parse_condition(rule_loader *l, rule_words *words, rule *r) {
    rule_word first = rule_word_peek(words);
    size_t at = first.kind == RULE_WORD_END ? words->end : first.at;
    sluice_text source = {words->text.data + at, words->end - at};
    cel_environment environment = {l->set->plan, find_list, report_condition, l};
    l->condition_file = words->file;
    l->condition_at = at;
    words->at = words->end;
    l->no_memory = cel_compile(source, &environment, &r->program) == SLUICE_E_NO_MEMORY || l->no_memory;
}

/* ---- reasons ---- */

/* Where {name} stands in the line, for the problem's place. */
static size_t place_of(const rule_words *words, size_t from, sluice_text name) {
    const char *found = memmem(words->text.data + from, words->end - from, name.data, name.length);
    return found == NULL ? from : (size_t)(found - words->text.data);
}

static bool add_part(rule_loader *l, reason *to, size_t *capacity, sluice_text text, uint32_t slot) {
    if (text.length == 0 && slot == RULE_NONE) {
        return true;
    }
    if (!ARRAY_RESERVE(to->parts, *capacity, to->count + 1)) {
        l->no_memory = true;
        return false;
    }
    to->parts[to->count++] = (reason_part){text, slot};
    return true;
}

static bool add_placeholder(rule_words *words, size_t from, reason *to, size_t *capacity, sluice_text name) {
    rule_loader *l = words->loader;
    const char *why = NULL;
    uint32_t slot = 0;
    if (!feature_plan_add(l->set->plan, name, &slot, &why)) {
        l->no_memory = l->no_memory || (why != NULL && strcmp(why, "no memory") == 0);
        char text[400];
        rule_fail(l, words->file, place_of(words, from, name), "in a reason: %s",
                  nearest_feature(l->set->plan, name, why, text));
        return false;
    }
    return add_part(l, to, capacity, TEXT(""), slot);
}

/* "text {name} text", {{ and }}. */
static void parse_reason(rule_words *words, reason *to) {
    size_t capacity = 0;
    size_t from = words->at;
    sluice_text text = {0};
    if (!rule_take_texts(words, "the text in `\"…\"`", &text) || !rule_words_end(words)) {
        return;
    }
    size_t start = 0; /* of the plain text that is not added yet */
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c != '{' && c != '}') {
            continue;
        }
        bool is_doubled = i + 1 < text.length && text.data[i + 1] == c;
        size_t plain = i + (is_doubled ? 1 : 0) - start;
        if (!add_part(words->loader, to, &capacity, (sluice_text){text.data + start, plain}, RULE_NONE)) {
            return;
        }
        if (is_doubled) {
            i++;
            start = i + 1;
            continue;
        }
        const char *close = c == '}' ? NULL : memchr(text.data + i, '}', text.length - i);
        if (close == NULL) {
            rule_fail(words->loader, words->file, place_of(words, from, (sluice_text){text.data + i, 1}),
                      c == '{' ? "`{` has no `}`: `{{` is the sign itself"
                               : "`}` without `{`: `}}` is the sign itself");
            return;
        }
        sluice_text name = {text.data + i + 1, (size_t)(close - text.data) - i - 1};
        if (!add_placeholder(words, from, to, &capacity, name)) {
            return;
        }
        i += name.length + 1;
        start = i + 1;
    }
    (void)add_part(words->loader, to, &capacity, (sluice_text){text.data + start, text.length - start}, RULE_NONE);
}

/* ---- rules ---- */

typedef enum rule_property {
    PROPERTY_VERSION,
    PROPERTY_VALID,
    PROPERTY_STATUS,
    PROPERTY_TYPOLOGY,
    PROPERTY_SUBJECT,
    PROPERTY_WHEN,
    PROPERTY_SCORE,
    PROPERTY_EFFECT,
    PROPERTY_REASON_ZH,
    PROPERTY_REASON_EN,
    PROPERTY_SOURCE,
    PROPERTY_COUNT
} rule_property;

static const char *const RULE_PROPERTIES[PROPERTY_COUNT] = {
    "version", "valid", "status", "typology", "subject", "when", "score", "effect", "reason zh", "reason en", "source"};

static void parse_version(rule_words *words, rule *r) {
    rule_word word = rule_word_next(words);
    uint64_t version = 0;
    if (word.kind != RULE_WORD || !text_to_u64(word.text, &version) || version < 1 || version > VERSION_MAX) {
        rule_expected(words, &word, "a whole number from 1");
        return;
    }
    r->version = (uint32_t)version;
    (void)rule_words_end(words);
}

static void parse_score(rule_words *words, rule *r) {
    rule_word word = rule_word_peek(words);
    double score = 0;
    if (!rule_take_number(words, "a number such as 35", &score)) {
        return;
    }
    if (score == 0 || score > 100 || score < -100) {
        rule_fail(words->loader, words->file, word.at,
                  "a score is above 0 and at most 100 (or, under `combine sum`, "
                  "below 0 and at least -100)");
        return;
    }
    r->score = score;
    (void)rule_words_end(words);
}

static void parse_rule_property(block *b, rule_words *words, rule *r) {
    static const char *const STATUSES[] = {[RULE_LIVE] = "live", [RULE_DRAFT] = "draft"};
    static const char *const EFFECTS[] = {"block", "override"};
    rule_loader *l = b->loader;
    size_t property = property_of(b, words, RULE_PROPERTIES, PROPERTY_COUNT);
    rule_word word = rule_word_peek(words);
    sluice_text text = {0};
    switch ((rule_property)property) {
    case PROPERTY_VERSION:
        parse_version(words, r);
        break;
    case PROPERTY_VALID:
        rule_place(l, b->file, word.at, &r->valid_line, &r->valid_column);
        (void)(rule_take_range(words, &r->from_ms, &r->to_ms) && rule_words_end(words));
        break;
    case PROPERTY_STATUS:
        r->status = take_choice(words, STATUSES, 2, "`live` or `draft`") == 1 ? RULE_DRAFT : RULE_LIVE;
        (void)rule_words_end(words);
        break;
    case PROPERTY_TYPOLOGY:
        rule_place(l, b->file, word.at, &r->typology_line, &r->typology_column);
        if (word.kind != RULE_WORD || !rule_is_name(word.text)) {
            rule_expected(words, &word, "the name of a typology");
            break;
        }
        (void)rule_word_next(words);
        r->typology_name = (sluice_text){rule_copy(l, word.text), word.text.length};
        (void)rule_words_end(words);
        break;
    case PROPERTY_SUBJECT:
        r->has_subject = take_subject(words, &r->subject) && rule_words_end(words);
        break;
    case PROPERTY_WHEN:
        parse_condition(l, words, r);
        break;
    case PROPERTY_SCORE:
        rule_place(l, b->file, word.at, &r->score_line, &r->score_column);
        parse_score(words, r);
        break;
    case PROPERTY_EFFECT:
        r->effect = take_choice(words, EFFECTS, 2, "`block` or `override`") == 0 ? RULE_BLOCKS : RULE_OVERRIDES;
        (void)rule_words_end(words);
        break;
    case PROPERTY_REASON_ZH:
    case PROPERTY_REASON_EN:
        parse_reason(words, property == PROPERTY_REASON_ZH ? &r->zh : &r->en);
        break;
    case PROPERTY_SOURCE:
        (void)(rule_take_texts(words, "the text in `\"…\"`", &text) && rule_words_end(words));
        break;
    case PROPERTY_COUNT:
        break;
    }
}

static void finish_rule(block *b) {
    const uint32_t optional =
        1u << PROPERTY_STATUS | 1u << PROPERTY_SUBJECT | 1u << PROPERTY_SCORE | 1u << PROPERTY_EFFECT;
    require(b, RULE_PROPERTIES, PROPERTY_COUNT, optional);
    bool has_score = (b->seen & 1u << PROPERTY_SCORE) != 0;
    bool has_effect = (b->seen & 1u << PROPERTY_EFFECT) != 0;
    if (has_score == has_effect) {
        rule_fail(b->loader, b->file, b->at, "rule `%.*s` has %s: one of `score` and `effect` is needed",
                  TEXT_ARGS(b->name), has_score ? "both `score` and `effect`" : "neither `score` nor `effect`");
    }
}

void rule_parse_rules(rule_loader *l, uint32_t file) {
    rule_set *set = l->set;
    block b = {.loader = l, .file = file, .lines = {l, file, l->sources[file].text, 0}, .keyword = "rule"};
    rule_words words;
    while (!rule_stopped(l) && rule_line_next(&b.lines, false, &words)) {
        if (!parse_header(&b, &words)) {
            skip_block(&b);
            continue;
        }
        if (set->rule_count == RULES_MAX) {
            rule_fail(l, file, b.at, "more than %d rules", RULES_MAX);
            return;
        }
        if (!ARRAY_RESERVE(set->rules, set->rule_capacity, set->rule_count + 1)) {
            l->no_memory = true;
            return;
        }
        rule *r = &set->rules[set->rule_count++];
        *r = (rule){.name = b.name, .file = file, .typology = RULE_NONE, .from_ms = INT64_MIN, .to_ms = INT64_MAX};
        rule_place(l, file, b.at, &r->line, &r->column);
        while (!rule_stopped(l) && next_property(&b, &words)) {
            parse_rule_property(&b, &words, r);
        }
        finish_rule(&b);
    }
}

/* ---- typologies ---- */

typedef enum typology_property {
    TYPOLOGY_TITLE_ZH,
    TYPOLOGY_TITLE_EN,
    TYPOLOGY_SUBJECT,
    TYPOLOGY_COMBINE,
    TYPOLOGY_CAP,
    TYPOLOGY_FRAUD_TYPE,
    TYPOLOGY_COUNT
} typology_property;

static const char *const TYPOLOGY_PROPERTIES[TYPOLOGY_COUNT] = {"title zh", "title en", "subject",
                                                                "combine",  "cap",      "fraud_type"};

static void parse_fraud_type(rule_words *words, typology *t) {
    rule_word word = rule_word_peek(words);
    if (!rule_take_texts(words, "a fraud type in `\"…\"`", &t->fraud_type)) {
        return;
    }
    for (size_t i = 0; i < sizeof FRAUD_TYPES / sizeof FRAUD_TYPES[0]; i++) {
        if (text_equal(t->fraud_type, text_of(FRAUD_TYPES[i]))) {
            (void)rule_words_end(words);
            return;
        }
    }
    rule_fail(words->loader, words->file, word.at,
              "unknown fraud type: docs/rules.md lists those of the Ministry, such "
              "as \"刷单返利\" or \"其他\"");
}

static void parse_typology_property(block *b, rule_words *words, typology *t) {
    static const char *const COMBINES[] = {"sum", "max", "noisy-or"};
    size_t property = property_of(b, words, TYPOLOGY_PROPERTIES, TYPOLOGY_COUNT);
    rule_word word = rule_word_peek(words);
    switch ((typology_property)property) {
    case TYPOLOGY_TITLE_ZH:
    case TYPOLOGY_TITLE_EN:
        (void)(rule_take_texts(words, "the title in `\"…\"`",
                               property == TYPOLOGY_TITLE_ZH ? &t->title_zh : &t->title_en) &&
               rule_words_end(words));
        break;
    case TYPOLOGY_SUBJECT:
        (void)(take_subject(words, &t->subject) && rule_words_end(words));
        break;
    case TYPOLOGY_COMBINE: {
        size_t combine = take_choice(words, COMBINES, 3, "`sum`, `max` or `noisy-or`");
        t->combine = combine == 3 ? COMBINE_SUM : (typology_combine)combine;
        (void)rule_words_end(words);
        break;
    }
    case TYPOLOGY_CAP:
        if (rule_take_number(words, "a number such as 95", &t->cap) && (t->cap <= 0 || t->cap > 100)) {
            rule_fail(b->loader, b->file, word.at, "a cap is above 0 and at most 100");
        }
        (void)rule_words_end(words);
        break;
    case TYPOLOGY_FRAUD_TYPE:
        parse_fraud_type(words, t);
        break;
    case TYPOLOGY_COUNT:
        break;
    }
}

void rule_parse_typologies(rule_loader *l, uint32_t file) {
    rule_set *set = l->set;
    block b = {.loader = l, .file = file, .lines = {l, file, l->sources[file].text, 0}, .keyword = "typology"};
    rule_words words;
    while (!rule_stopped(l) && rule_line_next(&b.lines, false, &words)) {
        if (!parse_header(&b, &words)) {
            skip_block(&b);
            continue;
        }
        uint32_t same = rule_typology_find(set, b.name);
        if (same != RULE_NONE) {
            rule_fail(l, file, b.at, "typology `%.*s` is there already: %s:%u", TEXT_ARGS(b.name),
                      l->sources[set->typologies[same].file].path, set->typologies[same].line);
        }
        if (set->typology_count == TYPOLOGIES_MAX) {
            rule_fail(l, file, b.at, "more than %d typologies", TYPOLOGIES_MAX);
            return;
        }
        if (!ARRAY_RESERVE(set->typologies, set->typology_capacity, set->typology_count + 1)) {
            l->no_memory = true;
            return;
        }
        typology *t = &set->typologies[set->typology_count++];
        *t = (typology){.name = b.name, .file = file, .cap = 100};
        rule_place(l, file, b.at, &t->line, &t->column);
        while (!rule_stopped(l) && next_property(&b, &words)) {
            parse_typology_property(&b, &words, t);
        }
        require(&b, TYPOLOGY_PROPERTIES, TYPOLOGY_COUNT, 1u << TYPOLOGY_CAP | 1u << TYPOLOGY_FRAUD_TYPE);
    }
}
