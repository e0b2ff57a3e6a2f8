/* From losses and a ledger to shares. The arithmetic is trace/returns; here is what surrounds it: where the lines come
 * from, what the victim already got in other procedures, and that the answer fits the freeze.
 *
 * Without entries the engine's ledger of the account is taken as of now: a credit belongs to the victim one of whose
 * accounts paid it, every other credit to nobody listed. Deeper layers need entries with groups (docs/returns.md). */
#include <sluice/returns.h>
#include <sluice/trace.h>

#include "base/hash.h"
#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/order.h"
#include "desk/return.h"

#define LAW "银监发〔2016〕41号"

enum { LOSSES_MAX = 2000, ENTRIES_MAX = 50000 };

static const record_field SHARE[SHARE_FIELDS] = {
    [SHARE_RETURN] = {"return", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_SERVER, .target = "return",
                      .en = "return", .zh = "资金返还"},
    [SHARE_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_SERVER, .target = "case", .en = "case",
                    .zh = "案件"},
    [SHARE_PARTY] = {"party", FIELD_TEXT, SECRECY_NAME, FIELD_REQUIRED | FIELD_SERVER, .en = "victim", .zh = "受害人"},
    [SHARE_TO_ACCOUNT] = {"to_account", FIELD_KEY, SECRECY_KEY, FIELD_SERVER, .en = "payee account", .zh = "返还账号"},
    [SHARE_LOSS] = {"loss_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "loss", .zh = "损失金额"},
    [SHARE_REFUNDED] = {"refunded_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "already refunded", .zh = "已获返还"},
    [SHARE_CERTAIN] = {"certain_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "certain part", .zh = "确定部分"},
    [SHARE_POSSIBLE] = {"possible_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "possible part", .zh = "可能部分"},
    [SHARE_AMOUNT] = {"amount_fen", FIELD_MONEY, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "amount returned",
                      .zh = "返还金额"},
    [SHARE_ARTICLE_CASE] = {"article_case", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "case of Art. 8",
                            .zh = "第八条情形"},
    [SHARE_BASIS_EN] = {"basis_en", FIELD_TEXT, .flags = FIELD_SERVER, .en = "basis in English", .zh = "英文依据"},
    [SHARE_BASIS_ZH] = {"basis_zh", FIELD_TEXT, .flags = FIELD_SERVER, .en = "basis", .zh = "计算依据"},
    [SHARE_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER, .codes = "drafted|paid",
                     .en = "state", .zh = "状态"},
    [SHARE_PAID_AT] = {"paid_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "paid", .zh = "返还时间"},
};
static const record_table SHARES = {"return_share",
                                    SHARE,
                                    SHARE_FIELDS,
                                    (const record_index[]){{false, {SHARE_RETURN, RECORD_END, RECORD_END, RECORD_END}},
                                                           {false, {SHARE_CASE, SHARE_PARTY, SHARE_STATE, RECORD_END}}},
                                    2,
                                    false,
                                    "shares of a return",
                                    "返还份额"};
const desk_kind RETURN_SHARE_KIND = {
    .table = &SHARES,
    .name = "return_share",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .state = SOME(SHARE_STATE),
    .parent = &RETURN_KIND,
    .parent_field = SHARE_RETURN,
};

/* ---- what was given ---- */

static const record_field LOSS_FIELDS[] = {
    {"party", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "victim", .zh = "受害人"},
    {"loss_fen", FIELD_MONEY, .flags = FIELD_REQUIRED | FIELD_POSITIVE, .en = "loss", .zh = "损失金额"},
    {"refunded_fen", FIELD_MONEY, .en = "already refunded", .zh = "已获返还"},
    {"to_account", FIELD_KEY, .en = "payee account", .zh = "返还账号"},
    {"accounts", FIELD_JSON, .en = "paid from", .zh = "转出账号"},
};
enum { LOSS_PARTY, LOSS_LOSS, LOSS_REFUNDED, LOSS_TO, LOSS_ACCOUNTS, LOSS_COUNT };

static const record_field LINE_FIELDS[] = {
    {"time", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "time", .zh = "时间"},
    {"direction", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "in|out", .en = "direction", .zh = "借贷"},
    {"amount_fen", FIELD_MONEY, .flags = FIELD_REQUIRED | FIELD_POSITIVE, .en = "amount", .zh = "金额"},
    {"party", FIELD_TEXT, .bytes_max = 200, .en = "source of funds", .zh = "资金来源"},
    {"group", FIELD_TEXT, .bytes_max = 200, .en = "credit group", .zh = "同笔标识"},
};
enum { LINE_TIME, LINE_DIRECTION, LINE_AMOUNT, LINE_PARTY, LINE_GROUP, LINE_COUNT };

typedef struct figures {
    yyjson_doc *losses_doc, *entries_doc;
    sluice_return_loss *losses;
    sluice_text *to_accounts;
    yyjson_val **accounts;
    size_t loss_count;
    sluice_return_entry *entries;
    size_t entry_count, entry_capacity; /* capacity: of lines read from the engine, on the heap */
    bool failed;
} figures;

/* One object's members; false: faults were added. */
static bool parse_row(desk_command *c, const record_field *fields, size_t count, const char *list, size_t row,
                      yyjson_val *object, record_value *values) {
    bool good = yyjson_is_obj(object);
    for (size_t i = 0; i < count; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s/%zu/%s", list, row, fields[i].name);
        good = good && input_value(c, &fields[i], path, yyjson_obj_get(object, fields[i].name), &values[i]);
    }
    return good;
}

/* ---- what other procedures gave ---- */

typedef struct other_returns {
    record_value *ids;
    size_t count;
} other_returns;

/* The other procedures of the case that are decided, whether or not the bank has paid by now. */
static sluice_result find_others(desk_command *c, const record *r, other_returns *others) {
    static const record_value DECIDED[] = {
        {.text = {"approved", 8}}, {.text = {"notified", 8}}, {.text = {"executed", 8}}};
    query_term terms[2] = {{RETURN_CASE, QUERY_EQUAL, r->values[RETURN_CASE], NULL, 0},
                           {RETURN_STATE, QUERY_IN, value_null(), DECIDED, sizeof DECIDED / sizeof *DECIDED}};
    record_query query = {
        .table = RETURN_KIND.table, .terms = terms, .term_count = 2, .order = QUERY_ID, .limit = 10000};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    *others = (other_returns){.ids = arena_alloc(c->arena, (count + 1) * sizeof *others->ids)};
    if (result == SLUICE_OK && others->ids == NULL) {
        return error_no_memory(c->error, count * sizeof *others->ids);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (rows[i].id != r->id) {
            others->ids[others->count++] = value_integer(rows[i].id);
        }
    }
    return result;
}

/* What a victim gets by them: deducted, whoever forgot to say so. */
static sluice_result given_by(desk_command *c, const other_returns *others, sluice_text party, int64_t *sum_out) {
    query_term terms[2] = {{SHARE_RETURN, QUERY_IN, value_null(), others->ids, others->count},
                           {SHARE_PARTY, QUERY_EQUAL, value_text(party), NULL, 0}};
    record_query query = {.table = &SHARES, .terms = terms, .term_count = 2};
    const uint8_t by[2] = {SHARE_PARTY, RECORD_END};
    record_group *groups = NULL;
    size_t count = 0;
    *sum_out = 0;
    if (others->count == 0) {
        return SLUICE_OK;
    }
    sluice_result result = store_group(c->desk->store, &query, by, SHARE_AMOUNT, c->arena, &groups, &count, c->error);
    *sum_out = result == SLUICE_OK && count > 0 ? groups[0].sum : 0;
    return result;
}

sluice_result return_check_net_loss(desk_command *c, const record *r) {
    record *rows = NULL;
    size_t count = 0;
    other_returns others = {0};
    sluice_result result = return_shares(c, r->id, &rows, &count);
    result = result == SLUICE_OK ? find_others(c, r, &others) : result;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        const record_value *share = rows[i].values;
        int64_t given = 0;
        result = given_by(c, &others, share[SHARE_PARTY].text, &given);
        given = share[SHARE_REFUNDED].integer > given ? share[SHARE_REFUNDED].integer : given;
        if (result == SLUICE_OK && share[SHARE_AMOUNT].integer > share[SHARE_LOSS].integer - given &&
            share[SHARE_AMOUNT].integer > 0) {
            return error_set(c->error, SLUICE_E_STATE,
                             "a victim would get more than the net loss: another return of the case was decided "
                             "meanwhile; withdraw this one and draft it again (%s Art. 8)",
                             LAW);
        }
    }
    return result;
}

/* ---- what is given ---- */

static sluice_result read_losses(desk_command *c, const record *r, figures *f) {
    sluice_text text = r->values[RETURN_LOSSES].text;
    other_returns others;
    f->losses_doc = yyjson_read(text.data, text.length, 0);
    yyjson_val *list = yyjson_doc_get_root(f->losses_doc);
    size_t count = yyjson_arr_size(list);
    if (!yyjson_is_arr(list) || count == 0 || count > LOSSES_MAX) {
        return desk_fault_add(c, "losses", "a list of 1 to %d losses is expected", LOSSES_MAX);
    }
    f->losses = arena_alloc(c->arena, count * sizeof *f->losses);
    f->to_accounts = arena_alloc(c->arena, count * sizeof *f->to_accounts);
    f->accounts = arena_alloc(c->arena, count * sizeof(yyjson_val *));
    if (f->losses == NULL || f->to_accounts == NULL || f->accounts == NULL) {
        return error_no_memory(c->error, count * sizeof *f->losses);
    }
    sluice_result result = find_others(c, r, &others);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        record_value values[LOSS_COUNT];
        int64_t given = 0;
        yyjson_val *object = yyjson_arr_get(list, i);
        if (!parse_row(c, LOSS_FIELDS, LOSS_COUNT, "losses", i, object, values)) {
            return SLUICE_E_INPUT;
        }
        result = given_by(c, &others, values[LOSS_PARTY].text, &given);
        int64_t stated = values[LOSS_REFUNDED].is_null ? 0 : values[LOSS_REFUNDED].integer;
        f->losses[i] =
            (sluice_return_loss){values[LOSS_PARTY].text, values[LOSS_LOSS].integer, stated > given ? stated : given};
        f->to_accounts[i] = value_text_or_empty(&values[LOSS_TO]);
        f->accounts[i] = yyjson_obj_get(object, "accounts");
    }
    f->loss_count = count;
    return result;
}

static sluice_result read_entries(desk_command *c, const record *r, figures *f) {
    sluice_text text = r->values[RETURN_ENTRIES].text;
    f->entries_doc = yyjson_read(text.data, text.length, 0);
    yyjson_val *list = yyjson_doc_get_root(f->entries_doc), *object;
    size_t count = yyjson_arr_size(list), at, max;
    if (!yyjson_is_arr(list) || count == 0 || count > ENTRIES_MAX) {
        return desk_fault_add(c, "entries", "a list of 1 to %d ledger lines is expected", ENTRIES_MAX);
    }
    if (!ARRAY_RESERVE(f->entries, f->entry_capacity, count)) {
        return error_no_memory(c->error, count * sizeof *f->entries);
    }
    yyjson_arr_foreach(list, at, max, object) {
        record_value values[LINE_COUNT];
        if (!parse_row(c, LINE_FIELDS, LINE_COUNT, "entries", at, object, values)) {
            return SLUICE_E_INPUT;
        }
        f->entries[f->entry_count++] = (sluice_return_entry){
            .time_ms = values[LINE_TIME].integer,
            .is_debit = text_equal(values[LINE_DIRECTION].text, TEXT("out")),
            .amount_fen = values[LINE_AMOUNT].integer,
            .party = value_text_or_empty(&values[LINE_PARTY]),
            .group = value_text_or_empty(&values[LINE_GROUP]),
        };
    }
    return SLUICE_OK;
}

/* Whose credit is it? The victim one of whose accounts paid it. */
static sluice_text owner_of(const figures *f, sluice_text payer) {
    for (size_t i = 0; i < f->loss_count; i++) {
        yyjson_val *key;
        size_t at, count;
        yyjson_arr_foreach(f->accounts[i], at, count, key) {
            if (text_equal((sluice_text){yyjson_get_str(key), yyjson_get_len(key)}, payer)) {
                return f->losses[i].party;
            }
        }
    }
    return (sluice_text){0};
}

static bool take_line(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    figures *f = context;
    (void)balance_fen;
    if (f->entry_count == ENTRIES_MAX || !ARRAY_RESERVE(f->entries, f->entry_capacity, f->entry_count + 1)) {
        f->failed = true;
        return false;
    }
    f->entries[f->entry_count++] = (sluice_return_entry){
        .time_ms = transfer->time_ms,
        .is_debit = is_debit,
        .amount_fen = is_debit ? transfer->amount_fen : transfer->received_fen,
        .party = is_debit ? (sluice_text){0} : owner_of(f, transfer->from),
    };
    return true;
}

static sluice_result engine_entries(desk_command *c, const record *r, figures *f) {
    if (desk_engine(c->desk) == NULL) {
        return desk_fault_add(c, "entries", "ledger lines are expected: there is no log here to take them from");
    }
    sluice_result result =
        sluice_ledger_read(desk_engine(c->desk), r->values[RETURN_ACCOUNT].text, 0, take_line, f, c->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "entries", "ledger lines are expected: the log does not know this account");
    }
    if (result == SLUICE_OK && f->failed) {
        return error_set(c->error, SLUICE_E_LIMIT,
                         "the account has more than %d movements: give the lines since the first victim's credit as "
                         "entries",
                         ENTRIES_MAX);
    }
    return result;
}

/* ---- the answer ---- */

static sluice_result hash_entries(desk_command *c, const figures *f, record *r) {
    sha256 *state = sha256_new();
    char *hex = arena_alloc(c->arena, SHA256_HEX_BYTES);
    if (state == NULL || hex == NULL) {
        sha256_free(&state);
        return error_no_memory(c->error, SHA256_HEX_BYTES);
    }
    for (size_t i = 0; i < f->entry_count; i++) {
        char line[96];
        const sluice_return_entry *entry = &f->entries[i];
        int length = snprintf(line, sizeof line, "%lld,%s,%lld,%zu,%zu,", (long long)entry->time_ms,
                              entry->is_debit ? "out" : "in", (long long)entry->amount_fen, entry->party.length,
                              entry->group.length);
        sha256_update(state, line, (size_t)length);
        sha256_update(state, entry->party.data, entry->party.length);
        sha256_update(state, entry->group.data, entry->group.length);
    }
    sha256_finish(state, hex);
    sha256_free(&state);
    r->values[RETURN_LEDGER_SHA256] = value_text((sluice_text){hex, 64});
    return SLUICE_OK;
}

/* What is returned is more than nothing, and no more than is frozen. */
static sluice_result check_sums(desk_command *c, const sluice_return_view *view, int64_t left_fen) {
    if (view->frozen_fen > left_fen) {
        return desk_fault_add(c, "entries",
                              "a ledger that ends with what is frozen, %lld fen, is expected; this one ends with %lld",
                              (long long)left_fen, (long long)view->frozen_fen);
    }
    if (view->returned_fen <= 0) {
        return desk_fault_add(
            c, "losses",
            "losses of which something is returned are expected; by this ledger and what was refunded "
            "nobody gets anything (%s Art. 8)",
            LAW);
    }
    return SLUICE_OK;
}

static sluice_result take_view(desk_command *c, record *r, const sluice_return *computed,
                               const sluice_return_view *view) {
    char *text = NULL;
    size_t length = 0;
    sluice_result result = sluice_return_render(computed, SLUICE_RETURN_JSON, &text, &length, c->error);
    char *copy = result == SLUICE_OK ? arena_copy(c->arena, text, length) : NULL;
    sluice_text_free(&text);
    const char *law = arena_copy(c->arena, view->law, strlen(view->law) + 1);
    if (result == SLUICE_OK && (copy == NULL || law == NULL)) {
        return error_no_memory(c->error, length);
    }
    r->values[RETURN_FROZEN] = value_integer(view->frozen_fen);
    r->values[RETURN_RETURNED] = value_integer(view->returned_fen);
    r->values[RETURN_HELD] = value_integer(view->held_fen);
    r->values[RETURN_NOTICE_DAYS] = value_integer(view->notice_days);
    r->values[RETURN_LAW] = value_text(text_of(law));
    r->values[RETURN_RESULT] = value_text((sluice_text){copy, length});
    return result;
}

static void figures_fini(figures *f) {
    yyjson_doc_free(f->losses_doc);
    yyjson_doc_free(f->entries_doc);
    memory_free(f->entries);
}

static sluice_result compute(desk_command *c, const record *r, figures *f, sluice_return **computed) {
    sluice_result result = read_losses(c, r, f);
    if (result == SLUICE_OK) {
        result = r->values[RETURN_ENTRIES].is_null ? engine_entries(c, r, f) : read_entries(c, r, f);
    }
    if (result == SLUICE_OK) {
        result = sluice_return_compute(f->entries, f->entry_count, f->losses, f->loss_count, computed, c->error);
    }
    return result == SLUICE_E_INVALID ? desk_fault_add(c, "losses", "%s", c->error == NULL ? "" : c->error->text)
                                      : result;
}

/* ---- shares ---- */

/* Null: no memory. */
static record_value copy_words(desk_command *c, const char *words) {
    const char *copy = arena_copy(c->arena, words, strlen(words) + 1);
    return copy == NULL ? value_null() : value_text(text_of(copy));
}

static sluice_result make_share(desk_command *c, const record *r, const figures *f, const sluice_return_share *share,
                                record *row) {
    sluice_text to = {0}, party = {0};
    for (size_t i = 0; i < f->loss_count; i++) {
        bool is_this = text_equal(f->losses[i].party, share->party);
        to = is_this ? f->to_accounts[i] : to;
        party = is_this ? f->losses[i].party : party;
    }
    if (!record_init(row, &SHARES, c->arena)) {
        return error_no_memory(c->error, sizeof *row);
    }
    record_value *v = row->values;
    v[SHARE_CASE] = r->values[RETURN_CASE];
    v[SHARE_PARTY] = value_text(party);
    v[SHARE_TO_ACCOUNT] = to.length == 0 ? value_null() : value_text(to);
    v[SHARE_LOSS] = value_integer(share->loss_fen);
    v[SHARE_REFUNDED] = value_integer(share->refunded_fen);
    v[SHARE_CERTAIN] = value_integer(share->certain_fen);
    v[SHARE_POSSIBLE] = value_integer(share->possible_fen);
    v[SHARE_AMOUNT] = value_integer(share->return_fen);
    v[SHARE_ARTICLE_CASE] = value_integer(share->article_case);
    v[SHARE_BASIS_EN] = copy_words(c, share->basis);
    v[SHARE_BASIS_ZH] = copy_words(c, share->basis_zh);
    v[SHARE_STATE] = value_text(TEXT("drafted"));
    return v[SHARE_BASIS_EN].is_null || v[SHARE_BASIS_ZH].is_null ? error_no_memory(c->error, 0) : SLUICE_OK;
}

static sluice_result make_shares(desk_command *c, const record *r, const figures *f, const sluice_return_view *view,
                                 return_share_rows **shares_out) {
    return_share_rows *shares = *shares_out = arena_alloc(c->arena, sizeof *shares);
    record *rows = arena_alloc(c->arena, (view->share_count + 1) * sizeof *rows);
    if (shares == NULL || rows == NULL) {
        return error_no_memory(c->error, view->share_count * sizeof *rows);
    }
    *shares = (return_share_rows){.rows = rows, .count = view->share_count};
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < view->share_count; i++) {
        result = make_share(c, r, f, &view->shares[i], &rows[i]);
    }
    return result;
}

sluice_result return_figures(desk_command *c, record *r, int64_t left_fen, return_share_rows **shares_out) {
    figures f = {0};
    sluice_return *computed = NULL;
    sluice_return_view view = {.size = sizeof view};
    sluice_result result = compute(c, r, &f, &computed);
    if (result == SLUICE_OK) {
        sluice_return_view_get(computed, &view);
        result = check_sums(c, &view, left_fen);
    }
    result = result == SLUICE_OK ? hash_entries(c, &f, r) : result;
    result = result == SLUICE_OK ? take_view(c, r, computed, &view) : result;
    result = result == SLUICE_OK ? make_shares(c, r, &f, &view, shares_out) : result;
    sluice_return_free(&computed);
    figures_fini(&f);
    return result;
}

sluice_result return_shares(desk_command *c, int64_t return_id, record **rows_out, size_t *count_out) {
    query_term of = {SHARE_RETURN, QUERY_EQUAL, value_integer(return_id), NULL, 0};
    record_query query = {.table = &SHARES, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = LOSSES_MAX};
    return store_select(c->desk->store, &query, c->arena, rows_out, count_out, c->error);
}

sluice_result return_put_shares(desk_command *c, const record *r, return_share_rows *shares) {
    record *old = NULL;
    size_t old_count = 0;
    sluice_result result = return_shares(c, r->id, &old, &old_count);
    for (size_t i = 0; result == SLUICE_OK && i < old_count; i++) {
        result = store_delete(c->desk->store, &SHARES, old[i].id, c->error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < shares->count; i++) {
        shares->rows[i].values[SHARE_RETURN] = value_integer(r->id);
        result = desk_insert(c, &shares->rows[i]);
    }
    return result;
}
