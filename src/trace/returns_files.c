/* The files of a return: a ledger and the losses, as CSV.
 *
 * Columns are found by their names in the header, in any order; others are passed over. A bank's export may name them
 * in Chinese and be in GB18030. Unlike an import, nothing is skipped: money is given back on this, so the first line
 * that is not understood stops it, with file, line, field and what was expected. The hashes are of the files' bytes as
 * they are. */
#include <strings.h>

#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "signal/csv.h"
#include "signal/encoding.h"
#include "sys/file.h"
#include "trace/returns_private.h"

#define COLUMNS_MAX 256

typedef struct table_column {
    const char *name, *chinese;
    bool required;
} table_column;

enum { LEDGER_TIME, LEDGER_DIRECTION, LEDGER_AMOUNT, LEDGER_PARTY, LEDGER_GROUP, LEDGER_COLUMNS };
static const table_column LEDGER[LEDGER_COLUMNS] = {
    {"time", "时间", true},  {"direction", "方向", true}, {"amount", "金额", true},
    {"party", "对方", true}, {"group", "分组", false},
};

enum { LOSS_PARTY, LOSS_LOSS, LOSS_REFUNDED, LOSS_COLUMNS };
static const table_column LOSSES[LOSS_COLUMNS] = {
    {"party", "受害人", true}, {"loss", "损失", true}, {"refunded", "已退", false}};

/* A table being read: record by record, the wanted fields in the order of their columns. */
typedef struct table {
    const char *path;
    file_view file;
    arena texts;
    sluice_text text; /* UTF-8 */
    csv_shape shape;
    size_t offset;
    uint64_t line, next_line;
    const table_column *columns;
    size_t column_count;
    size_t places[LEDGER_COLUMNS]; /* of each column in the record; SIZE_MAX: absent */
    size_t width;                  /* fields of the header */
    sluice_text fields[COLUMNS_MAX];
    sluice_error *error;
} table;

static sluice_text table_get(const table *t, size_t column) {
    return t->places[column] == SIZE_MAX ? (sluice_text){NULL, 0} : t->fields[t->places[column]];
}

static sluice_result table_fail(const table *t, size_t column, const char *expected) {
    sluice_text value = table_get(t, column);
    int shown = value.length > 60 ? 60 : (int)value.length;
    while (shown > 0 && (size_t)shown < value.length && ((unsigned char)value.data[shown] & 0xC0) == 0x80) {
        shown--;
    }
    return error_set(t->error, SLUICE_E_INPUT, "%s:%llu: %s \"%.*s\": %s", t->path, (unsigned long long)t->line,
                     t->columns[column].name, shown, value.data == NULL ? "" : value.data, expected);
}

static sluice_result table_decode(table *t) {
    sluice_text raw = {t->file.data == NULL ? "" : t->file.data, t->file.bytes};
    const char *refusal = encoding_refusal(raw);
    if (refusal != NULL) {
        return error_set(t->error, SLUICE_E_INPUT, "%s: %s", t->path, refusal);
    }
    if (encoding_detect(raw) == ENCODING_UTF8) {
        size_t mark = encoding_mark_bytes(raw);
        t->text = (sluice_text){raw.data + mark, raw.length - mark};
        return SLUICE_OK;
    }
    decoder *converter = decoder_new();
    decoder_result decoded = converter == NULL ? DECODER_NO_MEMORY : decoder_run(converter, raw, &t->texts, &t->text);
    decoder_free(&converter);
    if (decoded == DECODER_MALFORMED) {
        return error_set(t->error, SLUICE_E_INPUT, "%s is neither UTF-8 nor GB18030: save it as CSV UTF-8", t->path);
    }
    return decoded == DECODER_OK ? SLUICE_OK : error_no_memory(t->error, raw.length);
}

/* The next record that is not blank; *more_out false: there is none. */
static sluice_result table_next(table *t, bool *more_out) {
    for (;;) {
        csv_record record;
        *more_out = csv_record_next(&t->shape, t->text.data, t->text.length, t->offset, &record);
        if (!*more_out) {
            return SLUICE_OK;
        }
        t->offset = record.next;
        t->line = t->next_line;
        t->next_line += record.lines;
        if (record.defect != NULL) {
            return error_set(t->error, SLUICE_E_INPUT, "%s:%llu: %s", t->path, (unsigned long long)t->line,
                             record.defect);
        }
        if (text_trim(record.text).length == 0) {
            continue;
        }
        size_t count = csv_split(&t->shape, record.text, &t->texts, t->fields, COLUMNS_MAX);
        if (count == SIZE_MAX) {
            return error_no_memory(t->error, record.text.length);
        }
        if (t->width > 0 && count != t->width) {
            return error_set(t->error, SLUICE_E_INPUT,
                             "%s:%llu: %zu fields where the header has %zu: quote fields that contain a comma", t->path,
                             (unsigned long long)t->line, count, t->width);
        }
        t->width = count;
        return SLUICE_OK;
    }
}

static bool is_column(sluice_text field, const table_column *column) {
    return text_equal(field, text_of(column->chinese)) ||
           (field.length == strlen(column->name) && strncasecmp(field.data, column->name, field.length) == 0);
}

static sluice_result table_header(table *t) {
    bool more = false;
    sluice_result result = table_next(t, &more);
    if (result != SLUICE_OK) {
        return result;
    }
    for (size_t c = 0; c < t->column_count; c++) {
        t->places[c] = SIZE_MAX;
        for (size_t i = 0; more && i < t->width && i < COLUMNS_MAX; i++) {
            if (is_column(text_trim(t->fields[i]), &t->columns[c])) {
                t->places[c] = t->places[c] == SIZE_MAX ? i : t->places[c];
            }
        }
        if (t->places[c] == SIZE_MAX && t->columns[c].required) {
            return error_set(t->error, SLUICE_E_INPUT,
                             "%s: the header has no column %s (%s): the first line must be %s", t->path,
                             t->columns[c].name, t->columns[c].chinese,
                             t->columns == LEDGER ? "time,direction,amount,party" : "party,loss,refunded");
        }
    }
    return SLUICE_OK;
}

static sluice_result table_open(table *t, const char *path, const table_column *columns, size_t column_count,
                                char hash_out[SHA256_HEX_BYTES], sluice_error *error) {
    *t = (table){.path = path, .columns = columns, .column_count = column_count, .error = error, .next_line = 1};
    t->shape = (csv_shape){.delimiter = ',', .quotes = true};
    sluice_result result = file_map(path, &t->file, error);
    if (result == SLUICE_OK) {
        result = sha256_of(t->file.data, t->file.bytes, hash_out, error);
    }
    if (result == SLUICE_OK) {
        result = table_decode(t);
    }
    return result == SLUICE_OK ? table_header(t) : result;
}

static void table_close(table *t) {
    file_unmap(&t->file);
    arena_fini(&t->texts);
}

static sluice_result read_money(const table *t, size_t column, bool may_be_empty, int64_t *fen_out) {
    sluice_text value = text_trim(table_get(t, column));
    bool rounded = false;
    *fen_out = 0;
    if (value.length == 0 && may_be_empty) {
        return SLUICE_OK;
    }
    if (!money_parse(value, fen_out, &rounded) || rounded) {
        return table_fail(t, column, "expected yuan with at most two decimals, such as 1234.56");
    }
    return *fen_out < 0 ? table_fail(t, column, "expected an amount that is not negative; the direction says which way")
                        : SLUICE_OK;
}

static sluice_result read_direction(const table *t, bool *is_debit_out) {
    static const struct {
        const char *word;
        bool is_debit;
    } WORDS[] = {{"in", false}, {"out", true}, {"入", false}, {"出", true},
                 {"收", false}, {"支", true},  {"贷", false}, {"借", true}};
    sluice_text value = text_trim(table_get(t, LEDGER_DIRECTION));
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (value.length == strlen(WORDS[i].word) && strncasecmp(value.data, WORDS[i].word, value.length) == 0) {
            *is_debit_out = WORDS[i].is_debit;
            return SLUICE_OK;
        }
    }
    return table_fail(t, LEDGER_DIRECTION, "expected in or out (入 or 出, 贷 or 借)");
}

/* Fields that need no copy point into the mapped file, the others into the table's arena: both live until it is closed.
 */
static sluice_result read_entry(const table *t, sluice_return_entry *entry) {
    *entry = (sluice_return_entry){.party = text_trim(table_get(t, LEDGER_PARTY)),
                                   .group = text_trim(table_get(t, LEDGER_GROUP))};
    if (!time_parse(text_trim(table_get(t, LEDGER_TIME)), TIME_SHANGHAI_OFFSET_MS, &entry->time_ms)) {
        return table_fail(t, LEDGER_TIME, "expected a time such as 2022-05-24 10:20:30");
    }
    sluice_result result = read_direction(t, &entry->is_debit);
    return result == SLUICE_OK ? read_money(t, LEDGER_AMOUNT, false, &entry->amount_fen) : result;
}

static sluice_result read_loss(const table *t, sluice_return_loss *loss) {
    *loss = (sluice_return_loss){.party = text_trim(table_get(t, LOSS_PARTY))};
    if (loss->party.length == 0) {
        return table_fail(t, LOSS_PARTY, "expected the victim's name, as the ledger has it");
    }
    sluice_result result = read_money(t, LOSS_LOSS, false, &loss->loss_fen);
    return result == SLUICE_OK ? read_money(t, LOSS_REFUNDED, true, &loss->refunded_fen) : result;
}

sluice_result sluice_return_read(const char *ledger_path, const char *losses_path, sluice_return **return_out,
                                 sluice_error *error) {
    table ledger = {0}, losses = {0};
    sluice_return_entry *entries = NULL;
    sluice_return_loss *lost = NULL;
    size_t entry_count = 0, entry_capacity = 0, loss_count = 0, loss_capacity = 0;
    char ledger_sha256[SHA256_HEX_BYTES], losses_sha256[SHA256_HEX_BYTES];
    *return_out = NULL;
    sluice_result result = table_open(&ledger, ledger_path, LEDGER, LEDGER_COLUMNS, ledger_sha256, error);
    for (bool more = true; result == SLUICE_OK;) {
        result = table_next(&ledger, &more);
        if (result != SLUICE_OK || !more) {
            break;
        }
        result = ARRAY_RESERVE(entries, entry_capacity, entry_count + 1)
                     ? read_entry(&ledger, &entries[entry_count++])
                     : error_no_memory(error, entry_count * sizeof *entries);
    }
    if (result == SLUICE_OK) {
        result = table_open(&losses, losses_path, LOSSES, LOSS_COLUMNS, losses_sha256, error);
    }
    for (bool more = true; result == SLUICE_OK;) {
        result = table_next(&losses, &more);
        if (result != SLUICE_OK || !more) {
            break;
        }
        result = ARRAY_RESERVE(lost, loss_capacity, loss_count + 1) ? read_loss(&losses, &lost[loss_count++])
                                                                    : error_no_memory(error, loss_count * sizeof *lost);
    }
    if (result == SLUICE_OK) {
        result = sluice_return_compute(entries, entry_count, lost, loss_count, return_out, error);
        /* What the arrays' caller did wrong is here what the files have wrong. */
        result = result == SLUICE_E_INVALID ? error_prefix(error, SLUICE_E_INPUT, "%s, %s", ledger_path, losses_path)
                                            : result;
    }
    if (result == SLUICE_OK) {
        memcpy((*return_out)->ledger_sha256, ledger_sha256, sizeof ledger_sha256);
        memcpy((*return_out)->losses_sha256, losses_sha256, sizeof losses_sha256);
    }
    memory_free(entries);
    memory_free(lost);
    table_close(&ledger);
    table_close(&losses);
    return result;
}
