// Cosines between a vector and learned directions, one for each identity: the head of ArcFace and its relatives in training
// (Deng, Guo, Xue and Zafeiriou, 2019, section 3.1). Keras has no such layer; models for use are cut before it.
import { matmul } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { glorotUniform } from "../../initializers/index.js";
import { Layer, type LayerOptions } from "../layer.js";
import { unitLength } from "../normalization/unit-normalization.js";
import type { Streams } from "../weight.js";

/** The least length that vectors are divided by. */
const LEAST_LENGTH = 1e-12;

/** The layer that `cosineDense` makes. */
export class CosineDense extends Layer {
  readonly className = "CosineDense";
  protected override readonly recordsBuild = true;
  readonly units: number;

  constructor(units: number, options: LayerOptions = {}) {
    super("cosineDense", options, []);
    this.units = wholeNumber(`${this.label} units`, units);
  }

  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, ["features"]);
    return [this.units];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [inputShape[0]!, this.units];
    this.addWeight({ name: "kernel", shape, initializer: glorotUniform(), trainable: true }, streams);
  }

  call(x: Value): Value {
    return matmul(unitLength(x, [1], LEAST_LENGTH), unitLength(this.read("kernel"), [0], LEAST_LENGTH));
  }

  protected config(): JsonObject {
    return { units: this.units };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): CosineDense {
    return new CosineDense(new ConfigReader("CosineDense", config).number("units"), options);
  }
}

/**
 * Cosines between a vector of features and `units` learned directions, from -1 to 1. `arcFace` takes them.
 * @example cosineDense(100)
 */
export const cosineDense = (units: number, options: LayerOptions = {}): CosineDense => new CosineDense(units, options);
