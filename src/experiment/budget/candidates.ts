// Ways to train within a time, a record each in the order in which they are tried. Each measures itself on this machine, and settles
// its epochs so that training and evaluation end in the seconds it may take.
import { defined } from "../../core/defined.js";
import { type Recipe, UPRIGHT } from "../../formats/run/recipe.js";
import { closeData, type ExperimentData } from "../data/experiment-data.js";
import type { AugmentationName } from "../recipe/augmentation.js";
import { makeRecipe, type Plan } from "../recipe/recipe.js";
import { taskOf } from "../tasks/index.js";
import type { TransferPlan } from "../transfer/model.js";
import { makeTransferRecipe, preprocessingFor } from "../transfer/recipe.js";
import type { BudgetJob } from "./job.js";
import { featureSeconds, headSeconds, stepSeconds } from "./probe.js";

/** A candidate with its images, ready to be trained. */
export interface PreparedRun {
  /** The recipe that was settled for the time. */
  readonly recipe: Recipe;
  /** The images that it is for. */
  readonly data: ExperimentData;
  /** Name of the network or of the base. */
  readonly name: string;
  /** Seconds that it takes from here on, as measured. */
  readonly seconds: number;
}

/** A candidate that is not trained. */
export interface LeftOut {
  /** Clause that says what it lacks, for a line on the screen. */
  readonly reason: string;
}

/** A way to train. */
export interface BudgetCandidate {
  /** Noun phrase for lines on the screen. */
  readonly title: string;
  /** Part of the time that is left which it may take beyond the least that it needs, where others come after it. */
  readonly share: number;
  /** Settles a recipe, or says what the images or the time lack for it. */
  readonly prepare: (job: BudgetJob, seconds: () => number, isFirst: boolean) => Promise<PreparedRun | LeftOut>;
}

/** Seconds that a report, its charts and a certificate of trust take besides passes over the images. */
const REPORT = 5;
/** A measured time that is exceeded by this factor still fits. */
const SLACK = 1.15;
/** Seconds an epoch in which its checkpoint and its line of the history are kept. */
const KEEPING = 0.1;
/** A pass without gradients, as a share of one that trains. */
const FORWARD = 0.4;

/** Batches of an epoch from which batches are larger, and the sizes of these. */
const BATCHES = { large: 128, small: 16, least: 20 } as const;
const batchFor = (images: number): number => {
  let size: number = BATCHES.large;
  while (size > BATCHES.small && images < size * BATCHES.least) size /= 2;
  return size;
};

const wholeEpochs = (seconds: number, perEpoch: number, most: number): number =>
  Math.min(most, Math.floor(seconds / (SLACK * perEpoch)));

/** Counts of the images of a part's passes: all that are evaluated, and those that validate after each epoch. */
const sizesOf = ({ parts }: ExperimentData) => {
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map(({ rows }) => rows.length) as [
    number,
    number,
    number,
  ];
  return { train, validation, all: train + validation + test };
};

const NO_TIME: LeftOut = { reason: "its measured time is longer than the time left" };

/** Closes the images of a candidate that is left out. */
async function closed(data: ExperimentData, leftOut: LeftOut): Promise<LeftOut> {
  await closeData(data);
  return leftOut;
}

/** Rates that networks are trained with, the highest of a cosine. */
const NETWORKS = [
  { model: "cnn-normalized", learningRate: 4e-3, epochs: 8 },
  { model: "cnn", learningRate: 2e-3, epochs: 1 },
] as const;
/** Epochs, or steps, of which more are no better for networks of this size, and the images without which they are no better than a base. */
const ENOUGH = { epochs: 60, most: 100, steps: 1500, images: 1000 } as const;
const mostEpochs = (steps: number): number =>
  Math.min(ENOUGH.most, Math.max(ENOUGH.epochs, Math.ceil(ENOUGH.steps / steps)));

/** Epochs from which variation of photos pays: with fewer, and for pictures that have an upright side, it slows learning down. */
const LONG = 30;
const variationFor = ({ base, look }: BudgetJob, epochs: number): AugmentationName =>
  base?.base === "photos" && look.color === "rgb" && epochs >= LONG ? "photo" : "none";

const fromScratch: BudgetCandidate = {
  title: "a network from scratch",
  share: 1,
  prepare: async (job, seconds, isFirst) => {
    const { look, wish } = job;
    const { imageSize } = look;
    const color = job.base?.base === "hanzi" ? "grayscale" : look.color;
    const preprocessing = { imageSize, color, interpolation: "lanczos", ...UPRIGHT } as const;
    if ((await job.loading(preprocessing)).seconds > seconds()) return NO_TIME;
    const data = await job.load(preprocessing);
    const { train, validation, all } = sizesOf(data);
    if (!isFirst && train < ENOUGH.images)
      return closed(data, { reason: `${train} training images are too few for it, beside a base` });
    const { usual } = taskOf(data);
    const networks =
      usual === undefined ? NETWORKS : [{ model: usual.model, learningRate: usual.learningRate ?? 1e-3, epochs: 1 }];
    const batchSize = usual?.batchSize ?? batchFor(train);
    const { split, seed, mode, wish: task, classWeight, sampleWeight, threads } = wish;
    for (const { model, learningRate, epochs: least } of networks) {
      const plan = (epochs: number): Plan => ({
        model: { name: model },
        ...{ preprocessing, split, seed, mode, learningRate },
        training: { epochs, batchSize, patience: null },
        schedule: "cosine",
        augmentation: usual?.augment ?? variationFor(job, epochs),
        ...defined({ wish: task, columns: wish.data?.columns, classWeight, sampleWeight }),
      });
      const step = await stepSeconds(makeRecipe(plan(1), data), data, threads);
      const steps = Math.ceil(train / batchSize);
      const perImage = step / Math.min(batchSize, train);
      const perEpoch = KEEPING + steps * step + FORWARD * validation * perImage;
      const after = REPORT + FORWARD * all * perImage;
      const epochs = wholeEpochs(seconds() - after, perEpoch, mostEpochs(steps));
      if (epochs < least) continue;
      return { recipe: makeRecipe(plan(epochs), data), data, name: model, seconds: epochs * perEpoch + after };
    }
    return closed(data, NO_TIME);
  },
};

/** Images of a head's step, and the training images from which steps are larger. */
const [HEAD_BATCH, MANY] = [32, 5000];
const onBase: BudgetCandidate = {
  title: "a new head on a trained base",
  share: 0.5,
  prepare: async (job, seconds) => {
    const { wish, loading, load } = job;
    if (job.base === undefined) return { reason: "a budget trains no base for masks and boxes" };
    const { base } = job.base;
    const { split, seed, mode, wish: task, classWeight, sampleWeight, threads, data: { columns } = {} } = wish;
    const preprocessing = preprocessingFor(base);
    const { seconds: opening, images } = await loading(preprocessing);
    const feature = SLACK * (await featureSeconds(base, preprocessing, threads));
    if (job.left() <= opening + images * feature) return NO_TIME;
    const data = await load(preprocessing);
    const { train, all } = sizesOf(data);
    const made = (variants: number | undefined, epochs?: number): Promise<Recipe> => {
      const varied = variants === 0 ? { augmentation: "none" as const } : defined({ variants });
      const learnt = epochs === undefined ? {} : { solver: "adam" as const };
      const training = { batchSize: train > MANY ? BATCHES.large : HEAD_BATCH, ...defined({ epochs }) };
      const wished = { ...{ base, split, seed, mode, training }, ...varied, ...learnt };
      const optional = defined({ wish: task, columns, classWeight, sampleWeight });
      return makeTransferRecipe({ ...wished, ...optional }, preprocessing, data);
    };
    const first = await made(undefined);
    const least = REPORT + feature * all;
    // Half of the time that is left may make varied copies of the training images.
    const free = Math.max(0, seconds() - least);
    const variants = Math.min(first.transfer!.variants, Math.floor(free / 2 / (feature * train)));
    const recipe = await made(variants);
    const spent = feature * (all + variants * train);
    if (recipe.training.solver === "logistic") return { recipe, data, name: base, seconds: spent + REPORT };
    const steps = Math.ceil((train * (variants + 1)) / recipe.training.batchSize);
    const perEpoch = steps * (await headSeconds(recipe as TransferPlan, data, threads));
    // The other half is for candidates after this one.
    const usual = recipe.training.epochs;
    const epochs = Math.max(1, wholeEpochs((job.left() - REPORT - spent) / 2, perEpoch, usual));
    if (epochs === usual) return { recipe, data, name: base, seconds: spent + epochs * perEpoch + REPORT };
    return { recipe: await made(variants, epochs), data, name: base, seconds: spent + epochs * perEpoch + REPORT };
  },
};

/** Ways to train, in the order in which they are tried. */
export const CANDIDATES = [onBase, fromScratch] as const satisfies readonly BudgetCandidate[];
