#include "desk/evidence.h"

#include "base/hash.h"
#include "desk/case.h"
#include "desk/desk_private.h"

/* ---- the bytes ---- */

enum { BYTES_SHA256, BYTES_BYTES, BYTES_FIELDS };
static const record_field CONTENT[BYTES_FIELDS] = {
    [BYTES_SHA256] = {"sha256", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 64, .en = "SHA-256", .zh = "哈希"},
    [BYTES_BYTES] = {"bytes", FIELD_BLOB, SECRECY_SECRET, FIELD_REQUIRED, .bytes_max = EVIDENCE_BYTES_MAX,
                     .en = "content", .zh = "内容"},
};
const record_table EVIDENCE_BYTES_TABLE = {"evidence_bytes",    CONTENT,   BYTES_FIELDS, NULL, 0, true,
                                           "bytes of evidence", "证据内容"};

/* ---- evidence ---- */

#define F_CASE                                                                                                         \
    { "case", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "case", .en = "case", .zh = "案件" }
#define F_NAME                                                                                                         \
    { "name", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 300, .en = "name", .zh = "名称" }
#define F_MEDIA                                                                                                        \
    { "media", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 100, .en = "media type", .zh = "类型" }
#define F_FROM                                                                                                         \
    { "from", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "source", .zh = "提供人" }
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 4000, .en = "description", .zh = "说明" }
#define F_SHA256(more)                                                                                                 \
    { "sha256", FIELD_TEXT, .flags = (more), .bytes_max = 64, .en = "SHA-256", .zh = "哈希" }

static const record_field FIELDS[EVIDENCE_FIELDS] = {
    [EVIDENCE_CASE] = F_CASE,
    [EVIDENCE_NAME] = F_NAME,
    [EVIDENCE_MEDIA] = F_MEDIA,
    [EVIDENCE_SIZE] = {"size", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "size (bytes)",
                       .zh = "字节数"},
    [EVIDENCE_SHA256] = F_SHA256(FIELD_REQUIRED | FIELD_FILTER),
    [EVIDENCE_BYTES] = {"content", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_SERVER, .target = "evidence_bytes",
                        .en = "content", .zh = "内容"},
    [EVIDENCE_FROM] = F_FROM,
    [EVIDENCE_WORDS] = F_WORDS,
    [EVIDENCE_BY] = {"by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "received by",
                     .zh = "接收人"},
    [EVIDENCE_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "received", .zh = "接收时间"},
};
static const record_table TABLE = {
    "evidence",
    FIELDS,
    EVIDENCE_FIELDS,
    (const record_index[]){{false, {EVIDENCE_CASE, RECORD_END, RECORD_END, RECORD_END}},
                           {false, {EVIDENCE_SHA256, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    true,
    "evidence",
    "证据"};

/* A declared hash that does not fit: the bytes changed on their way here. */
static sluice_result take_bytes(desk_command *c, record *r, const desk_input *in) {
    record parent;
    char hex[SHA256_HEX_BYTES];
    const record_value *bytes = desk_given_value(in, "bytes"), *declared = desk_given_value(in, "sha256");
    sluice_result result = place_parent(c, &EVIDENCE_KIND, r, &parent);
    if (result == SLUICE_OK && bytes->text.length == 0) {
        return desk_fault_add(c, "bytes", "at least one byte is expected");
    }
    if (result == SLUICE_OK) {
        result = sha256_of(bytes->text.data, bytes->text.length, hex, c->error);
    }
    const char *copy = result == SLUICE_OK ? arena_copy(c->arena, hex, sizeof hex) : NULL;
    if (result == SLUICE_OK && copy == NULL) {
        return error_no_memory(c->error, sizeof hex);
    }
    if (result == SLUICE_OK && !declared->is_null && !text_equal(declared->text, text_of(hex))) {
        return desk_fault_add(c, "sha256", "the bytes that arrived have %s: they changed on the way", hex);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    record_value values[BYTES_FIELDS] = {[BYTES_SHA256] = value_text((sluice_text){copy, 64}), [BYTES_BYTES] = *bytes};
    record content = {.table = &EVIDENCE_BYTES_TABLE, .values = values};
    result = desk_insert(c, &content);
    r->values[EVIDENCE_SHA256] = value_text((sluice_text){copy, 64});
    r->values[EVIDENCE_SIZE] = value_integer((int64_t)bytes->text.length);
    r->values[EVIDENCE_BYTES] = value_integer(content.id);
    return result;
}

static sluice_result begin_custody(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return custody_add(c, &CUSTODY_KIND, r->id, "received", r->values[EVIDENCE_FROM], value_null());
}

static const record_field CREATE[] = {
    F_CASE,
    F_NAME,
    F_MEDIA,
    {"bytes", FIELD_BLOB, .flags = FIELD_REQUIRED, .bytes_max = EVIDENCE_BYTES_MAX, .en = "content; base64",
     .zh = "内容；base64"},
    F_SHA256(0),
    F_FROM,
    F_WORDS,
};
static const desk_act_row ACTS[] = {
    {"create", NULL, NULL, ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, BY(EVIDENCE_BY),
     AT(EVIDENCE_AT), INPUTS(CREATE), RUN(take_bytes), THEN(begin_custody),
     RESTS_ON("法发〔2016〕22号 (电子数据：完整性校验值)"), SAYS("take it in, with its hash", "接收证据")},
};
static const desk_child CHILDREN[] = {{"custody", &CUSTODY_KIND, CUSTODY_OF}};
const desk_kind EVIDENCE_KIND = {
    .table = &TABLE,
    .name = "evidence",
    .collection = "evidence",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "E",
    .parent = &CASE_KIND,
    .parent_field = EVIDENCE_CASE,
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
};

sluice_result evidence_read(desk_command *c, const record *evidence, sluice_text *bytes_out) {
    record content;
    char hex[SHA256_HEX_BYTES];
    int64_t id = evidence->values[EVIDENCE_BYTES].integer;
    *bytes_out = (sluice_text){0};
    sluice_result result = store_get(c->desk->store, &EVIDENCE_BYTES_TABLE, id, c->arena, &content, c->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return error_set(c->error, SLUICE_E_DAMAGED, "the bytes of evidence %lld are gone", (long long)evidence->id);
    }
    if (result == SLUICE_OK) {
        const sluice_text *kept = &content.values[BYTES_BYTES].text;
        result = sha256_of(kept->data, kept->length, hex, c->error);
    }
    if (result == SLUICE_OK && !text_equal(evidence->values[EVIDENCE_SHA256].text, text_of(hex))) {
        return error_set(c->error, SLUICE_E_DAMAGED,
                         "the bytes of evidence %lld are not those that were taken in: SHA-256 is %s",
                         (long long)evidence->id, hex);
    }
    if (result == SLUICE_OK) {
        *bytes_out = content.values[BYTES_BYTES].text;
    }
    return result;
}
