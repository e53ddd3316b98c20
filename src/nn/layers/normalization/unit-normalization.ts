// Scales each sample's vectors to length 1 along some axes.
import { maximum, mul, rsqrt, square, sum } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { axesOf } from "../../../core/options.js";
import { normalizeAxes, type Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { Layer, type LayerOptions } from "../layer.js";

/** Options of `unitNormalization`. */
export interface UnitNormalizationOptions extends LayerOptions {
  /** The axes along which vectors lie; the batch axis counts. Default: the last. */
  readonly axis?: number | readonly number[];
}

/** Keras's epsilon. */
const EPSILON = 1e-12;

/** x / max(|x|, least) along these axes. */
export const unitLength = (x: Value, axes: readonly number[], least: number): Value =>
  mul(x, rsqrt(maximum(sum(square(x), axes, true), least * least)));

/** The layer that `unitNormalization` makes. */
export class UnitNormalization extends Layer {
  readonly className = "UnitNormalization";
  readonly axis: number | readonly number[];

  constructor(options: UnitNormalizationOptions = {}) {
    super("unitNormalization", options, ["axis"]);
    this.axis = options.axis ?? -1;
    axesOf(`${this.label} axis`, this.axis);
  }
  computeOutputShape(inputShape: Shape): Shape {
    for (const axis of axesOf(`${this.label} axis`, this.axis)) this.axisAmong(axis, inputShape.length + 1);
    return inputShape;
  }
  call(x: Value): Value {
    return unitLength(x, normalizeAxes(axesOf(`${this.label} axis`, this.axis), x.type.shape.length), EPSILON);
  }
  protected config(): JsonObject {
    return { axis: this.axis };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): UnitNormalization {
    return new UnitNormalization({ ...options, axis: new ConfigReader("UnitNormalization", config).axes("axis", -1) });
  }
}

/**
 * x / |x| along an axis, so that products of results are cosines.
 * @example unitNormalization()
 */
export const unitNormalization = (options: UnitNormalizationOptions = {}): UnitNormalization =>
  new UnitNormalization(options);
