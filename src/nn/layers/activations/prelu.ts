// ReLU with a slope below zero that is learned, one for each position or shared along axes.

import { FoveaError } from "../../../core/errors.js";
import { mul, neg, relu, sub } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { axesOf } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { zeros } from "../../initializers/index.js";
import type { LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "../weight-policy.js";
import { Pointwise } from "./pointwise.js";

/** Options of `pReLU`. */
export interface PReLUOptions extends LayerOptions, PolicyOptions<"alpha"> {
  /**
   * Axes along which all positions have one slope; the batch axis counts, so `[1, 2]` is height and width. Default:
   * none.
   */
  readonly sharedAxes?: number | readonly number[] | null;
}

/** The layer that `pReLU` makes. */
export class PReLU extends Pointwise {
  readonly className = "PReLU";
  protected override readonly recordsBuild = true;
  readonly sharedAxes: readonly number[] | null;
  readonly #alpha: WeightPolicy;

  constructor(options: PReLUOptions = {}) {
    super("pReLU", options, ["sharedAxes", ...policyNames("alpha")]);
    const { sharedAxes = null } = options;
    this.sharedAxes = sharedAxes === null ? null : axesOf(`${this.label} sharedAxes`, sharedAxes);
    this.#alpha = policyOf(this.label, "alpha", options, zeros());
  }

  override computeOutputShape(inputShape: Shape): Shape {
    if (this.sharedAxes?.some((axis) => axis < 1 || axis > inputShape.length))
      throw new FoveaError(
        "out-of-range",
        `${this.label}: expected sharedAxes from 1 to ${inputShape.length}, received [${this.sharedAxes}]`,
      );
    return inputShape;
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = inputShape.map((extent, axis) => (this.sharedAxes?.includes(axis + 1) ? 1 : extent));
    this.addWeight({ name: "alpha", shape, ...this.#alpha, trainable: true }, streams);
  }

  call(x: Value): Value {
    return sub(relu(x), mul(this.read("alpha"), relu(neg(x))));
  }

  protected config(): JsonObject {
    return { ...policyToKeras("alpha", this.#alpha), shared_axes: this.sharedAxes };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): PReLU {
    const shared = config.shared_axes;
    return new PReLU({
      ...options,
      ...policyFromKeras("PReLU", "alpha", config, zeros()),
      sharedAxes:
        shared === undefined || shared === null ? null : new ConfigReader("PReLU", config).axes("shared_axes", 0),
    });
  }
}

/**
 * x where x > 0, else alpha * x with a learned alpha (He, Zhang, Ren and Sun, 2015).
 * @example pReLU({ sharedAxes: [1, 2] })
 */
export const pReLU = (options: PReLUOptions = {}): PReLU => new PReLU(options);
