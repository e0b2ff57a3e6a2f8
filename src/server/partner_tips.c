/* GET /v1/partner/tips: what a partner reported and what came of it (反电信网络诈骗法 Art. 26: whoever gives a lead
 * hears of it). A tip about a subject that somebody else reported before is in his lead, which the partner may not see;
 * so the tips are told here by themselves, with the feedback, and nothing else of the lead. */
#include "base/error.h"
#include "base/json_write.h"
#include "desk/lead.h"
#include "desk/mask.h"
#include "server/partner_private.h"

enum { TIPS_MAX = 100 };

static void add_tip(desk_command *c, json_document *d, yyjson_mut_val *items, const record *tip, bool *shown) {
    static const uint8_t TEXTS[] = {LEAD_SOURCE_REFERENCE, LEAD_SOURCE_WORDS, LEAD_SOURCE_FEEDBACK};
    const record_value *v = tip->values;
    yyjson_mut_val *item = json_append_object(d, items);
    json_add_int(d, item, "id", tip->id);
    json_add_time(d, item, "at", v[LEAD_SOURCE_AT].integer);
    for (size_t i = 0; i < sizeof TEXTS; i++) {
        const record_field *field = &tip->table->fields[TEXTS[i]];
        if (v[TEXTS[i]].is_null) {
            continue;
        }
        bool masked = field->secrecy != SECRECY_NONE && c->actor->purpose.length == 0;
        json_add_text(d, item, field->name,
                      masked ? mask_text(field->secrecy, v[TEXTS[i]].text, c->arena) : v[TEXTS[i]].text);
        *shown = *shown || (field->secrecy != SECRECY_NONE && !masked);
    }
    if (!v[LEAD_SOURCE_FEEDBACK_AT].is_null) {
        json_add_time(d, item, "feedback_at", v[LEAD_SOURCE_FEEDBACK_AT].integer);
    }
}

sluice_result partner_tips_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    json_document d;
    bool is_signed = false, shown = false;
    int64_t before = 0;
    size_t count = 0;
    record *tips = NULL;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? partner_check(rq, &c, &is_signed) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    query_term terms[2] = {{LEAD_SOURCE_INSTITUTION, QUERY_EQUAL, value_text(c.actor->institution), NULL, 0}};
    size_t term_count = 1;
    if (request_query_integer(rq, "before", &before)) {
        terms[term_count++] = (query_term){QUERY_ID, QUERY_LESS, value_integer(before), NULL, 0};
    }
    record_query query = {.table = LEAD_SOURCE_KIND.table,
                          .terms = terms,
                          .term_count = term_count,
                          .order = QUERY_ID,
                          .descending = true,
                          .limit = TIPS_MAX};
    result = store_select(desk_store(c.desk), &query, c.arena, &tips, &count, c.error);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    for (size_t i = 0; i < count; i++) {
        add_tip(&c, &d, items, &tips[i], &shown);
    }
    if (count == TIPS_MAX) {
        json_add_int(&d, root, "before", tips[count - 1].id);
    }
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_seen(&c, rq, shown ? "list_shown" : "list", "partner_tip", 0, (sluice_text){0})
                               : result;
}

const api_field PARTNER_TIPS_QUERY[PARTNER_TIPS_QUERY_COUNT] = {
    {.name = "before",
     .type = API_INTEGER,
     .min = 1,
     .max = INT64_MAX,
     .en = "older ones than this id: `before` of the page that came last",
     .zh = "此编号之前"},
};
static const api_field TIP_FIELDS[] = {
    {.name = "id", .type = API_INTEGER, .flags = API_REQUIRED, .en = "of the tip", .zh = "编号"},
    {.name = "at", .type = API_TIME, .flags = API_REQUIRED, .en = "when it came", .zh = "报送时间"},
    {.name = "reference", .type = API_TEXT, .en = "the partner's own number of it", .zh = "来源编号"},
    {.name = "words", .type = API_TEXT, .en = "what was reported; masked without a purpose", .zh = "内容"},
    {.name = "feedback",
     .type = API_TEXT,
     .en = "what came of it; masked without a purpose; not there: it is still worked on",
     .zh = "反馈"},
    {.name = "feedback_at", .type = API_TIME, .en = "when that was said", .zh = "反馈时间"},
};
static const api_schema TIP = {.name = "partner_tip",
                               .fields = TIP_FIELDS,
                               .field_count = sizeof TIP_FIELDS / sizeof *TIP_FIELDS,
                               .en = "what a partner reported, and what came of it"};
static const api_field TIPS_FIELDS[] = {
    {.name = "items",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &TIP,
     .en = "the newest first, at most 100",
     .zh = "最新的在前，每页最多 100 条"},
    {.name = "before", .type = API_INTEGER, .en = "for the next page; not there: this was the last", .zh = "下一页"},
};
const api_schema PARTNER_TIPS = {
    .name = "partner_tips", .fields = TIPS_FIELDS, .field_count = 2, .en = "what a partner reported"};
