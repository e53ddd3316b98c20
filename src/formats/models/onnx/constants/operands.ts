// Reads inputs and attributes of evaluated operators, and checks that needed inputs, axes and shapes are valid.

import { sizeOf } from "../../../../core/shape.js";
import { NodeError } from "../node-error.js";
import type { OnnxTensor } from "../proto.js";
import type { Application } from "./application.js";

/** An input that the operator needs. */
export function operand({ inputs }: Application, index: number): OnnxTensor {
  const found = inputs[index];
  if (found === undefined) throw new NodeError(`needs an input ${index}, which is not there`);
  return found;
}

/** All inputs, none of which is optional. */
export const operands = (application: Application): readonly OnnxTensor[] =>
  application.inputs.map((_, index) => operand(application, index));

/** A number among the attributes. */
export function numberOf({ node }: Application, name: string, fallback: number): number {
  const value = node.attributes[name];
  return typeof value === "number" ? value : fallback;
}

/** Whole numbers from an input or, in older operator sets, an attribute. */
export function listOf({ node, inputs }: Application, index: number, name: string): readonly number[] | undefined {
  const input = inputs[index];
  if (input !== undefined) return Array.from(input.data);
  const value = node.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : undefined;
}

/** A file whose constants are computed to far more than it holds. */
export const tooMuch = (): NodeError =>
  new NodeError("makes far more numbers out of constants than the file has; it is damaged or malicious");

/** A shape whose elements may be made. @throws FoveaError when they are too many. */
export function allowed({ most }: Application, shape: readonly number[]): readonly number[] {
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0))
    throw new NodeError(`makes an array of the shape [${shape.join(", ").slice(0, 60)}]`);
  if (shape.length > 16 || sizeOf(shape) > most) throw tooMuch();
  return shape;
}

/** An axis as it counts from the front. @throws FoveaError when there is none such. */
export function axisWithin(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive;
  throw new NodeError(`has the axis ${axis} of an array with ${rank} axes`);
}
