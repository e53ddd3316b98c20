// Layers that make one tensor of several, element by element: add, subtract, multiply, average, maximum, minimum.
// Samples of fewer axes, and axes of extent 1, broadcast as in Keras.
import { FoveaError } from "../../../core/errors.js";
import {
  maximum as larger,
  mul,
  add as plus,
  reshape,
  minimum as smaller,
  sub,
} from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { broadcastShapes, type Shape } from "../../../core/shape.js";
import type { LayerOptions } from "../layer.js";
import { MultiLayer } from "../multi-layer.js";

const total = (values: readonly Value[]): Value => values.reduce((a, b) => plus(a, b));

/** By Keras's class: how values of one rank become one. */
const COMBINE = {
  Add: total,
  Subtract: (values: readonly Value[]) => values.reduce((a, b) => sub(a, b)),
  Multiply: (values: readonly Value[]) => values.reduce((a, b) => mul(a, b)),
  Average: (values: readonly Value[]) => mul(total(values), 1 / values.length),
  Maximum: (values: readonly Value[]) => values.reduce((a, b) => larger(a, b)),
  Minimum: (values: readonly Value[]) => values.reduce((a, b) => smaller(a, b)),
} as const;

/** Keras's classes of merging layers. */
export type MergeClass = keyof typeof COMBINE;

/** A layer that combines inputs of one shape element by element; `add` and its kin make it. */
export class Merge extends MultiLayer {
  protected override readonly recordsBuild = true;

  constructor(
    readonly className: MergeClass,
    options: LayerOptions = {},
  ) {
    super(className.toLowerCase(), options, []);
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const [least, most] = this.className === "Subtract" ? [2, 2] : [2, Infinity];
    if (inputShapes.length < least || inputShapes.length > most)
      throw new FoveaError(
        "length-mismatch",
        `${this.label}: expected ${least === most ? "two inputs" : "two inputs or more"}, received ` +
          `${inputShapes.length}; apply it to a list, as in ${this.functionName}().apply([a, b])`,
      );
    try {
      return [inputShapes.reduce(broadcastShapes)];
    } catch (error) {
      throw error instanceof FoveaError
        ? new FoveaError(error.code, `${this.label}: ${error.message}`, { cause: error })
        : error;
    }
  }

  callAll(inputs: readonly Value[]): readonly Value[] {
    const rank = Math.max(...inputs.map(({ type }) => type.shape.length));
    // The batch axis stays in front; what is missing comes after it.
    const aligned = inputs.map((x) => {
      const [batch, ...sample] = x.type.shape;
      return reshape(x, [batch!, ...new Array<number>(rank - 1 - sample.length).fill(1), ...sample]);
    });
    return [COMBINE[this.className](aligned)];
  }

  protected onBuildAll(): void {}

  protected override buildConfig(): JsonObject {
    return { input_shape: this.inputShapes.map((shape) => [null, ...shape]) };
  }
  protected config(): JsonObject {
    return {};
  }
}

/**
 * The sum of its inputs.
 * @example
 * const a = input([4]);
 * add().apply([dense(4).apply(a), a]);
 */
export const add = (options?: LayerOptions): Merge => new Merge("Add", options);
/**
 * The first of two inputs less the second.
 * @example
 * const a = input([4]);
 * const b = input([4]);
 * subtract().apply([a, b]);
 */
export const subtract = (options?: LayerOptions): Merge => new Merge("Subtract", options);
/**
 * The product of its inputs, element by element.
 * @example
 * const a = input([4]);
 * const b = input([4]);
 * multiply().apply([a, b]);
 */
export const multiply = (options?: LayerOptions): Merge => new Merge("Multiply", options);
/**
 * The mean of its inputs, element by element.
 * @example
 * const a = input([4]);
 * const b = input([4]);
 * average().apply([a, b]);
 */
export const average = (options?: LayerOptions): Merge => new Merge("Average", options);
/**
 * The largest of its inputs, element by element.
 * @example
 * const a = input([4]);
 * const b = input([4]);
 * maximum().apply([a, b]);
 */
export const maximum = (options?: LayerOptions): Merge => new Merge("Maximum", options);
/**
 * The smallest of its inputs, element by element.
 * @example
 * const a = input([4]);
 * const b = input([4]);
 * minimum().apply([a, b]);
 */
export const minimum = (options?: LayerOptions): Merge => new Merge("Minimum", options);
