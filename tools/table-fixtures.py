"""Makes test/parity/fixtures/table.json: a table as Python's csv module writes and reads it, and its columns as real
scikit-learn scales and encodes them. Needs scikit-learn and numpy: python tools/table-fixtures.py"""

import csv
import io
import json
import pathlib
import random

import numpy as np
import sklearn
from sklearn.preprocessing import OneHotEncoder, StandardScaler

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/table.json"

draw = random.Random(1)
bodies = ["Sedan", "Bus", 'Station "wagon"', "Utility, large", "Coup\u00e9\nsport", "\u8f66"]
rows = [["value", "age", "body", "same"]]
for _ in range(60):
    rows.append([repr(round(draw.lognormvariate(0, 1), 3)), str(draw.randint(17, 99)), draw.choice(bodies), "7.1"])

texts = {}
for name, options in {
    "excel": {},
    "unix": {"dialect": "unix"},
    "semicolons": {"delimiter": ";", "lineterminator": "\n"},
}.items():
    out = io.StringIO()
    csv.writer(out, **options).writerows(rows)
    texts[name] = out.getvalue()

columns = list(zip(*rows[1:]))
train = list(range(0, 60, 2))
numbers = np.array([columns[0], columns[1], columns[3]], dtype=float).T
scaler = StandardScaler().fit(numbers[train])
encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(np.array(columns[2])[train].reshape(-1, 1))
fixture = {
    "sklearn": sklearn.__version__,
    "rows": rows,
    "texts": texts,
    "train": train,
    "mean": scaler.mean_.tolist(),
    "scale": scaler.scale_.tolist(),
    "scaled": scaler.transform(numbers).tolist(),
    "oneHot": encoder.transform(np.array(columns[2]).reshape(-1, 1)).tolist(),
    "categories": encoder.categories_[0].tolist(),
}
OUT.write_text(json.dumps(fixture) + "\n")
