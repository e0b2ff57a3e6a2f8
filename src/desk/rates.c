/* Special functions by continued fractions and series (Press et al., Numerical Recipes, 6.2 and 6.4), inverses by
 * bisection to the last bit, the prior by a simplex search over (logit mean, log size).
 *
 * Bisection takes a few dozen steps more than Newton and cannot fail: quantiles are asked for some thousand outlets,
 * not millions. */
#include "desk/rates.h"

#include <float.h>
#include <math.h>

enum { FRACTION_MAX = 100000, BISECTIONS = 200, SIMPLEX_STEPS = 200 };
#define TINY 1e-300

static double log_gamma(double x) {
    int sign = 0;
    return lgamma_r(x, &sign);
}

/* ---- incomplete beta and gamma ---- */

/* Lentz's method. */
static double beta_fraction(double x, double a, double b) {
    double c = 1, d = 1 - (a + b) * x / (a + 1), h;
    d = 1 / (fabs(d) < TINY ? TINY : d);
    h = d;
    for (int m = 1; m <= FRACTION_MAX; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        h *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        double step = d * c;
        h *= step;
        if (fabs(step - 1) < DBL_EPSILON) {
            break;
        }
    }
    return h;
}

double rates_beta(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 0 : 1;
    }
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(x, a, b) / a : 1 - front * beta_fraction(1 - x, b, a) / b;
}

double rates_gamma(double a, double x) {
    if (x <= 0) {
        return 0;
    }
    double front = exp(a * log(x) - x - log_gamma(a));
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (int n = 1; n <= FRACTION_MAX && term > sum * DBL_EPSILON; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return front * sum;
    }
    double b = x + 1 - a, c = 1 / TINY, d = 1 / b, h = d;
    for (int n = 1; n <= FRACTION_MAX; n++) {
        double an = -n * (n - a);
        b += 2;
        d = an * d + b;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = b + an / c;
        c = fabs(c) < TINY ? TINY : c;
        h *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON) {
            break;
        }
    }
    return 1 - front * h;
}

/* The x in [low, high] where a function that grows reaches p. */
typedef double (*growing)(const void *context, double x);
static double bisect(growing f, const void *context, double p, double low, double high) {
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) {
            break;
        }
        if (f(context, middle) < p) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low + (high - low) / 2;
}

typedef struct shape {
    double a, b;
} shape;
static double beta_at(const void *context, double x) {
    const shape *s = context;
    return rates_beta(x, s->a, s->b);
}
static double gamma_at(const void *context, double x) {
    const shape *s = context;
    return rates_gamma(s->a, x);
}

double rates_beta_quantile(double p, double a, double b) {
    return p <= 0 ? 0 : p >= 1 ? 1 : bisect(beta_at, &(shape){a, b}, p, 0, 1);
}

double rates_gamma_quantile(double p, double a) {
    double high = a + 1;
    if (p <= 0) {
        return 0;
    }
    while (rates_gamma(a, high) < p && high < 1e12) {
        high *= 2;
    }
    return bisect(gamma_at, &(shape){a, 0}, p, 0, high);
}

/* ---- intervals ---- */

static double normal_quantile(double p);

double rates_binomial_below(int64_t k, int64_t n, double p) {
    return k < 0 ? 0 : k >= n ? 1 : rates_beta(1 - p, (double)(n - k), (double)k + 1);
}

static double normal_at(const void *context, double x) {
    (void)context;
    return erfc(-x / sqrt(2)) / 2;
}
static double normal_quantile(double p) {
    return bisect(normal_at, NULL, p, -40, 40);
}

rate_interval rates_wilson(int64_t k, int64_t n, double confidence) {
    if (n <= 0) {
        return (rate_interval){0, 1};
    }
    double z = normal_quantile((1 + confidence) / 2), m = (double)n, p = (double)k / m, zz = z * z;
    double centre = (p + zz / (2 * m)) / (1 + zz / m);
    double half = z * sqrt(p * (1 - p) / m + zz / (4 * m * m)) / (1 + zz / m);
    return (rate_interval){k == 0 ? 0 : fmax(0, centre - half), k == n ? 1 : fmin(1, centre + half)};
}

/* The smallest r with P(X <= r) >= q, moved back by how far the step at r overshoots. */
static double funnel_limit(int64_t n, double p, double q) {
    int64_t low = -1, high = n;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (rates_binomial_below(middle, n, p) >= q) {
            high = middle;
        } else {
            low = middle;
        }
    }
    double at = rates_binomial_below(high, n, p), before = rates_binomial_below(high - 1, n, p);
    double back = at > before ? (at - q) / (at - before) : 0;
    return ((double)high - back) / (double)n;
}

rate_interval rates_funnel(int64_t n, double p, double confidence) {
    double tail = (1 - confidence) / 2;
    if (n <= 0 || p <= 0 || p >= 1) {
        return (rate_interval){0, 1};
    }
    return (rate_interval){fmax(0, funnel_limit(n, p, tail)), fmax(0, funnel_limit(n, p, 1 - tail))};
}

rate_interval rates_poisson(int64_t count, double confidence) {
    double tail = (1 - confidence) / 2, k = (double)count;
    return (rate_interval){count <= 0 ? 0 : rates_gamma_quantile(tail, k), rates_gamma_quantile(1 - tail, k + 1)};
}

/* ---- empirical Bayes ---- */

typedef struct counts {
    const int64_t *hits, *trials;
    size_t count;
} counts;

static double clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

static void prior_of(const double at[2], rate_prior *prior) {
    prior->mean = 1 / (1 + exp(-clamp(at[0], -30, 30)));
    prior->size = clamp(exp(at[1]), RATES_SIZE_MIN, RATES_SIZE_MAX);
    prior->a = prior->mean * prior->size;
    prior->b = (1 - prior->mean) * prior->size;
}

/* Minus the marginal log likelihood, without the binomial coefficients, which no prior changes. */
static double deviance(const counts *c, const double at[2]) {
    rate_prior p;
    prior_of(at, &p);
    double own = log_gamma(p.a) + log_gamma(p.b) - log_gamma(p.size), sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        double k = (double)c->hits[i], n = (double)c->trials[i];
        if (c->trials[i] > 0) {
            sum += log_gamma(p.a + k) + log_gamma(p.b + n - k) - log_gamma(p.size + n) - own;
        }
    }
    return -sum;
}

typedef struct corner {
    double at[2], value;
} corner;

static void sort_corners(corner v[3]) {
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 2 - i; k++) {
            if (v[k + 1].value < v[k].value) {
                corner swap = v[k];
                v[k] = v[k + 1];
                v[k + 1] = swap;
            }
        }
    }
}

static corner corner_at(const counts *c, const corner v[3], double far) {
    corner next;
    for (int i = 0; i < 2; i++) {
        double middle = (v[0].at[i] + v[1].at[i]) / 2;
        next.at[i] = middle + far * (v[2].at[i] - middle);
    }
    next.value = deviance(c, next.at);
    return next;
}

/* Nelder and Mead, 1965. */
static void simplex(const counts *c, corner v[3]) {
    for (int step = 0; step < SIMPLEX_STEPS; step++) {
        sort_corners(v);
        if (fabs(v[2].value - v[0].value) < 1e-12 * (1 + fabs(v[0].value)) && fabs(v[2].at[0] - v[0].at[0]) < 1e-9 &&
            fabs(v[2].at[1] - v[0].at[1]) < 1e-7) {
            return;
        }
        corner next = corner_at(c, v, -1);
        if (next.value < v[0].value) {
            corner farther = corner_at(c, v, -2);
            v[2] = farther.value < next.value ? farther : next;
        } else if (next.value < v[1].value) {
            v[2] = next;
        } else {
            corner nearer = next.value < v[2].value ? corner_at(c, v, -0.5) : corner_at(c, v, 0.5);
            if (nearer.value < v[2].value && nearer.value < next.value) {
                v[2] = nearer;
            } else {
                for (int k = 1; k < 3; k++) {
                    v[k].at[0] = v[0].at[0] + (v[k].at[0] - v[0].at[0]) / 2;
                    v[k].at[1] = v[0].at[1] + (v[k].at[1] - v[0].at[1]) / 2;
                    v[k].value = deviance(c, v[k].at);
                }
            }
        }
    }
    sort_corners(v);
}

bool rates_prior_fit(const int64_t *hits, const int64_t *trials, size_t count, rate_prior *prior) {
    double k = 0, n = 0;
    counts c = {hits, trials, count};
    for (size_t i = 0; i < count; i++) {
        k += (double)hits[i];
        n += (double)trials[i];
    }
    if (k <= 0 || k >= n) {
        return false;
    }
    corner best = {.value = HUGE_VAL};
    static const double SIZES[] = {5, 200, 20000};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        double logit = log(k / (n - k)), size = log(SIZES[i]);
        corner v[3] = {{.at = {logit, size}}, {.at = {logit + 0.5, size}}, {.at = {logit, size + 1.5}}};
        for (int m = 0; m < 3; m++) {
            v[m].value = deviance(&c, v[m].at);
        }
        simplex(&c, v);
        best = v[0].value < best.value ? v[0] : best;
    }
    prior_of(best.at, prior);
    prior->is_pooled = prior->size >= RATES_SIZE_MAX * 0.99;
    return true;
}

rate_posterior rates_posterior(const rate_prior *prior, int64_t hits, int64_t trials, double confidence, double level) {
    double a = prior->a + (double)hits, b = prior->b + (double)(trials - hits), tail = (1 - confidence) / 2;
    return (rate_posterior){
        .mean = a / (a + b),
        .credible = {rates_beta_quantile(tail, a, b), rates_beta_quantile(1 - tail, a, b)},
        .above = 1 - rates_beta(level, a, b),
    };
}

/* ---- trend ---- */

double rates_normal_tails(double z) {
    return erfc(fabs(z) / sqrt(2));
}

double rates_trend(const int64_t *hits, const int64_t *trials, size_t count) {
    double k = 0, n = 0, nt = 0, ntt = 0, kt = 0;
    for (size_t i = 0; i < count; i++) {
        double t = (double)i, ni = (double)trials[i], ki = (double)hits[i];
        k += ki;
        n += ni;
        nt += ni * t;
        ntt += ni * t * t;
        kt += ki * t;
    }
    double p = n > 0 ? k / n : 0, variance = n > 0 ? p * (1 - p) * (ntt - nt * nt / n) : 0;
    return variance > 0 ? (kt - p * nt) / sqrt(variance) : 0;
}

/* ---- difference in differences ---- */

/* Given all four margins, `a` = after here is noncentral hypergeometric with the odds ratio as its parameter. Returns
 * P(A <= a) (upper false) or P(A >= a). */
typedef struct table {
    int64_t a, row, column, total; /* after here; here; after; all */
    bool upper;
} table;

static double log_choose(int64_t n, int64_t k) {
    return log_gamma((double)n + 1) - log_gamma((double)k + 1) - log_gamma((double)(n - k) + 1);
}

static double table_tail(const table *t, double log_odds) {
    int64_t low = t->row + t->column > t->total ? t->row + t->column - t->total : 0;
    int64_t high = t->row < t->column ? t->row : t->column;
    double most = -HUGE_VAL, all = 0, tail = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t x = low; x <= high; x++) {
            double weight = log_choose(t->row, x) + log_choose(t->total - t->row, t->column - x) + (double)x * log_odds;
            if (pass == 0) {
                most = fmax(most, weight);
                continue;
            }
            all += exp(weight - most);
            tail += (t->upper ? x >= t->a : x <= t->a) ? exp(weight - most) : 0;
        }
    }
    return tail / all;
}

static double upper_at(const void *context, double log_odds) {
    return table_tail(context, log_odds);
}
static double lower_at(const void *context, double log_odds) {
    return -table_tail(context, log_odds);
}

/* The exact interval of the odds ratio (Cornfield 1956). */
static rate_interval odds_interval(table t, double tail) {
    int64_t low = t.row + t.column > t.total ? t.row + t.column - t.total : 0;
    int64_t high = t.row < t.column ? t.row : t.column;
    rate_interval interval = {0, HUGE_VAL};
    if (t.a > low) {
        t.upper = true;
        interval.low = exp(bisect(upper_at, &t, tail, -50, 50));
    }
    if (t.a < high) {
        t.upper = false;
        interval.high = exp(bisect(lower_at, &t, -tail, -50, 50));
    }
    return interval;
}

rate_difference rates_difference(const rate_change *here, const rate_change *there, double confidence) {
    double z = normal_quantile((1 + confidence) / 2), variance = 0, difference = 0;
    const rate_change *areas[2] = {here, there};
    for (int i = 0; i < 2; i++) {
        const rate_change *r = areas[i];
        double sign = i == 0 ? 1 : -1, after = (double)r->after, before = (double)r->before;
        difference += sign * (after / r->people - before / r->people_before);
        variance += after / (r->people * r->people) + before / (r->people_before * r->people_before);
    }
    double half = z * sqrt(variance);
    /* The exposures of the four cells are known: the odds ratio of the counts over that of the exposures. */
    double exposure = (here->people / here->people_before) / (there->people / there->people_before);
    table t = {.a = here->after,
               .row = here->after + here->before,
               .column = here->after + there->after,
               .total = here->after + here->before + there->after + there->before};
    rate_interval odds = odds_interval(t, (1 - confidence) / 2);
    return (rate_difference){
        .difference = difference,
        .interval = {difference - half, difference + half},
        .ratio = (double)here->after * (double)there->before / ((double)here->before * (double)there->after) / exposure,
        .ratio_interval = {odds.low / exposure, odds.high / exposure},
    };
}
