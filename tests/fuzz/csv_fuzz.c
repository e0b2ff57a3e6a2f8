/* Delimited text: the canonical transfers, and a bank's statement in whatever encoding it seems to be. */
#include <stdint.h>

#include "support/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    format_options plain = {.format = "csv"};
    format_options statement = {
        .format = "csv", .mapping_path = "docs/mappings/bank-statement.zh.json", .encoding = "auto"};
    format_options two_amounts = {.format = "csv", .mapping_path = "docs/mappings/statement-two-amounts.zh.json"};
    format_fuzz(&plain, "transfers.csv", data, bytes);
    format_fuzz(&statement, "statement.csv", data, bytes);
    format_fuzz(&two_amounts, "statement.csv", data, bytes);
    return 0;
}
