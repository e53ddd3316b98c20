// Facts of a regression and of a multi-label run that never took place: repair costs and numbers of dents of car panels,
// and their damage. Made from a small fixed generator, by the functions that make real ones.
import { multiLabelFacts, regressionFacts } from "../../src/experiment/tasks/scores/index.js";
import type { ImageFacts, RunFacts, SplitFacts } from "../../src/report/facts.js";
import { madeUpRun, numbers } from "./made-up-run.js";

/** A grey-blue panel with some dents. */
export function panel(dents: number, seed: number): ImageFacts {
  const next = numbers(seed);
  const [height, width] = [96, 128];
  const spots = Array.from({ length: dents }, () => [next() * height, next() * width, 4 + 7 * next()] as const);
  const tint = [90 + 80 * next(), 100 + 60 * next(), 120 + 80 * next()];
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let light = 0.75 + (0.4 * (height - y)) / height + 0.03 * next();
      for (const [v, u, r] of spots) {
        const near = Math.exp(-((y - v) ** 2 + (x - u) ** 2) / (r * r));
        light += (0.6 * near * (y - v)) / r;
      }
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = Math.max(0, Math.min(255, tint[c]! * light));
    }
  return { height, width, channels: 3, data };
}

const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Counts of Poisson, by multiplication of uniforms. */
function poisson(mean: number, next: () => number): number {
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); count++) product *= next();
  return count;
}

/** A sum of exponentials: gamma of shape 3. */
const gamma = (mean: number, next: () => number): number =>
  (-mean * Math.log((1 - next()) * (1 - next()) * (1 - next()))) / 3;

interface Claims {
  readonly cost: number[];
  readonly dents: number[];
  readonly costPredicted: number[];
  readonly dentsPredicted: number[];
  readonly exposure: number[];
}

function claims(rows: number, seed: number): Claims {
  const next = numbers(seed);
  const made: Claims = { cost: [], dents: [], costPredicted: [], dentsPredicted: [], exposure: [] };
  for (let i = 0; i < rows; i++) {
    const size = normal(next);
    const [meanCost, meanDents] = [900 * Math.exp(0.8 * size), 4 * Math.exp(0.6 * size)];
    made.cost.push(Math.round(100 * gamma(meanCost, next)) / 100);
    made.dents.push(poisson(meanDents, next));
    made.costPredicted.push(Math.fround(780 * Math.exp(0.6 * size + 0.25 * normal(next))));
    made.dentsPredicted.push(Math.fround(3.9 * Math.exp(0.55 * size + 0.15 * normal(next))));
    made.exposure.push(Math.fround(0.2 + 0.8 * next()));
  }
  return made;
}

const sizes = (rows: number): Pick<SplitFacts, "heights" | "widths" | "modes"> => ({
  heights: Array.from({ length: rows }, () => 96),
  widths: Array.from({ length: rows }, () => 128),
  modes: [{ mode: "RGB", count: rows }],
});

const history = {
  loss: Array.from({ length: 24 }, (_, e) => 7.8 + 1.4 * Math.exp(-e / 4)),
  val_loss: Array.from({ length: 24 }, (_, e) => 7.9 + 1.3 * Math.exp(-e / 3) + 0.004 * e),
};

/** A regression of costs, and of `targets` 2 of dents besides. */
export function madeUpRegression({ targets = 1, rows = 1500 } = {}): RunFacts {
  const { evaluation: _, gallery: __, attention: ___, commonestClass: ____, ...run } = madeUpRun();
  const [train, test] = [claims(4 * rows, 3), claims(rows, 4)];
  const names = [
    { name: "repair cost 维修费用", unit: "€", key: "cost" },
    { name: "dents", unit: "dents", key: "dents" },
  ].slice(0, targets) as { name: string; unit: string; key: "cost" | "dents" }[];
  const splitOf = (name: string, { cost, dents }: Claims): SplitFacts => ({
    name,
    counts: [],
    images: cost.length,
    targets: names.map(({ name: target, unit, key }) => ({ name: target, unit, values: { cost, dents }[key] })),
    ...sizes(cost.length),
  });
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    ...run,
    name: "hail 冰雹",
    classNames: [],
    recipe: [
      { label: "Data", value: "hail, 7,500 images" },
      { label: "Task", value: "regression of repair cost 维修费用 in €" },
      { label: "Loss", value: "gamma deviance" },
      { label: "Split", value: "by claim, 0.2 for testing" },
    ],
    splits: [splitOf("Train", train), splitOf("Test", test)],
    samples: [0, 3, 6, 9, 12].map((n, i) => ({
      classIndex: 0,
      path: `${[0, 310, 850, 1900, 4200][i]} €`,
      image: panel(n, n),
    })),
    history,
    bestEpoch: 18,
    monitor: "val_loss",
    metrics: [
      { split: "Train", values: { loss: 0.6312, root_mean_squared_error: 812.4 } },
      { split: "Test", values: { loss: 0.7011, root_mean_squared_error: 905.1 } },
    ],
    evaluation: regressionFacts(
      "Test",
      names.map(({ name, unit, key }) => ({
        name,
        unit,
        pairs:
          key === "cost"
            ? { actual: test.cost, predicted: test.costPredicted }
            : { actual: test.dents, predicted: test.dentsPredicted, weight: test.exposure },
        ...(key === "cost" ? {} : { weight: "exposure 风险暴露" }),
        family: { kind: key === "cost" ? "gamma" : "poisson" } as const,
        constant: mean(train[key]),
      })),
      (row) => ({ image: panel(test.dents[row]!, row), file: `hail/claim-${row}/photo-${row}.jpg` }),
    ),
    failures: [],
    warnings: [],
    hashes: run.hashes,
  };
}

export const LABEL_NAMES = ["dent", "scratch", "broken glass", "划痕", "rust"];

/** Images with up to five kinds of damage. */
export function madeUpLabels(rows = 900): RunFacts {
  const { evaluation: _, gallery: __, attention: ___, commonestClass: ____, ...run } = madeUpRun();
  const labels = LABEL_NAMES.length;
  const shares = [0.45, 0.3, 0.06, 0.2, 0.02];
  const next = numbers(9);
  const actual: number[] = [];
  const scores: number[] = [];
  for (let row = 0; row < rows; row++) {
    const truth = shares.map((share) => (next() < share ? 1 : 0));
    // Scratches and 划痕 are alike.
    const mixed = truth.map((value, k) => (k === 1 || k === 3 ? 0.65 * value + 0.35 * truth[k === 1 ? 3 : 1]! : value));
    actual.push(...truth);
    scores.push(...mixed.map((value) => 1 / (1 + Math.exp(-(4 * value - 2 + 1.3 * normal(next))))));
  }
  const counts = (scale: number): number[] => shares.map((share) => Math.round(share * rows * scale));
  return {
    ...run,
    name: "damage 损坏",
    classNames: LABEL_NAMES,
    recipe: [
      { label: "Data", value: "damage.csv, 4,500 images" },
      { label: "Task", value: "several labels per image" },
      { label: "Loss", value: "binary crossentropy" },
    ],
    splits: [
      { name: "Train", counts: counts(4), images: 4 * rows, ...sizes(rows) },
      { name: "Test", counts: counts(1), images: rows, ...sizes(rows) },
    ],
    samples: [0, 1, 2, 3, 4].map((k) => ({ classIndex: k, image: panel(3 * k, k) })),
    history,
    bestEpoch: 18,
    monitor: "val_loss",
    metrics: [{ split: "Test", values: { loss: 0.3311, auc: 0.931 } }],
    evaluation: multiLabelFacts(
      "Test",
      LABEL_NAMES,
      { labels, actual, scores },
      [0.5, 0.42, 0.6, 0.47, 0.7],
      (row) => ({ image: panel(row % 9, row), file: `damage/photo-${row}.jpg` }),
    ),
    failures: [],
    warnings: [],
  };
}
