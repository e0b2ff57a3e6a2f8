/* A centre's own pattern: steps between named accounts, matched around the transfer that is the last of them.
 *
 * The transfer is tried as every step that may be the last one. A plan, made when the text was compiled, says in which
 * order the other steps are looked for: each has at least one account that is known by then, so that its candidates are
 * a part of one series, cut to the times that the window, `after` and `within` leave; when both accounts are known,
 * they are the payments of that pair. Each complete choice of different movements is one occurrence.
 *
 * Cost: the candidates looked at, which the limit bounds. No memory but the stack: 12 steps. */
#include "base/assert.h"
#include "feature/pattern_private.h"

typedef struct choice {
    int64_t time_ms, amount_fen;
    uint32_t movement;
} choice;

typedef struct match {
    pattern_task *task;
    const pattern_own *own;
    uint32_t accounts[PATTERN_NODES_MAX]; /* by node */
    uint16_t known;                       /* nodes */
    uint16_t chosen;                      /* steps */
    choice choices[PATTERN_STEPS_MAX];
} match;

/* ------------------------------------------------------------------------------------------------ the plan */

static bool is_known(uint16_t known, uint8_t node) {
    return node != PATTERN_NODE_CASH && (known >> node & 1) != 0;
}

/* Cash is no node. */
static uint16_t bit(uint8_t number) {
    return number < PATTERN_NODES_MAX ? (uint16_t)(UINT32_C(1) << number) : 0;
}

static uint16_t node_bits(const pattern_step_rule *step) {
    return bit(step->from) | bit(step->to);
}

static bool has_order(const pattern_step_rule *step, uint8_t before) {
    for (uint8_t i = 0; i < step->order_count; i++) {
        if (step->orders[i].step == before) {
            return true;
        }
    }
    return false;
}

/* The fewer candidates a step will have, the higher: both accounts known, then one and a time that is tied to a step.
 */
static int promise(const pattern_own *own, uint8_t step, uint16_t known, uint16_t chosen) {
    const pattern_step_rule *rule = &own->steps[step];
    const int ends = (int)is_known(known, rule->from) + (int)is_known(known, rule->to);
    int ties = 0;
    for (uint8_t i = 0; i < own->step_count; i++) {
        if ((chosen >> i & 1) != 0) {
            ties += (int)has_order(rule, i) + (int)has_order(&own->steps[i], step);
            ties += (int)(rule->has_share && rule->share_of == i);
        }
    }
    return ends == 0 ? 0 : ends * 100 + ties + 1;
}

bool pattern_plan_make(pattern_own *own, uint8_t *step_out) {
    for (uint8_t last = 0; last < own->step_count; last++) {
        pattern_plan *plan = &own->plans[last];
        plan->is_possible = true;
        for (uint8_t i = 0; i < own->step_count; i++) {
            plan->is_possible &= !has_order(&own->steps[i], last);
        }
        uint16_t known = node_bits(&own->steps[last]), chosen = bit(last);
        plan->order[0] = last;
        for (uint8_t at = 1; at < own->step_count; at++) {
            uint8_t best = 0;
            int most = -1;
            for (uint8_t i = 0; i < own->step_count; i++) {
                const int hope = (chosen >> i & 1) != 0 ? -1 : promise(own, i, known, chosen);
                if (hope > most) {
                    most = hope;
                    best = i;
                }
            }
            if (most == 0) {
                *step_out = best;
                return false;
            }
            plan->order[at] = best;
            chosen |= bit(best);
            known |= node_bits(&own->steps[best]);
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------ matching */

static void found(match *m) {
    pattern_task *task = m->task;
    task->hit.count++;
    task->hit.size = m->own->step_count;
    if (task->best != NULL) {
        pattern_members_list *trial = &task->set->trial;
        trial->count = 0;
        for (uint8_t i = 0; i < m->own->step_count; i++) {
            task->failed |= !pattern_members_add(trial, m->choices[i].time_ms, m->choices[i].movement);
        }
        pattern_members_offer(task->best, trial);
    }
}

/* Is `account` different from all accounts that `node` must differ from? */
static bool differs(const match *m, uint8_t node, uint32_t account) {
    const uint32_t others = m->own->differs[node] & m->known;
    for (uint8_t i = 0; others >> i != 0; i++) {
        if ((others >> i & 1) != 0 && i != node && m->accounts[i] == account) {
            return false;
        }
    }
    return true;
}

/* Do time and amount of a movement suit `step`, beside those chosen so far? */
static bool suits(const match *m, uint8_t step, const choice *c) {
    const pattern_step_rule *rule = &m->own->steps[step];
    if (c->amount_fen < rule->amount_min_fen || c->amount_fen > rule->amount_max_fen) {
        return false;
    }
    for (uint8_t i = 0; i < m->own->step_count; i++) {
        if ((m->chosen >> i & 1) == 0) {
            continue;
        }
        const pattern_step_rule *other = &m->own->steps[i];
        if (m->choices[i].movement == c->movement ||
            (rule->has_share && rule->share_of == i &&
             !pattern_share_fits(c->amount_fen, m->choices[i].amount_fen, rule->share_min, rule->share_max)) ||
            (other->has_share && other->share_of == step &&
             !pattern_share_fits(m->choices[i].amount_fen, c->amount_fen, other->share_min, other->share_max))) {
            return false;
        }
    }
    return true;
}

/* The times, both inclusive, that a step may have beside those chosen. */
static void times_of(const match *m, uint8_t step, int64_t *from_ms_out, int64_t *to_ms_out) {
    int64_t from_ms = m->task->after_ms + 1, to_ms = m->task->scene->time_ms;
    const pattern_step_rule *rule = &m->own->steps[step];
    for (uint8_t i = 0; i < rule->order_count; i++) {
        const pattern_order *order = &rule->orders[i];
        if ((m->chosen >> order->step & 1) != 0) {
            const int64_t time_ms = m->choices[order->step].time_ms;
            from_ms = time_ms + 1 > from_ms ? time_ms + 1 : from_ms;
            if (order->within_ms != PATTERN_ALWAYS && time_ms + order->within_ms < to_ms) {
                to_ms = time_ms + order->within_ms;
            }
        }
    }
    for (uint8_t i = 0; i < m->own->step_count; i++) {
        const pattern_step_rule *later = &m->own->steps[i];
        for (uint8_t j = 0; (m->chosen >> i & 1) != 0 && j < later->order_count; j++) {
            if (later->orders[j].step == step) {
                const int64_t time_ms = m->choices[i].time_ms, within_ms = later->orders[j].within_ms;
                to_ms = time_ms - 1 < to_ms ? time_ms - 1 : to_ms;
                if (within_ms != PATTERN_ALWAYS && time_ms - within_ms > from_ms) {
                    from_ms = time_ms - within_ms;
                }
            }
        }
    }
    *from_ms_out = from_ms;
    *to_ms_out = to_ms;
}

static bool match_on(match *m, const pattern_plan *plan, uint8_t at);

/* Takes the entry at `place` of the series of `owner` for a step, if it suits, and goes on. False: stop. */
static bool try_entry(match *m, const pattern_plan *plan, uint8_t at, const recent_series *s, uint32_t place,
                      bool is_out) {
    pattern_task *task = m->task;
    const uint8_t step = plan->order[at];
    const pattern_step_rule *rule = &m->own->steps[step];
    const recent_entry *entry = recent_at(s, place);
    const uint8_t here = is_out ? rule->from : rule->to, there = is_out ? rule->to : rule->from;
    const bool is_cash = (entry->flags & RECENT_IS_CASH) != 0;
    if (is_cash != (rule->to == PATTERN_NODE_CASH) || (!is_cash && entry->other == m->accounts[here])) {
        return true;
    }
    const choice c = {
        .time_ms = entry->time_ms, .amount_fen = pattern_amount(task->scene->r, s, place), .movement = entry->movement};
    const bool was_known = is_cash || is_known(m->known, there);
    if ((!is_cash && was_known && m->accounts[there] != entry->other) || !suits(m, step, &c) ||
        (!was_known && !differs(m, there, entry->other))) {
        return true;
    }
    if (!was_known) {
        m->accounts[there] = entry->other;
        m->known |= bit(there);
    }
    m->choices[step] = c;
    m->chosen |= bit(step);
    const bool go_on = match_on(m, plan, (uint8_t)(at + 1));
    m->chosen ^= bit(step);
    if (!was_known) {
        m->known ^= bit(there);
    }
    return go_on;
}

enum { SCAN_MAX = 16 }; /* entries that are read rather than look up a pair */

static bool match_on(match *m, const pattern_plan *plan, uint8_t at) {
    pattern_task *task = m->task;
    if (at == m->own->step_count) {
        found(m);
        return !task->failed;
    }
    const uint8_t step = plan->order[at];
    const pattern_step_rule *rule = &m->own->steps[step];
    int64_t from_ms, to_ms;
    times_of(m, step, &from_ms, &to_ms);
    if (from_ms > to_ms) {
        return true;
    }
    const bool is_out = is_known(m->known, rule->from);
    recent_series s;
    recent_series_get(task->scene->r, m->accounts[is_out ? rule->from : rule->to], is_out ? RECENT_OUT : RECENT_IN, &s);
    const uint32_t head = recent_after(&s, from_ms - 1), end = recent_after(&s, to_ms);
    recent_pair pair;
    if (!pattern_work(task, 1)) {
        return false;
    }
    if (is_out && is_known(m->known, rule->to) && end - head > SCAN_MAX) {
        if (!recent_pair_get(task->scene->r, m->accounts[rule->from], m->accounts[rule->to], &pair)) {
            return true;
        }
        for (uint32_t place = pair.out_place; place != RECENT_NONE && !pattern_is_before(place, head);
             place = recent_at(&s, place)->previous) {
            if (!pattern_work(task, 1) || (pattern_is_before(place, end) && !try_entry(m, plan, at, &s, place, true))) {
                return false;
            }
        }
        return true;
    }
    for (uint32_t place = head; place != end; place++) {
        if (!pattern_work(task, 1) || !try_entry(m, plan, at, &s, place, is_out)) {
            return false;
        }
    }
    return true;
}

void pattern_own_match(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    const pattern_own *own = task->p->own;
    for (uint8_t step = 0; step < own->step_count; step++) {
        const pattern_step_rule *rule = &own->steps[step];
        if (!own->plans[step].is_possible || (rule->to == PATTERN_NODE_CASH) != scene->is_cash ||
            scene->amount_fen < rule->amount_min_fen || scene->amount_fen > rule->amount_max_fen) {
            continue;
        }
        match m; /* what is known and chosen says which of its places are filled */
        m.task = task;
        m.own = own;
        m.accounts[rule->from] = scene->u;
        m.known = node_bits(rule);
        if (!scene->is_cash) {
            m.accounts[rule->to] = scene->v;
        }
        m.choices[step] = (choice){scene->time_ms, scene->amount_fen, scene->movement};
        m.chosen = bit(step);
        if (!match_on(&m, &own->plans[step], 1)) {
            return;
        }
    }
}
