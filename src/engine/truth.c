/* What is known of a log: labels that were imported with it, the truth of a simulation, or a file of labels.
 *
 *   a folder       truth/ of a simulation: victims.csv (account, fraud_type, transfers) and mules.csv (account, used)
 *   a file         CSV with `transfer` (an id) or `account` (a key), and optionally `label`
 *
 * Nothing here is ever seen by features, patterns, rules or models. */
#include "engine/truth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "engine/engine_private.h"
#include "signal/csv.h"
#include "sys/file.h"

#define COLUMNS_MAX 64u
#define PATH_BYTES 1024

static const csv_shape SHAPE = {.delimiter = ',', .quotes = true};

/* ---- a CSV file, row by row ---- */

typedef struct rows {
    const char *path;
    file_view file;
    size_t offset;
    uint64_t line;
    arena texts;
    sluice_text header[COLUMNS_MAX], fields[COLUMNS_MAX];
    size_t columns, field_count;
} rows;

static bool next_record(rows *r, sluice_text *fields, size_t *count_out) {
    csv_record record;
    while (csv_record_next(&SHAPE, r->file.data, r->file.bytes, r->offset, &record)) {
        r->offset = record.next;
        r->line += record.lines;
        if (record.text.length > 0) {
            *count_out = csv_split(&SHAPE, record.text, &r->texts, fields, COLUMNS_MAX);
            return *count_out != SIZE_MAX;
        }
    }
    return false;
}

static sluice_result rows_open(rows *r, const char *path, sluice_error *error) {
    *r = (rows){.path = path};
    sluice_result result = file_map(path, &r->file, error);
    if (result == SLUICE_OK &&
        (r->file.bytes == 0 || !next_record(r, r->header, &r->columns) || r->columns > COLUMNS_MAX)) {
        result = error_set(error, SLUICE_E_INPUT, "%s: no header: expected a line of column names", path);
    }
    return result;
}

static void rows_close(rows *r) {
    arena_fini(&r->texts);
    file_unmap(&r->file);
}

static size_t column_of(const rows *r, const char *name) {
    for (size_t i = 0; i < r->columns; i++) {
        if (text_equal(r->header[i], text_of(name))) {
            return i;
        }
    }
    return SIZE_MAX;
}

static sluice_text field(const rows *r, size_t column) {
    return column < r->field_count ? r->fields[column] : (sluice_text){"", 0};
}

static bool rows_next(rows *r) {
    return next_record(r, r->fields, &r->field_count);
}

static sluice_result missing_column(const rows *r, const char *names, sluice_error *error) {
    return error_set(error, SLUICE_E_INPUT, "%s: no column %s", r->path, names);
}

/* ---- what is looked up ---- */

typedef struct reading {
    const sluice_engine *engine;
    truth *truth;
    arena *texts;
    batch scratch;
    uint64_t scratch_first, scratch_count;
    sluice_error *error;
} reading;

static sluice_result add_account(reading *in, uint32_t key) {
    truth *t = in->truth;
    if (!ARRAY_RESERVE(t->accounts, t->account_capacity, t->account_count + 1)) {
        return error_no_memory(in->error, sizeof key);
    }
    t->accounts[t->account_count++] = key;
    return SLUICE_OK;
}

static sluice_result add_movement(reading *in, uint32_t movement) {
    truth *t = in->truth;
    if (!ARRAY_RESERVE(t->movements, t->movement_capacity, t->movement_count + 1)) {
        return error_no_memory(in->error, sizeof movement);
    }
    t->movements[t->movement_count++] = movement;
    return SLUICE_OK;
}

static uint32_t key_of(const reading *in, sluice_text key) {
    return keys_find(&in->engine->graph.keys, key, hash64(key.data, key.length));
}

static int compare_payments(const void *left, const void *right) {
    const truth_payment *a = left, *b = right;
    if (a->time_ms != b->time_ms) {
        return a->time_ms < b->time_ms ? -1 : 1;
    }
    return a->movement < b->movement ? -1 : a->movement > b->movement;
}

static sluice_result find_payment(reading *in, const rows *r, sluice_text id, truth_payment *payment_out) {
    uint32_t number = 0;
    sluice_result result =
        engine_find_transfer(in->engine, &in->scratch, &in->scratch_first, &in->scratch_count, id, &number, in->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return error_set(in->error, SLUICE_E_INPUT,
                         "%s:%llu: no transfer has the id '%.*s': is this the truth of this "
                         "database?",
                         r->path, (unsigned long long)r->line, TEXT_ARGS(id));
    }
    if (result == SLUICE_OK) {
        const movement *m = graph_movement(&in->engine->graph, number);
        *payment_out = (truth_payment){number, movement_time_ms(m), m->amount_fen};
    }
    return result;
}

static sluice_result add_payments(reading *in, const rows *r, sluice_text ids, truth_victim *victim) {
    size_t room = 1;
    for (size_t i = 0; i < ids.length; i++) {
        room += ids.data[i] == ' ';
    }
    victim->payments = arena_alloc(in->texts, room * sizeof *victim->payments);
    if (victim->payments == NULL) {
        return error_no_memory(in->error, room * sizeof *victim->payments);
    }
    sluice_text rest = ids, id;
    while (rest.length > 0) {
        (void)text_split(rest, ' ', &id, &rest);
        if (id.length == 0) {
            continue;
        }
        sluice_result result = find_payment(in, r, id, &victim->payments[victim->payment_count]);
        if (result != SLUICE_OK) {
            return result;
        }
        victim->payment_count++;
    }
    qsort(victim->payments, victim->payment_count, sizeof *victim->payments, compare_payments);
    return SLUICE_OK;
}

static sluice_result read_victims(reading *in, const char *path) {
    rows r;
    truth *t = in->truth;
    sluice_result result = rows_open(&r, path, in->error);
    size_t account = column_of(&r, "account"), type = column_of(&r, "fraud_type"), ids = column_of(&r, "transfers");
    if (result == SLUICE_OK && (account == SIZE_MAX || type == SIZE_MAX || ids == SIZE_MAX)) {
        result = missing_column(&r, "account, fraud_type or transfers", in->error);
    }
    while (result == SLUICE_OK && rows_next(&r)) {
        uint32_t key = key_of(in, field(&r, account));
        sluice_text name = field(&r, type);
        char *kept = arena_copy(in->texts, name.data, name.length);
        if (kept == NULL || !ARRAY_RESERVE(t->victims, t->victim_capacity, t->victim_count + 1)) {
            result = error_no_memory(in->error, sizeof *t->victims);
        } else if (key == KEY_NONE) {
            result = error_set(in->error, SLUICE_E_INPUT,
                               "%s:%llu: no account is called '%.*s' here: is this the truth "
                               "of this database?",
                               path, (unsigned long long)r.line, TEXT_ARGS(field(&r, account)));
        } else {
            truth_victim *victim = &t->victims[t->victim_count++];
            *victim = (truth_victim){.account = key, .fraud_type = {kept, name.length}};
            result = add_payments(in, &r, field(&r, ids), victim);
        }
    }
    rows_close(&r);
    return result;
}

/* Cards that saw dirty money; the others did nothing yet that could be seen. */
static sluice_result read_mules(reading *in, const char *path) {
    rows r;
    sluice_result result = rows_open(&r, path, in->error);
    size_t account = column_of(&r, "account"), used = column_of(&r, "used");
    if (result == SLUICE_OK && account == SIZE_MAX) {
        result = missing_column(&r, "account", in->error);
    }
    while (result == SLUICE_OK && rows_next(&r)) {
        sluice_text was_used = field(&r, used);
        uint32_t key = key_of(in, field(&r, account));
        bool counts = used == SIZE_MAX || text_equal(was_used, TEXT("yes")) || text_equal(was_used, TEXT("1"));
        if (key != KEY_NONE && counts) {
            result = add_account(in, key);
        }
    }
    rows_close(&r);
    return result;
}

static bool is_positive(sluice_text label) {
    return !text_equal(label, TEXT("0")) && !text_equal(label, TEXT("false")) && !text_equal(label, TEXT("none"));
}

static sluice_result read_file(reading *in, const char *path) {
    rows r;
    sluice_result result = rows_open(&r, path, in->error);
    size_t transfer = column_of(&r, "transfer"), account = column_of(&r, "account"), label = column_of(&r, "label");
    if (result == SLUICE_OK && transfer == SIZE_MAX && account == SIZE_MAX) {
        result = missing_column(&r, "transfer or account", in->error);
    }
    while (result == SLUICE_OK && rows_next(&r)) {
        sluice_text id = transfer == SIZE_MAX ? (sluice_text){"", 0} : field(&r, transfer);
        if (label != SIZE_MAX && !is_positive(field(&r, label))) {
            continue;
        }
        if (id.length > 0) {
            truth_payment found = {0};
            result = find_payment(in, &r, id, &found);
            if (result == SLUICE_OK) {
                result = add_movement(in, found.movement);
            }
        } else if (account != SIZE_MAX) {
            uint32_t key = key_of(in, field(&r, account));
            result = key == KEY_NONE ? error_set(in->error, SLUICE_E_INPUT, "%s:%llu: no account is called '%.*s' here",
                                                 path, (unsigned long long)r.line, TEXT_ARGS(field(&r, account)))
                                     : add_account(in, key);
        }
    }
    rows_close(&r);
    return result;
}

static sluice_result read_folder(reading *in, const char *folder) {
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/victims.csv", folder);
    if (length < 0 || length >= PATH_BYTES) {
        return error_set(in->error, SLUICE_E_INVALID, "the path %s is too long", folder);
    }
    sluice_result result = read_victims(in, path);
    if (result == SLUICE_OK) {
        (void)snprintf(path, sizeof path, "%s/mules.csv", folder);
        result = read_mules(in, path);
    }
    return result;
}

/* ---- labels that came with the data ---- */

typedef struct stored {
    reading *in;
    sluice_result result;
} stored;

static bool take_stored(void *context, uint64_t sequence, sluice_text key, sluice_text label) {
    stored *s = context;
    uint32_t movement = 0;
    if (!is_positive(label)) {
        return true;
    }
    if (sequence == 0) {
        uint32_t number = key_of(s->in, key);
        s->result = number == KEY_NONE ? SLUICE_OK : add_account(s->in, number);
    } else if (graph_movement_of_sequence(&s->in->engine->graph, sequence, &movement)) {
        s->result = add_movement(s->in, movement);
    }
    return s->result == SLUICE_OK;
}

static int compare_u32(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static void sort_unique(uint32_t *numbers, size_t *count) {
    size_t kept = 0;
    if (*count > 0) {
        qsort(numbers, *count, sizeof *numbers, compare_u32);
    }
    for (size_t i = 0; i < *count; i++) {
        if (kept == 0 || numbers[kept - 1] != numbers[i]) {
            numbers[kept++] = numbers[i];
        }
    }
    *count = kept;
}

sluice_result truth_read(const sluice_engine *engine, const char *path, arena *texts, truth *truth_out,
                         sluice_error *error) {
    *truth_out = (truth){0};
    reading in = {.engine = engine, .truth = truth_out, .texts = texts, .error = error};
    sluice_result result = SLUICE_OK;
    if (path == NULL) {
        stored s = {&in, SLUICE_OK};
        result = store_read_truth(engine->store, take_stored, &s, error);
        result = result == SLUICE_OK ? s.result : result;
    } else if (file_kind_of(path) == FILE_FOLDER) {
        result = read_folder(&in, path);
    } else {
        result = read_file(&in, path);
    }
    batch_fini(&in.scratch);
    sort_unique(truth_out->accounts, &truth_out->account_count);
    sort_unique(truth_out->movements, &truth_out->movement_count);
    if (result == SLUICE_OK && truth_out->victim_count + truth_out->account_count + truth_out->movement_count == 0) {
        result = error_set(error, SLUICE_E_INPUT,
                           "nothing is labelled: name the truth folder of a simulation or a CSV of labels (transfer or "
                           "account, label), or import data that carries labels");
    }
    if (result != SLUICE_OK) {
        truth_fini(truth_out);
    }
    return result;
}

void truth_fini(truth *t) {
    memory_free(t->victims);
    memory_free(t->accounts);
    memory_free(t->movements);
    *t = (truth){0};
}
