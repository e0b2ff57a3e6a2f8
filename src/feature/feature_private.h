/* The parts of a plan and of a state; for feature*.c. */
#ifndef FEATURE_FEATURE_PRIVATE_H
#define FEATURE_FEATURE_PRIVATE_H

#include "feature/feature.h"
#include "feature/feature_table.h"
#include "feature/recent_private.h"
#include "feature/window.h"

#define FEATURE_DAY_MS INT64_C(86400000)
#define FEATURE_DWELL_MS (30 * FEATURE_DAY_MS)
#define FEATURE_GAP_MS (30 * FEATURE_DAY_MS)
#define FEATURE_WOKE_MS (7 * FEATURE_DAY_MS)
#define FEATURE_ESCALATION_MS (30 * FEATURE_DAY_MS)
#define FEATURE_ESCALATION_MAX 100
#define FEATURE_REBATE_MS FEATURE_DAY_MS
#define FEATURE_REBATE_DEBITS 16
#define FEATURE_LOGIN_MS FEATURE_DAY_MS
#define FEATURE_LARGE_FEN 500000

typedef struct plan_slot {
    char *name;
    size_t name_length;
    feature_meaning meaning;
    feature_type type;
    feature_unit unit;
    bool is_external;
} plan_slot;

struct feature_plan {
    plan_slot *slots;
    size_t count, capacity;
    int64_t windows_ms[WINDOWS_MAX]; /* all different ones */
    uint32_t window_count;
    char reason[FEATURE_REASON_BYTES];
};

/* The windows of one recent, ascending, the same in both directions. */
typedef struct window_list {
    int64_t length_ms[WINDOWS_MAX];
    uint32_t count;
    window_needs needs[2];
} window_list;

/* How a value comes from what was read. Offsets are of the state's bytes. */
typedef enum feature_op {
    OP_EXTERNAL, /* missing */
    OP_POINT,    /* computed by itself */
    OP_LOAD64,   /* a */
    OP_LOAD32,   /* a */
    OP_EXTREME,  /* a (64 bits), if b (32 bits) is not 0 */
    OP_MEAN,     /* a (64) ÷ b (32), if b is not 0 */
    OP_PART,     /* a (32) ÷ b (32), if b is not 0 */
    OP_LESSER,   /* the smaller of a, b (64) ÷ the larger, if that is not 0 */
} feature_op;

/* One slot. */
typedef struct feature_code {
    feature_op op;
    feature_id id;
    feature_subject subject;
    bool by_logins; /* the logins' clock counts, not the movements' */
    uint32_t a, b;
    uint32_t reads;   /* READ_… of its subject */
    int64_t reach_ms; /* a window that reaches further back than what is kept has no value */
} feature_code;

/* What is known of an account (or holder) besides its movements. 64 bytes. All zero: nothing. */
typedef struct account_facts {
    int64_t balance_fen;
    int64_t opened_ms;
    int64_t status_ms; /* of the newest block or lifting */
    uint32_t holder;   /* key + 1 */
    uint32_t type;     /* word + 1 */
    int64_t type_ms;
    uint32_t holder_accounts; /* of a holder */
    bool has_opened, has_status, is_blocked, has_balance_stated;
    uint64_t unused[2];
} account_facts;

/* What of a subject's windows a plan asks for. */
enum {
    READ_IN = 1,
    READ_OUT = 2,
    READ_LOGINS = 4,
    READ_IPS = 8,
    READ_PAIR = 16,
    READ_USED = 32,
    READ_THROUGH = 64,
    READ_IN_EXTREMES = 128,
    READ_OUT_EXTREMES = 256
};

typedef struct party {
    uint32_t account;
    window_view in[WINDOWS_MAX], out[WINDOWS_MAX], logins[WINDOWS_MAX], ips[WINDOWS_MAX];
} party;

/* A device or IP. */
typedef struct login_place {
    uint32_t number; /* KEY_NONE: there is none */
    window_view used[WINDOWS_MAX], through[WINDOWS_MAX];
} login_place;

typedef struct pair_view {
    uint64_t sum_fen;
    int64_t min_fen, max_fen;
    uint32_t count;
} pair_view;

struct feature_state {
    const feature_plan *plan;
    const keys *names;
    feature_code *codes;      /* by slot */
    feature_value *blank;     /* a row before anything is computed */
    uint32_t reads[SUBJECTS]; /* what any slot reads … */
    uint32_t have[SUBJECTS];  /* … and what was read for the present transfer */
    bool needs_facts, needs_balance, needs_rebates, needs_places, needs_reverse, needs_keys;

    recent *money;
    recent *logins;  /* account → device */
    recent *ips;     /* account → IP, by number in ip_names */
    recent *through; /* movements by device (out series) and by IP (in series) */
    recent *pairs;   /* pairs with many payments, each as if it were an account: out series */
    window_list money_windows, login_windows, through_windows, pair_windows;
    uint32_t pair_count; /* numbers given in `pairs` */

    region facts; /* account_facts[], by key */
    uint32_t facts_count;
    epoch words_epoch;
    keys words;    /* types, as type:… */
    keys ip_names; /* ip:… */

    /* The signal that did not go in for want of memory, as far as it came. */
    uint32_t done;

    /* Of the present transfer. */
    const activity *now;
    int64_t kept_from_ms;
    int64_t reach_ms, login_reach_ms; /* how far back what is kept reaches: of movements, of logins */
    party payer, payee;
    login_place device, ip;
    pair_view pair[WINDOWS_MAX];
    recent_last last;
    char currency[4];
};

/* What a step does, in order; a bit of `done` each. */
enum { DONE_FACTS = 1, DONE_MONEY = 2, DONE_THROUGH = 4, DONE_PAIR = 8, DONE_LOGIN = 16, DONE_IP = 32 };

/* feature_account.c */
bool facts_step(feature_state *state, const activity *a);
account_facts *facts_of(const feature_state *state, uint32_t account);
void balance_step(feature_state *state, const activity *a);
void rebates_step(feature_state *state, const activity *a);

/* feature_login.c */
bool login_step(feature_state *state, const activity *a);
/* The device or IP of the account's newest login at or before time_ms; KEY_NONE: none in FEATURE_LOGIN_MS,
 * or the transfer is so late that it cannot be known. */
uint32_t login_newest(const recent *logins, uint32_t account, int64_t time_ms);
bool through_step(feature_state *state, const activity *a);

/* feature_pair.c */
bool pair_step(feature_state *state, const activity *a);
void pair_read(feature_state *state, const activity *a);

/* feature_value.c */
/* Makes the code of a slot whose feature has a window. */
void feature_code_window(const feature_meaning *m, uint32_t window, feature_code *code);
/* All slots pending; external ones missing. */
void feature_begin(feature_state *state, feature_value *values);

/* feature_point.c: features without a window. */
feature_value feature_point(const feature_code *code, feature_state *state);

#endif
