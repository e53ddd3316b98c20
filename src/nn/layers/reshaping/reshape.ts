// The same values under another shape.
import { FoveaError, shown } from "../../../core/errors.js";
import { reshape as reshaped } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import { type Shape, showShape, sizeOf } from "../../../core/shape.js";
import { Layer, type LayerOptions } from "../layer.js";

/** The layer that `reshape` makes. */
export class Reshape extends Layer {
  readonly className = "Reshape";
  protected override readonly recordsBuild = true;
  readonly targetShape: Shape;

  constructor(targetShape: Shape, options: LayerOptions = {}) {
    super("reshape", options, []);
    if (!Array.isArray(targetShape) || targetShape.filter((extent) => extent === -1).length > 1)
      throw new FoveaError(
        "out-of-range",
        `${this.label}: expected a shape with at most one -1, received ${shown(targetShape)}`,
      );
    this.targetShape = targetShape.map((extent: number) =>
      extent === -1 ? -1 : wholeNumber(`${this.label} targetShape`, extent),
    );
  }
  computeOutputShape(inputShape: Shape): Shape {
    const known = sizeOf(this.targetShape.filter((extent) => extent !== -1));
    const size = sizeOf(inputShape);
    const shape = this.targetShape.map((extent) => (extent === -1 ? size / known : extent));
    if (sizeOf(shape) !== size || !shape.every(Number.isInteger))
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: samples of ${showShape(inputShape)} have ${size} values, which do not fill ` +
          showShape(this.targetShape),
      );
    return shape;
  }
  call(x: Value): Value {
    const [batch, ...sample] = x.type.shape;
    return reshaped(x, [batch!, ...this.computeOutputShape(sample)]);
  }
  protected config(): JsonObject {
    return { target_shape: this.targetShape };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Reshape {
    return new Reshape(config.target_shape as unknown as Shape, options);
  }
}

/**
 * Gives samples another shape of the same size; one extent may be -1, which takes what is left.
 * @param targetShape The new sample shape, without the batch axis.
 * @example reshape([7, 7, -1])
 */
export const reshape = (targetShape: Shape, options: LayerOptions = {}): Reshape => new Reshape(targetShape, options);
