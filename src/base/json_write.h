/* Writing a JSON answer through yyjson, with one sticky failure instead of a check at every key. */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <yyjson.h>

#include "base/text.h"

typedef struct json_document {
    yyjson_mut_doc *doc; /* NULL: memory was exhausted at once */
    bool failed;
} json_document;

/* The root object. Everything below may be called whatever failed before. */
yyjson_mut_val *json_begin(json_document *d);
/* Appends the text, indented, with a newline at its end, and frees the document.
 * Errors: NO_MEMORY; DAMAGED: a text is not UTF-8. */
SLUICE_MUST_USE sluice_result json_end(json_document *d, text_writer *writer, sluice_error *error);

/* The same on one line: a record of NDJSON. */
SLUICE_MUST_USE sluice_result json_end_line(json_document *d, text_writer *writer, sluice_error *error);

void json_add(json_document *d, yyjson_mut_val *object, const char *key, yyjson_mut_val *value);
void json_add_int(json_document *d, yyjson_mut_val *object, const char *key, int64_t value);
void json_add_uint(json_document *d, yyjson_mut_val *object, const char *key, uint64_t value);
void json_add_bool(json_document *d, yyjson_mut_val *object, const char *key, bool value);
/* null when it is not finite. */
void json_add_double(json_document *d, yyjson_mut_val *object, const char *key, double value);
/* Texts are borrowed until json_end. */
void json_add_text(json_document *d, yyjson_mut_val *object, const char *key, sluice_text text);
void json_add_text_or_null(json_document *d, yyjson_mut_val *object, const char *key, sluice_text text);
void json_add_time(json_document *d, yyjson_mut_val *object, const char *key, int64_t time_ms);
yyjson_mut_val *json_add_object(json_document *d, yyjson_mut_val *object, const char *key);
yyjson_mut_val *json_add_array(json_document *d, yyjson_mut_val *object, const char *key);
yyjson_mut_val *json_append_object(json_document *d, yyjson_mut_val *array);

#endif
