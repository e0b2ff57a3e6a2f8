#include "support/bank_tables.h"

#include <string.h>

#include "base/text.h"
#include "desk/dated_defaults.h"

bool bank_tables_shipped(arena *a, bank_table *table) {
    *table = (bank_table){.fields = arena_alloc(a, DATED_BANK_COUNT * sizeof *table->fields),
                          .messages = arena_alloc(a, DATED_BANK_COUNT * sizeof *table->messages),
                          .results = arena_alloc(a, DATED_BANK_COUNT * sizeof *table->results)};
    if (table->fields == NULL || table->messages == NULL || table->results == NULL) {
        return false;
    }
    for (size_t i = 0; i < DATED_BANK_COUNT; i++) {
        const dated_default *row = &DATED_BANK[i];
        const bank_code code = {text_of(row->code), text_of(row->value)};
        if (strcmp(row->name, "bank_message") == 0) {
            table->messages[table->message_count++] = code;
        } else if (strcmp(row->name, "bank_result") == 0) {
            table->results[table->result_count++] = code;
        } else {
            bank_field *field = &table->fields[table->field_count++];
            if (!text_split(code.code, '.', &field->message, &field->field) || !bank_field_parse(code.value, field)) {
                return false;
            }
        }
    }
    return true;
}
