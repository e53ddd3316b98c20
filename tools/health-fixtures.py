# Statistics of shifts by SciPy, for test/experiment/health.test.ts: /work/venv/bin/python tools/health-fixtures.py
# writes test/parity/fixtures/health.json: two-sample Kolmogorov-Smirnov distances with the limiting distribution
# (scipy.special.kolmogorov at sqrt(n m / (n + m)) D), and Cramer's V with the p of chi2_contingency without correction.
import json

import numpy as np
from scipy.special import kolmogorov
from scipy.stats import chi2_contingency, ks_2samp
from scipy.stats.contingency import association

rng = np.random.default_rng(15)
samples = [
    (rng.normal(size=30).round(3).tolist(), rng.normal(0.5, 1, size=40).round(3).tolist()),
    (rng.integers(0, 5, size=50).tolist(), rng.integers(1, 6, size=35).tolist()),
    (rng.normal(size=25).round(1).tolist(), rng.normal(size=25).round(1).tolist()),
]
ks = []
for a, b in samples:
    statistic = float(ks_2samp(a, b).statistic)
    scale = np.sqrt(len(a) * len(b) / (len(a) + len(b)))
    ks.append({"statistic": statistic, "p": float(kolmogorov(scale * statistic))})
rows = rng.choice(["train", "test"], size=80).tolist()
columns = [str(rng.choice(["A", "B", "C"], p=[0.6, 0.3, 0.1] if row == "train" else [0.2, 0.3, 0.5])) for row in rows]
table = np.array([[sum(r == i and c == j for r, c in zip(rows, columns)) for j in "ABC"] for i in ("train", "test")])
chi2 = {"v": float(association(table, method="cramer")), "p": float(chi2_contingency(table, correction=False).pvalue)}
with open("test/parity/fixtures/health.json", "w") as file:
    json.dump({"samples": samples, "ks": ks, "rows": rows, "columns": columns, "chi2": chi2}, file)
    file.write("\n")
