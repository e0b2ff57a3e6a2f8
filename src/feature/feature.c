/* Features: one step a signal.
 *
 *   signal ──▶ facts, logins                       (feature_account.c, feature_login.c)
 *   movement ──▶ recent (series, windows) ──▶ balance, rebates, through, pairs ──▶ values (feature_value.c)
 *
 * Only what the plan asks for is kept. The state holds everything after kept_from (recent.h), where what is kept is the
 * longest window, a day that rebates look back, and a day for what comes late. A value whose window reaches back
 * further than that is missing: what is given is exact.
 *
 * A signal that fails for want of memory may be tried again; `done` remembers what of it is in already.
 *
 * Memory: 128 bytes an account and 32 an entry (recent.c), a state of windows for busy series (window.c), 50 to 68 a
 * pair (recent_pairs.c), 64 an account where facts or balances are asked for; 128 an account and device, and 80 a
 * login, where logins are. feature_memory_bytes says what it is. */
#include "feature/feature.h"

#include "base/assert.h"
#include "base/memory.h"
#include "feature/feature_private.h"

static void list_add(window_list *list, int64_t window_ms) {
    uint32_t at = list->count;
    for (uint32_t w = 0; w < list->count; w++) {
        if (list->length_ms[w] == window_ms) {
            return;
        }
    }
    while (at > 0 && list->length_ms[at - 1] > window_ms) {
        list->length_ms[at] = list->length_ms[at - 1];
        at--;
    }
    list->length_ms[at] = window_ms;
    list->count++;
}

static uint32_t list_find(const window_list *list, int64_t window_ms) {
    for (uint32_t w = 0; w < list->count; w++) {
        if (list->length_ms[w] == window_ms) {
            return w;
        }
    }
    return 0;
}

static window_list *list_of(feature_state *state, feature_id id) {
    switch (id) {
    case FEATURE_LOGINS_W:
    case FEATURE_DEVICES_W:
    case FEATURE_IPS_W:
    case FEATURE_PLACE_LOGINS_W:
    case FEATURE_PLACE_ACCOUNTS_W:
        return &state->login_windows;
    case FEATURE_PLACE_OUT_COUNT_W:
    case FEATURE_PLACE_OUT_SUM_W:
        return &state->through_windows;
    default:
        return feature_table[id].of == OF_PAIR ? &state->pair_windows : &state->money_windows;
    }
}

static void need(window_list *list, recent_direction direction, uint32_t w, window_counter counter) {
    list->needs[direction].windows[w].counters |= UINT32_C(1) << counter;
}

static void need_sum(window_list *list, recent_direction direction, uint32_t w, window_sum sum) {
    list->needs[direction].windows[w].sums |= UINT32_C(1) << sum;
}

static void need_extremes(window_list *list, recent_direction direction, uint32_t w) {
    window_needs *needs = &list->needs[direction];
    needs->has_extremes = true;
    needs->extremes_count = needs->extremes_count > w ? needs->extremes_count : w + 1;
}

/* What a feature with a window reads, and what is to be counted for it. */
static uint32_t reads_of(feature_state *state, feature_id id, uint32_t w) {
    window_list *list = list_of(state, id);
    switch (id) {
    case FEATURE_IN_DISTINCT_W:
        need(list, RECENT_IN, w, WINDOW_DISTINCT);
        return READ_IN;
    case FEATURE_OUT_DISTINCT_W:
        need(list, RECENT_OUT, w, WINDOW_DISTINCT);
        return READ_OUT;
    case FEATURE_IN_SMALL_W:
        need(list, RECENT_IN, w, WINDOW_SMALL);
        return READ_IN;
    case FEATURE_OUT_SMALL_W:
        need(list, RECENT_OUT, w, WINDOW_SMALL);
        return READ_OUT;
    case FEATURE_NEW_PAYERS_W:
        need(list, RECENT_IN, w, WINDOW_NEW);
        return READ_IN;
    case FEATURE_NEW_PAYEES_W:
        need(list, RECENT_OUT, w, WINDOW_NEW);
        return READ_OUT;
    case FEATURE_REBATES_W:
        state->needs_rebates = true;
        need(list, RECENT_IN, w, WINDOW_REBATES);
        return READ_IN;
    case FEATURE_REBATE_SUM_W:
        state->needs_rebates = true;
        need_sum(list, RECENT_IN, w, WINDOW_REBATE_SUM);
        return READ_IN;
    case FEATURE_CASH_COUNT_W:
        need(list, RECENT_OUT, w, WINDOW_CASH);
        return READ_OUT;
    case FEATURE_CASH_SUM_W:
        need_sum(list, RECENT_OUT, w, WINDOW_CASH_SUM);
        return READ_OUT;
    case FEATURE_IN_NIGHT_SHARE_W:
        need(list, RECENT_IN, w, WINDOW_NIGHT);
        return READ_IN;
    case FEATURE_OUT_NIGHT_SHARE_W:
        need(list, RECENT_OUT, w, WINDOW_NIGHT);
        return READ_OUT;
    case FEATURE_IN_ROUND_SHARE_W:
        need(list, RECENT_IN, w, WINDOW_ROUND);
        return READ_IN;
    case FEATURE_OUT_ROUND_SHARE_W:
        need(list, RECENT_OUT, w, WINDOW_ROUND);
        return READ_OUT;
    case FEATURE_IN_MIN_W:
    case FEATURE_IN_MAX_W:
        need_extremes(list, RECENT_IN, w);
        return READ_IN | READ_IN_EXTREMES;
    case FEATURE_OUT_MIN_W:
    case FEATURE_OUT_MAX_W:
        need_extremes(list, RECENT_OUT, w);
        return READ_OUT | READ_OUT_EXTREMES;
    case FEATURE_IN_COUNT_W:
    case FEATURE_IN_SUM_W:
    case FEATURE_IN_MEAN_W:
        return READ_IN;
    case FEATURE_OUT_COUNT_W:
    case FEATURE_OUT_SUM_W:
    case FEATURE_OUT_MEAN_W:
        return READ_OUT;
    case FEATURE_PASS_THROUGH_W:
        return READ_IN | READ_OUT;
    case FEATURE_LOGINS_W:
        return READ_LOGINS;
    case FEATURE_DEVICES_W:
        need(list, RECENT_OUT, w, WINDOW_DISTINCT);
        return READ_LOGINS;
    case FEATURE_IPS_W:
        need(list, RECENT_OUT, w, WINDOW_DISTINCT);
        return READ_IPS;
    case FEATURE_PLACE_LOGINS_W:
        return READ_USED;
    case FEATURE_PLACE_ACCOUNTS_W:
        need(list, RECENT_IN, w, WINDOW_DISTINCT);
        return READ_USED;
    case FEATURE_PLACE_OUT_COUNT_W:
    case FEATURE_PLACE_OUT_SUM_W:
        return READ_THROUGH;
    case FEATURE_PAIR_MIN_W:
    case FEATURE_PAIR_MAX_W:
        need_extremes(list, RECENT_OUT, w);
        return READ_PAIR;
    default:
        return READ_PAIR;
    }
}

/* How much of the past a feature without a window looks at. */
static int64_t reach_of(feature_id id) {
    switch (id) {
    case FEATURE_DWELL:
        return FEATURE_DWELL_MS;
    case FEATURE_WOKE_AFTER:
        return FEATURE_WOKE_MS;
    case FEATURE_ESCALATION:
        return FEATURE_ESCALATION_MS;
    case FEATURE_TEST_THEN_LARGE:
        return WINDOW_TEST_MS;
    default:
        return 0;
    }
}

static void windows_finish(window_list *list) {
    for (int d = 0; d < 2; d++) {
        list->needs[d].count = list->count;
        for (uint32_t w = 0; w < list->count; w++) {
            list->needs[d].windows[w].length_ms = list->length_ms[w];
        }
    }
}

static int64_t longest(const window_list *list) {
    return list->count == 0 ? 0 : list->length_ms[list->count - 1];
}

static bool is_of_place(feature_subject subject) {
    return subject == SUBJECT_DEVICE || subject == SUBJECT_IP;
}

/* What a feature without a window needs, and reads. */
static uint32_t point_needs(feature_state *state, feature_id id, feature_subject subject) {
    state->needs_places |= is_of_place(subject);
    state->needs_balance |= id == FEATURE_BALANCE;
    state->needs_keys |= id == FEATURE_KEY || id == FEATURE_KIND;
    state->needs_reverse |= id == FEATURE_PAIR_REVERSE_COUNT;
    state->needs_facts |= id == FEATURE_BALANCE || id == FEATURE_TYPE || id == FEATURE_AGE ||
                          id == FEATURE_IS_BLOCKED || id == FEATURE_HOLDER_ACCOUNTS || id == FEATURE_IS_OWN;
    if (id == FEATURE_TEST_THEN_LARGE && state->money_windows.count < WINDOWS_MAX) {
        list_add(&state->money_windows, WINDOW_TEST_MS);
        return subject == SUBJECT_PAYER ? READ_OUT : READ_IN;
    }
    return 0;
}

/* Reads the plan: windows of each kind first, then what is needed of each. Returns what must be kept. */
static int64_t compile(feature_state *state) {
    const feature_plan *plan = state->plan;
    int64_t keep_ms = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const feature_meaning *m = &plan->slots[i].meaning;
        bool is_external = plan->slots[i].is_external;
        state->codes[i] = (feature_code){
            .op = is_external ? OP_EXTERNAL : OP_POINT, .id = m->id, .subject = m->subject, .reach_ms = INT64_MIN};
        if (m->window_ms != 0) {
            list_add(list_of(state, m->id), m->window_ms);
        }
    }
    for (size_t i = 0; i < plan->count; i++) {
        const feature_meaning *m = &plan->slots[i].meaning;
        if (state->codes[i].op == OP_POINT && m->window_ms == 0) {
            state->codes[i].reads = point_needs(state, m->id, m->subject);
            state->reads[m->subject] |= state->codes[i].reads;
            keep_ms = reach_of(m->id) > keep_ms ? reach_of(m->id) : keep_ms;
        }
    }
    for (size_t i = 0; i < plan->count; i++) {
        const feature_meaning *m = &plan->slots[i].meaning;
        if (m->window_ms != 0) {
            uint32_t window = list_find(list_of(state, m->id), m->window_ms);
            feature_code_window(m, window, &state->codes[i]);
            state->codes[i].reads = reads_of(state, m->id, window);
            state->reads[m->subject] |= state->codes[i].reads;
            state->needs_places |= is_of_place(m->subject);
        }
    }
    windows_finish(&state->money_windows);
    windows_finish(&state->login_windows);
    windows_finish(&state->through_windows);
    windows_finish(&state->pair_windows);
    int64_t money_ms = longest(&state->money_windows) + (state->needs_rebates ? FEATURE_REBATE_MS : 0);
    keep_ms = money_ms > keep_ms ? money_ms : keep_ms;
    keep_ms = longest(&state->through_windows) > keep_ms ? longest(&state->through_windows) : keep_ms;
    return longest(&state->pair_windows) > keep_ms ? longest(&state->pair_windows) : keep_ms;
}

static bool recent_make(recent **r, int64_t keep_ms, const window_list *windows, const recent *leader) {
    *r = recent_new(keep_ms);
    if (*r == NULL || !recent_windows(*r, windows->needs)) {
        return false;
    }
    (*r)->leader = leader;
    return true;
}

static bool logins_make(feature_state *state) {
    int64_t keep_ms = longest(&state->login_windows);
    keep_ms = keep_ms < FEATURE_LOGIN_MS ? FEATURE_LOGIN_MS : keep_ms;
    return recent_make(&state->logins, keep_ms, &state->login_windows, NULL) &&
           recent_make(&state->ips, keep_ms, &state->login_windows, state->logins);
}

feature_state *feature_state_new(const feature_plan *plan, const keys *names, int64_t horizon_ms) {
    feature_state *state = memory_new_zero(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->plan = plan;
    state->names = names;
    state->codes = memory_new_zero(plan->count + 1, sizeof *state->codes);
    state->blank = memory_new_zero(plan->count + 1, sizeof *state->blank);
    if (state->codes == NULL || state->blank == NULL) {
        feature_state_free(&state);
        return NULL;
    }
    int64_t keep_ms = compile(state);
    for (size_t i = 0; i < plan->count; i++) {
        state->blank[i] = (feature_value){.is_missing = true, .is_pending = state->codes[i].op != OP_EXTERNAL};
    }
    keep_ms = keep_ms > horizon_ms ? keep_ms : horizon_ms;
    epoch_init(&state->words_epoch);
    uint32_t account_reads = state->reads[SUBJECT_PAYER] | state->reads[SUBJECT_PAYEE];
    bool good = recent_make(&state->money, keep_ms, &state->money_windows, NULL) &&
                region_init(&state->facts, sizeof(account_facts) << 32) &&
                keys_init(&state->words, &state->words_epoch) && keys_init(&state->ip_names, &state->words_epoch);
    if (good && (state->needs_places || (account_reads & (READ_LOGINS | READ_IPS)) != 0)) {
        good = logins_make(state);
    }
    if (good && state->through_windows.count > 0) {
        good = recent_make(&state->through, keep_ms, &state->through_windows, state->money);
    }
    if (good && state->pair_windows.count > 0) {
        good = recent_make(&state->pairs, keep_ms, &state->pair_windows, state->money);
    }
    if (!good) {
        feature_state_free(&state);
    }
    return state;
}

void feature_state_free(feature_state **state) {
    feature_state *s = *state;
    if (s == NULL) {
        return;
    }
    recent_free(&s->pairs);
    recent_free(&s->through);
    recent_free(&s->ips);
    recent_free(&s->logins);
    recent_free(&s->money);
    region_fini(&s->facts);
    keys_fini(&s->words);
    keys_fini(&s->ip_names);
    memory_free(s->codes);
    memory_free(s->blank);
    memory_free(s);
    *state = NULL;
}

const recent *feature_recent(const feature_state *state) {
    return state->money;
}

uint64_t feature_memory_bytes(const feature_state *state) {
    uint64_t bytes = sizeof *state + recent_memory_bytes(state->money) + (uint64_t)state->facts.committed +
                     keys_memory_bytes(&state->words) + keys_memory_bytes(&state->ip_names);
    const recent *others[] = {state->logins, state->ips, state->through, state->pairs};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        bytes += others[i] == NULL ? 0 : recent_memory_bytes(others[i]);
    }
    return bytes;
}

/* One part of a step, if it is not done yet. */
#define STEP(bit, call)                                                                                                \
    if ((state->done & (bit)) == 0) {                                                                                  \
        if (!(call)) {                                                                                                 \
            return false;                                                                                              \
        }                                                                                                              \
        state->done |= (bit);                                                                                          \
    }

static bool movement_step(feature_state *state, const activity *a) {
    if ((state->done & DONE_MONEY) == 0) {
        if (!recent_add(state->money, a)) {
            return false;
        }
        state->last = *recent_last_get(state->money);
        state->done |= DONE_MONEY;
        if (state->needs_balance) {
            balance_step(state, a);
        }
        if (state->needs_rebates) {
            rebates_step(state, a);
        }
    }
    if (state->needs_places) {
        STEP(DONE_THROUGH, through_step(state, a))
    }
    if (state->pairs != NULL) {
        STEP(DONE_PAIR, pair_step(state, a))
    }
    return true;
}

bool feature_step_pending(feature_state *state, const activity *a, feature_value *values) {
    state->now = a;
    if (state->needs_facts) {
        STEP(DONE_FACTS, facts_step(state, a))
    }
    if (a->kind == SLUICE_SIGNAL_LOGIN && state->logins != NULL && !login_step(state, a)) {
        return false;
    }
    if (activity_is_movement(a)) {
        if (!movement_step(state, a)) {
            return false;
        }
        if (values != NULL) {
            feature_begin(state, values);
        }
    }
    state->done = 0;
    return true;
}

bool feature_step(feature_state *state, const activity *a, feature_value *values) {
    if (!feature_step_pending(state, a, values)) {
        return false;
    }
    if (values != NULL && activity_is_movement(a)) {
        for (uint32_t i = 0; i < state->plan->count; i++) {
            feature_need(state, values, i);
        }
    }
    return true;
}

void feature_prefetch(const feature_state *state, const activity *a, int step) {
    if (!activity_is_movement(a)) {
        return;
    }
    const recent *money = state->money;
    recent_prefetch(money, a, step);
    if (step < 2 && state->needs_keys && state->names != NULL) {
        keys_prefetch(state->names, a->from, step);
        keys_prefetch(state->names, a->to == KEY_NONE ? a->from : a->to, step);
    }
    uint32_t payer_reads = state->reads[SUBJECT_PAYER], payee_reads = state->reads[SUBJECT_PAYEE];
    if (step == 0) {
        if (state->needs_facts && a->from < state->facts_count) {
            __builtin_prefetch(facts_of(state, a->from), 1);
        }
        if (state->needs_facts && a->to < state->facts_count) {
            __builtin_prefetch(facts_of(state, a->to), 1);
        }
        if (state->needs_reverse && a->to != KEY_NONE) {
            pairs_prefetch(&money->pairs, a->to, a->from, 0);
        }
        return;
    }
    if ((payer_reads & READ_OUT) != 0) {
        windows_prefetch(money, a->from, RECENT_OUT, a->time_ms, step);
    }
    if ((payer_reads & READ_IN) != 0) {
        recent_prefetch_account(money, a->from, RECENT_IN, step);
        windows_prefetch(money, a->from, RECENT_IN, a->time_ms, step);
    }
    if (a->to == KEY_NONE) {
        return;
    }
    if ((payee_reads & READ_IN) != 0) {
        windows_prefetch(money, a->to, RECENT_IN, a->time_ms, step);
    }
    if ((payee_reads & READ_OUT) != 0) {
        recent_prefetch_account(money, a->to, RECENT_OUT, step);
        windows_prefetch(money, a->to, RECENT_OUT, a->time_ms, step);
    }
}
