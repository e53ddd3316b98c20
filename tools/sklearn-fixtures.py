"""Makes test/parity/fixtures/sklearn.json: train_test_split's partitions of real scikit-learn, whole for small data
and hashed for large, and compute_class_weight's balanced weights. Needs scikit-learn and numpy: python tools/sklearn-fixtures.py"""

import hashlib
import json
import pathlib

import numpy as np
import sklearn
from sklearn.model_selection import train_test_split
from sklearn.utils.class_weight import compute_class_weight

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/sklearn.json"


def sha(indices):
    return hashlib.sha256(np.asarray(indices, dtype="<i4").tobytes()).hexdigest()


splits = []
for count in (2, 3, 7, 10, 100, 1000, 32206, 32942, 70000):
    for size in (0.2, 0.25, 0.5, 0.33):
        for state in (0, 1, 123, 4294967295):
            try:
                train, test = train_test_split(np.arange(count), test_size=size, random_state=state)
            except ValueError:
                continue
            case = {"count": count, "testSize": size, "randomState": state, "sizes": [len(train), len(test)]}
            if count <= 100:
                case |= {"train": train.tolist(), "test": test.tolist()}
            else:
                case |= {"trainHash": sha(train), "testHash": sha(test)}
            splits.append(case)

stratified = []
for counts in ([5, 5], [10, 3, 7], [2, 2, 2, 2, 40], [1000, 999, 37, 500], [600] * 53 + [240, 241], [7] * 30, [190, 4], [180, 2], [40, 6, 3]):
    # The labels in an order that is neither sorted nor random, made by the same formula in the test.
    labels = np.repeat(np.arange(len(counts)), counts)
    labels = labels[np.argsort((np.arange(len(labels)) * 7919) % 10007, kind="stable")]
    for size in (0.2, 0.5, 0.31):
        for state in (0, 123):
            try:
                train, test = train_test_split(
                    np.arange(len(labels)), test_size=size, random_state=state, stratify=labels
                )
            except ValueError:
                continue
            stratified.append(
                {
                    "counts": counts,
                    "testSize": size,
                    "randomState": state,
                    "sizes": [len(train), len(test)],
                    "trainHash": sha(train),
                    "testHash": sha(test),
                }
            )

# Class weights, from the images of each class.
weights = []
for counts in ([190, 4, 6], [1, 1], [600] * 3 + [240], [7, 3, 11, 1]):
    labels = np.repeat(np.arange(len(counts)), counts)
    balanced = compute_class_weight("balanced", classes=np.arange(len(counts)), y=labels)
    weights.append({"counts": counts, "balanced": balanced.tolist()})

facts = {"sklearn": sklearn.__version__, "numpy": np.__version__, "splits": splits, "stratified": stratified, "weights": weights}
OUT.write_text(json.dumps(facts, separators=(",", ":")) + "\n")
print(f"{OUT}: {len(splits)} splits, {len(stratified)} stratified, {OUT.stat().st_size} bytes")
