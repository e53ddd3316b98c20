// Kinds of a model's outputs: classes with probabilities, plain numbers, or maps. A file seldom names the kind; class
// names, the layer at the end and the loss tell it, in that order. A sentence names each kind that had to be assumed.
import { outputEnd } from "../../formats/models/outputs.js";
import type { OpenedModel } from "./trained-model.js";

/** `classes` become probabilities, `numbers` and `maps` (more than one axis a sample) stay as the model gives them. */
export type OutputKind = "classes" | "numbers" | "maps";

export interface OutputFacts {
  /** The name of the layer that it comes out of, with a number where several have that name. */
  readonly name: string;
  readonly kind: OutputKind;
  /** Of one sample. */
  readonly shape: readonly number[];
}

/** Layers whose plain results may be scores of classes, one each. */
const DECIDING = ["Dense", "Conv2D", "RadialBasis"];
/** ImageNet's classes, with and without a class for the background: what so many numbers are, however they end. */
const IMAGENET = [1000, 1001];
const CLASSIFYING = /crossentropy|hinge|divergence/i;

/**
 * Determines the kind of each output.
 * @param options.raw takes every output for plain numbers or maps
 * @returns the outputs in order, and a sentence for each that had to be guessed
 */
export function outputKinds(
  opened: OpenedModel,
  { raw = false }: { readonly raw?: boolean } = {},
): { readonly outputs: readonly OutputFacts[]; readonly assumed: readonly string[] } {
  const { original, file } = opened;
  const assumed: string[] = [];
  const names = numbered(original.outputNames);
  const outputs = original.outputShapes.map((shape, i): OutputFacts => {
    const name = names[i]!;
    if (shape.length !== 1) return { name, shape, kind: "maps" };
    const certain = raw ? "numbers" : certainKind(opened, i, shape[0]!);
    if (certain !== undefined) return { name, shape, kind: certain };
    const which = original.outputShapes.length === 1 ? "its" : `the ${name} output's`;
    assumed.push(
      `${file} does not say what ${which} ${shape[0]} numbers are; they are taken for scores of ${shape[0]} classes, ` +
        "--raw prints them as they are",
    );
    return { name, shape, kind: "classes" };
  });
  return { outputs, assumed };
}

/** The kind of a vector of `size` numbers; undefined where it may be scores of classes and nothing says so. */
function certainKind({ original, classNames }: OpenedModel, output: number, size: number): OutputKind | undefined {
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
