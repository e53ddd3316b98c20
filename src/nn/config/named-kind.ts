// Kinds of objects that users name, make themselves or leave out, and that Keras writes as JSON: constraints and
// regularizers. Each kind has a table of its members.
import { FoveaError, shown } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { made } from "../../core/options.js";
import { asJson, ConfigReader, classAndConfig, kerasObject } from "./keras-object.js";
import { type Spelled, toSnakeCase } from "./naming.js";

/** The part that all objects of such a kind share. */
interface Named {
  readonly className: string;
  readonly config: JsonObject;
}

interface KindFacts<T extends Named, Name extends string> {
  /** For messages: `"a constraint"`. */
  readonly noun: string;
  /** Keras's module: `"keras.constraints"`. */
  readonly module: string;
  /** The method that tells an object of this kind from another. */
  readonly method: keyof T & string;
  /** By name in snake case. */
  readonly known: Readonly<Record<Name, (config: ConfigReader) => T>>;
}

interface NamedKind<T extends Named, Name extends string> {
  /** The object that a user named or made. @throws FoveaError listing the names there are. */
  readonly of: (what: string, value?: T | Spelled<Name> | null) => T | null;
  /** Reads Keras's form, or a name. @throws FoveaError listing the names there are. */
  readonly fromKeras: (what: string, value: Json | undefined) => T | null;
  /** Keras's form: `{"module": "keras.constraints", "class_name": "MaxNorm", ...}`. */
  readonly toKeras: (value: T | null) => Json;
}

export function namedKind<T extends Named, Name extends string>({
  noun,
  module,
  method,
  known: table,
}: KindFacts<T, Name>): NamedKind<T, Name> {
  const known: Readonly<Record<string, (config: ConfigReader) => T>> = table;
  const named = (what: string, name: string, config: JsonObject): T => {
    const make = ownValue(known, toSnakeCase(name));
    if (make === undefined)
      throw new FoveaError(
        "unknown-choice",
        `${what}: expected ${noun}, one of ${Object.keys(known).join(", ")}, received ${shown(name)}`,
      );
    return make(new ConfigReader(what, config));
  };
  return {
    of: (what, value = null) =>
      typeof value === "string" ? named(what, value, {}) : value && made(what, noun, value, method),
    fromKeras(what, value) {
      if (value === undefined || value === null) return null;
      if (typeof value === "string") return named(what, value, {});
      const { className, config } = classAndConfig(what, value);
      return named(what, className, config);
    },
    toKeras: (value) => value && asJson(kerasObject(module, value.className, value.config)),
  };
}
