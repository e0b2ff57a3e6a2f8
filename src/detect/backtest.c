/* Scoring a run against what is known.
 *
 * A victim is found when at least one of the payments to the fraudsters was alerted: the decision on that payment was
 * verify or more, whichever party it spoke of. Lead time runs from there to the victim's last payment; what is
 * reachable is what was not yet paid (the alerted payment included, an inline decision comes before it) and what a
 * trace of the earlier payments still holds at that moment. */
#include "detect/backtest.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct score {
    const backtest_input *input;
    backtest *result;
    uint32_t *alerted; /* movements, rising */
    size_t alerted_count;
    uint32_t *victims;   /* their accounts, rising; … */
    uint32_t *victim_of; /* … and the victim of each */
    int64_t *leads;
    size_t lead_count;
} score;

static int compare_u32(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static int compare_u64(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static int compare_i64(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static bool holds(const uint32_t *numbers, size_t count, uint32_t number) {
    return count > 0 && bsearch(&number, numbers, count, sizeof number, compare_u32) != NULL;
}

static bool counts(const finding *f) {
    return f->action >= RULE_VERIFY && !f->is_draft && !f->is_snoozed;
}

static sluice_text fraud_type_of(const score *s, const finding *f) {
    typology_view t = {0};
    if (f->typology != FINDING_MODEL_TYPOLOGY) {
        typology_get(s->input->rules, f->typology, &t);
    }
    return t.fraud_type;
}

/* True when the subject is a victim; of the type asked for, if there is one. */
static bool is_victim(const score *s, uint32_t account, sluice_text fraud_type) {
    const truth *t = s->input->truth;
    if (t->victim_count == 0) {
        return false;
    }
    const uint32_t *at = bsearch(&account, s->victims, t->victim_count, sizeof account, compare_u32);
    if (at == NULL) {
        return false;
    }
    size_t first = (size_t)(at - s->victims);
    while (first > 0 && s->victims[first - 1] == account) {
        first--;
    }
    for (size_t i = first; i < t->victim_count && s->victims[i] == account; i++) {
        if (fraud_type.length == 0 || text_equal(t->victims[s->victim_of[i]].fraud_type, fraud_type)) {
            return true;
        }
    }
    return false;
}

/* Where only transfers are labelled, a finding is right when one of those that it rests on is. */
static bool rests_on_label(const score *s, const finding *f) {
    const truth *t = s->input->truth;
    for (size_t i = 0; i < f->trigger_count; i++) {
        if (holds(t->movements, t->movement_count, f->triggers[i].movement)) {
            return true;
        }
    }
    return false;
}

static bool is_right(const score *s, const finding *f, sluice_text fraud_type) {
    const truth *t = s->input->truth;
    if (t->victim_count == 0 && t->account_count == 0) {
        return rests_on_label(s, f);
    }
    if (f->subject_is_payer && t->victim_count > 0) {
        return is_victim(s, f->subject, fraud_type) ||
               (fraud_type.length == 0 && holds(t->accounts, t->account_count, f->subject));
    }
    return holds(t->accounts, t->account_count, f->subject);
}

static sluice_backtest_row *row_new(score *s, sluice_text group, sluice_text name) {
    backtest *b = s->result;
    if (!ARRAY_RESERVE(b->rows, b->capacity, b->count + 1)) {
        return NULL;
    }
    b->rows[b->count] = (sluice_backtest_row){.group = group, .name = name, .lead_median_ms = -1};
    return &b->rows[b->count++];
}

static void row_close(const score *s, sluice_backtest_row *row) {
    row->precision = row->findings == 0 ? -1 : (double)row->right / (double)row->findings;
    row->recall = row->known == 0 ? -1 : (double)row->found / (double)row->known;
    row->alerts_a_day = (double)row->findings / s->input->days;
}

/* ---- victims ---- */

static bool add_victim(score *s, const truth_victim *v, sluice_backtest_row *row) {
    row->known++;
    size_t first = v->payment_count;
    for (size_t i = 0; i < v->payment_count; i++) {
        row->lost_fen += v->payments[i].amount_fen;
        if (first == v->payment_count && holds(s->alerted, s->alerted_count, v->payments[i].movement)) {
            first = i;
        }
    }
    if (first == v->payment_count) {
        return true;
    }
    row->found++;
    s->leads[s->lead_count++] = v->payments[v->payment_count - 1].time_ms - v->payments[first].time_ms;
    for (size_t i = first; i < v->payment_count; i++) {
        row->reachable_fen += v->payments[i].amount_fen;
    }
    int64_t held_fen = 0;
    if (first > 0 && !s->input->reachable(s->input->context, v, first, v->payments[first].time_ms, &held_fen)) {
        return false;
    }
    row->reachable_fen += held_fen;
    return true;
}

/* All victims, or those of one type. */
static bool add_victims(score *s, sluice_text fraud_type, sluice_backtest_row *row) {
    const truth *t = s->input->truth;
    s->lead_count = 0;
    for (size_t i = 0; i < t->victim_count; i++) {
        bool asked = fraud_type.length == 0 || text_equal(t->victims[i].fraud_type, fraud_type);
        if (asked && t->victims[i].payment_count > 0 && !add_victim(s, &t->victims[i], row)) {
            return false;
        }
    }
    if (s->lead_count > 0) {
        qsort(s->leads, s->lead_count, sizeof *s->leads, compare_i64);
        row->lead_median_ms = s->leads[(s->lead_count - 1) / 2];
    }
    return true;
}

static bool score_type(score *s, sluice_text fraud_type) {
    sluice_backtest_row *row = row_new(s, TEXT("fraud type"), fraud_type);
    if (row == NULL) {
        return false;
    }
    for (size_t i = 0; i < finding_book_count(s->input->book); i++) {
        const finding *f = finding_book_get(s->input->book, i);
        if (counts(f) && text_equal(fraud_type_of(s, f), fraud_type)) {
            row->findings++;
            row->right += is_right(s, f, fraud_type);
        }
    }
    bool done = add_victims(s, fraud_type, row);
    row_close(s, row);
    return done;
}

static bool score_types(score *s) {
    const truth *t = s->input->truth;
    for (size_t i = 0; i < t->victim_count; i++) {
        bool is_first = true;
        for (size_t k = 0; k < i && is_first; k++) {
            is_first = !text_equal(t->victims[k].fraud_type, t->victims[i].fraud_type);
        }
        if (is_first && !score_type(s, t->victims[i].fraud_type)) {
            return false;
        }
    }
    return true;
}

/* ---- everything, labelled accounts, typologies ---- */

/* Labelled accounts with a finding. */
static uint64_t accounts_found(const score *s) {
    const truth *t = s->input->truth;
    uint64_t found = 0;
    bool *seen = memory_new_zero(t->account_count + 1, sizeof *seen);
    for (size_t i = 0; seen != NULL && i < finding_book_count(s->input->book); i++) {
        const finding *f = finding_book_get(s->input->book, i);
        const uint32_t *at = !counts(f) || t->account_count == 0
                                 ? NULL
                                 : bsearch(&f->subject, t->accounts, t->account_count, sizeof f->subject, compare_u32);
        if (at != NULL && !seen[at - t->accounts]) {
            seen[at - t->accounts] = true;
            found++;
        }
    }
    memory_free(seen);
    return found;
}

static uint64_t movements_found(const score *s) {
    const truth *t = s->input->truth;
    uint64_t found = 0;
    for (size_t i = 0; i < t->movement_count; i++) {
        found += holds(s->alerted, s->alerted_count, t->movements[i]);
    }
    return found;
}

static bool score_all(score *s) {
    const truth *t = s->input->truth;
    sluice_backtest_row *row = row_new(s, TEXT("all"), TEXT("all"));
    if (row == NULL) {
        return false;
    }
    for (size_t i = 0; i < finding_book_count(s->input->book); i++) {
        const finding *f = finding_book_get(s->input->book, i);
        if (counts(f)) {
            row->findings++;
            row->right += is_right(s, f, (sluice_text){"", 0});
        }
    }
    bool done = true;
    if (t->victim_count > 0) {
        done = add_victims(s, (sluice_text){"", 0}, row);
    } else if (t->account_count > 0) {
        row->known = t->account_count;
        row->found = accounts_found(s);
    } else {
        row->known = t->movement_count;
        row->found = movements_found(s);
    }
    row_close(s, row);
    return done;
}

static bool score_accounts(score *s) {
    if (s->input->truth->account_count == 0) {
        return true;
    }
    sluice_backtest_row *row = row_new(s, TEXT("accounts"), TEXT("labelled accounts"));
    if (row == NULL) {
        return false;
    }
    for (size_t i = 0; i < finding_book_count(s->input->book); i++) {
        const finding *f = finding_book_get(s->input->book, i);
        if (counts(f) && !f->subject_is_payer) {
            row->findings++;
            row->right += is_right(s, f, (sluice_text){"", 0});
        }
    }
    row->known = s->input->truth->account_count;
    row->found = accounts_found(s);
    row_close(s, row);
    return true;
}

static bool score_typologies(score *s) {
    uint32_t count = s->input->rules == NULL ? 0 : typology_count(s->input->rules);
    for (uint32_t t = 0; t < count; t++) {
        typology_view view;
        typology_get(s->input->rules, t, &view);
        sluice_backtest_row *row = row_new(s, TEXT("typology"), view.name);
        if (row == NULL) {
            return false;
        }
        for (size_t i = 0; i < finding_book_count(s->input->book); i++) {
            const finding *f = finding_book_get(s->input->book, i);
            if (f->typology == t && counts(f)) {
                row->findings++;
                row->right += is_right(s, f, (sluice_text){"", 0});
            }
        }
        row_close(s, row);
    }
    return true;
}

static bool prepare(score *s) {
    const truth *t = s->input->truth;
    size_t alert_count = 0;
    const finding_alert *alerts = finding_book_alerts(s->input->book, &alert_count);
    s->alerted = memory_new((alert_count + 1) * sizeof *s->alerted);
    s->victims = memory_new((t->victim_count + 1) * sizeof *s->victims);
    s->victim_of = memory_new((t->victim_count + 1) * sizeof *s->victim_of);
    s->leads = memory_new((t->victim_count + 1) * sizeof *s->leads);
    uint64_t *order = memory_new((t->victim_count + 1) * sizeof *order);
    bool done = s->alerted != NULL && s->victims != NULL && s->victim_of != NULL && s->leads != NULL && order != NULL;
    for (size_t i = 0; done && i < alert_count; i++) {
        s->alerted[i] = alerts[i].movement;
    }
    s->alerted_count = alert_count;
    if (done && alert_count > 0) {
        qsort(s->alerted, alert_count, sizeof *s->alerted, compare_u32);
    }
    for (size_t i = 0; done && i < t->victim_count; i++) {
        order[i] = (uint64_t)t->victims[i].account << 32 | i;
    }
    if (done && t->victim_count > 0) {
        qsort(order, t->victim_count, sizeof *order, compare_u64);
    }
    for (size_t i = 0; done && i < t->victim_count; i++) {
        s->victims[i] = (uint32_t)(order[i] >> 32);
        s->victim_of[i] = (uint32_t)order[i];
    }
    memory_free(order);
    return done;
}

bool backtest_score(const backtest_input *input, backtest *result_out) {
    *result_out = (backtest){0};
    score s = {.input = input, .result = result_out};
    bool done = prepare(&s) && score_all(&s) && score_types(&s) && score_accounts(&s) && score_typologies(&s);
    memory_free(s.alerted);
    memory_free(s.victims);
    memory_free(s.victim_of);
    memory_free(s.leads);
    if (!done) {
        backtest_fini(result_out);
    }
    return done;
}

void backtest_fini(backtest *b) {
    memory_free(b->rows);
    *b = (backtest){0};
}
