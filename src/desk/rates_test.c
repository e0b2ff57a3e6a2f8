/* Rates against fixed values, of SciPy 1.x where no other source is named; tests/e2e/rates_test.sh compares thousands.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "desk/rates.h"

static void near(double ours, double expected) {
    if (!(fabs(ours - expected) <= 1e-8 * fmax(1, fabs(expected)))) {
        fail_msg("%.12g and not %.12g", ours, expected);
    }
}

static void special_functions(void **state) {
    (void)state;
    near(rates_beta(0.3, 2.5, 7), 0.6412224629717214);
    near(rates_gamma(3.5, 2), 0.22022259152428406);
    near(rates_beta_quantile(0.025, 0.7, 120.3) * 1e5, 3.743844973619409);
    near(rates_gamma_quantile(0.975, 10), 17.084803451419166);
    near(rates_binomial_below(3, 40, 0.05), 0.8618502244989343);
    near(rates_beta(0, 1, 1), 0);
    near(rates_beta(1, 1, 1), 1);
    near(rates_binomial_below(-1, 5, 0.5), 0);
    near(rates_binomial_below(5, 5, 0.5), 1);
}

static void intervals(void **state) {
    (void)state;
    rate_interval none = rates_wilson(0, 0, 0.95);
    near(none.low, 0);
    near(none.high, 1);
    /* Wilson: 0 of 10 has z²/(n+z²) as its upper limit. */
    rate_interval wilson = rates_wilson(0, 10, 0.95);
    near(wilson.low, 0);
    near(wilson.high, 3.841458820694124 / 13.841458820694124);
    /* Garwood: nothing seen, at most 3.69. */
    rate_interval poisson = rates_poisson(0, 0.95);
    near(poisson.low, 0);
    near(poisson.high, 3.688879454113936);
    /* A funnel narrows, and its lines of 99.8 % are outside those of 95 %. */
    double width = 1;
    for (int64_t n = 50; n <= 5000; n *= 10) {
        rate_interval inner = rates_funnel(n, 0.04, 0.95), outer = rates_funnel(n, 0.04, 0.998);
        assert_true(outer.low <= inner.low && inner.low < 0.04 && 0.04 < inner.high && inner.high < outer.high);
        assert_true(inner.high - inner.low < width);
        width = inner.high - inner.low;
    }
}

static void a_small_unit_is_drawn_to_the_mean(void **state) {
    (void)state;
    const int64_t hits[] = {1, 60, 9, 6, 0}, trials[] = {4, 2000, 1500, 600, 0};
    rate_prior prior;
    assert_true(rates_prior_fit(hits, trials, 5, &prior));
    rate_posterior small = rates_posterior(&prior, 1, 4, 0.95, 0.0185),
                   big = rates_posterior(&prior, 60, 2000, 0.95, 0.0185);
    assert_true(small.mean < 0.1 && small.mean > prior.mean);
    assert_true(fabs(big.mean - 0.03) < 0.002);
    assert_true(small.credible.high - small.credible.low > big.credible.high - big.credible.low);
    assert_true(big.above > 0.99);
    /* Nothing to fit. */
    const int64_t zeros[] = {0, 0}, some[] = {5, 9};
    assert_false(rates_prior_fit(zeros, some, 2, &prior));
    assert_false(rates_prior_fit(some, some, 2, &prior));
    assert_false(rates_prior_fit(some, some, 0, &prior));
}

static void units_that_do_not_differ_are_pooled(void **state) {
    (void)state;
    const int64_t hits[] = {10, 20, 30, 40}, trials[] = {100, 200, 300, 400};
    rate_prior prior;
    assert_true(rates_prior_fit(hits, trials, 4, &prior));
    assert_true(prior.is_pooled);
    near(rates_posterior(&prior, 0, 5, 0.95, 0.1).mean, prior.a / (prior.a + prior.b + 5));
    assert_true(fabs(prior.mean - 0.1) < 1e-3);
}

static void trend(void **state) {
    (void)state;
    const int64_t up[] = {1, 3, 5, 9}, flat[] = {5, 5, 5, 5}, of[] = {50, 50, 50, 50};
    assert_true(rates_trend(up, of, 4) > 2.5);
    near(rates_trend(flat, of, 4), 0);
    near(rates_trend(flat, of, 0), 0);
    near(rates_normal_tails(1.959963984540054), 0.05);
}

static void before_and_after(void **state) {
    (void)state;
    const rate_change here = {12, 4, 100000, 100000}, there = {10, 9, 80000, 80000};
    rate_difference d = rates_difference(&here, &there, 0.95);
    near(d.difference * 10000, (0.4 - 1.2) - (1.125 - 1.25));
    near(d.ratio, (4.0 / 12) / (9.0 / 10));
    near(d.ratio_interval.low, 0.06479766233621147);
    near(d.ratio_interval.high, 1.9015700450933437);
    /* Nothing at all on one side: no upper limit, and no crash. */
    const rate_change nothing = {0, 0, 1000, 1000};
    d = rates_difference(&nothing, &there, 0.95);
    near(d.difference * 10000, 0.125);
    assert_true(d.ratio_interval.low == 0 && isinf(d.ratio_interval.high));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(special_functions),
        cmocka_unit_test(intervals),
        cmocka_unit_test(a_small_unit_is_drawn_to_the_mean),
        cmocka_unit_test(units_that_do_not_differ_are_pooled),
        cmocka_unit_test(trend),
        cmocka_unit_test(before_and_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
