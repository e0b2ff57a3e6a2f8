/* What a bank sends: feedback, reports, and rows of the field table. */
#include <stdint.h>
#include <stdlib.h>

#include "gateway/bank_message.h"
#include "support/bank_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena a = {0};
    bank_table table;
    bank_feedback feedback;
    bank_report report;
    bank_field field;
    bank_details details;
    sluice_error error;
    sluice_text text = {(const char *)data, size};
    if (!bank_tables_shipped(&a, &table)) {
        abort();
    }
    if (bank_decode(&table, text, &a, &feedback, &error) == SLUICE_OK &&
        (feedback.serial.length == 0 || feedback.result_code.length == 0 || feedback.answer.executed_fen < -1)) {
        abort(); /* what is required is there, and nothing is negative */
    }
    (void)!bank_decode_report(&table, text, &a, &report, &error);
    if (bank_decode_details(&table, text, TEXT("account:1"), TEXT("102"), &a, &details, &error) == SLUICE_OK) {
        for (size_t i = 0; i < details.count; i++) {
            const sluice_signal *s = &details.signals[i];
            if (s->id.length == 0 || s->amount_fen < 0 || s->from.length == 0 || s->time_ms == 0) {
                abort();
            }
        }
    }
    (void)bank_code_of(&table, text, &a);
    if (bank_field_parse(text, &field) && (field.name.length == 0 || field.bytes_max == 0)) {
        abort();
    }
    arena_fini(&a);
    return 0;
}
