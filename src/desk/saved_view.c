#include "desk/saved_view.h"

#include <string.h>

#include "desk/desk_private.h"

enum { SHARED_SHOWN_MAX = 500 };

static const record_field FIELDS[VIEW_FIELDS] = {
    [VIEW_OWNER] = {"owner", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_SERVER, .target = "user",
                    .en = "saved by", .zh = "保存人"},
    [VIEW_LIST] = {"list", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 64, .en = "list",
                   .zh = "列表"},
    [VIEW_NAME] = {"name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = VIEW_NAME_BYTES_MAX, .en = "name",
                   .zh = "名称"},
    [VIEW_QUERY] = {"query", FIELD_TEXT, SECRECY_WORDS, .bytes_max = VIEW_QUERY_BYTES_MAX, .en = "filters and order",
                    .zh = "筛选条件"},
    [VIEW_UNIT] = {"unit", FIELD_REFERENCE, .target = "unit", .en = "shared with; none: nobody",
                   .zh = "共享单位；不填为不共享"},
};
const record_table SAVED_VIEW_TABLE = {"saved_view",
                                       FIELDS,
                                       VIEW_FIELDS,
                                       (const record_index[]){{true, {VIEW_OWNER, VIEW_LIST, VIEW_NAME, RECORD_END}},
                                                              {false, {VIEW_LIST, VIEW_UNIT, RECORD_END, RECORD_END}}},
                                       2,
                                       false,
                                       "saved views of lists",
                                       "列表视图"};

static sluice_result select_by(desk_command *c, sluice_text list, uint8_t field, int64_t value, size_t limit,
                               record **rows, size_t *count) {
    query_term terms[2] = {{VIEW_LIST, QUERY_EQUAL, value_text(list), NULL, 0},
                           {field, QUERY_EQUAL, value_integer(value), NULL, 0}};
    record_query query = {.table = &SAVED_VIEW_TABLE, .terms = terms, .term_count = 2, .order = QUERY_ID};
    query.limit = limit;
    return store_select(c->desk->store, &query, c->arena, rows, count, c->error);
}

sluice_result saved_view_find(desk_command *c, sluice_text list, record **rows_out, size_t *count_out) {
    record *own = NULL, *shared = NULL;
    size_t own_count = 0, shared_count = 0, count = 0;
    sluice_result result = select_by(c, list, VIEW_OWNER, c->actor->user, SAVED_VIEWS_MAX, &own, &own_count);
    if (result == SLUICE_OK) {
        result = select_by(c, list, VIEW_UNIT, c->actor->unit, SHARED_SHOWN_MAX, &shared, &shared_count);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    record *rows = arena_alloc(c->arena, (own_count + shared_count + 1) * sizeof *rows);
    if (rows == NULL) {
        return error_no_memory(c->error, (own_count + shared_count) * sizeof *rows);
    }
    for (size_t i = 0; i < own_count; i++) {
        rows[count++] = own[i];
    }
    for (size_t i = 0; i < shared_count; i++) {
        if (shared[i].values[VIEW_OWNER].integer != c->actor->user) {
            rows[count++] = shared[i];
        }
    }
    *rows_out = rows;
    *count_out = count;
    return SLUICE_OK;
}

static sluice_result check_put(desk_command *c, sluice_text list, sluice_text name) {
    char kind[65] = {0};
    if (c->actor->user == 0) {
        return error_set(c->error, SLUICE_E_FORBIDDEN, "a key has no views: they are for people");
    }
    if (list.length < sizeof kind) {
        memcpy(kind, list.data, list.length);
    }
    if (desk_kind_find(kind) == NULL) {
        return desk_fault_add(c, "list", "a kind of record is expected, such as warning");
    }
    return text_trim(name).length == 0 ? desk_fault_add(c, "name", "a name is expected") : SLUICE_OK;
}

sluice_result saved_view_put(desk_command *c, sluice_text list, sluice_text name, sluice_text query, bool is_shared,
                             record *view) {
    record *own = NULL;
    size_t count = 0;
    name = text_trim(name);
    sluice_result result = check_put(c, list, name);
    result =
        result == SLUICE_OK ? select_by(c, list, VIEW_OWNER, c->actor->user, SAVED_VIEWS_MAX, &own, &count) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    bool is_there = false;
    for (size_t i = 0; i < count && !is_there; i++) {
        is_there = text_equal(own[i].values[VIEW_NAME].text, name);
        *view = own[i];
    }
    if (!is_there && count == SAVED_VIEWS_MAX) {
        return error_set(c->error, SLUICE_E_STATE, "there are %d views of this list: remove one first",
                         SAVED_VIEWS_MAX);
    }
    if (!is_there && !record_init(view, &SAVED_VIEW_TABLE, c->arena)) {
        return error_no_memory(c->error, sizeof *view);
    }
    view->values[VIEW_OWNER] = value_integer(c->actor->user);
    view->values[VIEW_LIST] = value_text(list);
    view->values[VIEW_NAME] = value_text(name);
    view->values[VIEW_QUERY] = query.length == 0 ? value_null() : value_text(query);
    view->values[VIEW_UNIT] = is_shared ? value_integer(c->actor->unit) : value_null();
    return is_there ? desk_update(c, view) : desk_insert(c, view);
}

sluice_result saved_view_remove(desk_command *c, int64_t id) {
    record view;
    sluice_result result = store_get(c->desk->store, &SAVED_VIEW_TABLE, id, c->arena, &view, c->error);
    if (result == SLUICE_OK) {
        const record_value *unit = &view.values[VIEW_UNIT];
        bool is_own = c->actor->user != 0 && view.values[VIEW_OWNER].integer == c->actor->user;
        bool is_ours = !unit->is_null && unit->integer == c->actor->unit;
        if (!is_own && !(is_ours && (c->actor->roles & ROLE_COMMANDER) != 0)) {
            result = SLUICE_E_NOT_FOUND;
        }
    }
    if (result == SLUICE_E_NOT_FOUND) {
        return error_set(c->error, SLUICE_E_NOT_FOUND, "there is no view %lld of yours", (long long)id);
    }
    return result == SLUICE_OK ? store_delete(c->desk->store, &SAVED_VIEW_TABLE, id, c->error) : result;
}
