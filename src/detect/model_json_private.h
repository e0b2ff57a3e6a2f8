/* Writing JSON: members are added without checks, and one allocation that failed anywhere fails the end. */
#ifndef DETECT_MODEL_JSON_PRIVATE_H
#define DETECT_MODEL_JSON_PRIVATE_H

#include <math.h>

#include <yyjson.h>

#include "base/error.h"
#include "base/memory.h"

typedef struct json_out {
    yyjson_mut_doc *doc;
    yyjson_alc allocator;
    bool failed;
} json_out;

/* The root object; NULL when memory is exhausted. `out` stays where it is until json_out_end. */
yyjson_mut_val *json_out_begin(json_out *out);
/* The text, indented, NUL-terminated, the caller's (memory_free). Frees the document in any case. */
SLUICE_MUST_USE sluice_result json_out_end(json_out *out, char **text_out, size_t *length_out, sluice_error *error);

/* Adds a number, or null where it is none. */
static inline void json_add_number(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, double value) {
    (void)yyjson_mut_obj_add_val(doc, object, key,
                                 isfinite(value) ? yyjson_mut_real(doc, value) : yyjson_mut_null(doc));
}
static inline void json_append_number(yyjson_mut_doc *doc, yyjson_mut_val *array, double value) {
    (void)yyjson_mut_arr_append(array, isfinite(value) ? yyjson_mut_real(doc, value) : yyjson_mut_null(doc));
}

#endif
