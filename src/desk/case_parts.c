/* What a case is made of: tasks with a date, and entities (who and what is in it, in which role). */
#include "desk/case.h"
#include "desk/desk_private.h"
#include "desk/timer.h"

#define F_CASE                                                                                                         \
    { "case", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "case", .en = "case", .zh = "案件" }
#define F_NOTE                                                                                                         \
    { "note", FIELD_TEXT, .en = "note", .zh = "说明" }

/* ---- tasks ---- */

#define F_TITLE(more)                                                                                                  \
    { "title", FIELD_TEXT, .flags = (more), .bytes_max = 300, .en = "task", .zh = "任务" }
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 4000, .en = "instructions", .zh = "要求" }
#define F_ASSIGNEE(more)                                                                                               \
    { "assignee", FIELD_REFERENCE, .flags = (more), .target = "user", .en = "assignee", .zh = "承办人" }
#define F_DUE(more)                                                                                                    \
    { "due", FIELD_TIME, .flags = (more), .en = "due", .zh = "期限" }
#define F_RESULT(more)                                                                                                 \
    { "result", FIELD_TEXT, SECRECY_WORDS, (more), .bytes_max = 4000, .en = "result", .zh = "结果" }

static const record_field TASK[TASK_FIELDS] = {
    [TASK_CASE] = F_CASE,
    [TASK_TITLE] = F_TITLE(FIELD_REQUIRED),
    [TASK_WORDS] = F_WORDS,
    [TASK_ASSIGNEE] = F_ASSIGNEE(FIELD_REQUIRED | FIELD_FILTER),
    [TASK_DUE] = F_DUE(FIELD_REQUIRED | FIELD_FILTER),
    [TASK_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                    .codes = "open|done|cancelled", .en = "state", .zh = "状态"},
    [TASK_IS_OVERDUE] = {"is_overdue", FIELD_BOOLEAN, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "overdue",
                         .zh = "是否逾期"},
    [TASK_RESULT] = F_RESULT(0),
    [TASK_MADE_BY] = {"made_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "assigned by",
                      .zh = "布置人"},
    [TASK_DONE_BY] = {"done_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "done by",
                      .zh = "完成人"},
    [TASK_DONE_AT] = {"done_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "done", .zh = "完成时间"},
};
static const record_table TASKS = {"task",
                                   TASK,
                                   TASK_FIELDS,
                                   (const record_index[]){{false, {TASK_CASE, TASK_STATE, RECORD_END, RECORD_END}},
                                                          {false, {TASK_ASSIGNEE, TASK_STATE, TASK_DUE, RECORD_END}},
                                                          {false, {TASK_STATE, TASK_DUE, RECORD_END, RECORD_END}}},
                                   3,
                                   false,
                                   "case tasks",
                                   "案件任务"};

/* The assignee must be one who sees the case. */
static sluice_result check_task(desk_command *c, record *r, const desk_input *in) {
    bool is_new_date = !desk_given_value(in, "due")->is_null;
    record parent;
    sluice_result result = place_parent(c, &TASK_KIND, r, &parent);
    if (result == SLUICE_OK && text_equal(parent.values[CASE_STATE].text, TEXT("closed"))) {
        return error_set(c->error, SLUICE_E_STATE, "the case is closed: reopen it first");
    }
    if (result == SLUICE_OK && is_new_date && r->values[TASK_DUE].integer <= c->now_ms) {
        return desk_fault_add(c, "due", "a time that is still to come is expected");
    }
    if (is_new_date) {
        r->values[TASK_IS_OVERDUE] = value_integer(0);
    }
    return result == SLUICE_OK ? place_check_assignee(c, &TASK_KIND, r) : result;
}

static sluice_result set_due(desk_command *c, record *r, const desk_input *in) {
    return desk_given_value(in, "due")->is_null
               ? SLUICE_OK
               : timer_set(c, &TASK_KIND, r->id, "overdue", r->values[TASK_DUE].integer);
}

static sluice_result mark_overdue(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[TASK_IS_OVERDUE] = value_integer(1);
    return SLUICE_OK;
}

static sluice_result end_task(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return timer_clear(c, &TASK_KIND, r->id, NULL);
}

static const record_field TASK_CREATE[] = {F_CASE, F_TITLE(FIELD_REQUIRED), F_WORDS, F_ASSIGNEE(FIELD_REQUIRED),
                                           F_DUE(FIELD_REQUIRED)};
static const record_field TASK_EDIT[] = {F_TITLE(0), F_WORDS, F_ASSIGNEE(0), F_DUE(0), F_NOTE};
static const record_field TASK_DONE[] = {F_RESULT(FIELD_REQUIRED)};
static const record_field NOTE[] = {F_NOTE};

static const desk_act_row TASK_ACTS[] = {
    {"create", NULL, "open", ROLE_INVESTIGATOR | ROLE_ANALYST | ROLE_COMMANDER, 0, BY(TASK_MADE_BY),
     INPUTS(TASK_CREATE), RUN(check_task), THEN(set_due), SAYS("assign a task", "布置任务")},
    {"edit", "open", NULL, ROLE_INVESTIGATOR | ROLE_ANALYST | ROLE_COMMANDER, 0, INPUTS(TASK_EDIT), RUN(check_task),
     THEN(set_due), SAYS("change it, or its date", "调整")},
    {"finish", "open", "done", ROLES_OFFICERS, ACT_ASSIGNEE, BY(TASK_DONE_BY), AT(TASK_DONE_AT), INPUTS(TASK_DONE),
     THEN(end_task), SAYS("finish it", "完成")},
    {"cancel", "open", "cancelled", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE), THEN(end_task),
     SAYS("cancel it", "取消")},
    {"overdue", "open", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(mark_overdue), SAYS("its date has passed", "逾期")},
};
static const uint8_t TASK_SEARCHED[] = {TASK_TITLE, NO_FIELD};
const desk_kind TASK_KIND = {
    .table = &TASKS,
    .name = "task",
    .collection = "tasks",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "T",
    .state = SOME(TASK_STATE),
    .due = SOME(TASK_DUE),
    .assignee = SOME(TASK_ASSIGNEE),
    .parent = &CASE_KIND,
    .parent_field = TASK_CASE,
    ACTS_OF(TASK_ACTS),
    .search = TASK_SEARCHED,
};

/* ---- entities ---- */

#define F_ROLE(more)                                                                                                   \
    { "role", FIELD_CODE, .flags = (more), .target = "entity_role", .en = "role", .zh = "涉案角色" }
#define F_KEY                                                                                                          \
    { "key", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .en = "entity", .zh = "对象" }
static const record_field ENTITY[ENTITY_FIELDS] = {
    [ENTITY_CASE] = F_CASE,
    [ENTITY_KEY] = F_KEY,
    [ENTITY_ROLE] = F_ROLE(FIELD_REQUIRED | FIELD_FILTER),
    [ENTITY_WORDS] = F_WORDS,
    [ENTITY_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                      .codes = "linked|removed", .en = "state", .zh = "状态"},
    [ENTITY_LINKED_KEY] = {"linked_key", FIELD_KEY, SECRECY_SECRET, FIELD_SERVER, .en = "deduplication key",
                           .zh = "去重键"},
};
/* The unique index lets an entity be in a case once; what was removed is null there and may come again. */
static const record_table ENTITIES = {
    "entity",
    ENTITY,
    ENTITY_FIELDS,
    (const record_index[]){{true, {ENTITY_CASE, ENTITY_LINKED_KEY, RECORD_END, RECORD_END}},
                           {false, {ENTITY_LINKED_KEY, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    false,
    "case entities",
    "涉案对象"};

static sluice_result check_entity(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    record parent;
    bool is_there = false;
    sluice_result result = place_parent(c, &ENTITY_KIND, r, &parent);
    if (result == SLUICE_OK) {
        result = case_has_entity(c, r->values[ENTITY_CASE].integer, r->values[ENTITY_KEY].text, &is_there);
    }
    if (result == SLUICE_OK && is_there) {
        return error_set(c->error, SLUICE_E_CONFLICT, "the case has this entity already");
    }
    r->values[ENTITY_LINKED_KEY] = r->values[ENTITY_KEY];
    return result;
}

static sluice_result remove_entity(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[ENTITY_LINKED_KEY] = value_null();
    return SLUICE_OK;
}

static const record_field ENTITY_ADD[] = {F_CASE, F_KEY, F_ROLE(FIELD_REQUIRED), F_WORDS};
static const record_field ENTITY_EDIT[] = {F_ROLE(0), F_WORDS, F_NOTE};
static const desk_act_row ENTITY_ACTS[] = {
    {"create", NULL, "linked", ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, INPUTS(ENTITY_ADD),
     RUN(check_entity), SAYS("add to the case", "关联")},
    {"edit", "linked", NULL, ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, INPUTS(ENTITY_EDIT),
     SAYS("change its role", "修改")},
    {"remove", "linked", "removed", ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE),
     RUN(remove_entity), SAYS("take it out", "移除")},
};
static const uint8_t ENTITY_SEARCHED[] = {ENTITY_KEY, NO_FIELD};
const desk_kind ENTITY_KIND = {
    .table = &ENTITIES,
    .name = "entity",
    .collection = "entities",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .state = SOME(ENTITY_STATE),
    .parent = &CASE_KIND,
    .parent_field = ENTITY_CASE,
    ACTS_OF(ENTITY_ACTS),
    .search = ENTITY_SEARCHED,
};

sluice_result case_has_entity(desk_command *c, int64_t case_id, sluice_text key, bool *has_out) {
    query_term terms[] = {{ENTITY_CASE, QUERY_EQUAL, value_integer(case_id), NULL, 0},
                          {ENTITY_LINKED_KEY, QUERY_EQUAL, value_text(key), NULL, 0}};
    record_query query = {.table = &ENTITIES, .terms = terms, .term_count = 2, .order = QUERY_ID};
    uint64_t count = 0;
    sluice_result result = store_count(c->desk->store, &query, 1, &count, c->error);
    *has_out = count > 0;
    return result;
}

sluice_result case_add_entity(desk_command *c, int64_t case_id, sluice_text key, sluice_text role) {
    bool is_there = false;
    sluice_result result = case_has_entity(c, case_id, key, &is_there);
    if (result != SLUICE_OK || is_there) {
        return result;
    }
    record r = {0};
    const desk_given given[] = {{"case", value_integer(case_id)}, {"key", value_text(key)}, {"role", value_text(role)}};
    return desk_act_inside(c, &ENTITY_KIND, "create", &r, given, sizeof given / sizeof *given);
}
