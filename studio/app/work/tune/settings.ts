// Settings of a study in a newcomer's words, and what each begins with.
import type { Tuned, TuneSettings } from "../../../contract/study-calls.js";

export interface TunedParameter {
  readonly name: Tuned;
  readonly title: string;
  readonly help: string;
  readonly least: number;
  readonly most: number;
  readonly step: number | "any";
  /** The value of one that is not searched. */
  readonly fixed: number;
  /** The range of one that is. */
  readonly range: readonly [from: number, to: number];
  /** True for one that only a network put together of parts has. */
  readonly isOfParts: boolean;
}

export const PARAMETERS: readonly TunedParameter[] = [
  {
    name: "learningRate",
    title: "Learning rate",
    help: "Adam's; mostly what matters most.",
    ...{ least: 1e-7, most: 1, step: "any", fixed: 1e-3, range: [3e-4, 1e-2], isOfParts: false },
  },
  {
    name: "blocks",
    title: "Blocks",
    help: "Convolutions, each with a pooling after it.",
    ...{ least: 1, most: 6, step: 1, fixed: 3, range: [2, 3], isOfParts: true },
  },
  {
    name: "filters",
    title: "Filters",
    help: "Of each convolution.",
    ...{ least: 1, most: 1024, step: 1, fixed: 16, range: [8, 32], isOfParts: true },
  },
  {
    name: "kernel",
    title: "Kernel",
    help: "Side of the footprint; odd numbers.",
    ...{ least: 1, most: 15, step: 2, fixed: 3, range: [3, 5], isOfParts: true },
  },
  {
    name: "dropout",
    title: "Dropout",
    help: "Share left out before the hidden layer.",
    ...{ least: 0, most: 0.95, step: "any", fixed: 0.3, range: [0, 0.6], isOfParts: true },
  },
  {
    name: "dense",
    title: "Dense units",
    help: "Width of the hidden layer.",
    ...{ least: 1, most: 4096, step: 1, fixed: 64, range: [32, 128], isOfParts: true },
  },
  {
    name: "augmentation",
    title: "Augmentation",
    help: "Shift, turn and zoom, as a share.",
    ...{ least: 0, most: 0.5, step: "any", fixed: 0, range: [0, 0.1], isOfParts: true },
  },
];

/** Those that are searched at first. */
const SEARCHED: readonly Tuned[] = ["learningRate", "filters", "dropout", "dense"];

export const WHOLE_NETWORKS: readonly string[] = ["cnn", "logistic", "resnet20", "lenet5"];

export const OBJECTIVE_TITLES: Readonly<Record<TuneSettings["objective"], string>> = {
  accuracy: "Accuracy on the validation images",
  loss: "Loss on the validation images",
  "accuracy-size": "Accuracy, and few parameters",
  "loss-size": "Loss, and few parameters",
};

export const SAMPLER_TITLES: Readonly<Record<TuneSettings["sampler"], readonly [title: string, help: string]>> = {
  tpe: ["TPE", "Tries more where earlier trials were good."],
  random: ["Random", "Every trial anywhere; the baseline, and better than a grid."],
  grid: ["Grid", "Three values of each range, all of them together."],
  "quasi-random": ["Quasi-random", "Spread more evenly than random."],
  "cma-es": ["CMA-ES", "Follows the slope of many numbers; wants a hundred trials and more."],
  nsga2: ["NSGA-II", "Breeds good trials; for two objectives."],
};

export const PRUNER_TITLES: Readonly<Record<TuneSettings["pruner"], readonly [title: string, help: string]>> = {
  none: ["None", "Every trial trains all its epochs."],
  median: ["Median", "Ends a trial that is worse than half of the others at that epoch."],
  halving: ["Successive halving", "Continues only the best quarter, again and again."],
  hyperband: ["Hyperband", "Halving with several beginnings."],
};

/** Settings to begin with. */
export const firstSettings = (study: string, objective: TuneSettings["objective"]): TuneSettings => ({
  study,
  network: "parts",
  networks: ["cnn", "logistic", "resnet20"],
  ranges: Object.fromEntries(
    PARAMETERS.map(({ name, fixed, range: [from, to] }) => [
      name,
      SEARCHED.includes(name) ? { from, to } : { from: fixed, to: fixed },
    ]),
  ) as TuneSettings["ranges"],
  objective,
  trials: 20,
  epochs: 10,
  batchSize: 64,
  patience: 3,
  sampler: "tpe",
  pruner: "none",
  parallel: 1,
  seed: 1,
});
