/* Handlers of the routes that are made from kinds, but for lists: one record, acts, bulk acts.
 *
 * Whatever is shown is first written into the audit, durably; so each of these waits for one round of the writer. */
#include <string.h>

#include "base/error.h"
#include "desk/render.h"
#include "server/desk_link.h"
#include "signal/json.h"
#include "text/chinese.h"

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
    const desk_kind *kind = desk_route_of(rq)->kind;
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
    desk_route context = *desk_route_of(rq);
    return desk_change(rq, rs, run_child, &context, error);
}

sluice_result desk_act_handler(request *rq, response *rs, sluice_error *error) {
    desk_route context = *desk_route_of(rq);
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
            json_add_text(&d, answer, "state", row.record.values[field_of(kind->state)].text);
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
    const desk_kind *kind = desk_route_of(rq)->kind;
    const char *name = yyjson_get_str(yyjson_obj_get(rq->json, "act"));
    const desk_act_row *act = name == NULL ? NULL : desk_act_find(kind, name);
    if (act == NULL || act->from == NULL || (act->flags & ACT_OWN_ROUTE) != 0) {
        return error_set(error, SLUICE_E_INPUT, "act: an act of a %s that is there is expected", kind->name);
    }
    desk_route context = *desk_route_of(rq);
    return desk_change(rq, rs, run_bulk, &context, error);
}
