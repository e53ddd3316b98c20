# Statistics of drift and of many tests, for test/experiment/drift.test.ts: /work/venv/bin/python tools/watching-fixtures.py
# writes test/parity/fixtures/watching.json. Benjamini-Hochberg and Holm are statsmodels' multipletests,
# chi-squared is chi2_contingency, the discrepancy goes by scikit-learn's rbf_kernel.
import json

import numpy as np
from scipy.stats import chi2_contingency, fisher_exact
from sklearn.metrics.pairwise import euclidean_distances, rbf_kernel
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(16)


tests = [rng.beta(0.4, 1, size=n).round(6).tolist() for n in (1, 5, 12)] + [[0.02, 0.02, 0.5, 1.0, 0.0]]
adjusted = lambda p, method: multipletests(p, method=method)[1].tolist()
corrections = [{"p": p, "bh": adjusted(p, "fdr_bh"), "holm": adjusted(p, "holm")} for p in tests]

counts = []
for shares, n, m in (([0.5, 0.3, 0.2], 200, 150), ([0.25] * 4, 500, 90)):
    a = rng.multinomial(n, shares)
    b = rng.multinomial(m, rng.permutation(shares))
    result = chi2_contingency([a, b], correction=False)
    expected = result.expected_freq[1]
    residual = (b - expected) / np.sqrt(expected * (1 - m / (n + m)) * (1 - (a + b) / (n + m)))
    p, q = (a + 0.5) / (a + 0.5).sum(), (b + 0.5) / (b + 0.5).sum()
    counts.append(
        {
            "a": a.tolist(),
            "b": b.tolist(),
            "chi": float(result.statistic),
            "p": float(result.pvalue),
            "name": int(np.argmax(np.abs(residual))),
            "residual": float(residual[np.argmax(np.abs(residual))]),
            "psi": float(((q - p) * np.log(q / p)).sum()),
        }
    )

discrepancies = []
for n, m, size, shift in ((8, 6, 3, 0.0), (12, 9, 2, 1.5)):
    x, y = rng.normal(size=(n, size)).round(4), rng.normal(shift, 1, size=(m, size)).round(4)
    every = np.vstack([x, y])
    width = float(np.median(euclidean_distances(every)[np.triu_indices(n + m, 1)]))
    kernel = lambda a, b: rbf_kernel(a, b, gamma=1 / (2 * width**2))
    within = lambda k: (k.sum() - np.trace(k)) / (len(k) * (len(k) - 1))
    squared = float(within(kernel(x, x)) + within(kernel(y, y)) - 2 * kernel(x, y).mean())
    discrepancies.append({"size": size, "x": x.ravel().tolist(), "y": y.ravel().tolist(), "width": width, "squared": squared})

shares = [(3, 10, 9, 10), (190, 200, 480, 500), (0, 30, 5, 40), (7, 7, 7, 9)]
exact = [
    {"shares": s, "p": float(fisher_exact([[s[0], s[1] - s[0]], [s[2], s[3] - s[2]]], alternative="less").pvalue)}
    for s in shares
]

with open("test/parity/fixtures/watching.json", "w") as file:
    json.dump({"corrections": corrections, "counts": counts, "discrepancies": discrepancies, "exact": exact}, file)
    file.write("\n")
