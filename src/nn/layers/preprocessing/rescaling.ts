// A fixed scale and offset: pixels 0..255 to 0..1 or -1..1 inside the model, so that it takes raw images.

import { FoveaError } from "../../../core/errors.js";
import { add, mul } from "../../../core/functions/index.js";
import { type Value, Variable } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { tensor } from "../../../core/tensor.js";
import { ConfigReader } from "../../config/keras-object.js";
import { Layer, type LayerOptions } from "../layer.js";

/** One number for all values, or one for each place along the last axis. */
type Factor = number | readonly number[];

const factorOf = (what: string, factor: Factor): Factor =>
  Array.isArray(factor) ? factor.map((number) => numberWithin(what, number)) : numberWithin(what, factor);

/** The layer that `rescaling` makes. */
export class Rescaling extends Layer {
  readonly className = "Rescaling";
  protected override readonly recordsBuild = true;
  readonly scale: Factor;
  readonly offset: Factor;
  /** Variables for factors of several numbers. */
  readonly #constants: ReadonlyMap<Factor, Variable>;

  constructor(scale: Factor, offset: Factor = 0, options: LayerOptions = {}) {
    super("rescaling", options, []);
    this.scale = factorOf(`${this.label} scale`, scale);
    this.offset = factorOf(`${this.label} offset`, offset);
    const lists = [this.scale, this.offset].filter((factor): factor is readonly number[] => typeof factor !== "number");
    this.#constants = new Map(
      lists.map((list) => {
        const contents = tensor(Float32Array.from(list), [list.length], "float32");
        return [
          list,
          new Variable(`${this.functionName}/factor`, { dtype: "float32", shape: contents.shape }, contents),
        ];
      }),
    );
  }
  computeOutputShape(inputShape: Shape): Shape {
    for (const list of this.#constants.keys())
      if ((list as readonly number[]).length !== inputShape.at(-1))
        throw new FoveaError(
          "shape-mismatch",
          `${this.label}: expected samples with ${(list as readonly number[]).length} channels, one for each number, ` +
            `received ${inputShape.at(-1)}`,
        );
    return inputShape;
  }
  call(x: Value): Value {
    const scaled = mul(x, this.#operand(this.scale));
    return this.offset === 0 ? scaled : add(scaled, this.#operand(this.offset));
  }
  #operand(factor: Factor): Value | number {
    return typeof factor === "number" ? factor : this.#constants.get(factor)!.read();
  }
  protected config(): JsonObject {
    return { scale: this.scale, offset: this.offset };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Rescaling {
    const reader = new ConfigReader("Rescaling", config);
    return new Rescaling(reader.oneOrMore("scale"), reader.oneOrMore("offset", 0), options);
  }
}

/**
 * x * scale + offset, each a number or one number per channel.
 * @param scale Factor, a number or one per channel.
 * @param offset Added after it, a number or one per channel; default 0.
 * @example rescaling(1 / 255), rescaling(1 / 127.5, -1)
 */
export const rescaling = (scale: Factor, offset: Factor | LayerOptions = 0, options: LayerOptions = {}): Rescaling =>
  typeof offset === "number" || Array.isArray(offset)
    ? new Rescaling(scale, offset as Factor, options)
    : new Rescaling(scale, 0, offset as LayerOptions);
