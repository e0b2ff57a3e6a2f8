/* Counts of patterns over the whole log, in time order. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/detection_private.h"
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

/* A signal may take milliseconds where patterns are wide. */
enum { PROGRESS_EVERY = 256 };

static bool goes_on(const sluice_patterns_options *o, uint64_t done, uint64_t total) {
    return o->progress == NULL || done % PROGRESS_EVERY != 0 || o->progress(o->progress_context, done, total);
}

static sluice_result run_patterns(const sluice_engine *engine, pattern_set *set, const sluice_patterns_options *o,
                                  sluice_pattern_count *counts, sluice_error *error) {
    stream *s = NULL;
    recent *r =
        pattern_needs_pairs(set) ? recent_new(pattern_horizon_ms(set)) : recent_new_unpaired(pattern_horizon_ms(set));
    pattern_hit *hits = memory_new_zero(pattern_count(set) + 1U, sizeof *hits);
    activity a;
    uint64_t done = 0;
    sluice_result result = SLUICE_OK;
    if (r == NULL || hits == NULL) {
        result = error_no_memory(error, 4096);
        goto out;
    }
    result = stream_open(engine, SLUICE_ORDER_TIME, o->as_of, &s, error);
    while (result == SLUICE_OK && stream_next(s, &a)) {
        if (!goes_on(o, ++done, stream_total(s))) {
            result = error_set(error, SLUICE_E_INTERRUPTED, "interrupted after %llu of %llu signals",
                               (unsigned long long)done, (unsigned long long)stream_total(s));
            break;
        }
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

sluice_result sluice_patterns_run(const sluice_engine *engine, const sluice_patterns_options *options,
                                  sluice_pattern_count **counts_out, size_t *count_out, sluice_error *error) {
    pattern_set *set = NULL;
    sluice_patterns_options o = {0};
    *counts_out = NULL;
    *count_out = 0;
    sluice_result result = detection_check_size(options->size, sizeof o, "sluice_patterns_options", error);
    if (result == SLUICE_OK) {
        memcpy(&o, options, options->size);
        result = pattern_set_load(o.source, o.text, &set, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    uint32_t count = pattern_count(set);
    sluice_pattern_count *counts = memory_new_zero(count + 1U, sizeof *counts);
    if (counts == NULL) {
        pattern_set_free(&set);
        return error_no_memory(error, count * sizeof *counts);
    }
    result = run_patterns(engine, set, &o, counts, error);
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
