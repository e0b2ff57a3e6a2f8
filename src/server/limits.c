/* Token buckets in a fixed table: no allocation, no timer. A bucket is filled when it is looked at. Keys hash to eight
 * neighbouring slots; when all are taken the one that was filled longest ago is reused: whoever was quiet longest has
 * a full bucket anyway. So a flood of new addresses costs the quiet ones nothing. */
#include "server/limits_private.h"

#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"

sluice_result rate_table_init(rate_table *t, sluice_error *error) {
    t->slots = memory_new_zero(RATE_SLOTS, sizeof *t->slots);
    return t->slots == NULL ? error_no_memory(error, RATE_SLOTS * sizeof *t->slots) : SLUICE_OK;
}

void rate_table_fini(rate_table *t) {
    memory_free(t->slots);
    t->slots = NULL;
}

static rate_slot *slot_of(rate_table *t, uint64_t key, const rate_limit *limit, int64_t now_ns) {
    size_t at = hash_u64(key) & (RATE_SLOTS - 1);
    rate_slot *oldest = &t->slots[at];
    for (size_t i = 0; i < RATE_PROBES; i++) {
        rate_slot *slot = &t->slots[(at + i) & (RATE_SLOTS - 1)];
        if (slot->key == key) {
            return slot;
        }
        if (slot->key == 0) {
            oldest = slot;
            break;
        }
        oldest = slot->filled_ns < oldest->filled_ns ? slot : oldest;
    }
    *oldest = (rate_slot){.key = key, .filled_ns = now_ns, .tokens = limit->burst * 1000};
    return oldest;
}

rate_answer rate_take(rate_table *t, uint64_t key, const rate_limit *limit, int64_t now_ns) {
    rate_slot *slot = slot_of(t, key == 0 ? 1 : key, limit, now_ns);
    uint64_t full = (uint64_t)limit->burst * 1000;
    uint64_t passed_ms = (uint64_t)(now_ns - slot->filled_ns) / 1000000;
    uint64_t added = passed_ms * limit->per_second_milli / 1000;
    if (added > 0) {
        uint64_t tokens = slot->tokens + added;
        slot->tokens = (uint32_t)(tokens > full ? full : tokens);
        slot->filled_ns = now_ns;
    }
    rate_answer answer = {.allowed = slot->tokens >= 1000, .limit = limit->burst};
    uint64_t missing = answer.allowed ? full - slot->tokens + 1000 : 1000 - slot->tokens;
    slot->tokens -= answer.allowed ? 1000 : 0;
    answer.remaining = slot->tokens / 1000;
    answer.reset_s = (uint32_t)((missing + limit->per_second_milli - 1) / limit->per_second_milli);
    return answer;
}
