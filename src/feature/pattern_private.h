/* Patterns inside: a compiled pattern, the view of one transfer, the scratch memory. */
#ifndef FEATURE_PATTERN_PRIVATE_H
#define FEATURE_PATTERN_PRIVATE_H

#include "feature/pattern.h"

#define PATTERN_NAME_BYTES 49 /* with the NUL */
#define PATTERN_COUNT_MAX 64  /* in one text */
#define PATTERN_TEXT_BYTES_MAX (256u << 10)
#define PATTERN_STEPS_MAX 12
#define PATTERN_NODES_MAX (PATTERN_STEPS_MAX + 1)
#define PATTERN_NODE_CASH UINT8_MAX
#define PATTERN_LENGTH_MAX 64 /* of cycles and chains */
#define PATTERN_LIMIT_DEFAULT 4096
#define PATTERN_SHARE_ONE 10000  /* a share of 100 % */
#define PATTERN_ALWAYS INT64_MAX /* no limit of time or amount */

typedef enum pattern_kind {
    PATTERN_FAN_IN,
    PATTERN_FAN_OUT,
    PATTERN_GATHER_SCATTER,
    PATTERN_SCATTER_GATHER,
    PATTERN_BIPARTITE,
    PATTERN_STACK,
    PATTERN_CYCLE,
    PATTERN_PASS_THROUGH,
    PATTERN_OWN,
} pattern_kind;

/* One step of a centre's own pattern. */
typedef struct pattern_order {
    uint8_t step;      /* which one is before */
    int64_t within_ms; /* and at most so long before; PATTERN_ALWAYS */
} pattern_order;

typedef struct pattern_step_rule {
    char name[PATTERN_NAME_BYTES];
    uint32_t line, column;
    uint8_t from, to; /* nodes; to is PATTERN_NODE_CASH for a withdrawal */
    int64_t amount_min_fen, amount_max_fen;
    bool has_share;
    uint8_t share_of; /* a step */
    uint32_t share_min, share_max;
    uint8_t order_count;
    pattern_order orders[PATTERN_STEPS_MAX];
} pattern_step_rule;

/* How to find the other steps when the transfer is taken for step `order[0]`. */
typedef struct pattern_plan {
    bool is_possible; /* false: another step must come after it, so it is never the last */
    uint8_t order[PATTERN_STEPS_MAX];
} pattern_plan;

typedef struct pattern_own {
    uint8_t step_count, node_count;
    char nodes[PATTERN_NODES_MAX][PATTERN_NAME_BYTES];
    pattern_step_rule steps[PATTERN_STEPS_MAX];
    uint16_t differs[PATTERN_NODES_MAX]; /* per node: the set of nodes it must differ from */
    pattern_plan plans[PATTERN_STEPS_MAX];
} pattern_own;

typedef struct pattern {
    char name[PATTERN_NAME_BYTES];
    uint32_t line, column;
    pattern_kind kind;
    int64_t window_ms;
    int64_t amount_min_fen, amount_max_fen;
    uint32_t min, min_payers, min_middle, min_payees;
    uint32_t min_length, max_length;
    int64_t gap_ms;
    uint32_t share_min, share_max; /* of PATTERN_SHARE_ONE */
    uint64_t limit;                /* entries looked at per transfer; 0: none */
    pattern_own *own;              /* PATTERN_OWN only */
} pattern;

/* A transfer and what lies around it. Windows of series are [first place, end place). */
typedef struct pattern_scene {
    const recent *r;
    uint32_t u, v; /* payer, payee; different. v is KEY_NONE for a withdrawal */
    bool is_cash;
    uint32_t movement;
    int64_t time_ms, amount_fen;
    recent_series in_u, out_u, in_v, out_v;
    uint32_t x_out, x_in;         /* the transfer's places in out_u and in_v */
    uint32_t in_u_end, out_v_end; /* first place at or after time_ms */
} pattern_scene;

/* One movement of an occurrence. */
typedef struct pattern_member {
    int64_t time_ms;
    uint32_t movement;
} pattern_member;

typedef struct pattern_members_list {
    pattern_member *items;
    size_t count, capacity;
} pattern_members_list;

/* Accounts with some numbers: an open hash of places in a dense array; emptied in no time. */
typedef struct pattern_node {
    uint32_t account;
    uint32_t chain;   /* first edge, by use */
    uint32_t scanned; /* place up to where its series was read */
    uint32_t stamp, count;
    bool on_path, is_queued, is_marked;
    int64_t time_ms, other_ms;
} pattern_node;

typedef struct pattern_nodes {
    pattern_node *items;
    uint64_t *slots; /* epoch << 32 | place in items; matched through items[].account */
    size_t count, capacity;
    uint32_t slot_mask, epoch;
} pattern_nodes;

typedef struct pattern_edge {
    int64_t time_ms;
    uint32_t movement;
    uint32_t node; /* the other end */
    uint32_t next;
} pattern_edge;

#define PATTERN_EDGE_NONE UINT32_MAX

typedef struct pattern_search {
    pattern_nodes nodes;
    pattern_edge *edges;
    size_t edge_count, edge_capacity;
    uint32_t *queue;
    size_t queue_head, queue_count, queue_capacity;
} pattern_search;

/* The distinct counterparties of one busy account in a window that slides (pattern_distinct.c). */
typedef struct pattern_slide {
    uint32_t account, slot; /* slot: which pattern and side */
    uint32_t head, end, distinct;
    uint32_t map_mask, map_used;
    uint64_t *map; /* counterparty << 32 | entries */
    uint64_t tick;
    bool is_valid;
} pattern_slide;

#define PATTERN_SLIDE_WAYS 4
#define PATTERN_SLIDE_SETS 2048
#define PATTERN_SLIDE_FROM 96 /* windows with fewer entries are read through */

struct pattern_set {
    uint32_t count;
    pattern patterns[PATTERN_COUNT_MAX];
    int64_t horizon_ms;
    /* Scratch; lives as long as the set, so that a step allocates nothing once it is warm. */
    pattern_search forward, backward;
    pattern_nodes marks, more_marks;
    pattern_slide *slides;
    uint64_t tick;
    uint64_t *histograms; /* [count][PATTERN_LENGTH_MAX + 1]: of the last step; cycles only */
    bool *has_histogram;  /* [count] */
    pattern_members_list best, trial;
};

/* One evaluation: what a kind's function gets and gives. */
typedef struct pattern_task {
    pattern_set *set;
    const pattern *p;
    uint32_t index; /* of the pattern */
    const pattern_scene *scene;
    int64_t after_ms;           /* the window is (after_ms, time_ms] */
    uint64_t work;              /* entries looked at */
    pattern_members_list *best; /* NULL: only count. Else gets the members of the largest occurrence */
    pattern_hit hit;
    bool failed; /* no memory */
} pattern_task;

/* True: go on. False: the limit is met, and the hit is marked. */
static inline bool pattern_work(pattern_task *task, uint64_t entries) {
    task->work += entries;
    if (task->p->limit != 0 && task->work > task->p->limit) {
        task->hit.is_bounded = true;
        return false;
    }
    return true;
}

/* The amount that arrived of an entry of a payer's series with RECENT_IS_EXCHANGED. */
int64_t pattern_amount_arrived(const recent *r, const recent_series *s, uint32_t place);

static inline bool pattern_is_before(uint32_t place, uint32_t other) {
    return (int32_t)(place - other) < 0;
}

/* Are at least `count` entries before `end` later than after_ms? One look, where finding the window's head takes
 * several. */
static inline bool pattern_has(const recent_series *s, uint32_t end, uint32_t count, int64_t after_ms) {
    return end - s->first >= count && (count == 0 || recent_at(s, end - count)->time_ms > after_ms);
}

static inline bool pattern_amount_fits(const pattern *p, int64_t amount_fen) {
    return amount_fen >= p->amount_min_fen && amount_fen <= p->amount_max_fen;
}

/* What arrived: a movement's amount to every pattern. */
static inline int64_t pattern_amount(const recent *r, const recent_series *s, uint32_t place) {
    return (recent_at(s, place)->flags & RECENT_IS_EXCHANGED) == 0 ? recent_amount(s, place)
                                                                   : pattern_amount_arrived(r, s, place);
}

/* Is the entry at `place` of `owner`'s series a transfer between two accounts, of an amount that fits? */
static inline bool pattern_entry_fits(const recent *r, const pattern *p, const recent_series *s, uint32_t place,
                                      uint32_t owner) {
    const recent_entry *entry = recent_at(s, place);
    if (entry->other == owner || (entry->flags & RECENT_IS_CASH) != 0) {
        return false;
    }
    if (p->amount_min_fen <= 0 && p->amount_max_fen == PATTERN_ALWAYS) {
        return true;
    }
    return pattern_amount_fits(p, pattern_amount(r, s, place));
}

/* share_min … share_max of `part` ÷ `whole`, in PATTERN_SHARE_ONE parts; exact. */
static inline bool pattern_share_fits(int64_t part, int64_t whole, uint32_t share_min, uint32_t share_max) {
    __extension__ typedef __int128 wide;
    const wide scaled = (wide)part * PATTERN_SHARE_ONE;
    return scaled >= (wide)whole * share_min && scaled <= (wide)whole * share_max;
}

/* Accounts whose series are read one after the other are asked for side by side before, so that the memory's latency is
 * paid once and not for each. */
#define PATTERN_NEAR 8u         /* accounts; the limits of work seldom let more be read */
#define PATTERN_NEAR_ENTRIES 8u /* of each */

/* The counterparties of the entries [from, to), in that order. */
static inline void pattern_bring_others(const recent *r, const recent_series *s, uint32_t from, uint32_t to,
                                        recent_direction direction) {
    to = to - from < PATTERN_NEAR ? to : from + PATTERN_NEAR;
    for (uint32_t place = from; place != to; place++) {
        recent_prefetch_series(r, recent_at(s, place)->other, direction);
    }
    for (uint32_t place = from; place != to; place++) {
        recent_prefetch_newest(r, recent_at(s, place)->other, direction, PATTERN_NEAR_ENTRIES);
    }
}

/* pattern_nodes.c */
/* As pattern_bring_others, of the accounts in items. */
void pattern_nodes_bring(const pattern_nodes *nodes, const recent *r, recent_direction direction);
void pattern_nodes_clear(pattern_nodes *nodes);
void pattern_nodes_fini(pattern_nodes *nodes);
/* The place of an account in items, or UINT32_MAX. */
uint32_t pattern_nodes_find(const pattern_nodes *nodes, uint32_t account);
/* The same, added if it is new (zeroed, chain empty); UINT32_MAX: no memory. */
uint32_t pattern_nodes_take(pattern_nodes *nodes, uint32_t account, bool *is_new_out);
bool pattern_members_add(pattern_members_list *list, int64_t time_ms, uint32_t movement);
void pattern_members_sort(pattern_members_list *list);
/* True: `list` (sorted) is earlier in time than `other`: compared movement by movement, by time, then arrival. */
bool pattern_members_earlier(const pattern_members_list *list, const pattern_members_list *other);
void pattern_members_swap(pattern_members_list *a, pattern_members_list *b);
/* The earlier of the two stays in `best`, when both are as large. */
void pattern_members_offer(pattern_members_list *best, pattern_members_list *trial);

/* pattern_distinct.c: distinct counterparties among the entries [head, end) that fit. `side` tells the windows of one
 * pattern apart. Uses no work limit unless the transfer is late. */
uint32_t pattern_distinct(pattern_task *task, unsigned side, const recent_series *s, uint32_t owner, uint32_t head,
                          uint32_t end);
/* Is `place` the first entry of its counterparty in [head, place] that fits? Counts its work. */
bool pattern_is_first(pattern_task *task, const recent_series *s, uint32_t owner, uint32_t head, uint32_t place);
/* A late entry went to `place`: what is remembered of later places moves on by one. */
void pattern_distinct_shift(pattern_set *set, const recent *r, uint32_t index, unsigned side, const recent_series *s,
                            uint32_t owner, uint32_t place);
void pattern_distinct_fini(pattern_set *set);

/* Each fills in task->hit and, when asked, task->best (sorted). */
void pattern_fan(pattern_task *task);
void pattern_gather_scatter(pattern_task *task);
void pattern_scatter_gather(pattern_task *task);
void pattern_bipartite(pattern_task *task);
void pattern_stack(pattern_task *task);
void pattern_cycle(pattern_task *task);
void pattern_pass_through(pattern_task *task);
void pattern_own_match(pattern_task *task);

/* pattern_text.c, pattern_own.c */
SLUICE_MUST_USE sluice_result pattern_parse(const char *source, sluice_text text, pattern_set *set,
                                            sluice_error *error);
/* Completes an own pattern. False: step *step_out shares no account with those before it. */
bool pattern_plan_make(pattern_own *own, uint8_t *step_out);

#endif
