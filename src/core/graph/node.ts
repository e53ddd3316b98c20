// The intermediate representation: an immutable DAG of typed values. A node is an input fed on every run, a
// persistent variable, or the application of one op record. Nothing here knows any particular op.
import { DTYPES, type DType } from "../dtype.js";
import { FoveaError, oneOf, shown } from "../errors.js";
import { showShape, sizeOf } from "../shape.js";
import type { Tensor, TensorType } from "../tensor.js";

/** One result of a node. Values are compared by identity. */
export interface Value {
  /** Element type and shape. */
  readonly type: TensorType;
  /** The node that makes the value. */
  readonly node: Node;
  /** Number of this output among the node's. */
  readonly index: number;
}

/** A value given anew on every run of a graph. */
export interface InputNode {
  readonly kind: "input";
  readonly name: string;
  readonly inputs: readonly [];
  readonly outputs: readonly [Value];
}

/** The current contents of a variable, before this run's updates. */
export interface VariableNode {
  readonly kind: "variable";
  readonly variable: Variable;
  readonly inputs: readonly [];
  readonly outputs: readonly [Value];
}

/** An op record applied to values. */
export interface OpNode {
  readonly kind: "op";
  readonly record: AnyOpRecord;
  readonly attrs: object;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

export type Node = InputNode | VariableNode | OpNode;

/**
 * Persistent state of a session: a weight, an optimizer slot. Compared by identity.
 * @param name The name in messages.
 * @param type Element type and shape.
 * @param initial The first contents, or a function that makes them; default zeros.
 * @example
 * const counter = new Variable("counter", { dtype: "float32", shape: [] });
 * const next = add(counter.read(), 1);
 */
export class Variable {
  readonly #value: Value;
  readonly #initial: Tensor | (() => Tensor) | undefined;

  /** `initial` may be a function, called when contents are needed: a graph is built and sized without them. */
  constructor(
    readonly name: string,
    readonly type: TensorType,
    initial?: Tensor | (() => Tensor),
  ) {
    checkType(`variable ${name}`, type);
    this.#initial = initial;
    const outputs: Value[] = [];
    const node = { kind: "variable", variable: this, inputs: [], outputs } as unknown as VariableNode;
    this.#value = { type, node, index: 0 };
    outputs.push(this.#value);
  }
  /** The contents when a session first meets the variable; zeros when absent. */
  get initial(): Tensor | undefined {
    return typeof this.#initial === "function" ? this.#initial() : this.#initial;
  }
  /** The variable's contents as a value to compute with. */
  read(): Value {
    return this.#value;
  }
}

/** A dense array of the reference backend: every dtype as f64. */
export interface ReferenceArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Arguments of a gradient rule: the node's values and, per output, the gradient that arrived (if any). */
export interface VjpContext<Attrs> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attrs: Attrs;
  readonly gradients: readonly (Value | undefined)[];
}

/**
 * Everything there is to know about an op, in one place.
 * Adding an op means adding a record, its line in `ops/index.ts`, its cases in the gradient check, and a kernel.
 */
export interface OpRecord<Name extends string, Attrs extends object> {
  readonly name: Name;
  /**
   * "elementwise" for an op without attributes whose one result, float32, has at each position what its operands, float32
   * of the same shape, have there. Compilers fuse these without knowing them by name.
   */
  readonly kind?: "elementwise";
  /** Output types from input types; throws FoveaError when the inputs do not fit. */
  readonly infer: (inputs: readonly TensorType[], attrs: Attrs) => readonly TensorType[];
  /**
   * The vector-Jacobian product: a gradient per input, `undefined` where none flows (piecewise constant ops).
   * `null` when the op has no gradient rule; autodiff then refuses to go through it.
   */
  readonly vjp: ((context: VjpContext<Attrs>) => readonly (Value | undefined)[]) | null;
  /** The oracle: plain loops in f64. */
  readonly reference: (
    inputs: readonly ReferenceArray[],
    attrs: Attrs,
    outputs: readonly TensorType[],
  ) => readonly Float64Array[];
}

/** A record of any op; its attributes are opaque until the op's name says what they are. */
export type AnyOpRecord = OpRecord<string, never>;

/**
 * A fed value. Names are for messages and printing; identity is what counts.
 * @param name The name in messages.
 * @param shape The shape, with the batch axis.
 * @param dtype Default `"float32"`.
 */
export function input(name: string, shape: readonly number[], dtype: DType = "float32"): Value {
  const outputs: Value[] = [];
  const node = { kind: "input", name, inputs: [], outputs } as unknown as InputNode;
  const type = { dtype, shape };
  checkType(`input ${name}`, type);
  checkSize(`input ${name}`, type);
  outputs.push({ type, node, index: 0 });
  return outputs[0]!;
}

/** @throws FoveaError for a type that no tensor has */
function checkType(what: string, { dtype, shape }: TensorType): void {
  oneOf(`${what}: dtype`, dtype, DTYPES);
  if (!Array.isArray(shape) || !shape.every((extent) => Number.isInteger(extent) && extent >= 0))
    throw new FoveaError("wrong-type", `${what}: expected a shape of whole numbers, received ${shown(shape)}`);
}

/** @throws FoveaError for more than 2^31 numbers. Variables may be larger: the compiler tells the memory that they need. */
function checkSize(what: string, { shape }: TensorType): void {
  if (sizeOf(shape) > 2 ** 31)
    throw new FoveaError(
      "out-of-memory-bound",
      `${what}: a tensor of shape ${showShape(shape)} is too large, with more than 2^31 numbers; ` +
        "use a smaller batch, smaller images, fewer channels or fewer units",
    );
}

/** Applies a record and returns all its outputs. Types are inferred, and so checked, here and nowhere else. */
export function applyAll<Attrs extends object>(
  record: OpRecord<string, Attrs>,
  inputs: readonly Value[],
  attrs: Attrs,
): readonly Value[] {
  const types = record.infer(
    inputs.map((value) => value.type),
    attrs,
  );
  for (const type of types) {
    checkType(record.name, type);
    checkSize(record.name, type);
  }
  const outputs: Value[] = [];
  const node: OpNode = { kind: "op", record: record as AnyOpRecord, attrs, inputs, outputs };
  types.forEach((type, index) => {
    outputs.push({ type, node, index });
  });
  return outputs;
}

/** Applies a record with one output. */
export function apply<Attrs extends object>(
  record: OpRecord<string, Attrs>,
  inputs: readonly Value[],
  attrs: Attrs,
): Value {
  return applyAll(record, inputs, attrs)[0]!;
}
