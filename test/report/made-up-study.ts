// A made-up study for the report's tests: every kind of parameter, a conditional one, every state of a trial.
import { Random } from "../../src/core/random.js";
import type { StudyFacts, TrialFacts } from "../../src/report/study-facts.js";

const START = Date.UTC(2026, 0, 5, 9, 0, 0);

function trial(number: number): TrialFacts {
  const random = new Random(7, 0, number);
  const rate = 10 ** random.between(-4, -2);
  const layers = 1 + random.integer(3);
  const activation = random.pick(["relu", "leaky_relu", "tanh"]);
  const state = number % 9 === 4 ? "fail" : number % 4 === 3 ? "pruned" : number === 29 ? "running" : "complete";
  const value =
    0.2 + Math.abs(Math.log10(rate) + 3) * 0.05 + (activation === "relu" ? 0 : 0.01) + random.between(0, 0.01);
  const steps = state === "pruned" ? 3 : 8;
  const began = START + number * 4000;
  return {
    number,
    state,
    values: state === "complete" ? [value] : state === "pruned" ? [value + 0.1] : null,
    params: {
      rate,
      layers,
      activation,
      ...(layers > 1 ? { width: random.pick([8, 16, 32, 64]) } : {}),
      constant: 1,
    },
    enqueued: number === 0,
    intermediate:
      state === "fail"
        ? []
        : Array.from({ length: steps }, (_, step) => [step, step === 5 ? null : value + 0.3 / (step + 1)]),
    startedAt: new Date(began).toISOString(),
    finishedAt: state === "running" ? null : new Date(began + 5000).toISOString(),
    reason: state === "fail" ? "Error: no more memory" : null,
  };
}

export function madeUpStudy(): StudyFacts {
  const trials = Array.from({ length: 30 }, (_, number) => trial(number));
  const complete = trials.filter(({ state }) => state === "complete");
  const best = complete.reduce((a, b) => (b.values![0]! < a.values![0]! ? b : a));
  return {
    createdBy: "Fovea 0.1.0",
    name: "made-up",
    directions: ["minimize"],
    objectives: ["val_loss"],
    space: {
      rate: { type: "float", low: 1e-4, high: 1e-2, log: true },
      layers: { type: "int", low: 1, high: 3, log: false },
      activation: { type: "categorical", choices: ["relu", "leaky_relu", "tanh"] },
      width: { type: "categorical", choices: [64, 8, 16, 32] },
      constant: { type: "int", low: 1, high: 1, log: false },
    },
    trials,
    best: [best.number],
    importances: [
      { method: "fANOVA", shares: { rate: 0.7, activation: 0.2, layers: 0.1 } },
      { method: "PED-ANOVA", shares: { rate: 0.6, activation: 0.25, layers: 0.1, width: 0.05 } },
    ],
    rows: [
      { label: "Sampler", value: "tpe" },
      { label: "Seed", value: "0" },
    ],
    rebuild: "fovea tune rebuild --study made-up",
  };
}

/** The same with a second objective. */
export function madeUpFront(): StudyFacts {
  const facts = madeUpStudy();
  const trials = facts.trials.map((record) =>
    record.state === "complete"
      ? { ...record, values: [record.values![0]!, Number(record.params.layers) * 100 + record.number] }
      : record,
  );
  return {
    ...facts,
    trials: trials.map((record) =>
      record.state === "pruned" ? { ...record, state: "fail" as const, values: null } : record,
    ),
    directions: ["minimize", "maximize"],
    objectives: ["val_loss", "parameters"],
    best: trials
      .filter(({ state }) => state === "complete")
      .map(({ number }) => number)
      .slice(0, 3),
  };
}
