/* How recent.c keeps its series; for recent*.c and window.c. */
#ifndef FEATURE_RECENT_PRIVATE_H
#define FEATURE_RECENT_PRIVATE_H

#include "feature/pool.h"
#include "feature/recent.h"
#include "sys/region.h"

#define RECENT_CLOCK_PLACES 64u

typedef struct series {
    uint64_t sum_before_fen; /* running total before `first` */
    int64_t dropped_ms;      /* time of the newest entry that has left; when is_used */
    int64_t oldest_ms;       /* time of `first`; only when there are entries */
    int64_t newest_ms;       /* time of the last entry; likewise */
    int64_t ever_ms;         /* the earliest time there ever was, kept or not; when has_ever */
    uint32_t ring;           /* handle; 0: no entries */
    uint32_t first, end;
    uint32_t cache;      /* window.c: handle; 0: none */
    uint32_t late_count; /* entries that came after their time had left: they are counted but never in the ring */
    uint8_t class;       /* 2^class entries in the ring */
    bool is_used;        /* dropped_ms is set */
    bool has_ever;
    uint8_t unused;
} series;

/* 128 bytes: a cache line for each direction of an account. All zero: nothing known. */
typedef struct recent_node {
    series series[2]; /* by recent_direction */
} recent_node;

_Static_assert(sizeof(series) == 64 && sizeof(recent_node) == 128, "a series is a cache line");

/* Index 0: an empty slot; else the place of the pair in recent_pairs.values. */
typedef struct pair_slot {
    uint32_t payer, payee, index;
} pair_slot;

typedef struct pair_table {
    region slots;
    uint64_t mask;
} pair_table;

typedef struct recent_pairs {
    region values; /* recent_pair[], in the order of their first payments, from 1 */
    uint32_t count;
    pair_table table;
    pair_table next; /* takes its place when it is full; base NULL: there is none */
    uint64_t moved;  /* slots of table that are in next */
} recent_pairs;

struct windows;

/* What goes in: of a movement, or of anything else that happens between two numbers. */
typedef struct recent_item {
    int64_t time_ms;
    int64_t out_fen, in_fen;
    uint32_t from, to; /* KEY_NONE: there is none */
    uint32_t movement;
    bool is_out, is_in; /* goes into the out series of `from`, the in series of `to` */
    bool is_pair;       /* from and to are one */
    uint32_t flags;     /* of the entry in the out series */
} recent_item;

struct recent {
    int64_t keep_ms; /* horizon and what is allowed to be late */
    bool is_unpaired;
    region nodes;
    uint32_t node_count;
    uint32_t hand; /* the next account to be swept */
    pool rings;
    recent_pairs pairs;
    struct windows *windows; /* NULL: none are kept */
    const recent *leader;    /* whose clock counts; NULL: its own */
    recent_last last;
    int64_t clock_ms; /* see recent_kept_from_ms */
    uint32_t newest_count;
    int64_t newest_ms[RECENT_CLOCK_PLACES]; /* a heap with the smallest first: the newest times so far */
};

bool recent_put(recent *r, const recent_item *item);
void recent_prefetch_account(const recent *r, uint32_t account, recent_direction direction, int step);
recent_pair *recent_pair_find(const recent *r, uint32_t payer, uint32_t payee);
/* The time of the newest entry before `place`, kept or gone; false: there was none. */
bool recent_time_before(const recent *r, uint32_t account, recent_direction direction, uint32_t place,
                        int64_t *time_ms_out);

bool pairs_init(recent_pairs *p);
void pairs_fini(recent_pairs *p);
uint64_t pairs_bytes(const recent_pairs *p);
/* NULL: never. */
recent_pair *pairs_find(const recent_pairs *p, uint32_t payer, uint32_t payee);
/* Found or added (count 0 when new: the caller sets it at once). NULL: no memory. */
recent_pair *pairs_take(recent_pairs *p, uint32_t payer, uint32_t payee);
/* Ahead of them: step 0 brings where the pair is found, step 1 what is known of it. */
void pairs_prefetch(const recent_pairs *p, uint32_t payer, uint32_t payee, int step);

static inline recent_node *recent_node_at(const recent *r, uint32_t account) {
    return (recent_node *)(void *)r->nodes.base + account;
}
static inline recent_entry *series_at(const recent *r, const series *s, uint32_t place) {
    return (recent_entry *)pool_at(&r->rings, s->ring) + (place & ((UINT32_C(1) << s->class) - 1));
}
static inline uint64_t series_sum_before(const recent *r, const series *s, uint32_t place) {
    return place == s->first ? s->sum_before_fen : series_at(r, s, place - 1)->sum_fen;
}
static inline uint64_t series_amount(const recent *r, const series *s, uint32_t place) {
    return series_at(r, s, place)->sum_fen - series_sum_before(r, s, place);
}
static inline bool series_holds(const series *s, uint32_t place) {
    return place != RECENT_NONE && place - s->first < s->end - s->first;
}

#endif
