// Room for the predictions of many samples, which may be more than there is memory for.
import { FoveaError } from "../../core/errors.js";
import { type Shape, sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";

/** Zeros of a shape. @throws FoveaError saying what to do when there is no memory for them. */
export function emptyResult(label: string, shape: Shape): Tensor<"float32"> {
  try {
    return tensor(new Float32Array(sizeOf(shape)), shape, "float32");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FoveaError(
      "out-of-memory-bound",
      `${label}: predictions of shape [${shape}] need ${Math.ceil(sizeOf(shape) / 2 ** 18)} MiB, more memory than there ` +
        "is; predict fewer samples at a time",
    );
  }
}
