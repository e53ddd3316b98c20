// Reorders the axes of samples.
import { FoveaError, shown } from "../../../core/errors.js";
import { transpose } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type Shape, showShape } from "../../../core/shape.js";
import { Layer, type LayerOptions } from "../layer.js";

/** The layer that `permute` makes. */
export class Permute extends Layer {
  readonly className = "Permute";
  readonly dims: readonly number[];

  constructor(dims: readonly number[], options: LayerOptions = {}) {
    super("permute", options, []);
    if (!Array.isArray(dims) || [...dims].sort((a, b) => a - b).some((axis, i) => axis !== i + 1))
      throw new FoveaError(
        "out-of-range",
        `${this.label}: expected the axes from 1 on, each once, such as [2, 1], received ${shown(dims)}`,
      );
    this.dims = dims;
  }
  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length !== this.dims.length)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: expected samples with ${this.dims.length} axes, received ${showShape(inputShape)}`,
      );
    return this.dims.map((axis) => inputShape[axis - 1]!);
  }
  call(x: Value): Value {
    return transpose(x, [0, ...this.dims]);
  }
  protected config(): JsonObject {
    return { dims: this.dims };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Permute {
    return new Permute(config.dims as unknown as readonly number[], options);
  }
}

/**
 * Reorders the axes of samples, which count from 1: `permute([2, 1])` swaps two.
 * @param dims The axes of samples in their new order, from 1.
 * @example permute([3, 1, 2])
 */
export const permute = (dims: readonly number[], options: LayerOptions = {}): Permute => new Permute(dims, options);
