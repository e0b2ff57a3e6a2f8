#include "desk/bulletin.h"

#include "base/hash.h"
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/operation_fields.h"
#include "desk/place.h"

enum { FILE_BYTES_MAX = 8 << 20 };

/* ---- fields ---- */

#define F_TITLE(more) F_TEXT("title", more, 300, "title", "标题")
#define F_WORDS F_TEXT("words", 0, 8000, "in words, above the figures", "文字说明")
#define F_FROM(more) F_TIME("from", more, "from", "起始时间")
#define F_TO(more) F_TIME("to", more, "to, not included", "截止时间（不含）")
#define F_BULLETIN_UNIT                                                                                                \
    {                                                                                                                  \
        "unit", FIELD_REFERENCE, .flags = FIELD_FIXED, .target = "unit", .en = "of which unit; none: one's own",       \
                                 .zh = "单位"                                                                        \
    }
#define F_REPLACES                                                                                                     \
    {                                                                                                                  \
        "replaces", FIELD_REFERENCE, .flags = FIELD_FIXED | FIELD_FILTER, .target = "bulletin",                        \
                                     .en = "corrects bulletin", .zh = "更正的通报"                                \
    }

#define F_CONTENT                                                                                                      \
    {                                                                                                                  \
        "content", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "bulletin_bytes",                                 \
                                    .en = "its figures, each with its query: the document of the format json",         \
                                    .zh = "通报数据"                                                               \
    }
#define F_SHA256                                                                                                       \
    {                                                                                                                  \
        "figures_sha256", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 64, .en = "SHA-256 of that document",        \
                                      .zh = "数据哈希"                                                             \
    }
#define F_CUT_OFF F_AT("cut_off", "records as of", "数据截止时间")
#define F_SEQUENCE                                                                                                     \
    { "log_sequence", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "log sequence", .zh = "日志序号" }

static const record_field FIELDS[BULLETIN_FIELD_COUNT] = {
    [BULLETIN_TITLE] = F_TITLE(FIELD_REQUIRED),
    [BULLETIN_WORDS] = F_WORDS,
    [BULLETIN_FROM] = F_FROM(FIELD_REQUIRED | FIELD_FIXED),
    [BULLETIN_TO] = F_TO(FIELD_REQUIRED | FIELD_FIXED),
    [BULLETIN_UNIT] = F_BULLETIN_UNIT,
    [BULLETIN_OPERATION] = F_OPERATION(FIELD_FIXED),
    [BULLETIN_SITE] = F_SITE(FIELD_FIXED),
    [BULLETIN_REPLACES] = F_REPLACES,
    [BULLETIN_CONTENT] = F_CONTENT,
    [BULLETIN_SHA256] = F_SHA256,
    [BULLETIN_CUT_OFF] = F_CUT_OFF,
    [BULLETIN_SEQUENCE] = F_SEQUENCE,
    [BULLETIN_STATE] = F_STATE("drafted|approved|issued|dropped"),
    [BULLETIN_DISTRICT] = F_DISTRICT,
    [BULLETIN_STATION] = F_STATION,
    [BULLETIN_DRAFTED_BY] = F_USER("drafted_by", "drafted by", "拟稿人"),
    [BULLETIN_COMPUTED_BY] = F_USER("computed_by", "figures computed by", "数据生成人"),
    [BULLETIN_APPROVED_BY] = F_USER("approved_by", "approved by", "审批人"),
    [BULLETIN_APPROVED_AT] = F_AT("approved_at", "approved", "审批时间"),
    [BULLETIN_ISSUED_BY] = F_USER("issued_by", "issued by", "签发人"),
    [BULLETIN_ISSUED_AT] = F_AT("issued_at", "issued", "签发时间"),
};
static const record_index INDEXES[] = {INDEX_1(BULLETIN_STATE), INDEX_1(BULLETIN_DISTRICT)};
static const record_table TABLE = {"bulletin",  FIELDS,    BULLETIN_FIELD_COUNT, INDEXES_OF(INDEXES), false,
                                   "bulletins", "战果通报"};

/* ---- files ---- */

enum { BYTES_BYTES, BYTES_FIELDS };
static const record_field CONTENT[BYTES_FIELDS] = {
    [BYTES_BYTES] = {"bytes", FIELD_BLOB, SECRECY_SECRET, FIELD_REQUIRED, .bytes_max = FILE_BYTES_MAX, .en = "content",
                     .zh = "内容"},
};
const record_table BULLETIN_BYTES_TABLE = {"bulletin_bytes",     CONTENT,   BYTES_FIELDS, NULL, 0, true,
                                           "bytes of bulletins", "通报内容"};

#define FORMATS "text|pdf|xlsx|json"
#define F_FILE_FORMAT                                                                                                  \
    { "format", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = FORMATS, .en = "format", .zh = "格式" }
#define F_FILE_LANGUAGE                                                                                                \
    { "language", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "zh|en", .en = "language", .zh = "语言" }
#define F_FILE_SIZE                                                                                                    \
    { "size", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "size (bytes)", .zh = "字节数" }
#define F_FILE_SHA256                                                                                                  \
    { "sha256", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "SHA-256", .zh = "哈希" }
#define F_FILE_BULLETIN                                                                                                \
    { "bulletin", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "bulletin", .en = "bulletin", .zh = "通报" }
#define F_FILE_CONTENT                                                                                                 \
    { "content", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "bulletin_bytes", .en = "content", .zh = "内容" }

static const record_field FILE_ROWS[BULLETIN_FILE_FIELDS] = {
    [BULLETIN_FILE_BULLETIN] = F_FILE_BULLETIN,
    [BULLETIN_FILE_FORMAT] = F_FILE_FORMAT,
    [BULLETIN_FILE_LANGUAGE] = F_FILE_LANGUAGE,
    [BULLETIN_FILE_SIZE] = F_FILE_SIZE,
    [BULLETIN_FILE_SHA256] = F_FILE_SHA256,
    [BULLETIN_FILE_BYTES] = F_FILE_CONTENT,
    [BULLETIN_FILE_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "time", .zh = "时间"},
};
static const record_table FILES = {
    "bulletin_file",
    FILE_ROWS,
    BULLETIN_FILE_FIELDS,
    (const record_index[]){{true, {BULLETIN_FILE_BULLETIN, BULLETIN_FILE_FORMAT, BULLETIN_FILE_LANGUAGE, RECORD_END}}},
    1,
    true,
    "files of issued bulletins",
    "已签发通报文件"};
static const record_field KEEP[] = {F_FILE_BULLETIN, F_FILE_FORMAT, F_FILE_LANGUAGE,
                                    F_FILE_SIZE,     F_FILE_SHA256, F_FILE_CONTENT};
static const desk_act_row FILE_ACTS[] = {
    {"create", NULL, NULL, ROLE_SYSTEM, ACT_BY_CLOCK, AT(BULLETIN_FILE_AT), INPUTS(KEEP),
     SAYS("kept when the bulletin is issued", "签发时保存")},
};
const desk_kind BULLETIN_FILE_KIND = {
    .table = &FILES,
    .name = "bulletin_file",
    .readers = ROLES_ALL & ~(unsigned)(ROLE_PARTNER | ROLE_ADMINISTRATOR),
    .parent = &BULLETIN_KIND,
    .parent_field = BULLETIN_FILE_BULLETIN,
    ACTS_OF(FILE_ACTS),
};

/* The hash as hex, in the arena. */
static sluice_result hash_of(desk_command *c, sluice_text bytes, sluice_text *hex_out) {
    char *hex = arena_alloc(c->arena, SHA256_HEX_BYTES);
    if (hex == NULL) {
        return error_no_memory(c->error, SHA256_HEX_BYTES);
    }
    *hex_out = (sluice_text){hex, SHA256_HEX_BYTES - 1};
    return sha256_of(bytes.data, bytes.length, hex, c->error);
}

static sluice_result keep_bytes(desk_command *c, sluice_text bytes, int64_t *id_out, sluice_text *sha256_out) {
    record_value value = value_text(bytes);
    record content = {.table = &BULLETIN_BYTES_TABLE, .values = &value};
    sluice_result result = hash_of(c, bytes, sha256_out);
    result = result == SLUICE_OK ? desk_insert(c, &content) : result;
    *id_out = content.id;
    return result;
}

/* DAMAGED: they are not what was kept. */
static sluice_result kept_bytes(desk_command *c, const record *r, int64_t id, sluice_text sha256,
                                sluice_text *bytes_out) {
    record content;
    sluice_text hex = {0};
    sluice_result result = store_get(c->desk->store, &BULLETIN_BYTES_TABLE, id, c->arena, &content, c->error);
    result = result == SLUICE_OK ? hash_of(c, content.values[BYTES_BYTES].text, &hex) : result;
    if (result == SLUICE_E_NOT_FOUND || (result == SLUICE_OK && !text_equal(hex, sha256))) {
        return error_set(c->error, SLUICE_E_DAMAGED, "a file of bulletin %lld is not what was kept", (long long)r->id);
    }
    if (result == SLUICE_OK) {
        *bytes_out = content.values[BYTES_BYTES].text;
    }
    return result;
}

static sluice_result figures_of(desk_command *c, const record *r, sluice_text *json_out) {
    return kept_bytes(c, r, r->values[BULLETIN_CONTENT].integer, r->values[BULLETIN_SHA256].text, json_out);
}

static sluice_result keep_file(desk_command *c, const record *r, sluice_text bytes, bulletin_format format,
                               bool in_chinese) {
    sluice_text hex = {0};
    int64_t content = 0;
    record row = {0};
    sluice_result result = keep_bytes(c, bytes, &content, &hex);
    const desk_given given[] = {{"bulletin", value_integer(r->id)},
                                {"format", value_text(text_of(bulletin_format_name(format)))},
                                {"language", value_text(in_chinese ? TEXT("zh") : TEXT("en"))},
                                {"size", value_integer((int64_t)bytes.length)},
                                {"sha256", value_text(hex)},
                                {"content", value_integer(content)}};
    return result == SLUICE_OK
               ? desk_act_inside(c, &BULLETIN_FILE_KIND, "create", &row, given, sizeof given / sizeof *given)
               : result;
}

static sluice_result kept_file(desk_command *c, const record *r, bulletin_format format, bool in_chinese,
                               sluice_text *bytes_out, sluice_text *sha256_out) {
    query_term terms[] = {
        {BULLETIN_FILE_BULLETIN, QUERY_EQUAL, value_integer(r->id), NULL, 0},
        {BULLETIN_FILE_FORMAT, QUERY_EQUAL, value_text(text_of(bulletin_format_name(format))), NULL, 0},
        {BULLETIN_FILE_LANGUAGE, QUERY_EQUAL, value_text(in_chinese ? TEXT("zh") : TEXT("en")), NULL, 0}};
    record row;
    sluice_result result = desk_find(c, &FILES, terms, 3, &row);
    if (result == SLUICE_E_NOT_FOUND) {
        return error_set(c->error, SLUICE_E_DAMAGED, "a file of bulletin %lld is gone", (long long)r->id);
    }
    if (result == SLUICE_OK) {
        *sha256_out = row.values[BULLETIN_FILE_SHA256].text;
        result = kept_bytes(c, r, row.values[BULLETIN_FILE_BYTES].integer, *sha256_out, bytes_out);
    }
    return result;
}

sluice_result bulletin_file(desk_command *c, const record *r, bulletin_format format, bool in_chinese,
                            sluice_text *bytes_out, sluice_text *sha256_out) {
    sluice_text json = {0};
    if (text_equal(r->values[BULLETIN_STATE].text, TEXT("issued"))) {
        return kept_file(c, r, format, in_chinese, bytes_out, sha256_out);
    }
    if (r->values[BULLETIN_CONTENT].is_null) {
        return error_set(c->error, SLUICE_E_STATE, "the bulletin has no figures yet: compute them first");
    }
    sluice_result result = figures_of(c, r, &json);
    result = result == SLUICE_OK ? bulletin_render(json, format, in_chinese, c->arena, bytes_out, c->error) : result;
    return result == SLUICE_OK ? hash_of(c, *bytes_out, sha256_out) : result;
}

/* ---- acts ---- */

static sluice_result check_replaced(desk_command *c, const record *r) {
    record old;
    if (r->values[BULLETIN_REPLACES].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(c, &BULLETIN_KIND, r->values[BULLETIN_REPLACES].integer, &old);
    bool is_issued = result == SLUICE_OK && text_equal(old.values[BULLETIN_STATE].text, TEXT("issued"));
    return result == SLUICE_E_NOT_FOUND || (result == SLUICE_OK && !is_issued)
               ? desk_fault_add(c, "replaces", "an issued bulletin that you can see is expected")
               : result;
}

static int64_t integer_or_0(const record_value *value) {
    return value->is_null ? 0 : value->integer;
}

static sluice_result draft(desk_command *c, record *r, const desk_input *in) {
    figure_scope scope;
    (void)in;
    if (r->values[BULLETIN_UNIT].is_null) {
        r->values[BULLETIN_UNIT] = value_integer(c->actor->unit == 0 ? 1 : c->actor->unit);
    }
    const record_value *values = r->values;
    sluice_result result = check_replaced(c, r);
    if (result == SLUICE_OK) {
        result =
            bulletin_scope(c, values[BULLETIN_FROM].integer, values[BULLETIN_TO].integer, values[BULLETIN_UNIT].integer,
                           integer_or_0(&values[BULLETIN_OPERATION]), integer_or_0(&values[BULLETIN_SITE]), &scope);
    }
    if (result == SLUICE_OK) {
        place_set(&BULLETIN_KIND, r, scope.district, scope.station);
    }
    return result;
}

/* Words are part of the document: what was computed before is drawn anew. */
static sluice_result edit(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[BULLETIN_CONTENT] = r->values[BULLETIN_SHA256] = value_null();
    r->values[BULLETIN_CUT_OFF] = r->values[BULLETIN_SEQUENCE] = r->values[BULLETIN_COMPUTED_BY] = value_null();
    return SLUICE_OK;
}

static sluice_result put_figures(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    r->values[BULLETIN_CONTENT] = *desk_given_value(in, "content");
    r->values[BULLETIN_SHA256] = *desk_given_value(in, "figures_sha256");
    r->values[BULLETIN_CUT_OFF] = *desk_given_value(in, "cut_off");
    r->values[BULLETIN_SEQUENCE] = *desk_given_value(in, "log_sequence");
    return SLUICE_OK;
}

static sluice_result needs_figures(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return r->values[BULLETIN_CONTENT].is_null
               ? error_set(c->error, SLUICE_E_STATE, "the bulletin has no figures yet: compute them first")
               : SLUICE_OK;
}

static const record_field DRAFT[] = {F_TITLE(FIELD_REQUIRED),
                                     F_WORDS,
                                     F_FROM(FIELD_REQUIRED),
                                     F_TO(FIELD_REQUIRED),
                                     F_BULLETIN_UNIT,
                                     F_OPERATION(0),
                                     F_SITE(0),
                                     F_REPLACES};
static const record_field EDIT[] = {F_TITLE(0), F_WORDS, F_NOTE};
static const record_field PUT[] = {F_CONTENT, F_SHA256, F_CUT_OFF, F_SEQUENCE};
static const record_field NOTE[] = {F_NOTE};

#define WRITERS (ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER)
#define BULLETIN_RULE "the centre's own rule: figures are signed by another person, and stay as they were signed"
static const desk_act_row ACTS[] = {
    {"create", NULL, "drafted", WRITERS, 0, BY(BULLETIN_DRAFTED_BY), INPUTS(DRAFT), RUN(draft),
     SAYS("draft a bulletin", "拟制通报")},
    {"edit", "drafted", NULL, WRITERS, 0, INPUTS(EDIT), RUN(edit),
     SAYS("change its words; its figures are to be computed again", "修改文字")},
    {"compute", "drafted", NULL, WRITERS, ACT_OWN_ROUTE, BY(BULLETIN_COMPUTED_BY), INPUTS(PUT), RUN(put_figures),
     SAYS("compute its figures, as of now", "生成数据")},
    {"approve", "drafted", "approved", DECIDERS, ACT_DISTRICT, OTHER_THAN(BULLETIN_DRAFTED_BY),
     BY(BULLETIN_APPROVED_BY), AT(BULLETIN_APPROVED_AT), INPUTS(NOTE), RUN(needs_figures), RESTS_ON(BULLETIN_RULE),
     SAYS("approve it", "批准通报")},
    {"reopen", "approved", "drafted", DECIDERS, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE),
     SAYS("send it back", "退回修改")},
    {"issue", "approved", "issued", DECIDERS, ACT_DISTRICT | ACT_OWN_ROUTE, OTHER_THAN(BULLETIN_DRAFTED_BY),
     BY(BULLETIN_ISSUED_BY), AT(BULLETIN_ISSUED_AT), INPUTS(NOTE), RUN(needs_figures), RESTS_ON(BULLETIN_RULE),
     SAYS("issue it: nothing of it changes any more", "签发通报")},
    {"drop", "drafted", "dropped", WRITERS, ACT_REASON, INPUTS(NOTE), SAYS("it is not needed", "撤销")},
};
static const desk_child CHILDREN[] = {{"files", &BULLETIN_FILE_KIND, BULLETIN_FILE_BULLETIN}};
static const uint8_t SEARCHED[] = {BULLETIN_TITLE, NO_FIELD};
const desk_kind BULLETIN_KIND = {
    .table = &TABLE,
    .name = "bulletin",
    .collection = "bulletins",
    .readers = ROLES_ALL & ~(unsigned)(ROLE_PARTNER | ROLE_ADMINISTRATOR),
    .prefix = "TB",
    .state = SOME(BULLETIN_STATE),
    .district = SOME(BULLETIN_DISTRICT),
    .station = SOME(BULLETIN_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};

sluice_result bulletin_put(desk_command *c, int64_t id, int64_t version, const bulletin_figures *figures, record *r) {
    sluice_text json = {0}, hex = {0};
    sluice_result result = desk_check_act(c, &BULLETIN_KIND, "compute", id, version, r);
    if (result != SLUICE_OK) {
        return result;
    }
    const record_value *values = r->values;
    bulletin_head head = {.title = values[BULLETIN_TITLE].text,
                          .words = value_text_or_empty(&values[BULLETIN_WORDS]),
                          .unit = values[BULLETIN_UNIT].integer,
                          .operator= c->actor->login,
                          .replaces = integer_or_0(&values[BULLETIN_REPLACES])};
    int64_t content = 0;
    result = bulletin_json(c, &head, figures, &json);
    result = result == SLUICE_OK ? keep_bytes(c, json, &content, &hex) : result;
    const desk_given given[] = {{"content", value_integer(content)},
                                {"figures_sha256", value_text(hex)},
                                {"cut_off", value_integer(figures->cut_off_ms)},
                                {"log_sequence", value_integer((int64_t)figures->sequence)}};
    return result == SLUICE_OK ? desk_act_inside(c, &BULLETIN_KIND, "compute", r, given, sizeof given / sizeof *given)
                               : result;
}

sluice_result bulletin_draw(desk_command *c, const record *r, bulletin_files *files) {
    sluice_text json = {0};
    *files = (bulletin_files){.version = r->version};
    if (r->values[BULLETIN_CONTENT].is_null) {
        return SLUICE_OK; /* the act says so, if it is possible at all */
    }
    sluice_result result = figures_of(c, r, &json);
    for (int i = 0; result == SLUICE_OK && i < 2 * BULLETIN_FORMATS; i++) {
        result = bulletin_render(json, (bulletin_format)(i / 2), i % 2 == 1, c->arena, &files->bytes[i / 2][i % 2],
                                 c->error);
    }
    return result;
}

sluice_result bulletin_issue(desk_command *c, int64_t id, int64_t version, const bulletin_files *files,
                             record_value note, record *r) {
    sluice_result result = desk_check_act(c, &BULLETIN_KIND, "issue", id, version, r);
    if (result == SLUICE_OK && r->version != files->version) {
        return error_set(c->error, SLUICE_E_STALE, "this bulletin was changed meanwhile: read it again");
    }
    const desk_given given[] = {{"note", note}};
    result = result == SLUICE_OK ? desk_act_inside(c, &BULLETIN_KIND, "issue", r, given, 1) : result;
    for (int i = 0; result == SLUICE_OK && i < 2 * BULLETIN_FORMATS; i++) {
        result = keep_file(c, r, files->bytes[i / 2][i % 2], (bulletin_format)(i / 2), i % 2 == 1);
    }
    return result;
}
