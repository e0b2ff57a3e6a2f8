#include "desk/reply.h"

#include "desk/comment.h"
#include "desk/desk_private.h"
#include "desk/place.h"
#include "desk/warning.h"

static const char *const OPT_OUTS[] = {"T", "t", "TD", "td", "N", "n", "退订", "退订。"};

static bool is_opt_out(sluice_text words) {
    words = text_trim(words);
    for (size_t i = 0; i < sizeof OPT_OUTS / sizeof *OPT_OUTS; i++) {
        if (text_equal(words, text_of(OPT_OUTS[i]))) {
            return true;
        }
    }
    return false;
}

/* The list of those who want no messages is outreach's. */
static sluice_result opt_out(desk_command *c, sluice_text phone, bool *taken_out) {
    const desk_kind *kind = desk_kind_find("opt_out");
    record r = {0};
    const desk_given given[] = {{"phone", value_text(phone)}, {"source", value_text(TEXT("reply"))}};
    if (kind == NULL) {
        return SLUICE_OK;
    }
    sluice_result result = desk_act_inside(c, kind, "add", &r, given, 2);
    *taken_out = result == SLUICE_OK;
    return result;
}

static sluice_result comment(desk_command *c, const record *warning, sluice_text words) {
    text_writer text = {0};
    text_printf(&text, "短信回复：%.*s", TEXT_ARGS(words));
    record_value values[COMMENT_FIELDS] = {
        [COMMENT_OF] = value_integer(warning->id),
        [COMMENT_WORDS] = value_text((sluice_text){text.data, text.length}),
        [COMMENT_BY] = value_null(),
        [COMMENT_AT] = value_integer(c->now_ms),
    };
    record r = {.table = WARNING_COMMENT_KIND.table, .values = values};
    sluice_result result = text.failed ? error_no_memory(c->error, words.length) : desk_insert(c, &r);
    text_writer_fini(&text);
    return result;
}

sluice_result reply_take(desk_command *c, sluice_text phone, sluice_text words, bool *taken_out) {
    record warning;
    sluice_text bare = place_phone(phone, c->arena);
    *taken_out = false;
    if (bare.data == NULL) {
        return error_no_memory(c->error, phone.length);
    }
    sluice_result result = is_opt_out(words) ? opt_out(c, bare, taken_out) : SLUICE_OK;
    query_term terms[] = {{WARNING_PHONE, QUERY_EQUAL, value_text(bare), NULL, 0},
                          {WARNING_OPEN_KEY, QUERY_NOT_NULL, value_null(), NULL, 0}};
    record_query query = {.table = WARNING_KIND.table,
                          .terms = terms,
                          .term_count = 2,
                          .order = QUERY_ID,
                          .descending = true,
                          .limit = 1};
    if (result != SLUICE_OK || bare.length == 0) {
        return result;
    }
    result = store_find(c->desk->store, &query, c->arena, &warning, c->error);
    if (result == SLUICE_OK) {
        *taken_out = true;
        result = comment(c, &warning, words);
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}
