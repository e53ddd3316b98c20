// The fully connected layer: activation(x kernel + bias) along the last axis.
import { add, matmul, reshape } from "../../../core/graph/functions.js";
import type { Value } from "../../../core/graph/node.js";
import { type Shape, sizeOf } from "../../../core/shape.js";
import { type ActivationName, activate, activationName } from "../../activations.js";
import {
  glorotUniform,
  type Initializer,
  type InitializerLike,
  initializerFromKeras,
  initializerOf,
  initializerToKeras,
  zeros,
} from "../../initializers.js";
import { wholeNumber } from "../../options.js";
import { ConfigReader, type JsonObject } from "../../serialization/keras-object.js";
import { Layer, type LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";

export interface DenseOptions extends LayerOptions {
  readonly activation?: string | null;
  readonly useBias?: boolean;
  readonly kernelInitializer?: InitializerLike;
  readonly biasInitializer?: InitializerLike;
}

export class Dense extends Layer {
  readonly className = "Dense";
  protected override readonly recordsBuild = true;
  readonly units: number;
  readonly activation: ActivationName;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;

  constructor(units: number, options: DenseOptions = {}) {
    super("dense", options, ["activation", "useBias", "kernelInitializer", "biasInitializer"]);
    this.units = wholeNumber(`${this.label} units`, units);
    this.activation = activationName(this.label, options.activation);
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = initializerOf(
      `${this.label} kernelInitializer`,
      options.kernelInitializer ?? glorotUniform(),
    );
    this.biasInitializer = initializerOf(`${this.label} biasInitializer`, options.biasInitializer ?? zeros());
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length === 0) this.expectRank(inputShape, ["features"]);
    return [...inputShape.slice(0, -1), this.units];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [inputShape.at(-1)!, this.units];
    this.addWeight({ name: "kernel", shape, initializer: this.kernelInitializer, trainable: true }, streams);
    if (this.useBias)
      this.addWeight(
        { name: "bias", shape: [this.units], initializer: this.biasInitializer, trainable: true },
        streams,
      );
  }

  call(x: Value): Value {
    const shape = x.type.shape;
    const rows = reshape(x, [sizeOf(shape.slice(0, -1)), shape.at(-1)!]);
    const product = matmul(rows, this.read("kernel"));
    const biased = this.useBias ? add(product, this.read("bias")) : product;
    return reshape(activate(this.activation, biased), [...shape.slice(0, -1), this.units]);
  }

  protected config(): JsonObject {
    return {
      units: this.units,
      activation: this.activation,
      use_bias: this.useBias,
      kernel_initializer: initializerToKeras(this.kernelInitializer),
      bias_initializer: initializerToKeras(this.biasInitializer),
      kernel_regularizer: null,
      bias_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
      quantization_config: null,
    };
  }

  static fromConfig(config: JsonObject, options: LayerOptions): Dense {
    const reader = new ConfigReader("Dense", config);
    reader.refuse(
      "kernel_regularizer",
      "bias_regularizer",
      "activity_regularizer",
      "kernel_constraint",
      "bias_constraint",
    );
    return new Dense(reader.number("units"), {
      ...options,
      activation: reader.string("activation", "linear"),
      useBias: reader.boolean("use_bias", true),
      kernelInitializer: initializerFromKeras("Dense", config.kernel_initializer, glorotUniform()),
      biasInitializer: initializerFromKeras("Dense", config.bias_initializer, zeros()),
    });
  }
}

/**
 * A fully connected layer of `units` outputs; Glorot-uniform kernel `[features, units]`, zero bias.
 * @example dense(64, { activation: "relu" })
 */
export const dense = (units: number, options: DenseOptions = {}): Dense => new Dense(units, options);
