// The products of two tensors, sample by sample, along one axis of each.
import { FoveaError } from "../../../core/errors.js";
import { einsum, reshape } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { flag, wholeNumber } from "../../../core/options.js";
import { type Shape, showShape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { MultiLayer } from "../multi-layer.js";
import { unitLength } from "../normalization/unit-normalization.js";

/** Options of `dot`. */
export interface DotOptions extends LayerOptions {
  /** Scale both to length 1 along their axes first, which makes the products cosines. Default false. */
  readonly normalize?: boolean;
}

/** The least length that a vector is divided by. */
const EPSILON = 1e-7;
/** Letters for axes, the batch's first. */
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The layer that `dot` makes. */
export class Dot extends MultiLayer {
  readonly className = "Dot";
  protected override readonly recordsBuild = true;
  readonly axes: number | readonly number[];
  readonly normalize: boolean;

  constructor(axes: number | readonly [number, number], options: DotOptions = {}) {
    super("dot", options, ["normalize"]);
    const all = (Array.isArray(axes) ? axes : [axes]) as readonly number[];
    if (Array.isArray(axes) && axes.length !== 2)
      throw new FoveaError(
        "out-of-range",
        `${this.label}: expected one axis, or one of each input, received [${axes}]`,
      );
    for (const axis of all) wholeNumber(`${this.label} axes`, Math.abs(axis), 0);
    this.axes = axes;
    this.normalize = flag(`${this.label} normalize`, options.normalize, false);
  }

  /** The axis of each input, the batch axis counting. */
  #axesFor(inputShapes: readonly Shape[]): [number, number] {
    if (inputShapes.length !== 2)
      throw new FoveaError(
        "length-mismatch",
        `${this.label}: expected two inputs, as in dot(1).apply([a, b]), received ${inputShapes.length}`,
      );
    return inputShapes.map(({ length }, i) =>
      this.axisAmong(typeof this.axes === "number" ? this.axes : this.axes[i]!, length + 1),
    ) as [number, number];
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const axes = this.#axesFor(inputShapes);
    const [a, b] = inputShapes as [Shape, Shape];
    if (a[axes[0] - 1] !== b[axes[1] - 1])
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: axis ${axes[0]} of samples ${showShape(a)} and axis ${axes[1]} of ${showShape(b)} differ`,
      );
    const left = inputShapes.flatMap((shape, i) => shape.filter((_, axis) => axis !== axes[i]! - 1));
    return [left.length === 0 ? [1] : left];
  }

  callAll(inputs: readonly Value[]): readonly Value[] {
    const shapes = inputs.map(({ type }) => type.shape.slice(1));
    const axes = this.#axesFor(shapes);
    const operands = this.normalize ? inputs.map((x, i) => unitLength(x, [axes[i]!], EPSILON)) : inputs;
    // a: the batch, b: what is summed over, the others one after another.
    let next = 2;
    const terms = inputs.map(({ type }, i) =>
      type.shape.map((_, axis) => (axis === 0 ? "a" : axis === axes[i] ? "b" : LETTERS[next++])).join(""),
    );
    const product = einsum(`${terms.join(",")}->a${LETTERS.slice(2, next)}`, ...operands);
    const [shape] = this.computeOutputShapes(shapes);
    return [reshape(product, [product.type.shape[0]!, ...shape!])];
  }

  protected onBuildAll(): void {}

  protected override buildConfig(): JsonObject {
    return { input_shape: this.inputShapes.map((shape) => [null, ...shape]) };
  }
  protected config(): JsonObject {
    return { axes: this.axes, normalize: this.normalize };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Dot {
    const reader = new ConfigReader("Dot", config);
    return new Dot(reader.oneOrMore("axes") as number, { ...options, normalize: reader.boolean("normalize", false) });
  }
}

/**
 * Sums the products of two inputs along an axis of each; axes count the batch. The other axes of both follow one another.
 * @param axes one axis for both, or one for each
 * @throws FoveaError unless there are two inputs whose extents along the axes agree
 * @example
 * const [a, b] = [input([4]), input([4])];
 * const similarity = dot(-1, { normalize: true }).apply([a, b]);
 */
export const dot = (axes: number | readonly [number, number], options: DotOptions = {}): Dot => new Dot(axes, options);
