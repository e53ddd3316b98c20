// The functions on which samplers are compared with Optuna's; tools/optuna-reference.py has the same in Python.
import type { Trial } from "../src/tune/index.js";

/** f(x0, x1...) of floats in one range. */
const ofFloats =
  (count: number, low: number, high: number, f: (x: readonly number[]) => number) =>
  (trial: Trial): number =>
    f(Array.from({ length: count }, (_, i) => trial.suggestFloat(`x${i}`, low, high)));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function branin(trial: Trial): number {
  const [x, y] = [trial.suggestFloat("x", -5, 10), trial.suggestFloat("y", 0, 15)];
  const bend = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
  return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

const ackley = ofFloats(4, -10, 10, (x) => {
  const squares = sum(x.map((v) => v * v)) / 4;
  const waves = sum(x.map((v) => Math.cos(2 * Math.PI * v))) / 4;
  return -20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(waves) + 20 + Math.E;
});

function scales(trial: Trial): number {
  const rate = trial.suggestFloat("rate", 1e-6, 1, { log: true });
  const decay = trial.suggestFloat("decay", 1e-8, 1e-2, { log: true });
  const units = trial.suggestInt("units", 4, 1024, { log: true });
  return (Math.log10(rate) + 3) ** 2 + 0.5 * (Math.log10(decay) + 5) ** 2 + (Math.log2(units) - 7) ** 2 / 4;
}

function mixed(trial: Trial): number {
  const rate = trial.suggestFloat("rate", 1e-5, 1e-1, { log: true });
  const dropout = trial.suggestFloat("dropout", 0, 0.8, { step: 0.05 });
  const layers = trial.suggestInt("layers", 1, 8);
  const kernel = trial.suggestCategorical("kernel", [1, 3, 5, 7]);
  const activation = trial.suggestCategorical("activation", ["relu", "tanh", "elu", "gelu"]);
  const penalty = { 1: 1, 3: 0, 5: 0.2, 7: 0.6 }[kernel] + { relu: 0.3, tanh: 0.5, elu: 0.1, gelu: 0 }[activation];
  return (Math.log10(rate) + 2.7) ** 2 + 4 * (dropout - 0.35) ** 2 + 0.1 * (layers - 5) ** 2 + penalty;
}

function conditional(trial: Trial): number {
  const layers = trial.suggestInt("numHiddenLayers", 1, 3);
  const rate = trial.suggestFloat("learningRate", 1e-4, 1e-2, { log: true });
  let value = 0.5 * (layers - 2) ** 2 + (Math.log10(rate) + 3.2) ** 2;
  for (let i = 1; i <= layers; i++)
    value += 0.2 * (Math.log2(trial.suggestInt(`neurons_${i}`, 4, 256, { log: true })) - 4 - i) ** 2;
  return value;
}

function branches(trial: Trial): number {
  if (trial.suggestCategorical("model", ["linear", "tree"]) === "linear") {
    const penalty = trial.suggestFloat("penalty", 1e-6, 10, { log: true });
    return 0.5 + (Math.log10(penalty) + 2) ** 2 / 4;
  }
  const depth = trial.suggestInt("depth", 1, 16);
  const rate = trial.suggestFloat("shrinkage", 0.01, 1, { log: true });
  const subsample = trial.suggestFloat("subsample", 0.2, 1);
  return (depth - 6) ** 2 / 20 + (Math.log10(rate) + 1.2) ** 2 + (subsample - 0.7) ** 2;
}

function categories(trial: Trial): number {
  const chosen = Array.from({ length: 5 }, (_, i) => trial.suggestCategorical(`c${i}`, [0, 1, 2, 3, 4, 5]));
  return sum(chosen.map((c, i) => (c - ((2 * i + 1) % 6)) ** 2 / (1 + i)));
}

const hartmann6 = ofFloats(6, 0, 1, (x) => {
  const a = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ];
  const p = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ];
  const weights = [1, 1.2, 3, 3.2];
  return -sum(weights.map((w, i) => w * Math.exp(-sum(x.map((v, j) => a[i]![j]! * (v - p[i]![j]!) ** 2)))));
});

export const FUNCTIONS: Record<string, (trial: Trial) => number> = {
  sphere: ofFloats(5, -5, 5, (x) => sum(x.map((v, i) => (v - 0.3 * i) ** 2))),
  branin,
  rosenbrock: ofFloats(3, -2, 2, ([a, b, c]) => {
    const valley = (x: number, y: number): number => 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    return valley(a!, b!) + valley(b!, c!);
  }),
  ackley,
  scales,
  mixed,
  conditional,
  branches,
  categories,
  hartmann6,
};
