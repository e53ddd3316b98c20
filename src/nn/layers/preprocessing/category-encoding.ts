// Turns whole numbers that name categories into rows of ones and zeros, or counts.
import { oneOf } from "../../../core/errors.js";
import { cast, max, oneHot, reshape, sum } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { type Spelled, toSnakeCase } from "../../config/naming.js";
import { Layer, type LayerOptions } from "../layer.js";

const MODES = ["multi_hot", "one_hot", "count"] as const;
type OutputMode = (typeof MODES)[number];

/** Options of `categoryEncoding`. */
export interface CategoryEncodingOptions extends LayerOptions {
  /** `"multi_hot"` (default): 1 for every category named; `"one_hot"`: a row for each number; `"count"`: how often. */
  readonly outputMode?: Spelled<OutputMode>;
}

/** The layer that `categoryEncoding` makes. */
export class CategoryEncoding extends Layer {
  readonly className = "CategoryEncoding";
  readonly numTokens: number;
  readonly outputMode: OutputMode;

  constructor(numTokens: number, options: CategoryEncodingOptions = {}) {
    super("categoryEncoding", options, ["outputMode"]);
    this.numTokens = wholeNumber(`${this.label} numTokens`, numTokens);
    this.outputMode = oneOf(`${this.label} outputMode`, toSnakeCase(String(options.outputMode ?? "multi_hot")), MODES);
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, ["categories"]);
    return this.outputMode === "one_hot" && inputShape[0] !== 1 ? [inputShape[0]!, this.numTokens] : [this.numTokens];
  }
  call(x: Value): Value {
    const rows = oneHot(cast(x, "int32"), this.numTokens);
    if (this.outputMode === "multi_hot") return max(rows, [1]);
    if (this.outputMode === "count") return sum(rows, [1]);
    const [batch, ...sample] = x.type.shape;
    return reshape(rows, [batch!, ...this.computeOutputShape(sample)]);
  }
  protected config(): JsonObject {
    return { num_tokens: this.numTokens, output_mode: this.outputMode };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): CategoryEncoding {
    const reader = new ConfigReader("CategoryEncoding", config);
    reader.refuseUnless("sparse", (value) => value === false);
    const outputMode = reader.string("output_mode", "multi_hot") as OutputMode;
    return new CategoryEncoding(reader.number("num_tokens"), { ...options, outputMode });
  }
}

/**
 * Encodes whole numbers below `numTokens`, `[batch, k]`, as rows of `numTokens`.
 * @example categoryEncoding(4, { outputMode: "count" })
 */
export const categoryEncoding = (numTokens: number, options: CategoryEncodingOptions = {}): CategoryEncoding =>
  new CategoryEncoding(numTokens, options);
