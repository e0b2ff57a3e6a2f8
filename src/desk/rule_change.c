/* The states of a change:
 *
 *   draft ─submit─▶ submitted ─approve (another person)─▶ approved ─(its time)─▶ in_force ─▶ superseded
 *     │                 ├──reject──▶ rejected                │  └─▶ failed         │   ▲        │
 *     └──discard──▶ discarded ◀─┘                            └──withdraw──▶ withdrawn  └─restore┘
 *
 * A text may be edited while it is a draft; afterwards it stays as it is, whatever becomes of it, so every version can
 * be read. Nothing is approved, or comes into force, on a text that does not stand any more (rule_base_check), or that
 * would not load with the others. Withdrawing what is in force puts back what it replaced. */
#include "desk/rule_change.h"

#include <string.h>

#include "base/hash.h"
#include "desk/desk_private.h"
#include "desk/fields.h"
#include "desk/rule_standing.h"
#include "desk/timer.h"
#include "detect/rule.h"
#include "text/chinese.h"

enum { FAILURE_BYTES_MAX = 1000 };

#define STATES "draft|submitted|approved|in_force|superseded|rejected|discarded|withdrawn|failed"
#define LAW "个人信息保护法 Art. 55: automated decisions are assessed beforehand, and that is recorded"
#define FOUR_EYES "the centre's own rule (four eyes): a rule can stop anybody's payment"

#define F_PATH(more)                                                                                                   \
    {                                                                                                                  \
        "path", FIELD_TEXT, .flags = (more), .bytes_max = RULE_CHANGE_PATH_MAX,                                        \
                            .en = "the file, below the rules' folder", .zh = "规则文件"                            \
    }
#define F_TEXT_OF(secrecy_, more)                                                                                      \
    {                                                                                                                  \
        "text", FIELD_TEXT, (secrecy_), (more), .bytes_max = RULE_CHANGE_TEXT_MAX, .en = "the whole text of the file", \
                                                .zh = "文件全文"                                                   \
    }
#define F_WHY(more)                                                                                                    \
    { "why", FIELD_TEXT, .flags = (more), .bytes_max = 2000, .en = "description of the change", .zh = "变更说明" }
#define F_FROM                                                                                                         \
    {                                                                                                                  \
        "effective_from", FIELD_TIME, .en = "in force from; none or past: once approved",                              \
                                      .zh = "生效时间；不填或已过为批准即生效"                         \
    }
#define F_HASH(name_, en_, zh_)                                                                                        \
    { name_, FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 64, .en = (en_), .zh = (zh_) }
#define F_CHANGE(name_, en_, zh_)                                                                                      \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "rule_change", .en = (en_), .zh = (zh_) }

static const record_field FIELDS[RULE_CHANGE_FIELDS] = {
    [RULE_CHANGE_PATH] = F_PATH(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [RULE_CHANGE_WHY] = F_WHY(FIELD_REQUIRED),
    [RULE_CHANGE_FROM] = F_FROM,
    [RULE_CHANGE_STATE] = F_STATE(STATES),
    [RULE_CHANGE_TEXT] = F_TEXT_OF(SECRECY_SECRET, FIELD_REQUIRED), /* by routes of its own: lists are light */
    [RULE_CHANGE_SHA256] = F_HASH("sha256", "SHA-256", "内容哈希"),
    [RULE_CHANGE_BYTES] = F_COUNT("bytes", FIELD_SERVER, "size (bytes)", "字节数"),
    [RULE_CHANGE_IS_LIST] = {"is_list", FIELD_BOOLEAN, .flags = FIELD_SERVER | FIELD_FILTER,
                             .en = "list; it may name accounts", .zh = "名单；可含账号"},
    [RULE_CHANGE_BASE] = F_CHANGE("base", "based on change; none: the folder's file", "改自变更"),
    [RULE_CHANGE_BASE_TEXT] = {"base_text", FIELD_TEXT, SECRECY_SECRET, FIELD_SERVER, .bytes_max = RULE_CHANGE_TEXT_MAX,
                               .en = "base text", .zh = "改前全文"},
    [RULE_CHANGE_BASE_SHA256] = F_HASH("base_sha256", "base SHA-256; none: there was no such file", "改前哈希"),
    [RULE_CHANGE_BASE_NUMBER] = F_COUNT("base_file_version", FIELD_SERVER, "base file version", "改前版本"),
    [RULE_CHANGE_NUMBER] =
        F_COUNT("file_version", FIELD_SERVER | FIELD_FILTER, "file version; 0: the folder's", "文件版本"),
    [RULE_CHANGE_RULES_SHA256] = F_HASH("rules_sha256", "rule set SHA-256; as findings show it", "规则集哈希"),
    [RULE_CHANGE_WRITTEN_BY] = F_SET_USER("written_by", "written by", "起草人"),
    [RULE_CHANGE_WRITTEN_AT] = F_SET_TIME("written_at", "last written at", "起草时间"),
    [RULE_CHANGE_SUBMITTED_BY] = F_SET_USER("submitted_by", "submitted by", "提交人"),
    [RULE_CHANGE_SUBMITTED_AT] = F_SET_TIME("submitted_at", "submitted at", "提交时间"),
    [RULE_CHANGE_DECIDED_BY] = F_SET_USER("decided_by", "decided by", "审批人"),
    [RULE_CHANGE_DECIDED_AT] = F_SET_TIME("decided_at", "decided at", "审批时间"),
    [RULE_CHANGE_IN_FORCE_AT] = F_SET_TIME("in_force_at", "in force since", "实际生效时间"),
    [RULE_CHANGE_ENDED_BY] = F_SET_USER("ended_by", "ended by", "终止人"),
    [RULE_CHANGE_ENDED_AT] = F_SET_TIME("ended_at", "ended at", "终止时间"),
    [RULE_CHANGE_REPLACES] = F_CHANGE("replaces", "replaces change", "替代变更"),
    [RULE_CHANGE_FAILURE] = {"failure", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = FAILURE_BYTES_MAX,
                             .en = "reason it failed", .zh = "未能生效原因"},
};
static const record_index INDEXES[] = {
    {false, {RULE_CHANGE_PATH, RULE_CHANGE_STATE, RECORD_END, RECORD_END}},
    {false, {RULE_CHANGE_STATE, RULE_CHANGE_FROM, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {
    "rule_change", FIELDS,         RULE_CHANGE_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
    false,         "rule changes", "规则变更"};

/* ---- writing ---- */

/* Inputs are trimmed; a file ends with its line. */
static bool end_line(desk_command *c, record_value *text) {
    size_t length = text->text.length;
    if (length > 0 && text->text.data[length - 1] == '\n') {
        return true;
    }
    char *copy = arena_alloc(c->arena, length + 1);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, text->text.data, length);
    copy[length] = '\n';
    *text = value_text((sluice_text){copy, length + 1});
    return true;
}

static int64_t effective_ms(const desk_command *c, const record *r) {
    const record_value *from = &r->values[RULE_CHANGE_FROM];
    return from->is_null || from->integer < c->now_ms ? c->now_ms : from->integer;
}

static void put_base(record *r, const rule_standing *base) {
    record_value *v = r->values;
    v[RULE_CHANGE_BASE] = base->change == 0 ? value_null() : value_integer(base->change);
    v[RULE_CHANGE_BASE_NUMBER] = base->exists ? value_integer(base->number) : value_null();
    v[RULE_CHANGE_BASE_TEXT] = base->exists ? value_text(base->text) : value_null();
    v[RULE_CHANGE_BASE_SHA256] = base->exists ? value_text(text_of(base->sha256)) : value_null();
}

/* What was seen when the writing began must stand: what is said, else what the draft was written on until now. */
static sluice_result check_seen(desk_command *c, const record *r, const desk_input *in, const rule_standing *base) {
    const record_value *given = desk_given_value(in, "seen_sha256");
    sluice_text seen = value_text_or_empty(given->is_null ? &r->values[RULE_CHANGE_BASE_SHA256] : given);
    return (given->is_null && r->id == 0) || text_equal(seen, text_of(base->sha256))
               ? SLUICE_OK
               : desk_fault_add(c, "seen_sha256",
                                "the SHA-256 of what stands now is expected: %s (version %lld); it was changed "
                                "meanwhile",
                                base->exists ? base->sha256 : "none, there is no such file", (long long)base->number);
}

static sluice_result put_hash(desk_command *c, record_value *value, const char hex[65]) {
    const char *copy = arena_copy(c->arena, hex, 65);
    *value = value_text(text_of(copy));
    return copy == NULL ? error_no_memory(c->error, 65) : SLUICE_OK;
}

static sluice_result write_text(desk_command *c, record *r, const desk_input *in) {
    bool is_list = false;
    char hash[65], rules[65];
    record_value *v = r->values;
    rule_standing *base = arena_alloc(c->arena, sizeof *base);
    if (!rule_path_is_valid(v[RULE_CHANGE_PATH].text, &is_list)) {
        return desk_fault_add(
            c, "path",
            "a file that loading the rules reads (.rule, .typology, .list, actions.table, snooze.list), "
            "below their folder, is expected, such as mule/run_point.rule");
    }
    if (base == NULL || !end_line(c, &v[RULE_CHANGE_TEXT])) {
        return error_no_memory(c->error, v[RULE_CHANGE_TEXT].text.length);
    }
    sluice_result result = sha256_of(v[RULE_CHANGE_TEXT].text.data, v[RULE_CHANGE_TEXT].text.length, hash, c->error);
    result = result != SLUICE_OK ? result : rule_standing_at(c, v[RULE_CHANGE_PATH].text, effective_ms(c, r), base);
    result = result == SLUICE_OK ? check_seen(c, r, in, base) : result;
    if (result == SLUICE_OK && base->text.length > RULE_CHANGE_TEXT_MAX) {
        result = desk_fault_add(c, "path", "a file of at most %d bytes is expected; larger ones are the installation's",
                                RULE_CHANGE_TEXT_MAX);
    }
    if (result == SLUICE_OK && strcmp(hash, base->sha256) == 0) {
        result = desk_fault_add(c, "text", "another text than the one that stands is expected: they are the same");
    }
    result = result == SLUICE_OK ? rule_set_try(c, v[RULE_CHANGE_PATH].text, v[RULE_CHANGE_TEXT].text, rules) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    put_base(r, base);
    v[RULE_CHANGE_IS_LIST] = value_integer(is_list);
    v[RULE_CHANGE_BYTES] = value_integer((int64_t)v[RULE_CHANGE_TEXT].text.length);
    result = put_hash(c, &v[RULE_CHANGE_SHA256], hash);
    return result == SLUICE_OK ? put_hash(c, &v[RULE_CHANGE_RULES_SHA256], rules) : result;
}

/* By whoever wrote it: else two people's text would have one name. */
static sluice_result edit_text(desk_command *c, record *r, const desk_input *in) {
    return r->values[RULE_CHANGE_WRITTEN_BY].integer == c->actor->user
               ? write_text(c, r, in)
               : error_set(c->error, SLUICE_E_FORBIDDEN,
                           "a draft is edited by whoever wrote it: write one of your own on the same file");
}

/* ---- deciding ---- */

/* It stands on what stands at that moment, and loads with the others as they are now. */
static sluice_result check_again(desk_command *c, record *r, int64_t at_ms) {
    char rules[65];
    sluice_result result = rule_base_check(c, r, at_ms);
    if (result == SLUICE_OK) {
        result = rule_set_try(c, r->values[RULE_CHANGE_PATH].text, r->values[RULE_CHANGE_TEXT].text, rules);
    }
    return result == SLUICE_OK ? put_hash(c, &r->values[RULE_CHANGE_RULES_SHA256], rules) : result;
}

static sluice_result submit(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return check_again(c, r, effective_ms(c, r));
}

/* One that is approved for later was written on what this one would change. */
static sluice_result check_later(desk_command *c, const record *r) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = rule_changes_of(c, r->values[RULE_CHANGE_PATH].text, "approved", &rows, &count);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (rows[i].id != r->id && rows[i].values[RULE_CHANGE_FROM].integer > r->values[RULE_CHANGE_FROM].integer) {
            return error_set(c->error, SLUICE_E_CONFLICT,
                             "%s-%08lld of the same file is approved for later, and was written on what stands now: "
                             "withdraw it first",
                             RULE_CHANGE_KIND.prefix, (long long)rows[i].id);
        }
    }
    return result;
}

static sluice_result approve(desk_command *c, record *r, const desk_input *in) {
    const record_value *submitter = &r->values[RULE_CHANGE_SUBMITTED_BY];
    (void)in;
    if (c->actor->user != 0 && !submitter->is_null && submitter->integer == c->actor->user) {
        return error_set(c->error, SLUICE_E_FORBIDDEN,
                         "four eyes: rule_change.approve needs another person than the one in submitted_by");
    }
    if (r->values[RULE_CHANGE_IS_LIST].integer != 0 && (c->actor->roles & ROLES_OFFICERS) == 0) {
        return error_set(c->error, SLUICE_E_FORBIDDEN,
                         "a list names accounts: it is approved by a commander or an approver, who may read it");
    }
    sluice_result result = check_again(c, r, effective_ms(c, r));
    r->values[RULE_CHANGE_FROM] = value_integer(effective_ms(c, r)); /* nothing is in force before it was decided */
    return result == SLUICE_OK ? check_later(c, r) : result;
}

static sluice_result then_approved(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return timer_set(c, &RULE_CHANGE_KIND, r->id, "take_effect", r->values[RULE_CHANGE_FROM].integer);
}

/* ---- coming into force, and out of it ---- */

static sluice_result next_number(desk_command *c, const record *r, int64_t *number_out) {
    record *rows = NULL;
    size_t count = 0;
    sluice_result result =
        rule_changes_of(c, r->values[RULE_CHANGE_PATH].text, "in_force|superseded|withdrawn", &rows, &count);
    *number_out = 1;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        const record_value *number = &rows[i].values[RULE_CHANGE_NUMBER];
        if (!number->is_null && number->integer >= *number_out) {
            *number_out = number->integer + 1;
        }
    }
    return result;
}

/* What cannot come into force says why, to whoever looks at it; the rules stay as they are. */
static sluice_result fail(desk_command *c, record *r) {
    size_t length = strlen(c->error->text);
    const char *why = arena_copy(c->arena, c->error->text, length + 1);
    r->values[RULE_CHANGE_FAILURE] = value_text(chinese_both(c->arena, (sluice_text){why, length}, FAILURE_BYTES_MAX));
    r->values[RULE_CHANGE_ENDED_AT] = value_integer(c->now_ms);
    r->values[RULE_CHANGE_STATE] = value_text(TEXT("failed"));
    c->fault_count = 0;
    return why == NULL ? error_no_memory(c->error, length) : SLUICE_OK;
}

static sluice_result take_effect(desk_command *c, record *r, const desk_input *in) {
    record *before = NULL;
    size_t count = 0;
    int64_t number = 0;
    (void)in;
    sluice_result result = check_again(c, r, RULE_IN_FORCE_ONLY);
    if (result == SLUICE_E_INPUT || result == SLUICE_E_CONFLICT || result == SLUICE_E_STATE) {
        return fail(c, r);
    }
    result = result == SLUICE_OK ? next_number(c, r, &number) : result;
    if (result == SLUICE_OK) {
        result = rule_changes_of(c, r->values[RULE_CHANGE_PATH].text, "in_force", &before, &count);
    }
    if (result == SLUICE_OK) {
        r->values[RULE_CHANGE_NUMBER] = value_integer(number);
        r->values[RULE_CHANGE_IN_FORCE_AT] = value_integer(c->now_ms);
        r->values[RULE_CHANGE_REPLACES] = count == 0 ? value_null() : value_integer(before->id);
        r->values[RULE_CHANGE_STATE] = value_text(TEXT("in_force"));
    }
    return result;
}

/* The one that it replaced, through an act. */
static sluice_result act_on_replaced(desk_command *c, const record *r, const char *act) {
    record other;
    if (r->values[RULE_CHANGE_REPLACES].is_null) {
        return SLUICE_OK;
    }
    sluice_result result =
        store_get(c->desk->store, &TABLE, r->values[RULE_CHANGE_REPLACES].integer, c->arena, &other, c->error);
    return result == SLUICE_OK ? desk_act_inside(c, &RULE_CHANGE_KIND, act, &other, NULL, 0) : result;
}

static sluice_result then_in_force(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (!text_equal(r->values[RULE_CHANGE_STATE].text, TEXT("in_force"))) {
        return SLUICE_OK;
    }
    c->desk->rules_wait = true; /* should the commit fail, one look too many */
    return act_on_replaced(c, r, "supersede");
}

static sluice_result restore(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[RULE_CHANGE_ENDED_AT] = value_null();
    return SLUICE_OK;
}

static sluice_result withdraw(desk_command *c, record *r, const desk_input *in) {
    record before = {0};
    char rules[65];
    const record_value *replaces = &r->values[RULE_CHANGE_REPLACES];
    sluice_result result = SLUICE_OK;
    (void)in;
    if (text_equal(c->before, TEXT("approved"))) {
        return SLUICE_OK;
    }
    if (!replaces->is_null) {
        result = store_get(c->desk->store, &TABLE, replaces->integer, c->arena, &before, c->error);
    }
    if (result == SLUICE_OK) {
        sluice_text stays = replaces->is_null ? (sluice_text){0} : before.values[RULE_CHANGE_TEXT].text;
        result = rule_set_try_without(c, r->values[RULE_CHANGE_PATH].text, stays, rules);
    }
    if (result == SLUICE_E_INPUT) {
        const char *why = arena_copy(c->arena, c->error->text, strlen(c->error->text) + 1);
        c->fault_count = 0;
        return error_set(c->error, SLUICE_E_STATE, "what stood before does not load with the other files any more: %s",
                         why == NULL ? "" : why);
    }
    return result;
}

static sluice_result then_withdrawn(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[RULE_CHANGE_IN_FORCE_AT].is_null) {
        return timer_clear(c, &RULE_CHANGE_KIND, r->id, NULL);
    }
    c->desk->rules_wait = true;
    return act_on_replaced(c, r, "restore");
}

/* ---- the table ---- */

#define F_SEEN                                                                                                         \
    {                                                                                                                  \
        "seen_sha256", FIELD_TEXT, .bytes_max = 64, .en = "SHA-256 of the text that the writing began with",           \
                                   .zh = "起草时所见哈希"                                                       \
    }
static const record_field CREATE[] = {F_PATH(FIELD_REQUIRED), F_TEXT_OF(SECRECY_NONE, FIELD_REQUIRED),
                                      F_WHY(FIELD_REQUIRED), F_FROM, F_SEEN};
static const record_field EDIT[] = {F_TEXT_OF(SECRECY_NONE, 0), F_WHY(0), F_FROM, F_SEEN};
static const record_field NOTE[] = {F_NOTE};

static const unsigned DECIDERS = ROLE_COMMANDER | ROLE_APPROVER | ROLE_ADMINISTRATOR;

static const desk_act_row ACTS[] = {
    {"create", NULL, "draft", RULE_CHANGE_WRITERS, 0, BY(RULE_CHANGE_WRITTEN_BY), AT(RULE_CHANGE_WRITTEN_AT),
     INPUTS(CREATE), RUN(write_text), RESTS_ON(LAW), SAYS("write a new text for a file of rules", "起草规则变更")},
    {"edit", "draft", NULL, RULE_CHANGE_WRITERS, 0, AT(RULE_CHANGE_WRITTEN_AT), INPUTS(EDIT), RUN(edit_text),
     SAYS("write on, on what stands now", "修改草稿")},
    {"submit", "draft", "submitted", RULE_CHANGE_WRITERS, 0, BY(RULE_CHANGE_SUBMITTED_BY), AT(RULE_CHANGE_SUBMITTED_AT),
     INPUTS(NOTE), RUN(submit), SAYS("ask that it comes into force", "提交审批")},
    {"discard", "draft|submitted", "discarded", RULE_CHANGE_WRITERS, 0, BY(RULE_CHANGE_ENDED_BY),
     AT(RULE_CHANGE_ENDED_AT), INPUTS(NOTE), SAYS("it is not wanted", "弃用")},
    {"approve", "submitted", "approved", DECIDERS, ACT_CITY, OTHER_THAN(RULE_CHANGE_WRITTEN_BY),
     BY(RULE_CHANGE_DECIDED_BY), AT(RULE_CHANGE_DECIDED_AT), INPUTS(NOTE), RUN(approve), THEN(then_approved),
     RESTS_ON(FOUR_EYES), SAYS("let it come into force", "批准")},
    {"reject", "submitted", "rejected", DECIDERS, ACT_CITY | ACT_REASON, BY(RULE_CHANGE_DECIDED_BY),
     AT(RULE_CHANGE_DECIDED_AT), INPUTS(NOTE), SAYS("do not let it", "不批准")},
    {"take_effect", "approved", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(take_effect), THEN(then_in_force), RESTS_ON(LAW),
     SAYS("its time has come: decisions follow it from now on", "生效")},
    {"supersede", "in_force", "superseded", ROLE_SYSTEM, ACT_BY_CLOCK, AT(RULE_CHANGE_ENDED_AT),
     SAYS("a newer change of the same file came into force", "被新版本替代")},
    {"restore", "superseded", "in_force", ROLE_SYSTEM, ACT_BY_CLOCK, RUN(restore),
     SAYS("what replaced it was withdrawn", "恢复生效")},
    {"withdraw", "approved|in_force", "withdrawn", DECIDERS, ACT_CITY | ACT_REASON, OTHER_THAN(RULE_CHANGE_WRITTEN_BY),
     BY(RULE_CHANGE_ENDED_BY), AT(RULE_CHANGE_ENDED_AT), INPUTS(NOTE), RUN(withdraw), THEN(then_withdrawn),
     RESTS_ON(FOUR_EYES), SAYS("take it back: what stood before stands again, at once", "撤回")},
};
static const uint8_t SEARCHED[] = {RULE_CHANGE_PATH, RULE_CHANGE_WHY, RULE_CHANGE_SHA256, NO_FIELD};
const desk_kind RULE_CHANGE_KIND = {
    .table = &TABLE,
    .name = "rule_change",
    .collection = "rule_changes",
    .readers = RULE_CHANGE_READERS,
    .prefix = "GZ",
    .state = SOME(RULE_CHANGE_STATE),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};
