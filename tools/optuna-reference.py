"""The best values that Optuna's TPE and random search reach on the functions of tools/tune-functions.ts, once.

Usage: python tools/optuna-reference.py test/tune/fixtures/optuna-best.json [FUNCTION...]
Writes for each function the best value of 100 trials for each of 50 seeds. Needs optuna 5 and numpy; takes minutes.
"""

import json
import math
import pathlib
import sys
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

TRIALS, SEEDS = 100, 50


def sphere(trial):
    return sum((trial.suggest_float(f"x{i}", -5, 5) - 0.3 * i) ** 2 for i in range(5))


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    bend = y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6
    return bend**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def rosenbrock(trial):
    x = [trial.suggest_float(f"x{i}", -2, 2) for i in range(3)]
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(2))


def ackley(trial):
    x = [trial.suggest_float(f"x{i}", -10, 10) for i in range(4)]
    squares = sum(v * v for v in x) / 4
    waves = sum(math.cos(2 * math.pi * v) for v in x) / 4
    return -20 * math.exp(-0.2 * math.sqrt(squares)) - math.exp(waves) + 20 + math.e


def scales(trial):
    rate = trial.suggest_float("rate", 1e-6, 1, log=True)
    decay = trial.suggest_float("decay", 1e-8, 1e-2, log=True)
    units = trial.suggest_int("units", 4, 1024, log=True)
    return (math.log10(rate) + 3) ** 2 + 0.5 * (math.log10(decay) + 5) ** 2 + (math.log2(units) - 7) ** 2 / 4


def mixed(trial):
    rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
    dropout = trial.suggest_float("dropout", 0, 0.8, step=0.05)
    layers = trial.suggest_int("layers", 1, 8)
    kernel = trial.suggest_categorical("kernel", [1, 3, 5, 7])
    activation = trial.suggest_categorical("activation", ["relu", "tanh", "elu", "gelu"])
    penalty = {1: 1.0, 3: 0.0, 5: 0.2, 7: 0.6}[kernel] + {"relu": 0.3, "tanh": 0.5, "elu": 0.1, "gelu": 0.0}[activation]
    return (math.log10(rate) + 2.7) ** 2 + 4 * (dropout - 0.35) ** 2 + 0.1 * (layers - 5) ** 2 + penalty


def conditional(trial):
    layers = trial.suggest_int("numHiddenLayers", 1, 3)
    rate = trial.suggest_float("learningRate", 1e-4, 1e-2, log=True)
    value = 0.5 * (layers - 2) ** 2 + (math.log10(rate) + 3.2) ** 2
    for i in range(1, layers + 1):
        value += 0.2 * (math.log2(trial.suggest_int(f"neurons_{i}", 4, 256, log=True)) - 4 - i) ** 2
    return value


def branches(trial):
    if trial.suggest_categorical("model", ["linear", "tree"]) == "linear":
        penalty = trial.suggest_float("penalty", 1e-6, 10, log=True)
        return 0.5 + (math.log10(penalty) + 2) ** 2 / 4
    depth = trial.suggest_int("depth", 1, 16)
    rate = trial.suggest_float("shrinkage", 0.01, 1, log=True)
    subsample = trial.suggest_float("subsample", 0.2, 1)
    return (depth - 6) ** 2 / 20 + (math.log10(rate) + 1.2) ** 2 + (subsample - 0.7) ** 2


def categories(trial):
    chosen = [trial.suggest_categorical(f"c{i}", list(range(6))) for i in range(5)]
    return sum((c - (2 * i + 1) % 6) ** 2 / (1 + i) for i, c in enumerate(chosen))


def hartmann6(trial):
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    p = [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
    weights = [1.0, 1.2, 3.0, 3.2]
    return -sum(
        w * math.exp(-sum(a[i][j] * (x[j] - p[i][j]) ** 2 for j in range(6))) for i, w in enumerate(weights)
    )


FUNCTIONS = [
    sphere, branin, rosenbrock, ackley, scales, mixed, conditional, branches, categories, hartmann6,
]
SAMPLERS = {
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "univariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False, constant_liar=False),
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}


def best(function, sampler):
    study = optuna.create_study(sampler=sampler)
    study.optimize(function, n_trials=TRIALS)
    return study.best_value


file = pathlib.Path(sys.argv[1])
result = json.loads(file.read_text()) if file.exists() else {"optuna": optuna.__version__, "trials": TRIALS, "best": {}}
for function in FUNCTIONS:
    if sys.argv[2:] and function.__name__ not in sys.argv[2:]:
        continue
    result["best"][function.__name__] = {
        name: [float(f"{best(function, make(seed)):.6g}") for seed in range(SEEDS)] for name, make in SAMPLERS.items()
    }
    file.write_text(json.dumps(result) + "\n")
