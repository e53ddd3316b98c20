"""scikit-learn's PoissonRegressor on the features, the split and the weights of a run of `fovea train` on a table.

    fovea train policies.csv --target ClaimNb --exposure Exposure --loss poisson --split-seed 123 --out run \\
        --features VehValue VehAge VehBody Gender DrivAge
    fovea convert run weights.safetensors
    python tools/sklearn-policies.py policies.csv run weights.safetensors

The run's recipe.json names the columns, their types, the strength of the penalty and the split, which is scikit-learn's own
train_test_split: first the test rows of all, then the validation rows of the rest. Prints the mean Poisson deviance of the
rates on the test rows, weighted by exposure: of the run, of scikit-learn by its alpha, trained on the same rows and on these
and the validation rows, and of the mean. With the weights it prints the largest difference between the coefficients of the
run and those of scikit-learn with the run's alpha.
"""
import csv
import json
import struct
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
rows = np.arange(len(rate))
rest, test = train_test_split(rows, test_size=split["test"], random_state=split["seed"])
train, validation = train_test_split(rest, test_size=split["validation"], random_state=split["seed"])
parts = recipe["parts"]
assert [len(train), len(validation), len(test)] == [parts["train"], parts["validation"], parts["test"]]


def features_of(fitted):
    parts = []
    for name in steps["features"]:
        column = data[name].reshape(-1, 1)
        if steps["types"][name] == "number":
            step, column = StandardScaler(), column.astype(float)
        else:
            step = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        parts.append(step.fit(column[fitted]).transform(column))
    return np.hstack(parts)


def fitted_with(alpha, fitted):
    features = features_of(fitted)
    model = PoissonRegressor(alpha=alpha, max_iter=200, tol=1e-8, solver="newton-cholesky")
    return model.fit(features[fitted], rate[fitted], sample_weight=exposure[fitted]), features


def deviance_of(alpha, fitted):
    model, features = fitted_with(alpha, fitted)
    return mean_poisson_deviance(rate[test], model.predict(features[test]), sample_weight=exposure[test])


def tensors_of(path):
    content = open(path, "rb").read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    numbers = lambda one: np.frombuffer(content[8 + length :][slice(*one["data_offsets"])], dtype="<f4")
    return sorted((numbers(one) for one in header.values()), key=len)


mean = np.average(rate[train], weights=exposure[train])
constant = mean_poisson_deviance(rate[test], np.full(len(test), mean), sample_weight=exposure[test])
facts = json.load(open(f"{run}/facts.json"))
figures = facts["facts"]["evaluation"]["targets"][0]["figures"]
answer = {
    "alpha": task.get("l2", 0),
    "fovea": figures["deviance"],
    "sklearn": {f"alpha {alpha:g}": deviance_of(alpha, train) for alpha in (1, 0.1, 0.01, 0.001)},
    "sklearn_with_validation": {f"alpha {alpha:g}": deviance_of(alpha, rest) for alpha in (1, 0.1, 0.01)},
    "mean": constant,
}
if len(sys.argv) > 3:
    bias, kernel = tensors_of(sys.argv[3])
    model, _ = fitted_with(task.get("l2", 0), train)
    # The run's layer works on rates divided by their scale.
    ours = np.append(kernel, bias[0] + np.log(task["scale"][0]))
    answer["coefficients"] = {
        "largest": np.abs(model.coef_).max(),
        "largest_difference": np.abs(ours - np.append(model.coef_, model.intercept_)).max(),
    }
print(json.dumps(answer, indent=2))
