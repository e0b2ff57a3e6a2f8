/* Levenshtein's distance in one row; names are at most NAME_MAX_BYTES long, longer ones are near nothing. */
#include "detect/nearest.h"

#include <stdio.h>

#include "feature/feature_table.h"

#define NAME_MAX_BYTES 64

static size_t distance(sluice_text a, sluice_text b) {
    size_t row[NAME_MAX_BYTES + 1];
    for (size_t j = 0; j <= b.length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t replace = diagonal + (a.data[i - 1] == b.data[j - 1] ? 0 : 1);
            size_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replace < step ? replace : step;
        }
    }
    return row[b.length];
}

const char *nearest_name(sluice_text name, const char *const *known, size_t count) {
    const char *nearest = NULL;
    size_t least = name.length / 3 + 2; /* one more than may be */
    if (name.length > NAME_MAX_BYTES) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        sluice_text candidate = text_of(known[i]);
        if (candidate.length <= NAME_MAX_BYTES) {
            size_t d = distance(name, candidate);
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
        size_t d = candidate.length <= NAME_MAX_BYTES ? distance(name, candidate) : least;
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
