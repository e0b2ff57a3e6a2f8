/* JSON: the closed schema of docs/schema/account.schema.json. Amounts are integers of fen, times RFC 3339 with +08:00;
 * a value that does not exist is null and never left out. */
#include <string.h>

#include <yyjson.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"
#include "feature/profile_render.h"

typedef struct document {
    yyjson_mut_doc *json;
    bool failed; /* memory was exhausted */
} document;

static void *alloc(void *context, size_t bytes) {
    (void)context;
    return memory_new(bytes);
}

static void *resize(void *context, void *block, size_t old_bytes, size_t bytes) {
    (void)context;
    (void)old_bytes;
    return memory_resize(block, bytes);
}

static void release(void *context, void *block) {
    (void)context;
    memory_free(block);
}

static const yyjson_alc ALLOCATOR = {alloc, resize, release, NULL};

static void add(document *d, yyjson_mut_val *object, const char *key, yyjson_mut_val *value) {
    d->failed |= value == NULL || !yyjson_mut_obj_add_val(d->json, object, key, value);
}

static void add_fen(document *d, yyjson_mut_val *object, const char *key, int64_t fen) {
    add(d, object, key, yyjson_mut_sint(d->json, fen));
}

static void add_count(document *d, yyjson_mut_val *object, const char *key, uint64_t count) {
    add(d, object, key, yyjson_mut_uint(d->json, count));
}

static void add_bool(document *d, yyjson_mut_val *object, const char *key, bool value) {
    add(d, object, key, yyjson_mut_bool(d->json, value));
}

/* Borrowed: the view outlives the document. */
static void add_text(document *d, yyjson_mut_val *object, const char *key, sluice_text text) {
    add(d, object, key, text.length == 0 ? yyjson_mut_null(d->json) : yyjson_mut_strn(d->json, text.data, text.length));
}

static void add_time(document *d, yyjson_mut_val *object, const char *key, bool exists, int64_t time_ms) {
    char buffer[TIME_TEXT_BYTES];
    add(d, object, key, exists ? yyjson_mut_strcpy(d->json, time_format(time_ms, buffer)) : yyjson_mut_null(d->json));
}

static yyjson_mut_val *add_object(document *d, yyjson_mut_val *object, const char *key) {
    yyjson_mut_val *added = yyjson_mut_obj(d->json);
    add(d, object, key, added);
    return added;
}

static yyjson_mut_val *add_array(document *d, yyjson_mut_val *object, const char *key) {
    yyjson_mut_val *added = yyjson_mut_arr(d->json);
    add(d, object, key, added);
    return added;
}

static yyjson_mut_val *append_object(document *d, yyjson_mut_val *array) {
    yyjson_mut_val *object = yyjson_mut_obj(d->json);
    d->failed |= !yyjson_mut_arr_append(array, object);
    return object;
}

static void add_side(document *d, yyjson_mut_val *object, const char *key, const sluice_profile_side *side) {
    yyjson_mut_val *added = add_object(d, object, key);
    add_fen(d, added, "amount_fen", side->amount_fen);
    add_count(d, added, "count", side->count);
}

static void fill_account(document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    bool moved = view->last_ms != 0 || view->first_ms != 0;
    add_text(d, root, "account", view->key);
    add_text(d, root, "type", view->type);
    add_text(d, root, "status", text_of(view->status));
    add_text(d, root, "holder", view->holder);
    add_text(d, root, "holder_name_masked", text_of(view->holder_name));
    add_time(d, root, "opened", view->opened_ms != 0, view->opened_ms);
    add_time(d, root, "first", moved, view->first_ms);
    add_time(d, root, "last", moved, view->last_ms);
    add_count(d, root, "as_of", view->as_of);
    yyjson_mut_val *period = add_object(d, root, "period");
    add_time(d, period, "from", moved || view->from_ms != 0, view->from_ms);
    add_time(d, period, "to", moved || view->to_ms > 1, view->to_ms);
    add_time(d, period, "recent_from", moved, view->recent_from_ms);
    yyjson_mut_val *balance = add_object(d, root, "balance");
    add_fen(d, balance, "opening_fen", view->opening_fen);
    add_bool(d, balance, "opening_inferred", view->opening_inferred);
    add_fen(d, balance, "start_fen", view->start_fen);
    add_fen(d, balance, "end_fen", view->balance_fen);
    add_fen(d, balance, "low_fen", view->low_fen);
    add_fen(d, balance, "high_fen", view->high_fen);
    add_side(d, root, "in", &view->in);
    add_side(d, root, "out", &view->out);
    add_side(d, root, "withdrawals", &view->withdrawals);
}

static void fill_times(document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    yyjson_mut_val *days = add_array(d, root, "days");
    for (size_t i = 0; i < view->day_count; i++) {
        const sluice_profile_day *day = &view->days[i];
        yyjson_mut_val *row = append_object(d, days);
        char buffer[TIME_TEXT_BYTES];
        add(d, row, "day", yyjson_mut_strncpy(d->json, time_format(day->day_ms, buffer), strlen("2026-01-01")));
        add_fen(d, row, "closing_fen", day->closing_fen);
        add_fen(d, row, "low_fen", day->low_fen);
        add_fen(d, row, "high_fen", day->high_fen);
        add_side(d, row, "in", &day->in);
        add_side(d, row, "out", &day->out);
    }
    yyjson_mut_val *hours = add_object(d, root, "hours");
    yyjson_mut_val *counts = add_array(d, hours, "count"), *amounts = add_array(d, hours, "amount_fen");
    for (size_t weekday = 0; weekday < 7; weekday++) {
        yyjson_mut_val *count_row = yyjson_mut_arr_add_arr(d->json, counts);
        yyjson_mut_val *amount_row = yyjson_mut_arr_add_arr(d->json, amounts);
        for (size_t hour = 0; hour < 24; hour++) {
            d->failed |= !yyjson_mut_arr_add_uint(d->json, count_row, view->hour_count[weekday][hour]) ||
                         !yyjson_mut_arr_add_sint(d->json, amount_row, view->hour_amount_fen[weekday][hour]);
        }
    }
}

static void fill_counterparties(document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    yyjson_mut_val *object = add_object(d, root, "counterparties");
    add_count(d, object, "count", view->counterparty_count);
    add_count(d, object, "new", view->new_count);
    add_count(d, object, "common", view->common_count);
    add_count(d, object, "vanished", view->vanished_count);
    yyjson_mut_val *top = add_array(d, object, "top");
    for (size_t i = 0; i < view->counterparty_listed; i++) {
        const sluice_profile_counterparty *party = &view->counterparties[i];
        yyjson_mut_val *row = append_object(d, top);
        add_text(d, row, "key", party->key);
        add_side(d, row, "in", &party->in);
        add_side(d, row, "out", &party->out);
        add_time(d, row, "first", true, party->first_ms);
        add_time(d, row, "last", true, party->last_ms);
        add_bool(d, row, "new", party->is_new);
        add_bool(d, row, "common", party->is_common);
        add_bool(d, row, "vanished", party->has_vanished);
    }
}

static void fill_behaviour(document *d, yyjson_mut_val *root, const sluice_profile_view *view) {
    static const char *const names[SLUICE_PROFILE_QUANTILES] = {"p10_ms", "p25_ms", "p50_ms", "p75_ms", "p90_ms"};
    yyjson_mut_val *dwell = add_object(d, root, "dwell");
    add_fen(d, dwell, "matched_fen", view->matched_fen);
    for (size_t i = 0; i < SLUICE_PROFILE_QUANTILES; i++) {
        add(d, dwell, names[i],
            view->dwell_ms[i] < 0 ? yyjson_mut_null(d->json) : yyjson_mut_sint(d->json, view->dwell_ms[i]));
    }
    yyjson_mut_val *pass = add_object(d, root, "pass_through");
    add_fen(d, pass, "in_fen", view->in.amount_fen);
    add_fen(d, pass, "within_1h_fen", view->left_in_hour_fen);
    add_fen(d, pass, "within_24h_fen", view->left_in_day_fen);
    yyjson_mut_val *logins = add_object(d, root, "logins");
    add_count(d, logins, "count", view->login_count);
    add_count(d, logins, "device_count", view->device_count);
    yyjson_mut_val *devices = add_array(d, logins, "devices");
    for (size_t i = 0; i < view->device_listed; i++) {
        const sluice_profile_device *device = &view->devices[i];
        yyjson_mut_val *row = append_object(d, devices);
        add_text(d, row, "key", device->key);
        add_count(d, row, "logins", device->login_count);
        add_count(d, row, "accounts", device->account_count);
        add_time(d, row, "first", true, device->first_ms);
        add_time(d, row, "last", true, device->last_ms);
    }
}

sluice_result profile_write_json(const sluice_profile_view *view, text_writer *writer, sluice_error *error) {
    document d = {.json = yyjson_mut_doc_new(&ALLOCATOR)};
    if (d.json == NULL) {
        return error_no_memory(error, sizeof d);
    }
    yyjson_mut_val *root = yyjson_mut_obj(d.json);
    yyjson_mut_doc_set_root(d.json, root);
    fill_account(&d, root, view);
    fill_times(&d, root, view);
    fill_counterparties(&d, root, view);
    fill_behaviour(&d, root, view);
    size_t length = 0;
    char *text =
        d.failed ? NULL : yyjson_mut_write_opts(d.json, YYJSON_WRITE_PRETTY_TWO_SPACES, &ALLOCATOR, &length, NULL);
    yyjson_mut_doc_free(d.json);
    if (text == NULL) {
        return error_no_memory(error, length);
    }
    text_write(writer, (sluice_text){text, length});
    text_write_char(writer, '\n');
    memory_free(text);
    return SLUICE_OK;
}
