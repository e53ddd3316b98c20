"""Makes test/parity/fixtures/sklearn-regression.json: what scikit-learn (and SciPy, for quantiles) answers to the questions
of src/experiment/tasks/scores and of the D2 and AUC metrics. Run: python tools/sklearn-regression-fixtures.py"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from scipy.stats import gamma as gamma_distribution
from sklearn import metrics as m

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/sklearn-regression.json"
random = np.random.default_rng(13)
N = 60


def plain(x):
    """Short decimals: single precision is what models predict."""
    return [float(np.format_float_positional(v, unique=True, trim="0")) for v in np.asarray(x, dtype="float32").ravel()]


def lorenz(actual, by, weight):
    """scikit-learn's example "Tweedie regression on insurance claims", with (0, 0), and ties of the key as one step."""
    x, y = [0.0], [0.0]
    for key in np.unique(by):
        tied = by == key
        x.append(x[-1] + weight[tied].sum())
        y.append(y[-1] + (weight * actual)[tied].sum())
    return np.array(x) / x[-1], np.array(y) / y[-1]


def gini(actual, by, weight):
    return 1 - 2 * m.auc(*lorenz(actual, by, weight))


def regression(name, family, power, actual, predicted, weight):
    actual, predicted = np.array(plain(actual)), np.array(plain(predicted))
    w = None if weight is None else np.array(plain(weight))
    ones = np.ones(len(actual)) if w is None else w
    case = {
        "name": name,
        "family": family,
        "power": power,
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "weight": None if w is None else w.tolist(),
        "rmse": m.root_mean_squared_error(actual, predicted, sample_weight=w),
        "mae": m.mean_absolute_error(actual, predicted, sample_weight=w),
    }
    if family == "absolute":
        case["deviance"] = case["mae"]
        case["d2"] = m.d2_absolute_error_score(actual, predicted, sample_weight=w)
    else:
        case["deviance"] = m.mean_tweedie_deviance(actual, predicted, sample_weight=w, power=power)
        case["d2"] = m.d2_tweedie_score(actual, predicted, sample_weight=w, power=power)
    if (actual >= 0).all():
        g = gini(actual, predicted, ones)
        case["gini"] = g
        case["normalizedGini"] = g / gini(actual, actual, ones)
        x, y = lorenz(actual, predicted, ones)
        case["lorenz"] = {"exposure": x.tolist(), "amount": y.tolist()}
    return case


def regressions():
    x = random.normal(size=N)
    exposure = random.uniform(0.1, 1, size=N)
    mu = np.exp(0.6 * x - 1)
    guess = np.exp(0.5 * x + 0.2 * random.normal(size=N) - 1)
    counts = random.poisson(3 * mu * exposure)
    cost = random.gamma(2, 500 * mu)
    pure = np.where(random.random(N) < 0.5, 0, cost)
    tied = np.round(guess, 1) + 0.1
    yield regression("squared", "squared", 0, 3 * x + random.normal(size=N), 2.5 * x, None)
    yield regression("squared, weighted", "squared", 0, 3 * x + random.normal(size=N), 2.5 * x, exposure)
    yield regression("worse than the mean", "squared", 0, x, -x, None)
    yield regression("absolute", "absolute", None, x + random.normal(size=N), x, None)
    yield regression("absolute, weighted", "absolute", None, x + random.normal(size=N), x, exposure)
    yield regression("poisson counts", "poisson", 1, counts, 3 * guess * 0.5, None)
    yield regression("poisson rates", "poisson", 1, counts / exposure, 3 * guess, exposure)
    yield regression("poisson, tied predictions", "poisson", 1, counts / exposure, tied, exposure)
    yield regression("gamma", "gamma", 2, cost, 1000 * guess, None)
    yield regression("gamma, weighted", "gamma", 2, cost, 1000 * guess, exposure)
    yield regression("tweedie", "tweedie", 1.5, pure, 500 * guess, None)
    yield regression("tweedie, weighted", "tweedie", 1.9, pure, 500 * guess, exposure)


def labels():
    actual = (random.random((N, 4)) < [0.5, 0.2, 0.05, 0]).astype(int)
    scores = np.array(plain(np.clip(0.45 * actual + 0.6 * random.random((N, 4)), 0, 1))).reshape(N, 4)
    scores[:, 1] = np.round(scores[:, 1], 1)
    thresholds = [0.5, 0.4, 0.7, 0.5]
    said = (scores > thresholds).astype(int)

    def prf(average):
        p, r, f, _ = m.precision_recall_fscore_support(actual, said, average=average, zero_division=0)
        return {"precision": np.asarray(p).tolist(), "recall": np.asarray(r).tolist(), "f1": np.asarray(f).tolist()}

    best = []
    for k in range(4):
        p, r, t = m.precision_recall_curve(actual[:, k], scores[:, k])
        with np.errstate(invalid="ignore"):
            f = np.nan_to_num(2 * p * r / (p + r))[:-1]
        best.append(float(f.max()))
    known = [k for k in range(4) if actual[:, k].any()]
    return {
        "labels": 4,
        "actual": actual.ravel().tolist(),
        "scores": scores.ravel().tolist(),
        "thresholds": thresholds,
        "perLabel": prf(None),
        "macro": prf("macro"),
        "micro": prf("micro"),
        "auc": [float(m.roc_auc_score(actual[:, k], scores[:, k])) if k in known else None for k in range(4)],
        "averagePrecision": [float(m.average_precision_score(actual[:, k], scores[:, k])) if k in known else None for k in range(4)],
        "macroAuc": float(m.roc_auc_score(actual[:, known], scores[:, known], average="macro")),
        "microAuc": float(m.roc_auc_score(actual, scores, average="micro")),
        "microAveragePrecision": float(m.average_precision_score(actual, scores, average="micro")),
        "f1Weighted": float(m.f1_score(actual, said, average="weighted", zero_division=0)),
        "exact": float(m.accuracy_score(actual, said)),
        "bestF1": best,
    }


quantiles = [
    {"p": p, "shape": a, "x": float(gamma_distribution.ppf(p, a))}
    for a in (0.3, 1, 2.5, 7, 40, 1234.5, 2e5)
    for p in (0.001, 0.025, 0.5, 0.975, 0.999)
]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    value = {
        "scikit-learn": sklearn.__version__,
        "regressions": list(regressions()),
        "labels": labels(),
        "gammaQuantiles": quantiles,
    }
text = json.dumps(value, separators=(",", ":"))
OUT.write_text(text + "\n", encoding="utf-8")
print(OUT.name, len(text))
