/* From a report to the first stop orders, in one step. */
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/order.h"

static record_value field_or_null(const record *r, const char *name) {
    uint8_t field = record_field_find(r->table, text_of(name));
    return field == NO_FIELD ? value_null() : r->values[field];
}

static sluice_result propose_one(desk_command *c, const record *report, const record *transfer, bool *left_out) {
    int64_t count = 0, cap = 0, standing = 0;
    record stop = {0};
    record_value account = field_or_null(transfer, "to");
    *left_out = account.is_null;
    if (account.is_null) {
        return SLUICE_OK;
    }
    sluice_result result = stop_count(c, account.text, &count);
    result = result == SLUICE_OK ? dated_number(c, "cap", "stops_per_account", &cap) : result;
    *left_out = result == SLUICE_OK && count >= cap;
    /* Paid twice to one account: one order stops it. A second would use up the account's turn that extends the first.
     */
    result = result == SLUICE_OK ? stop_of_report(c, report->id, account.text, &standing) : result;
    if (result != SLUICE_OK || *left_out || standing != 0) {
        *left_out = *left_out && standing == 0;
        return result;
    }
    const desk_given given[] = {
        {"account", account},
        {"institution", field_or_null(transfer, "bank")},
        {"holder", field_or_null(transfer, "name")},
        {"amount_fen", field_or_null(transfer, "amount_fen")},
        {"from", field_or_null(transfer, "from")},
        {"transfer", field_or_null(transfer, "transfer")},
        {"transfer_at", field_or_null(transfer, "time")},
        {"layer", value_integer(1)},
        {"urgency", value_text(TEXT("urgent"))},
        {"reason", value_text(TEXT("受害人报警称被骗向该账户转账，请立即止付。"))},
        {"report", value_integer(report->id)},
    };
    return desk_act_inside(c, &STOP_KIND, "propose", &stop, given, sizeof given / sizeof *given);
}

sluice_result order_propose_for_report(desk_command *c, const record *report, const record *transfers, size_t count) {
    sluice_result result = SLUICE_OK;
    size_t left = 0;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        bool left_out = false;
        result = propose_one(c, report, &transfers[i], &left_out);
        left += left_out ? 1 : 0;
    }
    if (result != SLUICE_OK || left == 0) {
        return result;
    }
    char detail[96];
    (void)snprintf(detail, sizeof detail, "%zu transfers got no stop order: account unknown or stopped twice", left);
    return audit_add(c, "report.stops_left_out", "report", report->id, text_of(detail));
}
