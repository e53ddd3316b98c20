// Softmax along one axis as a layer of its own.
import { softmax as alongLast, transpose } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { Pointwise } from "./pointwise.js";

/** Options of `softmax`. */
export interface SoftmaxOptions extends LayerOptions {
  /** The axis that sums to one; counts the batch axis, as in Keras. Default: the last. */
  readonly axis?: number;
}

/** The layer that `softmax` makes. */
export class Softmax extends Pointwise {
  readonly className = "Softmax";
  readonly axis: number;

  constructor(options: SoftmaxOptions = {}) {
    super("softmax", options, ["axis"]);
    this.axis = options.axis ?? -1;
  }
  override computeOutputShape(inputShape: Shape): Shape {
    this.axisAmong(this.axis, inputShape.length + 1);
    return inputShape;
  }
  call(x: Value): Value {
    const rank = x.type.shape.length;
    const axis = this.axisAmong(this.axis, rank);
    if (axis === rank - 1) return alongLast(x);
    const swapped = Array.from({ length: rank }, (_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
    return transpose(alongLast(transpose(x, swapped)), swapped);
  }
  protected config(): JsonObject {
    return { axis: this.axis };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Softmax {
    return new Softmax({ ...options, axis: new ConfigReader("Softmax", config).number("axis", -1) });
  }
}

/**
 * exp(x) / sum(exp(x)) along an axis.
 * @example softmax()
 */
export const softmax = (options: SoftmaxOptions = {}): Softmax => new Softmax(options);
