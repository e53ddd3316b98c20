// Symbolic tensors: what stands for a layer's result while a model is put together. They know their shape and the call
// that makes them, no values. `L` is the layer's class, which this file need not know.
import { FoveaError } from "../../core/errors.js";
import { type Shape, showShape } from "../../core/shape.js";

/** One application of a layer to symbolic tensors; an input layer has one without inputs. */
export class Call<L> {
  readonly outputs: readonly Symbolic<L>[];
  constructor(
    readonly layer: L,
    readonly inputs: readonly Symbolic<L>[],
    outputShapes: readonly Shape[],
    /** Counts applications: says which of two came first, nothing else. */
    readonly serial: number,
    /** `false` keeps the layer in inference mode here even while the model trains. */
    readonly training?: boolean,
  ) {
    this.outputs = outputShapes.map((shape, index) => new Symbolic(shape, this, index));
  }
}

/** The shape of one sample, without the batch axis, and where it comes from. */
export class Symbolic<L> {
  constructor(
    readonly shape: Shape,
    readonly call: Call<L>,
    /** Number of this output among the call's. */
    readonly index: number,
  ) {}
  toString(): string {
    return `<SymbolicTensor ${showShape(this.shape)}>`;
  }
}

/** A symbolic tensor, or a layer that stands for its one output, as `input([...])` does. */
export type SymbolicLike<L> = Symbolic<L> | { readonly output: Symbolic<L> };

/** @throws FoveaError unless `value` is a symbolic tensor or has one. */
export function symbolicOf<L>(who: string, value: SymbolicLike<L>): Symbolic<L> {
  if (value instanceof Symbolic) return value;
  const output = typeof value === "object" && value !== null ? value.output : undefined;
  if (output instanceof Symbolic) return output;
  throw new FoveaError(
    "wrong-type",
    `${who}: expected a symbolic tensor, such as input([80, 60, 1]) or the result of layer.apply(x), received ${String(value)}`,
  );
}
