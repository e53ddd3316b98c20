// A recipe as rows of a report's table.
import { MAP_HEADS } from "../../applications/map-heads.js";
import { RESCALE_NAMES, RESCALES } from "../../formats/models/pixels.js";
import { isOfTable, type Recipe, type Rescale } from "../../formats/run/recipe.js";
import { outputNamesOf } from "../../formats/run/task.js";
import type { FactRow } from "../../report/facts.js";
import { counted } from "../journal/words.js";
import { networkOf } from "../recipe/differences.js";
import { modelName } from "../recipe/recipe.js";
import { taskOf } from "../tasks/index.js";

/** Rows on a model: its name and augmentation, or for a transfer its base, features, variants and fine-tuning. */
function modelRows(recipe: Recipe): FactRow[] {
  const { transfer } = recipe;
  if (transfer === undefined) {
    const { name, augmentation } = networkOf(recipe);
    return [
      { label: "Model", value: name },
      ...(augmentation === "none" ? [] : [{ label: "Augmentation", value: augmentation }]),
    ];
  }
  const { weights, augmentation, variants, engine, fineTune, rescale, head } = transfer;
  const tuned = fineTune && `${fineTune.layers === "all" ? "all" : `the last ${fineTune.layers}`} layers`;
  return [
    { label: "Base", value: `${modelName(recipe)}, weights ${weights.sha256.slice(0, 12)}` },
    ...(head === undefined ? [] : [{ label: "Head on its maps", value: MAP_HEADS[head].title }]),
    ...(rescale === undefined ? [] : [{ label: "Pixels for it", value: scaleText(rescale) }]),
    ...(engine === undefined ? [] : [{ label: "Features by", value: `${engine.name} ${engine.version}` }]),
    ...(head === undefined ? [] : [{ label: "Augmentation", value: augmentation }]),
    ...(variants === 0 ? [] : [{ label: "Variants", value: `${variants} of each training image, ${augmentation}` }]),
    {
      label: "Fine-tuning",
      value: fineTune
        ? `${tuned} at ${fineTune.learningRate}, at most ${fineTune.epochs} epochs, ${fineTune.batchSize} images a step${inParts(fineTune)}`
        : "none",
    },
  ];
}

/** A scale by its name, or by its numbers where it has none. */
function scaleText(rescale: Rescale): string {
  const alike = (known: Rescale | undefined): boolean => JSON.stringify(known) === JSON.stringify(rescale);
  const name = RESCALE_NAMES.find((known) => alike(RESCALES[known] ?? { scale: 1, offset: 0 }));
  return name === undefined ? `times ${rescale.scale}, plus ${rescale.offset}` : `scaled as ${name}`;
}

/** Row on the steps from samples to tensors. */
function preprocessingRow(preprocessing: Recipe["preprocessing"]): FactRow {
  if (isOfTable(preprocessing)) {
    const { features = [], missing, standardize } = preprocessing;
    const steps = [
      standardize ? "numbers standardized" : "numbers as they are",
      ...(missing === "fill" ? ["missing values filled"] : []),
    ];
    return { label: "Features", value: `${features.join(", ")}; ${steps.join(", ")}` };
  }
  const { imageSize, color, interpolation, orientation } = preprocessing;
  const upright = orientation === undefined ? ", as stored" : ", upright by EXIF";
  return { label: "Images", value: `${imageSize.join(" × ")}, ${color}, ${interpolation}${upright}` };
}

/** The settings of a recipe, a row each. */
export function recipeRows(recipe: Recipe): FactRow[] {
  const { data, preprocessing, split, training, seed, mode } = recipe;
  const isNamed = (part: "validation" | "test"): boolean => split.bySource?.includes(part) ?? false;
  const held = [
    data.validation !== undefined
      ? `validation in ${data.validation.path}`
      : isNamed("validation")
        ? "validation as the data say"
        : `${split.validation} for validation`,
    data.test !== undefined
      ? `test in ${data.test.path}`
      : isNamed("test")
        ? "test as the data say"
        : `${split.test ?? split.validation} for testing`,
  ];
  const isCut = (["validation", "test"] as const).some((part) => data[part] === undefined && !isNamed(part));
  const { classWeight, sampleWeight } = training;
  const isSolved = training.solver === "newton";
  const named = (form: Recipe["training"]["loss"]): string => (typeof form === "string" ? form : form.class_name);
  const config = typeof training.loss === "string" ? {} : training.loss.config;
  return [
    { label: "Data", value: `${data.train.path}, ${taskOf(recipe.task).described(recipe.task)}` },
    ...(data.journal === undefined
      ? []
      : [
          {
            label: "Label journal",
            value: `${counted(data.journal.entries, "entry")}, hash ${data.journal.sha256.slice(0, 12)}`,
          },
        ]),
    preprocessingRow(preprocessing),
    {
      label: "Split",
      value: `${held.join(", ")}${isCut ? `, random state ${split.seed}` : ""}${split.stratify ? ", stratified" : ""}${split.by === undefined || !isCut ? "" : `, by ${split.by}`}`,
    },
    ...modelRows(recipe),
    { label: "Optimizer", value: isSolved ? "Newton's method" : named(training.optimizer) },
    {
      label: "Loss",
      value:
        named(training.loss) +
        (Number(config.crossentropy ?? 0) > 0 ? " and crossentropy" : "") +
        (config.from_logits === true ? " from logits" : ""),
    },
    ...(classWeight === undefined
      ? []
      : [
          {
            label: "Class weights",
            value: outputNamesOf(recipe.task)
              .map((name, k) => `${name} ${rounded(classWeight[k]!)}`)
              .join(", "),
          },
        ]),
    ...(sampleWeight === undefined
      ? []
      : [{ label: "Image weights", value: `${sampleWeight.path}, hash ${sampleWeight.sha256.slice(0, 12)}` }]),
    ...(training.solver === "logistic"
      ? [
          {
            label: "Head",
            value:
              "logistic regression over all features, of the penalty that cross-validation of the training images chose",
          },
        ]
      : isSolved
        ? [{ label: "Steps", value: `over all rows, at most ${training.epochs}, until one changes nothing` }]
        : [
            {
              label: "Batches",
              value: `${training.batchSize} ${isOfTable(preprocessing) ? "rows" : "images"}${inParts(training)}, at most ${training.epochs} epochs`,
            },
            {
              label: "Early stopping",
              value: `${training.monitor}, ${training.patience === null ? "never" : `patience ${training.patience}`}, best weights restored`,
            },
          ]),
    { label: "Seed", value: String(seed) },
    { label: "Mode", value: `${mode}, numerics of version ${recipe.numerics ?? 1}` },
  ];
}

/** Words about batches that are computed in parts. */
const inParts = ({ microBatchSize }: { readonly microBatchSize?: number | undefined }): string =>
  microBatchSize === undefined ? "" : `, ${microBatchSize} of them at a time`;

const rounded = (weight: number): string => String(Number(weight.toPrecision(4)));
