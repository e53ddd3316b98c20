// Evaluator of operators whose inputs are all constants. PyTorch writes much arithmetic with shapes and indices, and
// none of it becomes a layer. With an open batch each constant that depends on it has two values, for two batch sizes
// (its twin is the second); the two values tell multiples of the batch from plain numbers.
import { sizeOf } from "../../../../core/shape.js";
import type { OnnxNode, OnnxTensor } from "../proto.js";
import type { Evaluate, Folded } from "./application.js";
import { ARITHMETIC } from "./arithmetic.js";
import { same } from "./arrays.js";
import { INDEXING } from "./indexing.js";
import { tooMuch } from "./operands.js";
import { REDUCTIONS } from "./reductions.js";
import { RESHAPING } from "./reshaping.js";
import { SELECTION } from "./selection.js";

const OPERATORS: Readonly<Record<string, Evaluate>> = {
  ...ARITHMETIC,
  ...INDEXING,
  ...REDUCTIONS,
  ...RESHAPING,
  ...SELECTION,
};

const withoutTwin = ({ twin: _, ...tensor }: Folded): OnnxTensor => tensor;

/** Checks whether the evaluator knows the operator. */
export const evaluates = (op: string): boolean => Object.hasOwn(OPERATORS, op);

/** The results of one node for constant inputs. @throws FoveaError when inputs do not fit the operator, or make too much. */
export function evaluate(
  node: OnnxNode,
  opset: number,
  inputs: readonly (Folded | undefined)[],
  most: number,
): readonly Folded[] {
  const compute = OPERATORS[node.op]!;
  const once = (arrays: readonly (OnnxTensor | undefined)[]): readonly OnnxTensor[] => {
    const results = [compute({ node, opset, inputs: arrays, most })].flat();
    for (const { shape, data } of results) if (data.length > most || data.length !== sizeOf(shape)) throw tooMuch();
    return results;
  };
  const results = once(inputs.map((input) => input && withoutTwin(input)));
  if (!inputs.some((input) => input?.twin !== undefined)) return results;
  const twins = once(inputs.map((input) => input?.twin ?? input));
  return results.map((result, index) => (same(result, twins[index]!) ? result : { ...result, twin: twins[index]! }));
}
