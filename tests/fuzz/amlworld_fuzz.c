/* AMLworld's three kinds of file. */
#include <stdint.h>

#include "support/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    format_options options = {.format = "amlworld"};
    format_fuzz(&options, "x_Trans.csv", data, bytes);
    format_fuzz(&options, "x_Patterns.txt", data, bytes);
    format_fuzz(&options, "x.json", data, bytes);
    return 0;
}
