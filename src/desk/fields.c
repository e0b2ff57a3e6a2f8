#include "desk/fields.h"

sluice_result fields_check_operation(desk_command *c, const record_value *operation) {
    record r;
    const desk_kind *kind = desk_kind_find("operation");
    if (operation->is_null) {
        return SLUICE_OK;
    }
    sluice_result result = kind == NULL ? SLUICE_E_NOT_FOUND : desk_get(c, kind, operation->integer, &r);
    return result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "operation", "an operation that you can see is expected")
                                        : result;
}
