/* One pass over the edges counts who pays in, where it goes and what was drawn; the order of the rules is that of how
 * much an officer can do with the answer: cash is a person at a machine, a first card is a payee whom the victim named.
 */
#include "trace/role.h"

#include "base/assert.h"
#include "base/money.h"
#include "base/time.h"

static const char *const CODES[TRACE_ROLE_COUNT] = {
    [TRACE_ROLE_CASH_OUT] = "cash_out",   [TRACE_ROLE_FIRST_CARD] = "first_card",
    [TRACE_ROLE_COLLECTOR] = "collector", [TRACE_ROLE_DISTRIBUTOR] = "distributor",
    [TRACE_ROLE_TRANSIT] = "transit",
};

const char *trace_role_code(trace_role role) {
    return role < TRACE_ROLE_COUNT ? CODES[role] : NULL;
}

/* Did a victim begin here, by a transfer of his own? */
static bool is_victim(const sluice_trace_view *view, const sluice_trace_account *account) {
    for (size_t i = 0; account->is_start && i < view->victim_count; i++) {
        if (view->starts[i].transfer_id.length > 0 && text_equal(view->starts[i].account, account->key)) {
            return true;
        }
    }
    return false;
}

/* Does a victim's own transfer lead to it? */
static bool is_paid_by_victim(const sluice_trace_view *view, uint32_t account) {
    for (size_t i = 0; i < view->edge_count; i++) {
        const sluice_trace_edge *edge = &view->edges[i];
        if (edge->to == account && edge->from != account && is_victim(view, &view->accounts[edge->from])) {
            return true;
        }
    }
    return false;
}

static bool is_share(int64_t part_fen, int64_t whole_fen, int64_t percent) {
    return whole_fen > 0 && part_fen >= money_mul_div(whole_fen, percent, 100);
}

static void count_edges(const sluice_trace_view *view, uint32_t account, trace_role_facts *facts) {
    for (size_t i = 0; i < view->edge_count; i++) {
        const sluice_trace_edge *edge = &view->edges[i];
        if (edge->to == account && edge->from != account) {
            facts->sources++;
        } else if (edge->from == account && edge->sink != UINT32_MAX) {
            facts->cash_places++;
            facts->cash_fen += edge->taint.fen;
        } else if (edge->from == account && edge->to != account) {
            facts->targets++;
            facts->onward_fen += edge->taint.fen;
        }
    }
}

trace_role_facts trace_role_of(const sluice_trace_view *view, size_t index, const trace_role_rule *rule) {
    SLUICE_ASSERT(index < view->account_count && rule->parties > 0 && rule->share_percent > 0);
    const sluice_trace_account *account = &view->accounts[index];
    trace_role_facts facts = {.layer = account->layer,
                              .in_fen = account->in.fen,
                              .held_fen = account->held.fen,
                              .dwell_ms = account->dwell_ms};
    uint64_t parties = (uint64_t)rule->parties;
    count_edges(view, (uint32_t)index, &facts);
    if (is_victim(view, account)) {
        facts.role = TRACE_ROLE_NONE;
    } else if (facts.cash_fen > 0 && is_share(facts.cash_fen, facts.in_fen, rule->share_percent)) {
        facts.role = TRACE_ROLE_CASH_OUT;
    } else if (is_paid_by_victim(view, (uint32_t)index)) {
        facts.role = TRACE_ROLE_FIRST_CARD;
    } else if (facts.sources >= parties && facts.targets * 2 <= facts.sources) {
        facts.role = TRACE_ROLE_COLLECTOR;
    } else if (facts.targets >= parties && facts.sources * 2 <= facts.targets) {
        facts.role = TRACE_ROLE_DISTRIBUTOR;
    } else if (facts.onward_fen > 0 && is_share(facts.onward_fen, facts.in_fen, rule->share_percent)) {
        facts.role = TRACE_ROLE_TRANSIT;
    }
    return facts;
}

/* ---- words ---- */

static const struct {
    const char *zh, *en;
} WHY[TRACE_ROLE_COUNT] = {
    [TRACE_ROLE_CASH_OUT] = {"资金在此变现", "the money is drawn as cash here"},
    [TRACE_ROLE_FIRST_CARD] = {"受害人直接转入（一级卡）", "victims paid into it themselves (first layer)"},
    [TRACE_ROLE_COLLECTOR] = {"多处转入、集中转出", "money comes in from many and leaves to few"},
    [TRACE_ROLE_DISTRIBUTOR] = {"集中转入、分散转出", "money comes in from few and leaves to many"},
    [TRACE_ROLE_TRANSIT] = {"资金过渡", "money passes through"},
};

void trace_role_words(const trace_role_facts *facts, bool chinese, text_writer *words) {
    char in[MONEY_TEXT_BYTES], onward[MONEY_TEXT_BYTES], cash[MONEY_TEXT_BYTES], held[MONEY_TEXT_BYTES];
    char dwell[TIME_TEXT_BYTES];
    if (facts->role == TRACE_ROLE_NONE) {
        return;
    }
    money_format(facts->in_fen, true, in);
    money_format(facts->onward_fen, true, onward);
    money_format(facts->cash_fen, true, cash);
    money_format(facts->held_fen, true, held);
    (void)time_duration_format(facts->dwell_ms < 0 ? 0 : facts->dwell_ms, dwell);
    text_printf(words,
                chinese ? "%s：第%u层，%llu个账户转入被骗资金%s元，转往%llu个账户%s元，%llu处取现%s元，留存%s元"
                        : "%s: layer %u; %llu accounts brought %s yuan of victims' money, %llu accounts got %s, at "
                          "%llu places %s was drawn, %s is left",
                chinese ? WHY[facts->role].zh : WHY[facts->role].en, facts->layer, (unsigned long long)facts->sources,
                in, (unsigned long long)facts->targets, onward, (unsigned long long)facts->cash_places, cash, held);
    if (facts->dwell_ms >= 0) {
        text_printf(words, chinese ? "，停留%s" : "; it stayed %s", dwell);
    }
}
