#include "desk/place.h"

#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/user.h"

static record_value unit_or_null(int64_t unit) {
    return unit == 0 ? value_null() : value_integer(unit);
}

void place_set(const desk_kind *kind, record *r, int64_t district, int64_t station) {
    r->values[field_of(kind->district)] = unit_or_null(district);
    r->values[field_of(kind->station)] = unit_or_null(station);
}

sluice_text place_level(const desk_kind *kind, const record *r) {
    return !r->values[field_of(kind->station)].is_null    ? TEXT("station")
           : !r->values[field_of(kind->district)].is_null ? TEXT("district")
                                                          : TEXT("city");
}

sluice_text place_above(sluice_text level) {
    return text_equal(level, TEXT("station"))    ? TEXT("district")
           : text_equal(level, TEXT("district")) ? TEXT("city")
                                                 : TEXT("commander");
}

sluice_result place_check_assignee(desk_command *c, const desk_kind *kind, const record *r) {
    record user;
    unit_place place;
    int64_t id = r->values[field_of(kind->assignee)].integer;
    sluice_result result = store_get(c->desk->store, USER_KIND.table, id, c->arena, &user, c->error);
    if (result == SLUICE_E_NOT_FOUND ||
        (result == SLUICE_OK && text_equal(user.values[USER_STATE].text, TEXT("disabled")))) {
        return desk_fault_add(c, "assignee", "a user who is there and not disabled is expected");
    }
    if (result == SLUICE_OK) {
        result = unit_place_of(c->desk->store, user.values[USER_UNIT].integer, c->arena, &place, c->error);
    }
    desk_actor he = {.user = id};
    if (result == SLUICE_OK) {
        he.unit = place.unit;
        he.district = place.district;
        he.station = place.station;
        he.level = place.level;
        (void)roles_parse(user.values[USER_ROLES].text, &he.roles);
        if (!desk_sees_in(&(desk_command){.desk = c->desk, .actor = &he, .arena = c->arena}, kind, r)) {
            return desk_fault_add(c, "assignee", "a user whose unit and role may see this %s is expected", kind->name);
        }
    }
    return result;
}

sluice_result place_check_officer(desk_command *c, const char *field, int64_t user) {
    record r;
    unsigned roles = 0;
    sluice_result result = store_get(c->desk->store, USER_KIND.table, user, c->arena, &r, c->error);
    if (result != SLUICE_OK && result != SLUICE_E_NOT_FOUND) {
        return result;
    }
    bool is_there = result == SLUICE_OK && !text_equal(r.values[USER_STATE].text, TEXT("disabled"));
    return is_there && roles_parse(r.values[USER_ROLES].text, &roles) && (roles & ROLES_OFFICERS) != 0
               ? SLUICE_OK
               : desk_fault_add(c, field, "an officer who is there and not disabled is expected");
}

sluice_result place_dispatch(desk_command *c, const desk_kind *kind, record *r, int64_t unit) {
    unit_place place;
    sluice_result result = unit_place_of(c->desk->store, unit, c->arena, &place, c->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "unit", "a unit that is there is expected");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    if (c->actor->level != LEVEL_CITY && place.district != c->actor->district) {
        return error_set(c->error, SLUICE_E_FORBIDDEN,
                         "this unit is not of your district: propose a transfer, which its receiver reviews");
    }
    place_set(kind, r, place.district, place.station);
    if (has_field(kind->assignee)) {
        r->values[field_of(kind->assignee)] = value_null();
    }
    return SLUICE_OK;
}

sluice_result place_by_home(desk_command *c, const desk_kind *kind, record *r, sluice_text division,
                            sluice_text address, sluice_text phone) {
    unit_place place;
    sluice_result result = unit_for(c, division, address, phone, &place);
    if (result == SLUICE_OK && place.unit == 0) {
        place_set(kind, r, c->actor->district, c->actor->station);
    } else if (result == SLUICE_OK) {
        place_set(kind, r, place.district, place.station);
    }
    return result;
}

sluice_result place_parent(desk_command *c, const desk_kind *kind, const record *r, record *parent) {
    const record_field *field = &kind->table->fields[kind->parent_field];
    sluice_result result = desk_get(c, kind->parent, r->values[kind->parent_field].integer, parent);
    return result == SLUICE_E_NOT_FOUND
               ? desk_fault_add(c, field->name, "a %s that is there is expected", kind->parent->name)
               : result;
}

int64_t place_day_end(int64_t now_ms, int64_t days_more) {
    int64_t local = now_ms + TIME_SHANGHAI_OFFSET_MS;
    int64_t day = local / TIME_DAY_MS - (local % TIME_DAY_MS < 0 ? 1 : 0);
    return (day + 1 + days_more) * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS;
}

static bool begins(sluice_text text, const char *part) {
    size_t length = strlen(part);
    return text.length > length && memcmp(text.data, part, length) == 0;
}

sluice_text place_phone(sluice_text phone, arena *a) {
    static const char *const PREFIXES[] = {"phone:", "+86", "0086"};
    char *digits = arena_alloc(a, phone.length + 1);
    size_t count = 0;
    if (digits == NULL) {
        return (sluice_text){0};
    }
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES; i++) {
        if (begins(phone, PREFIXES[i])) {
            phone.data += strlen(PREFIXES[i]);
            phone.length -= strlen(PREFIXES[i]);
        }
    }
    for (size_t i = 0; i < phone.length; i++) {
        char at = phone.data[i];
        if (at != ' ' && at != '-') {
            digits[count++] = at;
        }
    }
    return (sluice_text){digits, count};
}
