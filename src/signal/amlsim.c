/* IBM AMLSim: nodes.csv (accounts with their ground truth) and transactions.csv.
 *
 * Time is a step number. Step n is 2022-01-01 00:00 +08:00 plus n days; the rows of one step keep the file's order,
 * because the log does. init_balance is a parameter of the generator and no statement of a bank: it is not read, and
 * opening balances are inferred. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "signal/format_private.h"

#define STEP_ZERO_MS INT64_C(1640966400000) /* 2022-01-01T00:00:00+08:00 */
#define STEP_MAX UINT64_C(1000000)

enum { ROLE_NODES, ROLE_TRANSACTIONS };

typedef struct amlsim_state {
    size_t key, fraud;             /* nodes */
    size_t from, to, amount, step; /* transactions */
} amlsim_state;

static void take_node(format_row *row) {
    const amlsim_state *state = row->reader->state;
    const sluice_text *names = row->reader->columns;
    sluice_text key;
    bool fraud = false;
    if (!row_key(row, names[state->key], "account", row->fields[state->key], &key) ||
        (state->fraud != FORMAT_NO_COLUMN && !row_flag(row, names[state->fraud], row->fields[state->fraud], &fraud))) {
        return;
    }
    sluice_signal *account = row_signal(row, SLUICE_SIGNAL_ACCOUNT);
    account->event = SLUICE_EVENT_SEEN;
    account->key = key;
    account->time_ms = STEP_ZERO_MS;
    account->label = fraud ? TEXT("fraud") : (sluice_text){NULL, 0};
}

static void take_transaction(format_row *row) {
    const amlsim_state *state = row->reader->state;
    const sluice_text *names = row->reader->columns;
    sluice_text from, to;
    uint64_t step = 0;
    int64_t amount_fen = 0;
    if (!row_key(row, names[state->from], "account", row->fields[state->from], &from) ||
        !row_key(row, names[state->to], "account", row->fields[state->to], &to) ||
        !row_amount(row, names[state->amount], row->fields[state->amount], false, &amount_fen)) {
        return;
    }
    if (!text_to_u64(row->fields[state->step], &step) || step > STEP_MAX) {
        sluice_text shown = row_shown(row->fields[state->step]);
        row_reject(row, names[state->step],
                   "不是步数 / not a step: '%.*s'; expected a whole number of days, at most 1000000", TEXT_ARGS(shown));
        return;
    }
    sluice_signal *transfer = row_signal(row, SLUICE_SIGNAL_TRANSFER);
    transfer->from = from;
    transfer->to = to;
    transfer->time_ms = STEP_ZERO_MS + (int64_t)step * TIME_DAY_MS;
    transfer->amount_fen = amount_fen;
    transfer->received_fen = amount_fen;
}

/* ---- files ---- */

static int role_of(const char *name) {
    sluice_text stem = plan_stem(name);
    return !plan_has_suffix(name, ".csv")           ? -1
           : text_equal(stem, TEXT("nodes"))        ? ROLE_NODES
           : text_equal(stem, TEXT("transactions")) ? ROLE_TRANSACTIONS
                                                    : -1;
}

static sluice_result plan_entry(format_plan *plan, const char *path, const char *name, sluice_error *error) {
    int role = file_kind_of(path) == FILE_REGULAR ? role_of(name) : -1;
    return role >= 0 ? plan_add_source(plan, path, role, error) : plan_add_ignored(plan, path, error);
}

/* Folders below are other simulations, which number their accounts alike: reading them together would mix them. */
static sluice_result plan_folder(format_plan *plan, const char *path, sluice_error *error) {
    size_t before = plan->source_count;
    sluice_result result = plan_visit_folder(plan, path, plan_entry, error);
    if (result == SLUICE_OK && plan->source_count == before) {
        result =
            error_set(error, SLUICE_E_INPUT,
                      "%s holds neither nodes.csv nor transactions.csv: give the folder of one simulation (two of them "
                      "number their accounts alike, so each needs a database of its own)",
                      path);
    }
    return result;
}

static sluice_result plan_file(format_plan *plan, const char *path, sluice_error *error) {
    int role = role_of(path);
    if (role < 0) {
        return error_set(error, SLUICE_E_INPUT,
                         "%s is not an AMLSim file: give the folder, or files named nodes.csv and transactions.csv",
                         path);
    }
    return plan_add_source(plan, path, role, error);
}

static sluice_result need(const format_reader *reader, const char *name, size_t *column_out, sluice_error *error) {
    *column_out = reader_column(reader, name);
    if (*column_out != FORMAT_NO_COLUMN) {
        return SLUICE_OK;
    }
    char columns[300];
    reader_columns_text(reader, columns, sizeof columns);
    return error_set(error, SLUICE_E_INPUT, "%s has no column '%s'; its columns are %s: an AMLSim file begins with %s",
                     reader->source->path, name, columns,
                     reader->source->role == ROLE_NODES ? "nodeid,isFraud,…" : "sourceNodeId,targetNodeId,value,time");
}

static sluice_result open_source(format_reader *reader, sluice_error *error) {
    bool nodes = reader->source->role == ROLE_NODES;
    reader->shape = (csv_shape){.delimiter = ',', .quotes = true};
    reader->take = nodes ? take_node : take_transaction;
    amlsim_state *state = arena_alloc(&reader->lasting, sizeof *state);
    if (state == NULL) {
        return error_no_memory(error, sizeof *state);
    }
    reader->state = state;
    sluice_result result = reader_header(reader, 0, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (nodes) {
        state->fraud = reader_column(reader, "isFraud");
        return need(reader, "nodeid", &state->key, error);
    }
    result = need(reader, "sourceNodeId", &state->from, error);
    result = result != SLUICE_OK ? result : need(reader, "targetNodeId", &state->to, error);
    result = result != SLUICE_OK ? result : need(reader, "value", &state->amount, error);
    return result != SLUICE_OK ? result : need(reader, "time", &state->step, error);
}

const format_driver amlsim_driver = {"amlsim", plan_folder, plan_file, open_source, NULL};
