/* All figures of some sections: those that are of the same rows are read in one pass over them.
 *
 * A season of a million warnings is gone through once for the people warned and those spoken to, in the period and in
 * the year, instead of once for each. What the members of a pass have in common chooses its rows; what is a figure's
 * own stands in its column (store_measure). Each line still has its own query beside it in the bulletin, and
 * contract/figures compares the two. */
#include "desk/desk_private.h"
#include "desk/figure_private.h"

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
static const figure *same_before(const figure_scope *scope, const figure *f, const figure *figures, size_t count) {
    for (size_t i = 0; i < count && f->section->tied == NULL; i++) {
        const figure_section *other = figures[i].section;
        if (figures[i].line == f->line && other->tied == NULL &&
            figure_from(scope, other) == figure_from(scope, f->section)) {
            return &figures[i];
        }
    }
    return NULL;
}

/* ---- all of them, in few passes ---- */

/* A figure that is asked of the store. */
typedef struct asked {
    figure *figure;
    figure_query query;
    bool done;
} asked;

static bool is_same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_value(const record_value *a, const record_value *b) {
    return a->is_null == b->is_null && a->integer == b->integer && text_equal(a->text, b->text);
}

static bool is_same_term(const query_term *a, const query_term *b) {
    bool same = a->field == b->field && a->is == b->is && a->value_count == b->value_count &&
                (a->value_count > 0 || is_same_value(&a->value, &b->value));
    for (size_t i = 0; same && i < a->value_count; i++) {
        same = is_same_value(&a->values[i], &b->values[i]);
    }
    return same;
}

/* Of one kind, by one time, of the same part of the city: rows of one pass. */
static bool are_together(const asked *a, const asked *b) {
    return a->query.kind == b->query.kind && is_same_text(a->figure->line->at, b->figure->line->at) &&
           is_same_text(a->figure->section->tied, b->figure->section->tied);
}

typedef struct pass {
    asked *members[RECORD_MEASURES_MAX];
    size_t count;
    const char *distinct; /* the field whose different values are counted; NULL: none yet */
    int64_t from_ms;      /* the earliest … */
    bool has_one_from;    /* … which is that of all */
} pass;

static void pass_make(pass *p, asked *all, size_t count, size_t first, const figure_scope *scope) {
    *p = (pass){.from_ms = INT64_MAX, .has_one_from = true};
    for (size_t i = first; i < count && p->count < RECORD_MEASURES_MAX; i++) {
        const figure_line *line = all[i].figure->line;
        bool counts_values = line->measure == FIGURE_DISTINCT;
        if (all[i].done || !are_together(&all[first], &all[i]) ||
            (counts_values && p->distinct != NULL && strcmp(p->distinct, line->field) != 0)) {
            continue;
        }
        int64_t from_ms = figure_from(scope, all[i].figure->section);
        p->distinct = counts_values ? line->field : p->distinct;
        p->has_one_from = p->has_one_from && (p->count == 0 || from_ms == p->from_ms);
        p->from_ms = from_ms < p->from_ms ? from_ms : p->from_ms;
        p->members[p->count++] = &all[i];
        all[i].done = true;
    }
}

/* A term that all members have is the pass's; others are of their own measure. */
static bool is_of_all(const pass *p, const query_term *term) {
    for (size_t i = 0; i < p->count; i++) {
        bool found = false;
        for (size_t k = 0; k < p->members[i]->query.count && !found; k++) {
            found = is_same_term(&p->members[i]->query.terms[k], term);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static sluice_result pass_run(store *s, const pass *p, sluice_error *error) {
    static const record_measure_kind KINDS[] = {
        [FIGURE_COUNT] = MEASURE_COUNT, [FIGURE_SUM] = MEASURE_SUM, [FIGURE_DISTINCT] = MEASURE_DISTINCT};
    record_measure measures[RECORD_MEASURES_MAX];
    query_term common[FIGURE_QUERY_TERMS_MAX + 1], own[RECORD_MEASURES_MAX][FIGURE_QUERY_TERMS_MAX];
    int64_t values[RECORD_MEASURES_MAX];
    const figure_query *first = &p->members[0]->query;
    const char *at = p->members[0]->figure->line->at;
    record_query query = {.table = first->kind->table, .terms = common};
    for (size_t k = 0; k < first->count; k++) {
        if (is_of_all(p, &first->terms[k])) {
            common[query.term_count++] = first->terms[k];
        }
    }
    if (at != NULL && !p->has_one_from) {
        common[query.term_count++] =
            (query_term){figure_field(first->kind, at), QUERY_GREATER_EQUAL, value_integer(p->from_ms), NULL, 0};
    }
    for (size_t i = 0; i < p->count; i++) {
        const figure_query *q = &p->members[i]->query;
        const figure_line *line = p->members[i]->figure->line;
        measures[i] = (record_measure){.kind = KINDS[line->measure], .terms = own[i]};
        measures[i].field = line->field == NULL ? RECORD_END : figure_field(q->kind, line->field);
        for (size_t k = 0; k < q->count; k++) {
            if (!is_of_all(p, &q->terms[k])) {
                own[i][measures[i].term_count++] = q->terms[k];
            }
        }
    }
    sluice_result result = store_measure(s, &query, measures, p->count, values, error);
    for (size_t i = 0; result == SLUICE_OK && i < p->count; i++) {
        p->members[i]->figure->value = values[i];
    }
    return result;
}

/* The figures that are asked for, without what is derived from others. */
static sluice_result compute_asked(store *s, const figure_scope *scope, asked *all, size_t count, arena *a,
                                   sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < count; i++) {
        figure_query_make(&all[i].query, scope, all[i].figure->section, all[i].figure->line);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        pass p;
        if (!all[i].done) {
            pass_make(&p, all, count, i, scope);
            result = pass_run(s, &p, error);
        }
        if (result == SLUICE_OK && all[i].figure->line->by != NULL) {
            result = figure_put_parts(s, &all[i].query, all[i].figure->line->by, a, all[i].figure, error);
        }
    }
    return result;
}

/* The lines of the sections, in their order, without values. */
static size_t list_lines(const figure_scope *scope, unsigned sections, figure *figures) {
    size_t count = 0;
    for (size_t i = 0; i < FIGURE_SECTION_COUNT; i++) {
        const figure_section *section = &FIGURE_SECTIONS[i];
        bool wanted = (sections & section->bit) != 0 && is_wanted(scope, section);
        for (size_t k = 0; wanted && k < FIGURE_LINE_COUNT; k++) {
            if ((FIGURE_LINES[k].sections & section->bit) != 0) {
                figures[count++] = (figure){.line = &FIGURE_LINES[k], .section = section};
            }
        }
    }
    return count;
}

sluice_result figures_compute(store *s, const figure_scope *scope, unsigned sections, arena *a, figure **figures_out,
                              size_t *count_out, sluice_error *error) {
    size_t most = FIGURE_SECTION_COUNT * FIGURE_LINE_COUNT, asked_count = 0;
    figure *figures = arena_alloc(a, most * sizeof *figures);
    asked *all = arena_alloc(a, most * sizeof *all);
    if (figures == NULL || all == NULL) {
        return error_no_memory(error, most * (sizeof *figures + sizeof *all));
    }
    size_t count = list_lines(scope, sections, figures);
    for (size_t i = 0; i < count; i++) {
        if (figures[i].line->measure <= FIGURE_DISTINCT && same_before(scope, &figures[i], figures, i) == NULL) {
            all[asked_count++] = (asked){.figure = &figures[i]};
        }
    }
    sluice_result result = compute_asked(s, scope, all, asked_count, a, error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        const figure *before = same_before(scope, &figures[i], figures, i);
        const figure_section *section = figures[i].section;
        if (before != NULL) {
            figures[i] = *before;
            figures[i].section = section;
        } else if (figures[i].line->measure > FIGURE_DISTINCT) {
            figures[i].value = derive(scope, section, figures[i].line, figures, i);
        }
    }
    *figures_out = figures;
    *count_out = count;
    return result;
}
