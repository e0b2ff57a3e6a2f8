/* How many different counterparties in a window: the rim of a fan.
 *
 * A short window is read through: an entry counts when none before it in the window has its counterparty, which the
 * links of the series say. A long one belongs to a busy account, which will be asked for again a moment later: for it a
 * `slide` is kept, a map from counterparty to number of entries, whose two ends walk to where the next question wants
 * them, forwards or, for a late transfer, backwards. An entry then costs one probe when it enters and one when it
 * leaves, however long the window is.
 *
 * Slides are a cache of PATTERN_SLIDE_SETS × PATTERN_SLIDE_WAYS, the least recently used of a set gives way; what is in
 * it never changes an answer. A late transfer for which a slide would have to walk further than the limit gets the
 * count of the newest entries, marked as bounded. 64 bytes a slide, 16 to 64 bytes a counterparty in its window. */
#include "base/hash.h"
#include "base/memory.h"
#include "feature/pattern_private.h"

#define MAP_EMPTY (UINT64_MAX)
#define MAP_FIRST 256u

bool pattern_is_first(pattern_task *task, const recent_series *s, uint32_t owner, uint32_t head, uint32_t place) {
    uint32_t earlier = recent_at(s, place)->previous;
    while (earlier != RECENT_NONE && !pattern_is_before(earlier, head)) {
        task->work++;
        if (pattern_entry_fits(task->scene->r, task->p, s, earlier, owner)) {
            return false;
        }
        earlier = recent_at(s, earlier)->previous;
    }
    return true;
}

static uint32_t read_through(pattern_task *task, const recent_series *s, uint32_t owner, uint32_t head, uint32_t end) {
    uint32_t distinct = 0;
    for (uint32_t place = head; place != end; place++) {
        if (pattern_entry_fits(task->scene->r, task->p, s, place, owner) &&
            pattern_is_first(task, s, owner, head, place)) {
            distinct++;
        }
    }
    task->work += end - head;
    return distinct;
}

static uint64_t *map_slot(const pattern_slide *slide, uint32_t other) {
    uint32_t at = (uint32_t)((other * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & slide->map_mask;
    while (slide->map[at] != MAP_EMPTY && (uint32_t)(slide->map[at] >> 32) != other) {
        at = (at + 1) & slide->map_mask;
    }
    return &slide->map[at];
}

/* Twice the places, or as many when most are left-overs with no entries. */
static bool map_grow(pattern_slide *slide) {
    const uint32_t old_count = slide->map == NULL ? 0 : slide->map_mask + 1;
    uint32_t count = old_count == 0 ? MAP_FIRST : old_count;
    while (count < slide->distinct * 4) {
        count *= 2;
    }
    uint64_t *old = slide->map, *map = memory_new((size_t)count * sizeof *map);
    if (map == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        map[i] = MAP_EMPTY;
    }
    slide->map = map;
    slide->map_mask = count - 1;
    slide->map_used = 0;
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i] != MAP_EMPTY && (uint32_t)old[i] != 0) {
            *map_slot(slide, (uint32_t)(old[i] >> 32)) = old[i];
            slide->map_used++;
        }
    }
    memory_free(old);
    return true;
}

static bool enter(pattern_task *task, pattern_slide *slide, const recent_series *s, uint32_t place) {
    if (!pattern_entry_fits(task->scene->r, task->p, s, place, slide->account)) {
        return true;
    }
    if (slide->map == NULL || slide->map_used * 2 > slide->map_mask) {
        if (!map_grow(slide)) {
            return false;
        }
    }
    const uint32_t other = recent_at(s, place)->other;
    uint64_t *slot = map_slot(slide, other);
    if (*slot == MAP_EMPTY) {
        *slot = (uint64_t)other << 32;
        slide->map_used++;
    }
    slide->distinct += (uint32_t)*slot == 0;
    (*slot)++;
    return true;
}

static void leave(pattern_task *task, pattern_slide *slide, const recent_series *s, uint32_t place) {
    if (pattern_entry_fits(task->scene->r, task->p, s, place, slide->account)) {
        uint64_t *slot = map_slot(slide, recent_at(s, place)->other);
        (*slot)--;
        slide->distinct -= (uint32_t)*slot == 0;
    }
}

static void slide_reset(pattern_slide *slide, uint32_t place) {
    slide->head = slide->end = place;
    slide->distinct = 0;
    slide->map_used = 0;
    for (uint32_t i = 0; slide->map != NULL && i <= slide->map_mask; i++) {
        slide->map[i] = MAP_EMPTY;
    }
}

static uint32_t distance(uint32_t a, uint32_t b) {
    return pattern_is_before(a, b) ? b - a : a - b;
}

static bool slide_to(pattern_task *task, pattern_slide *slide, const recent_series *s, uint32_t head, uint32_t end) {
    if (pattern_is_before(slide->head, s->first) || pattern_is_before(s->end, slide->end) ||
        distance(slide->head, head) + distance(slide->end, end) > end - head) {
        slide_reset(slide, head);
    }
    while (slide->end != end && pattern_is_before(slide->end, end)) {
        if (!enter(task, slide, s, slide->end)) {
            return false;
        }
        slide->end++;
    }
    while (slide->head != head && pattern_is_before(head, slide->head)) {
        if (!enter(task, slide, s, slide->head - 1)) {
            return false;
        }
        slide->head--;
    }
    while (slide->end != end) {
        slide->end--;
        leave(task, slide, s, slide->end);
    }
    while (slide->head != head) {
        leave(task, slide, s, slide->head);
        slide->head++;
    }
    return true;
}

static pattern_slide *slide_set(const pattern_set *set, uint32_t account, uint32_t slot) {
    const uint64_t hash = hash_u64((uint64_t)account << 32 | slot);
    return &set->slides[(hash % PATTERN_SLIDE_SETS) * PATTERN_SLIDE_WAYS];
}

static pattern_slide *slide_find(const pattern_set *set, uint32_t account, uint32_t slot) {
    pattern_slide *ways = slide_set(set, account, slot);
    for (unsigned i = 0; i < PATTERN_SLIDE_WAYS; i++) {
        if (ways[i].is_valid && ways[i].account == account && ways[i].slot == slot) {
            return &ways[i];
        }
    }
    return NULL;
}

static pattern_slide *slide_take(pattern_set *set, uint32_t account, uint32_t slot, uint32_t head) {
    pattern_slide *slide = slide_find(set, account, slot);
    if (slide == NULL) {
        pattern_slide *ways = slide_set(set, account, slot);
        slide = &ways[0];
        for (unsigned i = 1; i < PATTERN_SLIDE_WAYS && slide->is_valid; i++) {
            if (!ways[i].is_valid || ways[i].tick < slide->tick) {
                slide = &ways[i];
            }
        }
        slide->account = account;
        slide->slot = slot;
        slide->is_valid = true;
        slide_reset(slide, head);
    }
    slide->tick = ++set->tick;
    return slide;
}

/* A late transfer of a busy account may want a window far from where the slide is. True: walking there and back would
 * be more than the limit of work. */
static bool is_too_far(const pattern_task *task, unsigned side, const recent_series *s, uint32_t owner, uint32_t head,
                       uint32_t end) {
    if (task->p->limit == 0 || end == s->end) {
        return false;
    }
    const pattern_slide *slide = slide_find(task->set, owner, task->index * 2 + side);
    const uint32_t walk = slide == NULL ? end - head : distance(slide->head, head) + distance(slide->end, end);
    return walk > task->p->limit;
}

uint32_t pattern_distinct(pattern_task *task, unsigned side, const recent_series *s, uint32_t owner, uint32_t head,
                          uint32_t end) {
    if (end - head < PATTERN_SLIDE_FROM) {
        return read_through(task, s, owner, head, end);
    }
    pattern_set *set = task->set;
    if (set->slides == NULL) {
        set->slides = memory_new_zero((size_t)PATTERN_SLIDE_SETS * PATTERN_SLIDE_WAYS, sizeof *set->slides);
        if (set->slides == NULL) {
            task->failed = true;
            return 0;
        }
    }
    if (is_too_far(task, side, s, owner, head, end)) {
        const uint32_t newest = (uint32_t)task->p->limit;
        task->hit.is_bounded = true;
        return read_through(task, s, owner, end - head > newest ? end - newest : head, end);
    }
    pattern_slide *slide = slide_take(set, owner, task->index * 2 + side, head);
    if (!slide_to(task, slide, s, head, end)) {
        slide->is_valid = false;
        task->failed = true;
        return 0;
    }
    return slide->distinct;
}

void pattern_distinct_shift(pattern_set *set, const recent *r, uint32_t index, unsigned side, const recent_series *s,
                            uint32_t owner, uint32_t place) {
    pattern_slide *slide = set->slides == NULL ? NULL : slide_find(set, owner, index * 2 + side);
    if (slide == NULL || !pattern_is_before(place, slide->end)) {
        return;
    }
    slide->end++;
    if (!pattern_is_before(slide->head, place)) {
        slide->head++;
        return;
    }
    const pattern_scene scene = {.r = r};
    pattern_task task = {.set = set, .p = &set->patterns[index], .scene = &scene};
    slide->is_valid = !pattern_is_before(slide->head, s->first) && enter(&task, slide, s, place);
}

void pattern_distinct_fini(pattern_set *set) {
    for (size_t i = 0; set->slides != NULL && i < (size_t)PATTERN_SLIDE_SETS * PATTERN_SLIDE_WAYS; i++) {
        memory_free(set->slides[i].map);
    }
    memory_free(set->slides);
}
