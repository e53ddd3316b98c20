// The old classes of a model that is trained further: the columns of its deciding layer go into the new head for classes
// of the same names, so that training begins where the model stands. Other classes begin with zeros, as all do without.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { Recipe, TransferRecipe } from "../../formats/run/recipe.js";
import { classNamesOf } from "../../formats/run/task.js";
import { decidingLayer, lastFeatures } from "../models/last-features.js";
import { type BaseWeights, loadBaseFile, MODEL_BASE, readBaseWeights } from "./base.js";

type Described = Pick<Recipe, "model"> & {
  readonly task?: Recipe["task"];
  readonly transfer: Pick<TransferRecipe, "cut" | "keepClasses">;
};

export interface KeptClasses {
  /** Kernel and bias of the new head. */
  readonly weights: readonly [kernel: Tensor<"float32">, bias: Tensor<"float32">];
  /** Names of the classes that begin with the file's weights. */
  readonly kept: readonly string[];
  /** Names of classes of the file that the data do not have. */
  readonly lost: readonly string[];
}

/**
 * The weights of a new head that begins with a file's classes.
 * @throws FoveaError unless the base is a classifier's file that names its classes, and the data have one of them
 */
export async function keptClasses({ model, task, transfer }: Described, weights: BaseWeights): Promise<KeptClasses> {
  const wanted = task && classNamesOf(task);
  if (!("name" in model) || model.name !== MODEL_BASE)
    throw new FoveaError(
      "unsuited-option",
      "classes are kept from a model file; pass one as the base, or do not keep them",
    );
  if (wanted === undefined)
    throw new FoveaError(
      "unsuited-option",
      "classes are kept for a classification; this task has none, so do not keep them",
    );
  const columns = await columnsOf(weights, transfer);
  const kept = wanted.filter((name) => columns.byName.has(name));
  const lost = [...columns.byName.keys()].filter((name) => !wanted.includes(name));
  if (kept.length === 0)
    throw new FoveaError(
      "unknown-class",
      `${weights.path}: knows the classes ${lost.slice(0, 8).join(", ")}, and the images have none of them; name folders as ` +
        "the model names its classes, or do not keep them",
    );
  return { weights: headOf(wanted, columns), kept, lost };
}

/** The columns of a deciding layer, by class. */
interface Columns {
  readonly features: number;
  readonly byName: ReadonlyMap<string, { readonly kernel: Float32Array; readonly bias: number }>;
}

async function columnsOf(file: BaseWeights, { cut, keepClasses: names = [] }: Described["transfer"]): Promise<Columns> {
  const { model } = await loadBaseFile(file, {});
  if (cut !== undefined && cut !== lastFeatures(model))
    throw new FoveaError(
      "unsuited-model",
      `${file.path}: its classes are decided by the results of ${lastFeatures(model)}, so they cannot be kept at the cut ` +
        `${cut}; cut there, or do not keep them`,
    );
  await model.getWeights();
  const layer = decidingLayer(model);
  const [kernel, bias] = layer.weights.map(({ contents }) => contents);
  await model.close();
  const [features = 0, units = 0] = kernel?.shape ?? [];
  // One output for the second of two classes: the first adds up to 0.
  const first = units === 1 && names.length === 2 ? 1 : 0;
  if (layer.className !== "Dense" || kernel === undefined || units + first !== names.length)
    throw new FoveaError(
      "unsuited-model",
      `${file.path}: decides by a ${layer.className} layer with ${units} outputs for ${names.length} classes; expected a ` +
        "dense layer with one output for each, so do not keep its classes",
    );
  const columnOf = (unit: number) => ({
    kernel: Float32Array.from({ length: features }, (_, i) => (unit < 0 ? 0 : kernel.data[i * units + unit]!)),
    bias: unit < 0 ? 0 : (bias?.data[unit] ?? 0),
  });
  return { features, byName: new Map(names.map((name, index) => [name, columnOf(index - first)])) };
}

function headOf(names: readonly string[], { features, byName }: Columns): KeptClasses["weights"] {
  const none = { kernel: new Float32Array(features), bias: 0 };
  const columns = names.map((name) => byName.get(name) ?? none);
  const [first, second] = columns;
  const units =
    columns.length === 2
      ? [{ kernel: second!.kernel.map((value, i) => value - first!.kernel[i]!), bias: second!.bias - first!.bias }]
      : columns;
  const kernel = new Float32Array(features * units.length);
  for (const [unit, column] of units.entries())
    for (const [i, value] of column.kernel.entries()) kernel[i * units.length + unit] = value;
  const bias = Float32Array.from(units, (unit) => unit.bias);
  return [
    { dtype: "float32", shape: [features, units.length], data: kernel },
    { dtype: "float32", shape: [units.length], data: bias },
  ];
}

/**
 * Sentences about where a model file is cut and which of its classes are kept; none for other bases.
 * @param recipe A recipe of a transfer; others have no lines.
 * @param path The base's file; default the one in the recipe.
 */
export async function baseLines({ model, task, transfer }: Recipe, path?: string): Promise<string[]> {
  if (transfer === undefined || !("name" in model) || model.name !== MODEL_BASE) return [];
  const lines = [`Base: all of ${path} up to the layer ${transfer.cut}.`];
  if (transfer.keepClasses === undefined) return lines;
  const { kept, lost } = await keptClasses(
    { model, transfer, ...defined({ task }) },
    await readBaseWeights(model.name, path),
  );
  const rest = lost.length === 0 ? "" : `; the images have none of ${lost.join(", ")}`;
  return [...lines, `Classes that begin with the file's weights: ${kept.join(", ")}${rest}.`];
}
