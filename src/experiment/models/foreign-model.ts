// Facts from the user about a model from elsewhere: the scale of its pixels and the names of its classes. They join the
// model's facts, so that whatever is saved from it keeps them.

import { defined } from "../../core/defined.js";
import { FoveaError, oneOf } from "../../core/errors.js";
import { isJsonObject, type Json } from "../../core/json.js";
import { showShape } from "../../core/shape.js";
import type { LoadedModel } from "../../formats/index.js";
import { checkNames, isUnscaled } from "../../formats/models/foreign.js";
import { needsColours, RESCALE_NAMES, RESCALES, type RescaleName, scalesPixels } from "../../formats/models/pixels.js";
import { numberedLines } from "../../formats/models/teachable.js";
import { type Preprocessing, UPRIGHT } from "../../formats/run/recipe.js";
import { classNamesOf, outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import type { Model } from "../../nn/model/model.js";
import { readText } from "../../platform/files.js";

/** Facts that a model's file may lack: the scale of its pixels, and the names of its classes. */
export interface ForeignOptions {
  /** Scale of pixels 0..255 for the model. Default: the scale that its file names; where it names none, no scale. */
  readonly rescale?: RescaleName;
  /** The class of each output: a file as `readLabels` takes it, or the names. Default: what the model's file says. */
  readonly labels?: string | readonly string[];
}

/** Preprocessing for a model that tells only the size of its images; undefined for one that takes no images. */
export function plainPreprocessing({ inputShapes }: Model): Preprocessing | undefined {
  const [[height, width, channels] = [], ...others] = inputShapes;
  if (others.length > 0 || inputShapes[0]!.length !== 3 || (channels !== 1 && channels !== 3)) return undefined;
  const color = channels === 3 ? "rgb" : "grayscale";
  return { imageSize: [height!, width!], color, interpolation: "lanczos", ...UPRIGHT };
}

/**
 * Adds the user's facts to a loaded model. A scale that neither the user nor the file names becomes a warning.
 * @throws FoveaError for labels that do not fit, or a scale that the model's images cannot have.
 */
export async function withUserFacts(
  file: string,
  loaded: LoadedModel,
  { rescale, labels }: ForeignOptions = {},
): Promise<LoadedModel> {
  const { model } = loaded;
  const warnings = [...loaded.warnings];
  const preprocessing = rescale === undefined ? undefined : rescaled(file, loaded, rescale, warnings);
  if (rescale === undefined && model.inputShapes.length === 1 && isUnscaled(loaded))
    warnings.push(
      `${file} does not say how pixels are scaled, so they go in as they are, 0..255; ` +
        "--rescale 0..1 (or -1..1, imagenet, caffe) scales them, --rescale none says that this is right",
    );
  const classNames = typeof labels === "string" ? await readLabels(labels) : labels;
  if (classNames !== undefined)
    checkNames(typeof labels === "string" ? labels : "the list of labels", classNames, model);
  const task = loaded.facts?.task;
  if (classNames !== undefined && task !== undefined && classNamesOf(task) === undefined)
    throw new FoveaError(
      "unsuited-option",
      `--labels names classes, and ${file} has ${outputNamesOf(task).join(", ")}; leave it out`,
    );
  if (preprocessing === undefined && classNames === undefined) return { ...loaded, warnings };
  const renamed = classNames === undefined || task === undefined ? undefined : { ...task, classNames };
  const facts = {
    version: 1 as const,
    ...loaded.facts,
    ...defined({ preprocessing, classNames, task: renamed as TaskFacts }),
  };
  return { model, facts, warnings };
}

function rescaled(file: string, { model, facts }: LoadedModel, name: RescaleName, warnings: string[]): Preprocessing {
  const { rescale: _, ...preprocessing } = facts?.preprocessing ?? plainPreprocessing(model) ?? {};
  if (!("color" in preprocessing))
    throw new FoveaError(
      "unsuited-option",
      `--rescale is about pixels, and ${file} takes ${model.inputShapes.map(showShape).join(" and ")}, which is no image; leave it out`,
    );
  const rescale = RESCALES[oneOf("rescale", name, RESCALE_NAMES)];
  if (rescale !== undefined && needsColours(rescale) && preprocessing.color === "grayscale")
    throw new FoveaError(
      "unsuited-option",
      `--rescale ${name} has numbers for three colours, and ${file} takes grey images; use 0..1 or -1..1`,
    );
  if (rescale !== undefined && scalesPixels(model))
    warnings.push(`${file} begins with a layer that scales pixels; --rescale ${name} comes before it`);
  return { ...preprocessing, ...defined({ rescale }) };
}

/** Names beyond which a list of classes is taken for a file of something else. */
const MOST_NAMES = 1e6;

/**
 * The names in a file: a JSON list, Teachable Machine's metadata.json, lines numbered as in Teachable Machine's labels.txt, or one name a line.
 * @throws FoveaError when it cannot be read, or has no names.
 */
export async function readLabels(path: string): Promise<string[]> {
  const text = await readText(path);
  const names = /^\s*[[{]/.test(text) ? namesInJson(path, text) : namesInLines(text);
  if (names.length === 0 || names.length > MOST_NAMES || names.some((name) => name.trim() === ""))
    throw new FoveaError(
      "malformed-file",
      `${path}: expected the name of a class on each line, found ${names.length === 0 ? "none" : "an empty one"}`,
    );
  return names;
}

function namesInJson(path: string, text: string): string[] {
  let list: unknown;
  try {
    const value: Json = JSON.parse(text);
    // Teachable Machine's metadata.json has the list among other things.
    list = isJsonObject(value) ? value.labels : value;
  } catch {
    // A class may be called "[other]".
    return namesInLines(text);
  }
  if (!Array.isArray(list) || list.some((name) => typeof name !== "string"))
    throw new FoveaError("wrong-field", `${path}: expected a JSON list of class names such as ["cat", "dog"]`);
  return list;
}

function namesInLines(text: string): string[] {
  const numbered = numberedLines(text);
  return numbered === undefined
    ? text
        .replace(/\s+$/, "")
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line, _, all) => all.length > 1 || line !== "")
    : [...numbered];
}
