// The settings in which two recipes differ, in words: what somebody changed between two runs.
import { APPLICATION_NAMES } from "../../applications/index.js";
import { crc32 } from "../../core/crc.js";
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json } from "../../core/json.js";
import { isOfTable, type Recipe } from "../../formats/run/recipe.js";
import { InputLayer } from "../../nn/layers/index.js";
import { Sequential } from "../../nn/model/sequential.js";
import { AUGMENTATIONS, augmentationLayers } from "./augmentation.js";
import { configOf, formOf, modelName } from "./recipe.js";

/** One setting that two recipes have differently, each value in words; "none" where a recipe does not have it. */
export interface RecipeDifference {
  /** The setting in words: `learning rate`. */
  readonly setting: string;
  /** Its value in the first recipe. */
  readonly first: string;
  /** Its value in the second recipe. */
  readonly second: string;
}

/** A network and the layers in front of it that vary its images. */
export interface Network {
  /** Name of the augmentation; `none` where there is none. */
  readonly augmentation: string;
  /** Name of a known network, or `layers` with a checksum. */
  readonly name: string;
}

const NONE = "none";

/** Settings of losses that follow from the network, or say nothing. */
const OF_NETWORKS = ["from_logits", "name", "reduction"];

/** Settings by their names in words, in the order in which they are told. The network and its variants come before them. */
const SETTINGS: readonly (readonly [setting: string, value: (recipe: Recipe) => unknown])[] = [
  ["learning rate", ({ training }) => rateOf(settingsOf(training.optimizer).learning_rate)],
  ["optimizer", ({ training }) => training.solver ?? nameOf(training.optimizer)],
  ["optimizer's other settings", ({ training }) => others(settingsOf(training.optimizer))],
  ["loss", ({ training }) => nameOf(training.loss)],
  ["loss's settings", ({ training }) => others(settingsOf(training.loss), OF_NETWORKS)],
  ["epochs", ({ training }) => training.epochs],
  ["images per step", ({ training }) => training.batchSize],
  ["images at a time", ({ training, transfer }) => transfer?.fineTune?.microBatchSize ?? training.microBatchSize],
  ["patience", ({ training }) => training.patience ?? "without end"],
  ["monitor", ({ training }) => training.monitor],
  ["class weights", ({ training }) => training.classWeight?.map((weight) => Number(weight.toPrecision(4))).join(", ")],
  ["image weights", ({ training }) => training.sampleWeight?.sha256.slice(0, 12)],
  ["fine-tuning", ({ transfer }) => fineTuneOf(transfer)],
  ["head on maps", ({ transfer }) => transfer?.head],
  ["variants of an image", ({ transfer }) => transfer?.variants],
  ["base's weights", ({ transfer }) => transfer?.weights.sha256.slice(0, 12)],
  ["seed", ({ seed }) => seed],
  ["mode", ({ mode }) => mode],
  ["numerics", ({ numerics }) => numerics ?? 1],
  ["predicts", ({ task }) => task],
  ["image size", ({ preprocessing: look }) => (isOfTable(look) ? undefined : look.imageSize.join(" x "))],
  ["colour", ({ preprocessing: look }) => (isOfTable(look) ? undefined : look.color)],
  ["preprocessing", ({ preprocessing: { ...look } }) => others(look, ["imageSize", "color"])],
  ["split", ({ split }) => split],
  ["training data", ({ data }) => folderOf(data.train)],
  ["validation data", ({ data }) => folderOf(data.validation)],
  ["test data", ({ data }) => folderOf(data.test)],
  ["corrected labels", ({ data }) => data.journal && `${data.journal.entries} entries of hash ${hashOf(data.journal)}`],
];

/**
 * The settings in which two recipes differ, in words: `learning rate 1e-3 > 3e-4`. Equal recipes have none, whatever version of
 * Fovea made them.
 *
 * @param first the recipe of before
 * @param second the recipe of after
 * @throws FoveaError for a recipe whose model cannot be made
 */
export function recipeDifferences(first: Recipe, second: Recipe): readonly RecipeDifference[] {
  const rows: RecipeDifference[] = [];
  const note = (setting: string, left: unknown, right: unknown): void => {
    if (textOf(left) !== textOf(right)) rows.push({ setting, first: textOf(left), second: textOf(right) });
  };
  const [before, after] = [networkOf(first), networkOf(second)];
  note("network", before.name, after.name);
  note("augment", before.augmentation, after.augmentation);
  for (const [setting, value] of SETTINGS) note(setting, value(first), value(second));
  return rows;
}

/**
 * The name of a recipe's network: that of the known network whose layers it has, also behind augmentation.
 * @param recipe A recipe.
 * @example
 * const recipe = await recipeOf(await RunFolder.open("runs/pets"));
 * networkName(recipe); // "logistic"
 * recipeDifferences(recipe, { ...recipe, seed: 2 }); // [{ setting: "seed", first: "1", second: "2" }]
 */
export const networkName = (recipe: Recipe): string => networkOf(recipe).name;

/**
 * The network of a recipe and its augmentation.
 * @param recipe A recipe.
 * @example networkOf(await recipeOf(await RunFolder.open("runs/pets"))); // { augmentation: "none", name: "logistic" }
 */
export function networkOf(recipe: Recipe): Network {
  const { model, transfer, preprocessing } = recipe;
  if (transfer !== undefined)
    return {
      augmentation: transfer.variants === 0 && transfer.head === undefined ? NONE : transfer.augmentation,
      name: modelName(recipe),
    };
  if ("name" in model) return { augmentation: NONE, name: model.name };
  const layers = layersOf(model.config);
  const augmentation = AUGMENTATIONS.find((known) => {
    const front = variedBy(known);
    return front.length > 0 && front.every((layer, i) => layer === layers[i]);
  });
  const rest = layers.slice(augmentation === undefined ? 0 : variedBy(augmentation).length).join();
  const isThis = (name: string): boolean => layersOfNamed(recipe, name) === rest;
  const known = isOfTable(preprocessing) ? undefined : APPLICATION_NAMES.find(isThis);
  // Layers that nobody has named are told by a checksum, so that other layers have another.
  const checksum = crc32(new TextEncoder().encode(rest)).toString(16);
  return { augmentation: augmentation ?? NONE, name: known ?? `layers ${checksum}` };
}

/** The layers that a known network has for the images of a recipe, as text; undefined where it cannot have such images. */
function layersOfNamed(recipe: Recipe, name: string): string | undefined {
  try {
    return layersOf(formOf({ ...recipe, model: { name } })).join();
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** The layers of an augmentation as text. */
const variedBy = (name: (typeof AUGMENTATIONS)[number]): readonly string[] => {
  const layers = augmentationLayers(name);
  return layers.length === 0 ? [] : layersOf(configOf(new Sequential([new InputLayer([8, 8, 3]), ...layers])));
};

/** The layers of a model in Keras's form as text, behind its input; a model that is no chain is one layer. */
function layersOf(form: Json): readonly string[] {
  if (!isJsonObject(form) || !isJsonObject(form.config)) return [textOf(form)];
  const { layers } = form.config;
  if (form.class_name !== "Sequential" || !Array.isArray(layers)) return [layerText(form)];
  return layers.filter((layer) => !isJsonObject(layer) || layer.class_name !== "InputLayer").map(layerText);
}

/** A layer as text without its name, which says nothing about what it computes. */
const layerText = (layer: Json): string =>
  isJsonObject(layer) && isJsonObject(layer.config)
    ? `${textOf(layer.class_name)} ${others(layer.config, ["name"]) ?? ""}`
    : textOf(layer);

type KerasForm = Recipe["training"]["loss"];

const nameOf = (form: KerasForm): string => (typeof form === "string" ? form : form.class_name);
const settingsOf = (form: KerasForm): Readonly<Record<string, unknown>> =>
  typeof form === "string" ? {} : form.config;

/** Settings without those that are told apart, as text in the order of their names; undefined where there are none. */
function others(settings: Readonly<Record<string, unknown>>, apart: readonly string[] = ["learning_rate", "name"]) {
  const left = Object.keys(settings)
    .filter((name) => !apart.includes(name))
    .sort();
  return left.length === 0 ? undefined : left.map((name) => `${name} ${textOf(settings[name])}`).join(", ");
}

/** A learning rate as people write it, `1e-3`; a schedule in full. */
function rateOf(rate: unknown): string {
  if (typeof rate !== "number") return textOf(rate);
  // Optimizers hold 32-bit numbers, whose further digits nobody has written.
  const short = Number(rate.toPrecision(6));
  return short !== 0 && Math.abs(short) < 0.01 ? short.toExponential() : String(short);
}

function fineTuneOf(transfer: Recipe["transfer"]): string | undefined {
  const { fineTune } = transfer ?? {};
  return fineTune && `${fineTune.layers} layers at ${rateOf(fineTune.learningRate)}, ${fineTune.epochs} epochs`;
}

type Folder = Recipe["data"]["train"];

const folderOf = (folder: Folder | undefined): string | undefined =>
  folder && `${folder.images ?? folder.rows} of hash ${hashOf(folder)}`;

const hashOf = ({ sha256 }: { readonly sha256: string }): string => sha256.slice(0, 12);

/** A value in words: text as it is, others in JSON, "none" for what is absent. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return NONE;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
