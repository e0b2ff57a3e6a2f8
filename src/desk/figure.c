/* A line becomes one statement: its terms, the period, the scope's unit, and what the section ties it to. A kind that
 * has no field of that name is not tied by it: what an operation's bulletin says of outreach is that of its days. */
#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/figure_private.h"

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

uint8_t figure_field(const desk_kind *kind, const char *name) {
    if (strcmp(name, "created_at") == 0) {
        return QUERY_CREATED;
    }
    uint8_t field = record_field_find(kind->table, text_of(name));
    SLUICE_ASSERT(field != NO_FIELD);
    return field;
}

static void add_term(figure_query *q, uint8_t field, query_operator is, record_value value) {
    SLUICE_ASSERT(q->count < FIGURE_QUERY_TERMS_MAX);
    q->terms[q->count++] = (query_term){field, is, value, NULL, 0};
}

static void add_line_term(figure_query *q, const figure_term *term, size_t place) {
    uint8_t field = figure_field(q->kind, term->field);
    if (term->words == NULL) {
        add_term(q, field, term->is, value_integer(term->number));
        return;
    }
    sluice_text rest = text_of(term->words), word;
    size_t count = 0;
    for (bool more = true; more; count++) {
        SLUICE_ASSERT(count < FIGURE_WORDS_MAX);
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
        add_term(q, figure_field(q->kind, section->tied), QUERY_EQUAL,
                 value_integer(is_site ? scope->site : scope->operation));
    }
    if (scope->station != 0 && has_field(q->kind->station)) {
        add_term(q, field_of(q->kind->station), QUERY_EQUAL, value_integer(scope->station));
    } else if (scope->district != 0 && has_field(q->kind->district)) {
        add_term(q, field_of(q->kind->district), QUERY_EQUAL, value_integer(scope->district));
    }
}

void figure_query_make(figure_query *q, const figure_scope *scope, const figure_section *section,
                       const figure_line *line) {
    *q = (figure_query){.kind = desk_kind_find(line->kind)};
    SLUICE_ASSERT(q->kind != NULL);
    for (size_t i = 0; i < FIGURE_TERMS_MAX && line->terms[i].field != NULL; i++) {
        add_line_term(q, &line->terms[i], i);
    }
    if (line->at != NULL) {
        uint8_t at = figure_field(q->kind, line->at);
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
    uint8_t grouped[2] = {by == NULL ? RECORD_END : figure_field(q->kind, by), RECORD_END};
    uint8_t field = line->field == NULL ? RECORD_END : figure_field(q->kind, line->field);
    return line->measure == FIGURE_DISTINCT ? store_group_distinct(s, &query, grouped, field, a, groups, count, error)
                                            : store_group(s, &query, grouped, field, a, groups, count, error);
}

sluice_result figure_put_parts(store *s, const figure_query *q, const char *by, arena *a, figure *f,
                               sluice_error *error) {
    record_group *groups = NULL;
    size_t count = 0;
    sluice_result result = run(s, q, f->line, by, a, &groups, &count, error);
    f->parts = result == SLUICE_OK ? arena_alloc(a, (count + 1) * sizeof *f->parts) : NULL;
    if (result == SLUICE_OK && f->parts == NULL) {
        return error_no_memory(error, count * sizeof *f->parts);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        f->parts[f->part_count++] = (figure_part){groups[i].by[0], value_of(f->line, &groups[i])};
    }
    return result;
}

sluice_result figure_compute(store *s, const figure_scope *scope, const figure_section *section,
                             const figure_line *line, const char *by, arena *a, figure *f, sluice_error *error) {
    figure_query q;
    record_group *groups = NULL;
    size_t count = 0;
    *f = (figure){.line = line, .section = section};
    by = by == NULL ? line->by : by;
    SLUICE_ASSERT(line->measure <= FIGURE_DISTINCT);
    figure_query_make(&q, scope, section, line);
    sluice_result result = run(s, &q, line, NULL, a, &groups, &count, error);
    if (result == SLUICE_OK && count > 0) {
        f->value = value_of(line, &groups[0]);
    }
    return result == SLUICE_OK && by != NULL ? figure_put_parts(s, &q, by, a, f, error) : result;
}
