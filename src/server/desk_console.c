/* What the console needs besides the records: the tables that its forms and lists are made from, how much work waits,
 * and who else looks at a record. */
#include <string.h>

#include "base/error.h"
#include "desk/dated_defaults.h"
#include "desk/user.h"
#include "server/desk_link.h"
#include "server/presence.h"
#include "server/server_private.h"
#include "sys/clock.h"
#include "text/law.h"

/* ---- workflows: what each kind is made of, its states and acts ---- */

static const char *const TYPE_NAMES[FIELD_TYPE_COUNT] = {
    [FIELD_INTEGER] = "integer",   [FIELD_BOOLEAN] = "boolean",     [FIELD_MONEY] = "money", [FIELD_TIME] = "time",
    [FIELD_DURATION] = "duration", [FIELD_REFERENCE] = "reference", [FIELD_TEXT] = "text",   [FIELD_CODE] = "code",
    [FIELD_KEY] = "key",           [FIELD_JSON] = "json",           [FIELD_BLOB] = "blob",
};

typedef struct flag_word {
    unsigned flag;
    const char *word;
} flag_word;
static const flag_word FLAG_WORDS[] = {
    {ACT_BY_CLOCK, "by_clock"}, {ACT_CITY, "city"},         {ACT_DISTRICT, "district"},
    {ACT_REASON, "reason"},     {ACT_ASSIGNEE, "assignee"}, {ACT_PARTNER_OWN, "partner_own"},
};

static void add_word(json_document *d, yyjson_mut_val *list, sluice_text word) {
    d->failed |= list == NULL || d->doc == NULL || !yyjson_mut_arr_add_strn(d->doc, list, word.data, word.length);
}

static void add_words(json_document *d, yyjson_mut_val *object, const char *name, const char *words) {
    yyjson_mut_val *list = json_add_array(d, object, name);
    sluice_text rest = text_of(words), word;
    for (bool more = words != NULL; more;) {
        more = text_split(rest, '|', &word, &rest);
        add_word(d, list, word);
    }
}

static void add_field(json_document *d, yyjson_mut_val *list, const record_field *field, bool required) {
    yyjson_mut_val *item = json_append_object(d, list);
    json_add_text(d, item, "name", text_of(field->name));
    json_add_text(d, item, "type", text_of(TYPE_NAMES[field->type]));
    add_words(d, item, "codes", field->codes);
    json_add_text_or_null(d, item, "target", text_of(field->target));
    json_add_bool(d, item, "required", required);
    json_add_bool(d, item, "masked", field->secrecy != SECRECY_NONE);
    json_add_bool(d, item, "filter", (field->flags & FIELD_FILTER) != 0);
    json_add_text(d, item, "en", text_of(field->en));
    json_add_text(d, item, "zh", text_of(field->zh));
}

static void add_field_name(json_document *d, yyjson_mut_val *item, const char *name, const desk_kind *kind,
                           maybe_field field) {
    json_add_text_or_null(d, item, name,
                          has_field(field) ? text_of(kind->table->fields[field_of(field)].name) : (sluice_text){0});
}

static void add_act(json_document *d, yyjson_mut_val *acts, const desk_kind *kind, const desk_act_row *act, arena *a) {
    yyjson_mut_val *row = json_append_object(d, acts);
    json_add_text(d, row, "name", text_of(act->name));
    add_words(d, row, "from", act->from);
    json_add_text_or_null(d, row, "to", text_of(act->to));
    json_add_text(d, row, "roles", roles_format(act->roles, a));
    json_add_bool(d, row, "by_clock", (act->flags & ACT_BY_CLOCK) != 0);
    json_add_bool(d, row, "four_eyes", has_field(act->other_than));
    add_field_name(d, row, "other_than", kind, act->other_than);
    json_add_bool(d, row, "needs_version", act->from != NULL && (act->flags & ACT_NO_VERSION) == 0);
    yyjson_mut_val *conditions = json_add_array(d, row, "conditions");
    for (size_t i = 0; i < sizeof FLAG_WORDS / sizeof *FLAG_WORDS; i++) {
        if ((act->flags & FLAG_WORDS[i].flag) != 0) {
            add_word(d, conditions, text_of(FLAG_WORDS[i].word));
        }
    }
    json_add_text_or_null(d, row, "law", text_of(act->law));
    json_add_text(d, row, "en", text_of(act->en));
    json_add_text(d, row, "zh", text_of(act->zh));
    yyjson_mut_val *inputs = json_add_array(d, row, "inputs");
    for (size_t i = 0; i < act->input_count; i++) {
        bool is_reason = (act->flags & ACT_REASON) != 0 && strcmp(act->inputs[i].name, "note") == 0;
        add_field(d, inputs, &act->inputs[i], is_reason || (act->inputs[i].flags & FIELD_REQUIRED) != 0);
    }
}

static void add_kind(json_document *d, yyjson_mut_val *items, const desk_kind *kind, arena *a) {
    yyjson_mut_val *item = json_append_object(d, items);
    json_add_text(d, item, "kind", text_of(kind->name));
    json_add_text_or_null(d, item, "collection", text_of(kind->collection));
    json_add_text_or_null(d, item, "prefix", text_of(kind->prefix));
    json_add_text(d, item, "readers", roles_format(kind->readers, a));
    json_add_text(d, item, "en", text_of(kind->table->en));
    json_add_text(d, item, "zh", text_of(kind->table->zh));
    add_field_name(d, item, "due", kind, kind->due);
    add_field_name(d, item, "assignee", kind, kind->assignee);
    if (has_field(kind->state)) {
        add_words(d, item, "states", kind->table->fields[field_of(kind->state)].codes);
    }
    yyjson_mut_val *children = json_add_array(d, item, "children");
    for (size_t i = 0; i < kind->child_count; i++) {
        yyjson_mut_val *child = json_append_object(d, children);
        json_add_text(d, child, "name", text_of(kind->children[i].name));
        json_add_text(d, child, "kind", text_of(kind->children[i].kind->name));
    }
    yyjson_mut_val *fields = json_add_array(d, item, "fields");
    for (size_t i = 0; i < kind->table->field_count; i++) {
        if (kind->table->fields[i].secrecy != SECRECY_SECRET) {
            add_field(d, fields, &kind->table->fields[i], (kind->table->fields[i].flags & FIELD_REQUIRED) != 0);
        }
    }
    yyjson_mut_val *acts = json_add_array(d, item, "acts");
    for (size_t i = 0; i < kind->act_count; i++) {
        add_act(d, acts, kind, &kind->acts[i], a);
    }
}

/* A law once, with its words for readers of either language. */
static void add_law(json_document *d, yyjson_mut_val *laws, const char *law) {
    size_t index, count;
    yyjson_mut_val *one;
    yyjson_mut_arr_foreach(laws, index, count, one) {
        if (yyjson_mut_equals_str(yyjson_mut_obj_get(one, "law"), law)) {
            return;
        }
    }
    yyjson_mut_val *row = json_append_object(d, laws);
    json_add_text(d, row, "law", text_of(law));
    for (int chinese = 0; chinese < 2; chinese++) {
        text_writer w = {0};
        law_write(&w, text_of(law), chinese != 0);
        json_add(d, row, chinese ? "zh" : "en", w.failed ? NULL : yyjson_mut_strncpy(d->doc, w.data, w.length));
        text_writer_fini(&w);
    }
}

/* What the acts rest on, and the terms that every centre begins with. */
static void add_laws(json_document *d, yyjson_mut_val *root, const desk_kind *const *kinds, size_t count) {
    yyjson_mut_val *laws = json_add_array(d, root, "laws");
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < kinds[i]->act_count; k++) {
            if (kinds[i]->acts[k].law != NULL) {
                add_law(d, laws, kinds[i]->acts[k].law);
            }
        }
    }
    for (size_t i = 0; i < DATED_DEFAULT_COUNT; i++) {
        add_law(d, laws, DATED_DEFAULTS[i].law);
    }
}

static sluice_result workflows(request *rq, response *rs, sluice_error *error) {
    size_t count = 0;
    json_document d;
    const desk_kind *const *kinds = desk_kinds(&count);
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    for (size_t i = 0; i < count; i++) {
        add_kind(&d, items, kinds[i], &rq->arena);
    }
    add_laws(&d, root, kinds, count);
    return response_json(rs, &d, error);
}

/* ---- work: how much there is, for the home page and the menu ---- */

enum { COUNT_MAX = 1000, WORK_TERMS = 8, STATES_MAX = 16 };

static sluice_result count_where(desk_command *c, const desk_kind *kind, query_term *terms, size_t scoped,
                                 const query_term *more, size_t more_count, uint64_t *count_out) {
    memcpy(terms + scoped, more, more_count * sizeof *more);
    record_query query = {.table = kind->table, .terms = terms, .term_count = scoped + more_count};
    return store_count(desk_store(c->desk), &query, COUNT_MAX, count_out, c->error);
}

static sluice_result add_states(desk_command *c, json_document *d, yyjson_mut_val *item, const desk_kind *kind) {
    query_term terms[WORK_TERMS];
    size_t scoped = desk_scope_terms(c->actor, kind, terms);
    yyjson_mut_val *states = json_add_array(d, item, "states");
    sluice_text rest = text_of(kind->table->fields[field_of(kind->state)].codes), state;
    sluice_result result = SLUICE_OK;
    for (bool more = rest.length > 0; more && result == SLUICE_OK;) {
        uint64_t count = 0;
        more = text_split(rest, '|', &state, &rest);
        query_term is = {field_of(kind->state), QUERY_EQUAL, value_text(state), NULL, 0};
        result = count_where(c, kind, terms, scoped, &is, 1, &count);
        yyjson_mut_val *row = json_append_object(d, states);
        json_add_text(d, row, "state", state);
        json_add_uint(d, row, "count", count);
    }
    return result;
}

/* In which states its keeper has something to do, where the acts say so: what is finished is nobody's work, though it
 * keeps the moment until which it was due. */
static size_t states_of_keeper(const desk_kind *kind, record_value values[STATES_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < kind->act_count; i++) {
        const desk_act_row *act = &kind->acts[i];
        sluice_text rest = text_of(act->from == NULL ? "" : act->from), state;
        bool more = (act->flags & ACT_ASSIGNEE) != 0 && rest.length > 0;
        while (more && count < STATES_MAX) {
            more = text_split(rest, '|', &state, &rest);
            values[count++] = value_text(state);
        }
    }
    return count;
}

/* What is somebody's own and has a moment until which something is to be done. */
static sluice_result add_mine(desk_command *c, json_document *d, yyjson_mut_val *item, const desk_kind *kind) {
    query_term terms[WORK_TERMS];
    uint64_t mine = 0, overdue = 0;
    size_t scoped = desk_scope_terms(c->actor, kind, terms);
    record_value states[STATES_MAX];
    size_t state_count = states_of_keeper(kind, states);
    query_term is[4] = {{field_of(kind->assignee), QUERY_EQUAL, value_integer(c->actor->user), NULL, 0}};
    size_t count = 1;
    if (state_count > 0) {
        is[count++] = (query_term){field_of(kind->state), QUERY_IN, value_null(), states, state_count};
    }
    is[count++] = (query_term){field_of(kind->due), QUERY_NOT_NULL, value_null(), NULL, 0};
    is[count] = (query_term){field_of(kind->due), QUERY_LESS, value_integer(c->now_ms), NULL, 0};
    sluice_result result = SLUICE_OK;
    if (has_field(kind->assignee) && has_field(kind->due) && c->actor->user != 0) {
        result = count_where(c, kind, terms, scoped, is, count, &mine);
        result = result == SLUICE_OK ? count_where(c, kind, terms, scoped, is, count + 1, &overdue) : result;
    }
    json_add_uint(d, item, "mine", mine);
    json_add_uint(d, item, "mine_overdue", overdue);
    return result;
}

static sluice_result work(request *rq, response *rs, sluice_error *error) {
    size_t count = 0;
    json_document d;
    desk_command c;
    const desk_kind *const *kinds = desk_kinds(&count);
    sluice_result result = desk_command_of(rq, &c, error);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    for (size_t i = 0; i < count && result == SLUICE_OK; i++) {
        const desk_kind *kind = kinds[i];
        if (kind->collection == NULL || !has_field(kind->state) || (kind->readers & c.actor->roles) == 0 ||
            kind->parent != NULL) {
            continue;
        }
        yyjson_mut_val *item = json_append_object(&d, items);
        json_add_text(&d, item, "kind", text_of(kind->name));
        json_add_text(&d, item, "collection", text_of(kind->collection));
        result = add_states(&c, &d, item, kind);
        result = result == SLUICE_OK ? add_mine(&c, &d, item, kind) : result;
    }
    sluice_result written = response_json(rs, &d, error);
    return result == SLUICE_OK ? written : result;
}

/* ---- presence ---- */

static void add_other(desk_command *c, json_document *d, yyjson_mut_val *list, const presence_row *row) {
    record user;
    sluice_error unheard;
    yyjson_mut_val *item = json_append_object(d, list);
    json_add_int(d, item, "user", row->user);
    bool found = store_get(desk_store(c->desk), USER_KIND.table, row->user, c->arena, &user, &unheard) == SLUICE_OK;
    json_add_text_or_null(d, item, "name", found ? value_text_or_empty(&user.values[USER_NAME]) : (sluice_text){0});
    json_add_bool(d, item, "edits", row->edits);
    json_add_time(d, item, "since", row->since_ms);
}

static sluice_result say_presence(request *rq, response *rs, sluice_error *error) {
    enum { OTHERS_MAX = 20 };
    desk_command c;
    record r;
    json_document d;
    presence_row others[OTHERS_MAX];
    sluice_text name = {0}, what = {0};
    int64_t id = 0;
    char text[64];
    (void)body_text(rq->json, "kind", &name);
    (void)body_text(rq->json, "what", &what);
    (void)body_integer(rq->json, "id", &id);
    (void)snprintf(text, sizeof text, "%.*s", TEXT_ARGS(name));
    const desk_kind *kind = desk_kind_find(text);
    if (kind == NULL) {
        return error_set(error, SLUICE_E_INPUT, "kind: a kind of record is expected");
    }
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, kind, id, &r) : result;
    if (result == SLUICE_OK && c.actor->user == 0) {
        result = error_set(error, SLUICE_E_STATE, "a key is nobody who could be seen");
    }
    if (result == SLUICE_OK && (c.actor->roles & ROLE_PARTNER) != 0) {
        result = error_set(error, SLUICE_E_FORBIDDEN, "a partner does not learn who works at the centre");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    presence_row me = {.kind = kind,
                       .id = id,
                       .user = c.actor->user,
                       .session = c.actor->session,
                       .since_ms = rq->now_ms,
                       .edits = text_equal(what, TEXT("edit")),
                       .seen_ns = clock_machine_ns()};
    if (presence_say(rq->server->presence, &me, text_equal(what, TEXT("leave")))) {
        desk_tell(rq->server->link, kind, &r, "presence");
    }
    size_t count = presence_others(rq->server->presence, &me, others, OTHERS_MAX);
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *list = json_add_array(&d, root, "others");
    for (size_t i = 0; i < count; i++) {
        add_other(&c, &d, list, &others[i]);
    }
    return response_json(rs, &d, error);
}

/* ---- the table ---- */

#define FIELD(name_, type_, flags_, en_, zh_)                                                                          \
    { .name = (name_), .type = (type_), .flags = (flags_), .en = (en_), .zh = (zh_) }
#define OBJECTS(name_, object_, en_, zh_)                                                                              \
    {                                                                                                                  \
        .name = (name_), .type = API_OBJECT, .flags = API_REQUIRED | API_LIST, .object = (object_), .en = (en_),       \
        .zh = (zh_)                                                                                                    \
    }
#define SCHEMA(name_, fields_, en_)                                                                                    \
    { .name = (name_), .fields = (fields_), .field_count = sizeof(fields_) / sizeof *(fields_), .en = (en_) }

static const api_field FIELD_FIELDS[] = {
    FIELD("name", API_TEXT, API_REQUIRED, "as in the record", "字段"),
    FIELD("type", API_TEXT, API_REQUIRED,
          "integer, boolean, money, time, duration, reference, text, code, key, json, blob", "类型"),
    FIELD("codes", API_TEXT, API_REQUIRED | API_LIST, "of a code: its words; none: those of a dated table", "取值"),
    FIELD("target", API_TEXT, API_REQUIRED | API_NULLABLE, "of a reference: the kind it names", "引用"),
    FIELD("required", API_BOOLEAN, API_REQUIRED, "it must be given", "必填"),
    FIELD("masked", API_BOOLEAN, API_REQUIRED, "personal data: masked unless a purpose is stated", "脱敏"),
    FIELD("filter", API_BOOLEAN, API_REQUIRED, "lists can be filtered by it", "可筛选"),
    FIELD("en", API_TEXT, API_REQUIRED, "what it is", "英文名称"),
    FIELD("zh", API_TEXT, API_REQUIRED, "what it is, in Chinese", "中文名称"),
};
static const api_schema FIELD_SCHEMA = SCHEMA("workflow_field", FIELD_FIELDS, "a field, or an input of an act");
static const api_field ACT_FIELDS[] = {
    FIELD("name", API_TEXT, API_REQUIRED, "as in the path", "操作"),
    FIELD("from", API_TEXT, API_REQUIRED | API_LIST, "states; none: it makes the record", "原状态"),
    FIELD("to", API_TEXT, API_REQUIRED | API_NULLABLE, "state after it; null: it stays, or as it finds", "新状态"),
    FIELD("roles", API_TEXT, API_REQUIRED, "who may, with commas between", "角色"),
    FIELD("by_clock", API_BOOLEAN, API_REQUIRED, "only the system does it", "系统定时"),
    FIELD("four_eyes", API_BOOLEAN, API_REQUIRED, "another person than before must", "双人复核"),
    FIELD("other_than", API_TEXT, API_REQUIRED | API_NULLABLE, "… than the one in this field", "回避字段"),
    FIELD("needs_version", API_BOOLEAN, API_REQUIRED, "If-Match is needed", "须带版本"),
    FIELD("conditions", API_TEXT, API_REQUIRED | API_LIST, "city, district, reason, assignee, partner_own, by_clock",
          "条件"),
    FIELD("law", API_TEXT, API_REQUIRED | API_NULLABLE, "the rule it rests on", "依据"),
    FIELD("en", API_TEXT, API_REQUIRED, "what it is", "英文名称"),
    FIELD("zh", API_TEXT, API_REQUIRED, "what it is, in Chinese", "中文名称"),
    OBJECTS("inputs", &FIELD_SCHEMA, "what must or may be given", "参数"),
};
static const api_schema ACT_SCHEMA = SCHEMA("workflow_act", ACT_FIELDS, "an act");
static const api_field CHILD_FIELDS[] = {
    FIELD("name", API_TEXT, API_REQUIRED, "in the path", "名称"),
    FIELD("kind", API_TEXT, API_REQUIRED, "their kind", "类别"),
};
static const api_schema CHILD_SCHEMA = SCHEMA("workflow_child", CHILD_FIELDS, "records that belong to it");
static const api_field KIND_FIELDS[] = {
    FIELD("kind", API_TEXT, API_REQUIRED, "name", "类别"),
    FIELD("collection", API_TEXT, API_REQUIRED | API_NULLABLE, "in the path", "路径"),
    FIELD("prefix", API_TEXT, API_REQUIRED | API_NULLABLE, "of its number for people", "编号前缀"),
    FIELD("readers", API_TEXT, API_REQUIRED, "roles that may see it", "可见角色"),
    FIELD("en", API_TEXT, API_REQUIRED, "what it is", "英文名称"),
    FIELD("zh", API_TEXT, API_REQUIRED, "what it is, in Chinese", "中文名称"),
    FIELD("due", API_TEXT, API_REQUIRED | API_NULLABLE, "the field with its deadline", "期限字段"),
    FIELD("assignee", API_TEXT, API_REQUIRED | API_NULLABLE, "the field with whose it is", "承办人字段"),
    FIELD("states", API_TEXT, API_LIST, "its states", "状态"),
    OBJECTS("children", &CHILD_SCHEMA, "what belongs to it", "下属记录"),
    OBJECTS("fields", &FIELD_SCHEMA, "what it is made of", "字段"),
    OBJECTS("acts", &ACT_SCHEMA, "what may be done with it", "操作"),
};
static const api_schema KIND_SCHEMA = SCHEMA("workflow", KIND_FIELDS, "a kind of record");
static const api_field LAW_FIELDS[] = {
    FIELD("law", API_TEXT, API_REQUIRED, "as in acts, histories and dated tables", "依据"),
    FIELD("en", API_TEXT, API_REQUIRED, "in English", "英文"),
    FIELD("zh", API_TEXT, API_REQUIRED, "in Chinese", "中文"),
};
static const api_schema LAW_SCHEMA = SCHEMA("workflow_law", LAW_FIELDS, "a rule that acts or terms rest on");
static const api_field WORKFLOWS_FIELDS[] = {
    OBJECTS("items", &KIND_SCHEMA, "all kinds", "全部类别"),
    OBJECTS("laws", &LAW_SCHEMA, "the rules they rest on, for readers of either language", "法律依据"),
};
static const api_schema WORKFLOWS = SCHEMA("workflows", WORKFLOWS_FIELDS, "all kinds of records");

static const api_field COUNT_FIELDS[] = {
    FIELD("state", API_TEXT, API_REQUIRED, "state", "状态"),
    FIELD("count", API_INTEGER, API_REQUIRED, "how many; 1,000: at least so many", "数量"),
};
static const api_schema COUNT_SCHEMA = SCHEMA("work_state", COUNT_FIELDS, "records in a state");
static const api_field WORK_FIELDS[] = {
    FIELD("kind", API_TEXT, API_REQUIRED, "kind", "类别"),
    FIELD("collection", API_TEXT, API_REQUIRED, "in the path", "路径"),
    OBJECTS("states", &COUNT_SCHEMA, "in each state, of those one may see", "各状态数量"),
    FIELD("mine", API_INTEGER, API_REQUIRED, "one's own with a deadline", "本人待办"),
    FIELD("mine_overdue", API_INTEGER, API_REQUIRED, "… that is over", "本人逾期"),
};
static const api_schema WORK_SCHEMA = SCHEMA("work_kind", WORK_FIELDS, "work of a kind");
static const api_field WORKS_FIELDS[] = {OBJECTS("items", &WORK_SCHEMA, "by kind", "分类")};
static const api_schema WORKS = SCHEMA("work", WORKS_FIELDS, "how much there is to do");

static const api_field PRESENCE_FIELDS[] = {
    {.name = "kind", .type = API_TEXT, .flags = API_REQUIRED, .min = 1, .max = 40, .en = "kind", .zh = "类别"},
    {.name = "id",
     .type = API_INTEGER,
     .flags = API_REQUIRED,
     .min = 1,
     .max = INT64_MAX,
     .en = "record",
     .zh = "编号"},
    {.name = "what",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "look|edit|leave",
     .en = "what one does; said again every 20 s, it ends after 45 s of silence",
     .zh = "状态"},
};
static const api_schema PRESENCE = SCHEMA("presence", PRESENCE_FIELDS, "somebody is at a record");
static const api_field OTHER_FIELDS[] = {
    FIELD("user", API_INTEGER, API_REQUIRED, "who", "用户编号"),
    FIELD("name", API_TEXT, API_REQUIRED | API_NULLABLE, "his name", "姓名"),
    FIELD("edits", API_BOOLEAN, API_REQUIRED, "he is changing it", "正在编辑"),
    FIELD("since", API_TIME, API_REQUIRED, "since when", "开始时间"),
};
static const api_schema OTHER = SCHEMA("presence_other", OTHER_FIELDS, "somebody else");
static const api_field OTHERS_FIELDS[] = {OBJECTS("others", &OTHER, "who else is there", "其他人")};
static const api_schema OTHERS = SCHEMA("presence_others", OTHERS_FIELDS, "who else is at the record");

const route DESK_CONSOLE_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/workflows",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = workflows,
     .tag = "workflows",
     .operation = "getWorkflows",
     .en = "fields, states and acts of every kind, with the law beside each",
     .zh = "流程表",
     .answer = &WORKFLOWS},
    {.method = METHOD_GET,
     .template = "/v1/work",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = work,
     .tag = "work",
     .operation = "getWork",
     .en = "how many records are in each state, and how many are one's own",
     .zh = "工作量",
     .answer = &WORKS},
    {.method = METHOD_POST,
     .template = "/v1/presence",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR | ROLE_ADMINISTRATOR,
     .flags = ROUTE_QUIET,
     .handle = say_presence,
     .tag = "presence",
     .operation = "sayPresence",
     .en = "one looks at a record; answers who else does. A change is told as the event `presence`",
     .zh = "记录在看状态",
     .body = &PRESENCE,
     .answer = &OTHERS,
     .problems = "404"},
};
const size_t DESK_CONSOLE_ROUTE_COUNT = sizeof DESK_CONSOLE_ROUTES / sizeof *DESK_CONSOLE_ROUTES;
