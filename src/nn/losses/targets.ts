// Checks of targets that losses share. A graph cannot notice that a label is outside of its range: it would train on it.
import { FoveaError } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";

/** Writes the position of an element of a batch, `y[3]` or `y[3, 1]`; `samples` numbers the rows within the data. */
export function positionOf(name: string, { shape }: Tensor, index: number, samples?: Int32Array): string {
  const [rows = 1, ...rest] = shape;
  const width = sizeOf(rest);
  const row = Math.floor(index / Math.max(1, width));
  const axes: number[] = [];
  let left = index - row * width;
  for (const extent of [...rest].reverse()) {
    axes.unshift(left % extent);
    left = Math.floor(left / extent);
  }
  return `${name}[${[rows === 0 ? index : (samples?.[row] ?? row), ...axes].join(", ")}]`;
}

/**
 * Refuses targets that a loss has no meaning for.
 * @param expected what is allowed, as the message says it: `"labels from 0 to 1"`.
 * @throws FoveaError naming the first bad target and its position.
 */
export function checkTargets(
  name: string,
  expected: string,
  y: Tensor,
  isAllowed: (value: number) => boolean,
  samples?: Int32Array,
): void {
  const wrong = y.data.findIndex((value) => !isAllowed(value));
  if (wrong === -1) return;
  const position = positionOf("y", y, wrong, samples);
  throw new FoveaError("wrong-value", `${name}: expected ${expected}, received ${y.data[wrong]} at ${position}`);
}

/** The targets of yes-or-no questions, for messages. */
export const YES_OR_NO = "labels 0 and 1, or numbers between them (for more classes use sparseCategoricalCrossentropy)";

/** Checks whether a value is a label of a yes-or-no question or a probability: from 0 to 1. NaN is not. */
export const isProbability = (value: number): boolean => value >= 0 && value <= 1;
