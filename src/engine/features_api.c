/* Feature tables over the log: the same steps as detection, without judging.
 *
 * A table of accounts gives, for each feature of a payer or payee, what it was over the transfers of one account: last,
 * maximum and mean; as payer for `payer.…` and as payee for `payee.…`, both for what belongs to the transfer or pair. A
 * pattern counts for both parties. 32 bytes a feature and account. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "detect/detector.h"
#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "engine/stream.h"

#define WRITE_BYTES (1U << 20)

typedef struct account_cell {
    double last, max, sum;
    uint64_t count;
} account_cell;

typedef struct truth_label {
    uint64_t sequence; /* 0: of `key` */
    uint32_t key;
    sluice_text label;
} truth_label;

typedef struct table {
    const sluice_engine *engine;
    const sluice_features_options *options;
    detector *detector;
    uint32_t *slots;
    stream *stream;
    text_writer out;
    arena texts;
    truth_label *labels; /* as the store gives them: by sequence, those of keys (0) first */
    size_t label_count, label_capacity;
    /* accounts */
    account_cell *cells; /* [account * name_count] */
    uint64_t *counts;    /* [account * 2]: as payer, as payee */
    uint32_t account_limit;
    sluice_text *key_labels; /* by key; NULL data: none */
    bool failed;
} table;

/* ---- labels ---- */

static bool take_label(void *context, uint64_t sequence, sluice_text key, sluice_text label) {
    table *t = context;
    char *copy = arena_copy(&t->texts, label.data, label.length);
    uint32_t number = sequence != 0 ? KEY_NONE : keys_find(&t->engine->graph.keys, key, hash64(key.data, key.length));
    if (copy == NULL || !ARRAY_RESERVE(t->labels, t->label_capacity, t->label_count + 1)) {
        t->failed = true;
        return false;
    }
    t->labels[t->label_count++] = (truth_label){sequence, number, {copy, label.length}};
    return true;
}

static sluice_result read_labels(table *t, sluice_error *error) {
    sluice_result result = store_read_truth(t->engine->store, take_label, t, error);
    if (result == SLUICE_OK && t->failed) {
        result = error_no_memory(error, t->label_count * sizeof *t->labels);
    }
    uint32_t limit = atomic_load(&t->engine->graph.keys.count);
    t->key_labels = memory_new_zero(limit + 1U, sizeof *t->key_labels);
    if (result == SLUICE_OK && t->key_labels == NULL) {
        result = error_no_memory(error, limit * sizeof *t->key_labels);
    }
    for (size_t i = 0; result == SLUICE_OK && t->key_labels != NULL && i < t->label_count; i++) {
        if (t->labels[i].key < limit) {
            t->key_labels[t->labels[i].key] = t->labels[i].label;
        }
    }
    return result;
}

static sluice_text label_of(const table *t, uint64_t sequence) {
    size_t low = 0, high = t->label_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->labels[middle].sequence < sequence) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < t->label_count && t->labels[low].sequence == sequence ? t->labels[low].label : (sluice_text){"", 0};
}

/* ---- rows ---- */

static bool push(table *t, bool all) {
    if (t->out.failed) {
        return false;
    }
    if (t->out.length >= WRITE_BYTES || (all && t->out.length > 0)) {
        if (!t->options->write(t->options->write_context, t->out.data, t->out.length)) {
            t->failed = true;
            return false;
        }
        t->out.length = 0;
    }
    return true;
}

static sluice_text key_text(const table *t, uint32_t key) {
    return key == KEY_NONE ? (sluice_text){"", 0} : keys_text(&t->engine->graph.keys, key);
}

static void write_value(table *t, uint32_t slot, const feature_value *v) {
    text_write_char(&t->out, ',');
    if (v->is_missing) {
        return;
    }
    switch (feature_plan_type(detector_plan(t->detector), slot)) {
    case FEATURE_DOUBLE:
        text_printf(&t->out, "%.17g", v->d);
        break;
    case FEATURE_TEXT:
        text_write_cell(&t->out, (sluice_text){v->text, v->length});
        break;
    case FEATURE_INT:
    case FEATURE_BOOL:
    default:
        text_printf(&t->out, "%lld", (long long)v->i);
        break;
    }
}

static bool write_transfer(table *t, const activity *a, const judgement *made) {
    char time[TIME_TEXT_BYTES];
    text_printf(&t->out, "%llu,%s,", (unsigned long long)a->sequence, time_format(a->time_ms, time));
    text_write_cell(&t->out, key_text(t, a->from));
    text_write_char(&t->out, ',');
    text_write_cell(&t->out, key_text(t, a->to));
    for (size_t i = 0; i < t->options->name_count; i++) {
        write_value(t, t->slots[i], &made->values[t->slots[i]]);
    }
    if (t->options->with_labels) {
        text_write_char(&t->out, ',');
        text_write_cell(&t->out, label_of(t, a->sequence));
    }
    text_write_char(&t->out, '\n');
    return push(t, false);
}

static bool belongs(const char *name, bool as_payer) {
    bool of_payer = strncmp(name, "payer.", 6) == 0, of_payee = strncmp(name, "payee.", 6) == 0;
    return as_payer ? !of_payee : !of_payer;
}

static void take_side(table *t, uint32_t account, bool as_payer, const feature_value *values) {
    if (account >= t->account_limit) {
        return;
    }
    const feature_plan *plan = detector_plan(t->detector);
    t->counts[(size_t)account * 2 + !as_payer]++;
    for (size_t i = 0; i < t->options->name_count; i++) {
        const feature_value *v = &values[t->slots[i]];
        if (v->is_missing || !belongs(t->options->names[i], as_payer)) {
            continue;
        }
        double x = feature_plan_type(plan, t->slots[i]) == FEATURE_DOUBLE ? v->d : (double)v->i;
        account_cell *cell = &t->cells[(size_t)account * t->options->name_count + i];
        cell->max = cell->count == 0 || x > cell->max ? x : cell->max;
        cell->last = x;
        cell->sum += x;
        cell->count++;
    }
}

static bool write_accounts(table *t) {
    size_t names = t->options->name_count;
    for (uint32_t account = 0; account < t->account_limit; account++) {
        uint64_t as_payer = t->counts[(size_t)account * 2], as_payee = t->counts[(size_t)account * 2 + 1];
        if (as_payer + as_payee == 0) {
            continue;
        }
        text_write_cell(&t->out, key_text(t, account));
        text_printf(&t->out, ",%llu,%llu", (unsigned long long)as_payer, (unsigned long long)as_payee);
        for (size_t i = 0; i < names; i++) {
            const account_cell *cell = &t->cells[(size_t)account * names + i];
            if (cell->count == 0) {
                text_write(&t->out, TEXT(",,,")); /* it never had a value */
            } else {
                text_printf(&t->out, ",%.9g,%.9g,%.9g", cell->last, cell->max, cell->sum / (double)cell->count);
            }
        }
        if (t->options->with_labels) {
            text_write_char(&t->out, ',');
            text_write_cell(&t->out, t->key_labels[account]);
        }
        text_write_char(&t->out, '\n');
        if (!push(t, false)) {
            return false;
        }
    }
    return true;
}

static void write_header(table *t) {
    bool accounts = t->options->rows == SLUICE_ROWS_ACCOUNT;
    text_write(&t->out, accounts ? TEXT("account,as_payer,as_payee") : TEXT("sequence,time,from,to"));
    for (size_t i = 0; i < t->options->name_count; i++) {
        if (accounts) {
            const char *name = t->options->names[i];
            text_printf(&t->out, ",%s:last,%s:max,%s:mean", name, name, name);
        } else {
            text_printf(&t->out, ",%s", t->options->names[i]);
        }
    }
    text_write(&t->out, t->options->with_labels ? TEXT(",label\n") : TEXT("\n"));
}

static sluice_result run_rows(table *t, sluice_error *error) {
    activity a;
    judgement made;
    bool accounts = t->options->rows == SLUICE_ROWS_ACCOUNT;
    while (stream_next(t->stream, &a)) {
        if (!detector_step(t->detector, &a, true, &made)) {
            return error_no_memory(error, (size_t)detector_memory_bytes(t->detector));
        }
        if (!activity_is_movement(&a)) {
            continue;
        }
        if (accounts) {
            take_side(t, a.from, true, made.values);
            take_side(t, a.to, false, made.values);
        } else if (!write_transfer(t, &a, &made)) {
            break;
        }
    }
    if (!t->failed && !t->out.failed && accounts) {
        (void)write_accounts(t);
    }
    if (!t->failed) {
        (void)push(t, true);
    }
    return t->failed       ? error_set(error, SLUICE_E_INTERRUPTED, "the table was not taken whole")
           : t->out.failed ? error_no_memory(error, t->out.length)
                           : SLUICE_OK;
}

static sluice_result table_open(table *t, const sluice_features_options *options, sluice_error *error) {
    sluice_detect_options with = {.size = sizeof with, .patterns = options->patterns};
    t->slots = memory_new_zero(options->name_count + 1, sizeof *t->slots);
    if (t->slots == NULL) {
        return error_no_memory(error, options->name_count * sizeof *t->slots);
    }
    sluice_result result = detector_new(&with, &t->engine->graph.keys, options->names, options->name_count, t->slots,
                                        NULL, &t->detector, error);
    if (result == SLUICE_OK && options->with_labels) {
        result = read_labels(t, error);
    }
    if (result == SLUICE_OK) {
        result = stream_open(t->engine, options->order, options->as_of, &t->stream, error);
    }
    if (result == SLUICE_OK && options->rows == SLUICE_ROWS_ACCOUNT) {
        for (size_t i = 0; i < options->name_count; i++) {
            if (feature_plan_type(detector_plan(t->detector), t->slots[i]) == FEATURE_TEXT) {
                return error_set(error, SLUICE_E_INPUT, "%s is a text: a table of accounts takes numbers",
                                 options->names[i]);
            }
        }
        t->account_limit = atomic_load(&t->engine->graph.keys.count);
        t->cells = memory_new_zero((size_t)t->account_limit * options->name_count + 1, sizeof *t->cells);
        t->counts = memory_new_zero((size_t)t->account_limit * 2 + 1, sizeof *t->counts);
        if (t->cells == NULL || t->counts == NULL) {
            result = error_no_memory(error, (size_t)t->account_limit * options->name_count * sizeof *t->cells);
        }
    }
    return result;
}

sluice_result sluice_features_run(const sluice_engine *engine, const sluice_features_options *options,
                                  sluice_error *error) {
    sluice_result result =
        detection_check_size(options->size, sizeof(sluice_features_options), "sluice_features_options", error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (options->write == NULL || options->name_count == 0) {
        return error_set(error, SLUICE_E_INVALID, "name at least one feature, and where the table goes");
    }
    table t = {.engine = engine, .options = options};
    result = table_open(&t, options, error);
    if (result == SLUICE_OK) {
        write_header(&t);
        result = run_rows(&t, error);
    }
    stream_close(&t.stream);
    detector_free(&t.detector);
    text_writer_fini(&t.out);
    arena_fini(&t.texts);
    memory_free(t.slots);
    memory_free(t.labels);
    memory_free(t.cells);
    memory_free(t.counts);
    memory_free(t.key_labels);
    return result;
}

sluice_result sluice_features_list(char **text_out, size_t *length_out, sluice_error *error) {
    text_writer writer = {0};
    feature_help(&writer);
    if (writer.failed) {
        text_writer_fini(&writer);
        return error_no_memory(error, 65536);
    }
    *text_out = writer.data;
    *length_out = writer.length;
    return SLUICE_OK;
}
