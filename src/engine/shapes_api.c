/* Tables of shapes: the transfers of the log in order of time, their index, and a row for each. */
#include <sluice/shape.h>

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "engine/stream.h"
#include "feature/shape.h"

#define WRITE_BYTES (1U << 20)

typedef struct shape_table {
    const sluice_engine *engine;
    const sluice_shapes_options *options;
    shape_windows windows;
    shape_transfer *transfers;
    uint64_t *sequences;
    size_t count, capacity, sequence_capacity;
    shape *shape;
    float *own, *row;
    text_writer out;
    bool stopped;
} shape_table;

static sluice_result read_transfers(shape_table *t, sluice_error *error) {
    stream *s = NULL;
    sluice_result result = stream_open(t->engine, SLUICE_ORDER_TIME, t->options->as_of, &s, error);
    activity a;
    while (result == SLUICE_OK && stream_next(s, &a)) {
        if (a.kind != SLUICE_SIGNAL_TRANSFER || a.from == a.to) {
            continue;
        }
        if (t->count == UINT32_MAX || !ARRAY_RESERVE(t->transfers, t->capacity, t->count + 1) ||
            !ARRAY_RESERVE(t->sequences, t->sequence_capacity, t->count + 1)) {
            result = error_no_memory(error, t->count * sizeof *t->transfers);
            break;
        }
        t->transfers[t->count] = (shape_transfer){a.time_ms, a.amount_fen, a.from, a.to};
        t->sequences[t->count++] = a.sequence;
    }
    stream_close(&s);
    return result;
}

static bool push(shape_table *t, bool all) {
    if (t->out.failed || t->stopped) {
        return false;
    }
    if (t->out.length >= WRITE_BYTES || (all && t->out.length > 0)) {
        t->stopped = !t->options->write(t->options->write_context, t->out.data, t->out.length);
        t->out.length = 0;
    }
    return !t->stopped;
}

static void write_key(shape_table *t, uint32_t key) {
    text_write_cell(&t->out, keys_text(&t->engine->graph.keys, key));
}

static void write_row(shape_table *t, size_t columns) {
    for (size_t c = 0; c < columns; c++) {
        text_write_char(&t->out, ',');
        if (!isnan(t->row[c])) {
            text_printf(&t->out, "%.9g", (double)t->row[c]);
        }
    }
    text_write_char(&t->out, '\n');
}

static void write_header(shape_table *t, bool accounts, size_t columns) {
    char name[96];
    text_write(&t->out, accounts ? TEXT("account") : TEXT("sequence,time,from,to"));
    for (size_t c = 0; c < columns; c++) {
        if (accounts) {
            shape_account_column_name(c, name, sizeof name);
        } else {
            shape_transfer_column_name(&t->windows, c, name, sizeof name);
        }
        text_printf(&t->out, ",%s", name);
    }
    text_write_char(&t->out, '\n');
}

static void write_transfers(shape_table *t, size_t columns) {
    char time[TIME_TEXT_BYTES];
    for (uint32_t i = 0; i < t->count && push(t, false); i++) {
        const shape_transfer *x = &t->transfers[i];
        shape_transfer_row(t->shape, &t->windows, t->own, i, t->row);
        text_printf(&t->out, "%llu,%s,", (unsigned long long)t->sequences[i], time_format(x->time_ms, time));
        write_key(t, x->from);
        text_write_char(&t->out, ',');
        write_key(t, x->to);
        write_row(t, columns);
    }
}

static void write_accounts(shape_table *t, uint32_t account_limit, size_t columns) {
    for (uint32_t account = 0; account < account_limit && push(t, false); account++) {
        if (shape_account_row(t->shape, t->own, account, t->row)) {
            write_key(t, account);
            write_row(t, columns);
        }
    }
}

static sluice_result run_table(shape_table *t, sluice_error *error) {
    bool accounts = t->options->rows == SLUICE_ROWS_ACCOUNT;
    uint32_t account_limit = atomic_load(&t->engine->graph.keys.count);
    size_t own = accounts ? shape_account_own_count() : shape_transfer_own_count(t->windows.count);
    size_t columns = accounts ? shape_account_column_count() : shape_transfer_column_count(t->windows.count);
    size_t rows = accounts ? account_limit : t->count;
    t->shape = shape_new(t->transfers, (uint32_t)t->count, account_limit);
    t->own = memory_new_zero(rows * own + 1, sizeof *t->own);
    t->row = memory_new_zero(columns, sizeof *t->row);
    if (t->shape == NULL || t->own == NULL || t->row == NULL ||
        !(accounts ? shape_accounts(t->shape, t->own) : shape_transfers(t->shape, &t->windows, t->own))) {
        return error_no_memory(error, rows * own * sizeof *t->own);
    }
    write_header(t, accounts, columns);
    if (accounts) {
        write_accounts(t, account_limit, columns);
    } else {
        write_transfers(t, columns);
    }
    (void)push(t, true);
    return t->stopped      ? error_set(error, SLUICE_E_INTERRUPTED, "the table was not taken whole")
           : t->out.failed ? error_no_memory(error, t->out.length)
                           : SLUICE_OK;
}

static sluice_result take_windows(shape_table *t, sluice_error *error) {
    const sluice_shapes_options *o = t->options;
    t->windows.count = o->windows_ms == NULL ? 1 : o->window_count;
    t->windows.window_ms[0] = 4 * TIME_DAY_MS;
    if (t->windows.count == 0 || t->windows.count > SLUICE_SHAPE_WINDOWS_MAX) {
        return error_set(error, SLUICE_E_INVALID, "windows: 1 to %d of them", SLUICE_SHAPE_WINDOWS_MAX);
    }
    for (size_t i = 0; o->windows_ms != NULL && i < o->window_count; i++) {
        if (o->windows_ms[i] <= 0 || o->windows_ms[i] > 3660 * TIME_DAY_MS) {
            return error_set(error, SLUICE_E_INVALID, "a window is above 0 and at most ten years");
        }
        t->windows.window_ms[i] = o->windows_ms[i];
    }
    t->windows.chain_ms[0] = t->windows.window_ms[0] / 2;
    t->windows.chain_ms[1] = t->windows.window_ms[0];
    return SLUICE_OK;
}

sluice_result sluice_shapes_run(const sluice_engine *engine, const sluice_shapes_options *options,
                                sluice_error *error) {
    sluice_result result =
        detection_check_size(options->size, sizeof(sluice_shapes_options), "sluice_shapes_options", error);
    if (result == SLUICE_OK && options->write == NULL) {
        result = error_set(error, SLUICE_E_INVALID, "say where the table goes");
    }
    shape_table t = {.engine = engine, .options = options};
    if (result == SLUICE_OK) {
        result = take_windows(&t, error);
    }
    if (result == SLUICE_OK) {
        result = read_transfers(&t, error);
    }
    if (result == SLUICE_OK) {
        result = run_table(&t, error);
    }
    shape_free(&t.shape);
    text_writer_fini(&t.out);
    memory_free(t.transfers);
    memory_free(t.sequences);
    memory_free(t.own);
    memory_free(t.row);
    return result;
}
