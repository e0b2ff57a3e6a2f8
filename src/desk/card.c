/* Cards: which outlet opened a card or account, when, by which staff number and for whom; and the caps of cards a
 * person across institutions (反电信网络诈骗法 Arts. 10, 16).
 *
 * A holder is a keyed hash, never an identity number. A card that goes beyond a cap makes a lead at once; leads of one
 * holder fold into one. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "desk/desk_private.h"
#include "desk/fields.h"
#include "desk/lead.h"
#include "desk/outlet.h"

#define LAW "反电信网络诈骗法 Arts. 10, 16"
#define CATEGORIES "debit|credit|account|sim"
enum { HOLDER_CARDS_MAX = 10000 };

static const record_field FIELDS[CARD_FIELDS] = {
    [CARD_KEY] = {"key", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                  .en = "card, account or phone no.", .zh = "卡号、账号或号码"},
    [CARD_CATEGORY] = {"category", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FILTER, .codes = CATEGORIES,
                       .en = "type", .zh = "类别"},
    [CARD_OUTLET] = {"outlet", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "outlet",
                     .en = "issuing outlet", .zh = "开办网点"},
    [CARD_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FILTER, .bytes_max = 64,
                          .en = "institution", .zh = "开办机构"},
    [CARD_HOLDER] = {"holder", FIELD_KEY, SECRECY_KEY, .en = "holder", .zh = "持有人"},
    [CARD_OPENED_AT] = {"opened_at", FIELD_TIME, .flags = FIELD_FILTER, .en = "opened", .zh = "开办时间"},
    [CARD_STAFF] = {"staff", FIELD_TEXT, SECRECY_IDENTITY, .bytes_max = 64, .en = "staff no.", .zh = "经办人工号"},
    [CARD_STATE] = F_STATE("open|closed"),
    [CARD_CLOSED_AT] = {"closed_at", FIELD_TIME, .en = "closed", .zh = "销户时间"},
    [CARD_PROBLEM] = {"problem", FIELD_CODE, .flags = FIELD_SERVER | FIELD_FILTER, .codes = "partner|investigation",
                      .en = "found involved by; the institution (100404) or an investigation",
                      .zh = "涉案认定来源；开办机构（100404）或侦查"},
    [CARD_PROBLEM_REFERENCE] = {"problem_reference", FIELD_TEXT, .bytes_max = 200, .en = "basis; message or case",
                                .zh = "涉案依据；报文号或案件"},
    [CARD_PROBLEM_AT] = F_SET_TIME("problem_at", "stated at", "认定时间"),
    [CARD_PROBLEM_BY] = F_SET_USER("problem_by", "stated by", "认定人"),
    [CARD_DISTRICT] = F_SET_UNIT("district", "district of the outlet", "县区"),
    [CARD_STATION] = F_SET_UNIT("station", "station of the outlet", "派出所"),
};
static const record_index INDEXES[] = {
    {true, {CARD_KEY, RECORD_END, RECORD_END, RECORD_END}},
    {false, {CARD_HOLDER, CARD_STATE, RECORD_END, RECORD_END}},
    {false, {CARD_OUTLET, CARD_OPENED_AT, RECORD_END, RECORD_END}},
    {false, {CARD_OPENED_AT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {CARD_INSTITUTION, CARD_OPENED_AT, RECORD_END, RECORD_END}},
    {false, {CARD_PROBLEM, CARD_PROBLEM_AT, RECORD_END, RECORD_END}},
    {false, {CARD_DISTRICT, CARD_OPENED_AT, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"card", FIELDS,  CARD_FIELDS,     INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,  "cards", "“两卡”开办记录"};

static const record_field REPORT[] = {
    {"key", FIELD_KEY, .flags = FIELD_REQUIRED, .en = "card, account or phone no.", .zh = "卡号、账号或号码"},
    {"category", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = CATEGORIES, .en = "type", .zh = "类别"},
    {"outlet_key", FIELD_KEY, .en = "outlet code", .zh = "开办网点标识"},
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "institution; none: the outlet's, or a partner's own",
     .zh = "开办机构；不填为网点所属机构"},
    {"holder", FIELD_KEY, .en = "holder; person:…, an identity number is hashed at once",
     .zh = "持有人；person:…，证件号码即时加密"},
    {"opened_at", FIELD_TIME, .en = "opened", .zh = "开办时间"},
    {"staff", FIELD_TEXT, .bytes_max = 64, .en = "staff no.", .zh = "经办人工号"},
};
static const record_field CLOSE[] = {
    {"closed_at", FIELD_TIME, .en = "closed; none: now", .zh = "销户时间；不填为现在"},
};
static const record_field MARK[] = {
    {"problem_reference", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "basis; message or case",
     .zh = "涉案依据；报文号或案件"},
};
static const record_field NOTE[] = {F_NOTE};

/* ---- persons ---- */

static bool is_identity_number(sluice_text text) {
    bool good = text.length == 15 || text.length == 18;
    for (size_t i = 0; good && i < text.length; i++) {
        char at = text.data[i];
        good = (at >= '0' && at <= '9') || (i == 17 && (at == 'X' || at == 'x'));
    }
    return good;
}

sluice_result person_key(desk_command *c, record_value *key) {
    sluice_text kind, value;
    char number[18], hex[SHA256_HEX_BYTES];
    if (key->is_null || !text_split(key->text, ':', &kind, &value) || !text_equal(kind, TEXT("person")) ||
        !is_identity_number(value)) {
        return SLUICE_OK;
    }
    memcpy(number, value.data, value.length);
    if (value.length == 18 && number[17] == 'x') {
        number[17] = 'X';
    }
    sluice_result result = hmac_sha256(store_secret(c->desk->store), 32, number, value.length, hex);
    char *text = result == SLUICE_OK ? arena_alloc(c->arena, 40) : NULL;
    if (text == NULL) {
        return error_no_memory(c->error, 40);
    }
    memcpy(text, "person:", 7);
    memcpy(text + 7, hex, 32);
    *key = value_text((sluice_text){text, 39});
    return SLUICE_OK;
}

/* ---- caps ---- */

static const char *cap_of(sluice_text category) {
    return text_equal(category, TEXT("sim"))     ? "sims_per_carrier"
           : text_equal(category, TEXT("debit")) ? "cards_per_bank"
                                                 : "";
}

static int compare_holdings(const void *left, const void *right) {
    const card_holding *a = left, *b = right;
    int order = text_compare(a->institution, b->institution);
    return order != 0 ? order : text_compare(a->cap, b->cap);
}

static void count_card(card_holding *rows, size_t *count, const record *card) {
    sluice_text institution = card->values[CARD_INSTITUTION].text;
    sluice_text cap = text_of(cap_of(card->values[CARD_CATEGORY].text));
    for (size_t i = 0; i < *count; i++) {
        if (text_equal(rows[i].institution, institution) && text_equal(rows[i].cap, cap)) {
            rows[i].count++;
            return;
        }
    }
    rows[(*count)++] = (card_holding){.institution = institution, .cap = cap, .count = 1};
}

sluice_result card_holdings(desk_command *c, sluice_text holder, card_holding **holdings, size_t *count_out) {
    query_term open[2] = {{CARD_HOLDER, QUERY_EQUAL, value_text(holder), NULL, 0},
                          {CARD_STATE, QUERY_EQUAL, value_text(TEXT("open")), NULL, 0}};
    record_query query = {
        .table = &TABLE, .terms = open, .term_count = 2, .order = QUERY_ID, .limit = HOLDER_CARDS_MAX};
    record *cards = NULL;
    size_t card_count = 0, count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &cards, &card_count, c->error);
    card_holding *rows = result == SLUICE_OK ? arena_alloc(c->arena, (card_count + 1) * sizeof *rows) : NULL;
    if (rows == NULL) {
        return result == SLUICE_OK ? error_no_memory(c->error, card_count * sizeof *rows) : result;
    }
    for (size_t i = 0; i < card_count; i++) {
        count_card(rows, &count, &cards[i]);
    }
    qsort(rows, count, sizeof *rows, compare_holdings);
    for (size_t i = 0; i < count; i++) {
        const dated_row *limit = rows[i].cap.length == 0 ? NULL : dated_find(c->desk, "cap", rows[i].cap, c->now_ms);
        rows[i].limit = limit == NULL ? 0 : limit->number;
        rows[i].cap = limit == NULL ? (sluice_text){0} : rows[i].cap;
    }
    *holdings = rows;
    *count_out = count;
    return SLUICE_OK;
}

/* Beyond the cap at the institution that opened this one: somebody looks into who holds so many. */
static sluice_result lead_beyond_cap(desk_command *c, const record *card) {
    card_holding *rows = NULL;
    size_t count = 0;
    sluice_text holder = value_text_or_empty(&card->values[CARD_HOLDER]);
    sluice_result result = holder.length == 0 ? SLUICE_OK : card_holdings(c, holder, &rows, &count);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        char words[200];
        record lead = {0};
        if (rows[i].cap.length == 0 || rows[i].count <= rows[i].limit ||
            !text_equal(rows[i].institution, card->values[CARD_INSTITUTION].text)) {
            continue;
        }
        int length = snprintf(words, sizeof words, "%.*s：在用%lld张，上限%lld张（%s）", TEXT_ARGS(rows[i].institution),
                              (long long)rows[i].count, (long long)rows[i].limit, LAW);
        const char *copy = arena_copy(c->arena, words, (size_t)length);
        const desk_given given[] = {
            {"type", value_text(TEXT("card_dealing"))},  {"subject", value_text(holder)},
            {"title", value_text(TEXT("开卡数量超限"))}, {"words", value_text((sluice_text){copy, (size_t)length})},
            {"source", value_text(TEXT("finding"))},     {"reference", value_text(rows[i].cap)},
        };
        result = copy == NULL ? error_no_memory(c->error, (size_t)length)
                              : desk_act_inside(c, &LEAD_KIND, "create", &lead, given, sizeof given / sizeof *given);
    }
    return result;
}

/* ---- acts ---- */

static bool is_partner(const desk_actor *actor) {
    return (actor->roles & ROLE_PARTNER) != 0 && (actor->roles & ROLES_OFFICERS) == 0;
}

/* The outlet tells institution and place. */
static sluice_result set_outlet(desk_command *c, record *r, const record_value *key) {
    record outlet;
    query_term same = {OUTLET_KEY, QUERY_EQUAL, *key, NULL, 0};
    if (key->is_null) {
        place_set(&CARD_KIND, r, c->actor->district, c->actor->station);
        return SLUICE_OK;
    }
    sluice_result result = desk_find(c, OUTLET_KIND.table, &same, 1, &outlet);
    if (result == SLUICE_E_NOT_FOUND || (result == SLUICE_OK && !desk_sees(c->actor, &OUTLET_KIND, &outlet))) {
        return desk_fault_add(c, "outlet_key", "an outlet that is entered here is expected");
    }
    if (result == SLUICE_OK && !r->values[CARD_INSTITUTION].is_null &&
        !text_equal(r->values[CARD_INSTITUTION].text, outlet.values[OUTLET_INSTITUTION].text)) {
        return desk_fault_add(c, "institution", "the outlet's institution is expected, or none");
    }
    if (result == SLUICE_OK) {
        r->values[CARD_OUTLET] = value_integer(outlet.id);
        r->values[CARD_INSTITUTION] = outlet.values[OUTLET_INSTITUTION];
        r->values[CARD_DISTRICT] = outlet.values[OUTLET_DISTRICT];
        r->values[CARD_STATION] = outlet.values[OUTLET_STATION];
    }
    return result;
}

/* The same card again: what is said now joins what is known. */
static sluice_result join(desk_command *c, record *r) {
    record there;
    static const uint8_t SAID[] = {CARD_CATEGORY, CARD_OUTLET, CARD_HOLDER, CARD_OPENED_AT, CARD_STAFF};
    query_term same = {CARD_KEY, QUERY_EQUAL, r->values[CARD_KEY], NULL, 0};
    sluice_result result = desk_find(c, &TABLE, &same, 1, &there);
    if (result != SLUICE_OK) {
        return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    if (!text_equal(there.values[CARD_INSTITUTION].text, r->values[CARD_INSTITUTION].text) ||
        !desk_sees(c->actor, &CARD_KIND, &there)) {
        return desk_fault_add(c, "key", "a card that no other institution or district has reported is expected");
    }
    for (size_t i = 0; i < sizeof SAID; i++) {
        if (!r->values[SAID[i]].is_null) {
            there.values[SAID[i]] = r->values[SAID[i]];
        }
    }
    if (!r->values[CARD_OUTLET].is_null) {
        there.values[CARD_DISTRICT] = r->values[CARD_DISTRICT];
        there.values[CARD_STATION] = r->values[CARD_STATION];
    }
    *r = there;
    return SLUICE_OK;
}

static sluice_result report(desk_command *c, record *r, const desk_input *in) {
    if (is_partner(c->actor)) {
        r->values[CARD_INSTITUTION] = value_text(c->actor->institution);
    }
    if (!r->values[CARD_OPENED_AT].is_null && r->values[CARD_OPENED_AT].integer > c->now_ms) {
        return desk_fault_add(c, "opened_at", "a time that has been is expected");
    }
    sluice_result result = person_key(c, &r->values[CARD_HOLDER]);
    result = result == SLUICE_OK ? set_outlet(c, r, desk_given_value(in, "outlet_key")) : result;
    if (result == SLUICE_OK && r->values[CARD_INSTITUTION].is_null) {
        return desk_fault_add(c, "institution", "an institution or an outlet_key is required");
    }
    return result == SLUICE_OK ? join(c, r) : result;
}

static sluice_result reported(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return lead_beyond_cap(c, r);
}

static sluice_result close_card(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    record_value *at = &r->values[CARD_CLOSED_AT];
    *at = at->is_null ? value_integer(c->now_ms) : *at;
    return at->integer <= c->now_ms ? SLUICE_OK : desk_fault_add(c, "closed_at", "a time that has been is expected");
}

static sluice_result mark(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[CARD_PROBLEM] = value_text(is_partner(c->actor) ? TEXT("partner") : TEXT("investigation"));
    return SLUICE_OK;
}

static sluice_result unmark(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    (void)c;
    static const uint8_t SAID[] = {CARD_PROBLEM, CARD_PROBLEM_REFERENCE, CARD_PROBLEM_AT, CARD_PROBLEM_BY};
    for (size_t i = 0; i < sizeof SAID; i++) {
        r->values[SAID[i]] = value_null();
    }
    return SLUICE_OK;
}

/* The card with this number under one of the two kinds that a bank may use. */
static sluice_result find_by_number(desk_command *c, sluice_text account, record *card) {
    sluice_text kind, number;
    record_value keys[2] = {value_text(account), value_text(account)};
    if (text_split(account, ':', &kind, &number) && text_equal(kind, TEXT("account"))) {
        char *text = arena_alloc(c->arena, number.length + 6);
        if (text == NULL) {
            return error_no_memory(c->error, number.length);
        }
        memcpy(text, "card:", 5);
        memcpy(text + 5, number.data, number.length);
        keys[1] = value_text((sluice_text){text, number.length + 5});
    }
    query_term same = {CARD_KEY, QUERY_IN, value_null(), keys, 2};
    return desk_find(c, &TABLE, &same, 1, card);
}

sluice_result card_involved(desk_command *c, sluice_text account, sluice_text reference) {
    record card = {0};
    sluice_result result = find_by_number(c, account, &card);
    if (result == SLUICE_E_NOT_FOUND) {
        const desk_given given[] = {{"key", value_text(account)}, {"category", value_text(TEXT("account"))}};
        card = (record){0};
        result = desk_act_inside(c, &CARD_KIND, "report", &card, given, sizeof given / sizeof *given);
    }
    if (result != SLUICE_OK || !card.values[CARD_PROBLEM].is_null ||
        !text_equal(card.values[CARD_INSTITUTION].text, c->actor->institution)) {
        return result;
    }
    const desk_given given[] = {{"problem_reference", value_text(reference)}};
    return desk_act_inside(c, &CARD_KIND, "mark", &card, given, 1);
}

static const unsigned STATERS = ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER | ROLE_PARTNER;
static const desk_act_row ACTS[] = {
    {"report", NULL, "open", ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER | ROLE_PARTNER, 0,
     INPUTS(REPORT), RUN(report), THEN(reported), RESTS_ON(LAW),
     SAYS("record an opening; beyond a cap it becomes a lead", "登记开办信息（超限自动生成线索）")},
    {"close", "open", "closed", STATERS, ACT_PARTNER_OWN, INPUTS(CLOSE), RUN(close_card),
     SAYS("it is closed: it counts for no cap any more", "销户")},
    {"mark", "open|closed", NULL, STATERS, ACT_PARTNER_OWN, BY(CARD_PROBLEM_BY), AT(CARD_PROBLEM_AT), INPUTS(MARK),
     RUN(mark), RESTS_ON("反电信网络诈骗法 Arts. 18, 20"),
     SAYS("it is involved in a fraud (of a partner: message 100404)", "认定涉案")},
    {"unmark", "open|closed", NULL, ROLE_APPROVER | ROLE_COMMANDER, ACT_REASON, OTHER_THAN(CARD_PROBLEM_BY),
     INPUTS(NOTE), RUN(unmark), RESTS_ON("反电信网络诈骗法 Art. 32"), SAYS("it is not", "撤销涉案认定")},
};
static const uint8_t SEARCHED[] = {CARD_KEY, CARD_HOLDER, NO_FIELD};
const desk_kind CARD_KIND = {
    .table = &TABLE,
    .name = "card",
    .collection = "cards",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .state = SOME(CARD_STATE),
    .district = SOME(CARD_DISTRICT),
    .station = SOME(CARD_STATION),
    .institution = SOME(CARD_INSTITUTION),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};
