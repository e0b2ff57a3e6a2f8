/* How a warning begins: whom it is about, its tier, whose it is; or which open thread it joins. */
#include "desk/comment.h"
#include "desk/desk_private.h"
#include "desk/timer.h"
#include "desk/warning_private.h"

int warning_tier_rank(sluice_text tier) {
    static const char *const RANKS[] = {"low", "medium", "high", "urgent"};
    for (int i = 0; i < 4; i++) {
        if (text_equal(tier, text_of(RANKS[i]))) {
            return i;
        }
    }
    return 0;
}

bool warning_is_grave(const record *r) {
    return warning_tier_rank(r->values[WARNING_TIER].text) >= 2;
}

sluice_result warning_number(desk_command *c, const char *table, const char *stem, sluice_text word,
                             int64_t *number_out) {
    char code[64];
    (void)snprintf(code, sizeof code, "%s%.*s", stem, TEXT_ARGS(word));
    return dated_number(c, table, code, number_out);
}

sluice_result warning_due_in(desk_command *c, record *r, const char *stem, sluice_text word) {
    int64_t duration_ms = 0;
    sluice_result result = warning_number(c, "duration", stem, word, &duration_ms);
    r->values[WARNING_DUE] = value_integer(c->now_ms + duration_ms);
    return result;
}

sluice_text warning_tier_of(desk_command *c, int64_t score) {
    static const char *const TIERS[] = {"urgent", "high", "medium"};
    for (size_t i = 0; i < sizeof TIERS / sizeof *TIERS; i++) {
        const dated_row *from = dated_find(c->desk, "tier_score", text_of(TIERS[i]), c->now_ms);
        if (from != NULL && score >= from->number) {
            return text_of(TIERS[i]);
        }
    }
    return TEXT("low");
}

const dated_row *warning_script(desk_command *c, const record *r) {
    const record_value *type = &r->values[WARNING_FRAUD_TYPE];
    const dated_row *row = type->is_null ? NULL : dated_find(c->desk, "script", type->text, c->now_ms);
    return row != NULL ? row : dated_find(c->desk, "script", TEXT("other"), c->now_ms);
}

/* ---- channels ---- */

static int channel_rank(sluice_text channel) {
    return text_equal(channel, TEXT("visit")) ? 2 : text_equal(channel, TEXT("sms")) ? 0 : 1;
}

/* The tier's channel, unless the work is at a stronger one already. */
static sluice_result raise_channel(desk_command *c, record *r) {
    const dated_row *tier = dated_find(c->desk, "tier", r->values[WARNING_TIER].text, c->now_ms);
    sluice_text first = tier == NULL || tier->value.length == 0 ? TEXT("phone") : tier->value;
    const record_value *now = &r->values[WARNING_CHANNEL];
    if (!now->is_null && channel_rank(now->text) >= channel_rank(first)) {
        return SLUICE_OK;
    }
    const char *copy = arena_copy(c->arena, first.data, first.length); /* the dated cache may be loaded anew */
    if (copy == NULL) {
        return error_no_memory(c->error, first.length);
    }
    r->values[WARNING_CHANNEL] = value_text((sluice_text){copy, first.length});
    r->values[WARNING_CHANNEL_ATTEMPTS] = value_integer(0);
    return SLUICE_OK;
}

/* Also after a new tier: the time to sign where nobody did, the same time to react where somebody has. */
sluice_result warning_start(desk_command *c, record *r) {
    sluice_result result = raise_channel(c, r);
    return result == SLUICE_OK ? warning_due_in(c, r, "sign_", r->values[WARNING_TIER].text) : result;
}

sluice_result warning_set_timer(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    sluice_text state = r->values[WARNING_STATE].text;
    bool steps = desk_is_among("new|signed|working", state), waits = text_equal(state, TEXT("not_found"));
    const record_value *due = &r->values[WARNING_DUE];
    bool is_to_come = !due->is_null && due->integer > c->now_ms;
    sluice_result result = steps && is_to_come ? timer_set(c, &WARNING_KIND, r->id, "step", due->integer)
                                               : timer_clear(c, &WARNING_KIND, r->id, "step");
    if (result == SLUICE_OK) {
        result = waits && is_to_come ? timer_set(c, &WARNING_KIND, r->id, "search_again", due->integer)
                                     : timer_clear(c, &WARNING_KIND, r->id, "search_again");
    }
    return result;
}

/* ---- whom it is about ---- */

static bool is_phone(const record_value *key) {
    return !key->is_null && key->text.length > 6 && memcmp(key->text.data, "phone:", 6) == 0;
}

/* Phones in one form, so that one person's warnings meet: "phone:13800138000", and the bare number beside it. */
static sluice_result set_victim(desk_command *c, record *r) {
    record_value *victim = &r->values[WARNING_VICTIM], *phone = &r->values[WARNING_PHONE];
    if (phone->is_null && is_phone(victim)) {
        *phone = *victim;
    }
    if (!phone->is_null) {
        sluice_text bare = place_phone(phone->text, c->arena);
        if (bare.data == NULL) {
            return error_no_memory(c->error, phone->text.length);
        }
        if (bare.length == 0) {
            return desk_fault_add(c, "phone", "a number is expected");
        }
        if (is_phone(victim) && !text_equal(place_phone(victim->text, c->arena), bare)) {
            return desk_fault_add(c, "victim", "it names another phone than `phone`: one of them is expected");
        }
        *phone = value_text(bare);
    }
    bool by_phone = victim->is_null || is_phone(victim);
    if (by_phone && phone->is_null) {
        return desk_fault_add(c, "victim", "a key such as person:…, account:… or phone:…, or a phone, is expected");
    }
    if (by_phone) {
        char *key = arena_alloc(c->arena, phone->text.length + 6);
        if (key == NULL) {
            return error_no_memory(c->error, phone->text.length + 6);
        }
        memcpy(key, "phone:", 6);
        memcpy(key + 6, phone->text.data, phone->text.length);
        *victim = value_text((sluice_text){key, phone->text.length + 6});
    }
    return SLUICE_OK;
}

static sluice_result set_tier(desk_command *c, record *r) {
    const record_value *score = &r->values[WARNING_SCORE];
    if (!score->is_null && (score->integer < 0 || score->integer > 100)) {
        return desk_fault_add(c, "score", "a number from 0 to 100 is expected");
    }
    if (r->values[WARNING_TIER].is_null && score->is_null) {
        return desk_fault_add(c, "tier", "a tier or a score is expected");
    }
    if (r->values[WARNING_TIER].is_null) {
        r->values[WARNING_TIER] = value_text(warning_tier_of(c, score->integer));
    }
    return SLUICE_OK;
}

/* ---- the thread ---- */

sluice_result warning_set_key(desk_command *c, record *r) {
    (void)c;
    r->values[WARNING_OPEN_KEY] = r->values[WARNING_VICTIM];
    return SLUICE_OK;
}

static sluice_result find_by(desk_command *c, const query_term *terms, size_t count, record *r) {
    record_query query = {.table = WARNING_KIND.table,
                          .terms = terms,
                          .term_count = count,
                          .order = QUERY_ID,
                          .descending = true,
                          .limit = 1};
    return store_find(c->desk->store, &query, c->arena, r, c->error);
}

/* The open warning of the victim, by key or by phone. */
static sluice_result find_open(desk_command *c, const record *r, record *open) {
    query_term by_key = {WARNING_OPEN_KEY, QUERY_EQUAL, r->values[WARNING_VICTIM], NULL, 0};
    query_term by_phone[] = {{WARNING_PHONE, QUERY_EQUAL, r->values[WARNING_PHONE], NULL, 0},
                             {WARNING_OPEN_KEY, QUERY_NOT_NULL, value_null(), NULL, 0}};
    sluice_result result = find_by(c, &by_key, 1, open);
    return result == SLUICE_E_NOT_FOUND && !r->values[WARNING_PHONE].is_null ? find_by(c, by_phone, 2, open) : result;
}

/* One that was closed not long ago is of the same thread. */
static sluice_result find_thread(desk_command *c, record *r) {
    record last;
    int64_t fold_ms = 0;
    query_term by_victim = {WARNING_VICTIM, QUERY_EQUAL, r->values[WARNING_VICTIM], NULL, 0};
    sluice_result result = dated_number(c, "duration", "warning_fold", &fold_ms);
    if (result != SLUICE_OK) {
        return result;
    }
    result = find_by(c, &by_victim, 1, &last);
    if (result == SLUICE_OK && last.values[WARNING_CLOSED_AT].integer > c->now_ms - fold_ms) {
        const record_value *thread = &last.values[WARNING_THREAD];
        r->values[WARNING_THREAD] = thread->is_null ? value_integer(last.id) : *thread;
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

/* What the newer alert knows and the thread did not. */
static void take_missing(record *open, const record *r) {
    static const uint8_t FIELDS[] = {WARNING_NAME, WARNING_PHONE, WARNING_ADDRESS, WARNING_DIVISION,
                                     WARNING_FRAUD_TYPE};
    for (size_t i = 0; i < sizeof FIELDS; i++) {
        if (open->values[FIELDS[i]].is_null) {
            open->values[FIELDS[i]] = r->values[FIELDS[i]];
        }
    }
    const record_value *score = &r->values[WARNING_SCORE];
    if (!score->is_null &&
        (open->values[WARNING_SCORE].is_null || open->values[WARNING_SCORE].integer < score->integer)) {
        open->values[WARNING_SCORE] = *score;
    }
}

/* A higher tier restarts the clock; a lower or equal one postpones nothing. Whatever its tier, a new alert ends waiting
 * and a closing that was asked for without knowing of it. */
static sluice_result fold(desk_command *c, record *r, record *open) {
    record_value tier = r->values[WARNING_TIER];
    bool is_higher = warning_tier_rank(tier.text) > warning_tier_rank(open->values[WARNING_TIER].text);
    bool is_resting = desk_is_among("not_found|closing", open->values[WARNING_STATE].text);
    take_missing(open, r);
    *r = *open;
    r->values[WARNING_ALERTS].integer++;
    if (is_higher) {
        r->values[WARNING_TIER] = tier;
    }
    if (is_resting) {
        r->values[WARNING_STATE] = value_text(TEXT("working"));
        r->values[WARNING_CLOSING] = value_null();
        r->values[WARNING_CLOSING_BY] = value_null();
        r->values[WARNING_DUPLICATE_OF] = value_null();
    }
    return is_higher || is_resting ? warning_start(c, r) : SLUICE_OK;
}

static void begin(record *r) {
    static const uint8_t ZEROS[] = {WARNING_ESCALATIONS, WARNING_CHANNEL_ATTEMPTS, WARNING_ATTEMPTS, WARNING_IS_REACHED,
                                    WARNING_IS_CONFIRMED};
    for (size_t i = 0; i < sizeof ZEROS; i++) {
        r->values[ZEROS[i]] = value_integer(0);
    }
    r->values[WARNING_ALERTS] = value_integer(1);
}

/* Words of an alert that joined a thread. */
static sluice_result keep_words(desk_command *c, const record *r, record_value words) {
    record_value values[COMMENT_FIELDS] = {
        [COMMENT_OF] = value_integer(r->id),
        [COMMENT_WORDS] = words,
        [COMMENT_BY] = c->actor->user == 0 ? value_null() : value_integer(c->actor->user),
        [COMMENT_AT] = value_integer(c->now_ms),
    };
    record comment = {.table = WARNING_COMMENT_KIND.table, .values = values};
    return words.is_null ? SLUICE_OK : desk_insert(c, &comment);
}

static sluice_result set_source(desk_command *c, record *r) {
    if ((c->actor->roles & ROLE_PARTNER) != 0 && (c->actor->roles & ROLES_OFFICERS) == 0) {
        r->values[WARNING_SOURCE] = value_text(TEXT("partner"));
        r->values[WARNING_INSTITUTION] = value_text(c->actor->institution);
    }
    return r->values[WARNING_SOURCE].is_null
               ? desk_fault_add(c, "source", "where it came from is expected: finding, report, tip, partner or file")
               : SLUICE_OK;
}

sluice_result warning_create(desk_command *c, record *r, const desk_input *in) {
    record open;
    sluice_result result = set_source(c, r);
    result = result == SLUICE_OK ? set_victim(c, r) : result;
    result = result == SLUICE_OK ? set_tier(c, r) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    result = find_open(c, r, &open);
    if (result == SLUICE_OK) {
        result = fold(c, r, &open);
        return result == SLUICE_OK ? keep_words(c, r, *desk_given_value(in, "reason")) : result;
    }
    if (result != SLUICE_E_NOT_FOUND) {
        return result;
    }
    begin(r);
    result = find_thread(c, r);
    result = result == SLUICE_OK ? warning_set_key(c, r) : result;
    if (result == SLUICE_OK) {
        result = place_by_home(c, &WARNING_KIND, r, value_text_or_empty(&r->values[WARNING_DIVISION]),
                               value_text_or_empty(&r->values[WARNING_ADDRESS]),
                               value_text_or_empty(&r->values[WARNING_PHONE]));
    }
    r->values[WARNING_LEVEL] = value_text(place_level(&WARNING_KIND, r));
    return result == SLUICE_OK ? warning_start(c, r) : result;
}

/* ---- from detection ---- */

static record_value given_or_null(sluice_text text) {
    return text.length > 0 ? value_text(text) : value_null();
}

sluice_result warning_from_finding(desk_command *c, const desk_finding *f, record *r) {
    sluice_text type = finding_fraud_type(c, f->fraud_type);
    sluice_text why = f->reason_zh.length > 0 ? f->reason_zh : f->title_zh.length > 0 ? f->title_zh : f->typology;
    const desk_given given[] = {
        {"victim", value_text(f->subject)},
        {"name", given_or_null(f->name)},
        {"phone", given_or_null(f->phone)},
        {"address", given_or_null(f->address)},
        {"division", given_or_null(f->division)},
        {"score", value_integer(f->score < 0     ? 0
                                : f->score > 100 ? 100
                                                 : (int64_t)f->score)},
        {"reason", given_or_null(why)},
        {"fraud_type", given_or_null(type)},
        {"source", value_text(TEXT("finding"))},
        {"reference", given_or_null(f->reference)},
    };
    *r = (record){0};
    return desk_act_inside(c, &WARNING_KIND, "create", r, given, sizeof given / sizeof *given);
}
