/* Tallies and the command view as JSON. */
#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/tally.h"
#include "desk/unit.h"

static void add_states(json_document *json, yyjson_mut_val *object, const char *name, const record_group *groups,
                       size_t count) {
    yyjson_mut_val *states = json_add_object(json, object, name);
    for (size_t i = 0; i < count; i++) {
        sluice_text state = groups[i].by[0].text;
        yyjson_mut_val *key = json->doc == NULL ? NULL : yyjson_mut_strn(json->doc, state.data, state.length);
        yyjson_mut_val *value = json->doc == NULL ? NULL : yyjson_mut_uint(json->doc, groups[i].count);
        json->failed = json->failed || key == NULL || value == NULL || !yyjson_mut_obj_add(states, key, value);
    }
}

static void add_coordinate(json_document *json, yyjson_mut_val *object, const char *name, const record_value *value) {
    if (value->is_null) {
        json_add_text_or_null(json, object, name, (sluice_text){0});
    } else {
        json_add_int(json, object, name, value->integer);
    }
}

static void add_sites(json_document *json, yyjson_mut_val *object, const tally *t) {
    yyjson_mut_val *sites = json_add_array(json, object, "sites");
    for (size_t i = 0; i < t->site_count; i++) {
        const record *site = &t->sites[i].site;
        yyjson_mut_val *item = json_append_object(json, sites);
        json_add_int(json, item, "id", site->id);
        json_add_text(json, item, "name", site->values[SITE_NAME].text);
        json_add_text(json, item, "state", site->values[SITE_STATE].text);
        json_add_text_or_null(json, item, "division", value_text_or_empty(&site->values[SITE_DIVISION]));
        add_coordinate(json, item, "latitude_e6", &site->values[SITE_LATITUDE]);
        add_coordinate(json, item, "longitude_e6", &site->values[SITE_LONGITUDE]);
        add_coordinate(json, item, "district", &site->values[SITE_DISTRICT]);
        json_add_int(json, item, "suspects", t->sites[i].suspects);
        json_add_int(json, item, "seized", t->sites[i].seized);
    }
}

static void add_districts(json_document *json, yyjson_mut_val *object, const tally *t) {
    yyjson_mut_val *districts = json_add_array(json, object, "districts");
    for (size_t i = 0; i < t->district_count; i++) {
        const tally_district *row = &t->districts[i];
        yyjson_mut_val *item = json_append_object(json, districts);
        json_add_int(json, item, "district", row->district);
        json_add_text(json, item, "zh", row->zh);
        json_add_text(json, item, "en", row->en);
        yyjson_mut_val *values = json_add_object(json, item, "values");
        for (size_t k = 0; k < t->figure_count; k++) {
            json_add_int(json, values, t->figures[k].line->code, row->values[k]);
        }
    }
}

void tally_render(desk_command *c, json_document *json, yyjson_mut_val *object, const tally *t) {
    const record_value *values = t->operation.values;
    json_add_int(json, object, "operation", t->operation.id);
    json_add_text(json, object, "name", values[OPERATION_NAME].text);
    json_add_text(json, object, "state", values[OPERATION_STATE].text);
    json_add_text_or_null(json, object, "phase", value_text_or_empty(&values[OPERATION_PHASE]));
    json_add_time(json, object, "from", t->scope.from_ms);
    json_add_time(json, object, "as_of", c->now_ms);
    figures_render(c->desk, json, object, &t->scope, t->figures, t->figure_count, c->arena);
    add_districts(json, object, t);
    add_sites(json, object, t);
    add_states(json, object, "targets", t->targets, t->target_count);
    add_states(json, object, "steps", t->steps, t->step_count);
    add_states(json, object, "places", t->places, t->place_count);
    json_add_uint(json, object, "steps_overdue", t->steps_overdue);
    json_add_uint(json, object, "places_overdue", t->places_overdue);
}

/* Today's figures, each with its districts. */
static void add_today(desk_command *c, json_document *json, yyjson_mut_val *object, const command_view *v) {
    yyjson_mut_val *today = json_add_object(json, object, "today");
    json_add_time(json, today, "from", v->today.from_ms);
    json_add_time(json, today, "to", v->today.to_ms);
    yyjson_mut_val *list = json_add_array(json, today, "figures");
    for (size_t i = 0; i < v->figure_count; i++) {
        const figure *f = &v->figures[i];
        yyjson_mut_val *item = json_append_object(json, list);
        json_add_text(json, item, "code", text_of(f->line->code));
        json_add_text(json, item, "zh", text_of(f->line->zh));
        json_add_text(json, item, "en", text_of(f->line->en));
        json_add_text(json, item, "type", (f->line->flags & FIGURE_MONEY) != 0 ? TEXT("money_fen") : TEXT("number"));
        json_add_int(json, item, "value", f->value);
        yyjson_mut_val *districts = json_add_array(json, item, "districts");
        for (size_t k = 0; k < f->part_count; k++) {
            record unit;
            const record_value *id = &f->parts[k].by;
            yyjson_mut_val *part = json_append_object(json, districts);
            bool known = !id->is_null && store_get(c->desk->store, UNIT_KIND.table, id->integer, c->arena, &unit,
                                                   c->error) == SLUICE_OK;
            json_add_int(json, part, "district", id->is_null ? 0 : id->integer);
            json_add_text(json, part, "zh", known ? unit.values[UNIT_NAME_ZH].text : TEXT("市级"));
            json_add_text(json, part, "en", known ? unit.values[UNIT_NAME_EN].text : TEXT("the city's own"));
            json_add_int(json, part, "value", f->parts[k].value);
        }
    }
}

void command_view_render(desk_command *c, json_document *json, yyjson_mut_val *object, const command_view *v) {
    json_add_time(json, object, "as_of", c->now_ms);
    yyjson_mut_val *operations = json_add_array(json, object, "operations");
    for (size_t i = 0; i < v->operation_count; i++) {
        tally_render(c, json, json_append_object(json, operations), &v->operations[i]);
    }
    add_today(c, json, object, v);
}
