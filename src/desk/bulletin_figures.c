/* A bulletin's content: for whom and when, the figures of one moment, and all of it as one JSON document, from which
 * every format is drawn. */
#include "base/hash.h"
#include "base/time.h"
#include "desk/bulletin.h"
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/unit.h"
#include "store/copy.h"

static const int64_t PERIOD_MS_MAX = INT64_C(3660) * TIME_DAY_MS;

static sluice_result unknown_unit(desk_command *c, int64_t unit) {
    return error_set(c->error, SLUICE_E_NOT_FOUND, "there is no unit %lld here", (long long)unit);
}

/* A district asks for itself and its stations, a station for itself. */
static sluice_result scope_unit(desk_command *c, int64_t unit, figure_scope *scope) {
    const desk_actor *actor = c->actor;
    unit_place place;
    sluice_result result = unit_place_of(c->desk->store, unit, c->arena, &place, c->error);
    if (result != SLUICE_OK) {
        return result == SLUICE_E_NOT_FOUND ? unknown_unit(c, unit) : result;
    }
    if ((actor->roles & ROLE_SYSTEM) == 0 && ((actor->level != LEVEL_CITY && place.district != actor->district) ||
                                              (actor->level == LEVEL_STATION && place.station != actor->station))) {
        return unknown_unit(c, unit);
    }
    scope->district = place.district;
    scope->station = place.station;
    return SLUICE_OK;
}

sluice_result bulletin_scope(desk_command *c, int64_t from_ms, int64_t to_ms, int64_t unit, int64_t operation,
                             int64_t site, figure_scope *scope) {
    record r;
    *scope = (figure_scope){.from_ms = from_ms, .to_ms = to_ms, .operation = operation, .site = site};
    if (to_ms <= from_ms || to_ms - from_ms > PERIOD_MS_MAX) {
        return desk_fault_add(c, "to", "a time after `from`, and at most ten years after it, is expected");
    }
    sluice_result result = scope_unit(c, unit == 0 ? (c->actor->unit == 0 ? 1 : c->actor->unit) : unit, scope);
    if (result == SLUICE_OK && operation != 0) {
        result = desk_get(c, &OPERATION_KIND, operation, &r);
    }
    if (result == SLUICE_OK && site != 0) {
        result = desk_get(c, &SITE_KIND, site, &r);
        if (result == SLUICE_OK && operation != 0 && r.values[SITE_OPERATION].integer != operation) {
            return desk_fault_add(c, "site", "a site of this operation is expected");
        }
    }
    return result;
}

sluice_result bulletin_compute(desk_command *c, const figure_scope *scope, bulletin_figures *f) {
    store *view = NULL;
    uint64_t chain = 0;
    *f = (bulletin_figures){.scope = *scope, .cut_off_ms = c->now_ms};
    store_log_end(c->desk->store, &f->sequence, &chain);
    sluice_result result = store_view(c->desk->store, &view, c->error);
    if (result == SLUICE_OK) {
        const unsigned all = SECTION_OPERATION | SECTION_SITE | SECTION_PERIOD | SECTION_YEAR | SECTION_OUTREACH;
        result = figures_compute(view, scope, all, c->arena, &f->figures, &f->count, c->error);
    }
    store_close(&view);
    return result;
}

/* ---- JSON ---- */

static void add_unit(desk_command *c, json_document *json, yyjson_mut_val *root, int64_t unit) {
    record r;
    yyjson_mut_val *object = json_add_object(json, root, "unit");
    if (store_get(c->desk->store, UNIT_KIND.table, unit, c->arena, &r, c->error) != SLUICE_OK) {
        json->failed = true;
        return;
    }
    json_add_int(json, object, "id", unit);
    json_add_text(json, object, "zh", r.values[UNIT_NAME_ZH].text);
    json_add_text(json, object, "en", r.values[UNIT_NAME_EN].text);
}

static void add_named(desk_command *c, json_document *json, yyjson_mut_val *root, const desk_kind *kind, int64_t id,
                      uint8_t name) {
    record r;
    if (id == 0) {
        json_add_text_or_null(json, root, kind->name, (sluice_text){0});
        return;
    }
    yyjson_mut_val *object = json_add_object(json, root, kind->name);
    if (store_get(c->desk->store, kind->table, id, c->arena, &r, c->error) != SLUICE_OK) {
        json->failed = true;
        return;
    }
    json_add_int(json, object, "id", id);
    json_add_text(json, object, "name", r.values[name].text);
    if (kind == &SITE_KIND) { /* what was done there, and in which shift */
        json_add_text_or_null(json, object, "method", value_text_or_empty(&r.values[SITE_METHOD]));
    }
}

static void add_head(desk_command *c, json_document *json, yyjson_mut_val *root, const bulletin_head *head,
                     const bulletin_figures *f) {
    json_add_text_or_null(json, root, "title", head->title);
    json_add_text_or_null(json, root, "words", head->words);
    json_add_time(json, root, "from", f->scope.from_ms);
    json_add_time(json, root, "to", f->scope.to_ms);
    add_unit(c, json, root, head->unit == 0 ? 1 : head->unit);
    add_named(c, json, root, &OPERATION_KIND, f->scope.operation, OPERATION_NAME);
    add_named(c, json, root, &SITE_KIND, f->scope.site, SITE_NAME);
    json_add_time(json, root, "cut_off", f->cut_off_ms);
    json_add_uint(json, root, "log_sequence", f->sequence);
    json_add_text(json, root, "operator", head->operator);
    if (head->replaces == 0) {
        json_add_text_or_null(json, root, "replaces", (sluice_text){0});
    } else {
        json_add_int(json, root, "replaces", head->replaces);
    }
}

sluice_result bulletin_json(desk_command *c, const bulletin_head *head, const bulletin_figures *f,
                            sluice_text *json_out) {
    json_document json;
    text_writer w = {0};
    yyjson_mut_val *root = json_begin(&json);
    add_head(c, &json, root, head, f);
    figures_render(c->desk, &json, root, &f->scope, f->figures, f->count, c->arena);
    sluice_result result = json_end(&json, &w, c->error);
    const char *copy = result == SLUICE_OK ? arena_copy(c->arena, w.data, w.length) : NULL;
    *json_out = (sluice_text){copy, w.length};
    text_writer_fini(&w);
    return result == SLUICE_OK && copy == NULL ? error_no_memory(c->error, 1000) : result;
}
