/* Names are at most NAME_MAX_BYTES long, longer ones are near nothing. */
#include "detect/nearest.h"

#include <stdio.h>

#include "feature/feature_table.h"

#define NAME_MAX_BYTES TEXT_DISTANCE_BYTES_MAX

const char *nearest_name(sluice_text name, const char *const *known, size_t count) {
    const char *nearest = NULL;
    size_t least = name.length / 3 + 2; /* one more than may be */
    if (name.length > NAME_MAX_BYTES) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        sluice_text candidate = text_of(known[i]);
        if (candidate.length <= NAME_MAX_BYTES) {
            size_t d = text_distance(name, candidate);
            if (d < least && d < candidate.length) {
                least = d;
                nearest = known[i];
            }
        }
    }
    return nearest;
}

/* The catalogue knows its own subjects best: which feature was meant, which window is too long. */
static bool is_of_catalogue(sluice_text name) {
    sluice_text subject, feature;
    (void)text_split(name, '.', &subject, &feature);
    for (int s = 0; s < SUBJECTS; s++) {
        if (text_equal(subject, text_of(feature_subject_names[s]))) {
            return true;
        }
    }
    return false;
}

const char *nearest_feature(const feature_plan *plan, sluice_text name, const char *reason, char text_out[400]) {
    sluice_text nearest = {0};
    size_t least = name.length / 3 + 2;
    bool may_be_external = name.length <= NAME_MAX_BYTES && (reason == NULL || !is_of_catalogue(name));
    for (uint32_t i = 0; may_be_external && i < feature_plan_count(plan); i++) {
        sluice_text candidate = feature_plan_name(plan, i);
        size_t d = candidate.length <= NAME_MAX_BYTES ? text_distance(name, candidate) : least;
        if (d < least) {
            least = d;
            nearest = candidate;
        }
    }
    if (nearest.length > 0) {
        (void)snprintf(text_out, 400, "there is no feature `%.*s`: did you mean `%.*s`?", TEXT_ARGS(name),
                       TEXT_ARGS(nearest));
    } else {
        (void)snprintf(text_out, 400, "%s", reason == NULL ? "there is no such feature: see docs/features.md" : reason);
    }
    return text_out;
}
