/* Encodings of text files: UTF-8, and GB18030, in which banks in China export. */
#ifndef SIGNAL_ENCODING_H
#define SIGNAL_ENCODING_H

#include <stdbool.h>

#include <sluice/signal.h>

#include "base/memory.h"

typedef enum encoding { ENCODING_UTF8, ENCODING_GB18030 } encoding;

/* "auto" (or empty), "utf-8", "gb18030" and their usual spellings; false for another name. */
bool encoding_of_name(sluice_text name, bool *automatic_out, encoding *encoding_out);

/* What the text most probably is: a byte order mark says UTF-8, so does being well-formed; else GB18030. */
encoding encoding_detect(sluice_text text);

/* Bytes of the UTF-8 byte order mark at the beginning: 3 or 0. */
size_t encoding_mark_bytes(sluice_text text);

/* NULL, or in words why the file is no text that can be read (UTF-16, an Excel workbook, an archive) and the cure. */
const char *encoding_refusal(sluice_text text);

/* Converts GB18030 to UTF-8; one per reader, one thread. */
typedef struct decoder decoder;
decoder *decoder_new(void); /* NULL: memory is exhausted or the C library has no GB18030 */
void decoder_free(decoder **decoder);
typedef enum decoder_result { DECODER_OK, DECODER_MALFORMED, DECODER_NO_MEMORY } decoder_result;
decoder_result decoder_run(decoder *decoder, sluice_text text, arena *arena, sluice_text *utf8_out);

/* The text with everything that is not UTF-8 replaced by U+FFFD, cut after `bytes_max` bytes, in the arena; an empty
 * text when memory is exhausted. For showing lines that could not be read. */
sluice_text encoding_make_valid(sluice_text text, size_t bytes_max, arena *arena);

#endif
