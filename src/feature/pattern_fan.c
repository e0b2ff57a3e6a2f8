/* Fans around one account: fan-in, fan-out, gather-scatter.
 *
 * fan-in at u → v: the different payers of v in the window; fan-out: the different payees of u. gather-scatter at
 * u → v: u gathered from `min-payers` different payers, the last of whom paid at τ, and then, after τ, paid
 * `min-payees` different payees; τ is the earliest such time, since that leaves most to the scattering.
 *
 * Cost: pattern_distinct's; τ is found by reading from the window's start. */
#include "feature/pattern_private.h"

/* Adds the entries of [head, end) that fit to the members. */
static void collect(pattern_task *task, const recent_series *s, uint32_t owner, uint32_t head, uint32_t end) {
    for (uint32_t place = head; place != end; place++) {
        if (pattern_entry_fits(task->scene->r, task->p, s, place, owner)) {
            const recent_entry *entry = recent_at(s, place);
            task->failed |= !pattern_members_add(task->best, entry->time_ms, entry->movement);
        }
    }
}

void pattern_fan(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    const bool is_in = task->p->kind == PATTERN_FAN_IN;
    const recent_series *s = is_in ? &scene->in_v : &scene->out_u;
    const uint32_t owner = is_in ? scene->v : scene->u;
    const uint32_t end = (is_in ? scene->x_in : scene->x_out) + 1;
    if (!pattern_has(s, end, task->p->min, task->after_ms)) {
        return;
    }
    const uint32_t head = recent_after(s, task->after_ms);
    const uint32_t distinct = pattern_distinct(task, 0, s, owner, head, end);
    if (distinct >= task->p->min) {
        task->hit.count = 1;
        task->hit.size = distinct;
        if (task->best != NULL) {
            collect(task, s, owner, head, end);
        }
    }
}

/* The place after the entry with which the nth different counterparty of [head, end) comes; `end` + 1: there are fewer,
 * or the limit was met. */
static uint32_t after_nth(pattern_task *task, const recent_series *s, uint32_t owner, uint32_t head, uint32_t end,
                          uint32_t count) {
    uint32_t distinct = 0;
    for (uint32_t place = head; place != end; place++) {
        if (!pattern_work(task, 1)) {
            break;
        }
        if (pattern_entry_fits(task->scene->r, task->p, s, place, owner) &&
            pattern_is_first(task, s, owner, head, place) && ++distinct == count) {
            return place + 1;
        }
    }
    return end + 1;
}

void pattern_gather_scatter(pattern_task *task) {
    const pattern_scene *scene = task->scene;
    const uint32_t u = scene->u, in_end = scene->in_u_end, out_end = scene->x_out + 1;
    if (out_end - scene->out_u.first < task->p->min_payees ||
        !pattern_has(&scene->in_u, in_end, task->p->min_payers, task->after_ms)) {
        return;
    }
    const uint32_t in_head = recent_after(&scene->in_u, task->after_ms);
    const uint32_t gathered = after_nth(task, &scene->in_u, u, in_head, in_end, task->p->min_payers);
    if (gathered == in_end + 1) {
        return;
    }
    const int64_t gathered_ms = recent_at(&scene->in_u, gathered - 1)->time_ms;
    const uint32_t out_head = recent_after(&scene->out_u, gathered_ms);
    if (out_end - out_head < task->p->min_payees) {
        return;
    }
    const uint32_t payees = pattern_distinct(task, 1, &scene->out_u, u, out_head, out_end);
    if (payees < task->p->min_payees) {
        return;
    }
    const uint32_t payers = pattern_distinct(task, 0, &scene->in_u, u, in_head, in_end);
    task->hit.count = 1;
    task->hit.size = payers + payees;
    if (task->best != NULL) {
        collect(task, &scene->in_u, u, in_head, in_end);
        collect(task, &scene->out_u, u, out_head, out_end);
        pattern_members_sort(task->best);
    }
}
