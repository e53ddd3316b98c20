"""Writes what the real Optuna does to test/tune/fixtures/. Usage: python tools/optuna-fixtures.py PART [PART...]

Parts: densities (the Parzen estimators of TPE). Needs optuna 5 and numpy.
"""

import functools
import json
import pathlib
import sys

import numpy as np
import optuna

# Which of equal observations comes first is left open by numpy's default; ours is the order of trials.
np.argsort = functools.partial(np.argsort, kind="stable")

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution, distribution_to_json
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

OUT = pathlib.Path(__file__).parent.parent / "test" / "tune" / "fixtures"
PARAMETERS = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)

SPACES = {
    "x": FloatDistribution(-5, 5),
    "rate": FloatDistribution(1e-5, 1e-1, log=True),
    "momentum": FloatDistribution(0, 1, step=0.05),
    "layers": IntDistribution(1, 7),
    "units": IntDistribution(1, 1024, log=True),
    "size": IntDistribution(16, 128, step=16),
    "activation": CategoricalDistribution(["relu", "tanh", "leaky_relu"]),
}


def draw(rng, distribution, count):
    if isinstance(distribution, CategoricalDistribution):
        return rng.integers(0, len(distribution.choices), count).astype(float)
    low, high = distribution.low, distribution.high
    if distribution.log:
        values = np.exp(rng.uniform(np.log(low), np.log(high), count))
    else:
        values = rng.uniform(low, high, count)
    if distribution.step is not None:
        values = np.clip(low + np.round((values - low) / distribution.step) * distribution.step, low, high)
    return values


def densities():
    rng = np.random.default_rng(1)
    cases = []
    names = [[name] for name in SPACES] + [["x", "layers", "activation"], ["rate", "momentum", "units"]]
    for space_names in names:
        for count in (0, 1, 2, 7, 26, 60):
            space = {name: SPACES[name] for name in space_names}
            observations = {name: draw(rng, d, count) for name, d in space.items()}
            points = {name: draw(rng, d, 5) for name, d in space.items()}
            estimator = _ParzenEstimator(observations, space, PARAMETERS)
            cases.append(
                {
                    "space": {name: json.loads(distribution_to_json(d)) for name, d in space.items()},
                    "observations": {name: list(column) for name, column in observations.items()},
                    "points": {name: list(column) for name, column in points.items()},
                    "log_density": list(estimator.log_pdf(points)),
                }
            )
    return {"optuna": optuna.__version__, "cases": cases}


PARTS = {"densities": densities}

for part in sys.argv[1:] or PARTS:
    (OUT / f"{part}.json").write_text(json.dumps(PARTS[part]()) + "\n")
