#include "desk/case_gate.h"

#include "desk/desk_private.h"

static sluice_result take_scope(desk_command *c, const char *kind_name, const record_value *id, record *order,
                                uint8_t district, uint8_t station) {
    const desk_kind *kind = desk_kind_find(kind_name);
    record r;
    SLUICE_ASSERT(kind != NULL && has_field(kind->district) && has_field(kind->station));
    sluice_result result = desk_get(c, kind, id->integer, &r);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, kind_name, "a %s that you can see is expected", kind_name);
    }
    if (result == SLUICE_OK) {
        order->values[district] = r.values[field_of(kind->district)];
        order->values[station] = r.values[field_of(kind->station)];
    }
    return result;
}

sluice_result order_scope(desk_command *c, record *order, uint8_t report, uint8_t of_case, uint8_t district,
                          uint8_t station) {
    if (report != NO_FIELD && !order->values[report].is_null) {
        return take_scope(c, "report", &order->values[report], order, district, station);
    }
    if (!order->values[of_case].is_null) {
        return take_scope(c, "case", &order->values[of_case], order, district, station);
    }
    if (order->values[district].is_null && c->actor->district != 0) {
        order->values[district] = value_integer(c->actor->district);
    }
    if (order->values[station].is_null && c->actor->station != 0) {
        order->values[station] = value_integer(c->actor->station);
    }
    return SLUICE_OK;
}

sluice_result case_require_filed(desk_command *c, int64_t case_id) {
    const desk_kind *kind = desk_kind_find("case");
    record r;
    SLUICE_ASSERT(kind != NULL);
    sluice_result result = desk_get(c, kind, case_id, &r);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "case", "a case that you can see is expected");
    }
    if (result == SLUICE_OK && !text_equal(r.values[field_of(kind->state)].text, TEXT("filed"))) {
        return error_set(c->error, SLUICE_E_STATE,
                         "case %lld is %.*s and not filed: 止付 → 立案 → 冻结, no freeze before the case is filed "
                         "(公安机关办理刑事案件程序规定 Arts. 174, 239)",
                         (long long)case_id, TEXT_ARGS(r.values[field_of(kind->state)].text));
    }
    return result;
}
