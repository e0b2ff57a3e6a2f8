#include "desk/series.h"

#include "desk/case.h"
#include "desk/desk_private.h"

#define RULE "法发〔2021〕22号 Arts. 1–2"
#define F_NOTE                                                                                                         \
    { "note", FIELD_TEXT, .en = "note", .zh = "说明" }
#define F_TITLE(more)                                                                                                  \
    { "title", FIELD_TEXT, .flags = (more), .bytes_max = 300, .en = "title", .zh = "名称" }
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 8000, .en = "link between them", .zh = "串并依据" }

static const record_field FIELDS[SERIES_FIELDS] = {
    [SERIES_TITLE] = F_TITLE(FIELD_REQUIRED),
    [SERIES_WORDS] = F_WORDS,
    [SERIES_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                      .codes = "open|closed", .en = "state", .zh = "状态"},
    [SERIES_MADE_BY] = {"made_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "created by",
                        .zh = "建立人"},
};
static const record_table TABLE = {"series",
                                   FIELDS,
                                   SERIES_FIELDS,
                                   (const record_index[]){{false, {SERIES_STATE, RECORD_END, RECORD_END, RECORD_END}}},
                                   1,
                                   false,
                                   "series of cases",
                                   "串并案"};

static const record_field CREATE[] = {F_TITLE(FIELD_REQUIRED), F_WORDS};
static const record_field EDIT[] = {F_TITLE(0), F_WORDS, F_NOTE};
static const record_field NOTE[] = {F_NOTE};
#define WORKERS (ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER)
static const desk_act_row ACTS[] = {
    {"create", NULL, "open", WORKERS, 0, BY(SERIES_MADE_BY), INPUTS(CREATE), RESTS_ON(RULE),
     SAYS("begin a series", "建立串并案")},
    {"edit", "open", NULL, WORKERS, 0, INPUTS(EDIT), SAYS("change it", "修改")},
    {"close", "open", "closed", ROLE_COMMANDER, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE), SAYS("end it", "结束串并")},
};
static const desk_child CHILDREN[] = {{"links", &SERIES_LINK_KIND, SERIES_LINK_SERIES}};
static const uint8_t SEARCHED[] = {SERIES_TITLE, NO_FIELD};
const desk_kind SERIES_KIND = {
    .table = &TABLE,
    .name = "series",
    .collection = "series",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "CB",
    .state = SOME(SERIES_STATE),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};

/* ---- links ---- */

#define F_SERIES                                                                                                       \
    {                                                                                                                  \
        "series", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "series", .en = "series",          \
                                   .zh = "串并案"                                                                   \
    }
#define F_CASE                                                                                                         \
    { "case", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "case", .en = "case", .zh = "案件" }
#define F_KEY                                                                                                          \
    { "key", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_FIXED, .en = "linking key", .zh = "串并要素" }
static const record_field LINK[SERIES_LINK_FIELDS] = {
    [SERIES_LINK_SERIES] = F_SERIES,
    [SERIES_LINK_CASE] = F_CASE,
    [SERIES_LINK_KEY] = F_KEY,
    [SERIES_LINK_WORDS] = F_WORDS,
    [SERIES_LINK_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                           .codes = "linked|unlinked", .en = "state", .zh = "状态"},
    [SERIES_LINK_LINKED_CASE] = {"linked_case", FIELD_REFERENCE, SECRECY_NONE, FIELD_SERVER, .target = "case",
                                 .en = "linked case", .zh = "在串案件"},
    [SERIES_LINK_BY] = {"by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "linked by",
                        .zh = "串并人"},
    [SERIES_LINK_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "time", .zh = "时间"},
};
static const record_table LINKS = {
    "series_link",
    LINK,
    SERIES_LINK_FIELDS,
    (const record_index[]){{true, {SERIES_LINK_SERIES, SERIES_LINK_LINKED_CASE, RECORD_END, RECORD_END}},
                           {false, {SERIES_LINK_CASE, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    false,
    "linked cases",
    "串并关系"};

/* The cases that are linked now. */
static sluice_result linked_cases(desk_command *c, int64_t series, record **rows, size_t *count) {
    query_term terms[] = {{SERIES_LINK_SERIES, QUERY_EQUAL, value_integer(series), NULL, 0},
                          {SERIES_LINK_LINKED_CASE, QUERY_NOT_NULL, value_null(), NULL, 0}};
    record_query query = {.table = &LINKS, .terms = terms, .term_count = 2, .order = QUERY_ID, .limit = 10000};
    return store_select(c->desk->store, &query, c->arena, rows, count, c->error);
}

static sluice_result check_hard(desk_command *c, sluice_text key) {
    sluice_text kind, value;
    (void)text_split(key, ':', &kind, &value);
    return dated_find(c->desk, "hard_key", kind, c->now_ms) != NULL
               ? SLUICE_OK
               : desk_fault_add(c, "key",
                                "a key of a kind in the dated table hard_key is expected, such as account or "
                                "phone; a likeness alone ties no cases");
}

static sluice_result check_link(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    record parent, the_case, *others = NULL;
    size_t count = 0;
    bool has = false, shared = false;
    int64_t case_id = r->values[SERIES_LINK_CASE].integer;
    sluice_text key = r->values[SERIES_LINK_KEY].text;
    sluice_result result = place_parent(c, &SERIES_LINK_KIND, r, &parent);
    if (result == SLUICE_OK && !text_equal(parent.values[SERIES_STATE].text, TEXT("open"))) {
        return error_set(c->error, SLUICE_E_STATE, "the series is closed");
    }
    if (result == SLUICE_OK && desk_get(c, &CASE_KIND, case_id, &the_case) != SLUICE_OK) {
        return desk_fault_add(c, "case", "a case that is there is expected");
    }
    if (result == SLUICE_OK) {
        result = check_hard(c, key);
    }
    if (result == SLUICE_OK) {
        result = case_has_entity(c, case_id, key, &has);
    }
    if (result == SLUICE_OK && !has) {
        return desk_fault_add(c, "key", "an entity of the case is expected: put it into the case first");
    }
    if (result == SLUICE_OK) {
        result = linked_cases(c, parent.id, &others, &count);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count && !shared; i++) {
        int64_t other = others[i].values[SERIES_LINK_CASE].integer;
        if (other == case_id) {
            return error_set(c->error, SLUICE_E_CONFLICT, "the case is in this series already");
        }
        result = case_has_entity(c, other, key, &shared);
    }
    if (result == SLUICE_OK && count > 0 && !shared) {
        return desk_fault_add(c, "key", "a key that a case of the series has too is expected");
    }
    r->values[SERIES_LINK_LINKED_CASE] = value_integer(case_id);
    return result;
}

static sluice_result unlink_case(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[SERIES_LINK_LINKED_CASE] = value_null();
    return SLUICE_OK;
}

static const record_field LINK_CREATE[] = {F_SERIES, F_CASE, F_KEY, F_WORDS};
static const desk_act_row LINK_ACTS[] = {
    {"create", NULL, "linked", WORKERS, 0, BY(SERIES_LINK_BY), AT(SERIES_LINK_AT), INPUTS(LINK_CREATE), RUN(check_link),
     RESTS_ON(RULE), SAYS("link a case, by a hard key", "串并")},
    {"unlink", "linked", "unlinked", WORKERS, ACT_REASON, INPUTS(NOTE), RUN(unlink_case), RESTS_ON(RULE),
     SAYS("take it out", "解除串并")},
};
const desk_kind SERIES_LINK_KIND = {
    .table = &LINKS,
    .name = "series_link",
    .collection = "series-links",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .state = SOME(SERIES_LINK_STATE),
    .parent = &SERIES_KIND,
    .parent_field = SERIES_LINK_SERIES,
    ACTS_OF(LINK_ACTS),
};
