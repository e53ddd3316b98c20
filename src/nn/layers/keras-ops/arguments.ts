// The arguments of an operation as Keras's files have them, with tensors by their place among a call's inputs.
import { FoveaError } from "../../../core/errors.js";
import { type Value, Variable } from "../../../core/graph/node.js";
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.js";
import { type Argument, ELLIPSIS } from "./operation-call.js";

/** A tensor of the graph of layers. */
const isTensor = (value: Json | undefined): boolean => isJsonObject(value) && value.class_name === "__keras_tensor__";

/** The JSON with each tensor, first to last, replaced. */
export function withTensors(value: Json, next: () => Json): Json {
  if (isTensor(value)) return next();
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withTensors(item, next));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTensors(item, next)]));
}

/** Constants of one operation, each made into a variable of the engine once: they are no weights, and never change. */
export class Constants {
  readonly #known = new Map<Json, Variable>();
  constructor(readonly label: string) {}

  /** The values of Keras's `__numpy__` or `__tensor__`. */
  read(value: JsonObject): Value {
    let variable = this.#known.get(value);
    if (variable === undefined) {
      const { shape, numbers } = this.#flattened(isJsonObject(value.config) ? value.config.value : undefined);
      const type = { dtype: "float32", shape } as const;
      variable = new Variable(`${this.label}/constant`, type, { ...type, data: Float32Array.from(numbers) });
      this.#known.set(value, variable);
    }
    return variable.read();
  }

  #flattened(value: Json | undefined): { shape: number[]; numbers: number[] } {
    if (typeof value === "number" || typeof value === "boolean") return { shape: [], numbers: [Number(value)] };
    if (!Array.isArray(value) || value.length === 0)
      throw new FoveaError("wrong-field", `${this.label}: has a constant that is no array of numbers`);
    const parts = (value as readonly Json[]).map((row) => this.#flattened(row));
    const [first] = parts as [(typeof parts)[number]];
    if (parts.some(({ shape }) => shape.join() !== first.shape.join()))
      throw new FoveaError("wrong-field", `${this.label}: has a constant whose rows differ in length`);
    return { shape: [value.length, ...first.shape], numbers: parts.flatMap(({ numbers }) => numbers) };
  }
}

/** An argument with its tensors and constants in place. @throws FoveaError for what is none of Keras's forms */
export function argumentOf(value: Json, next: () => Value, constants: Constants): Argument {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => argumentOf(item, next, constants));
  if (!isJsonObject(value)) return value as Argument;
  if (isTensor(value)) return { value: next() };
  const config = isJsonObject(value.config) ? value.config : {};
  const number = (bound: Json | undefined): number | null => (typeof bound === "number" ? bound : null);
  if (value.class_name === "__slice__")
    return { slice: [number(config.start), number(config.stop), number(config.step)] };
  if (value.class_name === "__ellipsis__") return ELLIPSIS;
  if (value.class_name === "__numpy__" || value.class_name === "__tensor__") return { value: constants.read(value) };
  throw new FoveaError(
    "unsupported-layer",
    `${constants.label}: has an argument ${String(value.class_name)}, which is not supported`,
  );
}
