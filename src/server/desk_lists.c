/* Handlers of lists: of a kind, of a record's children and history, of the audit; filters, orders and pages.
 *
 * Whatever is shown is first written into the audit, durably; so each of these waits for one round of the writer. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "desk/history.h"
#include "desk/render.h"
#include "server/desk_link.h"

enum { LIMIT_MAX = 1000, TERMS_MAX = 24 };

/* ---- where a page goes on ---- */

/* "i:<value>:<id>" or "n:<id>" when the value is null. */
static sluice_text place_of(request *rq, const record *r, const record_value *value) {
    char text[64];
    int length = value->is_null ? snprintf(text, sizeof text, "n:%" PRId64, r->id)
                                : snprintf(text, sizeof text, "i:%" PRId64 ":%" PRId64, value->integer, r->id);
    const char *copy = arena_copy(&rq->arena, text, (size_t)length);
    return (sluice_text){copy, copy == NULL ? 0 : (size_t)length};
}

static bool take_number(sluice_text text, int64_t *number_out) {
    uint64_t digits = 0;
    bool negative = text.length > 0 && text.data[0] == '-';
    text = negative ? (sluice_text){text.data + 1, text.length - 1} : text;
    bool good = text_to_u64(text, &digits) && digits <= INT64_MAX;
    *number_out = negative ? -(int64_t)digits : (int64_t)digits;
    return good;
}

static sluice_result take_place(sluice_text place, record_query *query, sluice_error *error) {
    sluice_text sort, value, id;
    bool good = text_split(place, ':', &sort, &value);
    query->has_after = true;
    if (good && text_equal(sort, TEXT("n"))) {
        query->after = value_null();
        good = take_number(value, &query->after_id);
    } else if (good) {
        query->after = value_null();
        query->after.is_null = false;
        good = text_split(value, ':', &value, &id) && take_number(value, &query->after.integer) &&
               take_number(id, &query->after_id);
    }
    return good ? SLUICE_OK : error_set(error, SLUICE_E_INPUT, "cursor: one that this list gave is expected");
}

static record_value order_value(const record_query *query, const record *r) {
    switch (query->order) {
    case QUERY_ID:
        return value_integer(r->id);
    case QUERY_CREATED:
        return value_integer(r->created_ms);
    case QUERY_UPDATED:
        return value_integer(r->updated_ms);
    default:
        return r->values[query->order];
    }
}

/* ---- lists ---- */

/* Numbers of units and records, and yes or no, are no order that means anything. */
static bool may_order(const record_field *field) {
    return !field_is_text(field->type) && field->type != FIELD_REFERENCE && field->type != FIELD_BOOLEAN &&
           field->secrecy == SECRECY_NONE;
}

/* What every list can be ordered by, besides its own fields. */
static const struct {
    uint8_t order;
    const char *name;
} ALWAYS[] = {{QUERY_ID, "id"}, {QUERY_CREATED, "created"}, {QUERY_UPDATED, "updated"}};
enum { ALWAYS_COUNT = sizeof ALWAYS / sizeof *ALWAYS };

/* The names of what the list can be ordered by, with these filters. `few`: by anything; else by what an index gives.
 * The number of names; *names_out is in the arena, NULL: no memory. */
static size_t list_orders(store *s, const record_query *asked, bool few, arena *a, const char ***names_out) {
    record_query query = *asked;
    const char **names = arena_alloc(a, (ALWAYS_COUNT + query.table->field_count) * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < ALWAYS_COUNT + query.table->field_count; i++) {
        const record_field *field = i < ALWAYS_COUNT ? NULL : &query.table->fields[i - ALWAYS_COUNT];
        query.order = field == NULL ? ALWAYS[i].order : (uint8_t)(i - ALWAYS_COUNT);
        if ((field == NULL || may_order(field)) && (few || store_is_ordered(s, &query))) {
            names[count++] = field == NULL ? ALWAYS[i].name : field->name;
        }
    }
    *names_out = names;
    return count;
}

static sluice_result refuse_order(desk_command *c, const record_query *asked) {
    const char **orders = NULL;
    char names[400] = "";
    size_t count = list_orders(desk_store(c->desk), asked, false, c->arena, &orders);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ", ", orders[i]);
    }
    return error_set(c->error, SLUICE_E_INPUT,
                     "order: with these filters one of %s is expected, also with a - before it", names);
}

static sluice_result take_order(request *rq, const record_table *table, record_query *query, sluice_error *error) {
    sluice_text order = {0};
    query->order = QUERY_ID;
    query->descending = true;
    if (!request_query(rq, "order", &order) || order.length == 0) {
        return SLUICE_OK;
    }
    query->descending = order.data[0] == '-';
    order = query->descending ? (sluice_text){order.data + 1, order.length - 1} : order;
    for (size_t i = 0; i < ALWAYS_COUNT; i++) {
        if (text_equal(order, text_of(ALWAYS[i].name))) {
            query->order = ALWAYS[i].order;
            return SLUICE_OK;
        }
    }
    query->order = record_field_find(table, order);
    return query->order != NO_FIELD && may_order(&table->fields[query->order])
               ? SLUICE_OK
               : error_set(error, SLUICE_E_INPUT,
                           "order: id, created, updated or a field that is an amount, a number or a time is expected");
}

/* "a" or "a|b". */
static sluice_result take_filter(request *rq, const record_field *field, uint8_t number, sluice_text given,
                                 query_term *term, sluice_error *error) {
    enum { VALUES_MAX = 40 };
    record_value *values = arena_alloc(&rq->arena, VALUES_MAX * sizeof *values);
    size_t count = 0;
    if (values == NULL) {
        return error_no_memory(error, VALUES_MAX * sizeof *values);
    }
    sluice_text word;
    for (bool more = true; more;) {
        more = text_split(given, '|', &word, &given);
        int64_t integer = 0;
        bool is_time = field->type == FIELD_TIME && time_parse(word, TIME_SHANGHAI_OFFSET_MS, &integer);
        bool is_flag =
            field->type == FIELD_BOOLEAN && (text_equal(word, TEXT("true")) || text_equal(word, TEXT("false")));
        integer = is_flag ? word.data[0] == 't' : integer;
        if (count == VALUES_MAX ||
            (!field_is_text(field->type) && !is_time && !is_flag && !take_number(word, &integer))) {
            return error_set(error, SLUICE_E_INPUT, "%s: one value, or up to %d with | between them, is expected",
                             field->name, VALUES_MAX);
        }
        if (field->type == FIELD_CODE && field->codes != NULL && !desk_is_among(field->codes, word)) {
            return error_set(error, SLUICE_E_INPUT, "%s: one of %s is expected", field->name, field->codes);
        }
        values[count++] = field_is_text(field->type) ? value_text(word) : value_integer(integer);
    }
    *term = count == 1 ? (query_term){number, QUERY_EQUAL, values[0], NULL, 0}
                       : (query_term){number, QUERY_IN, value_null(), values, count};
    return SLUICE_OK;
}

static sluice_result take_filters(request *rq, const record_table *table, query_term *terms, size_t *count,
                                  sluice_error *error) {
    for (size_t i = 0; i < table->field_count; i++) {
        sluice_text given;
        if ((table->fields[i].flags & FIELD_FILTER) == 0 || !request_query(rq, table->fields[i].name, &given)) {
            continue;
        }
        if (*count == TERMS_MAX) {
            return error_set(error, SLUICE_E_INPUT, "fewer filters are expected");
        }
        sluice_result result = take_filter(rq, &table->fields[i], (uint8_t)i, given, &terms[*count], error);
        if (result != SLUICE_OK) {
            return result;
        }
        (*count)++;
    }
    return SLUICE_OK;
}

static void add_orders(desk_command *c, json_document *d, yyjson_mut_val *root, const record_query *query, bool few) {
    const char **orders = NULL;
    size_t count = list_orders(desk_store(c->desk), query, few, c->arena, &orders);
    yyjson_mut_val *names = json_add_array(d, root, "orders");
    d->failed |= orders == NULL || names == NULL;
    for (size_t i = 0; i < count && !d->failed; i++) {
        d->failed |= !yyjson_mut_arr_add_str(d->doc, names, orders[i]);
    }
}

/* The page, as {"items": […], "next": cursor or null}, the first one with its "orders". kind NULL: a plain table. */
static sluice_result write_page(desk_command *c, request *rq, response *rs, const desk_kind *kind,
                                const record_query *query, const record *rows, size_t count, bool few) {
    size_t limit = query->limit - 1;
    json_document d;
    bool shown = false;
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    size_t written = count > limit ? limit : count;
    for (size_t i = 0; i < written; i++) {
        if (kind != NULL && (kind->parent != NULL || kind->shared_by != NULL || has_field(kind->came_from)) &&
            !desk_sees_in(c, kind, &rows[i])) {
            continue; /* its parent is another unit's, or it is not shared with this one, and not from here */
        }
        yyjson_mut_val *item = json_append_object(&d, items);
        if (kind != NULL) {
            render_record(c, &d, item, kind, &rows[i], &shown);
        } else {
            render_fields(c, &d, item, &rows[i], &shown);
        }
    }
    sluice_text next = {0};
    if (count > limit) {
        record_value value = order_value(query, &rows[limit - 1]);
        next = response_next(rq, rs, place_of(rq, &rows[limit - 1], &value));
    }
    json_add_text_or_null(&d, root, "next", next);
    if (!query->has_after) {
        add_orders(c, &d, root, query, few);
    }
    sluice_result result = response_json(rs, &d, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    response_set_tag(rq, rs);
    sluice_text detail = rq->parameter_count == 0 ? (sluice_text){0} : rq->parameters[0].raw;
    char ids[64] = "";
    if (written > 0) {
        (void)snprintf(ids, sizeof ids, "%zu: %lld … %lld", written, (long long)rows[0].id,
                       (long long)rows[written - 1].id);
        detail = text_of(ids);
    }
    return desk_seen(c, rq, shown ? "list_shown" : "list", kind == NULL ? query->table->name : kind->name, 0, detail);
}

/* `few`: the terms are of one record, so all its rows can be sorted. */
static sluice_result list_page(desk_command *c, request *rq, response *rs, const desk_kind *kind,
                               const record_table *table, query_term *terms, size_t term_count, bool few) {
    record_query query = {.table = table, .terms = terms};
    sluice_text place;
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = take_filters(rq, table, terms, &term_count, c->error);
    result = result == SLUICE_OK ? take_order(rq, table, &query, c->error) : result;
    if (result == SLUICE_OK && request_cursor(rq, &place)) {
        result = take_place(place, &query, c->error);
    }
    query.term_count = term_count;
    query.limit = request_limit(rq, LIMIT_MAX) + 1;
    if (result == SLUICE_OK && !few && !store_is_ordered(desk_store(c->desk), &query)) {
        result = store_is_few(desk_store(c->desk), &query, &few, c->error);
        result = result == SLUICE_OK && !few ? refuse_order(c, &query) : result;
    }
    if (result == SLUICE_OK) {
        result = store_select(desk_store(c->desk), &query, c->arena, &rows, &count, c->error);
    }
    few = few || (!query.has_after && count < query.limit);
    if (result == SLUICE_OK && !few && !query.has_after) {
        result = store_is_few(desk_store(c->desk), &query, &few, c->error);
    }
    return result == SLUICE_OK ? write_page(c, rq, rs, kind, &query, rows, count, few) : result;
}

sluice_result desk_list_handler(request *rq, response *rs, sluice_error *error) {
    const desk_kind *kind = desk_route_of(rq)->kind;
    query_term terms[TERMS_MAX];
    desk_command c;
    sluice_result result = desk_command_of(rq, &c, error);
    if (result != SLUICE_OK) {
        return result;
    }
    size_t count = has_field(kind->came_from) ? 0 : desk_scope_terms(c.actor, kind, terms);
    return list_page(&c, rq, rs, kind, kind->table, terms, count, false);
}

sluice_result desk_child_handler(request *rq, response *rs, sluice_error *error) {
    const desk_route *context = desk_route_of(rq);
    query_term terms[TERMS_MAX];
    desk_command c;
    record parent;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, context->kind, request_variable_id(rq, 0), &parent) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    /* Who sees the parent sees of its children what is his own to see: a district's arrests, not the other's. */
    size_t count = desk_scope_terms(c.actor, context->child->kind, terms);
    terms[count++] = (query_term){context->child->field, QUERY_EQUAL, value_integer(parent.id), NULL, 0};
    return list_page(&c, rq, rs, context->child->kind, context->child->kind->table, terms, count, true);
}

sluice_result desk_history_handler(request *rq, response *rs, sluice_error *error) {
    const desk_kind *kind = desk_route_of(rq)->kind;
    desk_command c;
    record r;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, kind, request_variable_id(rq, 0), &r) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    query_term terms[TERMS_MAX] = {{HISTORY_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0},
                                   {HISTORY_RECORD, QUERY_EQUAL, value_integer(r.id), NULL, 0}};
    return list_page(&c, rq, rs, NULL, &HISTORY_TABLE, terms, 2, true);
}

sluice_result desk_audit_handler(request *rq, response *rs, sluice_error *error) {
    query_term terms[TERMS_MAX];
    desk_command c;
    sluice_result result = desk_command_of(rq, &c, error);
    return result == SLUICE_OK ? list_page(&c, rq, rs, NULL, &AUDIT_TABLE, terms, 0, false) : result;
}
