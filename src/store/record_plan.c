/* Which index a select goes by.
 *
 * A list asks for a page of the rows where some fields have values, in some order. Two ways are fast: an index that
 * begins with such fields and ends with the order gives the page and reads nothing else, but for rows that further
 * terms drop; and where values are rare, the few rows can be read and sorted. Which of the two it is depends on how
 * many rows there are, so where there is a choice they are counted, in the index, up to a limit: some 100 µs for each
 * way. Nothing is counted where nothing can be better: an index that finds at most one row, or one that is searched by
 * all terms and gives the order. The ways with the most fields are counted first, and a handful of rows ends it.
 *
 *   1. the way with the fewest rows, if these are few, whatever the other terms drop of them;
 *   2. else the index that gives the order, with the most fields before it, and of such the one with the fewest rows;
 *   3. else the index with the most fields.
 *
 * A field with a choice of values (QUERY_IN) counts as one with a value: the index then gives an ordered part for each,
 * and these are merged (record_select.c). PostgreSQL chooses by its statistics; it only needs the parts spelt out.
 *
 * That there are indexes to choose from: besides those that are described, every field that lists can be filtered by
 * has one of its own, and tables with such fields have one by creation and one by last change. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "store/record_private.h"

#define COUNTED 4000    /* fewer rows than this may be read and sorted: some 10 ms */
#define WEIGHED 100000L /* rows are counted up to this where two ways are else alike: some ms */
#define HANDFUL 16      /* so few that looking for a better way costs more than they do */
#define VALUES_MAX 8    /* of a choice that is taken apart */

/* ---- indexes ---- */

static size_t index_length(const record_index *index) {
    size_t count = 0;
    while (count < RECORD_INDEX_FIELDS && index->fields[count] != RECORD_END) {
        count++;
    }
    return count;
}

static void add_single(record_binding *b, uint8_t field) {
    for (size_t i = 0; i < b->index_count; i++) {
        if (index_length(&b->indexes[i]) == 1 && b->indexes[i].fields[0] == field) {
            return;
        }
    }
    b->indexes[b->index_count++] = (record_index){.fields = {field, RECORD_END, RECORD_END, RECORD_END}};
}

bool record_plan_bind(record_binding *b) {
    const record_table *table = b->table;
    bool is_filtered = false;
    b->indexes = memory_new((table->index_count + table->field_count + 2) * sizeof *b->indexes);
    if (b->indexes == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->index_count; i++) {
        b->has_unique = b->has_unique || table->indexes[i].unique;
        b->indexes[b->index_count++] = table->indexes[i];
    }
    for (size_t i = 0; i < table->field_count; i++) {
        /* A long text may be too long for an index. */
        bool fits = !field_is_text(table->fields[i].type) || table->fields[i].type == FIELD_CODE ||
                    table->fields[i].type == FIELD_KEY ||
                    (table->fields[i].bytes_max != 0 && table->fields[i].bytes_max <= 400);
        if ((table->fields[i].flags & FIELD_FILTER) != 0 && fits) {
            is_filtered = true;
            add_single(b, (uint8_t)i);
        }
    }
    if (is_filtered) {
        add_single(b, QUERY_CREATED);
        add_single(b, QUERY_UPDATED);
    }
    return true;
}

/* ---- ways ---- */

/* The term that gives the field a value, or some; -1: none. */
static int value_term(const record_query *q, uint8_t field) {
    for (size_t i = 0; i < q->term_count; i++) {
        query_operator is = q->terms[i].is;
        if (q->terms[i].field == field && (is == QUERY_EQUAL || is == QUERY_NULL || is == QUERY_IN)) {
            return (int)i;
        }
    }
    return -1;
}

typedef struct way {
    record_plan plan;
    size_t fields;  /* of its index, that have a value */
    uint64_t rows;  /* with these values, counted up to COUNTED */
    bool is_single; /* there is at most one row */
} way;

/* The way of an index; false: it is none. */
static bool way_of(const record_query *q, const record_index *index, way *w) {
    size_t length = index_length(index);
    uint8_t order = q->order == RECORD_END ? QUERY_ID : q->order;
    *w = (way){.plan = {.is_chosen = true, .taken_apart = -1}, .rows = COUNTED, .is_single = index->unique};
    for (; w->fields < length; w->fields++) {
        int term = value_term(q, index->fields[w->fields]);
        if (term < 0 || term >= 64) {
            break;
        }
        if (q->terms[term].is == QUERY_IN) {
            if (w->plan.taken_apart >= 0 || q->terms[term].value_count > VALUES_MAX) {
                break;
            }
            w->plan.taken_apart = term;
        }
        w->is_single = w->is_single && q->terms[term].is == QUERY_EQUAL;
        w->plan.terms |= UINT64_C(1) << term;
    }
    w->is_single = w->is_single && w->fields == length;
    w->plan.is_ordered = order == QUERY_ID ? w->fields == length && !index->unique
                                           : w->fields + 1 == length && index->fields[w->fields] == order;
    return w->fields > 0 || w->plan.is_ordered;
}

/* Rows beyond `most` need not be told apart. */
static sluice_result count_rows(store *s, const record_query *q, uint64_t most, way *w, sluice_error *error) {
    query_term terms[RECORD_INDEX_FIELDS];
    record_query prefix = {.table = q->table, .terms = terms};
    for (size_t i = 0; i < q->term_count && i < 64; i++) {
        if ((w->plan.terms >> i & 1) != 0 && prefix.term_count < RECORD_INDEX_FIELDS) {
            terms[prefix.term_count++] = q->terms[i];
        }
    }
    return store_count(s, &prefix, most, &w->rows, error);
}

/* After those with as many fields. */
static void insert_way(way ways[RECORD_WAYS_MAX], size_t count, const way *w) {
    size_t at = count;
    for (; at > 0 && ways[at - 1].fields < w->fields; at--) {
        ways[at] = ways[at - 1];
    }
    ways[at] = *w;
}

/* The ways of all indexes, one for each set of terms: the one that is ordered, if there is one; those with the most
 * fields first. Returns how many. */
static size_t find_ways(const record_binding *b, const record_query *q, way ways[RECORD_WAYS_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < b->index_count; i++) {
        way w;
        size_t at = 0;
        if (!way_of(q, &b->indexes[i], &w)) {
            continue;
        }
        while (at < count && ways[at].plan.terms != w.plan.terms) {
            at++;
        }
        if (at < count) {
            w.is_single = w.is_single || ways[at].is_single;
            ways[at] = w.plan.is_ordered && !ways[at].plan.is_ordered ? w : ways[at];
            ways[at].is_single = w.is_single;
        } else if (count < RECORD_WAYS_MAX) {
            insert_way(ways, count++, &w);
        }
    }
    return count;
}

bool record_plan_is_ordered(const record_binding *b, const record_query *q) {
    way ways[RECORD_WAYS_MAX];
    size_t count = find_ways(b, q, ways);
    bool ordered = q->order == QUERY_ID || q->order == RECORD_END;
    for (size_t i = 0; i < count; i++) {
        ordered = ordered || ways[i].plan.is_ordered;
    }
    return ordered;
}

/* Of all rows, and of those that the terms of an index find. */
sluice_result record_plan_is_few(store *s, const record_binding *b, const record_query *q, bool *few_out,
                                 sluice_error *error) {
    way ways[RECORD_WAYS_MAX] = {0};
    size_t count = find_ways(b, q, ways);
    way all = {.rows = COUNTED};
    sluice_result result = count_rows(s, q, COUNTED, &all, error);
    *few_out = all.rows < COUNTED;
    for (size_t i = 0; i < count && !*few_out && result == SLUICE_OK && ways[i].fields > 0; i++) {
        result = count_rows(s, q, COUNTED, &ways[i], error);
        *few_out = ways[i].rows < COUNTED;
    }
    return result;
}

/* What few rows cost: in order, reading ends with the page; else all are read. */
static uint64_t cost(const way *w) {
    return w->plan.is_ordered ? w->rows / 4 : w->rows;
}

/* Few rows are the safe way, whatever the other terms drop. Of many only a page should be read, and the fewer there
 * are, the more of them are wanted. */
static bool is_better(const way *one, const way *other) {
    bool are_few = one->rows < COUNTED, other_are_few = other->rows < COUNTED;
    if (are_few != other_are_few) {
        return are_few;
    }
    if (are_few && cost(one) != cost(other)) {
        return cost(one) < cost(other);
    }
    if (one->plan.is_ordered != other->plan.is_ordered) {
        return one->plan.is_ordered;
    }
    return one->fields > other->fields;
}

/* Both give the order by as many fields, and by many rows: an officer's in a district, by deadline. Whichever has fewer
 * has more of them on a page. */
static bool are_alike(const way *one, const way *other) {
    return one->rows >= COUNTED && other->rows >= COUNTED && one->plan.is_ordered && other->plan.is_ordered &&
           one->fields == other->fields && one->fields > 0;
}

static sluice_result weigh(store *s, const record_query *q, way *one, way *other, sluice_error *error) {
    sluice_result result = one->rows > COUNTED ? SLUICE_OK : count_rows(s, q, WEIGHED, one, error);
    return result == SLUICE_OK && other->rows <= COUNTED ? count_rows(s, q, WEIGHED, other, error) : result;
}

/* Nothing can be better: at most one row, or the page that is asked for and nothing besides. */
static bool is_best(const record_query *q, const way *w) {
    uint64_t all = q->term_count >= 64 ? UINT64_MAX : (UINT64_C(1) << q->term_count) - 1;
    return w->is_single || (w->plan.is_ordered && w->plan.terms == all);
}

/* Counts where there is a choice, and chooses. */
static sluice_result choose(store *s, const record_query *q, way *ways, size_t count, const way **best_out,
                            sluice_error *error) {
    way *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (is_best(q, &ways[i])) {
            *best_out = &ways[i];
            return SLUICE_OK;
        }
    }
    for (size_t i = 0; i < count && (best == NULL || best->rows > HANDFUL); i++) {
        bool is_counted = ways[i].fields > 0 && (count > 1 || !ways[i].plan.is_ordered);
        /* A way with more than four times the best one's cost is not better, ordered or not. */
        uint64_t most = best == NULL || cost(best) >= COUNTED / 4 ? COUNTED : 4 * cost(best) + 4;
        sluice_result result = is_counted ? count_rows(s, q, most, &ways[i], error) : SLUICE_OK;
        bool alike = result == SLUICE_OK && best != NULL && are_alike(&ways[i], best);
        result = alike ? weigh(s, q, &ways[i], best, error) : result;
        if (result != SLUICE_OK) {
            return result;
        }
        bool is_first = best == NULL || (alike ? ways[i].rows < best->rows : is_better(&ways[i], best));
        best = is_first ? &ways[i] : best;
    }
    *best_out = best;
    return SLUICE_OK;
}

sluice_result record_plan_make(store *s, const record_binding *b, const record_query *q, record_plan *plan_out,
                               sluice_error *error) {
    way ways[RECORD_WAYS_MAX];
    const way *best = NULL;
    bool is_told = s->ops->dialect->is_told_the_index;
    *plan_out = (record_plan){.taken_apart = -1};
    size_t count = find_ways(b, q, ways);
    if (is_told) {
        sluice_result result = choose(s, q, ways, count, &best, error);
        if (result != SLUICE_OK) {
            return result;
        }
        *plan_out = best != NULL ? best->plan : *plan_out;
    } else {
        for (size_t i = 0; i < count; i++) {
            best = best == NULL || is_better(&ways[i], best) ? &ways[i] : best;
        }
    }
    plan_out->taken_apart = best != NULL && best->plan.is_ordered ? best->plan.taken_apart : -1;
    return SLUICE_OK;
}

/* ---- counts and sums ---- */

#define FEW_ROWS 20000 /* fewer than this are read one by one, whichever index finds them */

static bool has_field(const record_index *index, uint8_t field) {
    for (size_t i = 0; i < index_length(index); i++) {
        if (index->fields[i] == field) {
            return true;
        }
    }
    return field == RECORD_END;
}

static bool is_range(query_operator is) {
    return is == QUERY_LESS || is == QUERY_LESS_EQUAL || is == QUERY_GREATER || is == QUERY_GREATER_EQUAL;
}

/* The bits of the terms that search for this field; of ranges too. */
static uint64_t terms_of(const record_query *q, uint8_t field, bool ranges) {
    uint64_t bits = 0;
    for (size_t i = 0; i < q->term_count && i < 64; i++) {
        query_operator is = q->terms[i].is;
        bool finds = is == QUERY_EQUAL || is == QUERY_NULL || is == QUERY_IN || (ranges && is_range(is));
        bits |= q->terms[i].field == field && finds ? UINT64_C(1) << i : 0;
    }
    return bits;
}

/* The first fields that have a value, and one more that has a range; *terms_out: the terms of these. */
static size_t fields_sought(const record_query *q, const record_index *index, uint64_t *terms_out) {
    size_t length = index_length(index), sought = 0;
    *terms_out = 0;
    for (uint64_t bits = 1; sought < length && bits != 0; sought += bits != 0) {
        bits = terms_of(q, index->fields[sought], false);
        *terms_out |= bits;
    }
    uint64_t range = sought < length ? terms_of(q, index->fields[sought], true) : 0;
    *terms_out |= range;
    return sought + (range != 0);
}

static bool covers(const record_index *index, const record_query *q, const uint8_t *fields, size_t field_count) {
    bool all = true;
    for (size_t i = 0; all && i < field_count; i++) {
        all = has_field(index, fields[i]);
    }
    for (size_t i = 0; all && i < q->term_count; i++) {
        all = has_field(index, q->terms[i].field);
    }
    return all;
}

/* Are there fewer than FEW_ROWS in the ranges? */
static sluice_result are_few(store *s, const record_query *q, bool *few_out, sluice_error *error) {
    query_term terms[8];
    record_query ranges = {.table = q->table, .terms = terms};
    uint64_t rows = FEW_ROWS;
    for (size_t i = 0; i < q->term_count && ranges.term_count < 8; i++) {
        if (is_range(q->terms[i].is) && terms_of(q, q->terms[i].field, false) == 0) {
            terms[ranges.term_count++] = q->terms[i];
        }
    }
    sluice_result result = ranges.term_count == 0 ? SLUICE_OK : store_count(s, &ranges, FEW_ROWS, &rows, error);
    *few_out = rows < FEW_ROWS;
    return result;
}

/* An index that has all that the statement asks for is read instead of the rows, although it may have to be read as a
 * whole: it lies together, and the rows do not. */
sluice_result record_plan_cover(store *s, const record_binding *b, const record_query *q, const uint8_t *fields,
                                size_t field_count, record_plan *plan_out, sluice_error *error) {
    size_t best = 0;
    bool found = false, few = false;
    *plan_out = (record_plan){.taken_apart = -1};
    for (size_t i = 0; s->ops->dialect->is_told_the_index && i < b->index_count; i++) {
        uint64_t terms = 0;
        size_t sought = fields_sought(q, &b->indexes[i], &terms);
        if (covers(&b->indexes[i], q, fields, field_count) && (!found || sought > best)) {
            *plan_out = (record_plan){.is_chosen = true, .terms = terms, .taken_apart = -1};
            best = sought;
            found = true;
        }
    }
    sluice_result result = found && best == 0 ? are_few(s, q, &few, error) : SLUICE_OK;
    if (few) {
        *plan_out = (record_plan){.taken_apart = -1};
    }
    return result;
}
