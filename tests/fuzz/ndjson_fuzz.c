/* JSON lines, canonical and mapped. */
#include <stdint.h>

#include "support/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    format_options plain = {.format = "ndjson"};
    format_options mapped = {.format = "ndjson", .mapping_path = "docs/mappings/payments.ndjson.json"};
    format_fuzz(&plain, "x.ndjson", data, bytes);
    format_fuzz(&mapped, "x.ndjson", data, bytes);
    return 0;
}
