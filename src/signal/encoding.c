/* Encodings.
 *
 * Files are never converted as a whole: in GB18030 the bytes of a newline, a comma and a quotation mark are never part
 * of another character, so records are found in the raw bytes and converted one by one. Offsets, and so progress and
 * the place to resume at, stay those of the file; and one broken character costs one line. */
#include "signal/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static bool is_one_of(sluice_text name, const char *const *names) {
    for (; *names != NULL; names++) {
        if (name.length == strlen(*names) && strncasecmp(name.data, *names, name.length) == 0) {
            return true;
        }
    }
    return false;
}

bool encoding_of_name(sluice_text name, bool *automatic_out, encoding *encoding_out) {
    static const char *const UTF8[] = {"utf-8", "utf8", "utf-8-sig", NULL};
    static const char *const GB[] = {"gb18030", "gbk", "gb2312", "cp936", NULL}; /* GB18030 contains the others */
    *automatic_out = name.length == 0 || text_equal(name, TEXT("auto"));
    *encoding_out = is_one_of(name, GB) ? ENCODING_GB18030 : ENCODING_UTF8;
    return *automatic_out || *encoding_out == ENCODING_GB18030 || is_one_of(name, UTF8);
}

size_t encoding_mark_bytes(sluice_text text) {
    return text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

encoding encoding_detect(sluice_text text) {
    bool is_utf8 = encoding_mark_bytes(text) > 0 || text.length == 0 || text_is_utf8(text);
    return is_utf8 ? ENCODING_UTF8 : ENCODING_GB18030;
}

const char *encoding_refusal(sluice_text text) {
    static const struct {
        const char *bytes;
        size_t length;
        const char *cure;
    } SIGNS[] = {
        {"\xFF\xFE", 2, "it is UTF-16: save it as \"CSV UTF-8\" and import that"},
        {"\xFE\xFF", 2, "it is UTF-16: save it as \"CSV UTF-8\" and import that"},
        {"PK\x03\x04", 4, "it is an Excel workbook or a ZIP archive: save the sheet as \"CSV UTF-8\", or unpack it"},
        {"\xD0\xCF\x11\xE0", 4, "it is an old Excel workbook (.xls): save the sheet as \"CSV UTF-8\" and import that"},
        {"\x1F\x8B", 2, "it is compressed with gzip: unpack it with gunzip and import what comes out"},
        {"%PDF", 4, "it is a PDF: ask the bank for the statement as CSV or Excel"},
    };
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        if (text.length >= SIGNS[i].length && memcmp(text.data, SIGNS[i].bytes, SIGNS[i].length) == 0) {
            return SIGNS[i].cure;
        }
    }
    return NULL;
}

struct decoder {
    iconv_t converter;
};

decoder *decoder_new(void) {
    decoder *d = memory_new(sizeof *d);
    if (d == NULL) {
        return NULL;
    }
    d->converter = iconv_open("UTF-8", "GB18030");
    if (d->converter == (iconv_t)-1) {
        memory_free(d);
        return NULL;
    }
    return d;
}

void decoder_free(decoder **decoder) {
    if (*decoder != NULL) {
        (void)iconv_close((*decoder)->converter);
        memory_free(*decoder);
        *decoder = NULL;
    }
}

decoder_result decoder_run(decoder *decoder, sluice_text text, arena *arena, sluice_text *utf8_out) {
    size_t room = text.length * 2; /* two bytes become three, four become four, one one */
    char *converted = arena_alloc(arena, room);
    if (converted == NULL) {
        return DECODER_NO_MEMORY;
    }
    /* iconv takes char ** but does not write to its input. */
    char *in = (char *)(uintptr_t)text.data;
    size_t in_left = text.length;
    char *out = converted;
    size_t out_left = room;
    (void)iconv(decoder->converter, NULL, NULL, NULL, NULL);
    if (text.length > 0 && (iconv(decoder->converter, &in, &in_left, &out, &out_left) == (size_t)-1 || in_left > 0)) {
        return DECODER_MALFORMED;
    }
    *utf8_out = (sluice_text){converted, room - out_left};
    return DECODER_OK;
}

sluice_text encoding_make_valid(sluice_text text, size_t bytes_max, arena *arena) {
    size_t taken = text.length < bytes_max ? text.length : bytes_max;
    char *out = arena_alloc(arena, taken * 3 + 3);
    if (out == NULL) {
        return (sluice_text){NULL, 0};
    }
    size_t length = 0;
    for (size_t i = 0; i < taken;) {
        size_t width = 1;
        while (width <= 4 && i + width <= text.length && !text_is_utf8((sluice_text){text.data + i, width})) {
            width++;
        }
        if (width <= 4 && i + width <= text.length) {
            memcpy(out + length, text.data + i, width);
            length += width;
            i += width;
        } else {
            memcpy(out + length, "\xEF\xBF\xBD", 3);
            length += 3;
            i++;
        }
    }
    return (sluice_text){out, length};
}
