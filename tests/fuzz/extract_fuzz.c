/* Extraction of whatever bytes: what is found lies in the text, in order, apart from each other, between whole
 * characters, and is the same the second time. The input is the text. */
#include <stdint.h>
#include <stdlib.h>

#include "base/assert.h"
#include "support/extract_show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const int64_t REFERENCE_MS = INT64_C(1795575600000);

static void check_item(sluice_text text, const extract_item *item, size_t end_before) {
    SLUICE_ASSERT(item->from >= end_before && item->from < item->to && item->to <= text.length);
    SLUICE_ASSERT(item->confidence >= 1 && item->confidence <= 100);
    SLUICE_ASSERT((unsigned)item->kind < EXTRACT_KIND_COUNT && item->value.length > 0);
    SLUICE_ASSERT(text_is_utf8(item->value));
    SLUICE_ASSERT(item->kind != EXTRACT_AMOUNT || item->number > 0);
    SLUICE_ASSERT(item->kind != EXTRACT_IDENTITY || item->value.length == 18);
    SLUICE_ASSERT(item->kind != EXTRACT_PHONE || item->value.length == 11);
}

static void check_transfer(const extract_result *r, const extract_transfer *t) {
    SLUICE_ASSERT(r->items[t->amount].kind == EXTRACT_AMOUNT && t->confidence >= 1 && t->confidence <= 100);
    SLUICE_ASSERT(t->time == EXTRACT_NONE || r->items[t->time].kind == EXTRACT_TIME);
    SLUICE_ASSERT(t->bank == EXTRACT_NONE || r->items[t->bank].kind == EXTRACT_BANK);
    SLUICE_ASSERT(t->name == EXTRACT_NONE || r->items[t->name].kind == EXTRACT_NAME);
    SLUICE_ASSERT(t->account == EXTRACT_NONE || r->items[t->account].role != EXTRACT_ROLE_OWN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    sluice_text text = {bytes == 0 ? NULL : (const char *)data, bytes};
    text_writer shown[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        arena a = {0};
        extract_result r;
        sluice_result result = extract_text(text, REFERENCE_MS, &a, &r, NULL);
        SLUICE_ASSERT(result == SLUICE_OK || (result == SLUICE_E_LIMIT && bytes > EXTRACT_BYTES_MAX));
        size_t end = 0;
        for (size_t k = 0; result == SLUICE_OK && k < r.item_count; k++) {
            check_item(text, &r.items[k], end);
            end = r.items[k].to;
        }
        for (size_t k = 0; result == SLUICE_OK && k < r.transfer_count; k++) {
            check_transfer(&r, &r.transfers[k]);
        }
        if (result == SLUICE_OK) {
            extract_show(&shown[i], &r);
        }
        arena_fini(&a);
    }
    SLUICE_ASSERT(shown[0].length == shown[1].length &&
                  (shown[0].length == 0 || memcmp(shown[0].data, shown[1].data, shown[0].length) == 0));
    text_writer_fini(&shown[0]);
    text_writer_fini(&shown[1]);
    return 0;
}
