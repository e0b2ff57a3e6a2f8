/* A finished run of a detector over the log, shared by the files that make, score and render it. */
#ifndef ENGINE_DETECTION_PRIVATE_H
#define ENGINE_DETECTION_PRIVATE_H

#include <sluice/detect.h>

#include "base/memory.h"
#include "detect/finding.h"

struct sluice_detection {
    detector *detector;
    finding_book *book;
    sluice_finding *findings; /* as callers see them, by the book's index */
    size_t count;
    uint64_t sequence;         /* as of which */
    int64_t first_ms, last_ms; /* of the movements judged; first > last: none */
    uint64_t movements;        /* judged */
    arena texts;
};

/* "sluice_x.size is …": INVALID unless 0 < given <= known. */
SLUICE_MUST_USE sluice_result detection_check_size(size_t given, size_t known, const char *name, sluice_error *error);

/* The action of the public API; the two enums are one list. */
static inline sluice_action detection_action(rule_action action) {
    return (sluice_action)action;
}

#endif
