// Joins tensors along an axis; all other axes must agree.
import { FoveaError } from "../../../core/errors.js";
import { concatenate as join } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type Shape, sameShape, showShape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { MultiLayer } from "../multi-layer.js";

/** Options of `concatenate`. */
export interface ConcatenateOptions extends LayerOptions {
  /** The axis that grows; counts the batch axis, as in Keras. Default: the last. */
  readonly axis?: number;
}

/** The layer that `concatenate` makes. */
export class Concatenate extends MultiLayer {
  readonly className = "Concatenate";
  protected override readonly recordsBuild = true;
  readonly axis: number;

  constructor(options: ConcatenateOptions = {}) {
    super("concatenate", options, ["axis"]);
    this.axis = options.axis ?? -1;
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const [first] = inputShapes;
    if (first === undefined)
      throw new FoveaError("empty-input", `${this.label}: expected a list of inputs, received none`);
    const axis = this.axisAmong(this.axis, first.length + 1) - 1;
    const without = (shape: Shape): Shape => shape.filter((_, i) => i !== axis);
    const other = inputShapes.find(
      (shape) => shape.length !== first.length || !sameShape(without(shape), without(first)),
    );
    if (other !== undefined)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: expected inputs that agree in all axes but ${axis + 1}, received samples ` +
          `${showShape(first)} and ${showShape(other)}`,
      );
    const extent = inputShapes.reduce((sum, shape) => sum + shape[axis]!, 0);
    return [first.map((size, i) => (i === axis ? extent : size))];
  }

  callAll(inputs: readonly Value[]): readonly Value[] {
    return [join(inputs, this.axisAmong(this.axis, inputs[0]!.type.shape.length))];
  }

  protected onBuildAll(): void {}

  protected override buildConfig(): JsonObject {
    return { input_shape: this.inputShapes.map((shape) => [null, ...shape]) };
  }
  protected config(): JsonObject {
    return { axis: this.axis };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Concatenate {
    return new Concatenate({ ...options, axis: new ConfigReader("Concatenate", config).number("axis", -1) });
  }
}

/**
 * Joins its inputs, by default along the channels.
 * @example
 * const x = input([4]);
 * const y = concatenate().apply([dense(2).apply(x), dense(3).apply(x)]); // [batch, 5]
 */
export const concatenate = (options: ConcatenateOptions = {}): Concatenate => new Concatenate(options);
