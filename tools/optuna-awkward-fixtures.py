"""Writes studies that the real Optuna left in awkward states to test/tune/fixtures/optuna-awkward.journal and .sql, for
test/cases/50-52-read-only-storage.test.ts. Usage: python tools/optuna-awkward-fixtures.py. Needs optuna 5.

Values that JSON does not have, running trials whose worker is gone, and a study of two objectives whose trials are all on
the Pareto front.
"""

import math
import pathlib
import sqlite3
import tempfile
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

OUT = pathlib.Path(__file__).parent.parent / "test" / "tune" / "fixtures"
VALUES = [math.inf, 0.75, -math.inf, math.nan]


def sampler():
    return optuna.samplers.RandomSampler(seed=1)


def odd_numbers(trial):
    trial.suggest_int("units", 16, 64, step=16)
    trial.set_user_attr("seen", [math.nan, 1.5])
    trial.report(math.nan if trial.number == 1 else 0.5, 0)
    return VALUES[trial.number]


def opposed(trial):
    x = trial.suggest_float("x", 0, 1)
    return x, x * x


def studies(storage):
    study = optuna.create_study(storage=storage, study_name="odd numbers", sampler=sampler())
    study.optimize(odd_numbers, n_trials=len(VALUES))
    study = optuna.create_study(
        storage=storage, study_name="two / Ümläut", directions=["maximize", "minimize"], sampler=sampler()
    )
    study.optimize(opposed, n_trials=5)
    study = optuna.create_study(storage=storage, study_name="left running", sampler=sampler())
    study.optimize(lambda trial: trial.suggest_float("lr", 1e-4, 1e-1, log=True), n_trials=4)
    study.ask().suggest_float("lr", 1e-4, 1e-1, log=True)


with tempfile.TemporaryDirectory() as folder:
    journal = pathlib.Path(folder) / "awkward.log"
    studies(optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(journal))))
    (OUT / "optuna-awkward.journal").write_bytes(journal.read_bytes())
    database = pathlib.Path(folder) / "awkward.db"
    studies(optuna.storages.RDBStorage(f"sqlite:///{database}"))
    with sqlite3.connect(database) as connection:
        (OUT / "optuna-awkward.sql").write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
