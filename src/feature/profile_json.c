/* JSON: the closed schema of docs/schema/account.schema.json. Amounts are integers of fen, times RFC 3339 with +08:00;
 * a value that does not exist is null and never left out. */
#include <string.h>

#include "base/json_write.h"
#include "base/time.h"
#include "feature/profile_render.h"

static void add_side(json_document *d, yyjson_mut_val *object, const char *key, const sluice_profile_side *side) {
    yyjson_mut_val *added = json_add_object(d, object, key);
    json_add_int(d, added, "amount_fen", side->amount_fen);
    json_add_uint(d, added, "count", side->count);
}

static void add_time(json_document *d, yyjson_mut_val *object, const char *key, bool exists, int64_t time_ms) {
    if (exists) {
        json_add_time(d, object, key, time_ms);
    } else {
        json_add(d, object, key, yyjson_mut_null(d->doc));
    }
}

static void fill_account(json_document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    bool moved = view->last_ms != 0 || view->first_ms != 0;
    json_add_text_or_null(d, root, "account", view->key);
    json_add_text_or_null(d, root, "type", view->type);
    json_add_text_or_null(d, root, "status", text_of(view->status));
    json_add_text_or_null(d, root, "holder", view->holder);
    json_add_text_or_null(d, root, "holder_name_masked", text_of(view->holder_name));
    add_time(d, root, "opened", view->opened_ms != 0, view->opened_ms);
    add_time(d, root, "first", moved, view->first_ms);
    add_time(d, root, "last", moved, view->last_ms);
    json_add_uint(d, root, "as_of", view->as_of);
    yyjson_mut_val *period = json_add_object(d, root, "period");
    add_time(d, period, "from", moved || view->from_ms != 0, view->from_ms);
    add_time(d, period, "to", moved || view->to_ms > 1, view->to_ms);
    add_time(d, period, "recent_from", moved, view->recent_from_ms);
    yyjson_mut_val *balance = json_add_object(d, root, "balance");
    json_add_int(d, balance, "opening_fen", view->opening_fen);
    json_add_bool(d, balance, "opening_inferred", view->opening_inferred);
    json_add_int(d, balance, "start_fen", view->start_fen);
    json_add_int(d, balance, "end_fen", view->balance_fen);
    json_add_int(d, balance, "low_fen", view->low_fen);
    json_add_int(d, balance, "high_fen", view->high_fen);
    add_side(d, root, "in", &view->in);
    add_side(d, root, "out", &view->out);
    add_side(d, root, "withdrawals", &view->withdrawals);
}

static void fill_times(json_document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    yyjson_mut_val *days = json_add_array(d, root, "days");
    for (size_t i = 0; i < view->day_count; i++) {
        const sluice_profile_day *day = &view->days[i];
        yyjson_mut_val *row = json_append_object(d, days);
        char buffer[TIME_TEXT_BYTES];
        json_add(d, row, "day", yyjson_mut_strncpy(d->doc, time_format(day->day_ms, buffer), strlen("2026-01-01")));
        json_add_int(d, row, "closing_fen", day->closing_fen);
        json_add_int(d, row, "low_fen", day->low_fen);
        json_add_int(d, row, "high_fen", day->high_fen);
        add_side(d, row, "in", &day->in);
        add_side(d, row, "out", &day->out);
    }
    yyjson_mut_val *hours = json_add_object(d, root, "hours");
    yyjson_mut_val *counts = json_add_array(d, hours, "count"), *amounts = json_add_array(d, hours, "amount_fen");
    for (size_t weekday = 0; weekday < 7; weekday++) {
        yyjson_mut_val *count_row = yyjson_mut_arr_add_arr(d->doc, counts);
        yyjson_mut_val *amount_row = yyjson_mut_arr_add_arr(d->doc, amounts);
        for (size_t hour = 0; hour < 24; hour++) {
            d->failed |= !yyjson_mut_arr_add_uint(d->doc, count_row, view->hour_count[weekday][hour]) ||
                         !yyjson_mut_arr_add_sint(d->doc, amount_row, view->hour_amount_fen[weekday][hour]);
        }
    }
}

static void fill_counterparties(json_document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    yyjson_mut_val *object = json_add_object(d, root, "counterparties");
    json_add_uint(d, object, "count", view->counterparty_count);
    json_add_uint(d, object, "new", view->new_count);
    json_add_uint(d, object, "common", view->common_count);
    json_add_uint(d, object, "vanished", view->vanished_count);
    yyjson_mut_val *top = json_add_array(d, object, "top");
    for (size_t i = 0; i < view->counterparty_listed; i++) {
        const sluice_profile_counterparty *party = &view->counterparties[i];
        yyjson_mut_val *row = json_append_object(d, top);
        json_add_text_or_null(d, row, "key", party->key);
        add_side(d, row, "in", &party->in);
        add_side(d, row, "out", &party->out);
        add_time(d, row, "first", true, party->first_ms);
        add_time(d, row, "last", true, party->last_ms);
        json_add_bool(d, row, "new", party->is_new);
        json_add_bool(d, row, "common", party->is_common);
        json_add_bool(d, row, "vanished", party->has_vanished);
    }
}

static void fill_behaviour(json_document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    static const char *const names[SLUICE_PROFILE_QUANTILES] = {"p10_ms", "p25_ms", "p50_ms", "p75_ms", "p90_ms"};
    yyjson_mut_val *dwell = json_add_object(d, root, "dwell");
    json_add_int(d, dwell, "matched_fen", view->matched_fen);
    for (size_t i = 0; i < SLUICE_PROFILE_QUANTILES; i++) {
        json_add(d, dwell, names[i],
                 view->dwell_ms[i] < 0 ? yyjson_mut_null(d->doc) : yyjson_mut_sint(d->doc, view->dwell_ms[i]));
    }
    yyjson_mut_val *pass = json_add_object(d, root, "pass_through");
    json_add_int(d, pass, "in_fen", view->in.amount_fen);
    json_add_int(d, pass, "within_1h_fen", view->left_in_hour_fen);
    json_add_int(d, pass, "within_24h_fen", view->left_in_day_fen);
    yyjson_mut_val *logins = json_add_object(d, root, "logins");
    json_add_uint(d, logins, "count", view->login_count);
    json_add_uint(d, logins, "device_count", view->device_count);
    yyjson_mut_val *devices = json_add_array(d, logins, "devices");
    for (size_t i = 0; i < view->device_listed; i++) {
        const sluice_profile_device *device = &view->devices[i];
        yyjson_mut_val *row = json_append_object(d, devices);
        json_add_text_or_null(d, row, "key", device->key);
        json_add_uint(d, row, "logins", device->login_count);
        json_add_uint(d, row, "accounts", device->account_count);
        add_time(d, row, "first", true, device->first_ms);
        add_time(d, row, "last", true, device->last_ms);
    }
}

sluice_result profile_write_json(const sluice_profile_view *view, text_writer *writer, sluice_error *error) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    fill_account(&d, root, view);
    fill_times(&d, root, view);
    fill_counterparties(&d, root, view);
    fill_behaviour(&d, root, view);
    return json_end(&d, writer, error);
}
