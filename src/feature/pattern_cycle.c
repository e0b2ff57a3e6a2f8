/* Temporal cycles closed by a transfer u → v at time t: paths v → … → u of transfers in strictly increasing time, the
 * first not before t − W and the last before t, no account twice. As in 2SCENT (Kumar and Calders, VLDB 2018) each
 * combination of parallel transfers is a cycle of its own.
 *
 * 1. Nothing left v, or nothing came to u, in that time: no cycle. This is the answer for most transfers.
 * 2. Two searches: forward from v, which keeps for each account the earliest time it can be reached, and backward from
 * u, which keeps the latest time to leave it. Each entry of a series is read at most once by each, and becomes an edge.
 *    The search that has read less goes on; the one that comes to its end first has seen every walk there is.
 *    forward:   e(v) = before everything; edge x → y at τ is taken when τ > e(x); e(y) = min τ
 *    backward:  l(u) = t;                 edge x → y at τ is taken when τ < l(y); l(x) = max τ
 * 3. When the finished search reached the other end, a depth-first walk goes from there along its edges, against their
 *    direction of discovery. An edge was taken only if a walk from the search's source leads up to it in time, so every
 *    branch of the walk leads home, save where it would meet an account twice.
 *
 * A cycle's last step before the end is an edge into u, and its first one out of v; nothing outside
 * [first out of v, last into u] can be on it, which is where both searches stay.
 *
 * Cost: the smaller of the two reachable parts, and length × cycles for the walk. 48 bytes an account reached, 24 bytes
 * an edge; the memory is kept. */
#include "base/memory.h"
#include "feature/pattern_private.h"

#define NODE_FIRST 0u /* where the search began */

static bool queue_add(pattern_search *search, uint32_t node) {
    if (search->queue_count == search->queue_capacity &&
        !ARRAY_RESERVE(search->queue, search->queue_capacity, search->queue_count + 1)) {
        return false;
    }
    search->queue[search->queue_count++] = node;
    search->nodes.items[node].is_queued = true;
    return true;
}

static bool edge_add(pattern_search *search, uint32_t of, uint32_t node, const recent_entry *entry) {
    if (search->edge_count == search->edge_capacity &&
        !ARRAY_RESERVE(search->edges, search->edge_capacity, search->edge_count + 1)) {
        return false;
    }
    pattern_node *owner = &search->nodes.items[of];
    search->edges[search->edge_count] =
        (pattern_edge){.time_ms = entry->time_ms, .movement = entry->movement, .node = node, .next = owner->chain};
    owner->chain = (uint32_t)search->edge_count++;
    return true;
}

static bool search_begin(pattern_search *search, uint32_t source, int64_t time_ms) {
    pattern_nodes_clear(&search->nodes);
    search->edge_count = search->queue_head = search->queue_count = 0;
    bool is_new;
    if (pattern_nodes_take(&search->nodes, source, &is_new) == UINT32_MAX || !queue_add(search, NODE_FIRST)) {
        return false;
    }
    search->nodes.items[NODE_FIRST].time_ms = time_ms;
    search->nodes.items[NODE_FIRST].is_marked = true; /* nothing of its series was read yet */
    return true;
}

/* The times between which a cycle's inner transfers lie. */
typedef struct bounds {
    int64_t first_ms, last_ms;
} bounds;

/* What is read after the account that was just taken from the queue. */
static void bring_next(const pattern_search *search, const recent *r, recent_direction direction) {
    if (search->queue_head < search->queue_count) {
        const pattern_node *next = &search->nodes.items[search->queue[search->queue_head]];
        recent_prefetch_newest(r, next->account, direction, PATTERN_NEAR_ENTRIES);
    }
}

/* Forward: reads what leaves the next account of the queue after the time it is reached, as far as that was not read
 * before. */
static bool expand_forward(pattern_task *task, pattern_search *search, const bounds *b) {
    const pattern_scene *scene = task->scene;
    const uint32_t place = search->queue[search->queue_head++];
    pattern_node *node = &search->nodes.items[place];
    node->is_queued = false;
    const uint32_t account = node->account;
    recent_series s;
    bring_next(search, scene->r, RECENT_OUT);
    recent_series_get(scene->r, account, RECENT_OUT, &s);
    const uint32_t from = recent_after(&s, node->time_ms);
    const uint32_t end = node->is_marked ? recent_after(&s, b->last_ms) : node->scanned;
    node->is_marked = false;
    node->scanned = from;
    for (uint32_t i = from; i != end; i++) {
        const recent_entry *entry = recent_at(&s, i);
        if (entry->other == scene->v || !pattern_entry_fits(task->scene->r, task->p, &s, i, account) ||
            (entry->time_ms == b->last_ms && entry->other != scene->u)) {
            continue;
        }
        bool is_new;
        const uint32_t to = pattern_nodes_take(&search->nodes, entry->other, &is_new);
        if (to == UINT32_MAX || !edge_add(search, to, place, entry)) {
            task->failed = true;
            return false;
        }
        pattern_node *reached = &search->nodes.items[to];
        if (is_new) {
            reached->is_marked = true;
            recent_prefetch_series(scene->r, entry->other, RECENT_OUT);
        }
        if (is_new || entry->time_ms < reached->time_ms) {
            reached->time_ms = entry->time_ms;
            if (entry->other != scene->u && !reached->is_queued && !queue_add(search, to)) {
                task->failed = true;
                return false;
            }
        }
    }
    return pattern_work(task, end - from + 1);
}

/* Backward: reads what comes to the next account of the queue before the latest time it can be left. */
static bool expand_backward(pattern_task *task, pattern_search *search, const bounds *b) {
    const pattern_scene *scene = task->scene;
    const uint32_t place = search->queue[search->queue_head++];
    pattern_node *node = &search->nodes.items[place];
    node->is_queued = false;
    const uint32_t account = node->account;
    recent_series s;
    bring_next(search, scene->r, RECENT_IN);
    recent_series_get(scene->r, account, RECENT_IN, &s);
    const uint32_t end = recent_after(&s, node->time_ms - 1);
    const uint32_t from = node->is_marked ? recent_after(&s, b->first_ms - 1) : node->scanned;
    node->is_marked = false;
    node->scanned = end;
    for (uint32_t i = from; pattern_is_before(i, end); i++) {
        const recent_entry *entry = recent_at(&s, i);
        if (entry->other == scene->u || !pattern_entry_fits(task->scene->r, task->p, &s, i, account) ||
            (entry->time_ms == b->first_ms && entry->other != scene->v)) {
            continue;
        }
        bool is_new;
        const uint32_t to = pattern_nodes_take(&search->nodes, entry->other, &is_new);
        if (to == UINT32_MAX || !edge_add(search, to, place, entry)) {
            task->failed = true;
            return false;
        }
        pattern_node *reached = &search->nodes.items[to];
        if (is_new) {
            reached->is_marked = true;
            recent_prefetch_series(scene->r, entry->other, RECENT_IN);
        }
        if (is_new || entry->time_ms > reached->time_ms) {
            reached->time_ms = entry->time_ms;
            if (entry->other != scene->v && !reached->is_queued && !queue_add(search, to)) {
                task->failed = true;
                return false;
            }
        }
    }
    return pattern_work(task, end - from + 1);
}

/* The depth-first walk over the edges of a finished search, from the end that the search reached to its source. */
typedef struct walk {
    pattern_task *task;
    const pattern_search *search;
    bool is_forward; /* the search was: so the walk goes back in time */
    uint64_t *histogram;
    pattern_member path[PATTERN_LENGTH_MAX];
} walk;

static void cycle_found(walk *w, uint32_t length) {
    pattern_task *task = w->task;
    if (length < task->p->min_length) {
        return;
    }
    task->hit.count++;
    w->histogram[length]++;
    if (length < task->hit.size) {
        return;
    }
    if (task->best != NULL) {
        pattern_members_list *trial = &task->set->trial;
        trial->count = 0;
        if (length > task->hit.size) {
            task->best->count = 0;
        }
        for (uint32_t i = 0; i + 1 < length; i++) {
            task->failed |= !pattern_members_add(trial, w->path[i].time_ms, w->path[i].movement);
        }
        task->failed |= !pattern_members_add(trial, task->scene->time_ms, task->scene->movement);
        pattern_members_offer(task->best, trial);
    }
    task->hit.size = length;
}

/* `length`: of the cycle that is complete if the next edge leads home. */
static bool walk_on(walk *w, uint32_t node, int64_t time_ms, uint32_t length) {
    pattern_task *task = w->task;
    pattern_node *nodes = w->search->nodes.items;
    nodes[node].on_path = true;
    bool go_on = true;
    for (uint32_t e = nodes[node].chain; e != PATTERN_EDGE_NONE && go_on; e = w->search->edges[e].next) {
        const pattern_edge *edge = &w->search->edges[e];
        go_on = pattern_work(task, 1);
        if ((w->is_forward ? edge->time_ms >= time_ms : edge->time_ms <= time_ms) || nodes[edge->node].on_path) {
            continue;
        }
        w->path[length - 2] = (pattern_member){.time_ms = edge->time_ms, .movement = edge->movement};
        if (edge->node == NODE_FIRST) {
            cycle_found(w, length);
        } else if (length < task->p->max_length) {
            go_on = walk_on(w, edge->node, edge->time_ms, length + 1) && go_on;
        }
    }
    nodes[node].on_path = false;
    return go_on && !task->failed;
}

/* True: the search is at its end and reached `target`. */
static bool search_done(const pattern_search *search) {
    return search->queue_head == search->queue_count;
}

static void enumerate(pattern_task *task, const pattern_search *search, bool is_forward, int64_t start_ms) {
    const uint32_t target = is_forward ? task->scene->u : task->scene->v;
    const uint32_t node = pattern_nodes_find(&search->nodes, target);
    if (node == UINT32_MAX) {
        return;
    }
    walk w = {.task = task, .search = search, .is_forward = is_forward};
    w.histogram = task->set->histograms + (size_t)task->index * (PATTERN_LENGTH_MAX + 1);
    (void)walk_on(&w, node, start_ms, 2);
}

void pattern_cycle(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    const int64_t from_ms = scene->time_ms - task->p->window_ms; /* inclusive, as 2SCENT counts */
    const uint32_t out_v_end = scene->out_v_end, in_u_end = scene->in_u_end;
    if (out_v_end == scene->out_v.first || in_u_end == scene->in_u.first ||
        recent_at(&scene->out_v, out_v_end - 1)->time_ms < from_ms) {
        return;
    }
    const bounds b = {recent_at(&scene->out_v, recent_after(&scene->out_v, from_ms - 1))->time_ms,
                      recent_at(&scene->in_u, in_u_end - 1)->time_ms};
    if (b.last_ms < b.first_ms) {
        return;
    }
    pattern_search *forward = &task->set->forward, *backward = &task->set->backward;
    if (!search_begin(forward, scene->v, b.first_ms - 1) || !search_begin(backward, scene->u, b.last_ms + 1)) {
        task->failed = true;
        return;
    }
    /* What each has read, the first account's part before it is read. */
    uint64_t read_forward = out_v_end - recent_after(&scene->out_v, b.first_ms - 1);
    uint64_t read_backward = in_u_end - recent_after(&scene->in_u, b.first_ms - 1);
    while (!search_done(forward) && !search_done(backward)) {
        const uint64_t before = task->work;
        if (read_forward <= read_backward) {
            const bool is_first = forward->queue_head == 0;
            if (!expand_forward(task, forward, &b)) {
                return;
            }
            read_forward += is_first ? 0 : task->work - before;
        } else {
            const bool is_first = backward->queue_head == 0;
            if (!expand_backward(task, backward, &b)) {
                return;
            }
            read_backward += is_first ? 0 : task->work - before;
        }
    }
    if (search_done(forward)) {
        enumerate(task, forward, true, scene->time_ms);
    } else {
        enumerate(task, backward, false, from_ms - 1);
    }
}
