// Matrix products, of single matrices and of equally many of them.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { sameShape, showShape, sizeOf } from "../shape.js";
import type { TensorType } from "../tensor.js";

export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows and columns of the matrices of a type after an optional transposition. */
const matrix = (type: TensorType, transpose: boolean): [number, number] => {
  const [rows, columns] = type.shape.slice(-2) as [number, number];
  return transpose ? [columns, rows] : [rows, columns];
};

/** [..., m, k] times [..., k, n], each optionally given transposed; the leading axes are the same in both. */
export const matmulOp: OpRecord<"matmul", MatmulAttrs> = {
  name: "matmul",
  infer: ([a, b], { transposeA, transposeB }) => {
    const lead = a!.shape.slice(0, -2);
    const matrices = a!.shape.length >= 2 && b!.shape.length >= 2 && sameShape(lead, b!.shape.slice(0, -2));
    if (!matrices || a!.dtype !== "float32" || b!.dtype !== "float32")
      throw new FoveaError(
        "shape-mismatch",
        `matmul: expected float32 matrices with the same leading axes, received ${a!.dtype} ${showShape(a!.shape)} and ${b!.dtype} ${showShape(b!.shape)}`,
      );
    const [m, k] = matrix(a!, transposeA);
    const [k2, n] = matrix(b!, transposeB);
    if (k !== k2)
      throw new FoveaError("shape-mismatch", `matmul: inner extents differ: [${m}, ${k}] times [${k2}, ${n}]`);
    return [{ dtype: "float32", shape: [...lead, m, n] }];
  },
  vjp: ({ inputs: [a, b], attrs: { transposeA, transposeB }, gradients: [g] }) => {
    const ga = transposeA
      ? apply(matmulOp, [b!, g!], { transposeA: transposeB, transposeB: true })
      : apply(matmulOp, [g!, b!], { transposeA: false, transposeB: !transposeB });
    const gb = transposeB
      ? apply(matmulOp, [g!, a!], { transposeA: true, transposeB: transposeA })
      : apply(matmulOp, [a!, g!], { transposeA: !transposeA, transposeB: false });
    return [ga, gb];
  },
  reference: ([a, b], { transposeA, transposeB }, [out]) => {
    const [m, n] = out!.shape.slice(-2) as [number, number];
    const k = a!.shape.at(transposeA ? -2 : -1)!;
    const count = sizeOf(out!.shape.slice(0, -2));
    const result = new Float64Array(count * m * n);
    for (let q = 0; q < count; q++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++)
          for (let p = 0; p < k; p++)
            result[(q * m + i) * n + j]! +=
              a!.data[q * m * k + (transposeA ? p * m + i : i * k + p)]! *
              b!.data[q * k * n + (transposeB ? j * k + p : p * n + j)]!;
    return [result];
  },
};
