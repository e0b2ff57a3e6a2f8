#include "desk/report.h"

#include <stdio.h>

#include "desk/case.h"
#include "desk/comment.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/order.h"
#include "desk/timer.h"
#include "desk/warning.h"

enum { TRANSFERS_MAX = 200 };

#define CHANNELS "phone|counter|online|bank|other"
#define RESULTS "false_report|no_fraud|withdrawn|handed_over|advised"
#define F_CHANNEL(more)                                                                                                \
    { "channel", FIELD_CODE, .flags = (more), .codes = CHANNELS, .en = "reported by", .zh = "报警方式" }
#define F_CALLED_AT(more)                                                                                              \
    { "called_at", FIELD_TIME, .flags = (more), .en = "reported", .zh = "报警时间" }
#define F_VICTIM_NAME(more)                                                                                            \
    { "victim_name", FIELD_TEXT, SECRECY_NAME, (more), .bytes_max = 200, .en = "victim", .zh = "受害人" }
#define F_VICTIM_PHONE                                                                                                 \
    { "victim_phone", FIELD_TEXT, SECRECY_PHONE, FIELD_FILTER, .bytes_max = 40, .en = "phone", .zh = "联系电话" }
#define F_VICTIM_IDENTITY                                                                                              \
    { "victim_identity", FIELD_TEXT, SECRECY_IDENTITY, .bytes_max = 40, .en = "identity no.", .zh = "证件号码" }
#define F_VICTIM_ADDRESS                                                                                               \
    { "victim_address", FIELD_TEXT, SECRECY_ADDRESS, .bytes_max = 300, .en = "address", .zh = "住址" }
#define F_VICTIM_DIVISION                                                                                              \
    {                                                                                                                  \
        "victim_division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260",                              \
                                       .zh = "行政区划代码；GB/T 2260 六位"                                   \
    }
#define F_VICTIM_ACCOUNT                                                                                               \
    { "victim_account", FIELD_KEY, SECRECY_KEY, .en = "victim's account", .zh = "转出账户" }
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 20000, .en = "statement", .zh = "报警内容" }
#define F_TYPE                                                                                                         \
    { "fraud_type", FIELD_CODE, .flags = FIELD_FILTER, .target = "fraud_type", .en = "fraud type", .zh = "诈骗类型" }
#define F_TRANSFERS(more)                                                                                              \
    {                                                                                                                  \
        "transfers", FIELD_JSON, SECRECY_WORDS, (more), .en = "transfers: [{to, bank, name, amount_fen, time, id}]",   \
                                                        .zh = "转账明细"                                           \
    }
#define F_STOP                                                                                                         \
    { "stop", FIELD_BOOLEAN, .en = "propose stops at once; default: yes", .zh = "同时提请止付；不填为是" }
#define F_NOTE                                                                                                         \
    { "note", FIELD_TEXT, .en = "note", .zh = "说明" }
#define F_UNIT(name_, en_, zh_)                                                                                        \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit", .en = (en_), .zh = (zh_) }
#define F_USER(name_, en_, zh_)                                                                                        \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "user", .en = (en_), .zh = (zh_) }

static const record_field FIELDS[REPORT_FIELDS] = {
    [REPORT_CHANNEL] = F_CHANNEL(FIELD_REQUIRED | FIELD_FILTER),
    [REPORT_CALLED_AT] = F_CALLED_AT(FIELD_REQUIRED),
    [REPORT_VICTIM_NAME] = F_VICTIM_NAME(FIELD_REQUIRED),
    [REPORT_VICTIM_PHONE] = F_VICTIM_PHONE,
    [REPORT_VICTIM_IDENTITY] = F_VICTIM_IDENTITY,
    [REPORT_VICTIM_ADDRESS] = F_VICTIM_ADDRESS,
    [REPORT_VICTIM_DIVISION] = F_VICTIM_DIVISION,
    [REPORT_VICTIM_ACCOUNT] = F_VICTIM_ACCOUNT,
    [REPORT_WORDS] = F_WORDS,
    [REPORT_FRAUD_TYPE] = F_TYPE,
    [REPORT_LOSS] = {"loss_fen", FIELD_MONEY, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "loss", .zh = "损失金额"},
    [REPORT_TRANSFER_COUNT] = {"transfer_count", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_SERVER,
                               .en = "transfers", .zh = "转账笔数"},
    [REPORT_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                      .codes = "open|in_case|closed", .en = "state", .zh = "状态"},
    [REPORT_DISTRICT] = F_UNIT("district", "district", "县区"),
    [REPORT_STATION] = F_UNIT("station", "station", "派出所"),
    [REPORT_HOME_DISTRICT] = F_UNIT("home_district", "victim's home district", "受害人居住县区"),
    [REPORT_ASSIGNEE] = F_USER("assignee", "assignee", "承办人"),
    [REPORT_TAKEN_BY] = F_USER("taken_by", "taken by", "接警人"),
    [REPORT_DUE] = {"due", FIELD_TIME, .flags = FIELD_SERVER | FIELD_FILTER, .en = "first-layer stops due",
                    .zh = "一级卡录入期限"},
    [REPORT_ORDERS_AT] = {"orders_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "first stops proposed",
                          .zh = "首次提请止付时间"},
    [REPORT_IS_LATE] = {"is_late", FIELD_BOOLEAN, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                        .en = "overdue", .zh = "是否超时"},
    [REPORT_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "case", .en = "case",
                     .zh = "案件"},
    [REPORT_WARNING] = {"warning", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "warning", .en = "warning",
                        .zh = "预警"},
    [REPORT_RESULT] = {"result", FIELD_CODE, .flags = FIELD_FILTER, .codes = RESULTS, .en = "outcome",
                       .zh = "处理结果"},
    [REPORT_CLOSED_BY] = F_USER("closed_by", "closed by", "办结人"),
    [REPORT_CLOSED_AT] = {"closed_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "closed", .zh = "办结时间"},
};
static const record_index INDEXES[] = {
    {false, {REPORT_STATE, REPORT_DUE, RECORD_END, RECORD_END}},
    {false, {REPORT_STATE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {REPORT_DISTRICT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {REPORT_DISTRICT, REPORT_STATE, RECORD_END, RECORD_END}},
    {false, {REPORT_STATION, RECORD_END, RECORD_END, RECORD_END}},
    {false, {REPORT_ASSIGNEE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {REPORT_CASE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {REPORT_VICTIM_PHONE, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"report", FIELDS,    REPORT_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,    "reports", "接警"};

/* ---- its transfers ---- */

static const record_field TRANSFER[REPORT_TRANSFER_FIELDS] = {
    [REPORT_TRANSFER_REPORT] = {"report", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "report", .en = "report",
                                .zh = "接警"},
    [REPORT_TRANSFER_FROM] = {"from", FIELD_KEY, SECRECY_KEY, .en = "from", .zh = "转出账户"},
    [REPORT_TRANSFER_TO] = {"to", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED, .en = "to account", .zh = "转入账户"},
    [REPORT_TRANSFER_BANK] = {"bank", FIELD_TEXT, .bytes_max = 100, .en = "bank; code or name",
                              .zh = "银行；代码或名称"},
    [REPORT_TRANSFER_NAME] = {"name", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "account holder", .zh = "户名"},
    [REPORT_TRANSFER_AMOUNT] = {"amount_fen", FIELD_MONEY, .flags = FIELD_REQUIRED | FIELD_POSITIVE, .en = "amount",
                                .zh = "金额"},
    [REPORT_TRANSFER_TIME] = {"time", FIELD_TIME, .en = "when", .zh = "时间"},
    [REPORT_TRANSFER_TRANSFER] = {"transfer", FIELD_TEXT, .bytes_max = 100, .en = "transaction no.",
                                  .zh = "交易流水号"},
};
static const record_table TRANSFERS = {
    "report_transfer",
    TRANSFER,
    REPORT_TRANSFER_FIELDS,
    (const record_index[]){{false, {REPORT_TRANSFER_REPORT, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {REPORT_TRANSFER_TO, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    true,
    "what a victim paid",
    "报警转账"};
const desk_kind REPORT_TRANSFER_KIND = {
    .table = &TRANSFERS,
    .name = "report_transfer",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .parent = &REPORT_KIND,
    .parent_field = REPORT_TRANSFER_REPORT,
};

/* Members of the JSON, in the order of the record's fields from TO on; "id" is the bank's. */
static const struct {
    const char *name;
    uint8_t field;
} MEMBERS[] = {
    {"from", REPORT_TRANSFER_FROM},         {"to", REPORT_TRANSFER_TO},
    {"bank", REPORT_TRANSFER_BANK},         {"name", REPORT_TRANSFER_NAME},
    {"amount_fen", REPORT_TRANSFER_AMOUNT}, {"time", REPORT_TRANSFER_TIME},
    {"id", REPORT_TRANSFER_TRANSFER},
};
enum { MEMBER_COUNT = sizeof MEMBERS / sizeof *MEMBERS };

static bool parse_member(desk_command *c, yyjson_val *object, size_t at, size_t member, record *row) {
    char path[64];
    const record_field *field = &TRANSFER[MEMBERS[member].field];
    (void)snprintf(path, sizeof path, "transfers/%zu/%s", at, MEMBERS[member].name);
    return input_value(c, field, path, yyjson_obj_get(object, MEMBERS[member].name),
                       &row->values[MEMBERS[member].field]);
}

static bool check_members(desk_command *c, yyjson_val *object, size_t at) {
    size_t index, count;
    yyjson_val *key, *value;
    bool good = true;
    yyjson_obj_foreach(object, index, count, key, value) {
        bool known = false;
        for (size_t i = 0; i < MEMBER_COUNT; i++) {
            known = known || strcmp(MEMBERS[i].name, yyjson_get_str(key)) == 0;
        }
        if (!known) {
            char path[120];
            (void)snprintf(path, sizeof path, "transfers/%zu/%.60s", at, yyjson_get_str(key));
            (void)desk_fault_add(c, path, "no such field of a transfer is expected");
            good = false;
        }
    }
    return good;
}

static bool parse_transfer(desk_command *c, yyjson_val *object, size_t at, record *row) {
    char path[64];
    (void)snprintf(path, sizeof path, "transfers/%zu", at);
    if (!yyjson_is_obj(object)) {
        (void)desk_fault_add(c, path, "an object is expected");
        return false;
    }
    if (!record_init(row, &TRANSFERS, c->arena)) {
        return false;
    }
    bool good = check_members(c, object, at);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        good = parse_member(c, object, at, i, row) && good;
    }
    const record_value *amount = &row->values[REPORT_TRANSFER_AMOUNT], *time = &row->values[REPORT_TRANSFER_TIME];
    if (good && amount->integer == 0) {
        (void)snprintf(path, sizeof path, "transfers/%zu/amount_fen", at);
        (void)desk_fault_add(c, path, "more than nothing is expected");
        good = false;
    }
    if (good && !time->is_null && time->integer > c->now_ms) {
        (void)snprintf(path, sizeof path, "transfers/%zu/time", at);
        (void)desk_fault_add(c, path, "a time that has been is expected");
        good = false;
    }
    return good;
}

/* All rows of the input, none where there is none; faults name place and member. */
static sluice_result parse_transfers(desk_command *c, const desk_input *in, record **rows_out, size_t *count_out) {
    const record_value *json = desk_given_value(in, "transfers");
    *rows_out = NULL;
    *count_out = 0;
    if (json->is_null) {
        return SLUICE_OK;
    }
    yyjson_doc *doc = yyjson_read(json->text.data, json->text.length, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    size_t count = yyjson_arr_size(root);
    sluice_result result = SLUICE_OK;
    if (!yyjson_is_arr(root) || count > TRANSFERS_MAX) {
        result = desk_fault_add(c, "transfers", "a list of at most %d transfers is expected", TRANSFERS_MAX);
        goto out;
    }
    record *rows = arena_alloc(c->arena, (count + 1) * sizeof *rows);
    if (rows == NULL) {
        result = error_no_memory(c->error, count * sizeof *rows);
        goto out;
    }
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        good = parse_transfer(c, yyjson_arr_get(root, i), i, &rows[i]) && good;
    }
    if (!good) {
        result = c->fault_count == 0 ? error_no_memory(c->error, sizeof *rows) : SLUICE_E_INPUT;
        goto out;
    }
    *rows_out = rows;
    *count_out = count;
out:
    yyjson_doc_free(doc);
    return result;
}

/* Counts them to the report; a sum that would not fit stays at the most that does. */
static void count_transfers(record *r, const record *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t *loss = &r->values[REPORT_LOSS].integer;
        int64_t amount = rows[i].values[REPORT_TRANSFER_AMOUNT].integer;
        *loss = *loss > INT64_MAX - amount ? INT64_MAX : *loss + amount;
    }
    r->values[REPORT_TRANSFER_COUNT].integer += (int64_t)count;
}

/* Rows of their own, and the stop orders: those at once are what the first hour is about. */
static sluice_result keep_transfers(desk_command *c, const record *r, record *rows, size_t count, bool stop) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        rows[i].values[REPORT_TRANSFER_REPORT] = value_integer(r->id);
        if (rows[i].values[REPORT_TRANSFER_FROM].is_null) {
            rows[i].values[REPORT_TRANSFER_FROM] = r->values[REPORT_VICTIM_ACCOUNT];
        }
        result = desk_insert(c, &rows[i]);
    }
    return result == SLUICE_OK && stop && count > 0 ? order_propose_for_report(c, r, rows, count) : result;
}

static bool wants_stop(const desk_input *in) {
    const record_value *stop = desk_given_value(in, "stop");
    return stop->is_null || stop->integer != 0;
}

/* ---- taking in ---- */

static sluice_result set_place(desk_command *c, record *r) {
    unit_place home;
    sluice_result result = unit_for(c, value_text_or_empty(&r->values[REPORT_VICTIM_DIVISION]),
                                    value_text_or_empty(&r->values[REPORT_VICTIM_ADDRESS]),
                                    value_text_or_empty(&r->values[REPORT_VICTIM_PHONE]), &home);
    if (result != SLUICE_OK) {
        return result;
    }
    r->values[REPORT_HOME_DISTRICT] = home.district == 0 ? value_null() : value_integer(home.district);
    if (c->actor->level == LEVEL_CITY) {
        place_set(&REPORT_KIND, r, home.district, home.station);
    } else {
        place_set(&REPORT_KIND, r, c->actor->district, c->actor->station);
    }
    return SLUICE_OK;
}

static sluice_result set_phone(desk_command *c, record *r) {
    record_value *phone = &r->values[REPORT_VICTIM_PHONE];
    if (phone->is_null) {
        return SLUICE_OK;
    }
    sluice_text bare = place_phone(phone->text, c->arena);
    if (bare.data == NULL) {
        return error_no_memory(c->error, phone->text.length);
    }
    *phone = value_text(bare);
    return SLUICE_OK;
}

static sluice_result create(desk_command *c, record *r, const desk_input *in) {
    record *rows = NULL;
    size_t count = 0;
    int64_t first_layer_ms = 0;
    if (r->values[REPORT_CALLED_AT].is_null) {
        r->values[REPORT_CALLED_AT] = value_integer(c->now_ms);
    }
    if (r->values[REPORT_CALLED_AT].integer > c->now_ms) {
        return desk_fault_add(c, "called_at", "a time that has been is expected");
    }
    r->values[REPORT_LOSS] = value_integer(0);
    r->values[REPORT_TRANSFER_COUNT] = value_integer(0);
    r->values[REPORT_IS_LATE] = value_integer(0);
    sluice_result result = set_phone(c, r);
    result = result == SLUICE_OK ? set_place(c, r) : result;
    result = result == SLUICE_OK ? parse_transfers(c, in, &rows, &count) : result;
    result = result == SLUICE_OK ? dated_number(c, "duration", "first_layer", &first_layer_ms) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    count_transfers(r, rows, count);
    if (count > 0 && wants_stop(in)) {
        r->values[REPORT_ORDERS_AT] = value_integer(c->now_ms);
    } else {
        r->values[REPORT_DUE] = value_integer(c->now_ms + first_layer_ms);
    }
    return SLUICE_OK;
}

static sluice_result created(desk_command *c, record *r, const desk_input *in) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = parse_transfers(c, in, &rows, &count);
    if (result == SLUICE_OK && !r->values[REPORT_DUE].is_null) {
        result = timer_set(c, &REPORT_KIND, r->id, "late", r->values[REPORT_DUE].integer);
    }
    return result == SLUICE_OK ? keep_transfers(c, r, rows, count, wants_stop(in)) : result;
}

/* ---- working ---- */

static sluice_result add_transfers(desk_command *c, record *r, const desk_input *in) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = parse_transfers(c, in, &rows, &count);
    if (result == SLUICE_OK && count == 0) {
        return desk_fault_add(c, "transfers", "at least one transfer is expected");
    }
    if (result == SLUICE_OK) {
        count_transfers(r, rows, count);
    }
    if (result == SLUICE_OK && wants_stop(in)) {
        r->values[REPORT_DUE] = value_null();
        if (r->values[REPORT_ORDERS_AT].is_null) {
            r->values[REPORT_ORDERS_AT] = value_integer(c->now_ms);
        }
    }
    return result;
}

static sluice_result transfers_added(desk_command *c, record *r, const desk_input *in) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = parse_transfers(c, in, &rows, &count);
    if (result == SLUICE_OK && r->values[REPORT_DUE].is_null) {
        result = timer_clear(c, &REPORT_KIND, r->id, "late");
    }
    return result == SLUICE_OK ? keep_transfers(c, r, rows, count, wants_stop(in)) : result;
}

static sluice_result edit(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return set_phone(c, r);
}

static sluice_result late(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[REPORT_IS_LATE] = value_integer(1);
    return SLUICE_OK;
}

static sluice_result check_assignee(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return place_check_assignee(c, &REPORT_KIND, r);
}

/* The victim may still be paying: the warning is one more thread for him, or the one that is open. */
static sluice_result warn(desk_command *c, record *r, const desk_input *in) {
    record made = {0};
    const record_value *phone = &r->values[REPORT_VICTIM_PHONE];
    if (phone->is_null && r->values[REPORT_VICTIM_ACCOUNT].is_null) {
        return error_set(c->error, SLUICE_E_STATE, "the report has neither phone nor account of the victim (act edit)");
    }
    const desk_given given[] = {
        {"victim", phone->is_null ? r->values[REPORT_VICTIM_ACCOUNT] : value_null()},
        {"phone", *phone},
        {"name", r->values[REPORT_VICTIM_NAME]},
        {"address", r->values[REPORT_VICTIM_ADDRESS]},
        {"division", r->values[REPORT_VICTIM_DIVISION]},
        {"tier", *desk_given_value(in, "tier")},
        {"fraud_type", r->values[REPORT_FRAUD_TYPE]},
        {"source", value_text(TEXT("report"))},
        {"reason", *desk_given_value(in, "reason")},
    };
    sluice_result result = desk_act_inside(c, &WARNING_KIND, "create", &made, given, sizeof given / sizeof *given);
    r->values[REPORT_WARNING] = value_integer(made.id);
    return result;
}

/* The accounts that the victim paid to are the case's first entities. */
static sluice_result put_entities(desk_command *c, const record *r, int64_t case_id) {
    query_term of = {REPORT_TRANSFER_REPORT, QUERY_EQUAL, value_integer(r->id), NULL, 0};
    record_query query = {.table = &TRANSFERS, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = 10000};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = case_add_entity(c, case_id, rows[i].values[REPORT_TRANSFER_TO].text, TEXT("mule_first"));
    }
    if (result == SLUICE_OK && !r->values[REPORT_VICTIM_ACCOUNT].is_null) {
        result = case_add_entity(c, case_id, r->values[REPORT_VICTIM_ACCOUNT].text, TEXT("victim"));
    }
    return result;
}

static sluice_result open_case_of(desk_command *c, const record *r, const desk_input *in, int64_t *case_out) {
    record made = {0};
    record_value title = *desk_given_value(in, "case_title");
    if (title.is_null) {
        char *text = arena_alloc(c->arena, 64);
        int length = text == NULL ? 0 : snprintf(text, 64, "R-%08lld 被诈骗案", (long long)r->id);
        title = value_text((sluice_text){text, (size_t)length});
    }
    const desk_given given[] = {
        {"title", title},
        {"fraud_type", r->values[REPORT_FRAUD_TYPE]},
        {"summary", r->values[REPORT_WORDS]},
        {"assignee", r->values[REPORT_ASSIGNEE]},
        {"in_district", r->values[REPORT_DISTRICT]},
        {"in_station", r->values[REPORT_STATION]},
    };
    sluice_result result = desk_act_inside(c, &CASE_KIND, "open_for", &made, given, sizeof given / sizeof *given);
    *case_out = made.id;
    return result;
}

/* A new case, or one that is there already and not closed. */
static sluice_result into_case(desk_command *c, record *r, const desk_input *in) {
    const record_value *given = desk_given_value(in, "into");
    int64_t case_id = given->integer;
    record the_case;
    sluice_result result = SLUICE_OK;
    if (given->is_null) {
        result = open_case_of(c, r, in, &case_id);
    } else {
        result = desk_get(c, &CASE_KIND, case_id, &the_case);
        if (result == SLUICE_E_NOT_FOUND) {
            return desk_fault_add(c, "into", "a case that is there is expected");
        }
        if (result == SLUICE_OK && text_equal(the_case.values[CASE_STATE].text, TEXT("closed"))) {
            return error_set(c->error, SLUICE_E_STATE, "the case is closed: reopen it first");
        }
    }
    result = result == SLUICE_OK ? case_count_report(c, case_id, r->values[REPORT_LOSS].integer) : result;
    result = result == SLUICE_OK ? put_entities(c, r, case_id) : result;
    r->values[REPORT_CASE] = value_integer(case_id);
    return result;
}

static sluice_result no_more_clock(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return timer_clear(c, &REPORT_KIND, r->id, NULL);
}

/* ---- rows ---- */

#define VICTIM F_VICTIM_PHONE, F_VICTIM_IDENTITY, F_VICTIM_ADDRESS, F_VICTIM_DIVISION, F_VICTIM_ACCOUNT, F_WORDS, F_TYPE
static const record_field CREATE[] = {
    F_CHANNEL(FIELD_REQUIRED), F_CALLED_AT(0), F_VICTIM_NAME(FIELD_REQUIRED), VICTIM, F_TRANSFERS(0), F_STOP};
static const record_field EDIT[] = {F_CALLED_AT(0), F_VICTIM_NAME(0), VICTIM, F_NOTE};
static const record_field ADD[] = {F_TRANSFERS(FIELD_REQUIRED), F_STOP};
static const record_field ASSIGN[] = {
    {"assignee", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "assignee", .zh = "承办人"}, F_NOTE};
static const record_field WARN[] = {
    {"tier", FIELD_CODE, .flags = FIELD_REQUIRED, .target = "tier", .en = "tier", .zh = "等级"},
    {"reason", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED, .bytes_max = 4000, .en = "reason", .zh = "预警理由"},
};
static const record_field TO_CASE[] = {
    {"into", FIELD_REFERENCE, .target = "case", .en = "join case; none: a new one", .zh = "并入案件；不填为新建"},
    {"case_title", FIELD_TEXT, .bytes_max = 300, .en = "title of the new case", .zh = "案件名称"},
    F_NOTE,
};
static const record_field CLOSE[] = {
    {"result", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = RESULTS, .en = "outcome", .zh = "处理结果"}, F_NOTE};

#define TAKERS (ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER)
#define RULE "公安机关办理刑事案件程序规定 Art. 169"
static const desk_act_row ACTS[] = {
    {"create", NULL, "open", TAKERS, 0, BY(REPORT_TAKEN_BY), INPUTS(CREATE), RUN(create), THEN(created),
     RESTS_ON(RULE "; 银发〔2016〕86号"),
     SAYS("take a report, and propose the stop orders of its first layer", "接警并提请止付")},
    {"edit", "open|in_case", NULL, TAKERS, 0, INPUTS(EDIT), RUN(edit), SAYS("correct it", "补正")},
    {"add_transfers", "open|in_case", NULL, TAKERS, ACT_NO_VERSION, INPUTS(ADD), RUN(add_transfers),
     THEN(transfers_added), RESTS_ON("银发〔2016〕86号"),
     SAYS("add transfers, and propose their stop orders", "补充转账并提请止付")},
    {"assign", "open", NULL, ROLE_DUTY | ROLE_COMMANDER, 0, INPUTS(ASSIGN), RUN(check_assignee),
     SAYS("give it to somebody", "指派")},
    {"warn", "open|in_case", NULL, TAKERS, 0, INPUTS(WARN), RUN(warn), RESTS_ON("反电信网络诈骗法 Art. 34"),
     SAYS("the victim may still be paying: warn", "对受害人预警")},
    {"to_case", "open", "in_case", ROLE_DUTY | ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, INPUTS(TO_CASE), RUN(into_case),
     RESTS_ON(RULE), SAYS("make it a case, or part of one", "转为案件")},
    {"close", "open", "closed", ROLE_COMMANDER | ROLE_DUTY, ACT_REASON, OTHER_THAN(REPORT_TAKEN_BY),
     BY(REPORT_CLOSED_BY), AT(REPORT_CLOSED_AT), INPUTS(CLOSE), THEN(no_more_clock), RESTS_ON(RULE),
     SAYS("close it without a case, by another than who took it", "不予受案并说明")},
    {"late", "open|in_case", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(late), RESTS_ON("银发〔2016〕86号"),
     SAYS("no stop order in time", "一级卡录入超时")},
};
static const desk_child CHILDREN[] = {
    {"transfers", &REPORT_TRANSFER_KIND, REPORT_TRANSFER_REPORT},
    {"comments", &REPORT_COMMENT_KIND, COMMENT_OF},
};
static const uint8_t SEARCHED[] = {REPORT_VICTIM_NAME, REPORT_VICTIM_PHONE, REPORT_VICTIM_ACCOUNT, NO_FIELD};
const desk_kind REPORT_KIND = {
    .table = &TABLE,
    .name = "report",
    .collection = "reports",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "R",
    .state = SOME(REPORT_STATE),
    .due = SOME(REPORT_DUE),
    .assignee = SOME(REPORT_ASSIGNEE),
    .district = SOME(REPORT_DISTRICT),
    .station = SOME(REPORT_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};
