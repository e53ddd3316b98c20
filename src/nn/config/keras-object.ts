// The JSON that Keras 3 writes for anything it can rebuild: {module, class_name, config, registered_name}. Reading and
// writing of single fields lives here; which fields a class has is the class's own business.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";

/** Remedy for what a file has and Fovea does not. */
export const EXPORT_AS_ONNX =
  'export the model from Keras as ONNX, with model.export("model.onnx", format="onnx"), and open that';

/** A serialised Keras object. Layers built from a shape have `build_config`, compiled models `compile_config`. */
export interface KerasObject {
  /** Python module of the class, such as `keras.layers`. */
  readonly module: string;
  /** Keras's name of the class, such as `Conv2D`. */
  readonly class_name: string;
  /** Arguments of the class's constructor, in Keras's names. */
  readonly config: JsonObject;
  /** Name under which a program registered a class of its own; null for Keras's classes. */
  readonly registered_name: string | null;
  /** Input shapes that a layer was built with; absent for one without weights. */
  readonly build_config?: JsonObject;
  /** Optimizer, loss and metrics of a compiled model; absent for others. */
  readonly compile_config?: JsonObject;
}

export const kerasObject = (module: string, className: string, config: JsonObject): KerasObject => ({
  module,
  class_name: className,
  config,
  registered_name: null,
});

/** A Keras object as a JSON value. */
export const asJson = (object: KerasObject): JsonObject => ({ ...object });

/** The class name and config inside `value`, which Keras 2 files write without a module. */
export function classAndConfig(what: string, value: Json | undefined): { className: string; config: JsonObject } {
  if (isJsonObject(value) && typeof value.class_name === "string")
    return { className: value.class_name, config: isJsonObject(value.config) ? value.config : {} };
  throw new FoveaError(
    "wrong-field",
    `${what}: expected a serialised Keras object, received ${JSON.stringify(value)?.slice(0, 80)}`,
  );
}

/** Reads the fields of one config, and refuses what Fovea does not have instead of silently dropping it. */
export class ConfigReader {
  constructor(
    readonly what: string,
    readonly config: JsonObject,
  ) {}

  number(key: string, fallback?: number): number {
    const value = this.config[key] ?? fallback;
    if (typeof value !== "number") throw this.#wrong(key, "a number", value);
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.config[key] ?? fallback;
    if (typeof value !== "boolean") throw this.#wrong(key, "true or false", value);
    return value;
  }

  string(key: string, fallback?: string): string {
    const value = this.config[key] ?? fallback;
    if (typeof value !== "string") throw this.#wrong(key, "a text", value);
    return value;
  }

  /** One axis or several. */
  axes(key: string, fallback: number): number | readonly number[] {
    return this.oneOrMore(key, fallback);
  }

  /** A number, or a list of numbers. */
  oneOrMore(key: string, fallback?: number): number | readonly number[] {
    const value = this.config[key] ?? fallback;
    if (typeof value === "number") return value;
    if (Array.isArray(value) && value.every((element) => typeof element === "number")) return value as number[];
    throw this.#wrong(key, "a number or a list of numbers", value);
  }

  /** A list of numbers. */
  numbers(key: string): readonly number[] {
    const value = this.config[key];
    if (Array.isArray(value) && value.every((element) => typeof element === "number")) return value as number[];
    throw this.#wrong(key, "a list of numbers", value);
  }

  /** A pair such as a kernel size; Keras also writes a single number. */
  pair(key: string, fallback?: number): [number, number] {
    const value = this.config[key] ?? fallback;
    if (typeof value === "number") return [value, value];
    if (Array.isArray(value) && value.length === 2 && value.every((element) => typeof element === "number"))
      return value as [number, number];
    throw this.#wrong(key, "two numbers", value);
  }

  /** @throws FoveaError unless the field is absent, null or what `same` accepts. */
  refuseUnless(key: string, same: (value: Json) => boolean): void {
    const value = this.config[key];
    if (value !== undefined && value !== null && !same(value))
      throw new FoveaError("unsupported-layer", `${this.what}: ${key} = ${JSON.stringify(value)} is not supported`);
  }

  /** @throws FoveaError when one of the fields is set. */
  refuse(...keys: readonly string[]): void {
    for (const key of keys) this.refuseUnless(key, () => false);
  }

  #wrong(key: string, expected: string, value: Json | undefined): FoveaError {
    return new FoveaError(
      "wrong-field",
      `${this.what}: expected ${expected} as "${key}", received ${JSON.stringify(value)}`,
    );
  }
}
