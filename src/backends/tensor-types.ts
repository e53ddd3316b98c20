// Tensors that come into a session are of the types that its graphs and variables declare.
import { FoveaError } from "../core/errors.js";
import type { Graph } from "../core/graph/graph.js";
import { sameShape, showShape } from "../core/shape.js";
import type { Tensor, TensorType } from "../core/tensor.js";

/** @throws FoveaError unless a tensor is of the type that `what` has. */
export function expectType(what: string, { dtype, shape }: TensorType, received: TensorType): void {
  if (dtype !== received.dtype || !sameShape(shape, received.shape))
    throw new FoveaError(
      "shape-mismatch",
      `${what} expects ${dtype} ${showShape(shape)}, received ${received.dtype} ${showShape(received.shape)}`,
    );
}

/** @throws FoveaError unless `tensors` are what the graph declares. */
export function expectInputs({ inputs }: Graph, tensors: readonly Tensor[]): void {
  if (tensors.length !== inputs.length)
    throw new FoveaError("length-mismatch", `run: expected ${inputs.length} inputs, received ${tensors.length}`);
  inputs.forEach(({ type, node }, i) => {
    expectType(`run: input "${node.kind === "input" ? node.name : i}"`, type, tensors[i]!);
  });
}
