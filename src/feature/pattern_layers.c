/* Patterns of two and three layers of accounts: scatter-gather, bipartite, stack.
 *
 * scatter-gather   s → m1 … mk → d      at m → d: for each s that paid m, the accounts through which money went on from
 * s to d, each second leg after a first one; the best s has size of them bipartite        u, u2 … → v, v2 …    at u →
 * v: the payers of v that share `min-payees` payees with u, v one of them stack            a … → m … → c …      at m →
 * v: the payers of v that were paid before; what pays and what is paid by at least two of them is the first and the
 * third layer
 *
 * All are counted with marks in a scratch table, reading the smaller side. Cost: stated at each; the limit of work
 * bounds it. */
#include <stdlib.h>

#include "base/memory.h"
#include "feature/pattern_private.h"

static pattern_node *mark(pattern_task *task, pattern_nodes *marks, uint32_t account, bool *is_new_out) {
    const uint32_t place = pattern_nodes_take(marks, account, is_new_out);
    if (place == UINT32_MAX) {
        task->failed = true;
        return NULL;
    }
    return &marks->items[place];
}

static pattern_node *marked(pattern_nodes *marks, uint32_t account) {
    const uint32_t place = pattern_nodes_find(marks, account);
    return place == UINT32_MAX ? NULL : &marks->items[place];
}

static bool fits(const pattern_task *task, const recent_series *s, uint32_t place, uint32_t owner) {
    return pattern_entry_fits(task->scene->r, task->p, s, place, owner);
}

static bool member(pattern_task *task, pattern_members_list *list, const recent_entry *entry) {
    if (!pattern_members_add(list, entry->time_ms, entry->movement)) {
        task->failed = true;
    }
    return !task->failed;
}

/* The window of an account's series. */
typedef struct span {
    recent_series s;
    uint32_t head, end;
} span;

static span span_of(const pattern_task *task, uint32_t account, recent_direction direction) {
    span w;
    recent_series_get(task->scene->r, account, direction, &w.s);
    w.head = recent_after(&w.s, task->after_ms);
    w.end = recent_after(&w.s, task->scene->time_ms);
    return w;
}

static uint32_t span_count(const span *w) {
    return w->end - w->head;
}

/* ------------------------------------------------------------------------------------------------ scatter-gather
 * Marks: the payers m' of d; time_ms is the latest time of m' → d, stamp the last s that was seen to pay it in time. */

/* The first entry s → m' of the window that fits, before `before_ms`; NULL if there is none. From the pair, back in
 * time. */
static const recent_entry *first_leg(pattern_task *task, const span *out, uint32_t s, uint32_t middle,
                                     int64_t before_ms) {
    recent_pair pair;
    const recent_entry *found = NULL;
    task->work += 2;
    if (!recent_pair_get(task->scene->r, s, middle, &pair)) {
        return NULL;
    }
    for (uint32_t place = pair.out_place; place != RECENT_NONE && !pattern_is_before(place, out->head);
         place = recent_at(&out->s, place)->previous) {
        task->work++;
        if (recent_at(&out->s, place)->time_ms < before_ms && fits(task, &out->s, place, s)) {
            found = recent_at(&out->s, place);
        }
    }
    return found;
}

/* How many accounts money went through from s to d. */
static uint32_t middle_count(pattern_task *task, pattern_nodes *marks, uint32_t s, uint32_t stamp) {
    const span out = span_of(task, s, RECENT_OUT);
    const uint32_t entries = span_count(&out);
    uint32_t middles = 0;
    task->work++;
    if (entries < task->p->min || marks->count < task->p->min) {
        return 0;
    }
    if (entries / 4 <= marks->count) {
        task->work += entries;
        for (uint32_t place = out.head; place != out.end; place++) {
            const recent_entry *entry = recent_at(&out.s, place);
            pattern_node *m = marked(marks, entry->other);
            if (m != NULL && m->stamp != stamp && entry->time_ms < m->time_ms && fits(task, &out.s, place, s)) {
                m->stamp = stamp;
                middles++;
            }
        }
        return middles;
    }
    for (size_t i = 0; i < marks->count; i++) {
        const pattern_node *m = &marks->items[i];
        middles += m->account != s && first_leg(task, &out, s, m->account, m->time_ms) != NULL;
    }
    return middles;
}

/* Both legs of every middle account of s: the earliest first one and the latest second one. */
static void scatter_members(pattern_task *task, pattern_nodes *marks, uint32_t s) {
    const span out = span_of(task, s, RECENT_OUT);
    pattern_members_list *trial = &task->set->trial;
    trial->count = 0;
    for (size_t i = 0; i < marks->count && !task->failed; i++) {
        const pattern_node *m = &marks->items[i];
        const recent_entry *leg = m->account == s ? NULL : first_leg(task, &out, s, m->account, m->time_ms);
        if (leg != NULL && member(task, trial, leg)) {
            task->failed |= !pattern_members_add(trial, m->time_ms, m->chain);
        }
    }
    if (!task->failed) {
        pattern_members_offer(task->best, trial);
    }
}

/* Cost: the payers of d, and for each payer s of m the smaller of what it paid out and the payers of d. */
void pattern_scatter_gather(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    const uint32_t d = scene->v, end = scene->x_in + 1;
    if (!pattern_has(&scene->in_u, scene->in_u_end, 1, task->after_ms) ||
        !pattern_has(&scene->in_v, end, task->p->min, task->after_ms)) {
        return;
    }
    const uint32_t head = recent_after(&scene->in_v, task->after_ms);
    if (!pattern_work(task, end - head)) {
        return;
    }
    pattern_nodes *marks = &task->set->marks, *sources = &task->set->more_marks;
    pattern_nodes_clear(marks);
    pattern_nodes_clear(sources);
    bool is_new;
    for (uint32_t place = head; place != end; place++) {
        if (fits(task, &scene->in_v, place, d)) {
            const recent_entry *entry = recent_at(&scene->in_v, place);
            pattern_node *m = mark(task, marks, entry->other, &is_new);
            if (m == NULL) {
                return;
            }
            m->time_ms = entry->time_ms;
            m->chain = entry->movement;
        }
    }
    if (marks->count < task->p->min) {
        return;
    }
    const uint32_t paid = recent_after(&scene->in_u, task->after_ms);
    pattern_bring_others(scene->r, &scene->in_u, paid, scene->in_u_end, RECENT_OUT);
    for (uint32_t place = paid; place != scene->in_u_end; place++) {
        const uint32_t s = recent_at(&scene->in_u, place)->other;
        if (!pattern_work(task, 1) || task->failed) {
            return;
        }
        if (s == d || !fits(task, &scene->in_u, place, scene->u) || mark(task, sources, s, &is_new) == NULL ||
            !is_new) {
            continue;
        }
        const uint32_t middles = middle_count(task, marks, s, (uint32_t)sources->count);
        if (middles < task->p->min) {
            continue;
        }
        task->hit.count++;
        if (task->best != NULL && middles >= task->hit.size) {
            if (middles > task->hit.size) {
                task->best->count = 0;
            }
            scatter_members(task, marks, s);
        }
        task->hit.size = middles > task->hit.size ? middles : task->hit.size;
    }
}

/* ------------------------------------------------------------------------------------------------ bipartite
 * Payees of u with the number of their payments in the window, fewest first, are read for their payers; a payer of
 * enough of them must be among the payers of the first k − min-payees + 1, and those of the rest are only looked up. */

static bool pays(pattern_task *task, uint32_t payer, uint32_t payee) {
    recent_pair pair;
    task->work += 2;
    if (!recent_pair_get(task->scene->r, payer, payee, &pair)) {
        return false;
    }
    const span out = span_of(task, payer, RECENT_OUT);
    for (uint32_t place = pair.out_place; place != RECENT_NONE && !pattern_is_before(place, out.head);
         place = recent_at(&out.s, place)->previous) {
        task->work++;
        if (pattern_is_before(place, out.end) && fits(task, &out.s, place, payer)) {
            return true;
        }
    }
    return false;
}

static int fewer_first(const void *a, const void *b) {
    const pattern_node *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? -1 : 1;
    }
    return x->account < y->account ? -1 : 1;
}

/* Marks the payees of u; sorts them by how much there is to read at each; false: too few, or no memory. */
static bool payees_of(pattern_task *task, pattern_nodes *payees) {
    const pattern_scene *scene = task->scene;
    bool is_new;
    pattern_nodes_clear(payees);
    for (uint32_t place = recent_after(&scene->out_u, task->after_ms); place != scene->x_out + 1; place++) {
        if (!pattern_work(task, 1)) {
            return false;
        }
        if (fits(task, &scene->out_u, place, scene->u)) {
            pattern_node *payee = mark(task, payees, recent_at(&scene->out_u, place)->other, &is_new);
            if (payee == NULL) {
                return false;
            }
        }
    }
    if (payees->count < task->p->min_payees) {
        return false;
    }
    pattern_nodes_bring(payees, scene->r, RECENT_IN);
    for (size_t i = 0; i < payees->count; i++) {
        const span in = span_of(task, payees->items[i].account, RECENT_IN);
        payees->items[i].count = span_count(&in);
    }
    qsort(payees->items, payees->count, sizeof *payees->items, fewer_first); /* slots[] are not used any more */
    return pattern_work(task, payees->count * 2);
}

/* Counts in payers->count of how many of the payees each is a payer. Those that u alone paid once tell nothing of the
 * others, and are left out if others are asked for. */
static bool count_payers(pattern_task *task, const pattern_nodes *payees, pattern_nodes *payers) {
    size_t first = 0;
    while (task->p->min_payers > 1 && first < payees->count && payees->items[first].count < 2) {
        first++;
    }
    if (payees->count - first < task->p->min_payees) {
        return false;
    }
    const size_t listed = payees->count - task->p->min_payees + 1;
    bool is_new;
    pattern_nodes_clear(payers);
    for (size_t i = first; i < payees->count; i++) {
        const uint32_t payee = payees->items[i].account, stamp = (uint32_t)i + 1;
        if (i >= listed && payers->count < payees->items[i].count / 4) {
            for (size_t j = 0; j < payers->count && payers->items != NULL; j++) {
                pattern_node *payer = &payers->items[j];
                if (payer->account != payee && pays(task, payer->account, payee)) {
                    payer->count++;
                    payer->is_marked |= payee == task->scene->v;
                }
            }
            if (!pattern_work(task, 0)) {
                return false;
            }
            continue;
        }
        const span in = span_of(task, payee, RECENT_IN);
        for (uint32_t place = in.head; place != in.end; place++) {
            if (!pattern_work(task, 1)) {
                return false;
            }
            if (!fits(task, &in.s, place, payee)) {
                continue;
            }
            const uint32_t account = recent_at(&in.s, place)->other;
            pattern_node *payer = i < listed ? mark(task, payers, account, &is_new) : marked(payers, account);
            if (payer != NULL && payer->stamp != stamp) {
                payer->stamp = stamp;
                payer->count++;
                payer->is_marked |= payee == task->scene->v;
            }
            if (task->failed) {
                return false;
            }
        }
    }
    return true;
}

/* Cost: the payees of u and their payments, the busiest left out as far as can be. */
void pattern_bipartite(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    if (!pattern_has(&scene->out_u, scene->x_out + 1, task->p->min_payees, task->after_ms) ||
        !pattern_has(&scene->in_v, scene->x_in + 1, task->p->min_payers, task->after_ms)) {
        return;
    }
    pattern_nodes *payees = &task->set->marks, *payers = &task->set->more_marks;
    if (!payees_of(task, payees) || !count_payers(task, payees, payers)) {
        return;
    }
    uint32_t size = 0;
    for (size_t i = 0; i < payers->count; i++) {
        size += payers->items[i].is_marked && payers->items[i].count >= task->p->min_payees;
    }
    if (size < task->p->min_payers) {
        return;
    }
    task->hit.count = 1;
    task->hit.size = size;
    for (size_t i = 0; task->best != NULL && i < payees->count; i++) {
        const span in = span_of(task, payees->items[i].account, RECENT_IN);
        for (uint32_t place = in.head; place != in.end && !task->failed; place++) {
            const pattern_node *payer = marked(payers, recent_at(&in.s, place)->other);
            if (payer != NULL && payer->is_marked && payer->count >= task->p->min_payees &&
                fits(task, &in.s, place, payees->items[i].account)) {
                (void)member(task, task->best, recent_at(&in.s, place));
            }
        }
    }
    if (task->best != NULL) {
        pattern_members_sort(task->best);
    }
}

/* ------------------------------------------------------------------------------------------------ stack
 * Marks: the middle accounts, with time_ms of the latest payment to v and other_ms of the first receipt. */

/* The first receipt of m in the window before `before_ms`; false if there is none. */
static bool first_receipt(pattern_task *task, uint32_t m, int64_t before_ms, int64_t *first_ms_out) {
    const span in = span_of(task, m, RECENT_IN);
    task->work += 2;
    for (uint32_t place = in.head; place != in.end && recent_at(&in.s, place)->time_ms < before_ms; place++) {
        task->work++;
        if (recent_at(&in.s, place)->other != task->scene->v && fits(task, &in.s, place, m)) {
            *first_ms_out = recent_at(&in.s, place)->time_ms;
            return true;
        }
    }
    return false;
}

static bool middles_of(pattern_task *task, pattern_nodes *middles) {
    const pattern_scene *scene = task->scene;
    bool is_new;
    int64_t first_ms;
    pattern_nodes_clear(middles);
    if (!first_receipt(task, scene->u, scene->time_ms, &first_ms)) {
        return false;
    }
    const uint32_t head = recent_after(&scene->in_v, task->after_ms);
    if (scene->x_in + 1 - head < task->p->min_middle || !pattern_work(task, scene->x_in + 1 - head)) {
        return false;
    }
    for (uint32_t place = head; place != scene->x_in + 1; place++) {
        if (fits(task, &scene->in_v, place, scene->v)) {
            pattern_node *m = mark(task, middles, recent_at(&scene->in_v, place)->other, &is_new);
            if (m == NULL) {
                return false;
            }
            m->time_ms = recent_at(&scene->in_v, place)->time_ms;
        }
    }
    uint32_t count = 0;
    pattern_nodes_bring(middles, scene->r, RECENT_IN);
    for (size_t i = 0; i < middles->count; i++) {
        pattern_node *m = &middles->items[i];
        m->is_marked = first_receipt(task, m->account, m->time_ms, &m->other_ms);
        count += m->is_marked;
        if (!pattern_work(task, 0)) {
            return false;
        }
    }
    task->hit.size = count;
    return count >= task->p->min_middle;
}

static bool is_middle(pattern_nodes *middles, uint32_t account) {
    const pattern_node *m = marked(middles, account);
    return m != NULL && m->is_marked;
}

/* What one middle account's series adds to a layer: by counterparty, of how many middle accounts; or, with `members`,
 * the movements whose counterparty is in the layer. */
static bool layer_add(pattern_task *task, pattern_nodes *middles, const pattern_node *m, recent_direction direction,
                      pattern_nodes *layer, uint32_t stamp, pattern_members_list *members) {
    const span w = span_of(task, m->account, direction);
    bool is_new;
    for (uint32_t place = w.head; place != w.end; place++) {
        const recent_entry *entry = recent_at(&w.s, place);
        if (!pattern_work(task, 1)) {
            return false;
        }
        if ((direction == RECENT_IN ? entry->time_ms >= m->time_ms || entry->other == task->scene->v
                                    : entry->time_ms <= m->other_ms) ||
            !fits(task, &w.s, place, m->account) || is_middle(middles, entry->other)) {
            continue;
        }
        pattern_node *other = members != NULL ? marked(layer, entry->other) : mark(task, layer, entry->other, &is_new);
        if (task->failed) {
            return false;
        }
        if (members != NULL) {
            if (other != NULL && other->count >= 2 && !member(task, members, entry)) {
                return false;
            }
        } else if (other->stamp != stamp) {
            other->stamp = stamp;
            other->count++;
        }
    }
    return true;
}

/* Accounts of a layer that touch two middle accounts or more. `members`: adds their movements. */
static bool layer_of(pattern_task *task, pattern_nodes *middles, recent_direction direction, pattern_nodes *layer,
                     uint32_t *size_out, pattern_members_list *members) {
    pattern_nodes_clear(layer);
    *size_out = 0;
    for (int pass = 0; pass < (members != NULL ? 2 : 1); pass++) {
        for (size_t i = 0; i < middles->count; i++) {
            const pattern_node *m = &middles->items[i];
            if (m->is_marked &&
                !layer_add(task, middles, m, direction, layer, (uint32_t)i + 1, pass == 0 ? NULL : members)) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < layer->count; i++) {
        *size_out += layer->items[i].count >= 2;
    }
    return true;
}

/* Cost: the payers of v, and for those that were paid before, all they received and paid in the window. */
void pattern_stack(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    if (!pattern_has(&scene->in_u, scene->in_u_end, 1, task->after_ms) ||
        !pattern_has(&scene->in_v, scene->x_in + 1, task->p->min_middle, task->after_ms)) {
        return;
    }
    pattern_nodes *middles = &task->set->marks, *layer = &task->set->more_marks;
    uint32_t payers, payees, middle_count;
    if (!middles_of(task, middles)) {
        task->hit.size = 0;
        return;
    }
    middle_count = task->hit.size;
    task->hit.size = 0;
    if (!layer_of(task, middles, RECENT_IN, layer, &payers, task->best) || payers < task->p->min_payers ||
        !layer_of(task, middles, RECENT_OUT, layer, &payees, task->best) || payees < task->p->min_payees) {
        if (task->best != NULL) {
            task->best->count = 0;
        }
        return;
    }
    task->hit.count = 1;
    task->hit.size = middle_count;
    if (task->best != NULL) {
        pattern_members_sort(task->best);
    }
}
