"""Makes test/parity/fixtures/sklearn-linear.json: a small table of policies with the coefficients that scikit-learn's
generalized linear models and its least squares give it. Run: python tools/sklearn-linear-fixtures.py"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import GammaRegressor, LinearRegression, PoissonRegressor, TweedieRegressor
from sklearn.preprocessing import OneHotEncoder, StandardScaler

OUT = pathlib.Path(__file__).parent.parent / "test/parity/fixtures/sklearn-linear.json"
random = np.random.default_rng(7)
ROWS = 120
warnings.simplefilter("error")

age = random.integers(18, 80, ROWS)
body = random.choice(["Bus", "Sedan", "Utility"], ROWS, p=[0.2, 0.5, 0.3])
exposure = np.round(random.uniform(0.1, 1, ROWS), 3)
expected = np.exp(0.6 - 0.02 * (age - 40) + 0.9 * (body == "Bus"))
claims = random.poisson(exposure * expected)
cost = np.round(random.gamma(2, 600 * expected / 2), 2)
total = np.round(np.where(random.uniform(size=ROWS) < 0.5, 0, cost), 2)

numbers = StandardScaler().fit_transform(age.reshape(-1, 1).astype(float))
X = np.hstack([numbers, OneHotEncoder(sparse_output=False).fit_transform(body.reshape(-1, 1))])
exact = {"tol": 1e-10, "max_iter": 1000, "solver": "newton-cholesky"}


def coefficients(model, y, weight=None):
    model.fit(X, y, sample_weight=weight)
    return [*map(float, model.coef_), float(model.intercept_)]


rate = claims / exposure
models = [
    ("poisson", "claims", True, 1, coefficients(PoissonRegressor(alpha=1, **exact), rate, exposure)),
    ("poisson", "claims", True, 0.01, coefficients(PoissonRegressor(alpha=0.01, **exact), rate, exposure)),
    ("gamma", "cost", False, 0.5, coefficients(GammaRegressor(alpha=0.5, **exact), cost)),
    ("tweedie", "total", True, 0.2, coefficients(TweedieRegressor(power=1.5, alpha=0.2, **exact), total / exposure, exposure)),
    # An identity link: the squares of coefficients have the target's unit, as the loss has.
    ("mse", "cost", False, 0.3, coefficients(TweedieRegressor(power=0, link="identity", alpha=0.3, **exact), cost)),
    ("mse", "cost", False, 0, coefficients(LinearRegression(), cost)),
]
answer = {
    "sklearn": sklearn.__version__,
    "columns": ["age", "body", "exposure", "claims", "cost", "total"],
    "rows": [[int(age[i]), str(body[i]), float(exposure[i]), int(claims[i]), float(cost[i]), float(total[i])] for i in range(ROWS)],
    "models": [dict(zip(("loss", "target", "exposure", "alpha", "coefficients"), model)) for model in models],
}
OUT.write_text(json.dumps(answer) + "\n")
print(OUT, OUT.stat().st_size)
