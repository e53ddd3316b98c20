// The input layer: says the shape and dtype of samples, and stands for them as a symbolic tensor. Holds no weights and
// computes nothing.
import type { EngineDType } from "../../../core/dtype.js";
import { FoveaError, oneOf, shown } from "../../../core/errors.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader, type KerasObject, kerasObject } from "../../config/keras-object.js";
import { Layer, type LayerOptions } from "../layer.js";

/** Options of `input`. */
export interface InputOptions extends LayerOptions {
  /** The dtype that Keras files state; Fovea feeds uint8 pixels as they are. Default `float32`. */
  readonly dtype?: EngineDType;
}

/** The layer that `input` makes. */
export class InputLayer extends Layer {
  readonly className = "InputLayer";
  readonly shape: Shape;
  readonly dtype: EngineDType;

  constructor(shape: Shape, options: InputOptions = {}) {
    super("input", options, ["dtype"]);
    if (!Array.isArray(shape))
      throw new FoveaError(
        "wrong-type",
        `${this.label}: expected a shape such as [80, 60, 1], received ${shown(shape)}`,
      );
    this.shape = shape.map((extent: number) => wholeNumber(`${this.label} shape`, extent));
    this.dtype = oneOf(`${this.label} dtype`, options.dtype ?? "float32", ["float32", "int32", "uint8"]);
    this.record([], [this.shape]);
  }

  computeOutputShape(): Shape {
    return this.shape;
  }
  call(x: Value): Value {
    return x;
  }
  protected config(): JsonObject {
    return {};
  }
  override toKerasObject(): KerasObject {
    return kerasObject("keras.layers", this.className, {
      batch_shape: [null, ...this.shape],
      dtype: this.dtype,
      sparse: false,
      ragged: false,
      name: this.name,
      optional: false,
    });
  }

  /**
   * Reads Keras 3's `batch_shape` and Keras 2's `batch_input_shape`.
   * @param config Keras's config of the layer.
   * @param options Name of the layer, and whether it trains.
   */
  static fromConfig(config: JsonObject, options: LayerOptions): InputLayer {
    const reader = new ConfigReader("InputLayer", config);
    const shape = config.batch_shape ?? config.batch_input_shape;
    if (Array.isArray(shape) && shape.slice(1).includes(null))
      throw new FoveaError(
        "unsupported-feature",
        `the model takes samples of unknown shape [${shape.slice(1).map((extent) => extent ?? "any")}]; only ` +
          "height and width of images may be left open",
      );
    if (!Array.isArray(shape) || !shape.slice(1).every((extent) => typeof extent === "number"))
      throw new FoveaError(
        "wrong-field",
        `InputLayer: expected a batch_shape with whole numbers after the batch axis, received ${shown(shape)}`,
      );
    reader.refuseUnless("sparse", (value) => value === false);
    reader.refuseUnless("ragged", (value) => value === false);
    const dtype = reader.string("dtype", "float32") as EngineDType;
    return new InputLayer(
      shape.slice(1) as number[],
      options.name === undefined ? { dtype } : { dtype, name: options.name },
    );
  }
}

/**
 * Says the shape of one sample, without the batch axis: the first layer of a `sequential`, and what layers are applied
 * to when a `model` is put together.
 * @param shape Extents of a sample, such as [height, width, channels].
 * @example input([80, 60, 1]) // height, width, channels
 */
export const input = (shape: Shape, options: InputOptions = {}): InputLayer => new InputLayer(shape, options);
