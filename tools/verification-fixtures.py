"""Makes test/parity/fixtures/verification.json: ROC curves and areas of scikit-learn, equal error rates by SciPy's root
along the curve, ArcFace and the batch-hard triplet loss in float64 by NumPy with the slopes of central differences.
Run: python tools/verification-fixtures.py"""

import json
import pathlib

import numpy as np
from scipy.optimize import brentq
from sklearn.metrics import auc, roc_curve

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/verification.json"
random = np.random.default_rng(18)


def curve(same, scores):
    full = roc_curve(same, scores, drop_intermediate=False)
    thin = roc_curve(same, scores, drop_intermediate=True)
    rates = {far: float(max(full[1][full[0] <= far])) for far in (1e-1, 1e-2, 1e-3)}
    places = np.arange(len(full[0]))
    along = lambda values: lambda t: np.interp(t, places, values)
    crossing = brentq(lambda t: along(full[0])(t) - along(1 - full[1])(t), 0, places[-1], xtol=1e-14)
    eer = float(along(full[0])(crossing))
    finite = lambda values: [None if np.isinf(v) else float(v) for v in values]
    return {
        "same": [int(v) for v in same],
        "scores": [float(v) for v in scores],
        "fpr": full[0].tolist(),
        "tpr": full[1].tolist(),
        "thresholds": finite(full[2]),
        "thinFpr": thin[0].tolist(),
        "thinThresholds": finite(thin[2]),
        "auc": float(auc(full[0], full[1])),
        "rates": rates,
        "eer": eer,
    }


def arcface(cosines, labels, margin, scale):
    """Deng et al., 2019, equation 3, with the authors' rule beyond pi - margin."""
    rows = np.arange(len(labels))
    logits = cosines.copy()
    right = cosines[rows, labels]
    angle = np.arccos(right)
    wider = np.where(angle < np.pi - margin, np.cos(angle + margin), right - margin * np.sin(margin))
    logits[rows, labels] = wider
    logits *= scale
    top = logits.max(axis=1, keepdims=True)
    return (top + np.log(np.exp(logits - top).sum(axis=1, keepdims=True)))[:, 0] - logits[rows, labels]


def triplet(x, labels, margin):
    """Hermans, Beyer and Leibe, 2017, equation 5, over all images of the batch as anchors."""
    distance = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
    alike = labels[:, None] == labels[None]
    own = alike & ~np.eye(len(labels), dtype=bool)
    out = np.zeros(len(labels))
    for i in range(len(labels)):
        if own[i].any() and (~alike[i]).any():
            out[i] = max(0, distance[i][own[i]].max() - distance[i][~alike[i]].min() + margin)
    return out


def slopes(loss, x, step=1e-6):
    out = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[at] += step
        down[at] -= step
        out[at] = (loss(up).sum() - loss(down).sum()) / (2 * step)
    return out


def case(loss, x):
    return {"x": x.tolist(), "values": loss(x).tolist(), "slopes": slopes(loss, x).tolist()}


curves = [
    curve([1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1]),
    curve([1, 0, 1, 0, 0, 1], [0.5, 0.5, 0.5, 0.2, 0.9, 0.2]),
    curve(*(lambda same: (same, 0.7 * same + random.normal(size=120)))((random.random(120) < 0.4).astype(int))),
    curve(*(lambda same: (same, np.round(same + random.normal(size=90), 1)))((random.random(90) < 0.5).astype(int))),
]
labels = np.array([0, 3, 1, 2, 0])
cosines = random.uniform(-0.99, 0.99, (5, 4))
cosines[1, 3] = -0.97  # beyond pi - margin
embeddings = random.normal(size=(6, 3))
embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
identities = np.array([0, 1, 0, 1, 2, 0])
OUT.write_text(
    json.dumps(
        {
            "curves": curves,
            "arcFace": [
                {"margin": m, "scale": s, "labels": labels.tolist(), **case(lambda x, m=m, s=s: arcface(x, labels, m, s), cosines)}
                for m, s in ((0.5, 64.0), (0.3, 16.0))
            ],
            "triplet": {"margin": 0.4, "labels": identities.tolist(), **case(lambda x: triplet(x, identities, 0.4), embeddings)},
        }
    )
    + "\n"
)
