/* A line becomes one statement: its terms, the period, the scope's unit, and what the section ties it to. A kind that
 * has no field of that name is not tied by it: what an operation's bulletin says of outreach is that of its days. */
#include "desk/figure.h"

#include <stdio.h>

#include "base/time.h"
#include "desk/desk_private.h"

enum { TERMS_MAX = FIGURE_TERMS_MAX + 5, WORDS_MAX = 8 };

/* A query in the making: its terms, and the values of those that have a choice. */
typedef struct figure_query {
    const desk_kind *kind;
    query_term terms[TERMS_MAX];
    record_value words[FIGURE_TERMS_MAX][WORDS_MAX];
    size_t count;
} figure_query;

static int64_t start_of_year(int64_t time_ms) {
    int64_t year, local = time_ms + TIME_SHANGHAI_OFFSET_MS;
    unsigned month, day;
    time_civil_from_days(local / TIME_DAY_MS, &year, &month, &day);
    return time_days_from_civil(year, 1, 1) * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS;
}

int64_t figure_from(const figure_scope *scope, const figure_section *section) {
    return section->is_year ? start_of_year(scope->to_ms - 1) : scope->from_ms;
}

int64_t figure_days(int64_t from_ms, int64_t to_ms) {
    return to_ms <= from_ms ? 0 : (to_ms - from_ms + TIME_DAY_MS - 1) / TIME_DAY_MS;
}

const figure_section *figure_section_find(const char *code) {
    for (size_t i = 0; i < FIGURE_SECTION_COUNT; i++) {
        if (strcmp(FIGURE_SECTIONS[i].code, code) == 0) {
            return &FIGURE_SECTIONS[i];
        }
    }
    return NULL;
}

/* ---- the query ---- */

static uint8_t field_of(const desk_kind *kind, const char *name) {
    if (strcmp(name, "created_at") == 0) {
        return QUERY_CREATED;
    }
    uint8_t field = record_field_find(kind->table, text_of(name));
    SLUICE_ASSERT(field != NO_FIELD);
    return field;
}

static void add_term(figure_query *q, uint8_t field, query_operator is, record_value value) {
    SLUICE_ASSERT(q->count < TERMS_MAX);
    q->terms[q->count++] = (query_term){field, is, value, NULL, 0};
}

static void add_line_term(figure_query *q, const figure_term *term, size_t place) {
    uint8_t field = field_of(q->kind, term->field);
    if (term->words == NULL) {
        add_term(q, field, term->is, value_integer(term->number));
        return;
    }
    sluice_text rest = text_of(term->words), word;
    size_t count = 0;
    for (bool more = true; more; count++) {
        SLUICE_ASSERT(count < WORDS_MAX);
        more = text_split(rest, '|', &word, &rest);
        q->words[place][count] = value_text(word);
    }
    add_term(q, field, count == 1 ? term->is : QUERY_IN, q->words[place][0]);
    if (count > 1) {
        q->terms[q->count - 1].values = q->words[place];
        q->terms[q->count - 1].value_count = count;
    }
}

static void add_scope(figure_query *q, const figure_scope *scope, const figure_section *section) {
    if (section->tied != NULL && record_field_find(q->kind->table, text_of(section->tied)) != NO_FIELD) {
        bool is_site = strcmp(section->tied, "site") == 0;
        add_term(q, field_of(q->kind, section->tied), QUERY_EQUAL,
                 value_integer(is_site ? scope->site : scope->operation));
    }
    if (scope->station != 0 && q->kind->station != NO_FIELD) {
        add_term(q, q->kind->station, QUERY_EQUAL, value_integer(scope->station));
    } else if (scope->district != 0 && q->kind->district != NO_FIELD) {
        add_term(q, q->kind->district, QUERY_EQUAL, value_integer(scope->district));
    }
}

static void query_make(figure_query *q, const figure_scope *scope, const figure_section *section,
                       const figure_line *line) {
    *q = (figure_query){.kind = desk_kind_find(line->kind)};
    SLUICE_ASSERT(q->kind != NULL);
    for (size_t i = 0; i < FIGURE_TERMS_MAX && line->terms[i].field != NULL; i++) {
        add_line_term(q, &line->terms[i], i);
    }
    if (line->at != NULL) {
        uint8_t at = field_of(q->kind, line->at);
        add_term(q, at, QUERY_GREATER_EQUAL, value_integer(figure_from(scope, section)));
        add_term(q, at, QUERY_LESS, value_integer(scope->to_ms));
    }
    add_scope(q, scope, section);
}

/* ---- computing ---- */

static int64_t value_of(const figure_line *line, const record_group *group) {
    return line->measure == FIGURE_SUM ? group->sum : (int64_t)group->count;
}

static sluice_result run(store *s, const figure_query *q, const figure_line *line, const char *by, arena *a,
                         record_group **groups, size_t *count, sluice_error *error) {
    record_query query = {.table = q->kind->table, .terms = q->terms, .term_count = q->count};
    uint8_t grouped[2] = {by == NULL ? RECORD_END : field_of(q->kind, by), RECORD_END};
    uint8_t field = line->field == NULL ? RECORD_END : field_of(q->kind, line->field);
    return line->measure == FIGURE_DISTINCT ? store_group_distinct(s, &query, grouped, field, a, groups, count, error)
                                            : store_group(s, &query, grouped, field, a, groups, count, error);
}

sluice_result figure_compute(store *s, const figure_scope *scope, const figure_section *section,
                             const figure_line *line, const char *by, arena *a, figure *f, sluice_error *error) {
    figure_query q;
    record_group *groups = NULL;
    size_t count = 0;
    *f = (figure){.line = line, .section = section};
    by = by == NULL ? line->by : by;
    SLUICE_ASSERT(line->measure <= FIGURE_DISTINCT);
    query_make(&q, scope, section, line);
    sluice_result result = run(s, &q, line, NULL, a, &groups, &count, error);
    if (result == SLUICE_OK && count > 0) {
        f->value = value_of(line, &groups[0]);
    }
    if (result != SLUICE_OK || by == NULL) {
        return result;
    }
    result = run(s, &q, line, by, a, &groups, &count, error);
    f->parts = result == SLUICE_OK ? arena_alloc(a, (count + 1) * sizeof *f->parts) : NULL;
    if (result == SLUICE_OK && f->parts == NULL) {
        return error_no_memory(error, count * sizeof *f->parts);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        f->parts[f->part_count++] = (figure_part){groups[i].by[0], value_of(line, &groups[i])};
    }
    return result;
}

static bool is_wanted(const figure_scope *scope, const figure_section *section) {
    return section->tied == NULL || (strcmp(section->tied, "site") == 0 ? scope->site : scope->operation) != 0;
}

/* Of the lines before it in the section. */
static int64_t derive(const figure_scope *scope, const figure_section *section, const figure_line *line,
                      const figure *figures, size_t count) {
    int64_t days = figure_days(figure_from(scope, section), scope->to_ms);
    if (line->measure == FIGURE_DAYS || days == 0) {
        return days;
    }
    for (size_t i = 0; i < count; i++) {
        if (figures[i].section == section && strcmp(figures[i].line->code, line->field) == 0) {
            return (figures[i].value * 2 + days) / (2 * days);
        }
    }
    const bool its_line_comes_before = false;
    SLUICE_ASSERT(its_line_comes_before);
    return 0;
}

/* The same line over the same time: a period that begins with the year. */
static const figure *same_before(const figure_scope *scope, const figure_section *section, const figure_line *line,
                                 const figure *figures, size_t count) {
    for (size_t i = 0; i < count && section->tied == NULL; i++) {
        const figure_section *other = figures[i].section;
        if (figures[i].line == line && other->tied == NULL &&
            figure_from(scope, other) == figure_from(scope, section)) {
            return &figures[i];
        }
    }
    return NULL;
}

sluice_result figures_compute(store *s, const figure_scope *scope, unsigned sections, arena *a, figure **figures_out,
                              size_t *count_out, sluice_error *error) {
    size_t most = FIGURE_SECTION_COUNT * FIGURE_LINE_COUNT, count = 0;
    figure *figures = arena_alloc(a, most * sizeof *figures);
    if (figures == NULL) {
        return error_no_memory(error, most * sizeof *figures);
    }
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < FIGURE_SECTION_COUNT; i++) {
        const figure_section *section = &FIGURE_SECTIONS[i];
        bool wanted = (sections & section->bit) != 0 && is_wanted(scope, section);
        for (size_t k = 0; wanted && result == SLUICE_OK && k < FIGURE_LINE_COUNT; k++) {
            const figure_line *line = &FIGURE_LINES[k];
            if ((line->sections & section->bit) == 0) {
                continue;
            }
            const figure *before = same_before(scope, section, line, figures, count);
            figures[count] = (figure){.line = line, .section = section};
            if (before != NULL) {
                figures[count] = *before;
                figures[count].section = section;
            } else if (line->measure > FIGURE_DISTINCT) {
                figures[count].value = derive(scope, section, line, figures, count);
            } else {
                result = figure_compute(s, scope, section, line, NULL, a, &figures[count], error);
            }
            count++;
        }
    }
    *figures_out = figures;
    *count_out = count;
    return result;
}

/* ---- as JSON ---- */

static const char *const OPERATORS[] = {
    [QUERY_EQUAL] = "=",       [QUERY_NOT_EQUAL] = "!=", [QUERY_LESS] = "<",
    [QUERY_LESS_EQUAL] = "<=", [QUERY_GREATER] = ">",    [QUERY_GREATER_EQUAL] = ">=",
    [QUERY_IN] = "in",         [QUERY_NULL] = "is_null", [QUERY_NOT_NULL] = "is_not_null"};

static void add_value(json_document *json, yyjson_mut_val *object, const record_field *field,
                      const record_value *value) {
    bool is_time = field == NULL || field->type == FIELD_TIME; /* created_at has no field */
    if (field != NULL && field_is_text(field->type)) {
        json_add_text(json, object, "value", value->text);
    } else if (is_time) {
        json_add_time(json, object, "value", value->integer);
    } else if (field->type == FIELD_BOOLEAN) {
        json_add_bool(json, object, "value", value->integer != 0);
    } else {
        json_add_int(json, object, "value", value->integer);
    }
}

static void add_query_term(json_document *json, yyjson_mut_val *terms, const record_table *table,
                           const query_term *term) {
    const record_field *field = term->field < table->field_count ? &table->fields[term->field] : NULL;
    yyjson_mut_val *item = json_append_object(json, terms);
    json_add_text(json, item, "field", field == NULL ? TEXT("created_at") : text_of(field->name));
    json_add_text(json, item, "is", text_of(OPERATORS[term->is]));
    if (term->is == QUERY_IN) {
        yyjson_mut_val *values = json_add_array(json, item, "values");
        for (size_t i = 0; i < term->value_count; i++) {
            sluice_text word = term->values[i].text;
            if (values != NULL && !yyjson_mut_arr_add_strn(json->doc, values, word.data, word.length)) {
                json->failed = true;
            }
        }
    } else if (term->is != QUERY_NULL && term->is != QUERY_NOT_NULL) {
        add_value(json, item, field, &term->value);
    }
}

/* "warnings"; of what is read where its parent is: the path with a star instead of the parent's id. */
static sluice_text collection_of(const desk_kind *kind, arena *a) {
    const desk_kind *parent = kind->parent;
    if (kind->collection != NULL || parent == NULL || parent->collection == NULL) {
        return text_of(kind->collection);
    }
    for (size_t i = 0; i < parent->child_count; i++) {
        if (parent->children[i].kind == kind) {
            char path[128];
            int length = snprintf(path, sizeof path, "%s/*/%s", parent->collection, parent->children[i].name);
            return (sluice_text){arena_copy(a, path, (size_t)length), (size_t)length};
        }
    }
    return (sluice_text){0};
}

static void add_query(json_document *json, yyjson_mut_val *object, const figure_scope *scope, const figure *f,
                      arena *a) {
    static const char *const MEASURES[] = {"count", "sum", "distinct", "per_day", "days"};
    const figure_line *line = f->line;
    yyjson_mut_val *query = json_add_object(json, object, "query");
    json_add_text(json, query, "measure", text_of(MEASURES[line->measure]));
    if (line->measure > FIGURE_DISTINCT) {
        json_add_text_or_null(json, query, "of", text_of(line->field));
        json_add_int(json, query, "days", figure_days(figure_from(scope, f->section), scope->to_ms));
        return;
    }
    figure_query q;
    query_make(&q, scope, f->section, line);
    json_add_text_or_null(json, query, "field", text_of(line->field));
    json_add_text_or_null(json, query, "by", text_of(line->by));
    json_add_text(json, query, "kind", text_of(line->kind));
    json_add_text_or_null(json, query, "collection", collection_of(q.kind, a));
    json_add_text_or_null(json, query, "at", text_of(line->at));
    yyjson_mut_val *terms = json_add_array(json, query, "terms");
    for (size_t i = 0; i < q.count; i++) {
        add_query_term(json, terms, q.kind->table, &q.terms[i]);
    }
}

static void add_part(const desk *d, json_document *json, yyjson_mut_val *parts, const figure_scope *scope,
                     const figure_line *line, const figure_part *part) {
    yyjson_mut_val *item = json_append_object(json, parts);
    bool is_text = !part->by.is_null && part->by.text.length > 0;
    const dated_row *row =
        is_text && line->labels != NULL ? dated_find(d, line->labels, part->by.text, scope->to_ms - 1) : NULL;
    json_add_text_or_null(json, item, "code", is_text ? part->by.text : (sluice_text){0});
    json_add_text(json, item, "en", row != NULL ? row->en : is_text ? part->by.text : TEXT("not stated yet"));
    json_add_text(json, item, "zh", row != NULL ? row->zh : is_text ? part->by.text : TEXT("未认定"));
    json_add_int(json, item, "value", part->value);
}

static void add_figure(const desk *d, json_document *json, yyjson_mut_val *list, const figure_scope *scope,
                       const figure *f, arena *a) {
    const figure_line *line = f->line;
    yyjson_mut_val *item = json_append_object(json, list);
    json_add_text(json, item, "code", text_of(line->code));
    json_add_text(json, item, "en", text_of(line->en));
    json_add_text(json, item, "zh", text_of(line->zh));
    json_add_text(json, item, "type", (line->flags & FIGURE_MONEY) != 0 ? TEXT("money_fen") : TEXT("number"));
    json_add_text(json, item, "unit_en", text_of(line->unit_en));
    json_add_text(json, item, "unit_zh", text_of(line->unit_zh));
    json_add_int(json, item, "value", f->value);
    json_add_text(json, item, "means_en", text_of(line->means_en));
    json_add_text(json, item, "means_zh", text_of(line->means_zh));
    if (line->by != NULL) {
        yyjson_mut_val *parts = json_add_array(json, item, "parts");
        for (size_t i = 0; i < f->part_count; i++) {
            add_part(d, json, parts, scope, line, &f->parts[i]);
        }
    }
    add_query(json, item, scope, f, a);
}

void figures_render(const desk *d, json_document *json, yyjson_mut_val *object, const figure_scope *scope,
                    const figure *figures, size_t count, arena *a) {
    yyjson_mut_val *sections = json_add_array(json, object, "sections"), *list = NULL;
    for (size_t i = 0; i < count; i++) {
        const figure_section *section = figures[i].section;
        if (i == 0 || section != figures[i - 1].section) {
            yyjson_mut_val *item = json_append_object(json, sections);
            json_add_text(json, item, "code", text_of(section->code));
            json_add_text(json, item, "en", text_of(section->en));
            json_add_text(json, item, "zh", text_of(section->zh));
            json_add_time(json, item, "from", figure_from(scope, section));
            json_add_time(json, item, "to", scope->to_ms);
            list = json_add_array(json, item, "figures");
        }
        add_figure(d, json, list, scope, &figures[i], a);
    }
}
