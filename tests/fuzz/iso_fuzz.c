/* ISO 20022 from a partner: no document may do more than be read or refused. */
#include <stdint.h>
#include <stdlib.h>

#include "gateway/iso20022.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = {0};
    iso_document *doc = NULL;
    sluice_error error;
    sluice_text serial;
    outbox_answer answer;
    sluice_signal *signals = NULL;
    size_t count = 0;
    bool pending = false;
    if (iso_open((sluice_text){(const char *)data, size}, NULL, &doc, &error) == SLUICE_OK) {
        (void)iso_message(doc);
        if (iso_read_resolution(doc, &a, &serial, &answer, &pending, &error) == SLUICE_OK && serial.length == 0) {
            abort();
        }
        if (iso_read_transfers(doc, &a, &signals, &count, &error) == SLUICE_OK) {
            for (size_t i = 0; i < count; i++) {
                if (signals[i].amount_fen < 0 || signals[i].from.length == 0 || signals[i].id.length == 0) {
                    abort();
                }
            }
        }
    }
    iso_free(&doc);
    arena_fini(&a);
    return 0;
}
