/* Pattern texts; those that load are run over a little stream, which must end and stay within its limits. */
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "feature/pattern.h"
#include "sys/random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    enum { MOVEMENTS = 60, PATTERNS_MAX = 64 };
    const sluice_text text = {bytes == 0 ? "" : (const char *)data, bytes};
    pattern_set *set = NULL;
    sluice_error error = {0};
    const sluice_result result = pattern_set_load("f", text, &set, &error);
    SLUICE_ASSERT((result == SLUICE_OK) == (set != NULL));
    SLUICE_ASSERT(result == SLUICE_OK || error.text[0] != '\0');
    if (set == NULL) {
        return 0;
    }
    recent *r = recent_new(pattern_horizon_ms(set));
    SLUICE_ASSERT(r != NULL);
    random_stream random;
    random_seed(&random, bytes);
    for (uint32_t i = 0; i < MOVEMENTS; i++) {
        const activity a = {.sequence = i + 1,
                            .time_ms = random_between(&random, 0, 2) * 1000 + (int64_t)i * 60000,
                            .kind = random_chance(&random, 1, 10) ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER,
                            .movement = i,
                            .from = (uint32_t)random_below(&random, 6),
                            .to = (uint32_t)random_below(&random, 6),
                            .amount_fen = random_between(&random, 0, 3000000),
                            .received_fen = random_between(&random, 0, 3000000)};
        pattern_hit hits[PATTERNS_MAX];
        SLUICE_ASSERT(recent_add(r, &a));
        SLUICE_ASSERT(pattern_step(set, r, &a, hits));
        for (uint32_t p = 0; p < pattern_count(set); p++) {
            uint32_t members[8];
            size_t count;
            SLUICE_ASSERT(pattern_members(set, r, &a, p, members, 8, &count));
            SLUICE_ASSERT(hits[p].count > 0 || count == 0);
        }
    }
    recent_free(&r);
    pattern_set_free(&set);
    return 0;
}
