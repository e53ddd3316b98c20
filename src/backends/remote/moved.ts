// Tensors on their way through a message port: copied once, then moved. A view must not go as it is, for the port would
// copy the whole of its buffer, be it a batch out of a large data set.
import { allocate } from "../../core/dtype.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { plainType } from "./graph-record.js";
import type { MovedTensor } from "./messages.js";

/** A copy that may move; the tensor stays with its owner. */
export function copyToMove({ dtype, shape, data }: Tensor): MovedTensor {
  const copy = allocate(dtype, data.length);
  copy.set(data);
  return { ...plainType({ dtype, shape }), data: copy as ArrayBufferView<ArrayBuffer> };
}

/** A tensor that nobody needs here any longer; copied where its buffer holds more, or cannot move. */
export const giveAway = (tensor: Tensor): MovedTensor => {
  const { dtype, shape, data } = tensor;
  const movable = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  return movable ? { ...plainType({ dtype, shape }), data: data as MovedTensor["data"] } : copyToMove(tensor);
};

/** The tensor that has arrived. */
export const arrived = ({ dtype, shape, data }: MovedTensor): Tensor => tensor(data as Tensor["data"], shape, dtype);

/** The buffers to move, each once. */
export const buffersOf = (tensors: readonly MovedTensor[]): ArrayBuffer[] => [
  ...new Set(tensors.map(({ data }) => data.buffer)),
];
