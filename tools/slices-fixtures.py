# Fairness and slices, for test/experiment/slices.test.ts: /work/venv/bin/python tools/slices-fixtures.py writes
# test/parity/fixtures/slices.json. Rates by group are scikit-learn's confusion matrices, p of slices is SciPy's Fisher exact
# test with statsmodels' Benjamini-Hochberg, intervals are statsmodels' Wilson.
import json

import numpy as np
from scipy.stats import fisher_exact
from sklearn.metrics import confusion_matrix
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(17)
n, classes = 120, 3
labels = rng.integers(0, classes, n)
region = rng.choice(["north", "south", "west"], n, p=[0.5, 0.3, 0.2])
predicted = np.where(rng.random(n) < np.where(region == "west", 0.4, 0.85), labels, rng.integers(0, classes, n))
confidence = rng.uniform(0.34, 1, n).round(4)
right = labels == predicted

groups = []
for name in dict.fromkeys(region):
    of = region == name
    matrix = confusion_matrix(labels[of], predicted[of], labels=range(classes))
    bins = np.clip(np.ceil(confidence[of] * 10).astype(int) - 1, 0, 9)
    error = sum(
        (bins == b).sum() / of.sum() * abs(confidence[of][bins == b].mean() - right[of][bins == b].mean())
        for b in range(10)
        if (bins == b).any()
    )
    groups.append(
        {
            "name": str(name),
            "given": (matrix.sum(axis=0) / of.sum()).tolist(),
            "found": (matrix.diagonal() / matrix.sum(axis=1)).tolist(),
            "confidence": float(confidence[of].mean()),
            "error": float(error),
        }
    )

slices = []
for name in sorted(set(region)):
    of = region == name
    table = [[right[of].sum(), (~right[of]).sum()], [right[~of].sum(), (~right[~of]).sum()]]
    low, high = proportion_confint(right[of].sum(), of.sum(), method="wilson")
    slices.append({"value": name, "p": float(fisher_exact(table, alternative="less").pvalue), "low": low, "high": high})
for slice_, adjusted in zip(slices, multipletests([s["p"] for s in slices], method="fdr_bh")[1]):
    slice_["adjusted"] = float(adjusted)

with open("test/parity/fixtures/slices.json", "w") as file:
    data = {"labels": labels.tolist(), "predicted": predicted.tolist(), "confidence": confidence.tolist()}
    json.dump({**data, "region": region.tolist(), "groups": groups, "slices": slices}, file)
    file.write("\n")
