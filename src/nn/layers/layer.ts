// The base of all layers: name, weights, build once, call to extend a graph, config in Keras's form.
// Shapes here are those of one sample: Keras's without the leading batch axis.
import { FoveaError } from "../../core/errors.js";
import type { Value } from "../../core/graph/node.js";
import { type Shape, sameShape, showShape } from "../../core/shape.js";
import { toSnakeCase } from "../naming.js";
import { checkOptions } from "../options.js";
import {
  asJson,
  type ConfigReader,
  type JsonObject,
  type KerasObject,
  kerasObject,
} from "../serialization/keras-object.js";
import { type Streams, Weight, type WeightSpec } from "./weight.js";

/** Options that every layer takes. */
export interface LayerOptions {
  /** Default: the class name in snake_case, numbered within the model (`dense_1`). */
  readonly name?: string;
  /** False freezes the layer: its weights keep their values. Takes effect at the next `compile`. */
  readonly trainable?: boolean;
}

/** How a layer is being called; a training step has the int32 [3] state of its random numbers. */
export type CallContext = ({ readonly training: false } | { readonly training: true; readonly randomState: Value }) & {
  /** Takes a scalar that is to be added to the loss; absent where nobody asks for a loss. */
  readonly addLoss?: (penalty: Value) => void;
};

export abstract class Layer {
  /** Keras's class name: `Conv2D`. */
  abstract readonly className: string;
  /** Whether Keras records the shape a layer was built with in its files. */
  protected readonly recordsBuild: boolean = false;
  readonly #ownWeights: Weight[] = [];
  #name: string | undefined;
  #trainable: boolean;
  #inputShape: Shape | undefined;

  constructor(
    /** The function that makes this layer, for messages: `conv2d`. */
    readonly functionName: string,
    options: LayerOptions,
    allowed: readonly string[],
  ) {
    checkOptions(functionName, options, [...allowed, "name", "trainable"]);
    if (options.name !== undefined && (typeof options.name !== "string" || options.name === ""))
      throw new FoveaError(`${functionName}: expected a text as name, received ${JSON.stringify(options.name)}`);
    this.#name = options.name;
    this.#trainable = options.trainable ?? true;
  }

  /** The layer's name. Until a model gives it one, an unnamed layer answers with its class name in snake_case. */
  get name(): string {
    return this.#name ?? toSnakeCase(this.className);
  }
  /** Whether the name is final: chosen by the user or given by a model. */
  get isNamed(): boolean {
    return this.#name !== undefined;
  }
  /** Gives an unnamed layer its name. */
  assignName(name: string): void {
    if (this.#name !== undefined) throw new FoveaError(`${this.label}: this layer has its name already`);
    this.#name = name;
  }
  /** How messages call this layer: `conv2d "conv1"`. */
  get label(): string {
    return this.#name === undefined ? this.functionName : `${this.functionName} "${this.#name}"`;
  }

  get trainable(): boolean {
    return this.#trainable;
  }
  set trainable(trainable: boolean) {
    this.#trainable = trainable;
  }

  get weights(): readonly Weight[] {
    return this.#ownWeights;
  }
  /** The weights that an optimizer may change. */
  get trainableWeights(): readonly Weight[] {
    return this.trainable ? this.weights.filter((weight) => weight.trainable) : [];
  }
  get built(): boolean {
    return this.#inputShape !== undefined;
  }
  /** The sample shape that the layer was built for. @throws FoveaError before it is built. */
  get inputShape(): Shape {
    if (this.#inputShape === undefined)
      throw new FoveaError(`${this.label}: not built yet; put it into a model that begins with input([...])`);
    return this.#inputShape;
  }
  get outputShape(): Shape {
    return this.computeOutputShape(this.inputShape);
  }
  countParams(): number {
    return this.weights.reduce((total, weight) => total + weight.size, 0);
  }

  /**
   * Creates the weights for samples of `inputShape`. A layer that is built already must be given the same shape.
   * @throws FoveaError when the shape does not fit the layer.
   */
  build(inputShape: Shape, streams: Streams): void {
    if (this.#inputShape !== undefined) {
      if (!sameShape(this.#inputShape, inputShape))
        throw new FoveaError(
          `${this.label}: built for samples ${showShape(this.#inputShape)}, received ${showShape(inputShape)}`,
        );
      return;
    }
    this.computeOutputShape(inputShape);
    this.onBuild(inputShape, streams);
    this.#inputShape = inputShape;
  }

  /** The sample shape that comes out for samples of `inputShape`; throws FoveaError when they do not fit. */
  abstract computeOutputShape(inputShape: Shape): Shape;
  /** Extends the graph: `x` is `[batch, ...inputShape]`, float32. */
  abstract call(x: Value, context: CallContext): Value;
  /** The layer's own part of its Keras config. */
  protected abstract config(): JsonObject;
  /** What a layer with weights or streams does on being built. */
  protected onBuild(_inputShape: Shape, _streams: Streams): void {}

  protected addWeight(spec: WeightSpec, streams: Streams): void {
    this.#ownWeights.push(new Weight(spec, `${this.name}/${spec.name}`, streams));
  }

  /** The values of a weight in the graph. */
  protected read(name: string): Value {
    const weight = this.#ownWeights.find((one) => one.name === name);
    if (weight === undefined) throw new FoveaError(`${this.label}: not built yet, so it has no ${name}`);
    return weight.variable.read();
  }

  /** @throws FoveaError unless samples have `axes.length` axes; says what each axis is. */
  protected expectRank(inputShape: Shape, axes: readonly string[]): void {
    if (inputShape.length === axes.length) return;
    const hint = inputShape.length === axes.length - 1 ? "; add a batch axis with expandDims(x, 0)" : "";
    throw new FoveaError(
      `${this.label}: expected input of rank ${axes.length + 1} [batch, ${axes.join(", ")}], ` +
        `received [${["batch", ...inputShape].join(", ")}]${hint}`,
    );
  }

  /** Keras 3's serialised form. */
  toKerasObject(): KerasObject {
    const dtype = asJson(kerasObject("keras", "DTypePolicy", { name: "float32" }));
    const config = { name: this.name, trainable: this.trainable, dtype, ...this.config() };
    const object = kerasObject("keras.layers", this.className, config);
    return this.recordsBuild && this.built
      ? { ...object, build_config: { input_shape: [null, ...this.inputShape] } }
      : object;
  }
}

/** `height` and `width` of sample shapes, for messages of layers on images. */
export const IMAGE_AXES = ["height", "width", "channels"] as const;

/** Output extent of a window along one axis, Keras's rule; 0 or less when the window does not fit. */
export const windowExtent = (extent: number, size: number, stride: number, padding: "valid" | "same"): number =>
  padding === "same" ? Math.ceil(extent / stride) : Math.floor((extent - size) / stride) + 1;

/** @throws FoveaError when a Keras config asks for channels first. */
export const expectChannelsLast = (reader: ConfigReader): void =>
  reader.refuseUnless("data_format", (value) => value === "channels_last");
