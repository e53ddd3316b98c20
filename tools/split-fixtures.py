"""Makes test/parity/fixtures/splits.json: the folds of scikit-learn's KFold, StratifiedKFold and GroupKFold and the first
split of GroupShuffleSplit, as the fold of each sample. Needs scikit-learn and numpy: python tools/split-fixtures.py"""

import hashlib
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, KFold, StratifiedKFold

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/splits.json"
warnings.simplefilter("ignore")


def folds(splits, count):
    """The fold that tests each sample, one digit a sample, or their hash where there are many."""
    fold_of = np.full(count, -1)
    for fold, (train, test) in enumerate(splits):
        assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(count))
        assert np.array_equal(test, np.sort(test)) and np.array_equal(train, np.sort(train))
        fold_of[test] = fold
    text = "".join(np.base_repr(fold, 36) for fold in fold_of)
    return text if count <= 60 else hashlib.sha256(text.encode()).hexdigest()


def labels_of(counts):
    """The labels in an order that is neither sorted nor random, made by the same formula in the test."""
    labels = np.repeat(np.arange(len(counts)), counts)
    return labels[np.argsort((np.arange(len(labels)) * 7919) % 10007, kind="stable")]


plain, stratified, grouped, shuffled = [], [], [], []
states = [None, 0, 123]
for count in (2, 5, 13, 60, 1001):
    for n in (2, 3, 5, 10):
        if n > count:
            continue
        for state in states:
            split = KFold(n, shuffle=state is not None, random_state=state)
            plain.append({"count": count, "folds": n, "state": state, "of": folds(split.split(np.zeros(count)), count)})

for counts in ([5, 5], [3, 9, 1], [10, 3, 7], [2, 2, 2, 2, 40], [300, 299, 37, 5], [7] * 30):
    labels = labels_of(counts)
    for n in (2, 3, 5):
        if n > max(counts):
            continue
        for state in states:
            split = StratifiedKFold(n, shuffle=state is not None, random_state=state)
            found = folds(split.split(np.zeros(len(labels)), labels), len(labels))
            stratified.append({"counts": counts, "folds": n, "state": state, "of": found})

for counts in ([5, 5], [3, 9, 1], [10, 3, 7, 3, 3], [2, 2, 2, 2, 40], [1] * 20 + [30, 7], list(range(1, 40))):
    groups = np.array([f"claim-{label:03}" for label in labels_of(counts)])
    for n in (2, 3, 5):
        if n > len(counts):
            continue
        for state in states:
            split = GroupKFold(n, shuffle=state is not None, random_state=state)
            found = folds(split.split(np.zeros(len(groups)), groups=groups), len(groups))
            grouped.append({"counts": counts, "folds": n, "state": state, "of": found})
    for size in (0.2, 0.5):
        for state in (0, 123):
            split = GroupShuffleSplit(1, test_size=size, random_state=state)
            train, test = next(split.split(np.zeros(len(groups)), groups=groups))
            case = {"counts": counts, "testSize": size, "state": state, "of": folds([(train, test)], len(groups))}
            shuffled.append(case)

facts = {
    "sklearn": sklearn.__version__,
    "kFold": plain,
    "stratifiedKFold": stratified,
    "groupKFold": grouped,
    "groupShuffleSplit": shuffled,
}
OUT.write_text(json.dumps(facts, separators=(",", ":")) + "\n")
print(f"{OUT}: {len(plain)} + {len(stratified)} + {len(grouped)} + {len(shuffled)} cases, {OUT.stat().st_size} bytes")
