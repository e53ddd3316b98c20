"""Weights of scikit-learn's penalised logistic regression, for test/parity/softmax: `python tools/sklearn-softmax-fixtures.py OUT.json`."""
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

cases = []
for seed, (rows, features, classes, penalty, weighted) in enumerate(
    [(30, 4, 3, 0.1, False), (40, 6, 2, 0.01, False), (25, 3, 4, 1.0, True), (12, 20, 3, 1e-3, False)]
):
    random = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(classes), random.integers(0, classes, rows - classes)])
    x = np.round(random.normal(size=(rows, features)) + np.eye(classes, features)[labels], 3)
    weights = np.round(random.uniform(0.2, 3, rows), 2) if weighted else np.ones(rows)
    # Half a sum of squares beside C times a sum: the penalty is of the weighted mean.
    model = LogisticRegression(C=1 / (penalty * weights.sum()), solver="newton-cg", tol=1e-12, max_iter=100_000)
    model.fit(x, labels, weights)
    coefficients, intercept = model.coef_, model.intercept_
    if classes == 2:
        # One score of the second class against the first; a softmax of two has half of it each, so that its penalty is twice as dear.
        model = LogisticRegression(C=2 / (penalty * weights.sum()), solver="newton-cg", tol=1e-12, max_iter=100_000).fit(x, labels, weights)
        coefficients = np.vstack([-model.coef_ / 2, model.coef_ / 2])
        intercept = np.array([-model.intercept_[0] / 2, model.intercept_[0] / 2])
    scores = x @ coefficients.T + intercept
    case = {"features": features, "classes": classes, "penalty": penalty, "x": x.ravel().tolist(), "labels": labels.tolist()}
    if weighted:
        case["weights"] = weights.tolist()
    # Softmax knows biases up to a constant only.
    cases.append({**case, "kernel": coefficients.T.ravel().tolist(), "biases": (intercept - intercept.mean()).tolist()})
json.dump(cases, open(sys.argv[1], "w"))
