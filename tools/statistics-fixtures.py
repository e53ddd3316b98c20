"""Distributions, intervals and tests of src/core/statistics by SciPy and statsmodels.

Writes test/parity/fixtures/statistics.json:
    python tools/statistics-fixtures.py
Needs scipy and statsmodels.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.stats._resampling import _bca_interval
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20261129)
SHAPES = [(0.5, 0.5), (1, 1), (2, 7.5), (31, 970), (400, 12), (1000, 1000), (1, 40000)]

beta = [
    {"x": float(x), "a": a, "b": b, "cdf": float(stats.beta.cdf(x, a, b))}
    for a, b in SHAPES
    for x in [1e-6, 0.003, 0.03, 0.2, 0.5, 0.77, 0.98]
]
quantiles = [
    {"p": p, "a": a, "b": b, "x": float(stats.beta.ppf(p, a, b))} for a, b in SHAPES for p in [0.005, 0.05, 0.5, 0.95, 0.999]
]
normal = [{"q": q, "x": float(stats.norm.ppf(q))} for q in [1e-9, 0.001, 0.025, 0.2, 0.5, 0.8, 0.975, 0.9999]]
binomial = [
    {"k": k, "n": n, "p": p, "cdf": float(stats.binom.cdf(k, n, p))}
    for k, n, p in [(0, 10, 0.5), (3, 15, 0.5), (7, 15, 0.3), (480, 1000, 0.5), (2, 4000, 0.001), (10, 10, 0.2)]
]
COUNTS = [(0, 5), (5, 5), (1, 10), (93, 100), (6532, 6589), (0, 1), (499, 1000)]
wilson = [
    {"successes": k, "trials": n, "confidence": c, "interval": list(map(float, proportion_confint(k, n, 1 - c, method="wilson")))}
    for k, n in COUNTS
    for c in [0.8, 0.95, 0.99]
]
bounds = [
    {"events": k, "trials": n, "confidence": c, "bound": 1.0 if k == n else float(stats.beta.ppf(c, k + 1, n - k))}
    for k, n in COUNTS
    for c in [0.8, 0.95, 0.99]
]
tests = [
    {"firstOnly": a, "secondOnly": b, "pValue": float(mcnemar([[0, a], [b, 0]], exact=True).pvalue)}
    for a, b in [(0, 0), (3, 12), (12, 3), (7, 7), (0, 1), (120, 160), (5, 0)]
]

values = rng.gamma(1.5, 2, 40)
draws = np.sort([values[rng.integers(0, 40, 40)].mean() for _ in range(500)])


def mean(sample, axis=-1):
    return np.mean(sample, axis=axis)


bca = []
for alpha in [0.025, 0.1]:
    low, high, _ = _bca_interval((values,), mean, -1, alpha, draws, None, np)
    bca.append({"tail": alpha, "shares": [float(low), float(high)]})

Path("test/parity/fixtures/statistics.json").write_text(
    json.dumps(
        {
            "beta": beta,
            "betaQuantiles": quantiles,
            "normal": normal,
            "binomial": binomial,
            "wilson": wilson,
            "bounds": bounds,
            "mcnemar": tests,
            "bootstrap": {
                "values": values.tolist(),
                "draws": draws.tolist(),
                "without": [float(np.delete(values, i).mean()) for i in range(40)],
                "bca": bca,
                "quantile": float(np.quantile(draws, 0.0371)),
            },
        }
    )
    + "\n"
)
