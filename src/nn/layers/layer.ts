// The base of all layers: name, weights, build once, call to extend a graph, apply to put models together, config in
// Keras's form. Shapes here are those of one sample: Keras's without the leading batch axis.
// Most layers have one input and one output; those with more extend MultiLayer.
import { FoveaError, shown } from "../../core/errors.js";
import type { Value } from "../../core/graph/node.js";
import type { Json, JsonObject } from "../../core/json.js";
import { checkOptions, flag } from "../../core/options.js";
import { type Shape, showShape } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { asJson, type ConfigReader, type KerasObject, kerasObject } from "../config/keras-object.js";
import { toSnakeCase } from "../config/naming.js";
import type { CallContext } from "./call-context.js";
import type { ApplyOptions, CallArguments, LayerOptions, WeightGroup } from "./layer-options.js";
import { Call, type Symbolic, type SymbolicLike, symbolicOf } from "./symbolic.js";
import { type Streams, Weight, type WeightSpec } from "./weight.js";

export type { CallContext } from "./call-context.js";
export type { ApplyOptions, CallArguments, LayerOptions, WeightGroup } from "./layer-options.js";
export { IMAGE_AXES, windowExtent } from "./window.js";

/** Placeholder of a layer's result while a model is put together. */
export type SymbolicTensor = Symbolic<Layer>;
/** One application of a layer. */
export type LayerCall = Call<Layer>;
/** Input that a layer can be applied to: a symbolic tensor, or `input([...])` itself. */
export type SymbolicInput = SymbolicLike<Layer>;

/** The number of the next application of any layer. Only the order matters. */
let nextSerial = 0;

/**
 * The base of all layers: name, weights, shapes, and its result as a graph. Extend it to write a layer.
 * @param functionName The function that makes the layer, for messages: `conv2d`.
 * @param allowed Names of the options that the layer takes beside `name` and `trainable`.
 * @example
 * class Doubling extends Layer {
 *   className = "Doubling";
 *   constructor(options = {}) { super("doubling", options, []); }
 *   computeOutputShape(shape) { return shape; }
 *   call(x) { return mul(x, 2); }
 *   config() { return {}; }
 * }
 * const doubled = await callLayer(new Doubling(), images); // twice the pixels
 */
export abstract class Layer {
  /** Keras's class name: `Conv2D`. */
  abstract readonly className: string;
  /** Keras's names of the tensors that a call takes, in order, where they may be passed by name. */
  readonly inputNames: readonly string[] | undefined = undefined;
  /** True where Keras's files record the shape that a layer was built with. */
  protected readonly recordsBuild: boolean = false;
  readonly #ownWeights: Weight[] = [];
  #name: string | undefined;
  #trainable: boolean;
  #inputShapes: readonly Shape[] | undefined;
  readonly #calls: LayerCall[] = [];

  constructor(
    /** The function that makes this layer, for messages: `conv2d`. */
    readonly functionName: string,
    options: LayerOptions,
    allowed: readonly string[],
  ) {
    checkOptions(functionName, options, [...allowed, "name", "trainable"]);
    if (options.name !== undefined && (typeof options.name !== "string" || options.name === ""))
      throw new FoveaError("wrong-type", `${functionName}: expected a text as name, received ${shown(options.name)}`);
    this.#name = options.name;
    this.#trainable = flag(`${functionName} trainable`, options.trainable, true);
  }

  /** The layer's name. Until a model gives it one, an unnamed layer answers with its class name in snake_case. */
  get name(): string {
    return this.#name ?? toSnakeCase(this.className);
  }
  /** True where the name is final: chosen by the user or given by a model. */
  get isNamed(): boolean {
    return this.#name !== undefined;
  }
  /**
   * Gives an unnamed layer its name.
   * @param name The name in the model.
   */
  assignName(name: string): void {
    if (this.#name !== undefined) throw new FoveaError("duplicate", `${this.label}: this layer has its name already`);
    this.#name = name;
  }
  /** Name of this layer in messages: `conv2d "conv1"`. */
  get label(): string {
    return this.#name === undefined ? this.functionName : `${this.functionName} "${this.#name}"`;
  }

  /** False where the layer is frozen. */
  get trainable(): boolean {
    return this.#trainable;
  }
  set trainable(trainable: boolean) {
    this.#trainable = trainable;
  }

  /** The weights, in Keras's order. */
  get weights(): readonly Weight[] {
    return this.#ownWeights;
  }
  /** The weights by the layers that Keras has inside this one; most have none. */
  get weightGroups(): readonly WeightGroup[] {
    return [];
  }
  /** Copies of all weights, in the order of `weights`: of a dense layer its kernel and its bias. */
  async getWeights(): Promise<Tensor<"float32">[]> {
    return Promise.all(
      this.weights.map(async (weight) => {
        const { data, shape } = await weight.latest();
        return tensor(data.slice(), shape, "float32");
      }),
    );
  }

  /**
   * Replaces all weights; models that share the layer compute with the new ones from then on.
   * @param weights As many tensors as the layer has weights, in the order of `getWeights`, float32 of the same shapes.
   * @throws FoveaError, with nothing changed, unless the layer is built and number and shapes are right.
   */
  async setWeights(weights: readonly Tensor[]): Promise<void> {
    const held = this.weights;
    if (!Array.isArray(weights) || weights.length !== held.length)
      throw new FoveaError(
        "length-mismatch",
        `${this.label} setWeights: expected ${held.length} tensors${this.built ? "" : " because it is not built yet"}, ` +
          `received ${Array.isArray(weights) ? weights.length : shown(weights)}`,
      );
    held.forEach((weight, i) => {
      weight.check(weights[i]!);
    });
    for (const [i, weight] of held.entries()) weight.contents = weights[i]!;
  }

  /** The layers inside; none but in models. */
  get layers(): readonly Layer[] {
    return [];
  }
  /** The weights that an optimizer may change. */
  get trainableWeights(): readonly Weight[] {
    return this.trainable ? this.weights.filter((weight) => weight.trainable) : [];
  }
  /** True where the weights exist. */
  get built(): boolean {
    return this.#inputShapes !== undefined;
  }
  /** The sample shapes that the layer was built for, one an input. @throws FoveaError before it is built. */
  get inputShapes(): readonly Shape[] {
    if (this.#inputShapes === undefined)
      throw new FoveaError(
        "not-ready",
        `${this.label}: not built yet; put it into a model that begins with input([...])`,
      );
    return this.#inputShapes;
  }
  /** The sample shapes of all outputs. @throws FoveaError before the layer is built. */
  get outputShapes(): readonly Shape[] {
    return this.computeOutputShapes(this.inputShapes);
  }
  /** The sample shape of the one input. @throws FoveaError before the layer is built. */
  get inputShape(): Shape {
    return this.single("inputShape", this.inputShapes);
  }
  /** The sample shape of the one output. @throws FoveaError before the layer is built, and for several outputs. */
  get outputShape(): Shape {
    return this.single("outputShape", this.outputShapes);
  }
  /** The number of all weights' elements. */
  countParams(): number {
    return this.weights.reduce((total, weight) => total + weight.size, 0);
  }

  /**
   * Creates the weights for samples of `inputShape`. A layer that is built already must be given shapes that its
   * weights fit.
   * @param streams The streams of random numbers that initializers draw from.
   * @throws FoveaError when the shape does not fit the layer.
   */
  build(inputShape: Shape, streams: Streams): void {
    this.buildAll([inputShape], streams);
  }

  /**
   * `build` for any number of inputs.
   * @param inputShapes The sample shape of each input.
   * @param streams The streams of random numbers that initializers draw from.
   */
  buildAll(inputShapes: readonly Shape[], streams: Streams): void {
    this.#check(inputShapes);
    if (this.built) return;
    this.onBuildAll(inputShapes, streams);
    this.#inputShapes = inputShapes;
  }

  /** The shapes that come out. @throws FoveaError when these shapes do not fit the layer, or the weights it has. */
  #check(inputShapes: readonly Shape[]): readonly Shape[] {
    const built = this.#inputShapes;
    if (built !== undefined && !this.fitsWeights(inputShapes, built))
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: built for samples ${showShapes(built)}, received ${showShapes(inputShapes)}`,
      );
    return this.computeOutputShapes(inputShapes);
  }

  /** Checks whether a built layer takes these shapes too: kernels need the same rank and last axis. */
  protected fitsWeights(shapes: readonly Shape[], built: readonly Shape[]): boolean {
    if (this.weights.length === 0) return true;
    return shapes.every((shape, i) => shape.length === built[i]?.length && shape.at(-1) === built[i].at(-1));
  }

  /**
   * The sample shape that comes out for samples of `inputShape`; throws FoveaError when they do not fit.
   * @param inputShape The shape of a sample, without the batch axis.
   */
  abstract computeOutputShape(inputShape: Shape): Shape;
  /**
   * Extends the graph: `x` is `[batch, ...inputShape]`, float32.
   * @param context Inference or a step of training.
   */
  abstract call(x: Value, context: CallContext): Value;
  /**
   * `computeOutputShape` for any number of inputs and outputs.
   * @param inputShapes The sample shape of each input.
   */
  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    return [this.computeOutputShape(this.single("inputs", inputShapes))];
  }
  /**
   * `call` for any number of inputs and outputs.
   * @param inputs A value for each input, `[batch, ...]`, float32.
   * @param context Inference or a step of training.
   */
  callAll(inputs: readonly Value[], context: CallContext): readonly Value[] {
    return [this.call(this.single("inputs", inputs), context)];
  }

  /**
   * Puts the layer on top of symbolic tensors and returns what comes out. Applied again, it shares its weights.
   * @param inputs A symbolic tensor, `input([...])`, or a list of these for layers with several inputs.
   * @throws FoveaError when shapes do not fit.
   * @example const x = conv2d(16, 3, { activation: "relu" }).apply(input([80, 60, 1]));
   * @example
   * const x = input([4]);
   * const y = add().apply([dense(4).apply(x), x]);
   */
  apply(inputs: SymbolicInput | readonly SymbolicInput[], options: ApplyOptions = {}): SymbolicTensor {
    return this.single("outputs", this.applyAll(inputs, options));
  }

  /**
   * `apply` for a layer with several outputs, such as a model.
   * @param inputs A symbolic tensor, `input([...])`, or a list of these for layers with several inputs.
   */
  applyAll(inputs: SymbolicInput | readonly SymbolicInput[], options: ApplyOptions = {}): readonly SymbolicTensor[] {
    checkOptions(`${this.functionName}.apply`, options, ["training"]);
    const listed = (Array.isArray(inputs) ? inputs : [inputs]) as readonly SymbolicInput[];
    const symbols = listed.map((input) => symbolicOf(this.label, input));
    const outputShapes = this.#check(symbols.map(({ shape }) => shape));
    return this.record(symbols, outputShapes, options.training).outputs;
  }

  /** Remembers an application. */
  protected record(inputs: readonly SymbolicTensor[], outputShapes: readonly Shape[], training?: boolean): LayerCall {
    const call = new Call<Layer>(this, inputs, outputShapes, nextSerial++, training);
    this.#calls.push(call);
    return call;
  }
  /** The layer's applications, first to last. */
  get calls(): readonly LayerCall[] {
    return this.#calls;
  }
  /** Result of the layer's one application. @throws FoveaError when there is none, or several. */
  get output(): SymbolicTensor {
    if (this.#calls.length !== 1)
      throw new FoveaError(
        "not-ready",
        `${this.label}: output is there for a layer that was applied once; this one was applied ` +
          `${this.#calls.length} times${this.#calls.length > 1 ? ", so use the result of each apply" : ""}`,
      );
    return this.single("outputs", this.#calls[0]!.outputs);
  }

  /** The layer's own part of its Keras config. */
  protected abstract config(): JsonObject;
  /** Builds a layer that has weights or streams. */
  protected onBuild(_inputShape: Shape, _streams: Streams): void {}
  /** `onBuild` for any number of inputs. */
  protected onBuildAll(inputShapes: readonly Shape[], streams: Streams): void {
    this.onBuild(this.single("inputs", inputShapes), streams);
  }

  /** The only one of `all`. @throws FoveaError when there are more or less. */
  protected single<T>(what: string, all: readonly T[]): T {
    if (all.length !== 1)
      throw new FoveaError("length-mismatch", `${this.label}: expected one of ${what}, received ${all.length}`);
    return all[0]!;
  }

  protected addWeight(spec: WeightSpec, streams: Streams): void {
    this.#ownWeights.push(new Weight(spec, `${this.name}/${spec.name}`, streams));
  }

  /** One of the layer's own weights. @throws FoveaError before it is built. */
  protected weight(name: string): Weight {
    const weight = this.#ownWeights.find((candidate) => candidate.name === name);
    if (weight === undefined) throw new FoveaError("not-ready", `${this.label}: not built yet, so it has no ${name}`);
    return weight;
  }
  /** The values of a weight in the graph. */
  protected read(name: string): Value {
    return this.weight(name).variable.read();
  }

  /** @throws FoveaError unless samples have `axes.length` axes; says what each axis is. */
  protected expectRank(inputShape: Shape, axes: readonly string[]): void {
    if (inputShape.length === axes.length) return;
    throw new FoveaError(
      "shape-mismatch",
      `${this.label}: expected input of rank ${axes.length + 1} [batch, ${axes.join(", ")}], ` +
        `received [${["batch", ...inputShape].join(", ")}]${missingAxis(inputShape, axes)}`,
    );
  }

  /**
   * An axis as Keras counts them, the batch axis included and negative ones from the end, counted from 0.
   * @throws FoveaError unless it is one of samples in batches of that rank.
   */
  protected axisAmong(index: number, rank: number): number {
    const axis = index < 0 ? index + rank : index;
    if (Number.isInteger(axis) && axis >= 1 && axis < rank) return axis;
    throw new FoveaError(
      "out-of-range",
      `${this.label}: axis ${shown(index)} is out of range for samples with ${rank - 1} axes`,
    );
  }

  /** Keras 3's serialised form. */
  toKerasObject(): KerasObject {
    const dtype = asJson(kerasObject("keras", "DTypePolicy", { name: "float32" }));
    const config = { name: this.name, trainable: this.trainable, dtype, ...this.config() };
    const object = kerasObject("keras.layers", this.className, config);
    return this.recordsBuild && this.built ? { ...object, build_config: this.buildConfig() } : object;
  }

  /**
   * Arguments with which Keras writes a call that takes these tensors.
   * @param tensors The inputs in Keras's form.
   */
  callArguments(tensors: readonly Json[]): CallArguments {
    return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
  }

  /** The shapes that Keras records. */
  protected buildConfig(): JsonObject {
    return { input_shape: [null, ...this.inputShape] };
  }

  /** The text that Keras prints for a layer: `<Conv2D name=conv1, built=True>`. */
  toString(): string {
    return `<${this.className} name=${this.name}, built=${this.built ? "True" : "False"}>`;
  }
  /** Text that Node shows for a layer, alone or in a list. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/**
 * Advice about images without their channels, as `input([80, 60])` describes them. A shape like [60, 1] may as well be
 * that of one image without its batch axis, so the advice names both remedies.
 */
function missingAxis(inputShape: Shape, axes: readonly string[]): string {
  if (inputShape.length !== axes.length - 1 || axes.at(-1) !== "channels") return "";
  const channels = `the channel axis is missing, write input([${inputShape.join(", ")}, 1]) for grey images`;
  const isPixels = [1, 3, 4].includes(inputShape.at(-1) ?? 0);
  return isPixels
    ? `; add a batch axis with expandDims(x, 0) to a single image, or where ${channels}`
    : `; ${channels}`;
}

/** @throws FoveaError when a Keras config asks for channels first. */
export const expectChannelsLast = (reader: ConfigReader): void =>
  reader.refuseUnless("data_format", (value) => value === "channels_last");

const showShapes = (shapes: readonly Shape[]): string => shapes.map(showShape).join(" and ");
