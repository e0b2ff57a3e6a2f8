/* The name that was probably meant, for hints in errors. */
#ifndef DETECT_NEAREST_H
#define DETECT_NEAREST_H

#include "base/text.h"

/* The known name that a few letters make of `name` (Levenshtein; at most a third of them), the first of equals; NULL if
 * none is near. */
const char *nearest_name(sluice_text name, const char *const *known, size_t count);

#endif
