/* Files of pacs.008: read whole, and cut and resumed at every chunk, they give the same. */
#include <stdint.h>

#include "support/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    format_options options = {.format = "pacs008"};
    format_fuzz(&options, "payments.xml", data, bytes);
    return 0;
}
