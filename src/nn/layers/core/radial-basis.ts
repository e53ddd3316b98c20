// Euclidean radial basis function units, LeNet-5's output (LeCun et al., 1998, section II.B): the squared distance of
// the input to a centre for each class. Keras has no such layer: a file with one opens here, and there only for who
// registers a class of that name.
import { mul, neg, reshape, square, sub, sum } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { randomUniform } from "../../initializers/index.js";
import { Layer, type LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";

/** The layer that `radialBasis` makes. */
export class RadialBasis extends Layer {
  readonly className = "RadialBasis";
  protected override readonly recordsBuild = true;
  readonly units: number;

  constructor(units: number, options: LayerOptions = {}) {
    super("radialBasis", options, []);
    this.units = wholeNumber(`${this.label} units`, units);
  }

  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, ["features"]);
    return [this.units];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    // The original's centres are drawings of the characters in -1 and 1, which is where tanh units end up.
    const initializer = randomUniform({ minval: -1, maxval: 1 });
    this.addWeight({ name: "centers", shape: [this.units, inputShape[0]!], initializer, trainable: true }, streams);
  }

  /**
   * -|x - c|^2 / 2 for each centre c: logits, of which softmax makes the original's maximum a posteriori criterion.
   * @param x Features, `[batch, features]`.
   */
  call(x: Value): Value {
    const [batch, features] = x.type.shape as [number, number];
    const distances = square(sub(reshape(x, [batch, 1, features]), this.read("centers")));
    return mul(neg(sum(distances, [2])), 0.5);
  }

  protected config(): JsonObject {
    return { units: this.units };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RadialBasis {
    return new RadialBasis(new ConfigReader("RadialBasis", config).number("units"), options);
  }
}

/**
 * `units` radial basis functions of a vector of features: -|x - centre|^2 / 2, to be read as logits.
 * @example radialBasis(10)
 */
export const radialBasis = (units: number, options: LayerOptions = {}): RadialBasis => new RadialBasis(units, options);
