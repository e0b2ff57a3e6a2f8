#include "support/extract_show.h"

#include "base/time.h"

static void show_value(text_writer *w, const extract_item *item) {
    char time[TIME_TEXT_BYTES];
    if (item->kind == EXTRACT_TIME) {
        text_printf(w, "%.*s", item->has_clock ? 19 : 10, time_format_short(item->number, time));
    } else {
        text_write(w, item->value);
    }
}

static void show_part(text_writer *w, const extract_result *r, size_t place) {
    text_write_char(w, ' ');
    if (place == EXTRACT_NONE) {
        text_write_char(w, '-');
    } else {
        show_value(w, &r->items[place]);
    }
}

void extract_show(text_writer *w, const extract_result *r) {
    for (size_t i = 0; i < r->item_count; i++) {
        const extract_item *item = &r->items[i];
        text_printf(w, "%s", extract_kind_name(item->kind));
        if (item->role != EXTRACT_ROLE_UNKNOWN) {
            text_printf(w, " %s", extract_role_name(item->role));
        }
        text_write_char(w, ' ');
        show_value(w, item);
        text_write_char(w, '\n');
    }
    for (size_t i = 0; i < r->transfer_count; i++) {
        const extract_transfer *t = &r->transfers[i];
        text_write_char(w, '>');
        show_part(w, r, t->account);
        show_part(w, r, t->name);
        show_part(w, r, t->bank);
        show_part(w, r, t->time);
        show_part(w, r, t->amount);
        text_write_char(w, '\n');
    }
}
