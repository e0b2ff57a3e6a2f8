/* The ranking of outlets: counts by month, then statistics.
 *
 * Counting is the database's (groups by outlet, one query a month); what is kept per outlet are two numbers a month. */
#include "desk/outlet_rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

enum { PAGE = 10000 };
#define CONFIDENCE 0.95
#define CONFIDENCE_FAR 0.998

/* ---- months ---- */

bool outlet_month_parse(sluice_text text, int64_t *month) {
    uint64_t year = 0, of_year = 0;
    bool good = text.length >= 7 && text.data[4] == '-' && text_to_u64((sluice_text){text.data, 4}, &year) &&
                year >= 1900 && text_to_u64((sluice_text){text.data + 5, 2}, &of_year) && of_year >= 1 && of_year <= 12;
    *month = good ? (int64_t)(year * 12 + of_year - 1) : 0;
    return good;
}

void outlet_month_format(int64_t month, char text[8]) {
    (void)snprintf(text, 8, "%04u-%02u", (unsigned)(month / 12) % 10000, (unsigned)(month % 12) + 1);
}

int64_t outlet_month_begin_ms(int64_t month) {
    return time_days_from_civil(month / 12, (unsigned)(month % 12) + 1, 1) * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS;
}

int64_t outlet_month_of_ms(int64_t time_ms) {
    int64_t local = time_ms + TIME_SHANGHAI_OFFSET_MS, year;
    unsigned month, day;
    time_civil_from_days(local / TIME_DAY_MS - (local % TIME_DAY_MS < 0 ? 1 : 0), &year, &month, &day);
    return year * 12 + (int64_t)month - 1;
}

/* ---- counting ---- */

typedef struct counting {
    store *store;
    arena *a;
    sluice_error *error;
    outlet_ranking *ranking;
} counting;

static size_t month_count(const outlet_ranking *r) {
    return (size_t)(r->months.last - r->months.first + 1);
}

/* Rows are in the order of ids until they are ranked. */
static outlet_row *find_row(outlet_ranking *r, int64_t outlet) {
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->rows[middle].outlet.id == outlet) {
            return &r->rows[middle];
        }
        low = r->rows[middle].outlet.id < outlet ? middle + 1 : low;
        high = r->rows[middle].outlet.id < outlet ? high : middle;
    }
    return NULL;
}

static bool row_init(counting *k, outlet_row *row, const record *outlet) {
    size_t months = month_count(k->ranking);
    int64_t *numbers = arena_alloc(k->a, 2 * months * sizeof *numbers);
    if (numbers == NULL) {
        return false;
    }
    memset(numbers, 0, 2 * months * sizeof *numbers);
    *row = (outlet_row){.outlet = *outlet, .opened_by_month = numbers, .problem_by_month = numbers + months};
    return true;
}

static sluice_result read_outlets(counting *k, const outlet_question *q) {
    query_term terms[8];
    size_t count = 0;
    for (size_t i = 0; i < q->scope_count; i++) {
        terms[count++] = q->scope[i];
    }
    if (q->category.length > 0) {
        terms[count++] = (query_term){OUTLET_CATEGORY, QUERY_EQUAL, value_text(q->category), NULL, 0};
    }
    if (q->district != 0) {
        terms[count++] = (query_term){OUTLET_DISTRICT, QUERY_EQUAL, value_integer(q->district), NULL, 0};
    }
    record_query query = {
        .table = OUTLET_KIND.table, .terms = terms, .term_count = count, .order = QUERY_ID, .limit = PAGE};
    uint64_t all = 0;
    sluice_result result = store_count(k->store, &query, 0, &all, k->error);
    outlet_row *rows = result == SLUICE_OK ? arena_alloc(k->a, (all + PAGE) * sizeof *rows) : NULL;
    if (rows == NULL) {
        return result == SLUICE_OK ? error_set(k->error, SLUICE_E_NO_MEMORY, "no memory for the outlets") : result;
    }
    k->ranking->rows = rows;
    for (size_t found = PAGE; result == SLUICE_OK && found == PAGE && k->ranking->count <= all;
         query.has_after = true) {
        record *page = NULL;
        result = store_select(k->store, &query, k->a, &page, &found, k->error);
        for (size_t i = 0; result == SLUICE_OK && i < found; i++) {
            if (!row_init(k, &rows[k->ranking->count++], &page[i])) {
                return error_set(k->error, SLUICE_E_NO_MEMORY, "no memory for the outlets");
            }
            query.after_id = page[i].id;
            query.after = value_integer(page[i].id);
        }
    }
    return result;
}

/* What was entered one by one. */
static sluice_result count_entered(counting *k, int64_t month) {
    query_term opened[3] = {{CARD_OPENED_AT, QUERY_GREATER_EQUAL, value_integer(outlet_month_begin_ms(month)), NULL, 0},
                            {CARD_OPENED_AT, QUERY_LESS, value_integer(outlet_month_begin_ms(month + 1)), NULL, 0},
                            {CARD_OUTLET, QUERY_NOT_NULL, value_null(), NULL, 0}};
    record_query query = {.table = CARD_KIND.table, .terms = opened, .term_count = 3};
    record_group *groups = NULL;
    size_t count = 0;
    sluice_result result = store_group(k->store, &query, (const uint8_t[2]){CARD_OUTLET, RECORD_END}, RECORD_END, k->a,
                                       &groups, &count, k->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        outlet_row *row = find_row(k->ranking, groups[i].by[0].integer);
        if (row != NULL) {
            row->opened_by_month[month - k->ranking->months.first] = (int64_t)groups[i].count;
        }
    }
    return result;
}

/* What the institutions state; it counts where it is more. */
static sluice_result count_stated(counting *k, int64_t month) {
    char text[8];
    outlet_month_format(month, text);
    query_term of = {OUTLET_MONTH_MONTH, QUERY_EQUAL, value_text((sluice_text){text, 7}), NULL, 0};
    record_query query = {
        .table = OUTLET_MONTH_KIND.table, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = PAGE};
    for (size_t count = PAGE; count == PAGE; query.has_after = true) {
        record *rows = NULL;
        sluice_result result = store_select(k->store, &query, k->a, &rows, &count, k->error);
        if (result != SLUICE_OK) {
            return result;
        }
        for (size_t i = 0; i < count; i++) {
            outlet_row *row = find_row(k->ranking, rows[i].values[OUTLET_MONTH_OUTLET].integer);
            int64_t stated = rows[i].values[OUTLET_MONTH_OPENED].integer;
            if (row != NULL) {
                int64_t *opened = &row->opened_by_month[month - k->ranking->months.first];
                k->ranking->stated_below += stated < *opened;
                *opened = stated > *opened ? stated : *opened;
            }
            query.after_id = rows[i].id;
            query.after = value_integer(rows[i].id);
        }
    }
    return SLUICE_OK;
}

static sluice_result count_problems(counting *k) {
    problem_card *cards = NULL;
    size_t count = 0;
    sluice_result result = outlet_problem_cards(k->store, 0, k->a, &cards, &count, &k->ranking->unknown, k->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        const record_value *outlet = &cards[i].card.values[CARD_OUTLET], *at = &cards[i].card.values[CARD_OPENED_AT];
        if (outlet->is_null || at->is_null) {
            k->ranking->undated++;
            continue;
        }
        int64_t month = outlet_month_of_ms(at->integer);
        outlet_row *row = find_row(k->ranking, outlet->integer);
        if (row != NULL && month >= k->ranking->months.first && month <= k->ranking->months.last) {
            row->problem_by_month[month - k->ranking->months.first]++;
        }
    }
    return result;
}

static sluice_result count_all(counting *k) {
    sluice_result result = SLUICE_OK;
    for (int64_t month = k->ranking->months.first; result == SLUICE_OK && month <= k->ranking->months.last; month++) {
        result = count_entered(k, month);
        result = result == SLUICE_OK ? count_stated(k, month) : result;
    }
    return result == SLUICE_OK ? count_problems(k) : result;
}

static void add_up(outlet_ranking *r) {
    for (size_t i = 0; i < r->count; i++) {
        outlet_row *row = &r->rows[i];
        for (size_t m = 0; m < month_count(r); m++) {
            row->opened += row->opened_by_month[m];
            row->problem += row->problem_by_month[m];
        }
        r->opened += row->opened;
        r->problem += row->problem;
    }
    r->rate = r->opened > 0 ? (double)r->problem / (double)r->opened : 0;
}

/* ---- judging ---- */

static const char *band_of(const outlet_row *row) {
    return row->opened == 0                   ? "none"
           : row->rate > row->limits_998.high ? "above_998"
           : row->rate > row->limits_95.high  ? "above_95"
           : row->rate < row->limits_998.low  ? "below_998"
           : row->rate < row->limits_95.low   ? "below_95"
                                              : "within";
}

static void judge(outlet_ranking *r, outlet_row *row) {
    row->rate = row->opened > 0 ? (double)row->problem / (double)row->opened : 0;
    row->wilson = rates_wilson(row->problem, row->opened, CONFIDENCE);
    row->limits_95 = rates_funnel(row->opened, r->rate, CONFIDENCE);
    row->limits_998 = rates_funnel(row->opened, r->rate, CONFIDENCE_FAR);
    row->band = band_of(row);
    row->shrunken = r->has_prior ? rates_posterior(&r->prior, row->problem, row->opened, CONFIDENCE, r->rate)
                                 : (rate_posterior){.mean = row->rate, .credible = row->wilson, .above = 0.5};
    row->trend_z = rates_trend(row->problem_by_month, row->opened_by_month, month_count(r));
    row->trend_p = rates_normal_tails(row->trend_z);
}

static sluice_result fit(counting *k) {
    outlet_ranking *r = k->ranking;
    int64_t *hits = arena_alloc(k->a, (r->count + 1) * sizeof *hits),
            *trials = arena_alloc(k->a, (r->count + 1) * sizeof *trials);
    double squares = 0, units = 0;
    if (hits == NULL || trials == NULL) {
        return error_set(k->error, SLUICE_E_NO_MEMORY, "no memory for the ranking");
    }
    for (size_t i = 0; i < r->count; i++) {
        hits[i] = r->rows[i].problem;
        trials[i] = r->rows[i].opened;
        double n = (double)trials[i], spread = r->rate * (1 - r->rate);
        if (trials[i] > 0 && spread > 0) {
            double off = (double)hits[i] / n - r->rate;
            squares += off * off * n / spread;
            units++;
        }
    }
    r->has_prior = rates_prior_fit(hits, trials, r->count, &r->prior);
    r->dispersion = units > 0 ? squares / units : 0;
    return SLUICE_OK;
}

static int compare_rows(const void *left, const void *right) {
    const outlet_row *a = left, *b = right;
    if ((a->opened > 0) != (b->opened > 0)) {
        return a->opened > 0 ? -1 : 1;
    }
    if (a->shrunken.mean != b->shrunken.mean) {
        return a->shrunken.mean > b->shrunken.mean ? -1 : 1;
    }
    return text_compare(a->outlet.values[OUTLET_KEY].text, b->outlet.values[OUTLET_KEY].text);
}

sluice_result outlet_ranking_of(store *s, const outlet_question *question, arena *a, outlet_ranking *ranking,
                                sluice_error *error) {
    counting k = {s, a, error, ranking};
    *ranking = (outlet_ranking){.months = question->months};
    sluice_result result = read_outlets(&k, question);
    result = result == SLUICE_OK ? count_all(&k) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    add_up(ranking);
    result = fit(&k);
    for (size_t i = 0; result == SLUICE_OK && i < ranking->count; i++) {
        judge(ranking, &ranking->rows[i]);
    }
    if (result == SLUICE_OK && ranking->count > 0) {
        qsort(ranking->rows, ranking->count, sizeof *ranking->rows, compare_rows);
    }
    for (size_t i = 0; result == SLUICE_OK && i < ranking->count; i++) {
        ranking->rows[i].rank = ranking->rows[i].opened > 0 ? i + 1 : 0;
    }
    return result;
}

sluice_result outlet_figures(store *s, const record *outlet, outlet_months months, arena *a, outlet_row *row_out,
                             sluice_error *error) {
    outlet_ranking ranking = {.months = months, .count = 1};
    counting k = {s, a, error, &ranking};
    ranking.rows = row_out;
    if (!row_init(&k, row_out, outlet)) {
        return error_set(error, SLUICE_E_NO_MEMORY, "no memory for the figures");
    }
    sluice_result result = count_all(&k);
    if (result == SLUICE_OK) {
        add_up(&ranking);
        row_out->rate = ranking.rate;
        row_out->wilson = rates_wilson(row_out->problem, row_out->opened, CONFIDENCE);
    }
    return result;
}
