/* See pattern_oracle.h. Everything is tried: every movement for every place of a pattern, by linear searches. */
#include "support/pattern_oracle.h"

#include <inttypes.h>
#include <string.h>

#define ACCOUNTS 64 /* numbers below this */

typedef struct state {
    const oracle_stream *stream;
    const oracle_pattern *p;
    uint32_t x;
    oracle_hit *hit;
    uint32_t path[ORACLE_LENGTHS];
    uint32_t length;
    int64_t accounts[ORACLE_STEPS_MAX + 1]; /* own: by node, −1 unknown */
    int64_t chosen[ORACLE_STEPS_MAX];       /* own: by step, −1 none */
} state;

static const oracle_movement *at(const state *s, uint32_t i) {
    return &s->stream->items[i];
}

/* Has it arrived, and is it not later than x in time? */
static bool is_there(const state *s, uint32_t i) {
    return i <= s->x && at(s, i)->time_ms <= at(s, s->x)->time_ms;
}

/* A transfer between two accounts that the pattern's amount and window let in. */
static bool is_leg(const state *s, uint32_t i) {
    const oracle_movement *m = at(s, i);
    return is_there(s, i) && !m->is_cash && m->from != m->to && m->received_fen >= s->p->amount_min_fen &&
           m->received_fen <= s->p->amount_max_fen;
}

static bool is_in_window(const state *s, uint32_t i) {
    return is_leg(s, i) && at(s, i)->time_ms > at(s, s->x)->time_ms - s->p->window_ms;
}

/* By time, then arrival. */
static bool is_earlier(const state *s, uint32_t i, uint32_t j) {
    return at(s, i)->time_ms != at(s, j)->time_ms ? at(s, i)->time_ms < at(s, j)->time_ms : i < j;
}

static void sort_members(const state *s, uint32_t *members, size_t count) {
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && is_earlier(s, members[j], members[j - 1]); j--) {
            const uint32_t kept = members[j];
            members[j] = members[j - 1];
            members[j - 1] = kept;
        }
    }
}

/* An occurrence: counts it, and keeps it when it is larger than the best so far, or as large and earlier. */
static void offer(state *s, const uint32_t *members, size_t count, uint32_t size) {
    uint32_t sorted[ORACLE_MOVEMENTS_MAX];
    memcpy(sorted, members, count * sizeof *sorted);
    sort_members(s, sorted, count);
    bool is_better = s->hit->count == 0 || size > s->hit->size;
    if (!is_better && size == s->hit->size) {
        size_t i = 0;
        while (i < count && i < s->hit->member_count && sorted[i] == s->hit->members[i]) {
            i++;
        }
        is_better = i < count && i < s->hit->member_count ? is_earlier(s, sorted[i], s->hit->members[i])
                                                          : count < s->hit->member_count;
    }
    s->hit->count++;
    if (is_better) {
        s->hit->size = size;
        s->hit->member_count = count;
        memcpy(s->hit->members, sorted, count * sizeof *sorted);
    }
}

static uint32_t set_count(const bool *set) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        count += set[i];
    }
    return count;
}

static void fan(state *s, bool is_in) {
    const oracle_movement *x = at(s, s->x);
    bool rim[ACCOUNTS] = {false};
    uint32_t members[ORACLE_MOVEMENTS_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i <= s->x; i++) {
        const oracle_movement *m = at(s, i);
        if (is_in_window(s, i) && (is_in ? m->to == x->to : m->from == x->from)) {
            rim[is_in ? m->from : m->to] = true;
            members[count++] = i;
        }
    }
    if (set_count(rim) >= s->p->min) {
        offer(s, members, count, set_count(rim));
    }
}

static void gather_scatter(state *s) {
    const oracle_movement *x = at(s, s->x);
    const uint32_t u = x->from;
    int64_t gathered_ms = INT64_MAX;
    for (uint32_t i = 0; i <= s->x; i++) {
        bool payers[ACCOUNTS] = {false};
        for (uint32_t j = 0; j <= s->x; j++) {
            if (is_in_window(s, j) && at(s, j)->to == u && at(s, j)->time_ms < x->time_ms &&
                at(s, j)->time_ms <= at(s, i)->time_ms) {
                payers[at(s, j)->from] = true;
            }
        }
        if (set_count(payers) >= s->p->min_payers && at(s, i)->time_ms < gathered_ms) {
            gathered_ms = at(s, i)->time_ms;
        }
    }
    bool payers[ACCOUNTS] = {false}, payees[ACCOUNTS] = {false};
    uint32_t members[ORACLE_MOVEMENTS_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i <= s->x; i++) {
        const oracle_movement *m = at(s, i);
        if (is_in_window(s, i) && m->to == u && m->time_ms < x->time_ms) {
            payers[m->from] = true;
            members[count++] = i;
        } else if (is_in_window(s, i) && m->from == u && m->time_ms > gathered_ms) {
            payees[m->to] = true;
            members[count++] = i;
        }
    }
    if (gathered_ms != INT64_MAX && set_count(payees) >= s->p->min_payees) {
        offer(s, members, count, set_count(payers) + set_count(payees));
    }
}

static void scatter_gather(state *s) {
    const oracle_movement *x = at(s, s->x);
    const uint32_t d = x->to;
    for (uint32_t source = 0; source < ACCOUNTS; source++) {
        uint32_t members[ORACLE_MOVEMENTS_MAX], middles = 0;
        size_t count = 0;
        bool is_through_x = false;
        for (uint32_t m = 0; m < ACCOUNTS && source != d; m++) {
            bool has_second = false, has_first = false;
            uint32_t second = 0, first = 0;
            for (uint32_t i = 0; i <= s->x; i++) {
                if (is_in_window(s, i) && at(s, i)->from == m && at(s, i)->to == d &&
                    (!has_second || is_earlier(s, second, i))) {
                    second = i;
                    has_second = true;
                }
            }
            for (uint32_t i = 0; i <= s->x && has_second; i++) {
                if (is_in_window(s, i) && at(s, i)->from == source && at(s, i)->to == m &&
                    at(s, i)->time_ms < at(s, second)->time_ms && (!has_first || is_earlier(s, i, first))) {
                    first = i;
                    has_first = true;
                }
            }
            if (has_first) {
                middles++;
                members[count++] = first;
                members[count++] = second;
                is_through_x |= m == x->from;
            }
        }
        if (is_through_x && middles >= s->p->min) {
            offer(s, members, count, middles);
        }
    }
}

static void bipartite(state *s) {
    const oracle_movement *x = at(s, s->x);
    static bool pays[ACCOUNTS][ACCOUNTS];
    memset(pays, 0, sizeof pays);
    for (uint32_t i = 0; i <= s->x; i++) {
        if (is_in_window(s, i)) {
            pays[at(s, i)->from][at(s, i)->to] = true;
        }
    }
    bool payers[ACCOUNTS] = {false};
    for (uint32_t a = 0; a < ACCOUNTS; a++) {
        uint32_t shared = 0;
        for (uint32_t b = 0; b < ACCOUNTS; b++) {
            shared += pays[a][b] && pays[x->from][b];
        }
        payers[a] = pays[a][x->to] && shared >= s->p->min_payees;
    }
    if (!payers[x->from] || set_count(payers) < s->p->min_payers) {
        return;
    }
    uint32_t members[ORACLE_MOVEMENTS_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i <= s->x; i++) {
        if (is_in_window(s, i) && payers[at(s, i)->from] && pays[x->from][at(s, i)->to]) {
            members[count++] = i;
        }
    }
    offer(s, members, count, set_count(payers));
}

static void stack(state *s) {
    const oracle_movement *x = at(s, s->x);
    const uint32_t v = x->to;
    bool middles[ACCOUNTS] = {false};
    int64_t paid_ms[ACCOUNTS], received_ms[ACCOUNTS];
    for (uint32_t m = 0; m < ACCOUNTS; m++) {
        paid_ms[m] = INT64_MIN;
        received_ms[m] = INT64_MAX;
        for (uint32_t i = 0; i <= s->x; i++) {
            if (is_in_window(s, i) && at(s, i)->from == m && at(s, i)->to == v && at(s, i)->time_ms > paid_ms[m]) {
                paid_ms[m] = at(s, i)->time_ms;
            }
        }
        for (uint32_t i = 0; i <= s->x; i++) {
            if (is_in_window(s, i) && at(s, i)->to == m && at(s, i)->from != v && at(s, i)->time_ms < paid_ms[m] &&
                at(s, i)->time_ms < received_ms[m]) {
                received_ms[m] = at(s, i)->time_ms;
            }
        }
        middles[m] = received_ms[m] != INT64_MAX;
    }
    uint32_t touched_in[ACCOUNTS] = {0}, touched_out[ACCOUNTS] = {0};
    uint32_t members[ORACLE_MOVEMENTS_MAX];
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        static bool seen_in[ACCOUNTS][ACCOUNTS], seen_out[ACCOUNTS][ACCOUNTS];
        memset(seen_in, 0, sizeof seen_in);
        memset(seen_out, 0, sizeof seen_out);
        for (uint32_t i = 0; i <= s->x; i++) {
            const oracle_movement *m = at(s, i);
            if (!is_in_window(s, i)) {
                continue;
            }
            const bool is_first = middles[m->to] && !middles[m->from] && m->from != v && m->time_ms < paid_ms[m->to];
            const bool is_second = middles[m->from] && !middles[m->to] && m->time_ms > received_ms[m->from];
            if (pass == 1) {
                if ((is_first && touched_in[m->from] >= 2) || (is_second && touched_out[m->to] >= 2)) {
                    members[count++] = i;
                }
                continue;
            }
            if (is_first && !seen_in[m->from][m->to]) {
                seen_in[m->from][m->to] = true;
                touched_in[m->from]++;
            }
            if (is_second && !seen_out[m->from][m->to]) {
                seen_out[m->from][m->to] = true;
                touched_out[m->to]++;
            }
        }
    }
    uint32_t payers = 0, payees = 0;
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        payers += touched_in[i] >= 2;
        payees += touched_out[i] >= 2;
    }
    if (middles[x->from] && set_count(middles) >= s->p->min_middle && payers >= s->p->min_payers &&
        payees >= s->p->min_payees) {
        offer(s, members, count, set_count(middles));
    }
}

/* path[0 … length) are transfers that follow one another; the next one starts where the last one ended. */
static void cycle_on(state *s) {
    const oracle_movement *x = at(s, s->x), *last = at(s, s->path[s->length - 1]);
    if (last->to == x->from) {
        const uint32_t length = s->length + 1;
        if (length >= s->p->min_length && length <= s->p->max_length) {
            s->path[s->length] = s->x;
            s->hit->histogram[length]++;
            offer(s, s->path, length, length);
        }
        return;
    }
    for (uint32_t i = 0; i <= s->x; i++) {
        const oracle_movement *m = at(s, i);
        if (!is_leg(s, i) || m->from != last->to || m->time_ms <= last->time_ms || m->time_ms >= x->time_ms ||
            m->to == x->to) {
            continue;
        }
        bool is_seen = false;
        for (uint32_t j = 0; j < s->length; j++) {
            is_seen |= at(s, s->path[j])->to == m->to;
        }
        if (!is_seen) {
            s->path[s->length++] = i;
            cycle_on(s);
            s->length--;
        }
    }
}

static void cycle(state *s) {
    const oracle_movement *x = at(s, s->x);
    for (uint32_t i = 0; i <= s->x; i++) {
        if (is_leg(s, i) && at(s, i)->from == x->to && at(s, i)->time_ms < x->time_ms &&
            at(s, i)->time_ms >= x->time_ms - s->p->window_ms) {
            s->path[0] = i;
            s->length = 1;
            cycle_on(s);
        }
    }
}

/* path[0 … length) goes back in time from x. */
static void chain_on(state *s) {
    if (s->length >= s->p->min_length) {
        offer(s, s->path, s->length, s->length);
    }
    if (s->length == s->p->max_length) {
        return;
    }
    const oracle_movement *first = at(s, s->path[s->length - 1]);
    for (uint32_t i = 0; i <= s->x; i++) {
        const oracle_movement *m = at(s, i);
        if (!is_in_window(s, i) || m->to != first->from || m->time_ms >= first->time_ms ||
            first->time_ms - m->time_ms > s->p->gap_ms ||
            first->received_fen * 100 < m->received_fen * s->p->share_min ||
            first->received_fen * 100 > m->received_fen * s->p->share_max) {
            continue;
        }
        bool is_seen = false;
        for (uint32_t j = 0; j < s->length; j++) {
            is_seen |= at(s, s->path[j])->to == m->from || at(s, s->path[j])->from == m->from;
        }
        if (!is_seen) {
            s->path[s->length++] = i;
            chain_on(s);
            s->length--;
        }
    }
}

static int64_t step_amount(const oracle_movement *m) {
    return m->is_cash ? m->amount_fen : m->received_fen;
}

/* Do the movements chosen for two steps suit each other? */
static bool pair_suits(const state *s, int later, int earlier) {
    const oracle_step *rule = &s->p->steps[later];
    const oracle_movement *b = at(s, (uint32_t)s->chosen[later]), *a = at(s, (uint32_t)s->chosen[earlier]);
    if (rule->after[earlier] && (b->time_ms <= a->time_ms || (rule->within_ms[earlier] != 0 &&
                                                              b->time_ms - a->time_ms > rule->within_ms[earlier]))) {
        return false;
    }
    return rule->share_of != earlier || (step_amount(b) * 100 >= step_amount(a) * rule->share_min &&
                                         step_amount(b) * 100 <= step_amount(a) * rule->share_max);
}

static bool node_suits(const state *s, int node, uint32_t account) {
    if (s->accounts[node] >= 0) {
        return s->accounts[node] == account;
    }
    for (int other = 0; other < s->p->node_count; other++) {
        if (s->p->differs[node][other] && other != node && s->accounts[other] == account) {
            return false;
        }
    }
    return true;
}

/* Fills the steps from `step` on in every way. */
static void own_on(state *s, int step) {
    if (step == s->p->step_count) {
        uint32_t members[ORACLE_STEPS_MAX];
        bool has_x = false;
        for (int i = 0; i < step; i++) {
            members[i] = (uint32_t)s->chosen[i];
            has_x |= members[i] == s->x;
        }
        if (has_x) {
            offer(s, members, (size_t)step, (uint32_t)step);
        }
        return;
    }
    const oracle_step *rule = &s->p->steps[step];
    for (uint32_t i = 0; i <= s->x; i++) {
        const oracle_movement *m = at(s, i);
        if (!is_there(s, i) || m->time_ms <= at(s, s->x)->time_ms - s->p->window_ms || m->is_cash != (rule->to < 0) ||
            (!m->is_cash && m->from == m->to) || step_amount(m) < rule->amount_min_fen ||
            step_amount(m) > rule->amount_max_fen) {
            continue;
        }
        bool suits = true;
        s->chosen[step] = i;
        for (int j = 0; j < step && suits; j++) {
            suits = s->chosen[j] != i && pair_suits(s, step, j);
        }
        int64_t kept[ORACLE_STEPS_MAX + 1];
        memcpy(kept, s->accounts, sizeof kept);
        if (suits && node_suits(s, rule->from, m->from)) {
            s->accounts[rule->from] = m->from;
            if (rule->to < 0 || node_suits(s, rule->to, m->to)) {
                if (rule->to >= 0) {
                    s->accounts[rule->to] = m->to;
                }
                own_on(s, step + 1);
            }
        }
        memcpy(s->accounts, kept, sizeof kept);
    }
    s->chosen[step] = -1;
}

void oracle_match(const oracle_stream *stream, const oracle_pattern *pattern, uint32_t x, oracle_hit *hit) {
    memset(hit, 0, sizeof *hit);
    state s = {.stream = stream, .p = pattern, .x = x, .hit = hit};
    for (int i = 0; i <= ORACLE_STEPS_MAX; i++) {
        s.accounts[i] = -1;
    }
    if (pattern->kind == ORACLE_OWN) {
        if (at(&s, x)->is_cash || at(&s, x)->from != at(&s, x)->to) {
            own_on(&s, 0);
        }
        return;
    }
    if (!is_leg(&s, x)) {
        return;
    }
    switch (pattern->kind) {
    case ORACLE_FAN_IN:
    case ORACLE_FAN_OUT:
        fan(&s, pattern->kind == ORACLE_FAN_IN);
        return;
    case ORACLE_GATHER_SCATTER:
        gather_scatter(&s);
        return;
    case ORACLE_SCATTER_GATHER:
        scatter_gather(&s);
        return;
    case ORACLE_BIPARTITE:
        bipartite(&s);
        return;
    case ORACLE_STACK:
        stack(&s);
        return;
    case ORACLE_CYCLE:
        cycle(&s);
        return;
    default:
        s.path[0] = x;
        s.length = 1;
        chain_on(&s);
        return;
    }
}

/* ------------------------------------------------------------------------------------------------ patterns by chance
 */

static void draw_steps(random_stream *random, oracle_pattern *p) {
    p->step_count = 1 + (int)random_below(random, ORACLE_STEPS_MAX);
    p->node_count = 0;
    for (int i = 0; i < p->step_count; i++) {
        oracle_step *step = &p->steps[i];
        *step = (oracle_step){.share_of = -1, .amount_max_fen = INT64_MAX};
        /* One account of the steps before, so that all hang together; or, first, a new one. */
        int known = i == 0 ? p->node_count++ : (int)random_below(random, (uint64_t)p->node_count);
        int other = p->node_count;
        if (i > 0 && p->node_count > 1 && random_chance(random, 1, 3)) {
            other = (int)random_below(random, (uint64_t)p->node_count);
        }
        if (other == known) {
            other = p->node_count;
        }
        p->node_count += other == p->node_count;
        const bool is_turned = random_chance(random, 1, 2);
        step->from = is_turned ? other : known;
        step->to = is_turned ? known : other;
        if (i > 0 && other == p->node_count - 1 && random_chance(random, 1, 8)) {
            step->from = known; /* a withdrawal; the new account is not used after all */
            step->to = -1;
            bool is_used = false;
            for (int j = 0; j < i; j++) {
                is_used |= p->steps[j].from == other || p->steps[j].to == other;
            }
            p->node_count -= !is_used;
        }
        step->amount_min_fen = random_chance(random, 1, 4) ? random_between(random, 0, 600) : 0;
        if (random_chance(random, 1, 6)) {
            step->amount_max_fen = step->amount_min_fen + random_between(random, 0, 600);
        }
        for (int j = 0; j < i; j++) {
            step->after[j] = random_chance(random, 1, 3);
            step->within_ms[j] = random_chance(random, 1, 2) ? random_between(random, 1, 20) * 1000 : 0;
        }
        if (i > 0 && random_chance(random, 1, 4)) {
            step->share_of = (int)random_below(random, (uint64_t)i);
            step->share_min = random_between(random, 0, 100);
            step->share_max = step->share_min + random_between(random, 0, 200);
        }
    }
    p->distinct_nodes = random_chance(random, 1, 3) ? 0 : (uint32_t)random_below(random, UINT64_C(1) << p->node_count);
    for (int i = 0; i < p->node_count; i++) {
        for (int j = 0; j < p->node_count; j++) {
            p->differs[i][j] = (p->distinct_nodes >> i & 1) != 0 && (p->distinct_nodes >> j & 1) != 0;
        }
    }
}

void oracle_pattern_draw(random_stream *random, oracle_pattern *p) {
    *p = (oracle_pattern){.kind = (oracle_kind)random_below(random, ORACLE_KIND_COUNT), .amount_max_fen = INT64_MAX};
    p->window_ms = random_between(random, 1, 60) * (random_chance(random, 1, 10) ? 10000 : 1000);
    if (random_chance(random, 1, 3)) {
        p->amount_min_fen = random_between(random, 0, 500);
    }
    if (random_chance(random, 1, 6)) {
        p->amount_max_fen = p->amount_min_fen + random_between(random, 0, 900);
    }
    p->min = 1 + (uint32_t)random_below(random, 4);
    p->min_payers = 1 + (uint32_t)random_below(random, 3);
    p->min_middle = 1 + (uint32_t)random_below(random, 3);
    p->min_payees = 1 + (uint32_t)random_below(random, 3);
    p->min_length = 2 + (uint32_t)random_below(random, 3);
    p->max_length = p->min_length + (uint32_t)random_below(random, 5);
    p->gap_ms = random_between(random, 1, 30) * 1000;
    p->share_min = random_between(random, 0, 100);
    p->share_max = p->share_min + random_between(random, 0, 200);
    if (p->kind == ORACLE_OWN) {
        p->amount_min_fen = 0;
        p->amount_max_fen = INT64_MAX;
        draw_steps(random, p);
    }
}

static void write_amount(text_writer *out, int64_t min_fen, int64_t max_fen) {
    if (min_fen > 0 && max_fen != INT64_MAX) {
        text_printf(out, " amount %" PRId64 ".%02" PRId64 "..%" PRId64 ".%02" PRId64 " yuan", min_fen / 100,
                    min_fen % 100, max_fen / 100, max_fen % 100);
        return;
    }
    if (min_fen > 0) {
        text_printf(out, " amount >= %" PRId64 ".%02" PRId64 " yuan", min_fen / 100, min_fen % 100);
    }
    if (max_fen != INT64_MAX) {
        text_printf(out, " amount <= %" PRId64 ".%02" PRId64 " yuan", max_fen / 100, max_fen % 100);
    }
}

static void write_steps(const oracle_pattern *p, text_writer *out) {
    for (int i = 0; i < p->step_count; i++) {
        const oracle_step *step = &p->steps[i];
        text_printf(out, "  step s%d: %c -> ", i, 'a' + step->from);
        if (step->to < 0) {
            text_printf(out, "cash");
        } else {
            text_printf(out, "%c", 'a' + step->to);
        }
        write_amount(out, step->amount_min_fen, step->amount_max_fen);
        if (step->share_of >= 0) {
            text_printf(out, " amount %" PRId64 "%%..%" PRId64 "%% of s%d", step->share_min, step->share_max,
                        step->share_of);
        }
        for (int j = 0; j < i; j++) {
            if (step->after[j]) {
                text_printf(out, " after s%d", j);
                if (step->within_ms[j] != 0) {
                    text_printf(out, " within %" PRId64 "ms", step->within_ms[j]);
                }
            }
        }
        text_printf(out, "\n");
    }
    const char *separator = "  distinct ";
    for (int i = 0; i < p->node_count; i++) {
        if ((p->distinct_nodes >> i & 1) != 0) {
            text_printf(out, "%s%c", separator, 'a' + i);
            separator = ", ";
        }
    }
}

void oracle_pattern_write(const oracle_pattern *p, const char *name, text_writer *out) {
    static const char *const KINDS[] = {"fan-in",    "fan-out", "gather-scatter", "scatter-gather",
                                        "bipartite", "stack",   "cycle",          "pass-through"};
    text_printf(out, "pattern %s {\n  window %" PRId64 "ms limit 0\n", name, p->window_ms);
    if (p->kind == ORACLE_OWN) {
        write_steps(p, out);
        text_printf(out, "\n}\n");
        return;
    }
    text_printf(out, "  kind %s", KINDS[p->kind]);
    write_amount(out, p->amount_min_fen, p->amount_max_fen);
    switch (p->kind) {
    case ORACLE_FAN_IN:
    case ORACLE_FAN_OUT:
    case ORACLE_SCATTER_GATHER:
        text_printf(out, " min %u", p->min);
        break;
    case ORACLE_STACK:
        text_printf(out, " min-middle %u", p->min_middle);
        /* fall through */
    case ORACLE_GATHER_SCATTER:
    case ORACLE_BIPARTITE:
        text_printf(out, " min-payers %u min-payees %u", p->min_payers, p->min_payees);
        break;
    case ORACLE_CYCLE:
        text_printf(out, " min-length %u max-length %u", p->min_length, p->max_length);
        break;
    default:
        text_printf(out, " min-length %u max-length %u gap %" PRId64 "ms share %" PRId64 "%%..%" PRId64 "%%",
                    p->min_length, p->max_length, p->gap_ms, p->share_min, p->share_max);
    }
    text_printf(out, "\n}\n");
}
