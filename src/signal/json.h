/* What yyjson needs to live here: our allocators, and numbers kept as they are written. */
#ifndef SIGNAL_JSON_H
#define SIGNAL_JSON_H

#include <yyjson.h>

#include <sluice/signal.h>

#include "base/memory.h"

/* Memory from memory_new; freed with the document. */
extern const yyjson_alc json_heap;
/* Memory from an arena; freeing does nothing. */
yyjson_alc json_arena(arena *arena);

/* Parses with numbers as raw text, so that no digit is lost. NULL: *error_out says why and where. */
yyjson_doc *json_read(sluice_text text, const yyjson_alc *allocator, yyjson_read_err *error_out);

/* A string, number, true or false as text; null is empty. False: an object, an array, or NULL (the member is missing).
 */
bool json_scalar(yyjson_val *value, sluice_text *text_out);

/* What a value is, in words that an error can say: "a text", "a number" … Static. */
const char *json_type_words(yyjson_val *value);

/* The line (from 1) in which a byte is. */
uint64_t json_line_of(sluice_text text, size_t offset);

#endif
