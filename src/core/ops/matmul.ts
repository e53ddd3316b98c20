// Matrix products.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { showShape } from "../shape.js";
import type { TensorType } from "../tensor.js";

export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows and columns of a matrix type after an optional transposition. */
const matrix = (type: TensorType, transpose: boolean): [number, number] =>
  transpose ? [type.shape[1]!, type.shape[0]!] : [type.shape[0]!, type.shape[1]!];

/** [m, k] times [k, n], each optionally given transposed. */
export const matmulOp: OpRecord<"matmul", MatmulAttrs> = {
  name: "matmul",
  infer: ([a, b], { transposeA, transposeB }) => {
    if (a!.shape.length !== 2 || b!.shape.length !== 2 || a!.dtype !== "float32" || b!.dtype !== "float32")
      throw new FoveaError(
        `matmul: expected two float32 matrices, received ${a!.dtype} ${showShape(a!.shape)} and ${b!.dtype} ${showShape(b!.shape)}`,
      );
    const [m, k] = matrix(a!, transposeA);
    const [k2, n] = matrix(b!, transposeB);
    if (k !== k2) throw new FoveaError(`matmul: inner extents differ: [${m}, ${k}] times [${k2}, ${n}]`);
    return [{ dtype: "float32", shape: [m, n] }];
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
    const [m, n] = out!.shape as [number, number];
    const k = a!.data.length / m;
    const result = new Float64Array(m * n);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++)
        for (let p = 0; p < k; p++)
          result[i * n + j]! +=
            a!.data[transposeA ? p * m + i : i * k + p]! * b!.data[transposeB ? j * k + p : p * n + j]!;
    return [result];
  },
};
