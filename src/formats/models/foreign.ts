// Completes the facts of a file from elsewhere: adds Teachable Machine's preprocessing to models that have its layers
// and no preprocessing, and drops lists of class names that do not fit. Each change adds a warning.
import { FoveaError } from "../../core/errors.js";
import type { Model } from "../../nn/model/model.js";
import type { LoadedModel } from "./loaded.js";
import { scalesPixels } from "./pixels.js";
import { isTeachable, type TeachableExport, teachablePreprocessing } from "./teachable.js";

/** The loaded model with Teachable Machine's preprocessing, if its layers are Teachable Machine's and facts lack it. */
export function withTeachable(file: string, kind: TeachableExport, loaded: LoadedModel): LoadedModel {
  const { model, facts, warnings } = loaded;
  if (facts?.preprocessing !== undefined || !isTeachable(model)) return loaded;
  const preprocessing = teachablePreprocessing(model, kind);
  if (preprocessing === undefined) return loaded;
  const warning = `${file} has the layers of a Teachable Machine model, so photos are cut to a square and scaled to -1..1, unless --rescale says otherwise`;
  return { model, facts: { version: 1, ...facts, preprocessing }, warnings: [...warnings, warning] };
}

/** The loaded model without class names that cannot be those of its outputs. */
export function withUsableNames(file: string, loaded: LoadedModel): LoadedModel {
  const { model, facts, warnings } = loaded;
  const { classNames, ...others } = facts ?? { version: 1 as const };
  if (classNames === undefined) return loaded;
  const wrong = whatIsWrong(classNames, model);
  if (wrong === undefined) return loaded;
  const warning = `${file} ${wrong}; its names are left out and classes go by number, --labels FILE gives names`;
  return { model, facts: others, warnings: [...warnings, warning] };
}

/** @throws FoveaError unless there is one name for each class, and no name twice. */
export function checkNames(where: string, classNames: readonly string[], model: Model): void {
  const wrong = whatIsWrong(classNames, model);
  if (wrong !== undefined)
    throw new FoveaError("wrong-field", `${where} ${wrong}; expected one name for each class, all different`);
}

function whatIsWrong(classNames: readonly string[], model: Model): string | undefined {
  const seen = new Map<string, number>();
  for (const [index, name] of classNames.entries()) {
    const before = seen.get(name);
    if (before !== undefined) return `names the classes ${before} and ${index} both ${JSON.stringify(name)}`;
    seen.set(name, index);
  }
  const counts = model.outputShapes.map((shape) => shape.at(-1) ?? 1);
  const fits = counts.some((count) => count === classNames.length || (count === 1 && classNames.length === 2));
  return fits ? undefined : `has ${classNames.length} class names for ${counts.join(" and ")} outputs of the model`;
}

/** Checks whether a model of images leaves open how pixels are scaled: neither its facts nor its layers say it. */
export const isUnscaled = ({ model, facts }: Pick<LoadedModel, "model" | "facts">): boolean => {
  const [height, , channels] = model.inputShape;
  const takesImages = model.inputShape.length === 3 && height !== undefined && (channels === 1 || channels === 3);
  return takesImages && facts?.preprocessing === undefined && !scalesPixels(model);
};
