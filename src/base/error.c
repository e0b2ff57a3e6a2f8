#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sluice/result.h>

static const char *const RESULT_TEXTS[] = {
#define RESULT_TEXT(name, text) text,
    SLUICE_RESULTS(RESULT_TEXT)
#undef RESULT_TEXT
};

const char *sluice_result_text(sluice_result result) {
    if ((unsigned)result >= SLUICE_RESULT_COUNT) {
        return "unknown result";
    }
    return RESULT_TEXTS[result];
}

sluice_result error_set(sluice_error *error, sluice_result code, const char *format, ...) {
    if (error != NULL) {
        va_list args;
        va_start(args, format);
        error->code = code;
        (void)vsnprintf(error->text, sizeof error->text, format, args);
        va_end(args);
    }
    return code;
}

sluice_result error_prefix(sluice_error *error, sluice_result code, const char *format, ...) {
    if (error != NULL) {
        sluice_error before = *error;
        va_list args;
        va_start(args, format);
        int length = vsnprintf(error->text, sizeof error->text, format, args);
        va_end(args);
        size_t used = length < 0 ? 0 : (size_t)length;
        used = used > sizeof error->text - 3 ? sizeof error->text - 3 : used;
        size_t room = sizeof error->text - used - 3;
        size_t rest = strlen(before.text);
        rest = rest > room ? room : rest;
        memcpy(error->text + used, ": ", 2);
        memcpy(error->text + used + 2, before.text, rest);
        error->text[used + 2 + rest] = '\0';
        error->code = code;
    }
    return code;
}

sluice_result error_no_memory(sluice_error *error, size_t bytes) {
    return error_set(error, SLUICE_E_NO_MEMORY,
                     "out of memory (%zu more bytes were needed): close other programs or use a machine with more",
                     bytes);
}
