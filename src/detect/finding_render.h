/* Findings as text, from the public view alone. */
#ifndef DETECT_FINDING_RENDER_H
#define DETECT_FINDING_RENDER_H

#include <sluice/detect.h>

#include "base/text.h"

/* What all findings of a run have in common. */
typedef struct finding_origin {
    uint64_t sequence; /* as of which */
    const char *rules_sha256, *model_sha256;
} finding_origin;

SLUICE_MUST_USE sluice_result finding_render(const sluice_finding *findings, size_t count, const finding_origin *origin,
                                             sluice_detection_format format, text_writer *writer, sluice_error *error);

#endif
