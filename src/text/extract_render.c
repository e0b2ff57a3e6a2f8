#include "base/columns.h"
#include "text/extract.h"

/* Units of UTF-16 in the first `bytes` bytes, counted on from a place before. */
typedef struct utf16_place {
    const char *at, *end;
    uint64_t units;
} utf16_place;

static uint64_t utf16_at(utf16_place *p, const char *until) {
    while (p->at < until) {
        p->units += columns_next_character(&p->at, p->end) > 0xFFFF ? 2 : 1;
    }
    return p->units;
}

static void render_item(json_document *d, yyjson_mut_val *items, sluice_text text, const extract_item *item,
                        utf16_place *place) {
    yyjson_mut_val *object = json_append_object(d, items);
    json_add_text(d, object, "kind", text_of(extract_kind_name(item->kind)));
    json_add_text(d, object, "value", item->value);
    json_add_int(d, object, "confidence", item->confidence);
    json_add_bool(d, object, "is_checked", item->is_checked);
    json_add_uint(d, object, "from", item->from);
    json_add_uint(d, object, "to", item->to);
    json_add_uint(d, object, "utf16_from", utf16_at(place, text.data + item->from));
    json_add_uint(d, object, "utf16_to", utf16_at(place, text.data + item->to));
    if (item->role != EXTRACT_ROLE_UNKNOWN) {
        json_add_text(d, object, "role", text_of(extract_role_name(item->role)));
    }
    if (item->kind == EXTRACT_AMOUNT) {
        json_add_int(d, object, "amount_fen", item->number);
    } else if (item->kind == EXTRACT_TIME) {
        json_add_bool(d, object, "has_clock", item->has_clock);
    }
}

static void render_transfer(json_document *d, yyjson_mut_val *transfers, const extract_result *r,
                            const extract_transfer *t) {
    yyjson_mut_val *object = json_append_object(d, transfers);
    if (t->account != EXTRACT_NONE && d->doc != NULL) {
        const extract_item *account = &r->items[t->account];
        yyjson_mut_val *key = yyjson_mut_strn(d->doc, "", 0);
        char name[160];
        int length = snprintf(name, sizeof name, "%s:%.*s", account->kind == EXTRACT_WALLET ? "wallet" : "account",
                              TEXT_ARGS(account->value));
        key = length > 0 && (size_t)length < sizeof name ? yyjson_mut_strncpy(d->doc, name, (size_t)length) : key;
        json_add(d, object, "to", key);
    }
    if (t->bank != EXTRACT_NONE) {
        json_add_text(d, object, "bank", r->items[t->bank].value);
    }
    if (t->name != EXTRACT_NONE) {
        json_add_text(d, object, "name", r->items[t->name].value);
    }
    json_add_int(d, object, "amount_fen", r->items[t->amount].number);
    if (t->time != EXTRACT_NONE && r->items[t->time].has_clock) { /* a day is no time that a bank could find it by */
        json_add_time(d, object, "time", r->items[t->time].number);
    }
    json_add_int(d, object, "confidence", t->confidence);
}

void extract_render(json_document *d, yyjson_mut_val *object, sluice_text text, const extract_result *r) {
    utf16_place place = {text.data, columns_end(text), 0};
    yyjson_mut_val *items = json_add_array(d, object, "items");
    for (size_t i = 0; i < r->item_count; i++) {
        render_item(d, items, text, &r->items[i], &place);
    }
    yyjson_mut_val *transfers = json_add_array(d, object, "transfers");
    for (size_t i = 0; i < r->transfer_count; i++) {
        render_transfer(d, transfers, r, &r->transfers[i]);
    }
    json_add_bool(d, object, "is_cut", r->is_cut);
}
