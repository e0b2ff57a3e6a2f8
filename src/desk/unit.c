#include "desk/unit.h"

#include "desk/desk_private.h"
#include "desk/place.h"

static const char LEVELS[] = "city|district|station";

static const record_field FIELDS[UNIT_FIELDS] = {
    [UNIT_NAME_ZH] = {"name_zh", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "Chinese name",
                      .zh = "名称"},
    [UNIT_NAME_EN] = {"name_en", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "English name",
                      .zh = "英文名称"},
    [UNIT_LEVEL] = {"level", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .codes = LEVELS,
                    .en = "level", .zh = "级别"},
    [UNIT_PARENT] = {"parent", FIELD_REFERENCE, .flags = FIELD_FIXED | FIELD_FILTER, .target = "unit",
                     .en = "parent unit", .zh = "上级单位"},
    [UNIT_DIVISION] = {"division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260",
                       .zh = "行政区划代码；GB/T 2260 六位"},
    [UNIT_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER, .codes = "open|closed", .en = "state",
                    .zh = "状态"},
};
static const record_table TABLE = {"unit",
                                   FIELDS,
                                   UNIT_FIELDS,
                                   (const record_index[]){{false, {UNIT_PARENT, RECORD_END, RECORD_END, RECORD_END}},
                                                          {true, {UNIT_DIVISION, RECORD_END, RECORD_END, RECORD_END}}},
                                   2,
                                   false,
                                   "units: city, districts and counties, stations",
                                   "单位"};

static const record_field CREATE[] = {
    {"name_zh", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "Chinese name", .zh = "名称"},
    {"name_en", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "English name", .zh = "英文名称"},
    {"level", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "district|station", .en = "level", .zh = "级别"},
    {"parent", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "parent unit", .zh = "上级单位"},
    {"division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260", .zh = "行政区划代码；GB/T 2260 六位"},
};
static const record_field EDIT[] = {
    {"name_zh", FIELD_TEXT, .bytes_max = 200, .en = "Chinese name", .zh = "名称"},
    {"name_en", FIELD_TEXT, .bytes_max = 200, .en = "English name", .zh = "英文名称"},
    {"division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260", .zh = "行政区划代码；GB/T 2260 六位"},
};

static sluice_result check_parent(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    record parent;
    sluice_result result =
        store_get(c->desk->store, &TABLE, r->values[UNIT_PARENT].integer, c->arena, &parent, c->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "parent", "a unit that is there is expected");
    }
    bool is_station = text_equal(r->values[UNIT_LEVEL].text, TEXT("station"));
    sluice_text needed = is_station ? TEXT("district") : TEXT("city");
    if (result == SLUICE_OK && !text_equal(parent.values[UNIT_LEVEL].text, needed)) {
        return desk_fault_add(c, "parent", "a unit of level %s is expected above a %.*s", needed.data,
                              TEXT_ARGS(r->values[UNIT_LEVEL].text));
    }
    return result;
}

static const desk_act_row ACTS[] = {
    {"create", NULL, "open", ROLE_ADMINISTRATOR, ACT_CITY, INPUTS(CREATE), RUN(check_parent),
     SAYS("set up a unit", "设立单位")},
    {"edit", "open", NULL, ROLE_ADMINISTRATOR, ACT_CITY, INPUTS(EDIT), SAYS("change its names or code", "修改")},
    {"close", "open", "closed", ROLE_ADMINISTRATOR, ACT_CITY, SAYS("close it", "撤销")},
};

/* ---- areas ---- */

enum { AREA_UNIT, AREA_BY, AREA_BEGINS, AREA_STATE, AREA_FIELDS };
static const record_field AREA[AREA_FIELDS] = {
    [AREA_UNIT] = {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "unit", .zh = "单位"},
    [AREA_BY] = {"by", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "division|address|phone", .en = "determined by",
                 .zh = "依据"},
    [AREA_BEGINS] = {"begins", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64,
                     .en = "prefix or part; of a division code or phone, or within an address",
                     .zh = "前缀或包含；区划代码、号码的前缀，或地址中的文字"},
    [AREA_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER, .codes = "open|closed", .en = "state",
                    .zh = "状态"},
};
static const record_table AREAS = {"area",
                                   AREA,
                                   AREA_FIELDS,
                                   (const record_index[]){{false, {AREA_UNIT, RECORD_END, RECORD_END, RECORD_END}},
                                                          {true, {AREA_BY, AREA_BEGINS, AREA_UNIT, RECORD_END}}},
                                   2,
                                   false,
                                   "areas of responsibility",
                                   "辖区"};
static const record_field AREA_ADD[] = {
    {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "unit", .zh = "单位"},
    {"by", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "division|address|phone", .en = "determined by", .zh = "依据"},
    {"begins", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "prefix or part", .zh = "前缀或包含"},
};

static sluice_result check_area(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    record unit;
    sluice_result result = store_get(c->desk->store, &TABLE, r->values[AREA_UNIT].integer, c->arena, &unit, c->error);
    return result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "unit", "a unit that is there is expected") : result;
}

static const desk_act_row AREA_ACTS[] = {
    {"create", NULL, "open", ROLE_ADMINISTRATOR, ACT_CITY, INPUTS(AREA_ADD), RUN(check_area),
     SAYS("assign an area to a unit", "划分辖区")},
    {"close", "open", "closed", ROLE_ADMINISTRATOR, ACT_CITY, SAYS("take it away", "取消")},
};
const desk_kind AREA_KIND = {
    .table = &AREAS,
    .name = "area",
    .collection = "areas",
    .readers = ROLES_ALL & ~(unsigned)ROLE_PARTNER,
    .state = SOME(AREA_STATE),
    ACTS_OF(AREA_ACTS),
};

static const uint8_t SEARCHED[] = {UNIT_NAME_ZH, UNIT_NAME_EN, UNIT_DIVISION, NO_FIELD};
const desk_kind UNIT_KIND = {
    .table = &TABLE,
    .name = "unit",
    .collection = "units",
    .readers = ROLES_ALL & ~(unsigned)ROLE_PARTNER,
    .state = SOME(UNIT_STATE),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};

/* ---- whose is it ---- */

sluice_result unit_place_of(store *s, int64_t unit, arena *a, unit_place *place, sluice_error *error) {
    record r;
    *place = (unit_place){.unit = unit, .level = LEVEL_CITY};
    sluice_result result = store_get(s, &TABLE, unit, a, &r, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (text_equal(r.values[UNIT_LEVEL].text, TEXT("station"))) {
        place->level = LEVEL_STATION;
        place->station = unit;
        place->district = r.values[UNIT_PARENT].integer;
    } else if (text_equal(r.values[UNIT_LEVEL].text, TEXT("district"))) {
        place->level = LEVEL_DISTRICT;
        place->district = unit;
    }
    return SLUICE_OK;
}

static bool contains(sluice_text text, sluice_text part) {
    for (size_t i = 0; part.length > 0 && i + part.length <= text.length; i++) {
        if (memcmp(text.data + i, part.data, part.length) == 0) {
            return true;
        }
    }
    return false;
}

static bool begins(sluice_text text, sluice_text part) {
    return part.length > 0 && part.length <= text.length && memcmp(text.data, part.data, part.length) == 0;
}

/* The longest open area of one sort that fits. 0: none. */
static sluice_result find_area(desk_command *c, const char *by, sluice_text text, int64_t *unit_out) {
    enum { AREAS_MAX = 10000 };
    query_term terms[2] = {{AREA_BY, QUERY_EQUAL, value_text(text_of(by)), NULL, 0},
                           {AREA_STATE, QUERY_EQUAL, value_text(TEXT("open")), NULL, 0}};
    record_query query = {.table = &AREAS, .terms = terms, .term_count = 2, .order = AREA_BEGINS, .limit = AREAS_MAX};
    record *rows = NULL;
    size_t count = 0, longest = 0;
    *unit_out = 0;
    if (text.length == 0) {
        return SLUICE_OK;
    }
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    bool is_address = by[0] == 'a';
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        sluice_text part = rows[i].values[AREA_BEGINS].text;
        if ((is_address ? contains(text, part) : begins(text, part)) && part.length > longest) {
            longest = part.length;
            *unit_out = rows[i].values[AREA_UNIT].integer;
        }
    }
    return result;
}

sluice_result unit_for(desk_command *c, sluice_text division, sluice_text address, sluice_text phone,
                       unit_place *place) {
    int64_t unit = 0;
    *place = (unit_place){.level = LEVEL_CITY};
    sluice_result result = find_area(c, "division", division, &unit);
    if (result == SLUICE_OK && unit == 0) {
        result = find_area(c, "address", address, &unit);
    }
    if (result == SLUICE_OK && unit == 0) {
        sluice_text bare = place_phone(phone, c->arena);
        result = bare.data == NULL ? error_no_memory(c->error, phone.length) : find_area(c, "phone", bare, &unit);
    }
    return result == SLUICE_OK && unit != 0 ? unit_place_of(c->desk->store, unit, c->arena, place, c->error) : result;
}

sluice_result unit_defaults(desk_command *c) {
    record_value values[UNIT_FIELDS] = {
        [UNIT_NAME_ZH] = value_text(TEXT("市反诈中心")),
        [UNIT_NAME_EN] = value_text(TEXT("City anti-fraud centre")),
        [UNIT_LEVEL] = value_text(TEXT("city")),
        [UNIT_PARENT] = value_null(),
        [UNIT_DIVISION] = value_null(),
        [UNIT_STATE] = value_text(TEXT("open")),
    };
    record city = {.table = &TABLE, .values = values};
    return desk_insert(c, &city);
}
