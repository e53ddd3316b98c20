// Picking rows by index, image by image, and its adjoint. Both walk one image at a time, so that the order in which
// rows are added up depends on the indices alone.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { showShape, sizeOf } from "../shape.js";
import type { TensorType } from "../tensor.js";

function expectRows(name: string, what: string, x: TensorType, indices: TensorType): void {
  if (x.dtype !== "float32" || x.shape.length !== 3 || indices.dtype !== "int32" || indices.shape.length !== 2)
    throw new FoveaError(
      "shape-mismatch",
      `${name}: expected float32 ${what} and int32 indices [images, picks], ` +
        `received ${x.dtype} ${showShape(x.shape)} and ${indices.dtype} ${showShape(indices.shape)}`,
    );
  if (x.shape[0] !== indices.shape[0])
    throw new FoveaError(
      "shape-mismatch",
      `${name}: there are ${x.shape[0]} images, and indices for ${indices.shape[0]}`,
    );
}

/** Rows [n, p, c] picked by indices [n, q]: [n, q, c]. An index out of range gives zeros. */
export const gatherOp: OpRecord<"gather", Record<never, never>> = {
  name: "gather",
  infer: ([x, indices]) => {
    expectRows("gather", "rows [images, rows, channels]", x!, indices!);
    return [{ dtype: "float32", shape: [x!.shape[0]!, indices!.shape[1]!, x!.shape[2]!] }];
  },
  vjp: ({ inputs: [x, indices], gradients: [g] }) => [
    apply(scatterAddOp, [g!, indices!], { rows: x!.type.shape[1]! }),
    undefined,
  ],
  reference: ([x, indices], _, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    const [, rows, channels] = x!.shape as [number, number, number];
    const picks = indices!.shape[1]!;
    indices!.data.forEach((row, pick) => {
      if (row < 0 || row >= rows) return;
      const from = (Math.floor(pick / picks) * rows + row) * channels;
      result.set(x!.data.subarray(from, from + channels), pick * channels);
    });
    return [result];
  },
};

/** Rows [n, q, c] added up where indices [n, q] say: [n, rows, c]. An index out of range adds nothing. */
export const scatterAddOp: OpRecord<"scatterAdd", { rows: number }> = {
  name: "scatterAdd",
  infer: ([x, indices], { rows }) => {
    expectRows("scatterAdd", "rows [images, picks, channels]", x!, indices!);
    if (x!.shape[1] !== indices!.shape[1])
      throw new FoveaError(
        "shape-mismatch",
        `scatterAdd: there are ${x!.shape[1]} rows, and indices for ${indices!.shape[1]}`,
      );
    return [{ dtype: "float32", shape: [x!.shape[0]!, rows, x!.shape[2]!] }];
  },
  vjp: ({ inputs: [, indices], gradients: [g] }) => [apply(gatherOp, [g!, indices!], {}), undefined],
  reference: ([x, indices], { rows }, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    const [, picks, channels] = x!.shape as [number, number, number];
    indices!.data.forEach((row, pick) => {
      if (row < 0 || row >= rows) return;
      const to = (Math.floor(pick / picks) * rows + row) * channels;
      for (let c = 0; c < channels; c++) result[to + c]! += x!.data[pick * channels + c]!;
    });
    return [result];
  },
};
