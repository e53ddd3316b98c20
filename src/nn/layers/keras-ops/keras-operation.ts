// An operation of keras.ops in a functional model, which Keras writes as a layer: `x * 2 + 1` is Multiply and Add. The
// tables have the computations; constants among the arguments of an operation belong to it. It has no weights.
import { FoveaError } from "../../../core/errors.js";
import { input, type Value } from "../../../core/graph/node.js";
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.js";
import { type Shape, sameShape, showShape } from "../../../core/shape.js";
import { EXPORT_AS_ONNX, type KerasObject } from "../../config/keras-object.js";
import type { CallArguments, LayerOptions } from "../layer.js";
import { MultiLayer } from "../multi-layer.js";
import { argumentOf, Constants, withTensors } from "./arguments.js";
import { ELEMENTWISE_OPERATIONS } from "./elementwise.js";
import { FOLDING_OPERATIONS } from "./folding.js";
import { type Operation, OperationCall } from "./operation-call.js";
import { SHAPING_OPERATIONS } from "./shaping.js";

/** By Keras's class. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...ELEMENTWISE_OPERATIONS,
  ...FOLDING_OPERATIONS,
  ...SHAPING_OPERATIONS,
};

/** Two sizes of a batch, by which an operation that mixes samples is known. */
const BATCHES = [2, 3] as const;

/** Checks whether Keras's form is an operation's. In a `.h5` it has no module; but every layer's config has a dtype. */
export function isOperation({ module, class_name: className, config, inbound_nodes: calls }: JsonObject): boolean {
  if (typeof module === "string") return /^keras\.(src\.)?ops(\.|$)/.test(module);
  const bare = isJsonObject(config) && !("dtype" in config) && !("trainable" in config);
  return bare && Object.hasOwn(OPERATIONS, String(className)) && Array.isArray(calls) && calls.every(isJsonObject);
}

export class KerasOperation extends MultiLayer {
  readonly #operation: Operation;
  readonly #constants: Constants;
  readonly #module: string;
  readonly #settings: JsonObject;
  readonly #call: CallArguments;

  private constructor(
    readonly className: string,
    object: JsonObject,
    operation: Operation,
    call: CallArguments,
    options: LayerOptions,
  ) {
    super(className, options, []);
    const { name: _, ...settings } = isJsonObject(object.config) ? object.config : {};
    this.#module = typeof object.module === "string" ? object.module : "keras.src.ops.numpy";
    this.#settings = settings;
    this.#operation = operation;
    this.#call = call;
    this.#constants = new Constants(this.label);
  }

  /** @throws FoveaError for an operation that Fovea does not have */
  static fromKeras(object: JsonObject, options: LayerOptions): KerasOperation {
    const className = String(object.class_name);
    const named = options.name === undefined ? className : `${className} "${options.name}"`;
    const operation = Object.hasOwn(OPERATIONS, className) ? OPERATIONS[className] : undefined;
    if (operation === undefined)
      throw new FoveaError(
        "unsupported-layer",
        `the operation ${named} of keras.ops is one that Fovea does not have; ${EXPORT_AS_ONNX}`,
      );
    const nodes = Array.isArray(object.inbound_nodes) ? (object.inbound_nodes as readonly Json[]) : [];
    const [node] = nodes;
    if (nodes.length !== 1 || !isJsonObject(node) || !Array.isArray(node.args))
      throw new FoveaError(
        "wrong-field",
        `the operation ${named}: expected one call in the file, found ${nodes.length}`,
      );
    const kwargs = isJsonObject(node.kwargs) ? node.kwargs : {};
    return new KerasOperation(className, object, operation, { args: node.args, kwargs }, options);
  }

  /** The results for tensors, given in the order in which the call of the file has them. */
  #results(inputs: readonly Value[]): readonly Value[] {
    let used = 0;
    const next = (): Value => {
      const tensor = inputs[used++];
      if (tensor === undefined)
        throw new FoveaError("length-mismatch", `${this.label}: expected more than ${inputs.length} inputs`);
      return tensor;
    };
    const args = this.#call.args.map((argument) => argumentOf(argument, next, this.#constants));
    const kwargs = new Map(
      Object.entries(this.#call.kwargs).map(([key, argument]) => [key, argumentOf(argument, next, this.#constants)]),
    );
    if (used !== inputs.length)
      throw new FoveaError("length-mismatch", `${this.label}: expected ${used} inputs, received ${inputs.length}`);
    const call = new OperationCall(this.label, args, kwargs, this.#settings);
    const results = this.#operation(call);
    call.refuseUnread();
    return Array.isArray(results) ? results : [results as Value];
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const [shapes, other] = BATCHES.map((batch) => {
      const tensors = inputShapes.map((shape, i) => input(`x${i}`, [batch, ...shape]));
      return this.#results(tensors).map(({ type }) => {
        const [first, ...sample] = type.shape;
        if (first !== batch)
          throw new FoveaError(
            "wrong-graph",
            `${this.label}: mixes the samples of a batch: it makes ${showShape(type.shape)} of ${batch} samples`,
          );
        return sample;
      });
    }) as readonly Shape[][] as readonly [Shape[], Shape[]];
    if (!shapes.every((shape, i) => sameShape(shape, other[i]!)))
      throw new FoveaError("wrong-graph", `${this.label}: its result depends on the size of the batch`);
    return shapes;
  }

  callAll(inputs: readonly Value[]): readonly Value[] {
    return this.#results(inputs);
  }

  protected onBuildAll(): void {}

  override callArguments(tensors: readonly Json[]): CallArguments {
    const left = tensors.values();
    const next = (): Json => left.next().value as Json;
    return {
      args: this.#call.args.map((argument) => withTensors(argument, next)),
      kwargs: withTensors(this.#call.kwargs, next) as JsonObject,
    };
  }

  protected config(): JsonObject {
    return this.#settings;
  }

  override toKerasObject(): KerasObject {
    return {
      module: this.#module,
      class_name: this.className,
      config: { name: this.name, ...this.#settings },
      registered_name: this.className,
    };
  }
}
