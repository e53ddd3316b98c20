// Kinds of a model's outputs: those of its task, classes with probabilities, plain numbers, or maps. A file from elsewhere
// seldom names the kind; class names, the layer at the end and the loss tell it, in that order. A sentence names each kind
// that had to be assumed.
import { FoveaError } from "../../core/errors.js";
import { outputEnd } from "../../formats/models/outputs.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { FOUND_NUMBERS, taskOf } from "../tasks/index.js";
import { MOST_BOXES } from "./heads/decode.js";
import type { OpenedModel } from "./trained-model.js";

/**
 * `classes` and `labels` become probabilities, `masks` the class of each pixel, `boxes` the objects; `numbers` and `maps` (more than one axis a
 * sample) stay as the model gives them.
 */
export type OutputKind = "classes" | "labels" | "numbers" | "masks" | "boxes" | "maps";

/** Facts of one output of a model. */
export interface OutputFacts {
  /** The name of the layer that it comes out of, with a number where several have that name. */
  readonly name: string;
  /** Kind of its numbers. */
  readonly kind: OutputKind;
  /** Of one sample. */
  readonly shape: readonly number[];
  /** The task that answers are made by; undefined for plain numbers and maps. */
  readonly task?: TaskFacts;
  /** Names of its numbers in tables: of classes, labels or targets, else their places; none of maps. */
  readonly columns: readonly string[];
}

/** Layers whose plain results may be scores of classes, one each. */
const DECIDING = ["Dense", "Conv2D", "RadialBasis"];
/** ImageNet's classes, with and without a class for the background: what so many numbers are, however they end. */
const IMAGENET = [1000, 1001];
const CLASSIFYING = /crossentropy|hinge|divergence/i;

/**
 * Determines the kind of each output.
 * @param opened The model whose outputs are asked about.
 * @param options.raw takes every output for plain numbers or maps
 * @returns the outputs in order, and a sentence for each that had to be guessed
 * @throws FoveaError for `raw` outputs of a detector that sorts and picks boxes behind its layers.
 * @example
 * const opened = await openAny("model.keras");
 * const { outputs, assumed } = outputKinds(opened);
 * outputs[0].kind; // "classes": the model ends in a softmax
 * outputs[0].columns; // ["0", "1", "2"], since the file has no names
 */
export function outputKinds(
  opened: OpenedModel,
  { raw = false }: { readonly raw?: boolean } = {},
): { readonly outputs: readonly OutputFacts[]; readonly assumed: readonly string[] } {
  const { original, file, task } = opened;
  const assumed: string[] = [];
  if (opened.detector !== undefined && !raw && task !== undefined) {
    const columns = outputNamesOf(task);
    return { outputs: [{ name: "boxes", kind: "boxes", shape: [MOST_BOXES, FOUND_NUMBERS], task, columns }], assumed };
  }
  if (opened.detector?.tail !== undefined)
    throw new FoveaError(
      "unsuited-model",
      `--raw: ${file} sorts and picks boxes behind its layers, so that its outputs have no fixed shape; leave it out`,
    );
  const names = numbered(original.outputNames);
  const outputs = original.outputShapes.map((shape, i): OutputFacts => {
    const name = names[i]!;
    const isWhole = original.outputShapes.length === 1;
    if (!raw && isWhole && task !== undefined && taskOf(task).misfit(shape, task) === undefined) {
      const columns = outputNamesOf(task);
      if (columns.length === 0) return { name, shape, kind: "numbers", task, columns: numberNames(shape[0]!) };
      return { name, shape, kind: taskOf(task).targetKind, task, columns };
    }
    if (shape.length !== 1) return { name, shape, kind: "maps", columns: [] };
    const certain = raw ? "numbers" : certainKind(opened, i, shape[0]!);
    if (certain === "numbers") return { name, shape, kind: certain, columns: numberNames(shape[0]!) };
    if (certain === "classes") return { name, shape, ...classesOf(opened, shape[0]!) };
    const which = original.outputShapes.length === 1 ? "its" : `the ${name} output's`;
    assumed.push(
      `${file} does not say what ${which} ${shape[0]} numbers are; they are taken for scores of ${shape[0]} classes, ` +
        "--raw prints them as they are",
    );
    return { name, shape, ...classesOf(opened, shape[0]!) };
  });
  return { outputs, assumed };
}

const numberNames = (size: number): string[] =>
  size === 1 ? ["value"] : Array.from({ length: size }, (_, at) => `${at}`);

/** Classes by their names, or by their numbers where there are none for as many. */
function classesOf(
  { classNames: known }: OpenedModel,
  size: number,
): Pick<OutputFacts, "kind" | "columns"> & { readonly task: TaskFacts } {
  const classes = Math.max(2, size);
  const classNames = known?.length === classes ? known : Array.from({ length: classes }, (_, at) => `${at}`);
  return { kind: "classes", task: { kind: "classification", classNames }, columns: classNames };
}

/** The kind of a vector of `size` numbers; undefined where it may be scores of classes and nothing says so. */
function certainKind(
  { original, classNames }: OpenedModel,
  output: number,
  size: number,
): "classes" | "numbers" | undefined {
  const { layer, activation } = outputEnd(original, output);
  if (classNames !== undefined && (classNames.length === size || (size === 1 && classNames.length === 2)))
    return "classes";
  if (activation === "softmax" || activation === "sigmoid") return "classes";
  const loss = original.compiled ? original.trainer.objective[output]?.loss.className : undefined;
  if (loss !== undefined) return CLASSIFYING.test(loss) ? "classes" : "numbers";
  const maybeScores = activation === "linear" && DECIDING.includes(layer.className);
  return size > 1 && (maybeScores || IMAGENET.includes(size)) ? undefined : "numbers";
}

/** Names with `_2`, `_3` behind those that were there before. */
function numbered(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((plain) => {
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain}_${n}`;
    taken.add(name);
    return name;
  });
}
