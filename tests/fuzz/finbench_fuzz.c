/* FinBench's shapes of file. */
#include <stdint.h>

#include "support/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    static const char *const NAMES[] = {"Account.csv", "PersonOwnAccount.csv", "AccountTransferAccount.csv",
                                        "AddMediumSigninAccountWrite16.csv", "DeleteAccountWrite17.csv"};
    format_options options = {.format = "finbench"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        format_fuzz(&options, NAMES[i], data, bytes);
    }
    return 0;
}
