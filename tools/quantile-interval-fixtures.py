"""Conformal ranges by quantiles of the errors (src/experiment/trust/sets/quantile-lines.ts), by NumPy from the formulas of Romano,
Patterson and Candes, Conformalized quantile regression, NeurIPS 2019.

Writes test/parity/fixtures/quantile-intervals.json:
    python tools/quantile-interval-fixtures.py
Needs numpy.
"""

import json
from pathlib import Path

import numpy as np

rng = np.random.default_rng(19)
predicted = np.round(rng.uniform(10, 1000, 240), 3)
actual = np.round(predicted * rng.lognormal(-0.1, 0.4, 240), 3)
asked = [1.0, 10.0, 55.5, 250.0, 612.25, 999.0, 5000.0]


def ranges(coverage):
    fit, rest = slice(0, None, 2), slice(1, None, 2)
    order = np.argsort(predicted[fit], kind="stable")
    count = len(order)
    groups = max(1, min(10, count // 40))
    edges = [group * count // groups for group in range(groups + 1)]
    at, low, high = [], [], []
    for start, end in zip(edges, edges[1:]):
        rows = order[start:end]
        errors = actual[fit][rows] - predicted[fit][rows]
        at.append(np.quantile(predicted[fit][rows], 0.5))
        low.append(np.quantile(errors, (1 - coverage) / 2))
        high.append(np.quantile(errors, (1 + coverage) / 2))
    numbers = predicted[rest]
    errors = actual[rest] - numbers
    scores = np.sort(np.maximum(np.interp(numbers, at, low) - errors, errors - np.interp(numbers, at, high)))
    limit = scores[int(np.ceil((len(scores) + 1) * coverage - 1e-9)) - 1]
    ends = [[m + np.interp(m, at, low) - limit, m + np.interp(m, at, high) + limit] for m in asked]
    return {"coverage": coverage, "limit": float(limit), "ends": [[float(a), float(b)] for a, b in ends]}


path = Path(__file__).parent.parent / "test" / "parity" / "fixtures" / "quantile-intervals.json"
answer = {
    "actual": actual.tolist(),
    "predicted": predicted.tolist(),
    "asked": asked,
    "ranges": [ranges(coverage) for coverage in (0.8, 0.9, 0.95)],
}
path.write_text(json.dumps(answer, separators=(",", ":")) + "\n")
