/* The name that was probably meant, for hints in errors. */
#ifndef DETECT_NEAREST_H
#define DETECT_NEAREST_H

#include "base/text.h"
#include "feature/feature.h"

/* The known name that a few letters make of `name` (Levenshtein; at most a third of them), the first of equals; NULL if
 * none is near. */
const char *nearest_name(sluice_text name, const char *const *known, size_t count);

/* What is wrong with a name that feature_plan_add refused for `reason`: of the catalogue's subjects as the plan says,
 * else with the nearest name in the plan where there is one (patterns and models are known there alone). Writes to
 * text_out[400] and returns it. */
const char *nearest_feature(const feature_plan *plan, sluice_text name, const char *reason, char text_out[400]);

#endif
