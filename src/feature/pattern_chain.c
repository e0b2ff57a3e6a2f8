/* Pass-through: money that does not stay. A chain a → b → … → v that ends in the transfer u → v: each hop at most `gap`
 * after the one before and strictly later, of an amount within `share` of it, all within the window, no account twice.
 * Every chain of min-length to max-length hops counts; size is the longest's.
 *
 * Found backwards, depth first: the limits of time and amount leave few candidates at each account, and the series
 * gives them in time order. Cost: the entries in the gaps before the chains' hops. */
#include "feature/pattern_private.h"

typedef struct chain {
    pattern_task *task;
    uint32_t accounts[PATTERN_LENGTH_MAX + 1];
    pattern_member path[PATTERN_LENGTH_MAX];
    uint32_t length; /* hops so far */
} chain;

static void chain_found(chain *c) {
    pattern_task *task = c->task;
    if (c->length < task->p->min_length) {
        return;
    }
    task->hit.count++;
    if (c->length < task->hit.size) {
        return;
    }
    if (task->best != NULL) {
        pattern_members_list *trial = &task->set->trial;
        trial->count = 0;
        if (c->length > task->hit.size) {
            task->best->count = 0;
        }
        for (uint32_t i = 0; i < c->length; i++) {
            task->failed |= !pattern_members_add(trial, c->path[i].time_ms, c->path[i].movement);
        }
        pattern_members_offer(task->best, trial);
    }
    task->hit.size = c->length;
}

static bool is_on(const chain *c, uint32_t account) {
    for (uint32_t i = 0; i <= c->length; i++) {
        if (c->accounts[i] == account) {
            return true;
        }
    }
    return false;
}

/* accounts[length] is where the first hop so far starts, at time_ms with amount_fen. */
static bool chain_back(chain *c, const recent_series *s, int64_t time_ms, int64_t amount_fen) {
    pattern_task *task = c->task;
    const pattern *p = task->p;
    const int64_t after_ms = p->gap_ms >= time_ms - task->after_ms ? task->after_ms : time_ms - p->gap_ms - 1;
    const uint32_t owner = c->accounts[c->length];
    const uint32_t end = recent_after(s, time_ms - 1);
    for (uint32_t place = recent_after(s, after_ms); pattern_is_before(place, end); place++) {
        if (!pattern_work(task, 1) || task->failed) {
            return false;
        }
        const recent_entry *entry = recent_at(s, place);
        const int64_t before_fen = recent_amount(s, place);
        if (entry->other == owner || !pattern_amount_fits(p, before_fen) ||
            !pattern_share_fits(amount_fen, before_fen, p->share_min, p->share_max) || is_on(c, entry->other)) {
            continue;
        }
        c->path[c->length] = (pattern_member){.time_ms = entry->time_ms, .movement = entry->movement};
        c->accounts[++c->length] = entry->other;
        chain_found(c);
        if (c->length < p->max_length) {
            recent_series next;
            recent_series_get(task->scene->r, entry->other, RECENT_IN, &next);
            if (!chain_back(c, &next, entry->time_ms, before_fen)) {
                return false;
            }
        }
        c->length--;
    }
    return true;
}

void pattern_pass_through(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    if (scene->in_u_end == scene->in_u.first ||
        recent_at(&scene->in_u, scene->in_u_end - 1)->time_ms < scene->time_ms - task->p->gap_ms) {
        return;
    }
    chain c = {.task = task, .length = 1};
    c.accounts[0] = scene->v;
    c.accounts[1] = scene->u;
    c.path[0] = (pattern_member){.time_ms = scene->time_ms, .movement = scene->movement};
    (void)chain_back(&c, &scene->in_u, scene->time_ms, scene->amount_fen);
}
