"""scikit-learn's PoissonRegressor on the features, the split and the weights of a run of `fovea train` on a table.

    fovea train policies.csv --target ClaimNb --exposure Exposure --loss poisson --out run
    python tools/sklearn-policies.py policies.csv run

The run's recipe.json names the columns, their types and the split, which is scikit-learn's own train_test_split: first the
test rows of all, then the validation rows of the rest. Prints the mean Poisson deviance of the rates on the test rows,
weighted by exposure, of the run and of scikit-learn: trained on the same rows, and on these and the validation rows.
"""
import csv
import json
import sys

import numpy as np
from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import mean_poisson_deviance
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler

table, run = sys.argv[1:3]
recipe = json.load(open(f"{run}/recipe.json"))
steps, task, split = recipe["preprocessing"], recipe["task"], recipe["split"]
with open(table, newline="", encoding="utf-8-sig") as file:
    head, *cells = [[cell.strip() for cell in row] for row in csv.reader(file) if row]
data = {name: np.array([row[i] for row in cells], dtype=object) for i, name in enumerate(head)}
target, exposure = (data[name].astype(float) for name in (task["targets"][0], task["exposure"]))
rate = target / exposure
numbers, categories = (
    [data[name] for name in steps["features"] if steps["types"][name] == kind] for kind in ("number", "category")
)
rows = np.arange(len(rate))
rest, test = train_test_split(rows, test_size=split["test"], random_state=split["seed"])
train, validation = train_test_split(rest, test_size=split["validation"], random_state=split["seed"])
parts = recipe["parts"]
assert [len(train), len(validation), len(test)] == [parts["train"], parts["validation"], parts["test"]]


def features_of(fitted):
    parts = []
    if numbers:
        columns = np.stack(numbers, axis=1).astype(float)
        parts.append(StandardScaler().fit(columns[fitted]).transform(columns))
    if categories:
        columns = np.stack(categories, axis=1)
        encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        parts.append(encoder.fit(columns[fitted]).transform(columns))
    return np.hstack(parts)


def deviance_of(alpha, fitted):
    features = features_of(fitted)
    model = PoissonRegressor(alpha=alpha, max_iter=200, solver="newton-cholesky")
    model.fit(features[fitted], rate[fitted], sample_weight=exposure[fitted])
    return mean_poisson_deviance(rate[test], model.predict(features[test]), sample_weight=exposure[test])


mean = np.average(rate[train], weights=exposure[train])
constant = mean_poisson_deviance(rate[test], np.full(len(test), mean), sample_weight=exposure[test])
facts = json.load(open(f"{run}/facts.json"))
figures = facts["facts"]["evaluation"]["targets"][0]["figures"]
answer = {
    "fovea": figures["deviance"],
    "sklearn": {f"alpha {alpha:g}": deviance_of(alpha, train) for alpha in (1, 0.1, 0.01, 0.001)},
    "sklearn_with_validation": {f"alpha {alpha:g}": deviance_of(alpha, rest) for alpha in (1, 0.01)},
    "mean": constant,
}
print(json.dumps(answer, indent=2))
