// `fovea transfer`: a new head on a trained network, and then, when asked, the network itself at a low rate. Options
// become a wish, the wish a recipe; from there on it is a run like any other.
import { type Command, InvalidArgumentError } from "commander";
import { IMAGENET_NAMES } from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { closeData, type DataPaths, findData, usualLook } from "../../experiment/data/index.js";
import { type EngineName, openEngine, openWeights } from "../../experiment/pretrained/index.js";
import {
  AUGMENTATIONS,
  type AugmentationName,
  HEAD_SOLVERS,
  type HeadSolverName,
} from "../../experiment/recipe/index.js";
import { RunFolder, startRun } from "../../experiment/run/index.js";
import { TASKS, WATCHED_KEYS } from "../../experiment/tasks/index.js";
import {
  BASE_NAMES,
  baseFacts,
  baseFileInStore,
  baseLines,
  basePreprocessing,
  MAP_EPOCHS,
  MODEL_BASE,
  makeTransferRecipe,
  mapSize,
  rateWarning,
  readBaseWeights,
  type TransferWish,
  usualBase,
} from "../../experiment/transfer/index.js";
import type { RescaleName } from "../../formats/models/pixels.js";
import { absolutePath, exists } from "../../platform/files.js";
import { baseName, joinPath } from "../../platform/paths.js";
import { rescaleOption } from "../foreign-options.js";
import { withInferredTask } from "../inferred-task.js";
import {
  addCommonOptions,
  type CommonOptions,
  choice,
  engineOption,
  type ImageSize,
  imageSize,
  modeOption,
  numberAbove,
  trainingMemoryOption,
  wholeNumber,
} from "../options.js";
import { addSplitOptions, addWeightOptions, SPLIT_HELP, type WeightOptions, weightsFrom } from "../split-options.js";
import {
  addSplitByOptions,
  addTaskOptions,
  columnsFrom,
  dataWishFrom,
  splitByFrom,
  type TaskOptions,
  taskWishFrom,
} from "../task-options.js";
import { conclude } from "../terminal/conclusion.js";
import { loadAndTell, tellRecipe } from "../terminal/experiment.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";
import { TrainingLines } from "../terminal/training.js";
import { limitsFrom, withinLimit } from "../training-memory.js";
import { addVariantOptions, type VariantOptions, variantOf } from "../weights-options.js";

interface Options extends CommonOptions, VariantOptions, WeightOptions, TaskOptions {
  readonly base?: string;
  readonly weights?: string;
  readonly cut?: string;
  readonly keepClasses?: true;
  readonly imageSize?: ImageSize;
  readonly rescale?: RescaleName;
  readonly skipBad?: true;
  readonly memory?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly patience?: number;
  readonly monitor?: string;
  readonly learningRate?: number;
  readonly solver?: HeadSolverName;
  readonly augment?: AugmentationName;
  readonly variants?: number;
  readonly fineTune?: number | "all";
  readonly fineTuneEpochs: number;
  readonly fineTuneRate: number;
  readonly fineTuneBatchSize: number;
  readonly validationSplit: number;
  readonly splitSeed: number;
  readonly stratify?: boolean;
  readonly mode: "reproducible" | "fast";
  readonly engine: EngineName;
  readonly out?: string;
}

/** Images of a step for heads on features. */
const BATCH = 32;

const MONITORS = WATCHED_KEYS.map((key) => `val_${key}`);

/** `224` or `224x224`. */
const squareOrSize = (text: string): ImageSize => imageSize(/^\d+$/.test(text) ? `${text}x${text}` : text);

function lastLayers(text: string): number | "all" {
  if (text === "all") return text;
  try {
    return wholeNumber(1)(text);
  } catch {
    throw new InvalidArgumentError('Expected a number of layers from the end of the base, or "all".');
  }
}

export function define(command: Command): void {
  command
    .description(
      "Trains a new classifier on top of a network that has been trained on many images before: forty photos per class, a " +
        "laptop, a minute. The network's features of the images are computed once and kept, so an epoch takes less than a second. " +
        "Masks and boxes are learnt on the network's maps.",
    )
    .argument(
      "<dir>",
      "one folder per class, train, val and test with such folders, a manifest, images with masks or boxes, or another source of train",
    )
    .optionsGroup("Base and images:")
    .option(
      "--base <name|file>",
      "the trained network by its name, or a model file or folder: .keras, .h5, .onnx, TensorFlow.js, Teachable Machine " +
        "(default: photos, for ink on paper hanzi; both are in the package)",
    )
    .option("--weights <file>", "its weights as Keras publishes them (default: the local store, see fovea weights)")
    .option(
      "--cut <layer>",
      "layer whose output the new head takes (default: the pooling or flattening before the file's own head)",
    )
    .option("--keep-classes", "keep the file's hidden layers, and begin with its weights for classes of the same names")
    .addOption(rescaleOption("how pixels are scaled for the base (default: as it was published)"))
    .option(
      "--image-size <S>",
      "side, or HEIGHTxWIDTH, in pixels (default: the base's own; for masks and boxes as large, in the images' proportions)",
      squareOrSize,
    )
    .option("--skip-bad", "leave out images that cannot be decoded, instead of stopping")
    .addOption(trainingMemoryOption());
  addVariantOptions(command);
  addTaskOptions(command);
  addHeadOptions(command);
  addFineTuningOptions(command);
  command
    .optionsGroup("The run:")
    .option("--validation-split <S>", "share held out where there is no folder for it", numberAbove(0, 1, false), 0.2)
    .option("--split-seed <N>", "scikit-learn's random_state of the split", wholeNumber(0, 2 ** 32 - 1), 123);
  addSplitByOptions(addWeightOptions(addSplitOptions(command)))
    .addOption(modeOption())
    .addOption(engineOption())
    .option("--out <dir>", "its folder (default: runs/DIR-BASE-1, -2, ...)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Bases:
${BASE_NAMES.map((name) => `  ${name.padEnd(16)} ${baseFacts(name).title}`).join("\n")}
  ${"FILE".padEnd(16)} A model of your own, up to the embedding before its head or to --cut
${SPLIT_HELP}

Masks and boxes stand on the base's maps of 1/4 to 1/32 of the image, found by their shapes, with the heads of LR-ASPP and
ttfnet: the base's layers are frozen, each epoch sees the images anew, and --variants, --solver, --keep-classes and --engine
have no meaning.

The base stays in inference, batch normalization included, also while it is fine-tuned. Fine-tuning that makes the
validation worse is undone. The run is one like those of fovea train: evaluate, predict, explain, report and replay
take it, and fovea train --resume goes on with it.

--engine onnxruntime computes the base's features with the package onnxruntime-node (npm install onnxruntime-node).
They are Fovea's to some 1e-4, not to the bit: the recipe names the version, and replay wants that one. Fine-tuning is
always Fovea's own.

Examples:
  fovea transfer photos
  fovea transfer photos --base mobilenet_v2 --weights mobilenet_v2.h5
  fovea transfer photos --base mobilenet_v2 --image-size 160 --augment photo
  fovea transfer photos --base mobilenet_v2 --fine-tune 20
  fovea transfer photos --base mobilenet --alpha 0.25 --size 128
  fovea transfer hail --task segmentation
  fovea transfer steel --task detection --fine-tune all --fine-tune-rate 1e-4 --fine-tune-epochs 20
  fovea transfer characters --base hanzi
  fovea transfer fruit --base converted_keras.zip --keep-classes
  fovea transfer photos --base model.onnx --rescale imagenet --cut flatten
  fovea transfer characters --base hanzi --fine-tune all --fine-tune-rate 9e-5 --fine-tune-epochs 30`,
    )
    .action(run);
}

/** Adds the options of training the head. */
function addHeadOptions(command: Command): void {
  command
    .optionsGroup("The head:")
    .addOption(
      choice(
        "--solver <name>",
        "logistic solves a logistic regression whose penalty cross-validation chooses, adam learns from batches (default: logistic for classes of few images, unless one of the options below is given)",
        HEAD_SOLVERS,
      ),
    )
    .option(
      "--epochs <N>",
      `most passes over the training images (default: 100, more for very few images; ${MAP_EPOCHS} for masks and boxes)`,
      wholeNumber(1),
    )
    .option(
      "--batch-size <N>",
      `images per step (default: ${BATCH}, ${TASKS.detection.usual!.batchSize} for masks and boxes)`,
      wholeNumber(1),
    )
    .option(
      "--patience <N>",
      "epochs without improvement before training stops (default: 10, more for very few images; none for masks and boxes)",
      wholeNumber(0),
    )
    .addOption(
      choice("--monitor <key>", "quantity that has to improve (default: val_loss, for masks val_mean_iou)", MONITORS),
    )
    .option(
      "--learning-rate <R>",
      "learning rate of Adam (default: 0.001; for masks and boxes the highest of a cosine, 0.002 and 0.004)",
      numberAbove(0, 1),
    )
    .addOption(
      choice(
        "--augment <name>",
        "vary training images as fovea train does (default: none, for hanzi light, for boxes upright)",
        AUGMENTATIONS,
      ),
    )
    .option("--variants <N>", "varied copies of each training image (default: 4, for hanzi 8)", wholeNumber(1, 100));
}

/** Adds the options of training layers of the base as well. */
function addFineTuningOptions(command: Command): void {
  command
    .optionsGroup("Fine-tuning:")
    .option(
      "--fine-tune <layers>",
      'then train the last N layers of the base as well, or "all" (default: none)',
      lastLayers,
    )
    .option("--fine-tune-epochs <N>", "most epochs of fine-tuning", wholeNumber(1), 5)
    .option(
      "--fine-tune-rate <R>",
      "learning rate of Adam; high rates destroy the base's features",
      numberAbove(0, 1),
      1e-5,
    )
    .option("--fine-tune-batch-size <N>", "images per step", wholeNumber(1), 16);
}

/** Options whose base is settled. */
type Settled = Options & { readonly base: string };

/** The options with the file of the variant that they ask for, out of the store, and its image size. */
async function withVariant(options: Settled): Promise<Settled> {
  const { base, weights, size, imageSize } = options;
  const variant = variantOf(options);
  if (Object.keys(variant).length === 0) return options;
  const network = IMAGENET_NAMES.find((name) => name === base);
  if (network === undefined || weights !== undefined)
    throw new UsageError(
      "--alpha and --size choose a network of ImageNet in the local store; leave them out with " +
        (network === undefined ? `--base ${base}` : "--weights, whose name says which variant it is"),
    );
  const { path } = await openWeights(await baseFileInStore(network, variant));
  const squareSize = size === undefined ? undefined : ([size, size] as const);
  return { ...options, weights: path, ...defined({ imageSize: imageSize ?? squareSize }) };
}

/**
 * A base that is no name is a file; `model` with --weights says the same. Without a base: the one of the package that suits.
 * @throws UsageError when there is neither
 */
async function withBase(options: Options, found: DataPaths, output: Output): Promise<Settled> {
  const { base, weights } = options;
  if (base === undefined) return { ...options, base: await suitableBase(options, found, output) };
  if ([...BASE_NAMES, MODEL_BASE].includes(base)) return { ...options, base };
  if (!(await exists(base)))
    throw new UsageError(
      `--base: there is no file ${base}; expected a model file or folder, or one of ${BASE_NAMES.join(", ")}`,
    );
  if (weights !== undefined)
    throw new UsageError(`--weights belongs to a base by its name, and ${base} is a file with weights; leave it out`);
  return { ...options, base: MODEL_BASE, weights: base };
}

/** @throws UsageError for options that belong to a base that was not named */
async function suitableBase(options: Options, found: DataPaths, output: Output): Promise<string> {
  const { weights, alpha, size, keepClasses, cut } = options;
  const idle = Object.entries({ weights, alpha, size, "keep-classes": keepClasses, cut }).find(
    ([, value]) => value !== undefined,
  );
  if (idle !== undefined) throw new UsageError(`--${idle[0]} belongs to a base; name it with --base`);
  const { base, sentence } = await usualBase(found.train, dataWishFrom(options));
  output.say(sentence);
  return base;
}

async function run(dir: string, typed: Options, command: Command): Promise<void> {
  const output = new Output(typed);
  const said = await withInferredTask(typed, dir, output);
  const { task } = dataWishFrom(said);
  const found = await findData(dir, task);
  const options = await withVariant(await withBase(said, found, output));
  const { base, skipBad, threads, fineTuneRate } = options;
  const { pixels, step } = limitsFrom(options);
  const preprocessing = await lookFor(dir, options, output);
  const engine = await openEngine(options.engine);
  const wish = {
    ...wishFrom(options, (name) => command.getOptionValueSource(name) === "cli"),
    ...(await weightsFrom(options)),
    ...defined({ engine }),
  };
  if (options.out !== undefined) await RunFolder.checkFree(options.out);
  await readBaseWeights(base, options.weights);
  const warning = wish.fineTune && rateWarning(fineTuneRate);
  if (warning !== undefined) output.warn(warning);
  const settings = { preprocessing, split: wish.split };
  const data = await loadAndTell(output, found, settings, {
    ...dataWishFrom(options),
    ...defined({ skipBad, threads, memory: pixels, batchSize: options.fineTuneBatchSize }),
  });
  const recipe = await withinLimit(await makeTransferRecipe(wish, preprocessing, data), data, step, output);
  tellRecipe(output, recipe, data);
  for (const line of await baseLines(recipe, options.weights)) output.say(line);
  const name = joinPath("runs", `${baseName(await absolutePath(dir))}-${base}`);
  const outcome = await interruptible(
    output,
    "Stopping after this batch; the best weights so far will be saved. Press Ctrl-C again to end at once.",
    async (signal) => {
      const observer = new TrainingLines(output, recipe.task);
      const path = options.out ?? (await RunFolder.freeName(name));
      return startRun(path, recipe, data, { signal, observer, ...defined({ threads, memory: step }) });
    },
  ).finally(() => closeData(data));
  conclude(output, outcome, data);
}

/** Preprocessing of the images: a head on maps takes their proportions, any other the base's own size. */
async function lookFor(dir: string, options: Settled, output: Output): ReturnType<typeof basePreprocessing> {
  const { imageSize } = options;
  const wish = dataWishFrom(options);
  const { task } = wish;
  if (imageSize !== undefined || task === undefined || TASKS[task].mapHead === undefined)
    return basePreprocessing(options, imageSize, task);
  const usual = await basePreprocessing(options);
  const size = mapSize(usual.imageSize, (await usualLook(dir, wish)).imageSize);
  output.say(`Note: images are taken as ${size.join("x")} pixels; --image-size says otherwise.`);
  return { ...usual, imageSize: size };
}

function wishFrom(options: Settled, isGiven: (name: "power") => boolean): TransferWish {
  const { base, weights, rescale, epochs, batchSize, patience, learningRate, mode, fineTune, solver } = options;
  // Tasks whose validation has no loss, or whose head stands on maps, watch a figure of their own.
  const { task } = dataWishFrom(options);
  const record = task && TASKS[task];
  const hasLoss = record === undefined || (record.wholeFigures === undefined && record.mapHead === undefined);
  const monitor = options.monitor ?? (hasLoss ? "val_loss" : undefined);
  const settings = {
    learningRate: options.fineTuneRate,
    epochs: options.fineTuneEpochs,
    batchSize: options.fineTuneBatchSize,
  };
  return {
    base,
    split: {
      validation: options.validationSplit,
      seed: options.splitSeed,
      stratify: options.stratify ?? "uneven",
      ...splitByFrom(options),
    },
    wish: taskWishFrom(options, isGiven),
    ...columnsFrom(options),
    seed: options.seed ?? 0,
    mode,
    training: { batchSize: batchSize ?? record?.usual?.batchSize ?? BATCH, ...defined({ epochs, patience, monitor }) },
    ...defined({
      learningRate,
      solver: solver ?? (options.monitor !== undefined || batchSize !== undefined ? "adam" : undefined),
    }),
    ...defined({
      cut: options.cut,
      keepClasses: options.keepClasses,
      augmentation: options.augment,
      variants: options.variants,
    }),
    ...defined({ weights, rescale, fineTune: fineTune === undefined ? undefined : { layers: fineTune, ...settings } }),
  };
}
