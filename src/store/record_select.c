/* Selects of a page, from queries.
 *
 * A select in the order of a field is up to three parts, one behind the other, each of which an index gives in order
 * and none of which is looked at when those before it filled the page:
 *
 *   1. the rest of the rows with the value of `after`:  field = after AND id > after_id   ORDER BY id
 *   2. the rows behind that value (all but nulls):      field > after                     ORDER BY field, id
 *   3. the rows where the field is null:                field IS NULL                     ORDER BY id
 *
 * (One comparison of pairs would do for the first two, but SQLite's planner knows no index for a pair with the id.) A
 * term of the order's field that `after` makes superfluous is left out, or SQLite might begin at the term's value and
 * walk to that of `after`. Nulls are asked for only where no term excludes them. Fields that a term holds null are put
 * before the order: it changes nothing, and PostgreSQL does not see by itself that an index on them gives the order.
 *
 * Where a choice of values is taken apart (record_plan.c), each part is the merger of one such select for each value.
 */
#include "base/error.h"
#include "store/record_private.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 10000

static int compare(record_value a, record_value b, char letter) {
    return letter == 'i' ? (a.integer > b.integer) - (a.integer < b.integer) : text_compare(a.text, b.text);
}

/* Whether a value, which is not null, is one that the term, which is valid, lets through. */
static bool term_holds(const query_term *term, record_value value, char letter) {
    int order = term->is == QUERY_IN ? 0 : compare(value, term->value, letter);
    switch (term->is) {
    case QUERY_EQUAL:
        return order == 0;
    case QUERY_NOT_EQUAL:
        return order != 0;
    case QUERY_LESS:
        return order < 0;
    case QUERY_LESS_EQUAL:
        return order <= 0;
    case QUERY_GREATER:
        return order > 0;
    case QUERY_GREATER_EQUAL:
        return order >= 0;
    case QUERY_PREFIX:
        return value.text.length >= term->value.text.length &&
               text_equal((sluice_text){value.text.data, term->value.text.length}, term->value.text);
    case QUERY_IN:
        for (size_t i = 0; i < term->value_count; i++) {
            if (compare(value, term->values[i], letter) == 0) {
                return true;
            }
        }
        return false;
    case QUERY_NULL:
        return false;
    case QUERY_NOT_NULL:
    default:
        return true;
    }
}

typedef enum select_part { PART_TIES, PART_BEYOND, PART_FIRST, PART_NULLS } select_part;

typedef struct selection {
    const record_query *query;
    uint8_t order;
    bool by_id;
    bool after_holds;           /* the value of `after` is one that the terms let through */
    bool never_null, only_null; /* what the terms say of the order's field */
    size_t limit;
    size_t parts;
} selection;

/* `of_table`: of a select from the table itself, not from parts of it. */
static void write_order(sql_builder *b, const selection *s, bool by_id, bool of_table) {
    const char *descending = s->query->descending ? " DESC" : "";
    /* Where few rows are sorted, SQLite must not take another index for giving the order. */
    const char *hidden = of_table && b->hides && b->plan.is_chosen && !b->plan.is_ordered ? "+" : "";
    text_write(&b->text, TEXT(" ORDER BY "));
    for (size_t i = 0; of_table && i < s->query->term_count; i++) {
        if (s->query->terms[i].is == QUERY_NULL) {
            text_printf(&b->text, "%s\"%s\"%s, ", hidden, record_column(b->binding->table, s->query->terms[i].field),
                        descending);
        }
    }
    if (!by_id) {
        text_printf(&b->text, "%s\"%s\"%s, ", hidden, record_column(b->binding->table, s->order), descending);
    }
    text_printf(&b->text, "%sid%s LIMIT %zu", hidden, descending, s->limit);
}

/* A term of the order's field, where that is compared with `after` too. */
static sluice_result write_order_term(sql_builder *b, const selection *s, select_part part, const query_term *term,
                                      bool hidden, sluice_error *error) {
    bool near = s->query->descending ? term->is == QUERY_LESS || term->is == QUERY_LESS_EQUAL
                                     : term->is == QUERY_GREATER || term->is == QUERY_GREATER_EQUAL;
    if (part == PART_TIES || near) {
        return SLUICE_OK;
    }
    if (term->is == QUERY_PREFIX) {
        return sql_write_prefix(b, term, hidden, s->query->descending, !s->query->descending, error);
    }
    return sql_write_term(b, term, hidden, error);
}

/* `one`: of the choice that is taken apart, this value; NULL: there is none. */
static sluice_result write_part_terms(sql_builder *b, const selection *s, select_part part, const record_value *one,
                                      sluice_error *error) {
    const record_plan *plan = &b->plan;
    bool implied = s->after_holds && (part == PART_TIES || part == PART_BEYOND);
    sluice_result result = SLUICE_OK;
    b->has_where = false;
    for (size_t i = 0; result == SLUICE_OK && i < s->query->term_count; i++) {
        const query_term *term = &s->query->terms[i];
        bool searched = i < 64 && (plan->terms >> i & 1) != 0;
        bool hidden = plan->is_chosen && !searched && !(plan->is_ordered && term->field == s->order);
        if (one != NULL && (int)i == plan->taken_apart) {
            result = sql_write_comparison(b, term->field, false, "=", *one, error);
        } else if (implied && term->field == s->order) {
            result = write_order_term(b, s, part, term, hidden, error);
        } else {
            result = sql_write_term(b, term, hidden, error);
        }
    }
    return result;
}

/* "SELECT … LIMIT n": the part's rows, or those with one value of the choice. */
static sluice_result write_arm(sql_builder *b, const selection *s, select_part part, const record_value *one,
                               sluice_error *error) {
    const record_query *q = s->query;
    const char *beyond = q->descending ? "<" : ">";
    bool hidden = b->plan.is_chosen && !b->plan.is_ordered;
    text_printf(&b->text, "SELECT %s FROM \"%s\"", b->binding->columns, b->binding->name);
    sluice_result result = write_part_terms(b, s, part, one, error);
    if (result == SLUICE_OK && part == PART_TIES) {
        result = sql_write_comparison(b, s->order, hidden, "=", q->after, error);
    } else if (result == SLUICE_OK && part == PART_BEYOND) {
        result = sql_write_comparison(b, s->order, hidden, beyond, q->after, error);
    } else if (part == PART_NULLS) {
        sql_write_null(b, s->order, hidden, "IS NULL");
    } else if (part == PART_FIRST && !s->never_null && !s->by_id) {
        sql_write_null(b, s->order, hidden, "IS NOT NULL");
    }
    bool goes_on = q->has_after && (part == PART_TIES || s->by_id || (part == PART_NULLS && q->after.is_null));
    if (result == SLUICE_OK && goes_on) {
        result = sql_write_comparison(b, QUERY_ID, hidden, beyond, value_integer(q->after_id), error);
    }
    write_order(b, s, s->by_id || part == PART_TIES, true);
    return result;
}

static bool is_new_value(const query_term *term, size_t at, char letter) {
    for (size_t i = 0; i < at; i++) {
        if (compare(term->values[i], term->values[at], letter) == 0) {
            return false;
        }
    }
    return true;
}

static sluice_result write_part(sql_builder *b, selection *s, select_part part, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    text_write(&b->text, s->parts == 0 ? TEXT("SELECT * FROM (") : TEXT(" UNION ALL SELECT * FROM ("));
    if (b->plan.taken_apart < 0) {
        result = write_arm(b, s, part, NULL, error);
    } else {
        const query_term *choice = &s->query->terms[b->plan.taken_apart];
        char letter = sql_letter(b->binding->table, choice->field);
        for (size_t i = 0; result == SLUICE_OK && i < choice->value_count; i++) {
            if (is_new_value(choice, i, letter)) {
                text_write(&b->text, i == 0 ? TEXT("SELECT * FROM (") : TEXT(" UNION ALL SELECT * FROM ("));
                result = write_arm(b, s, part, &choice->values[i], error);
                text_printf(&b->text, ") AS arm%zu", i);
            }
        }
        write_order(b, s, s->by_id || part == PART_TIES, false);
    }
    text_printf(&b->text, ") AS part%zu", s->parts++);
    return result;
}

static void look_at_terms(selection *s, char letter) {
    const record_query *q = s->query;
    s->after_holds = q->has_after && !q->after.is_null;
    for (size_t i = 0; i < q->term_count; i++) {
        if (q->terms[i].field == s->order) {
            s->only_null = s->only_null || q->terms[i].is == QUERY_NULL;
            s->never_null = s->never_null || q->terms[i].is != QUERY_NULL;
            s->after_holds = s->after_holds && term_holds(&q->terms[i], q->after, letter);
        }
    }
}

sluice_result record_sql_select(sql_builder *b, const record_query *query, sluice_error *error) {
    const record_table *table = b->binding->table;
    selection s = {.query = query,
                   .order = query->order == RECORD_END ? QUERY_ID : query->order,
                   .limit = query->limit == 0 ? LIMIT_DEFAULT : query->limit};
    if (record_column(table, s.order) == NULL || s.limit > LIMIT_MAX) {
        return error_set(error, SLUICE_E_INVALID, "%s cannot be listed so: by a field it has not, or more than %d rows",
                         table->name, LIMIT_MAX);
    }
    if (b->plan.taken_apart >= 0 && query->terms[b->plan.taken_apart].value_count == 0) {
        b->plan.taken_apart = -1; /* a choice of nothing */
    }
    s.by_id = s.order == QUERY_ID;
    s.never_null = s.order >= table->field_count; /* id and times */
    look_at_terms(&s, sql_letter(table, s.order));
    bool in_nulls = !s.by_id && query->has_after && query->after.is_null;
    sluice_result result = SLUICE_OK;
    if (query->has_after && !s.by_id && !in_nulls) {
        result = write_part(b, &s, PART_TIES, error);
        result = result == SLUICE_OK ? write_part(b, &s, PART_BEYOND, error) : result;
    } else if (!in_nulls && (!s.only_null || s.never_null)) {
        result = write_part(b, &s, PART_FIRST, error);
    }
    if (result == SLUICE_OK && (!s.never_null || in_nulls)) { /* in_nulls of what is never null: valid, and empty */
        result = write_part(b, &s, PART_NULLS, error);
    }
    if (s.parts > 1) {
        text_printf(&b->text, " LIMIT %zu", s.limit);
    }
    return sql_finish(b, result, error);
}
