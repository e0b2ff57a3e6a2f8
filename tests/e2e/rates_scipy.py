"""src/desk/rates.c against SciPy, on many values: special functions, intervals, funnel limits, the beta-binomial fit.
Exit code 77 where SciPy is not installed (python3 -m venv build/scipy && build/scipy/bin/pip install scipy)."""

import ctypes
import subprocess
import sys
import tempfile
from ctypes import POINTER, Structure, byref, c_bool, c_double, c_int64, c_size_t

try:
    import numpy as np
    from scipy import optimize, special, stats
    from scipy.stats import contingency
except ImportError:
    print("SciPy is not installed: skipped")
    sys.exit(77)


class Interval(Structure):
    _fields_ = [("low", c_double), ("high", c_double)]


class Prior(Structure):
    _fields_ = [("a", c_double), ("b", c_double), ("mean", c_double), ("size", c_double), ("is_pooled", c_bool)]


class Posterior(Structure):
    _fields_ = [("mean", c_double), ("credible", Interval), ("above", c_double)]


class Change(Structure):
    _fields_ = [("before", c_int64), ("after", c_int64), ("people", c_double), ("people_before", c_double)]


class Difference(Structure):
    _fields_ = [("difference", c_double), ("interval", Interval), ("ratio", c_double), ("ratio_interval", Interval)]


def library(folder):
    out = f"{folder}/rates.so"
    subprocess.run(["gcc", "-O1", "-std=gnu17", "-D_GNU_SOURCE", "-shared", "-fPIC", "-iquote", "src",
                    "src/desk/rates.c", "-lm", "-o", out], check=True)
    lib = ctypes.CDLL(out)
    for name, result, args in [
            ("rates_beta", c_double, [c_double] * 3), ("rates_gamma", c_double, [c_double] * 2),
            ("rates_beta_quantile", c_double, [c_double] * 3), ("rates_gamma_quantile", c_double, [c_double] * 2),
            ("rates_binomial_below", c_double, [c_int64, c_int64, c_double]),
            ("rates_wilson", Interval, [c_int64, c_int64, c_double]),
            ("rates_funnel", Interval, [c_int64, c_double, c_double]),
            ("rates_poisson", Interval, [c_int64, c_double]),
            ("rates_prior_fit", c_bool, [POINTER(c_int64), POINTER(c_int64), c_size_t, POINTER(Prior)]),
            ("rates_posterior", Posterior, [POINTER(Prior), c_int64, c_int64, c_double, c_double]),
            ("rates_trend", c_double, [POINTER(c_int64), POINTER(c_int64), c_size_t]),
            ("rates_difference", Difference, [POINTER(Change), POINTER(Change), c_double])]:
        getattr(lib, name).restype, getattr(lib, name).argtypes = result, args
    return lib


worst = {}


def close(what, ours, theirs, relative=1e-8, absolute=1e-12):
    gap = abs(ours - theirs)
    if gap > absolute:
        worst[what] = max(worst.get(what, 0), gap / max(abs(theirs), 1e-300))
    assert gap <= max(relative * abs(theirs), absolute), f"{what}: {ours!r}, SciPy {theirs!r}"


def functions(lib, random):
    for _ in range(2000):
        a, b, x = 10 ** random.uniform(-1.5, 4), 10 ** random.uniform(-1.5, 4), random.uniform(0, 1)
        close("beta", lib.rates_beta(x, a, b), special.betainc(a, b, x), 1e-9, 1e-13)
        y = a * random.uniform(0.2, 3)
        close("gamma", lib.rates_gamma(a, y), special.gammainc(a, y), 1e-9, 1e-13)
        p = random.uniform(0.001, 0.999)
        close("gamma quantile", lib.rates_gamma_quantile(p, a), special.gammaincinv(a, p))
    for _ in range(500):
        a, b, p = 10 ** random.uniform(-0.5, 4), 10 ** random.uniform(-0.5, 4), random.uniform(0.001, 0.999)
        close("beta quantile", lib.rates_beta_quantile(p, a, b), special.betaincinv(a, b, p))


def intervals(lib, random):
    for _ in range(500):
        n = int(10 ** random.uniform(0, 5))
        k, p = int(random.integers(0, n + 1)), random.uniform(0.0005, 0.4)
        close("binomial", lib.rates_binomial_below(k, n, p), stats.binom.cdf(k, n, p), 1e-8)
        wilson = stats.binomtest(k, n).proportion_ci(0.95, "wilson")
        ours = lib.rates_wilson(k, n, 0.95)
        close("wilson", ours.low, wilson.low, 1e-8, 1e-10)
        close("wilson", ours.high, wilson.high, 1e-8, 1e-10)
        count = int(10 ** random.uniform(0, 4)) - 1
        exact = lib.rates_poisson(count, 0.95)
        close("poisson", exact.low, stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0)
        close("poisson", exact.high, stats.chi2.ppf(0.975, 2 * count + 2) / 2)
    for _ in range(300):
        n, p, confidence = int(10 ** random.uniform(0, 4.5)), random.uniform(0.001, 0.3), random.choice([0.95, 0.998])
        ours = lib.rates_funnel(n, p, confidence)
        for limit, q in [(ours.low, (1 - confidence) / 2), (ours.high, (1 + confidence) / 2)]:
            r = stats.binom.ppf(q, n, p)
            at, before = stats.binom.cdf(r, n, p), stats.binom.cdf(r - 1, n, p)
            theirs = min(1, max(0, (r - (at - q) / (at - before)) / n))
            close("funnel", limit, theirs, 1e-6, 1e-9)


def numbers(values):
    return (c_int64 * len(values))(*[int(value) for value in values])


def fits(lib, random):
    for size in [4, 30, 300]:
        for true_size in [8, 60, 1500]:
            trials = (10 ** random.uniform(0, 3.5, size)).astype(int)
            rates = random.beta(0.04 * true_size, 0.96 * true_size, size)
            hits = random.binomial(trials, rates)
            if hits.sum() == 0:
                continue
            prior = Prior()
            assert lib.rates_prior_fit(numbers(hits), numbers(trials), size, byref(prior))

            def deviance(at):
                mean, total = special.expit(at[0]), np.exp(np.clip(at[1], np.log(0.1), np.log(1e6)))
                return -np.sum(stats.betabinom.logpmf(hits, trials, mean * total, (1 - mean) * total))

            best = min((optimize.minimize(deviance, [special.logit(hits.sum() / trials.sum()), start],
                                          method="Nelder-Mead",
                                          options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000})
                        for start in [1.0, 4.0, 8.0]), key=lambda found: found.fun)
            ours = deviance([special.logit(prior.mean), np.log(prior.size)])
            assert ours <= best.fun + 1e-6, f"the fit is worse than SciPy's: {ours} against {best.fun}"
            k, n = int(hits[0]), int(trials[0])
            posterior = lib.rates_posterior(byref(prior), k, n, 0.95, 0.04)
            beta = stats.beta(prior.a + k, prior.b + n - k)
            close("posterior", posterior.mean, beta.mean())
            close("posterior", posterior.credible.low, beta.ppf(0.025), 1e-7, 1e-12)
            close("posterior", posterior.credible.high, beta.ppf(0.975), 1e-7, 1e-12)
            close("posterior", posterior.above, beta.sf(0.04), 1e-7, 1e-9)


def changes(lib, random):
    for _ in range(150):
        cells = random.poisson(random.uniform(1, 60), 4)
        people = random.uniform(1e4, 1e6, 2)
        here = Change(int(cells[0]), int(cells[1]), people[0], people[0])
        there = Change(int(cells[2]), int(cells[3]), people[1], people[1])
        ours = lib.rates_difference(byref(here), byref(there), 0.95)
        table = [[int(cells[1]), int(cells[0])], [int(cells[3]), int(cells[2])]]
        if min(map(sum, table)) == 0 or table[0][0] + table[1][0] == 0 or table[0][1] + table[1][1] == 0:
            continue
        exact = contingency.odds_ratio(table, kind="conditional").confidence_interval(0.95)
        close("odds", ours.ratio_interval.low, exact.low, 1e-6, 1e-9)
        if np.isfinite(exact.high):
            close("odds", ours.ratio_interval.high, exact.high, 1e-6, 1e-9)
        else:
            assert np.isinf(ours.ratio_interval.high)
        variance = (cells[0] + cells[1]) / people[0] ** 2 + (cells[2] + cells[3]) / people[1] ** 2
        close("difference", ours.interval.high - ours.interval.low, 2 * stats.norm.ppf(0.975) * np.sqrt(variance), 1e-7)
        hits, trials = random.poisson(5, 6), random.integers(20, 200, 6)
        months = np.arange(6)
        outcome = np.repeat(np.tile([1, 0], 6), np.column_stack([hits, trials - hits]).ravel())
        at = np.repeat(np.repeat(months, 2), np.column_stack([hits, trials - hits]).ravel())
        z = np.corrcoef(outcome, at)[0, 1] * np.sqrt(len(outcome))
        close("trend", lib.rates_trend(numbers(hits), numbers(trials), 6), z, 1e-8, 1e-10)


seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261129
print(f"seed {seed}")
with tempfile.TemporaryDirectory() as folder:
    lib = library(folder)
    for check in [functions, intervals, fits, changes]:
        check(lib, np.random.default_rng(seed))
        print(f"ok    {check.__name__}", flush=True)
print("worst relative gaps: " + ", ".join(f"{what} {gap:.1e}" for what, gap in sorted(worst.items())))
