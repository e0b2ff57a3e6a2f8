/* Mapping files, and what a mapping that loads does with rows: the input is a mapping, a NUL, and a file. */
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "signal/mapping.h"
#include "signal/mapping_time.h"
#include "support/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    const uint8_t *nul = bytes == 0 ? NULL : memchr(data, '\0', bytes);
    size_t length = nul == NULL ? bytes : (size_t)(nul - data);
    const sluice_text text = {length == 0 ? "" : (const char *)data, length};
    mapping *made = NULL;
    sluice_error error = {0};
    sluice_result result = mapping_parse(text, "m.json", &made, &error);
    SLUICE_ASSERT((result == SLUICE_OK) == (made != NULL));
    SLUICE_ASSERT(result == SLUICE_OK || error.text[0] != '\0');
    int64_t time_ms = 0;
    if (made != NULL && nul != NULL) {
        const sluice_text rest = {(const char *)nul + 1, bytes - length - 1};
        if (made->time_format.length > 0) {
            (void)mapping_time_parse(made->time_format, rest, made->timezone_ms, &time_ms);
        }
        (void)mapping_time_join(rest, rest, made->timezone_ms, &time_ms);
        char path[FUZZ_PATH_BYTES];
        format_fuzz_file("m.json", text.data, text.length, path);
        format_options options = {.format = "csv", .mapping_path = path};
        format_fuzz(&options, "data.csv", nul + 1, rest.length);
        options.format = "ndjson";
        format_fuzz(&options, "data.ndjson", nul + 1, rest.length);
        format_fuzz_remove(path);
    }
    mapping_free(&made);
    return 0;
}
