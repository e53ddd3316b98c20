// Arguments of an operation: tensors and constants as values of the graph, and the settings in its config. A check of
// each ends in one sentence.
import { FoveaError } from "../../../core/errors.js";
import { constant } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { Json, JsonObject } from "../../../core/json.js";

/** `start:stop:step` of Python. */
export interface Slice {
  readonly slice: readonly [start: number | null, stop: number | null, step: number | null];
}
/** `...` of Python. */
export const ELLIPSIS = { ellipsis: true } as const;

/** An argument of a call with its tensors in place. */
export type Argument =
  | { readonly value: Value }
  | number
  | boolean
  | string
  | null
  | Slice
  | typeof ELLIPSIS
  | readonly Argument[];

/** Function that makes an operation's results, one or several, from a call. */
export type Operation = (call: OperationCall) => Value | readonly Value[];

const isValue = (argument: Argument | undefined): argument is { readonly value: Value } =>
  typeof argument === "object" && argument !== null && "value" in argument;

export class OperationCall {
  readonly #read = new Set<number | string>();

  constructor(
    /** Name of the operation in messages. */
    readonly label: string,
    readonly args: readonly Argument[],
    readonly kwargs: ReadonlyMap<string, Argument>,
    readonly config: JsonObject,
  ) {}

  /** An argument by its position or its name, as it is; undefined where there is none. */
  argument(key: number | string): Argument | undefined {
    this.#read.add(key);
    return typeof key === "number" ? this.args[key] : this.kwargs.get(key);
  }

  /** @throws FoveaError for an argument that says something and that nobody has asked for */
  refuseUnread(): void {
    for (const [key, argument] of [...this.args.entries(), ...this.kwargs])
      if (!this.#read.has(key) && argument !== null)
        throw this.refusal(`argument ${typeof key === "number" ? key : `"${key}"`} is not supported`);
  }

  /** An argument that is a tensor or a number. */
  operand(index: number): Value | number {
    const argument = this.argument(index);
    if (isValue(argument)) return argument.value;
    if (typeof argument === "number") return argument;
    if (typeof argument === "boolean") return argument ? 1 : 0;
    throw this.refusal(`argument ${index} is neither a tensor nor a number`);
  }

  /** An argument as a tensor, a number being a scalar. */
  value(index = 0): Value {
    const operand = this.operand(index);
    return typeof operand === "number" ? constant(operand) : operand;
  }

  /** An argument that is a list of tensors. */
  values(index = 0): readonly Value[] {
    const argument = this.argument(index);
    if (!Array.isArray(argument)) return [this.value(index)];
    return (argument as readonly Argument[]).map((item) => {
      if (isValue(item)) return item.value;
      throw this.refusal(`argument ${index} holds something that is no tensor`);
    });
  }

  number(key: string, fallback?: number): number {
    const value = this.config[key] ?? fallback;
    if (typeof value !== "number") throw this.refusal(`${key} is no number`);
    return value;
  }

  flag(key: string): boolean {
    return this.config[key] === true;
  }

  /** A whole number or a list of them; undefined for null. */
  numbers(key: string): readonly number[] | undefined {
    const value = this.config[key] ?? null;
    if (value === null) return undefined;
    const all = (Array.isArray(value) ? value : [value]) as readonly Json[];
    if (!all.every((item) => Number.isInteger(item))) throw this.refusal(`${key} is no list of whole numbers`);
    return all as readonly number[];
  }

  /** An axis of `rank`, counted from 0. */
  axis(index: number, rank: number): number {
    const axis = index < 0 ? index + rank : index;
    if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
    throw this.refusal(`axis ${index} is out of range for ${rank} axes`);
  }

  refusal(reason: string): FoveaError {
    return new FoveaError("unsupported-layer", `${this.label}: ${reason}`);
  }
}
