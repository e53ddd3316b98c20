"""Writes what the real Optuna does to test/tune/fixtures/. Usage: python tools/optuna-fixtures.py PART [PART...]

Parts: densities (the Parzen estimators of TPE), pruners (when which pruner ends which trial),
importances. Needs optuna 5, numpy, scipy and scikit-learn.
"""

import copy
import functools
import json
import math
import pathlib
import sys
import warnings

import numpy as np
import optuna

# numpy's default leaves the order of equal observations open; a stable sort gives the order of trials, as Fovea does.
np.argsort = functools.partial(np.argsort, kind="stable")

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution, distribution_to_json
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

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


def pruners():
    """Sixty trials with the same curves of reports under each pruner: the step at which it ends them, or null."""
    rng = np.random.default_rng(2)
    count, steps = 60, 27
    ends, starts = rng.normal(0, 1, count), rng.normal(2, 1, count)
    curves = ends[:, None] + starts[:, None] / np.sqrt(1 + np.arange(steps)) + rng.normal(0, 0.3, (count, steps))
    curves = [[round(float(v), 4) for v in row] for row in curves]
    # Values that repeat, and values that are none.
    curves[7] = [round(v, 1) for v in curves[7]]
    curves[20][3] = curves[21][0] = math.nan
    p = optuna.pruners
    cases = {
        "median": p.MedianPruner(),
        "median late": p.MedianPruner(n_startup_trials=10, n_warmup_steps=4, interval_steps=3, n_min_trials=4),
        "percentile 25": p.PercentilePruner(25.0),
        "percentile 80": p.PercentilePruner(80.0, n_startup_trials=2),
        "patient": p.PatientPruner(None, patience=2),
        "patient median": p.PatientPruner(p.MedianPruner(), patience=1, min_delta=0.1),
        "halving": p.SuccessiveHalvingPruner(),
        "halving 3": p.SuccessiveHalvingPruner(min_resource=2, reduction_factor=3, min_early_stopping_rate=1),
        "halving bootstrap": p.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2, bootstrap_count=4),
        "hyperband": p.HyperbandPruner(),
        "hyperband 27": p.HyperbandPruner(min_resource=1, max_resource=27, reduction_factor=3),
        "hyperband 4": p.HyperbandPruner(min_resource=2, max_resource=26, reduction_factor=4, bootstrap_count=1),
        "wilcoxon": p.WilcoxonPruner(),
        "wilcoxon strict": p.WilcoxonPruner(p_threshold=0.01, n_startup_steps=6),
    }
    pruned = {}
    for direction in ("minimize", "maximize"):
        for name, pruner in cases.items():
            study = optuna.create_study(study_name="pruned", direction=direction, pruner=copy.deepcopy(pruner))
            ended = []
            for curve in curves:
                trial = study.ask()
                step = None
                for i, value in enumerate(curve):
                    trial.report(value, i)
                    if trial.should_prune():
                        step = i
                        break
                ended.append(step)
                if step is None:
                    study.tell(trial, curve[-1])
                else:
                    study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            pruned[f"{name}, {direction}"] = ended
    curves = [[None if math.isnan(v) else v for v in row] for row in curves]
    return {"optuna": optuna.__version__, "curves": curves, "pruned": pruned}


def importances():
    """PED-ANOVA's importances, which are exact, and fANOVA's, which depend on the forest's draws, of two studies."""
    def fixed(trial):
        x = trial.suggest_float("x", -5, 5)
        rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
        dropout = trial.suggest_float("dropout", 0, 0.5, step=0.05)
        units = trial.suggest_int("units", 16, 128, step=16)
        width = trial.suggest_int("width", 1, 1000, log=True)
        kind = trial.suggest_categorical("kind", ["a", "b", "c"])
        trial.suggest_int("constant", 3, 3)
        return x * x + 3 * (math.log10(rate) + 3) ** 2 + dropout + units / 64 + math.log(width) / 9 + (kind == "a") * 4

    def conditional(trial):
        value = trial.suggest_float("always", 0, 1)
        if trial.suggest_categorical("branch", ["left", "right"]) == "left":
            return value + 2 * trial.suggest_float("left only", 0, 1) ** 2
        return value + trial.suggest_int("right only", 0, 9) / 9

    studies = []
    for objective, directions in ((fixed, ["minimize"]), (conditional, ["maximize"])):
        study = optuna.create_study(directions=directions, sampler=optuna.samplers.RandomSampler(seed=3))
        study.optimize(objective, n_trials=150)
        evaluators = {
            "ped_anova": optuna.importance.PedAnovaImportanceEvaluator(),
            "ped_anova_local": optuna.importance.PedAnovaImportanceEvaluator(target_quantile=0.2, region_quantile=0.6),
            "fanova": optuna.importance.FanovaImportanceEvaluator(seed=0),
        }
        studies.append(
            {
                "directions": directions,
                "space": {
                    k: json.loads(distribution_to_json(d)) for t in study.trials for k, d in t.distributions.items()
                },
                "trials": [{"value": t.value, "params": t.params} for t in study.trials],
                "importances": {
                    name: optuna.importance.get_param_importances(study, evaluator=e, normalize=False)
                    for name, e in evaluators.items()
                },
            }
        )
    return {"optuna": optuna.__version__, "studies": studies}


PARTS = {"densities": densities, "pruners": pruners, "importances": importances}

for part in sys.argv[1:] or PARTS:
    (OUT / f"{part}.json").write_text(json.dumps(PARTS[part]()) + "\n")
