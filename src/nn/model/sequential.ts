// A stack of layers, each with one input and one output. Model has the methods of models.
import { FoveaError } from "../../core/errors.js";
import type { JsonObject } from "../../core/json.js";
import type { Shape } from "../../core/shape.js";
import { asJson, type KerasObject } from "../config/keras-object.js";
import { NameScope } from "../config/naming.js";
import { InputLayer } from "../layers/core/input.js";
import { Layer } from "../layers/layer.js";
import type { Streams } from "../layers/weight.js";
import { Model, type ModelOptions } from "./model.js";
import { Network } from "./network.js";

/**
 * A stack of layers, each with one input and one output; `sequential` from "fovea" makes it.
 * @param layers Layers from first to last; default none.
 * @example
 * const stack = sequential([input([4])]);
 * stack.add(dense(2));
 */
export class Sequential extends Model {
  readonly className = "Sequential";
  protected override readonly recordsBuild = true;
  readonly #names = new NameScope();
  readonly #layers: Layer[] = [];
  #input: InputLayer | undefined;
  #network: Network | undefined;
  #streams: Streams | undefined;

  constructor(layers: readonly Layer[] = [], options: ModelOptions = {}) {
    super("sequential", options);
    if (!Array.isArray(layers) || !layers.every((layer) => layer instanceof Layer))
      throw new FoveaError(
        "wrong-type",
        "sequential: expected a list of layers, such as [input([80, 60, 1]), flatten(), dense(55)]",
      );
    // Names that the user chose come first, so that automatic ones keep clear of them.
    for (const layer of layers) if (layer.isNamed) this.#reserve(layer);
    for (const layer of layers) this.#append(layer);
    const first = layers[0];
    if (first?.built) this.build(first.inputShape);
    else if (this.#input !== undefined) this.build(this.#input.shape);
  }

  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /**
   * Puts a layer on top.
   * @param layer The next layer.
   * @throws FoveaError when its name is taken, or the model is compiled already.
   */
  add(layer: Layer): void {
    if (this.compiled) throw new FoveaError("already-ended", `${this.label}: add layers before compile`);
    if (layer.isNamed) this.#reserve(layer);
    this.#append(layer);
    if (layer instanceof InputLayer) this.build(layer.shape);
    else if (this.built) this.#connect(layer);
  }

  #reserve(layer: Layer): void {
    if (!this.#names.reserve(layer.name))
      throw new FoveaError(
        "duplicate",
        `${this.label}: layers need names of their own, "${layer.name}" is there twice`,
      );
  }

  #append(layer: Layer): void {
    if (!layer.isNamed) layer.assignName(this.#names.next(layer.className));
    if (!(layer instanceof InputLayer)) {
      this.#layers.push(layer);
      return;
    }
    if (this.#input !== undefined || this.#layers.length > 0)
      throw new FoveaError("wrong-graph", `${this.label}: input([...]) comes first, and once`);
    this.#input = layer;
  }

  /** The chain of calls. @throws FoveaError before the model is built. */
  get network(): Network {
    this.inputShapes;
    return this.#network!;
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const shape = this.single("inputs", inputShapes);
    return [this.#layers.reduce((before, layer) => layer.computeOutputShape(before), shape)];
  }

  protected onBuildAll(inputShapes: readonly Shape[], streams: Streams): void {
    const shape = this.single("inputs", inputShapes);
    this.#streams = streams;
    if (this.#input === undefined) {
      this.#input = new InputLayer(shape);
      this.#input.assignName(this.#names.next(this.#input.className));
    }
    for (const layer of this.#layers) this.#connect(layer);
    this.#network ??= new Network(this.label, [this.#input.output], [this.#input.output]);
  }

  /** Puts a layer on top of the chain of calls, and builds it. */
  #connect(layer: Layer): void {
    const input = this.#input!.output;
    const top = this.#network?.outputs ?? [input];
    layer.buildAll(
      top.map(({ shape }) => shape),
      this.#streams!,
    );
    this.#network = new Network(this.label, [input], [layer.apply(top)]);
  }

  protected config(): JsonObject {
    const all = this.#input === undefined ? this.#layers : [this.#input, ...this.#layers];
    const layers = all.map((layer) => asJson(layer.toKerasObject()));
    return this.built ? { layers, build_input_shape: [null, ...this.inputShape] } : { layers };
  }

  override toKerasObject(): KerasObject {
    return { ...super.toKerasObject(), module: "keras" };
  }
}
