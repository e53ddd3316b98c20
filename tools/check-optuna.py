"""The real Optuna's half of tools/exchange-with-optuna.ts: creates, continues and describes studies.

Usage: python tools/check-optuna.py create|continue|enqueue|describe URL NAME [TRIALS]
A journal's URL is journal://FILE. `describe` prints one JSON object. `fixtures FOLDER` writes what
test/tune/optuna-study.test.ts reads. Needs optuna 5; psycopg2 for PostgreSQL.
"""

import json
import math
import pathlib
import sqlite3
import sys
import tempfile
import warnings

import optuna
from optuna.distributions import distribution_to_json

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def open_storage(url):
    if url.startswith("journal://"):
        backend = optuna.storages.journal.JournalFileBackend(url.removeprefix("journal://"))
        return optuna.storages.JournalStorage(backend)
    return optuna.storages.RDBStorage(url.replace("postgresql:", "postgresql+psycopg2:"))


def objective(trial):
    """The same as `exchanged` in tools/exchange-with-optuna.ts."""
    x = trial.suggest_float("x", -5, 5)
    rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
    dropout = trial.suggest_float("dropout", 0, 0.5, step=0.05)
    units = trial.suggest_int("units", 16, 128, step=16)
    width = trial.suggest_int("width", 1, 1000, log=True)
    kind = trial.suggest_categorical("kind", ["漢 \"quoted\"", None, True, 3, 0.5])
    value = x * x + abs(math.log10(rate) + 3) + dropout + units / 128 + math.log(width)
    if kind is None:
        value += trial.suggest_float("only without kind", 0, 1)
    trial.set_user_attr("note", {"number": trial.number, "list": [1, 2.5, None, "漢"]})
    for step in range(4):
        trial.report(math.nan if step == 2 else math.inf if step == 3 else value + 1 / (step + 1), step)
    if trial.number % 5 == 3:
        raise optuna.TrialPruned()
    if trial.number % 7 == 5:
        raise RuntimeError("no luck")
    return math.inf if trial.number % 11 == 10 else value


def number(value):
    """JSON has no NaN and no infinities."""
    return value if math.isfinite(value) else str(value)


def describe(study):
    return {
        "name": study.study_name,
        "directions": [d.name.lower() for d in study.directions],
        "user_attributes": study.user_attrs,
        "best": study.best_trial.number,
        "trials": [
            {
                "number": t.number,
                "state": t.state.name.lower(),
                "values": None if t.values is None else [number(v) for v in t.values],
                "params": t.params,
                "distributions": {k: json.loads(distribution_to_json(d)) for k, d in t.distributions.items()},
                "user_attributes": t.user_attrs,
                "intermediate": [[s, number(v)] for s, v in sorted(t.intermediate_values.items())],
                "fixed": t.system_attrs.get("fixed_params"),
            }
            for t in study.trials
        ],
    }


def create(url, name, trials):
    study = optuna.create_study(storage=open_storage(url), study_name=name, sampler=optuna.samplers.TPESampler(seed=1))
    study.set_user_attr("why", "exchange")
    study.enqueue_trial({"x": 1.5, "kind": None})
    go_on(url, name, trials)


def go_on(url, name, trials):
    study = optuna.load_study(storage=open_storage(url), study_name=name)
    study.optimize(objective, n_trials=trials, catch=(RuntimeError,))


def fixtures(folder):
    folder = pathlib.Path(folder)
    journal = folder / "optuna-study.journal"
    journal.unlink(missing_ok=True)
    create(f"journal://{journal}", "from Optuna", 24)
    with tempfile.TemporaryDirectory() as temporary:
        file = f"{temporary}/study.db"
        optuna.copy_study(
            from_study_name="from Optuna", from_storage=open_storage(f"journal://{journal}"),
            to_storage=open_storage(f"sqlite:///{file}"),
        )
        with sqlite3.connect(file) as connection:
            (folder / "optuna-study.sql").write_text("\n".join(connection.iterdump()) + "\n")
    study = optuna.load_study(storage=open_storage(f"journal://{journal}"), study_name="from Optuna")
    (folder / "optuna-study.json").write_text(json.dumps(describe(study)) + "\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fixtures", folder]:
            fixtures(folder)
        case ["create", url, name, trials]:
            create(url, name, int(trials))
        case ["continue", url, name, trials]:
            go_on(url, name, int(trials))
        case ["enqueue", url, name]:
            optuna.load_study(storage=open_storage(url), study_name=name).enqueue_trial({"x": -1.25, "units": 48})
        case ["describe", url, name]:
            print(json.dumps(describe(optuna.load_study(storage=open_storage(url), study_name=name))))
        case _:
            sys.exit(__doc__)
