/* Rates of counts, with what can honestly be said of them: exact intervals, funnel limits, empirical Bayes, differences
 * in differences. Pure functions of numbers; any thread. Floating point, because none of it is money.
 *
 * Accuracy: relative 1e-10 for probabilities, 1e-8 for limits, checked against SciPy (tests/e2e/rates_test.sh) and
 * fixed values (rates_test.c). */
#ifndef DESK_RATES_H
#define DESK_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rate_interval {
    double low, high;
} rate_interval;

/* Regularised incomplete beta I_x(a, b) and gamma P(a, x); a, b > 0. */
double rates_beta(double x, double a, double b);
double rates_gamma(double a, double x);
/* Their inverses in the first argument of the distribution: the x with I_x(a, b) = p, P(a, x) = p. */
double rates_beta_quantile(double p, double a, double b);
double rates_gamma_quantile(double p, double a);

/* P(X <= k), X binomial (n, p). k < 0: 0. */
double rates_binomial_below(int64_t k, int64_t n, double p);

/* Wilson's score interval of k of n, for a two-sided confidence, 0.95 say. n = 0: [0, 1]. */
rate_interval rates_wilson(int64_t k, int64_t n, double confidence);

/* Limits of a funnel plot around p for n trials: exact binomial quantiles, interpolated to be smooth in n (D. J.
 * Spiegelhalter, Funnel plots for comparing institutional performance, 2005, appendix A.1.1). */
rate_interval rates_funnel(int64_t n, double p, double confidence);

/* Exact interval of the mean of a Poisson count (Garwood 1936). */
rate_interval rates_poisson(int64_t count, double confidence);

/* ---- empirical Bayes ---- */

/* The beta prior of the rates of many units: fitted to their counts by maximum marginal likelihood. `mean` = a/(a+b),
 * `size` = a+b, in trials: how many trials the prior weighs. */
typedef struct rate_prior {
    double a, b, mean, size;
    bool is_pooled; /* the units differ no more than chance explains: size is at RATES_SIZE_MAX, all shrink to the mean
                     */
} rate_prior;
#define RATES_SIZE_MAX 1e6
#define RATES_SIZE_MIN 0.1

/* Units without trials are passed over. False: no trials at all, or none or all of them are hits, so there is nothing
 * to fit. Cost: about 200 passes over the counts. */
bool rates_prior_fit(const int64_t *hits, const int64_t *trials, size_t count, rate_prior *prior_out);

/* What the counts say after the prior: mean and equal-tailed credible interval of the posterior beta (a+k, b+n-k), and
 * the probability that the unit's rate is above `level`. */
typedef struct rate_posterior {
    double mean;
    rate_interval credible;
    double above;
} rate_posterior;
rate_posterior rates_posterior(const rate_prior *prior, int64_t hits, int64_t trials, double confidence, double level);

/* ---- trend, before and after ---- */

/* Cochran-Armitage: does the rate grow with the place in the row? z; 0 where nothing can be said. */
double rates_trend(const int64_t *hits, const int64_t *trials, size_t count);
/* P(|Z| >= |z|). */
double rates_normal_tails(double z);

/* Two areas, before and after, as Poisson counts; people are constant. Rates are per person and period. */
typedef struct rate_change {
    int64_t before, after;
    double people, people_before; /* person-periods after and before: people times the length */
} rate_change;
typedef struct rate_difference {
    double difference;            /* (after - before) here less (after - before) there, per person-period */
    rate_interval interval;       /* normal, with Poisson variances */
    double ratio;                 /* (after / before) here over the same there; not finite: a count is 0 */
    rate_interval ratio_interval; /* exact: given the margins, the counts are noncentral hypergeometric */
} rate_difference;
rate_difference rates_difference(const rate_change *here, const rate_change *there, double confidence);

#endif
