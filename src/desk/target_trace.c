#include "desk/target_trace.h"

#include <string.h>

#include "desk/dated.h"
#include "desk/decided.h"
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "engine/desk_store.h"

enum { ENTRIES_MAX = 500000 }; /* that the writer reads for a suggestion */

static sluice_text text_at(const record *target, uint8_t field) {
    return value_text_or_empty(&target->values[field]);
}

static int64_t integer_at(const record *target, uint8_t field) {
    return target->values[field].is_null ? 0 : target->values[field].integer;
}

sluice_result target_trace_run(desk_command *c, const record *target, uint64_t entries_max, sluice_trace **trace_out) {
    sluice_trace_start start = {.transfer_id = text_at(target, TARGET_TRANSFER),
                                .account = text_at(target, TARGET_ACCOUNT),
                                .time_ms = integer_at(target, TARGET_TRACE_AT),
                                .amount_fen = integer_at(target, TARGET_AMOUNT)};
    sluice_trace_options options = {.size = sizeof options,
                                    .method = SLUICE_METHOD_FIFO,
                                    .as_of = (uint64_t)integer_at(target, TARGET_AS_OF),
                                    .entries_max = entries_max};
    *trace_out = NULL;
    if ((start.transfer_id.length == 0 && start.account.length == 0) || c->desk->engine == NULL) {
        return SLUICE_OK;
    }
    if (!target->values[TARGET_METHOD].is_null) {
        (void)sluice_method_parse(text_at(target, TARGET_METHOD), &options.method);
    }
    sluice_result result = sluice_trace_run(c->desk->engine, &start, 1, &options, trace_out, c->error);
    return result == SLUICE_E_NOT_FOUND || result == SLUICE_E_INVALID ? error_prefix(c->error, SLUICE_E_STATE, "trace")
                                                                      : result;
}

/* ---- the role ---- */

sluice_result target_role_rule(desk_command *c, trace_role_rule *rule) {
    sluice_result result = dated_number(c, "cap", "role_parties", &rule->parties);
    result = result == SLUICE_OK ? dated_number(c, "cap", "role_share", &rule->share_percent) : result;
    if (result == SLUICE_OK && (rule->parties < 1 || rule->share_percent < 1 || rule->share_percent > 100)) {
        return error_set(c->error, SLUICE_E_STATE,
                         "the dated rows cap role_parties (from 1) and role_share (1 to 100) are expected in order");
    }
    return result;
}

/* Where the subject is in the trace; account_count: nowhere. */
static size_t find_subject(const record *target, const sluice_trace_view *view) {
    sluice_text subject = text_at(target, TARGET_SUBJECT), began = text_at(target, TARGET_ACCOUNT);
    size_t at = view->account_count;
    for (size_t i = 0; i < view->account_count; i++) {
        if (text_equal(view->accounts[i].key, subject)) {
            return i;
        }
        at = at == view->account_count && subject.length == 0 && text_equal(view->accounts[i].key, began) ? i : at;
    }
    return at;
}

static bool is_whole(const sluice_trace_view *view) {
    for (size_t i = 0; i < view->cut_count; i++) {
        if (strcmp(view->cuts[i].reason, "entries_max") == 0) {
            return false;
        }
    }
    return true;
}

sluice_text target_role_words(desk_command *c, const trace_role_facts *facts, bool chinese) {
    text_writer words = {0};
    trace_role_words(facts, chinese, &words);
    const char *copy = words.failed || words.length == 0 ? NULL : arena_copy(c->arena, words.data, words.length);
    sluice_text text = {copy, copy == NULL ? 0 : words.length};
    text_writer_fini(&words);
    return text;
}

static sluice_result put_role(desk_command *c, record *target, const trace_role_facts *facts) {
    sluice_text zh = target_role_words(c, facts, true), en = target_role_words(c, facts, false);
    char *why = arena_alloc(c->arena, zh.length + en.length + 1);
    if (why == NULL || zh.length == 0 || en.length == 0) {
        return error_no_memory(c->error, zh.length + en.length);
    }
    memcpy(why, zh.data, zh.length);
    why[zh.length] = '\n';
    memcpy(why + zh.length + 1, en.data, en.length);
    target->values[TARGET_SUGGESTED_ROLE] = value_text(text_of(trace_role_code(facts->role)));
    target->values[TARGET_SUGGESTED_WHY] = value_text((sluice_text){why, zh.length + 1 + en.length});
    target->values[TARGET_SUGGESTED_FROM] = value_text(TEXT("trace"));
    return SLUICE_OK;
}

sluice_result target_suggest_role(desk_command *c, record *target, bool *found_out) {
    trace_role_rule rule = {0};
    sluice_trace *trace = NULL;
    *found_out = false;
    sluice_result result = target_role_rule(c, &rule);
    result = result == SLUICE_OK ? target_trace_run(c, target, ENTRIES_MAX, &trace) : result;
    if (result == SLUICE_OK && trace != NULL) {
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        size_t at = find_subject(target, &view);
        trace_role_facts facts = {.role = TRACE_ROLE_NONE};
        if (at < view.account_count && is_whole(&view)) {
            facts = trace_role_of(&view, at, &rule);
        }
        /* A centre may have ended a role's row: then it is not suggested. */
        const char *code = trace_role_code(facts.role);
        if (code != NULL && dated_find(c->desk, "gang_role", text_of(code), c->now_ms) != NULL) {
            result = put_role(c, target, &facts);
            *found_out = result == SLUICE_OK;
        }
    }
    sluice_trace_free(&trace);
    return result;
}

/* ---- the finding ---- */

/* "sequence 17", as leads refer to it, or a transfer's id. */
static sluice_result find_transfer(desk_command *c, sluice_text finding, sluice_transfer *transfer) {
    static const sluice_text PREFIX = {"sequence ", 9};
    uint64_t sequence = 0;
    if (finding.length > PREFIX.length && memcmp(finding.data, PREFIX.data, PREFIX.length) == 0 &&
        text_to_u64((sluice_text){finding.data + PREFIX.length, finding.length - PREFIX.length}, &sequence)) {
        return engine_transfer_at(c->desk->engine, sequence, transfer, c->error);
    }
    return sluice_transfer_find(c->desk->engine, finding, transfer, c->error);
}

static void put_unless_given(record *target, uint8_t field, sluice_text text) {
    if (target->values[field].is_null && text.length > 0) {
        target->values[field] = value_text(text);
    }
}

sluice_result target_take_finding(desk_command *c, record *target) {
    sluice_transfer transfer;
    desk_finding finding = {0};
    if (target->values[TARGET_FINDING].is_null || c->desk->engine == NULL) {
        return SLUICE_OK;
    }
    sluice_result result = find_transfer(c, text_at(target, TARGET_FINDING), &transfer);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "finding",
                              "the id of a transfer of the log, or \"sequence\" and its number, is expected");
    }
    result = result == SLUICE_OK ? decided_find(c, &transfer, &finding) : result;
    if (result == SLUICE_E_NOT_FOUND) { /* found by a run over the log: nothing was stored but the transfer */
        finding = (desk_finding){.subject = transfer.to};
        result = SLUICE_OK;
    }
    if (result != SLUICE_OK) {
        return result;
    }
    put_unless_given(target, TARGET_SUBJECT, finding.subject);
    put_unless_given(target, TARGET_WORDS, finding.reason_zh);
    if (dated_find(c->desk, "target_type", finding.typology, c->now_ms) != NULL) {
        put_unless_given(target, TARGET_TYPE, finding.typology);
    }
    if (target->values[TARGET_ACCOUNT].is_null && target->values[TARGET_TRANSFER].is_null) {
        sluice_text id = {0};
        result = engine_transfer_id(c->desk->engine, transfer.sequence, c->arena, &id, c->error);
        put_unless_given(target, TARGET_TRANSFER, id);
    }
    return result;
}
