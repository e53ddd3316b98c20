"""Confident learning by numpy, straight from the paper's formulas (Northcutt, Jiang, Chuang, JAIR 70, 2021), as an oracle
for src/data/health: writes test/parity/fixtures/confident-learning.json.

    /work/venv/bin/python tools/confident-learning.py
"""

import json
import pathlib

import numpy as np

CLASSES, COUNT = 4, 120
random = np.random.RandomState(2021)
true = random.randint(0, CLASSES, COUNT)
labels = np.where(random.rand(COUNT) < 0.2, random.randint(0, CLASSES, COUNT), true)
logits = random.randn(COUNT, CLASSES) + 2.5 * np.eye(CLASSES)[true]
# Rounded, so that the file stays small and both sides read the same numbers.
p = np.round(np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 6)
rows = np.arange(COUNT)

own = p[rows, labels]
thresholds = np.array([own[labels == j].mean() for j in range(CLASSES)])
above = np.where(p >= thresholds, p, -1.0)
confident = np.where(above.max(1) >= 0, above.argmax(1), -1)
counts = np.array([[((labels == i) & (confident == j)).sum() for j in range(CLASSES)] for i in range(CLASSES)])
samples = np.bincount(labels, minlength=CLASSES)
scaled = counts / counts.sum(1, keepdims=True) * samples[:, None]
joint = scaled / scaled.sum()
noise = joint / joint.sum(0, keepdims=True)
inverse = joint / joint.sum(1, keepdims=True)

by_class, by_noise = set(), set()
for i in range(CLASSES):
    members = rows[labels == i]
    number = int(np.floor(COUNT * (joint[i].sum() - joint[i, i]) + 0.5))
    by_class |= set(members[np.argsort(p[members, i], kind="stable")][:number].tolist())
    for j in range(CLASSES):
        if j != i:
            number = int(np.floor(COUNT * joint[i, j] + 0.5))
            margins = p[members, j] - p[members, i]
            by_noise |= set(members[np.argsort(-margins, kind="stable")][:number].tolist())

others = p.copy()
others[rows, labels] = -1
margin = own - others.max(1)
result = {
    "classes": CLASSES,
    "labels": labels.tolist(),
    "probabilities": p.ravel().tolist(),
    "thresholds": thresholds.tolist(),
    "counts": counts.tolist(),
    "joint": joint.tolist(),
    "noise": noise.tolist(),
    "inverseNoise": inverse.tolist(),
    "errors": {
        "class": sorted(by_class),
        "noise-rate": sorted(by_noise),
        "both": sorted(by_class & by_noise),
    },
    "bySelfConfidence": np.argsort(own, kind="stable").tolist(),
    "byMargin": np.argsort(margin, kind="stable").tolist(),
}
target = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/confident-learning.json"
target.write_text(json.dumps(result) + "\n")
