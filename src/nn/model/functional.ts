// Models put together by applying layers to symbolic tensors: any number of inputs and outputs, branches, shared
// layers, models inside models. Model has the methods of models, network.ts the graph of calls.
import { FoveaError } from "../../core/errors.js";
import type { JsonObject } from "../../core/json.js";
import { type Shape, sameShape, showShape } from "../../core/shape.js";
import { asJson, type KerasObject } from "../config/keras-object.js";
import { NameScope } from "../config/naming.js";
import { InputLayer } from "../layers/core/input.js";
import type { Layer, SymbolicInput } from "../layers/layer.js";
import { symbolicOf } from "../layers/symbolic.js";
import { Streams } from "../layers/weight.js";
import { callsToKeras, tensorsToKeras } from "./functional-config.js";
import { Model, type ModelOptions } from "./model.js";
import { Network } from "./network.js";

/** One, or several in order. */
export type OneOrMore<T> = T | readonly T[];

/** Inputs and outputs of a model, and where it computes. */
export interface FunctionalOptions extends ModelOptions {
  /** The inputs, as `input([...])` returned them. */
  readonly inputs: OneOrMore<SymbolicInput>;
  /** The outputs, as `layer.apply(x)` returned them. */
  readonly outputs: OneOrMore<SymbolicInput>;
}

/**
 * A model of layers that were applied to each other; `model` from "fovea" makes it.
 * @example
 * const x = input([4]);
 * const net = model({ inputs: x, outputs: dense(2).apply(x) });
 */
export class Functional extends Model {
  readonly className = "Functional";
  protected override readonly recordsBuild = true;
  readonly network: Network;
  readonly #single: readonly [inputs: boolean, outputs: boolean];

  constructor({ inputs, outputs, ...options }: FunctionalOptions) {
    super("model", options);
    const symbols = (what: string, symbolic: OneOrMore<SymbolicInput>) => {
      const all = (Array.isArray(symbolic) ? symbolic : [symbolic]) as readonly SymbolicInput[];
      if (all.length === 0) throw new FoveaError("empty-input", `${this.label}: expected ${what}, received none`);
      return all.map((input) => symbolicOf<Layer>(`${this.label} ${what}`, input));
    };
    this.network = new Network(this.label, symbols("inputs", inputs), symbols("outputs", outputs));
    this.#single = [!Array.isArray(inputs), !Array.isArray(outputs)];
    this.#nameLayers();
    if (options.trainable === false) this.trainable = false;
    this.buildAll(
      this.network.inputs.map(({ shape }) => shape),
      new Streams(this.seed),
    );
  }

  get layers(): readonly Layer[] {
    return this.network.layers;
  }

  /** Names that the user chose come first; automatic ones count layers in the order in which they were applied. */
  #nameLayers(): void {
    const names = new NameScope();
    for (const layer of this.layers)
      if (layer.isNamed && !names.reserve(layer.name) && !layer.built) this.#twice(layer);
    const first = new Map<Layer, number>();
    for (const { layer, serial } of this.network.calls) first.set(layer, Math.min(serial, first.get(layer) ?? serial));
    for (const layer of [...this.layers].sort((a, b) => first.get(a)! - first.get(b)!))
      if (!layer.isNamed) layer.assignName(names.next(layer.className));
  }

  /** Layers that other models have built may share a name, until they are to be saved. */
  #twice({ name }: Layer): never {
    throw new FoveaError("duplicate", `${this.label}: layers need names of their own, "${name}" is there twice`);
  }

  protected onBuildAll(_inputShapes: readonly Shape[], streams: Streams): void {
    const shapes = new Map<Layer, readonly Shape[]>();
    for (const { layer, inputs } of this.network.calls)
      if (!shapes.has(layer))
        shapes.set(
          layer,
          inputs.map(({ shape }) => shape),
        );
    for (const layer of this.layers)
      layer.buildAll(layer instanceof InputLayer ? [layer.shape] : shapes.get(layer)!, streams);
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const { inputs, outputs } = this.network;
    if (inputShapes.length !== inputs.length)
      throw new FoveaError(
        "length-mismatch",
        `${this.label}: expected ${inputs.length} inputs, received ${inputShapes.length}`,
      );
    inputs.forEach(({ shape }, i) => {
      if (!sameShape(shape, inputShapes[i]!))
        throw new FoveaError(
          "shape-mismatch",
          `${this.label}: expected samples ${showShape(shape)} as input ${i}, received ${showShape(inputShapes[i]!)}`,
        );
    });
    return outputs.map(({ shape }) => shape);
  }

  protected config(): JsonObject {
    const [oneInput, oneOutput] = this.#single;
    const names = new Set<string>();
    for (const layer of this.layers) {
      if (names.has(layer.name)) this.#twice(layer);
      names.add(layer.name);
    }
    return {
      layers: this.layers.map((layer) => ({
        ...asJson(layer.toKerasObject()),
        name: layer.name,
        inbound_nodes: callsToKeras(this.network, layer),
      })),
      input_layers: tensorsToKeras(this.network, this.network.inputs, oneInput),
      output_layers: tensorsToKeras(this.network, this.network.outputs, oneOutput),
    };
  }

  protected override buildConfig(): JsonObject {
    return { input_shape: null };
  }

  override toKerasObject(): KerasObject {
    const object = super.toKerasObject();
    const { dtype: _, ...config } = object.config;
    return { ...object, module: "keras.src.models.functional", config, registered_name: "Functional" };
  }
}
