/* Handlers of the routes that are made from kinds: lists, one record, its history and children, acts, bulk acts.
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
#include "signal/json.h"
#include "text/chinese.h"

enum { LIMIT_MAX = 1000, TERMS_MAX = 24 };

static const desk_route *context_of(const request *rq) {
    return rq->route->context;
}

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

/* The names of what the list can be ordered by, with these filters. `few`: by anything; else by what an index gives.
 * The number of names; *names_out is in the arena, NULL: no memory. */
static size_t list_orders(store *s, const record_query *asked, bool few, arena *a, const char ***names_out) {
    static const struct {
        uint8_t order;
        const char *name;
    } ALWAYS[] = {{QUERY_ID, "id"}, {QUERY_CREATED, "created"}, {QUERY_UPDATED, "updated"}};
    enum { ALWAYS_COUNT = sizeof ALWAYS / sizeof *ALWAYS };
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
    if (text_equal(order, TEXT("id"))) {
        return SLUICE_OK;
    }
    if (text_equal(order, TEXT("created")) || text_equal(order, TEXT("updated"))) {
        query->order = order.data[0] == 'c' ? QUERY_CREATED : QUERY_UPDATED;
        return SLUICE_OK;
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
        if (kind != NULL && (kind->parent != NULL || kind->shared_by != NULL || kind->came_from != NULL) &&
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
    const desk_kind *kind = context_of(rq)->kind;
    query_term terms[TERMS_MAX];
    desk_command c;
    sluice_result result = desk_command_of(rq, &c, error);
    if (result != SLUICE_OK) {
        return result;
    }
    size_t count = kind->came_from != NULL ? 0 : desk_scope_terms(c.actor, kind, terms);
    return list_page(&c, rq, rs, kind, kind->table, terms, count, false);
}

sluice_result desk_child_handler(request *rq, response *rs, sluice_error *error) {
    const desk_route *context = context_of(rq);
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
    const desk_kind *kind = context_of(rq)->kind;
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

/* ---- one record ---- */

static sluice_result write_record(desk_command *c, request *rq, response *rs, const desk_kind *kind, const record *r,
                                  bool *shown_out) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    render_record(c, &d, root, kind, r, shown_out);
    if (c->secret.length > 0) {
        json_add_text(&d, root, "secret", c->secret);
    }
    response_set_version(rq, rs, r->version);
    return response_json(rs, &d, c->error);
}

sluice_result desk_get_handler(request *rq, response *rs, sluice_error *error) {
    const desk_kind *kind = context_of(rq)->kind;
    desk_command c;
    record r;
    bool shown = false;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, kind, request_variable_id(rq, 0), &r) : result;
    if (result == SLUICE_E_NOT_FOUND) {
        sluice_error unheard;
        desk_command d = c;
        d.error = &unheard; /* curiosity is written down too; where it cannot be, the answer is the error */
        if (desk_seen(&d, rq, "refused", kind->name, request_variable_id(rq, 0), TEXT("view")) != SLUICE_OK) {
            return error_set(error, unheard.code, "%s", unheard.text);
        }
    }
    result = result == SLUICE_OK ? write_record(&c, rq, rs, kind, &r, &shown) : result;
    return result == SLUICE_OK ? desk_seen(&c, rq, shown ? "view_shown" : "view", kind->name, r.id, (sluice_text){0})
                               : result;
}

/* ---- acts ---- */

static sluice_result run_act(desk_command *c, request *rq, response *rs, void *context) {
    const desk_route *route = context;
    record r = {0};
    int64_t id = route->act->from == NULL ? 0 : request_variable_id(rq, 0);
    int64_t version = rq->has_if_match ? rq->if_match : 0;
    bool shown = false;
    sluice_result result = desk_act(c, route->kind, route->act->name, id, version, rq->json, &r);
    if (result != SLUICE_OK) {
        return result;
    }
    if (!desk_sees_in(c, route->kind, &r)) {
        /* It joined a record of somebody else's (a duplicate), or went over to another unit: taken, and no more is
         * told. */
        json_document d;
        json_add_bool(&d, json_begin(&d), "taken", true);
        rs->status = 202;
        return response_json(rs, &d, c->error);
    }
    if (route->act->from == NULL) {
        response_created(rq, rs, "/v1/%s/%lld", route->kind->collection, (long long)r.id);
    }
    return write_record(c, rq, rs, route->kind, &r, &shown);
}

/* The body with the parent's id in it, where the child names its parent. */
static yyjson_val *with_parent(request *rq, const desk_child *child, int64_t parent) {
    const char *field = child->kind->table->fields[child->field].name;
    yyjson_alc allocator = json_arena(&rq->arena);
    yyjson_mut_doc *doc = yyjson_mut_doc_new(&allocator);
    yyjson_mut_val *root = doc == NULL ? NULL : yyjson_val_mut_copy(doc, rq->json);
    if (root == NULL) {
        return NULL;
    }
    (void)yyjson_mut_obj_remove_key(root, field);
    yyjson_mut_doc_set_root(doc, root);
    bool added = yyjson_mut_obj_add_int(doc, root, field, parent);
    return added ? yyjson_doc_get_root(yyjson_mut_doc_imut_copy(doc, &allocator)) : NULL;
}

static sluice_result run_child(desk_command *c, request *rq, response *rs, void *context) {
    const desk_route *route = context;
    record parent, r = {0};
    bool shown = false;
    sluice_result result = desk_get(c, route->kind, request_variable_id(rq, 0), &parent);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_val *body = with_parent(rq, route->child, parent.id);
    if (body == NULL) {
        return error_no_memory(c->error, rq->body.length);
    }
    result = desk_act(c, route->child->kind, route->act->name, 0, 0, body, &r);
    rs->status = 201;
    return result == SLUICE_OK ? write_record(c, rq, rs, route->child->kind, &r, &shown) : result;
}

sluice_result desk_child_act_handler(request *rq, response *rs, sluice_error *error) {
    desk_route context = *context_of(rq);
    return desk_change(rq, rs, run_child, &context, error);
}

sluice_result desk_act_handler(request *rq, response *rs, sluice_error *error) {
    desk_route context = *context_of(rq);
    return desk_change(rq, rs, run_act, &context, error);
}

/* ---- bulk ---- */

typedef struct bulk_row {
    const desk_kind *kind;
    const char *act;
    int64_t id, version;
    yyjson_val *input;
    record record;
} bulk_row;

static sluice_result run_row(desk_command *c, void *context) {
    bulk_row *row = context;
    return desk_act(c, row->kind, row->act, row->id, row->version, row->input, &row->record);
}

/* Each row is a command of its own inside this one: those that fail are undone alone. */
static sluice_result run_bulk(desk_command *c, request *rq, response *rs, void *context) {
    const desk_kind *kind = ((const desk_route *)context)->kind;
    yyjson_val *list = yyjson_obj_get(rq->json, "items"), *item;
    const char *act = yyjson_get_str(yyjson_obj_get(rq->json, "act"));
    size_t at, count, good = 0;
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *results = json_add_array(&d, root, "results");
    yyjson_arr_foreach(list, at, count, item) {
        sluice_error error = {0};
        bulk_row row = {.kind = kind, .act = act, .input = yyjson_obj_get(rq->json, "input")};
        row.id = yyjson_get_sint(yyjson_obj_get(item, "id"));
        row.version = yyjson_get_sint(yyjson_obj_get(item, "version"));
        desk_command one = {
            .desk = c->desk, .actor = c->actor, .now_ms = c->now_ms, .arena = c->arena, .error = &error};
        sluice_result result = desk_run(&one, run_row, &row);
        yyjson_mut_val *answer = json_append_object(&d, results);
        json_add_int(&d, answer, "id", row.id);
        json_add_bool(&d, answer, "done", result == SLUICE_OK);
        if (result == SLUICE_OK) {
            good++;
            json_add_int(&d, answer, "version", row.record.version);
            json_add_text(&d, answer, "state", row.record.values[kind->state].text);
        } else {
            const char *why = arena_copy(c->arena, error.text, strlen(error.text) + 1);
            json_add_text(&d, answer, "why", text_of(why));
            chinese_add(&d, answer, "why_zh", text_of(error.text));
        }
    }
    json_add_uint(&d, root, "done", good);
    json_add_uint(&d, root, "refused", count - good);
    return response_json(rs, &d, c->error);
}

sluice_result desk_bulk_handler(request *rq, response *rs, sluice_error *error) {
    const desk_kind *kind = context_of(rq)->kind;
    const char *name = yyjson_get_str(yyjson_obj_get(rq->json, "act"));
    const desk_act_row *act = name == NULL ? NULL : desk_act_find(kind, name);
    if (act == NULL || act->from == NULL || (act->flags & ACT_OWN_ROUTE) != 0) {
        return error_set(error, SLUICE_E_INPUT, "act: an act of a %s that is there is expected", kind->name);
    }
    desk_route context = *context_of(rq);
    return desk_change(rq, rs, run_bulk, &context, error);
}
