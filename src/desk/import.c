/* The states of an import:
 *
 *   uploaded ─start─▶ running ─▶ imported ─propose_withdrawal─▶ proposed ─approve─▶ withdrawing ─▶ withdrawn
 *      │                 └─────▶ stopped  ─────────┘  │  ▲          └─keep─▶ as before
 *      └──discard──▶ discarded ◀── (nothing came in) ─┘  └─start: goes on where it was
 *
 * Between `withdrawing` and `withdrawn` the writer appends the withdrawal to the log and builds its state anew. The two
 * are not one transaction: after a kill the record says what is to be done, the log whether it was. */
#include "desk/import.h"

#include <stdio.h>

#include "desk/desk_private.h"
#include "desk/lead.h"
#include "desk/warning.h"
#include "engine/desk_store.h"
#include "text/chinese.h"

#define PURPOSE_LAW "个人信息保护法 Art. 6: for a stated purpose"
#define QUALITY_LAW "个人信息保护法 Arts. 8, 46: what is wrong is corrected"
#define FORMATS "csv|ndjson|finbench|amlsim|amlworld|pacs008"
#define STATES "uploaded|running|stopped|imported|proposed|withdrawing|withdrawn|discarded"

#define COUNT(name_, en_, zh_)                                                                                         \
    { (name_), FIELD_INTEGER, .flags = FIELD_SERVER, .en = (en_), .zh = (zh_) }
#define USER(name_, en_, zh_)                                                                                          \
    { (name_), FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = (en_), .zh = (zh_) }
#define MOMENT(name_, en_, zh_)                                                                                        \
    { (name_), FIELD_TIME, .flags = FIELD_SERVER, .en = (en_), .zh = (zh_) }
enum { WHY_BYTES_MAX = 1000 };

#define F_NAME                                                                                                         \
    { "name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "file name", .zh = "文件名" }
#define F_SHA256                                                                                                       \
    {                                                                                                                  \
        "sha256", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FILTER, .bytes_max = 64, .en = "SHA-256 of the file",    \
                              .zh = "文件校验值"                                                                  \
    }
#define F_BYTES                                                                                                        \
    { "bytes", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "size (bytes)", .zh = "文件大小（字节）" }
#define F_PURPOSE                                                                                                      \
    {                                                                                                                  \
        "purpose", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 500, .en = "what it is imported for",             \
                               .zh = "导入用途"                                                                    \
    }
#define F_FORMAT                                                                                                       \
    { "format", FIELD_CODE, .codes = FORMATS, .en = "format", .zh = "格式" }
#define F_ENCODING                                                                                                     \
    { "encoding", FIELD_CODE, .codes = "auto|utf-8|gb18030", .en = "encoding", .zh = "编码" }
#define F_MAPPING                                                                                                      \
    { "mapping", FIELD_JSON, .bytes_max = 100000, .en = "column mapping; docs/importing.md", .zh = "栏目对应" }
#define F_WHY                                                                                                          \
    { "why", FIELD_TEXT, .bytes_max = WHY_BYTES_MAX, .en = "failure reason", .zh = "中止原因" }
#define F_REASON(more)                                                                                                 \
    { "reason", FIELD_TEXT, .flags = (more), .bytes_max = 1000, .en = "reason for withdrawal", .zh = "撤回理由" }

static const record_field FIELDS[IMPORT_FIELDS] = {
    [IMPORT_NAME] = F_NAME,
    [IMPORT_SHA256] = F_SHA256,
    [IMPORT_BYTES] = F_BYTES,
    [IMPORT_PURPOSE] = F_PURPOSE,
    [IMPORT_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER, .codes = STATES,
                      .en = "state", .zh = "状态"},
    [IMPORT_FORMAT] = F_FORMAT,
    [IMPORT_ENCODING] = F_ENCODING,
    [IMPORT_MAPPING] = F_MAPPING,
    [IMPORT_JOB] = {"job", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 40, .en = "job", .zh = "任务号"},
    [IMPORT_NUMBER] = COUNT("import", "its number in the log", "日志导入编号"),
    [IMPORT_TRANSFERS] = COUNT("transfers", "transfers taken in", "转账笔数"),
    [IMPORT_WITHDRAWALS] = COUNT("withdrawals", "withdrawals taken in", "取现笔数"),
    [IMPORT_OTHERS] = COUNT("others", "accounts, holders, devices and logins taken in", "其他信号"),
    [IMPORT_DUPLICATES] = COUNT("duplicates", "movements that were there already", "重复"),
    [IMPORT_REJECTED] = COUNT("rejected", "lines rejected", "不合格行"),
    [IMPORT_ROUNDED] = COUNT("rounded", "amounts rounded to fen", "舍入到分"),
    [IMPORT_WHY] = F_WHY,
    [IMPORT_UPLOADED_BY] = USER("uploaded_by", "uploaded by", "上传人"),
    [IMPORT_UPLOADED_AT] = MOMENT("uploaded_at", "uploaded at", "上传时间"),
    [IMPORT_STARTED_BY] = USER("started_by", "imported by", "导入人"),
    [IMPORT_STARTED_AT] = MOMENT("started_at", "import begun at", "导入开始时间"),
    [IMPORT_FINISHED_AT] = MOMENT("finished_at", "import ended at", "导入结束时间"),
    [IMPORT_PROPOSED_BY] = USER("proposed_by", "withdrawal proposed by", "撤回提请人"),
    [IMPORT_PROPOSED_AT] = MOMENT("proposed_at", "withdrawal proposed at", "撤回提请时间"),
    [IMPORT_REASON] = F_REASON(FIELD_SERVER),
    [IMPORT_APPROVED_BY] = USER("approved_by", "withdrawal approved by", "撤回批准人"),
    [IMPORT_APPROVED_AT] = MOMENT("approved_at", "withdrawal approved at", "撤回批准时间"),
    [IMPORT_WITHDRAWN_AT] = MOMENT("withdrawn_at", "withdrawn at", "撤回时间"),
    [IMPORT_RECORD] = COUNT("sequence", "sequence of the withdrawal's record in the log", "撤回记录日志序号"),
    [IMPORT_KEPT] = COUNT("kept", "movements that came another way as well, and stay", "因其他来源保留"),
    [IMPORT_MARKED] = COUNT("marked", "warnings and leads that rested on it, now marked", "已标注的预警与线索"),
};
static const record_index INDEXES[] = {
    {false, {IMPORT_STATE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {IMPORT_SHA256, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"import", FIELDS,    IMPORT_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,    "imports", "数据导入"};

static const record_field UPLOAD[] = {F_NAME, F_SHA256, F_BYTES, F_PURPOSE};
static const record_field START[] = {F_FORMAT, F_ENCODING, F_MAPPING};
static const record_field STOPPED[] = {F_WHY};
static const record_field PROPOSE[] = {F_REASON(FIELD_REQUIRED)};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

static bool has_brought(const record *r) {
    static const uint8_t COUNTS[] = {IMPORT_TRANSFERS, IMPORT_WITHDRAWALS, IMPORT_OTHERS};
    for (size_t i = 0; i < sizeof COUNTS; i++) {
        if (!r->values[COUNTS[i]].is_null && r->values[COUNTS[i]].integer > 0) {
            return true;
        }
    }
    return false;
}

static sluice_result start(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    (void)c;
    r->values[IMPORT_WHY] = value_null();
    r->values[IMPORT_FINISHED_AT] = value_null();
    return SLUICE_OK;
}

static sluice_result discard(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return has_brought(r) ? error_set(c->error, SLUICE_E_STATE,
                                      "some of it is in the log: propose to withdraw it instead of discarding it")
                          : SLUICE_OK;
}

static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[IMPORT_NUMBER].is_null && has_brought(r)) {
        return error_set(c->error, SLUICE_E_STATE,
                         "it was begun by a version that did not number imports: it cannot be withdrawn");
    }
    return has_brought(r) ? SLUICE_OK
                          : error_set(c->error, SLUICE_E_STATE,
                                      "nothing of it is in the log: all of its lines were there already, or rejected");
}

static sluice_result keep(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    (void)c;
    r->values[IMPORT_STATE] = value_text(r->values[IMPORT_WHY].is_null ? TEXT("imported") : TEXT("stopped"));
    r->values[IMPORT_PROPOSED_BY] = r->values[IMPORT_PROPOSED_AT] = r->values[IMPORT_REASON] = value_null();
    return SLUICE_OK;
}

static sluice_result approved(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    (void)r;
    c->desk->withdrawals_wait = true; /* should the commit fail, one look too many */
    return SLUICE_OK;
}

static const unsigned IMPORTERS = ROLE_ANALYST;
static const unsigned PROPOSERS = ROLE_ANALYST | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_ANALYST | ROLE_COMMANDER | ROLE_APPROVER;

static const desk_act_row ACTS[] = {
    {"upload", NULL, "uploaded", IMPORTERS, ACT_OWN_ROUTE, BY(IMPORT_UPLOADED_BY), AT(IMPORT_UPLOADED_AT),
     INPUTS(UPLOAD), RESTS_ON(PURPOSE_LAW), SAYS("upload a file; nothing of it is taken in yet", "上传文件")},
    {"start", "uploaded|stopped", "running", IMPORTERS, ACT_OWN_ROUTE | ACT_NO_VERSION, BY(IMPORT_STARTED_BY),
     AT(IMPORT_STARTED_AT), INPUTS(START), RUN(start), RESTS_ON(PURPOSE_LAW),
     SAYS("take it in, or go on where it stopped", "开始导入")},
    {"finish", "running", "imported", ROLE_SYSTEM, ACT_BY_CLOCK, AT(IMPORT_FINISHED_AT),
     SAYS("all of it was read", "导入完成")},
    {"stop", "running", "stopped", ROLE_SYSTEM, ACT_BY_CLOCK, AT(IMPORT_FINISHED_AT), INPUTS(STOPPED),
     SAYS("it stopped: by hand, by an error, or with the daemon", "导入中止")},
    {"discard", "uploaded|stopped", "discarded", IMPORTERS, 0, INPUTS(NOTE), RUN(discard),
     SAYS("it is not wanted, and nothing of it was taken in", "弃用文件")},
    {"propose_withdrawal", "imported|stopped", "proposed", PROPOSERS, 0, BY(IMPORT_PROPOSED_BY), AT(IMPORT_PROPOSED_AT),
     INPUTS(PROPOSE), RUN(propose), RESTS_ON(QUALITY_LAW),
     SAYS("ask that what it brought does not count any more", "提请撤回")},
    {"keep", "proposed", NULL, DECIDERS, ACT_REASON, INPUTS(NOTE), RUN(keep), SAYS("do not withdraw it", "不予撤回")},
    {"approve_withdrawal", "proposed", "withdrawing", DECIDERS, 0, OTHER_THAN(IMPORT_PROPOSED_BY),
     BY(IMPORT_APPROVED_BY), AT(IMPORT_APPROVED_AT), INPUTS(NOTE), THEN(approved), RESTS_ON(QUALITY_LAW),
     SAYS("withdraw it: a record of the log, after which everything is as if the file had never come", "批准撤回")},
    {"withdraw", "withdrawing", "withdrawn", ROLE_SYSTEM, ACT_BY_CLOCK, AT(IMPORT_WITHDRAWN_AT), RESTS_ON(QUALITY_LAW),
     SAYS("the log says so, and the state was built anew", "撤回完成")},
};
static const uint8_t SEARCHED[] = {IMPORT_NAME, IMPORT_SHA256, NO_FIELD};
const desk_kind IMPORT_KIND = {
    .table = &TABLE,
    .name = "import",
    .collection = "imports",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "DR",
    .state = SOME(IMPORT_STATE),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};

/* ---- runs ---- */

static void put_counts(record *r, const sluice_import_summary *s) {
    const struct {
        uint8_t field;
        uint64_t value;
    } counts[] = {{IMPORT_NUMBER, s->import},  {IMPORT_TRANSFERS, s->transfers},   {IMPORT_WITHDRAWALS, s->withdrawals},
                  {IMPORT_OTHERS, s->others},  {IMPORT_DUPLICATES, s->duplicates}, {IMPORT_REJECTED, s->rejected},
                  {IMPORT_ROUNDED, s->rounded}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        record_value *value = &r->values[counts[i].field];
        bool adds = counts[i].field != IMPORT_NUMBER && !value->is_null; /* it went on where it had stopped */
        if (counts[i].field == IMPORT_NUMBER && s->import == 0) {
            continue; /* the file was begun by a version that did not number imports */
        }
        *value = value_integer((int64_t)counts[i].value + (adds ? value->integer : 0));
    }
}

sluice_result import_ended(desk_command *c, int64_t id, const sluice_import_summary *summary, sluice_text why,
                           record *r) {
    const desk_given given[] = {{"why", value_text(chinese_both(c->arena, why, WHY_BYTES_MAX))}};
    sluice_result result = store_get(c->desk->store, &TABLE, id, c->arena, r, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    put_counts(r, summary);
    return why.length > 0 ? desk_act_inside(c, &IMPORT_KIND, "stop", r, given, 1)
                          : desk_act_inside(c, &IMPORT_KIND, "finish", r, NULL, 0);
}

/* The ids of imports in a state; at most 64 at a time, the others' turn comes. */
static sluice_result find_in_state(desk *d, const char *state, arena *a, record **rows_out, size_t *count_out,
                                   sluice_error *error) {
    query_term by = {IMPORT_STATE, QUERY_EQUAL, value_text(text_of(state)), NULL, 0};
    record_query query = {.table = &TABLE, .terms = &by, .term_count = 1, .order = QUERY_ID, .limit = 64};
    return store_select(d->store, &query, a, rows_out, count_out, error);
}

static sluice_result stop_one(desk_command *c, void *context) {
    sluice_text ended = TEXT("the daemon ended while it ran: start it again");
    const desk_given why[] = {{"why", value_text(chinese_both(c->arena, ended, WHY_BYTES_MAX))}};
    return desk_act_inside(c, &IMPORT_KIND, "stop", context, why, 1);
}

sluice_result import_recover(desk *d, int64_t now_ms, sluice_error *error) {
    arena a = {0};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = find_in_state(d, "running", &a, &rows, &count, error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = &a, .error = error};
        result = desk_run_alone(&c, stop_one, &rows[i]);
    }
    if (result == SLUICE_OK) {
        result = find_in_state(d, "withdrawing", &a, &rows, &count, error);
        d->withdrawals_wait = result == SLUICE_OK && count > 0;
    }
    arena_fini(&a);
    return result;
}

/* ---- what rested on it ---- */

enum { USE_SEQUENCE, USE_KIND, USE_RECORD, USE_FIELDS };
static const record_field USE[USE_FIELDS] = {
    [USE_SEQUENCE] = {"sequence", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "log sequence", .zh = "日志序号"},
    [USE_KIND] = {"kind", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 40, .en = "record type", .zh = "种类"},
    [USE_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "record no.", .zh = "记录"},
};
const record_table DECISION_USE_TABLE = {
    "decision_use",
    USE,
    USE_FIELDS,
    (const record_index[]){{false, {USE_SEQUENCE, RECORD_END, RECORD_END, RECORD_END}}},
    1,
    true,
    "what came of decisions",
    "研判去向"};

sluice_result decision_used(desk_command *c, uint64_t sequence, const desk_kind *kind, const record *r) {
    record_value values[USE_FIELDS] = {
        [USE_SEQUENCE] = value_integer((int64_t)sequence),
        [USE_KIND] = value_text(text_of(kind->name)),
        [USE_RECORD] = value_integer(r->id),
    };
    record use = {.table = &DECISION_USE_TABLE, .values = values};
    return desk_insert(c, &use);
}

typedef struct marking {
    desk_command *c;
    record *import;
    int64_t marked;
    sluice_result result;
} marking;

static sluice_result mark_one(desk_command *c, const record *use, const record *import) {
    char words[200];
    record r;
    const desk_kind *kind = desk_kind_find(text_equal(use->values[USE_KIND].text, TEXT("lead")) ? "lead" : "warning");
    long long number = (long long)import->id, sequence = (long long)use->values[USE_SEQUENCE].integer;
    int length = snprintf(words, sizeof words,
                          "所依据的导入 DR-%08lld（日志序号 %lld）已撤回 / "
                          "import DR-%08lld, with sequence %lld of the log, was withdrawn",
                          number, sequence, number, sequence);
    const desk_given given[] = {{"note", value_text((sluice_text){words, (size_t)length})}};
    sluice_result result =
        store_get(c->desk->store, kind->table, use->values[USE_RECORD].integer, c->arena, &r, c->error);
    return result == SLUICE_OK ? desk_act_inside(c, kind, "evidence_withdrawn", &r, given, 1) : result;
}

/* All decisions of one part of the log; a page at a time. */
static bool mark_part(void *context, uint64_t first, uint64_t last) {
    marking *m = context;
    size_t count = 1;
    int64_t after = 0;
    while (count > 0 && m->result == SLUICE_OK) {
        query_term terms[] = {{USE_SEQUENCE, QUERY_GREATER_EQUAL, value_integer((int64_t)first), NULL, 0},
                              {USE_SEQUENCE, QUERY_LESS_EQUAL, value_integer((int64_t)last), NULL, 0}};
        record_query query = {.table = &DECISION_USE_TABLE,
                              .terms = terms,
                              .term_count = 2,
                              .order = QUERY_ID,
                              .has_after = true,
                              .after_id = after,
                              .limit = 500};
        record *rows = NULL;
        m->result = store_select(m->c->desk->store, &query, m->c->arena, &rows, &count, m->c->error);
        for (size_t i = 0; m->result == SLUICE_OK && i < count; i++) {
            m->result = mark_one(m->c, &rows[i], m->import);
            m->marked++;
            after = rows[i].id;
        }
    }
    return m->result == SLUICE_OK;
}

/* ---- withdrawing ---- */

bool import_withdrawals_wait(const desk *d) {
    return d->withdrawals_wait;
}

typedef struct ending {
    record *import;
    const sluice_withdraw_summary *summary; /* sequence 0: the log had it already */
} ending;

static sluice_result write_down(desk_command *c, void *context) {
    ending *e = context;
    record *r = e->import;
    marking m = {.c = c, .import = r, .result = SLUICE_OK};
    engine_visit_import(c->desk->engine, (uint64_t)r->values[IMPORT_NUMBER].integer, mark_part, &m);
    if (m.result != SLUICE_OK) {
        return m.result;
    }
    r->values[IMPORT_MARKED] = value_integer(m.marked);
    if (e->summary->sequence > 0) {
        r->values[IMPORT_RECORD] = value_integer((int64_t)e->summary->sequence);
        r->values[IMPORT_KEPT] = value_integer((int64_t)e->summary->kept);
    }
    return desk_act_inside(c, &IMPORT_KIND, "withdraw", r, NULL, 0);
}

static sluice_result withdraw_one(desk *d, record *r, const sluice_withdraw_options *options, arena *a,
                                  sluice_error *error) {
    sluice_withdraw_summary summary = {.size = sizeof summary};
    ending e = {r, &summary};
    desk_command c = {.desk = d, .actor = &DESK_SYSTEM, .now_ms = options->now_ms, .arena = a, .error = error};
    uint64_t number = r->values[IMPORT_NUMBER].is_null ? 0 : (uint64_t)r->values[IMPORT_NUMBER].integer;
    sluice_result result = sluice_import_withdraw(d->engine, number, options, &summary, error);
    if (result == SLUICE_E_CONFLICT) {
        summary = (sluice_withdraw_summary){.size = sizeof summary};
        result = SLUICE_OK;
    }
    return result == SLUICE_OK ? desk_run_alone(&c, write_down, &e) : result;
}

sluice_result import_withdraw_all(desk *d, int64_t now_ms,
                                  void (*progress)(void *context, uint64_t done, uint64_t total),
                                  void *progress_context, sluice_error *error) {
    arena a = {0};
    record *rows = NULL;
    size_t count = 0;
    sluice_withdraw_options options = {
        .size = sizeof options, .now_ms = now_ms, .progress = progress, .progress_context = progress_context};
    sluice_result result = find_in_state(d, "withdrawing", &a, &rows, &count, error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = withdraw_one(d, &rows[i], &options, &a, error);
    }
    d->withdrawals_wait = result != SLUICE_OK || count == 64;
    arena_fini(&a);
    return result;
}
