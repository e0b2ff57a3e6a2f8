/* LDBC FinBench (https://ldbcouncil.org/benchmarks/finbench/): a snapshot and the stream of updates after it.
 *
 * Columns are '|' separated, without quoting (comments hold plain quotation marks), and found by name. Identifiers go
 * beyond 2^53 and stay text. orderNum repeats in the data, so transfers have no id of their own.
 *
 * Times: the snapshot writes civil times without a zone, the stream milliseconds since 1970. Read as UTC, the
 * snapshot's last time meets the stream's first; read as +08:00 they would overlap by eight hours. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "signal/format_private.h"

typedef enum slot { KEY, OTHER, TIME, AMOUNT, BLOCKED, TYPE, NAME, PLACE, SLOT_COUNT } slot;

typedef struct finbench_file {
    const char *stem;
    void (*take)(format_row *row);
    const char *kind;                /* of KEY (persons and companies: the holder's) */
    const char *columns[SLOT_COUNT]; /* names; '?' first: may be missing */
} finbench_file;

typedef struct finbench_state {
    const finbench_file *file;
    size_t columns[SLOT_COUNT];
} finbench_state;

static void take_account(format_row *row);
static void take_holder(format_row *row);
static void take_medium(format_row *row);
static void take_ownership(format_row *row);
static void take_login(format_row *row);
static void take_transfer(format_row *row);
static void take_withdrawal(format_row *row);
static void take_closing(format_row *row);
static void take_account_block(format_row *row);
static void take_holder_block(format_row *row);

/* In the order they are read: the snapshot, then the stream; accounts before what refers to them. The place in this
 * table is the source's role. */
static const finbench_file FILES[] = {
    {"Account",
     take_account,
     "account",
     {[KEY] = "accountId", [TIME] = "createTime", [BLOCKED] = "?isBlocked", [TYPE] = "?accoutType|accountType"}},
    {"Person",
     take_holder,
     "person",
     {[KEY] = "personId", [TIME] = "createTime", [BLOCKED] = "?isBlocked", [NAME] = "?personName"}},
    {"Company",
     take_holder,
     "company",
     {[KEY] = "companyId", [TIME] = "createTime", [BLOCKED] = "?isBlocked", [NAME] = "?companyName"}},
    {"Medium",
     take_medium,
     "device",
     {[KEY] = "mediumId", [TIME] = "createTime", [BLOCKED] = "?isBlocked", [TYPE] = "?mediumType"}},
    {"PersonOwnAccount", take_ownership, "person", {[KEY] = "personId", [OTHER] = "accountId", [TIME] = "createTime"}},
    {"CompanyOwnAccount",
     take_ownership,
     "company",
     {[KEY] = "companyId", [OTHER] = "accountId", [TIME] = "createTime"}},
    {"MediumSignInAccount",
     take_login,
     "device",
     {[KEY] = "mediumId", [OTHER] = "accountId", [TIME] = "createTime", [PLACE] = "?location"}},
    {"AccountTransferAccount",
     take_transfer,
     "account",
     {[KEY] = "fromId", [OTHER] = "toId", [TIME] = "createTime", [AMOUNT] = "amount"}},
    {"AccountWithdrawAccount",
     take_withdrawal,
     "account",
     {[KEY] = "fromId", [OTHER] = "toId", [TIME] = "createTime", [AMOUNT] = "amount"}},
    {"AddPersonWrite1",
     take_holder,
     "person",
     {[KEY] = "personId", [TIME] = "createTime", [BLOCKED] = "?isBlocked", [NAME] = "?personName"}},
    {"AddCompanyWrite2",
     take_holder,
     "company",
     {[KEY] = "companyId", [TIME] = "createTime", [BLOCKED] = "?isBlocked", [NAME] = "?companyName"}},
    {"AddMediumWrite3",
     take_medium,
     "device",
     {[KEY] = "mediumId", [TIME] = "createTime", [BLOCKED] = "?isBlocked", [TYPE] = "?mediumType"}},
    {"AddPersonOwnAccountWrite4",
     take_ownership,
     "person",
     {[KEY] = "personId",
      [OTHER] = "accountId",
      [TIME] = "createTime",
      [BLOCKED] = "?accountBlocked",
      [TYPE] = "?accountType"}},
    {"AddCompanyOwnAccountWrite5",
     take_ownership,
     "company",
     {[KEY] = "companyId",
      [OTHER] = "accountId",
      [TIME] = "createTime",
      [BLOCKED] = "?accountBlocked",
      [TYPE] = "?accountType"}},
    {"AddMediumSigninAccountWrite16",
     take_login,
     "device",
     {[KEY] = "mediumId", [OTHER] = "accountId", [TIME] = "createTime", [PLACE] = "?location"}},
    {"AddAccountTransferAccountWrite12",
     take_transfer,
     "account",
     {[KEY] = "fromId", [OTHER] = "toId", [TIME] = "createTime", [AMOUNT] = "amount"}},
    {"AddAccountTransferAccountReadWrite1",
     take_transfer,
     "account",
     {[KEY] = "fromId", [OTHER] = "toId", [TIME] = "createTime", [AMOUNT] = "amount"}},
    {"AddAccountTransferAccountReadWrite2",
     take_transfer,
     "account",
     {[KEY] = "fromId", [OTHER] = "toId", [TIME] = "createTime", [AMOUNT] = "amount"}},
    {"AddAccountWithdrawAccountWrite13",
     take_withdrawal,
     "account",
     {[KEY] = "fromId", [OTHER] = "toId", [TIME] = "createTime", [AMOUNT] = "amount"}},
    {"UpdateAccountWrite18", take_account_block, "account", {[KEY] = "accountId", [TIME] = "createTime"}},
    {"UpdatePersonWrite19", take_holder_block, "person", {[KEY] = "personId", [TIME] = "createTime"}},
    {"DeleteAccountWrite17", take_closing, "account", {[KEY] = "accountId", [TIME] = "deleteTime"}},
};
#define FILE_COUNT (sizeof FILES / sizeof *FILES)

/* ---- rows ---- */

static const finbench_state *state_of(const format_row *row) {
    return row->reader->state;
}

static sluice_text field_of(const format_row *row, slot slot) {
    size_t column = state_of(row)->columns[slot];
    return column == FORMAT_NO_COLUMN ? (sluice_text){NULL, 0} : row->fields[column];
}

static sluice_text column_of(const format_row *row, slot slot) {
    size_t column = state_of(row)->columns[slot];
    return column == FORMAT_NO_COLUMN ? (sluice_text){NULL, 0} : row->reader->columns[column];
}

static bool take_time(format_row *row, int64_t *time_ms_out) {
    return row_time(row, column_of(row, TIME), field_of(row, TIME), 0, time_ms_out);
}

static bool take_key(format_row *row, slot slot, const char *kind, sluice_text *key_out) {
    return row_key(row, column_of(row, slot), kind, field_of(row, slot), key_out);
}

/* Kind, key, time and type of what is an account, holder or device, and a second signal when it is blocked. */
static sluice_signal *take_thing(format_row *row, sluice_signal_kind kind, slot key_slot, const char *key_kind) {
    sluice_text key, type;
    int64_t time_ms = 0;
    bool blocked = false;
    if (!take_key(row, key_slot, key_kind, &key) || !take_time(row, &time_ms) ||
        !row_flag(row, column_of(row, BLOCKED), field_of(row, BLOCKED), &blocked) ||
        !row_keep(row, field_of(row, TYPE), &type)) {
        return NULL;
    }
    sluice_signal *thing = row_signal(row, kind);
    thing->event = SLUICE_EVENT_SEEN;
    thing->key = key;
    thing->time_ms = time_ms;
    thing->type = type;
    if (blocked) {
        sluice_signal *block = row_signal(row, kind);
        block->event = SLUICE_EVENT_BLOCKED;
        block->key = key;
        block->time_ms = time_ms;
    }
    return thing;
}

static void take_account(format_row *row) {
    (void)take_thing(row, SLUICE_SIGNAL_ACCOUNT, KEY, "account");
}

static void take_medium(format_row *row) {
    (void)take_thing(row, SLUICE_SIGNAL_DEVICE, KEY, "device");
}

static void take_holder(format_row *row) {
    sluice_text name;
    if (!row_keep(row, field_of(row, NAME), &name)) {
        return;
    }
    sluice_signal *holder = take_thing(row, SLUICE_SIGNAL_HOLDER, KEY, state_of(row)->file->kind);
    if (holder != NULL) {
        holder->type = text_of(state_of(row)->file->kind);
        holder->name = name;
    }
}

static void take_ownership(format_row *row) {
    sluice_text holder;
    if (!take_key(row, KEY, state_of(row)->file->kind, &holder)) {
        return;
    }
    sluice_signal *account = take_thing(row, SLUICE_SIGNAL_ACCOUNT, OTHER, "account");
    if (account != NULL) {
        account->holder = holder;
    }
}

static void take_login(format_row *row) {
    sluice_text device, account, place;
    int64_t time_ms = 0;
    if (take_key(row, KEY, "device", &device) && take_key(row, OTHER, "account", &account) &&
        take_time(row, &time_ms) && row_keep(row, field_of(row, PLACE), &place)) {
        sluice_signal *login = row_signal(row, SLUICE_SIGNAL_LOGIN);
        login->key = account;
        login->device = device;
        login->time_ms = time_ms;
        login->place = place;
    }
}

static void take_movement(format_row *row, sluice_signal_kind kind) {
    sluice_text from, to;
    int64_t time_ms = 0, amount_fen = 0;
    if (take_key(row, KEY, "account", &from) && take_key(row, OTHER, "account", &to) && take_time(row, &time_ms) &&
        row_amount(row, column_of(row, AMOUNT), field_of(row, AMOUNT), false, &amount_fen)) {
        sluice_signal *movement = row_signal(row, kind);
        movement->from = from;
        movement->to = to;
        movement->time_ms = time_ms;
        movement->amount_fen = amount_fen;
        movement->received_fen = amount_fen;
    }
}

static void take_transfer(format_row *row) {
    take_movement(row, SLUICE_SIGNAL_TRANSFER);
}

static void take_withdrawal(format_row *row) {
    take_movement(row, SLUICE_SIGNAL_WITHDRAWAL);
}

static void take_event(format_row *row, sluice_signal_kind kind, sluice_event event) {
    sluice_text key;
    int64_t time_ms = 0;
    if (take_key(row, KEY, state_of(row)->file->kind, &key) && take_time(row, &time_ms)) {
        sluice_signal *happened = row_signal(row, kind);
        happened->event = event;
        happened->key = key;
        happened->time_ms = time_ms;
    }
}

static void take_closing(format_row *row) {
    take_event(row, SLUICE_SIGNAL_ACCOUNT, SLUICE_EVENT_CLOSED);
}

static void take_account_block(format_row *row) {
    take_event(row, SLUICE_SIGNAL_ACCOUNT, SLUICE_EVENT_BLOCKED);
}

static void take_holder_block(format_row *row) {
    take_event(row, SLUICE_SIGNAL_HOLDER, SLUICE_EVENT_BLOCKED);
}

/* ---- files ---- */

static int role_of(const char *path) {
    sluice_text stem = plan_stem(path);
    for (size_t i = 0; i < FILE_COUNT && plan_has_suffix(path, ".csv"); i++) {
        if (text_equal(stem, text_of(FILES[i].stem))) {
            return (int)i;
        }
    }
    return -1;
}

static sluice_result plan_entry(format_plan *plan, const char *path, const char *name, sluice_error *error) {
    if (file_kind_of(path) == FILE_FOLDER && (strcmp(name, "snapshot") == 0 || strcmp(name, "incremental") == 0)) {
        return plan_visit_folder(plan, path, plan_entry, error);
    }
    int role = role_of(path);
    bool readable = role >= 0 && file_kind_of(path) == FILE_REGULAR;
    return readable ? plan_add_source(plan, path, role, error) : plan_add_ignored(plan, path, error);
}

static sluice_result plan_folder(format_plan *plan, const char *path, sluice_error *error) {
    return plan_visit_folder(plan, path, plan_entry, error);
}

static sluice_result plan_file(format_plan *plan, const char *path, sluice_error *error) {
    int role = role_of(path);
    if (role < 0) {
        return error_set(
            error, SLUICE_E_INPUT,
            "%s is not a FinBench file that holds signals: give the folder with snapshot/ and incremental/, or "
            "a file such as AccountTransferAccount.csv under its own name",
            path);
    }
    return plan_add_source(plan, path, role, error);
}

static sluice_result open_source(format_reader *reader, sluice_error *error) {
    const finbench_file *file = &FILES[reader->source->role];
    reader->shape = (csv_shape){.delimiter = '|'};
    reader->take = file->take;
    finbench_state *state = arena_alloc(&reader->lasting, sizeof *state);
    if (state == NULL) {
        return error_no_memory(error, sizeof *state);
    }
    state->file = file;
    reader->state = state;
    sluice_result result = reader_header(reader, 0, error);
    for (size_t i = 0; i < SLOT_COUNT && result == SLUICE_OK; i++) {
        const char *names = file->columns[i];
        bool needed = names != NULL && names[0] != '?';
        state->columns[i] = names == NULL ? FORMAT_NO_COLUMN : reader_column(reader, names + !needed);
        if (needed && state->columns[i] == FORMAT_NO_COLUMN) {
            char columns[300];
            reader_columns_text(reader, columns, sizeof columns);
            result = error_set(
                error, SLUICE_E_INPUT,
                "%s has no column '%s'; its columns are %s. FinBench files are separated by '|', with a header",
                reader->source->path, names, columns);
        }
    }
    return result;
}

const format_driver finbench_driver = {"finbench", plan_folder, plan_file, open_source, NULL};
