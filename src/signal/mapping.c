/* Reading mapping files.
 *
 * The schema is closed: an unknown key is an error, with the nearest known one, because a misspelt key that is ignored
 * silently imports wrong money. Every error names file and line. The document is parsed in place in a copy, so where a
 * text stands in the copy is where it stands in the file. */
#include "signal/mapping.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "signal/encoding.h"
#include "signal/json.h"
#include "signal/mapping_time.h"
#include "sys/file.h"

#define MAPPING_BYTES_MAX ((size_t)1 << 20)
#define COLUMNS_MAX 256

typedef struct parser {
    mapping *made;
    const char *buffer; /* the copy that was parsed in place */
    sluice_error *error;
    sluice_result result;
} parser;

static const char *const FIELD_NAMES[] = {
#define MAPPING_FIELD_NAME(name, text) text,
    MAPPING_FIELDS(MAPPING_FIELD_NAME)
#undef MAPPING_FIELD_NAME
};

const char *mapping_field_name(mapping_field field) {
    return FIELD_NAMES[field];
}

/* ---- errors ---- */

/* `at`: a text of the document near the mistake, or NULL. The first error stays. Returns false. */
static bool fail(parser *p, yyjson_val *at, const char *format, ...) SLUICE_PRINTF(3, 4);
static bool fail(parser *p, yyjson_val *at, const char *format, ...) {
    if (p->result != SLUICE_OK) {
        return false;
    }
    char reason[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    const char *place = yyjson_is_str(at) ? yyjson_get_str(at) : yyjson_is_raw(at) ? yyjson_get_raw(at) : NULL;
    if (place == NULL) {
        p->result = error_set(p->error, SLUICE_E_INPUT, "%s: %s", p->made->path, reason);
    } else {
        uint64_t line = json_line_of(p->made->source, (size_t)(place - p->buffer));
        p->result = error_set(p->error, SLUICE_E_INPUT, "%s:%llu: %s", p->made->path, (unsigned long long)line, reason);
    }
    return false;
}

static bool fail_memory(parser *p) {
    if (p->result == SLUICE_OK) {
        p->result = error_no_memory(p->error, p->made->source.length);
    }
    return false;
}

/* The place of `name` among `known`, or an error with the nearest or all of them. */
static size_t choose(parser *p, yyjson_val *at, const char *what, sluice_text name, const char *const *known,
                     size_t known_count) {
    size_t nearest = 0;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < known_count; i++) {
        size_t d = text_distance(name, text_of(known[i]));
        if (d == 0) {
            return i;
        }
        nearest = d < least ? i : nearest;
        least = d < least ? d : least;
    }
    if (least == 1 || least <= name.length / 3) {
        fail(p, at, "unknown %s '%.*s': did you mean '%s'?", what, TEXT_ARGS(name), known[nearest]);
        return known_count;
    }
    char list[300] = "";
    size_t used = 0;
    for (size_t i = 0; i < known_count && used < sizeof list; i++) {
        int length = snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : ", ", known[i]);
        used += length < 0 ? 0 : (size_t)length;
    }
    name.length = name.length > 40 ? 40 : name.length;
    fail(p, at, "unknown %s '%.*s': expected one of %s", what, TEXT_ARGS(name), list);
    return known_count;
}

/* ---- values ---- */

static sluice_text text_of_value(yyjson_val *value) {
    return (sluice_text){yyjson_get_str(value), yyjson_get_len(value)};
}

static bool take_text(parser *p, yyjson_val *key, yyjson_val *value, sluice_text *text_out) {
    if (!yyjson_is_str(value)) {
        return fail(p, key, "\"%s\" must be a text in quotation marks", yyjson_get_str(key));
    }
    *text_out = text_of_value(value);
    return true;
}

static bool take_flag(parser *p, yyjson_val *key, yyjson_val *value, bool *flag_out) {
    if (!yyjson_is_bool(value)) {
        return fail(p, key, "\"%s\" must be true or false", yyjson_get_str(key));
    }
    *flag_out = yyjson_get_bool(value);
    return true;
}

static bool take_number(parser *p, yyjson_val *key, yyjson_val *value, uint64_t max, uint64_t *number_out) {
    sluice_text digits = {yyjson_get_raw(value), yyjson_get_len(value)};
    if (!yyjson_is_raw(value) || !text_to_u64(digits, number_out) || *number_out > max) {
        return fail(p, key, "\"%s\" must be a whole number up to %llu", yyjson_get_str(key), (unsigned long long)max);
    }
    return true;
}

static bool take_kind_word(parser *p, yyjson_val *key, yyjson_val *value, sluice_text *word_out) {
    if (!take_text(p, key, value, word_out)) {
        return false;
    }
    bool good = word_out->length >= 1 && word_out->length <= 16;
    for (size_t i = 0; good && i < word_out->length; i++) {
        char c = word_out->data[i];
        good = (c >= 'a' && c <= 'z') || (i > 0 && ((c >= '0' && c <= '9') || c == '_'));
    }
    return good || fail(p, value, "\"%s\" must be a word of small letters such as account, card or person",
                        yyjson_get_str(key));
}

static bool take_timezone(parser *p, yyjson_val *key, yyjson_val *value, int64_t *offset_ms_out) {
    sluice_text text = {"", 0};
    char stamp[64];
    int64_t time_ms = 0;
    if (!take_text(p, key, value, &text)) {
        return false;
    }
    if (text_equal(text, TEXT("Asia/Shanghai")) || text_equal(text, TEXT("UTC"))) {
        *offset_ms_out = text.length == 3 ? 0 : TIME_SHANGHAI_OFFSET_MS;
        return true;
    }
    int length = snprintf(stamp, sizeof stamp, "2000-01-01 00:00:00%.*s", TEXT_ARGS(text));
    bool zone = text.length > 0 && (text.data[0] == '+' || text.data[0] == '-' || text.data[0] == 'Z');
    if (!zone || length < 0 || (size_t)length >= sizeof stamp || !time_parse(text_of(stamp), 0, &time_ms)) {
        return fail(p, value, "\"timezone\" must be such as \"+08:00\", \"Z\" or \"Asia/Shanghai\"");
    }
    *offset_ms_out = time_days_from_civil(2000, 1, 1) * TIME_DAY_MS - time_ms;
    return true;
}

static bool take_delimiter(parser *p, yyjson_val *key, yyjson_val *value, char *delimiter_out) {
    sluice_text text = {NULL, 0};
    if (!take_text(p, key, value, &text)) {
        return false;
    }
    if (text_equal(text, TEXT("tab"))) {
        text = TEXT("\t");
    }
    if (text.length != 1 || strchr(",;|\t^~!:#&", text.data[0]) == NULL || text.data[0] == '\0') {
        return fail(p, value, "\"delimiter\" must be one character: , ; | ^ ~ ! : # & or \"tab\"");
    }
    *delimiter_out = text.data[0];
    return true;
}

/* ---- columns ---- */

static bool add_column(parser *p, yyjson_val *value, bool optional, uint32_t *column_out) {
    mapping *made = p->made;
    mapping_column column = {.optional = optional};
    if (yyjson_is_str(value)) {
        column.name = text_trim(text_of_value(value));
    } else if (yyjson_is_raw(value)) {
        uint64_t place = 0;
        (void)text_to_u64((sluice_text){yyjson_get_raw(value), yyjson_get_len(value)}, &place);
        column.place = place > 512 ? 0 : (size_t)place;
    }
    if (column.name.length == 0 && column.place == 0) {
        return fail(p, value, "a column is a name from the header, or its number from 1 to 512");
    }
    for (size_t i = 0; i < made->column_count; i++) {
        if (made->columns[i].place == column.place && text_equal(made->columns[i].name, column.name)) {
            made->columns[i].optional = made->columns[i].optional && optional;
            *column_out = (uint32_t)i;
            return true;
        }
    }
    if (made->column_count == COLUMNS_MAX) {
        return fail(p, value, "more than %d columns are named", COLUMNS_MAX);
    }
    if (!ARRAY_RESERVE(made->columns, made->column_capacity, made->column_count + 1)) {
        return fail_memory(p);
    }
    *column_out = (uint32_t)made->column_count;
    made->columns[made->column_count++] = column;
    return true;
}

static bool take_columns(parser *p, yyjson_val *key, yyjson_val *value, mapping_spec *spec) {
    if (!yyjson_is_arr(value)) {
        spec->column_count = 1;
        return add_column(p, value, spec->optional, &spec->columns[0]);
    }
    size_t count = yyjson_arr_size(value);
    if (count == 0 || count > MAPPING_PARTS_MAX) {
        return fail(p, key, "a list of columns, which are joined by a blank, has 1 to %d of them", MAPPING_PARTS_MAX);
    }
    size_t i, max;
    yyjson_val *part;
    yyjson_arr_foreach(value, i, max, part) {
        if (!add_column(p, part, spec->optional, &spec->columns[i])) {
            return false;
        }
    }
    spec->column_count = count;
    return true;
}

/* What a field's values may mean; NULL: anything. */
static const char *const *meanings_of(mapping_field field, size_t *count_out) {
    static const char *const KINDS[] = {"transfer", "withdrawal", "account", "holder", "device", "login"};
    static const char *const DIRECTIONS[] = {"out", "in"};
    static const char *const EVENTS[] = {"seen", "blocked", "unblocked", "closed"};
    *count_out = field == MAPPING_KIND ? 6 : field == MAPPING_DIRECTION ? 2 : field == MAPPING_EVENT ? 4 : 0;
    return field == MAPPING_KIND        ? KINDS
           : field == MAPPING_DIRECTION ? DIRECTIONS
           : field == MAPPING_EVENT     ? EVENTS
                                        : NULL;
}

static bool take_meaning(parser *p, mapping_field field, yyjson_val *key, yyjson_val *value, sluice_text *meaning_out) {
    size_t known_count = 0;
    const char *const *known = meanings_of(field, &known_count);
    return take_text(p, key, value, meaning_out) &&
           (known == NULL || choose(p, value, FIELD_NAMES[field], *meaning_out, known, known_count) < known_count);
}

static bool take_values(parser *p, mapping_field field, yyjson_val *key, yyjson_val *value, mapping_spec *spec) {
    size_t count = yyjson_obj_size(value);
    mapping_value *values = arena_alloc(&p->made->memory, count * sizeof *values);
    if (!yyjson_is_obj(value) || count == 0) {
        return fail(p, key,
                    "\"values\" is an object of what stands in the file and what it means, such as {\"借\": \"out\"}");
    }
    if (values == NULL) {
        return fail_memory(p);
    }
    size_t i, max;
    yyjson_val *is, *means;
    yyjson_obj_foreach(value, i, max, is, means) {
        values[i].is = text_trim(text_of_value(is));
        if (!take_meaning(p, field, is, means, &values[i].means)) {
            return false;
        }
    }
    spec->values = values;
    spec->value_count = count;
    return true;
}

static bool take_spec_member(parser *p, mapping_field field, yyjson_val *key, yyjson_val *value, mapping_spec *spec) {
    static const char *const KEYS[] = {"column", "fixed", "values", "else", "empty", "optional"};
    switch (choose(p, key, "key of a field", text_of_value(key), KEYS, 6)) {
    case 0:
        return take_columns(p, key, value, spec);
    case 1:
        return take_meaning(p, field, key, value, &spec->fixed);
    case 2:
        return take_values(p, field, key, value, spec);
    case 3:
        spec->has_otherwise = true;
        return take_meaning(p, field, key, value, &spec->otherwise);
    case 4:
        spec->has_empty = true;
        return take_meaning(p, field, key, value, &spec->empty);
    case 5:
        return take_flag(p, key, value, &spec->optional);
    default:
        return false;
    }
}

/* A field: a column, a list of columns, or an object that says more. */
static bool take_spec(parser *p, mapping_field field, yyjson_val *key, yyjson_val *value) {
    mapping_spec *spec = &p->made->fields[field];
    if (spec->present) {
        return fail(p, key, "\"%s\" is there twice", FIELD_NAMES[field]);
    }
    spec->present = true;
    if (!yyjson_is_obj(value)) {
        return take_columns(p, key, value, spec);
    }
    /* First of all, because columns are noted with it. */
    yyjson_val *optional = yyjson_obj_get(value, "optional");
    spec->optional = yyjson_is_true(optional);
    size_t i, max;
    yyjson_val *member_key, *member;
    yyjson_obj_foreach(value, i, max, member_key, member) {
        if (!take_spec_member(p, field, member_key, member, spec)) {
            return false;
        }
    }
    if ((spec->column_count == 0) == (yyjson_obj_get(value, "fixed") == NULL)) {
        return fail(p, key, "\"%s\" needs either \"column\" or \"fixed\"", FIELD_NAMES[field]);
    }
    if (spec->has_otherwise && spec->value_count == 0) {
        return fail(p, key, "\"else\" of \"%s\" needs \"values\" beside it", FIELD_NAMES[field]);
    }
    return true;
}

static bool take_fields(parser *p, yyjson_val *key, yyjson_val *value) {
    if (!yyjson_is_obj(value)) {
        return fail(p, key, "\"columns\" is an object of fields and their columns, such as {\"time\": \"交易时间\"}");
    }
    size_t i, max;
    yyjson_val *name, *spec;
    yyjson_obj_foreach(value, i, max, name, spec) {
        size_t field = choose(p, name, "field", text_of_value(name), FIELD_NAMES + 1, MAPPING_FIELD_COUNT - 1) + 1;
        if (field == MAPPING_FIELD_COUNT || !take_spec(p, (mapping_field)field, name, spec)) {
            return false;
        }
    }
    return true;
}

static bool take_kind(parser *p, yyjson_val *key, yyjson_val *value) {
    mapping_spec *spec = &p->made->fields[MAPPING_KIND];
    if (yyjson_is_obj(value)) {
        return take_spec(p, MAPPING_KIND, key, value);
    }
    spec->present = true;
    return take_meaning(p, MAPPING_KIND, key, value, &spec->fixed);
}

static bool take_condition(parser *p, yyjson_val *key, yyjson_val *value, mapping_condition *condition) {
    static const char *const KEYS[] = {"column", "values"};
    yyjson_val *column = yyjson_obj_get(value, "column");
    yyjson_val *values = yyjson_obj_get(value, "values");
    size_t count = yyjson_arr_size(values);
    if (column == NULL || count == 0) {
        return fail(p, key, "\"%s\" is such as {\"column\": \"摘要\", \"values\": [\"ATM取款\"]}", yyjson_get_str(key));
    }
    size_t i, max;
    yyjson_val *member_key, *member;
    yyjson_obj_foreach(value, i, max, member_key, member) {
        if (choose(p, member_key, "key of a condition", text_of_value(member_key), KEYS, 2) == 2) {
            return false;
        }
    }
    sluice_text *texts = arena_alloc(&p->made->memory, count * sizeof *texts);
    if (texts == NULL) {
        return fail_memory(p);
    }
    yyjson_arr_foreach(values, i, max, member) {
        if (!take_text(p, key, member, &texts[i])) {
            return false;
        }
        texts[i] = text_trim(texts[i]);
    }
    *condition = (mapping_condition){.present = true, .values = texts, .value_count = count};
    return add_column(p, column, false, &condition->column);
}

/* ---- the whole ---- */

static bool take_choice(parser *p, yyjson_val *key, yyjson_val *value, const char *const *known, size_t known_count,
                        size_t *choice_out) {
    sluice_text text = {NULL, 0};
    if (!take_text(p, key, value, &text)) {
        return false;
    }
    *choice_out = choose(p, value, yyjson_get_str(key), text, known, known_count);
    return *choice_out < known_count;
}

static bool take_time_format(parser *p, yyjson_val *key, yyjson_val *value) {
    if (!take_text(p, key, value, &p->made->time_format)) {
        return false;
    }
    return mapping_time_format_is_valid(p->made->time_format) ||
           fail(p, value,
                "\"time_format\" is made of %%Y %%m %%d %%H %%M %%S %%y %%f %%%% and plain characters, with year, "
                "month and day once each");
}

static bool take_encoding(parser *p, yyjson_val *key, yyjson_val *value) {
    bool automatic;
    encoding named;
    if (!take_text(p, key, value, &p->made->encoding)) {
        return false;
    }
    return encoding_of_name(p->made->encoding, &automatic, &named) ||
           fail(p, value, "\"encoding\" must be auto, utf-8 or gb18030");
}

static bool take_member(parser *p, yyjson_val *key, yyjson_val *value) {
    static const char *const KEYS[] = {"comment",
                                       "encoding",
                                       "delimiter",
                                       "quotes",
                                       "header",
                                       "skip_lines",
                                       "timezone",
                                       "time_format",
                                       "kind",
                                       "columns",
                                       "key_kind",
                                       "holder_kind",
                                       "amount_unit",
                                       "negative_amount",
                                       "withdrawal_when",
                                       "ignore_when",
                                       "holder_is_identity_number"};
    static const char *const UNITS[] = {"yuan", "fen"};
    static const char *const NEGATIVES[] = {"reject", "out", "in", "reversed", "absolute"};
    mapping *made = p->made;
    size_t choice = 0;
    switch (choose(p, key, "key", text_of_value(key), KEYS, sizeof KEYS / sizeof *KEYS)) {
    case 0: {
        sluice_text comment;
        return take_text(p, key, value, &comment);
    }
    case 1:
        return take_encoding(p, key, value);
    case 2:
        return take_delimiter(p, key, value, &made->delimiter);
    case 3:
        return take_flag(p, key, value, &made->quotes);
    case 4:
        return take_flag(p, key, value, &made->header);
    case 5:
        return take_number(p, key, value, 1000, &made->skip_lines);
    case 6:
        return take_timezone(p, key, value, &made->timezone_ms);
    case 7:
        return take_time_format(p, key, value);
    case 8:
        return take_kind(p, key, value);
    case 9:
        return take_fields(p, key, value);
    case 10:
        return take_kind_word(p, key, value, &made->key_kind);
    case 11:
        return take_kind_word(p, key, value, &made->holder_kind);
    case 12:
        if (!take_choice(p, key, value, UNITS, 2, &choice)) {
            return false;
        }
        made->amount_is_fen = choice == 1;
        return true;
    case 13:
        if (!take_choice(p, key, value, NEGATIVES, 5, &choice)) {
            return false;
        }
        made->negative = (mapping_negative)choice;
        return true;
    case 14:
        return take_condition(p, key, value, &made->withdrawal_when);
    case 15:
        return take_condition(p, key, value, &made->ignore_when);
    case 16:
        return take_flag(p, key, value, &made->holder_is_identity_number);
    default:
        return false;
    }
}

static bool has(const parser *p, mapping_field field) {
    return p->made->fields[field].present;
}

static bool kind_is_possible(const parser *p, const char *kind) {
    const mapping_spec *spec = &p->made->fields[MAPPING_KIND];
    if (spec->column_count == 0) {
        return text_equal(spec->fixed, text_of(kind));
    }
    bool possible = spec->value_count == 0 || (spec->has_otherwise && text_equal(spec->otherwise, text_of(kind))) ||
                    (spec->has_empty && text_equal(spec->empty, text_of(kind)));
    for (size_t i = 0; i < spec->value_count; i++) {
        possible = possible || text_equal(spec->values[i].means, text_of(kind));
    }
    return possible;
}

static bool check_movements(parser *p) {
    bool split = has(p, MAPPING_AMOUNT_OUT) && has(p, MAPPING_AMOUNT_IN);
    bool signed_amount = p->made->negative == NEGATIVE_OUT || p->made->negative == NEGATIVE_IN;
    bool statement = has(p, MAPPING_ACCOUNT) && has(p, MAPPING_COUNTERPARTY);
    if (has(p, MAPPING_AMOUNT_OUT) != has(p, MAPPING_AMOUNT_IN) || (split && has(p, MAPPING_AMOUNT))) {
        return fail(p, NULL,
                    "amounts are either in one column (\"amount\") or in two (\"amount_out\" and \"amount_in\")");
    }
    if (!has(p, MAPPING_AMOUNT) && !split) {
        return fail(p, NULL, "\"columns\" has no \"amount\" (or \"amount_out\" and \"amount_in\")");
    }
    if (has(p, MAPPING_FROM) == has(p, MAPPING_ACCOUNT)) {
        return fail(p, NULL,
                    "\"columns\" needs either \"from\" and \"to\", or, for a statement, \"account\" and "
                    "\"counterparty\"");
    }
    if (kind_is_possible(p, "transfer") && !statement && !(has(p, MAPPING_FROM) && has(p, MAPPING_TO))) {
        return fail(p, NULL, "\"columns\" has \"%s\" without \"%s\"", has(p, MAPPING_FROM) ? "from" : "account",
                    has(p, MAPPING_FROM) ? "to" : "counterparty");
    }
    if (statement && !split && !signed_amount && !has(p, MAPPING_DIRECTION)) {
        return fail(p, NULL,
                    "a statement (\"account\" and \"counterparty\") needs a \"direction\", or \"negative_amount\": "
                    "\"out\" for signed amounts, or \"amount_out\" and \"amount_in\"");
    }
    return true;
}

static bool check_needs(parser *p) {
    const struct {
        const char *kind;
        mapping_field needs[3], instead; /* instead of the first */
        size_t count;
    } KINDS[] = {{"account", {MAPPING_KEY, MAPPING_TIME}, MAPPING_ACCOUNT, 2},
                 {"holder", {MAPPING_KEY, MAPPING_TIME}, MAPPING_HOLDER, 2},
                 {"device", {MAPPING_KEY, MAPPING_TIME}, MAPPING_DEVICE, 2},
                 {"login", {MAPPING_ACCOUNT, MAPPING_TIME, MAPPING_DEVICE}, MAPPING_KEY, 3},
                 {"transfer", {MAPPING_TIME}, MAPPING_TIME, 1},
                 {"withdrawal", {MAPPING_TIME}, MAPPING_TIME, 1}};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        for (size_t j = 0; j < KINDS[i].count && kind_is_possible(p, KINDS[i].kind); j++) {
            if (!has(p, KINDS[i].needs[j]) && !(j == 0 && has(p, KINDS[i].instead))) {
                return fail(p, NULL, "\"columns\" has no \"%s\", which a record of the kind \"%s\" needs",
                            FIELD_NAMES[KINDS[i].needs[j]], KINDS[i].kind);
            }
        }
    }
    return (!kind_is_possible(p, "transfer") && !kind_is_possible(p, "withdrawal")) || check_movements(p);
}

static bool check(parser *p) {
    for (size_t i = 0; i < p->made->column_count; i++) {
        if (!p->made->header && p->made->columns[i].place == 0) {
            return fail(p, NULL, "without a header (\"header\": false) columns are numbers from 1; '%.*s' is none",
                        TEXT_ARGS(p->made->columns[i].name));
        }
    }
    return check_needs(p);
}

sluice_result mapping_parse(sluice_text text, const char *path, mapping **mapping_out, sluice_error *error) {
    *mapping_out = NULL;
    size_t mark = encoding_mark_bytes(text);
    mapping *made = memory_new_zero(1, sizeof *made);
    if (made == NULL) {
        return error_no_memory(error, sizeof *made);
    }
    made->path = path;
    made->quotes = true;
    made->header = true;
    made->timezone_ms = TIME_SHANGHAI_OFFSET_MS;
    made->key_kind = TEXT("account");
    made->holder_kind = TEXT("person");
    made->fields[MAPPING_KIND] = (mapping_spec){.fixed = TEXT("transfer")};
    parser p = {.made = made, .error = error};
    size_t length = text.length - mark;
    char *source = arena_copy(&made->memory, text.data + mark, length);
    char *buffer = arena_alloc(&made->memory, length + YYJSON_PADDING_SIZE);
    if (source == NULL || buffer == NULL) {
        fail_memory(&p);
        goto out;
    }
    memcpy(buffer, source, length);
    memset(buffer + length, 0, YYJSON_PADDING_SIZE);
    made->source = (sluice_text){source, length};
    p.buffer = buffer;
    yyjson_alc allocator = json_arena(&made->memory);
    yyjson_read_err problem = {0};
    yyjson_doc *document =
        yyjson_read_opts(buffer, length, YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW, &allocator, &problem);
    if (document == NULL && problem.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) {
        fail_memory(&p);
        goto out;
    }
    if (document == NULL || !yyjson_is_obj(yyjson_doc_get_root(document))) {
        p.result = error_set(error, SLUICE_E_INPUT, "%s:%llu: a mapping file is a JSON object: %s", path,
                             (unsigned long long)json_line_of(made->source, problem.pos),
                             problem.msg == NULL ? "this is JSON, but no object" : problem.msg);
        goto out;
    }
    size_t i, max;
    yyjson_val *key, *value;
    yyjson_obj_foreach(yyjson_doc_get_root(document), i, max, key, value) {
        if (!take_member(&p, key, value)) {
            break;
        }
    }
    if (p.result == SLUICE_OK) {
        (void)check(&p);
    }
out:
    if (p.result != SLUICE_OK) {
        mapping_free(&made);
    }
    *mapping_out = made;
    return p.result;
}

sluice_result mapping_load(const char *path, mapping **mapping_out, sluice_error *error) {
    *mapping_out = NULL;
    file_view view;
    sluice_result result = file_map(path, &view, error);
    if (result != SLUICE_OK) {
        return error_prefix(error, result, "the mapping file");
    }
    result = view.bytes > MAPPING_BYTES_MAX || view.bytes == 0
                 ? error_set(error, SLUICE_E_INPUT, "%s is %s: give the mapping file here and the data as path", path,
                             view.bytes == 0 ? "empty" : "larger than 1 MiB")
                 : mapping_parse((sluice_text){view.data, view.bytes}, path, mapping_out, error);
    file_unmap(&view);
    return result;
}

void mapping_free(mapping **mapping) {
    if (*mapping != NULL) {
        memory_free((*mapping)->columns);
        arena_fini(&(*mapping)->memory);
        memory_free(*mapping);
        *mapping = NULL;
    }
}

sluice_text mapping_source(const mapping *mapping) {
    return mapping->source;
}
