"""Makes test/parity/fixtures/trust.json: what SciPy answers to the questions of src/core/statistics, and
scikit-learn to those of src/experiment/trust. Run: python tools/trust-fixtures.py"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.stats import beta, binomtest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/trust.json"
random = np.random.default_rng(14)

counts = [(0, 1), (1, 1), (0, 300), (3, 10), (8, 10), (1, 1000), (77, 5000), (4999, 5000), (2500, 5000), (31, 100000)]
proportions = []
for count, total in counts:
    interval = binomtest(count, total).proportion_ci(0.95, method="wilson")
    bound = 1.0 if count == total else float(beta.ppf(0.95, count + 1, total - count))
    strict = 1.0 if count == total else float(beta.ppf(0.99, count + 1, total - count))
    proportions.append([count, total, float(interval.low), float(interval.high), bound, strict])

classes = 4
labels = random.integers(0, classes - 1, 50)  # the last class has no images
predicted = np.where(random.random(50) < 0.6, labels, random.integers(0, classes, 50))
table = precision_recall_fscore_support(labels, predicted, labels=range(classes), zero_division=0)
OUT.write_text(
    json.dumps(
        {
            "scipy": scipy.__version__,
            "sklearn": sklearn.__version__,
            "proportions": proportions,
            "classes": {
                "labels": labels.tolist(),
                "predicted": predicted.tolist(),
                "table": [np.asarray(column).tolist() for column in table],
                "chosen": confusion_matrix(labels, predicted, labels=range(classes)).sum(axis=0).tolist(),
            },
        }
    )
    + "\n"
)
