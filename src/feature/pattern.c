/* Patterns of a transfer: the scene around it, and one function for each kind.
 *
 * The scene is the four series of payer and payee, which every kind begins with: most transfers are done with after one
 * look at them. Files: pattern_text (the language), pattern_own (a centre's own), pattern_fan,
 * pattern_chain, pattern_layers, pattern_cycle (the kinds), pattern_distinct and pattern_nodes (what they count with).
 *
 * A transfer that is late is matched as the last one of its occurrences: among what is before it in time and arrived
 * before it. Occurrences that later transfers complete with it inside are not counted again. Transfers to oneself are
 * in no pattern; withdrawals only where an own pattern says `cash`. */
#include "feature/pattern.h"

#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "feature/pattern_private.h"

sluice_result pattern_set_load(const char *source, sluice_text text, pattern_set **set_out, sluice_error *error) {
    *set_out = NULL;
    pattern_set *set = memory_new_zero(1, sizeof *set);
    if (set == NULL) {
        return error_no_memory(error, sizeof *set);
    }
    sluice_result result = pattern_parse(source, text, set, error);
    if (result == SLUICE_OK) {
        const size_t histogram = PATTERN_LENGTH_MAX + 1;
        set->histograms = memory_new_zero(set->count * histogram + 1, sizeof *set->histograms);
        set->has_histogram = memory_new_zero((size_t)set->count + 1, sizeof *set->has_histogram);
        if (set->histograms == NULL || set->has_histogram == NULL) {
            result = error_no_memory(error, set->count * histogram * sizeof *set->histograms);
        }
    }
    for (uint32_t i = 0; i < set->count; i++) {
        set->horizon_ms = set->patterns[i].window_ms > set->horizon_ms ? set->patterns[i].window_ms : set->horizon_ms;
    }
    if (result != SLUICE_OK) {
        pattern_set_free(&set);
    }
    *set_out = set;
    return result;
}

static void search_fini(pattern_search *search) {
    pattern_nodes_fini(&search->nodes);
    memory_free(search->edges);
    memory_free(search->queue);
}

void pattern_set_free(pattern_set **set) {
    pattern_set *old = *set;
    if (old == NULL) {
        return;
    }
    for (uint32_t i = 0; i < old->count; i++) {
        memory_free(old->patterns[i].own);
    }
    search_fini(&old->forward);
    search_fini(&old->backward);
    pattern_nodes_fini(&old->marks);
    pattern_nodes_fini(&old->more_marks);
    pattern_distinct_fini(old);
    memory_free(old->histograms);
    memory_free(old->has_histogram);
    memory_free(old->best.items);
    memory_free(old->trial.items);
    memory_free(old);
    *set = NULL;
}

uint32_t pattern_count(const pattern_set *set) {
    return set->count;
}

sluice_text pattern_name(const pattern_set *set, uint32_t pattern) {
    SLUICE_ASSERT(pattern < set->count);
    return text_of(set->patterns[pattern].name);
}

int64_t pattern_horizon_ms(const pattern_set *set) {
    return set->horizon_ms;
}

bool pattern_needs_pairs(const pattern_set *set) {
    for (uint32_t i = 0; i < set->count; i++) {
        const pattern_kind kind = set->patterns[i].kind;
        if (kind != PATTERN_CYCLE && kind != PATTERN_PASS_THROUGH && kind != PATTERN_STACK) {
            return true;
        }
    }
    return false;
}

int64_t pattern_amount_arrived(const recent *r, const recent_series *s, uint32_t place) {
    const recent_entry *entry = recent_at(s, place);
    recent_series in;
    recent_series_get(r, entry->other, RECENT_IN, &in);
    for (uint32_t at = recent_after(&in, entry->time_ms); at != in.first; at--) {
        const recent_entry *other = recent_at(&in, at - 1);
        if (other->time_ms != entry->time_ms) {
            break;
        }
        if (other->movement == entry->movement) {
            return recent_amount(&in, at - 1);
        }
    }
    return recent_amount(s, place);
}

/* The place of a movement in a series it has just been added to; false: it came too late to be kept. */
static bool place_of(const recent_series *s, const activity *movement, uint32_t *place_out) {
    *place_out = recent_after(s, movement->time_ms) - 1;
    return s->end != s->first && !pattern_is_before(*place_out, s->first) &&
           recent_at(s, *place_out)->movement == movement->movement;
}

typedef enum scene_state { SCENE_NOTHING, SCENE_CASH, SCENE_TRANSFER } scene_state;

static scene_state scene_make(const recent *r, const activity *movement, pattern_scene *scene) {
    scene->r = r;
    scene->u = movement->from;
    scene->is_cash = movement->kind == SLUICE_SIGNAL_WITHDRAWAL || movement->to == KEY_NONE;
    scene->v = scene->is_cash ? KEY_NONE : movement->to;
    scene->movement = movement->movement;
    scene->time_ms = movement->time_ms;
    scene->amount_fen = scene->is_cash ? movement->amount_fen : movement->received_fen;
    if (!activity_is_movement(movement)) {
        return SCENE_NOTHING;
    }
    recent_series_get(r, scene->u, RECENT_OUT, &scene->out_u);
    if (!place_of(&scene->out_u, movement, &scene->x_out)) {
        return SCENE_NOTHING;
    }
    recent_series_get(r, scene->u, RECENT_IN, &scene->in_u);
    scene->in_u_end = recent_after(&scene->in_u, scene->time_ms - 1);
    if (scene->is_cash) {
        return SCENE_CASH;
    }
    recent_series_get(r, scene->v, RECENT_IN, &scene->in_v);
    recent_series_get(r, scene->v, RECENT_OUT, &scene->out_v);
    scene->out_v_end = recent_after(&scene->out_v, scene->time_ms - 1);
    return place_of(&scene->in_v, movement, &scene->x_in) ? SCENE_TRANSFER : SCENE_NOTHING;
}

void pattern_prefetch(const recent *r, const activity *movement) {
    if (movement->kind == SLUICE_SIGNAL_TRANSFER && movement->to != KEY_NONE) {
        recent_series s;
        recent_series_get(r, movement->from, RECENT_IN, &s);
        if (s.end != s.first) {
            __builtin_prefetch(recent_at(&s, s.end - 1));
        }
        recent_series_get(r, movement->to, RECENT_OUT, &s);
        if (s.end != s.first) {
            __builtin_prefetch(recent_at(&s, s.end - 1));
        }
    }
}

/* Late: what pattern_distinct remembers of places after it moves on. */
static void note_late(pattern_set *set, const pattern_scene *scene, scene_state state) {
    const bool is_late_out = scene->x_out + 1 != scene->out_u.end;
    const bool is_late_in = state == SCENE_TRANSFER && scene->x_in + 1 != scene->in_v.end;
    for (uint32_t i = 0; (is_late_out || is_late_in) && i < set->count; i++) {
        const pattern_kind kind = set->patterns[i].kind;
        if (is_late_in && kind == PATTERN_FAN_IN) {
            pattern_distinct_shift(set, scene->r, i, 0, &scene->in_v, scene->v, scene->x_in);
        } else if (is_late_out && kind == PATTERN_FAN_OUT) {
            pattern_distinct_shift(set, scene->r, i, 0, &scene->out_u, scene->u, scene->x_out);
        } else if (kind == PATTERN_GATHER_SCATTER) {
            if (is_late_in) {
                pattern_distinct_shift(set, scene->r, i, 0, &scene->in_v, scene->v, scene->x_in);
            }
            if (is_late_out) {
                pattern_distinct_shift(set, scene->r, i, 1, &scene->out_u, scene->u, scene->x_out);
            }
        }
    }
}

static void run(pattern_task *task) {
    static void (*const KINDS[])(pattern_task *) = {
        [PATTERN_FAN_IN] = pattern_fan,
        [PATTERN_FAN_OUT] = pattern_fan,
        [PATTERN_GATHER_SCATTER] = pattern_gather_scatter,
        [PATTERN_SCATTER_GATHER] = pattern_scatter_gather,
        [PATTERN_BIPARTITE] = pattern_bipartite,
        [PATTERN_STACK] = pattern_stack,
        [PATTERN_CYCLE] = pattern_cycle,
        [PATTERN_PASS_THROUGH] = pattern_pass_through,
        [PATTERN_OWN] = pattern_own_match,
    };
    KINDS[task->p->kind](task);
}

/* Can this transfer be in the pattern at all? */
static bool concerns(const pattern *p, const pattern_scene *scene, scene_state state) {
    if (p->kind == PATTERN_OWN) {
        return true;
    }
    return state == SCENE_TRANSFER && pattern_amount_fits(p, scene->amount_fen);
}

bool pattern_step(pattern_set *set, const recent *r, const activity *movement, pattern_hit *hits) {
    pattern_scene scene;
    const scene_state state = scene_make(r, movement, &scene);
    memset(hits, 0, set->count * sizeof *hits);
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->has_histogram[i]) {
            set->has_histogram[i] = false;
            memset(set->histograms + (size_t)i * (PATTERN_LENGTH_MAX + 1), 0,
                   (PATTERN_LENGTH_MAX + 1) * sizeof *set->histograms);
        }
    }
    if (state == SCENE_NOTHING) {
        return true;
    }
    note_late(set, &scene, state);
    if (scene.u == scene.v) {
        return true;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        const pattern *p = &set->patterns[i];
        if (!concerns(p, &scene, state)) {
            continue;
        }
        pattern_task task = {.set = set, .p = p, .index = i, .scene = &scene, .after_ms = scene.time_ms - p->window_ms};
        run(&task);
        if (task.failed) {
            return false;
        }
        hits[i] = task.hit;
        set->has_histogram[i] = task.hit.count > 0;
    }
    return true;
}

bool pattern_members(pattern_set *set, const recent *r, const activity *movement, uint32_t pattern,
                     uint32_t *movements_out, size_t capacity, size_t *count_out) {
    SLUICE_ASSERT(pattern < set->count);
    pattern_scene scene;
    const struct pattern *p = &set->patterns[pattern];
    const scene_state state = scene_make(r, movement, &scene);
    *count_out = 0;
    if (state == SCENE_NOTHING || scene.u == scene.v || !concerns(p, &scene, state)) {
        return true;
    }
    set->best.count = 0;
    pattern_task task = {.set = set,
                         .p = p,
                         .index = pattern,
                         .scene = &scene,
                         .after_ms = scene.time_ms - p->window_ms,
                         .best = &set->best};
    const size_t histogram = (size_t)pattern * (PATTERN_LENGTH_MAX + 1);
    uint64_t kept[PATTERN_LENGTH_MAX + 1];
    memcpy(kept, set->histograms + histogram, sizeof kept);
    run(&task);
    memcpy(set->histograms + histogram, kept, sizeof kept);
    if (task.failed) {
        return false;
    }
    *count_out = task.hit.count == 0 ? 0 : set->best.count;
    for (size_t i = 0; i < *count_out && i < capacity; i++) {
        movements_out[i] = set->best.items[i].movement;
    }
    return true;
}

void pattern_histogram(const pattern_set *set, uint32_t pattern, uint64_t *histogram, uint32_t length_max) {
    SLUICE_ASSERT(pattern < set->count);
    if (!set->has_histogram[pattern] || set->patterns[pattern].kind != PATTERN_CYCLE) {
        return;
    }
    const uint64_t *lengths = set->histograms + (size_t)pattern * (PATTERN_LENGTH_MAX + 1);
    for (uint32_t length = 0; length <= PATTERN_LENGTH_MAX; length++) {
        histogram[length < length_max ? length : length_max] += lengths[length];
    }
}
