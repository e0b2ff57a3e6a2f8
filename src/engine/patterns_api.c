/* Counts of patterns over the whole log, in time order. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/engine_private.h"
#include "engine/stream.h"
#include "feature/pattern.h"

static uint64_t total(const uint64_t histogram[SLUICE_PATTERN_LENGTHS]) {
    uint64_t sum = 0;
    for (size_t i = 0; i < SLUICE_PATTERN_LENGTHS; i++) {
        sum += histogram[i];
    }
    return sum;
}

static void count_hits(const pattern_set *set, const pattern_hit *hits, sluice_pattern_count *counts) {
    for (uint32_t p = 0; p < pattern_count(set); p++) {
        counts[p].bounded += hits[p].is_bounded;
        if (hits[p].count == 0) {
            continue;
        }
        counts[p].transfers++;
        counts[p].occurrences += hits[p].count;
        uint64_t before = total(counts[p].histogram);
        pattern_histogram(set, p, counts[p].histogram, SLUICE_PATTERN_LENGTHS - 1);
        if (total(counts[p].histogram) == before) { /* no cycle: by the size of the largest */
            uint32_t size = hits[p].size;
            counts[p].histogram[size < SLUICE_PATTERN_LENGTHS ? size : SLUICE_PATTERN_LENGTHS - 1]++;
        }
    }
}

static sluice_result run_patterns(const sluice_engine *engine, pattern_set *set, uint64_t as_of,
                                  sluice_pattern_count *counts, sluice_error *error) {
    stream *s = NULL;
    recent *r =
        pattern_needs_pairs(set) ? recent_new(pattern_horizon_ms(set)) : recent_new_unpaired(pattern_horizon_ms(set));
    pattern_hit *hits = memory_new_zero(pattern_count(set) + 1U, sizeof *hits);
    activity a;
    sluice_result result = SLUICE_OK;
    if (r == NULL || hits == NULL) {
        result = error_no_memory(error, 4096);
        goto out;
    }
    result = stream_open(engine, SLUICE_ORDER_TIME, as_of, &s, error);
    while (result == SLUICE_OK && stream_next(s, &a)) {
        if (!activity_is_movement(&a)) {
            continue;
        }
        if (!recent_add(r, &a) || !pattern_step(set, r, &a, hits)) {
            result = error_no_memory(error, (size_t)recent_memory_bytes(r));
        } else {
            count_hits(set, hits, counts);
        }
    }
out:
    stream_close(&s);
    recent_free(&r);
    memory_free(hits);
    return result;
}

sluice_result sluice_patterns_run(const sluice_engine *engine, const char *source, sluice_text text, uint64_t as_of,
                                  sluice_pattern_count **counts_out, size_t *count_out, sluice_error *error) {
    pattern_set *set = NULL;
    *counts_out = NULL;
    *count_out = 0;
    sluice_result result = pattern_set_load(source, text, &set, error);
    if (result != SLUICE_OK) {
        return result;
    }
    uint32_t count = pattern_count(set);
    sluice_pattern_count *counts = memory_new_zero(count + 1U, sizeof *counts);
    if (counts == NULL) {
        pattern_set_free(&set);
        return error_no_memory(error, count * sizeof *counts);
    }
    result = run_patterns(engine, set, as_of, counts, error);
    for (uint32_t i = 0; result == SLUICE_OK && i < count; i++) {
        sluice_text name = pattern_name(set, i);
        size_t length = name.length < sizeof counts[i].name - 1 ? name.length : sizeof counts[i].name - 1;
        memcpy(counts[i].name, name.data, length);
    }
    pattern_set_free(&set);
    if (result != SLUICE_OK) {
        sluice_patterns_free(&counts);
    }
    *counts_out = counts;
    *count_out = result == SLUICE_OK ? count : 0;
    return result;
}

void sluice_patterns_free(sluice_pattern_count **counts) {
    memory_free(*counts);
    *counts = NULL;
}
