// Products of matrices as layers: with a constant one a dense layer, else the product of two tensors of the model.

import { sizeOf } from "../../../core/shape.js";
import { dense, einsumDense } from "../../../nn/layers/index.js";
import { filled, mapped, reordered } from "./constants/index.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { BATCH } from "./layout.js";
import { arranged, coarse, inOrder, layoutOf, slotKey } from "./moves.js";
import { NodeError } from "./node-error.js";
import { matrixProduct } from "./operations.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

/** The axes of the file in another order, which moves nothing. */
export const relabelled = (x: Flowing, order: readonly number[]): Flowing => ({
  ...x,
  layout: order.map((axis) => x.layout[axis]!),
});

/** The last axis of the file times a kernel [in, out], plus a bias. A bias that is added later is taken in. */
export function denseOn(reader: GraphReader, x: Flowing, kernel: OnnxTensor, bias?: OnnxTensor): Flowing {
  const [features, units] = kernel.shape as [number, number];
  const last = x.layout.at(-1)!;
  if (last.includes(BATCH)) throw new NodeError("multiplies along the batch, which mixes samples");
  const width = sizeOf(last.map((part) => x.tensor.shape[part - 1]!));
  if (width !== features) throw new NodeError(`multiplies ${reader.shown(x)} with [${kernel.shape.join(", ")}]`);
  const others = x.tensor.shape
    .map((_, index) => index + 1)
    .filter((part) => x.tensor.shape[part - 1] !== 1 && !last.includes(part));
  const input = arranged(reader, x.tensor, [...others.map((part) => [part]), last]);
  const layer = dense(units, { useBias: bias !== undefined });
  const tensor = reader.apply(layer, input, bias === undefined ? [kernel] : [kernel, bias]);
  const layout = [
    ...x.layout
      .slice(0, -1)
      .map((parts) =>
        parts.flatMap((part) => (part === BATCH ? [BATCH] : others.includes(part) ? [others.indexOf(part) + 1] : [])),
      ),
    [others.length + 1],
  ];
  const absorb: Flowing["absorb"] = (op, constant) => {
    const isVector = constant.data.length === units && (constant.shape.at(-1) ?? 1) === units;
    return op === "Add" && bias === undefined && isVector ? denseOn(reader, x, kernel, constant) : undefined;
  };
  return { kind: "flowing", tensor, layout, absorb };
}

export function gemm(reader: GraphReader, node: OnnxNode): Flowing {
  const [alpha, beta] = [reader.number(node, "alpha", 1), reader.number(node, "beta", 1)];
  const x = reader.flowing(node);
  const b = reader.fixed(node, 1);
  if (x.layout.length !== 2 || b.shape.length !== 2) throw reader.refusal(node, "is no dense layer");
  const rows = reader.number(node, "transA", 0) === 1 ? relabelled(x, [1, 0]) : x;
  const turned = reader.number(node, "transB", 0) === 1 ? reordered(b, [1, 0]) : b;
  const kernel = alpha === 1 ? turned : mapped(turned, (value) => value * alpha);
  const units = kernel.shape[1]!;
  if (!reader.has(node, 2)) return denseOn(reader, rows, kernel);
  const c = reader.fixed(node, 2);
  if (c.data.length !== 1 && (c.data.length !== units || c.shape.at(-1) !== units))
    throw reader.refusal(node, "has a bias that is no vector");
  const bias = filled("float", [units], 0);
  const numbers = Float32Array.from(bias.data, (_, i) => beta * c.data[i % c.data.length]!);
  return denseOn(reader, rows, kernel, { ...bias, data: numbers });
}

/** Letters of an equation's axes; the batch has the first. */
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** [..., m, k] of the model times a constant [..., k, n] that has a matrix for each place of some axes in front. */
function matricesOn(reader: GraphReader, x: Flowing, constant: OnnxTensor): Flowing {
  const rank = Math.max(x.layout.length, constant.shape.length);
  const raised = { ...x, layout: [...new Array<number[]>(rank - x.layout.length).fill([]), ...x.layout] };
  const shape = [...new Array<number>(rank - constant.shape.length).fill(1), ...constant.shape];
  const [features, units] = shape.slice(-2) as [number, number];
  const { tensor, slots, batch } = coarse(reader, raised);
  const last = 2 * (rank - 1);
  if (batch === rank - 1) throw new NodeError("multiplies along the batch, which mixes samples");
  const extentOf = (key: number): number => tensor.shape[slots.findIndex((slot) => slotKey(slot) === key)] ?? 1;
  const axes = [...shape.keys()].slice(0, -2).filter((axis) => shape[axis] !== 1);
  if (axes.includes(batch)) throw new NodeError("has a constant that differs between images");
  const fits = axes.every((axis) => [1, shape[axis]].includes(extentOf(2 * axis))) && extentOf(last) === features;
  if (!fits) throw new NodeError(`multiplies ${reader.shown(x)} with [${constant.shape.join(", ")}]`);
  const matrices = axes.map((axis) => 2 * axis);
  const ofX = slots.map(slotKey).filter((key) => key !== last);
  const kept = [...new Set([...ofX, ...matrices])];
  const [first, summed, result, ...letters] = LETTERS;
  const named = (keys: readonly number[]): string => keys.map((key) => letters[kept.indexOf(key)]).join("");
  const layer = einsumDense(
    `${first}${named(ofX)}${summed},${named(matrices)}${summed}${result}->${first}${named(kept)}${result}`,
    [...kept.map((key) => (ofX.includes(key) ? extentOf(key) : shape[key / 2]!)), units],
  );
  const weights = { ...constant, shape: [...axes.map((axis) => shape[axis]!), features, units] };
  const lying = inOrder(reader, { tensor, slots, rank, batch }, [...ofX, last]);
  return {
    kind: "flowing",
    tensor: reader.apply(layer, lying, [weights]),
    layout: layoutOf([...kept, last], rank, batch),
  };
}

export function matmul(reader: GraphReader, node: OnnxNode): Flowing {
  const [a, b] = [reader.at(node, 0), reader.at(node, 1)];
  if (a.kind === "flowing" && b.kind === "flowing") return product(reader, a, b);
  const swapped = a.kind !== "flowing";
  const x = reader.flowing(node, swapped ? 1 : 0);
  const matrixOrVector = reader.fixed(node, swapped ? 0 : 1);
  if (x.layout.length < 2 || matrixOrVector.shape.length === 0)
    throw reader.refusal(
      node,
      `multiplies ${reader.shown(x)} with a constant [${matrixOrVector.shape.join(", ")}]; expected matrices`,
    );
  // A x is the transpose of x' A'.
  const rows = swapped ? relabelled(x, flipped(x.layout.length)) : x;
  if (matrixOrVector.shape.length === 1) {
    const { absorb: _, ...column } = denseOn(reader, rows, {
      ...matrixOrVector,
      shape: [matrixOrVector.data.length, 1],
    });
    return { ...column, layout: column.layout.slice(0, -1) };
  }
  const matrix = swapped ? reordered(matrixOrVector, flipped(matrixOrVector.shape.length)) : matrixOrVector;
  const shape = matrix.shape.slice(-2);
  const isOne = sizeOf(shape) === sizeOf(matrix.shape) && matrix.shape.length <= x.layout.length;
  const result = isOne ? denseOn(reader, rows, { ...matrix, shape }) : matricesOn(reader, rows, matrix);
  if (!swapped) return result;
  const { absorb: _, ...turned } = result;
  return relabelled(turned, flipped(turned.layout.length));
}

/** The order of so many axes with the last two exchanged. */
const flipped = (rank: number): readonly number[] =>
  Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));

/** [..., m, k] times [..., k, n], the axes in front broadcast against each other. */
export function product(reader: GraphReader, a: Flowing, b: Flowing): Flowing {
  const rank = Math.max(a.layout.length, b.layout.length);
  if (a.layout.length < 2 || b.layout.length < 2) throw new NodeError("multiplies vectors, which is not supported");
  const [left, right] = [a, b].map((x) =>
    coarse(reader, { ...x, layout: [...new Array<number[]>(rank - x.layout.length).fill([]), ...x.layout] }),
  ) as [ReturnType<typeof coarse>, ReturnType<typeof coarse>];
  const [rows, columns] = [2 * (rank - 2), 2 * (rank - 1)];
  if (left.batch !== right.batch || left.batch >= rank - 2)
    throw new NodeError(
      "multiplies along the batch, or tensors whose batch lies on different axes, which mixes samples",
    );
  const lead = [...new Set([...left.slots, ...right.slots].map(slotKey))]
    .filter((key) => key < rows)
    .sort((x, y) => x - y);
  const [m, k] = [reader.extent(a, a.layout.length - 2)[0], reader.extent(a, a.layout.length - 1)[0]];
  const [inner, n] = [reader.extent(b, b.layout.length - 2)[0], reader.extent(b, b.layout.length - 1)[0]];
  if (k !== inner) throw new NodeError(`multiplies ${reader.shown(a)} with ${reader.shown(b)}`);
  const tensor = reader.apply(matrixProduct(), [
    inOrder(reader, left, [...lead, rows, columns]),
    inOrder(reader, right, [...lead, rows, columns]),
  ]);
  const keys = [...lead, ...(m === 1 ? [] : [rows]), ...(n === 1 ? [] : [columns])];
  const kept = arranged(
    reader,
    tensor,
    tensor.shape.flatMap((_, index) => {
      const key = [...lead, rows, columns][index]!;
      return keys.includes(key) ? [[index + 1]] : [];
    }),
  );
  return { kind: "flowing", tensor: kept, layout: layoutOf(keys, rank, left.batch) };
}

/** Two tensors by the letters of their axes, as far as a product of matrices does it. */
export function einsum(reader: GraphReader, node: OnnxNode): Flowing {
  const equation = String(node.attributes.equation ?? "").replace(/\s/g, "");
  const match = /^(\w+),(\w+)->(\w*)$/.exec(equation);
  const [a, b] = node.inputs.length === 2 ? [reader.flowing(node, 0), reader.flowing(node, 1)] : [];
  if (match === null || a === undefined || b === undefined)
    throw reader.refusal(
      node,
      `computes "${equation.slice(0, 60)}"; expected two tensors and the result, as "bij,bjk->bik"`,
    );
  const [left, right, out] = [[...match[1]!], [...match[2]!], [...match[3]!]];
  const wrong = [left, right, out].some((letters) => new Set(letters).size !== letters.length);
  if (wrong || left.length !== a.layout.length || right.length !== b.layout.length)
    throw reader.refusal(node, `computes "${equation.slice(0, 60)}" of tensors with other axes`);
  const shared = left.filter((letter) => right.includes(letter) && out.includes(letter));
  const summed = left.filter((letter) => right.includes(letter) && !out.includes(letter));
  const [rows, columns] = [
    left.filter((letter) => !right.includes(letter)),
    right.filter((letter) => !left.includes(letter)),
  ];
  if (summed.length !== 1 || rows.length !== 1 || columns.length !== 1 || out.length !== shared.length + 2)
    throw reader.refusal(node, `computes "${equation.slice(0, 60)}", which is no product of matrices`);
  const by = (letters: readonly string[], wanted: readonly string[]): number[] =>
    wanted.map((letter) => letters.indexOf(letter));
  const result = product(
    reader,
    relabelled(a, by(left, [...shared, ...rows, ...summed])),
    relabelled(b, by(right, [...shared, ...summed, ...columns])),
  );
  return relabelled(result, by([...shared, ...rows, ...columns], out));
}
