// Einstein's summation of one or two tensors, as a product of matrices: axes of both that are kept become many products,
// axes that are summed the inner extent. See numpy.einsum for the notation.
import { FoveaError } from "../errors.js";
import type { Value } from "../graph/node.js";
import { showShape, sizeOf } from "../shape.js";
import { matmul, sum } from "./reduction.js";
import { broadcastTo, reshape, transpose } from "./shaping.js";

/** A letter an axis of each operand and of the result. */
export interface EinsumAxes {
  /** The letters of each operand's axes. */
  readonly operands: readonly (readonly string[])[];
  /** The letters of the result's axes. */
  readonly result: readonly string[];
}

/**
 * The axes that an equation such as `"abc,cd->abd"` names for operands of these ranks; `...` stands for all axes that have
 * no letter, the same in each operand that has it.
 * @param equation Operands, an arrow and the result.
 * @param ranks Number of axes of each operand.
 * @throws FoveaError unless the equation is one of one or two operands that names each axis of a tensor once
 * @example einsumAxes("abc,cd->abd", [3, 2]).result; // ["a", "b", "d"]
 */
export function einsumAxes(equation: string, ranks: readonly number[]): EinsumAxes {
  const wrong = (reason: string): FoveaError =>
    new FoveaError("malformed-text", `einsum: the equation "${equation}" ${reason}`);
  const parts = /^([^->]+)(?:->([^->]*))?$/.exec(equation.replaceAll(" ", ""));
  const terms = (parts?.[1] ?? "").split(",");
  if (parts === null || !terms.every((term) => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term)))
    throw wrong('is none; expected one such as "abc,cd->abd"');
  if (terms.length !== ranks.length || terms.length > 2)
    throw wrong(`is of ${terms.length} tensors, received ${ranks.length}; one or two are supported`);
  const hidden = terms.map((term, i) => (term.includes("...") ? ranks[i]! - (term.length - 3) : 0));
  const most = Math.max(0, ...hidden);
  const spread = (term: string, count: number): string[] => {
    const [before, after] = term.split("...") as [string, string | undefined];
    if (after === undefined) return [...before];
    return [...before, ...Array.from({ length: count }, (_, i) => `.${most - count + i}`), ...after];
  };
  const operands = terms.map((term, i) => spread(term, hidden[i]!));
  operands.forEach((axes, i) => {
    if (hidden[i]! < 0 || axes.length !== ranks[i]) throw wrong(`does not fit a tensor of ${ranks[i]} axes`);
    if (new Set(axes).size < axes.length) throw wrong("names an axis of a tensor twice, which is not supported");
  });
  const all = operands.flat();
  const lonely = [...new Set(all)].filter((axis) => all.filter((other) => other === axis).length === 1).sort();
  // Without an arrow: what is named once, dots in front, letters in their order.
  const dots = Array.from({ length: most }, (_, i) => `.${i}`);
  const result =
    parts[2] === undefined ? [...dots, ...lonely.filter((axis) => !axis.startsWith("."))] : spread(parts[2], most);
  if (new Set(result).size < result.length || !result.every((axis) => all.includes(axis)))
    throw wrong("has a result with an axis that no tensor has, or twice");
  return { operands, result };
}

/**
 * `einsum("bqc,bkc->bqk", query, key)`. Extents of 1 under `...` broadcast.
 * @param equation Operands, an arrow and the result: `"abc,cd->abd"`.
 * @param tensors One or two values.
 * @throws FoveaError when the equation is not supported, or extents of one letter differ
 * @example const product = einsum("bi,ij->bj", input("x", [4, 3]), input("kernel", [3, 2])); // [4, 2]
 */
export function einsum(equation: string, ...tensors: readonly Value[]): Value {
  const { operands, result } = einsumAxes(
    equation,
    tensors.map(({ type }) => type.shape.length),
  );
  const extents = new Map<string, number>();
  tensors.forEach(({ type }, i) => {
    operands[i]!.forEach((axis, position) => {
      const [extent, known] = [type.shape[position]!, extents.get(axis) ?? 1];
      if (known !== 1 && extent !== 1 && known !== extent)
        throw new FoveaError(
          "shape-mismatch",
          `einsum: axis "${axis}" of "${equation}" has ${known} and ${extent} elements, in ` +
            tensors.map((operand) => showShape(operand.type.shape)).join(" and "),
        );
      extents.set(axis, Math.max(known, extent));
    });
  });
  const shapeOf = (axes: readonly string[]): number[] => axes.map((axis) => extents.get(axis)!);
  const kept = new Set(result);
  const parts = tensors.map((tensor, i) => {
    const others = new Set([...(operands[1 - i] ?? []), ...kept]);
    const alone = operands[i]!.filter((axis) => !others.has(axis));
    const axes = operands[i]!.filter((axis) => others.has(axis));
    const positions = alone.map((axis) => operands[i]!.indexOf(axis));
    const total = positions.length === 0 ? tensor : sum(tensor, positions);
    return { axes, value: broadcastTo(total, shapeOf(axes)) };
  });
  const [a, b] = parts as readonly Part[] as readonly [Part, Part?];
  if (b === undefined) return ordered(a, result);
  const inB = new Set(b.axes);
  const inA = new Set(a.axes);
  const many = result.filter((axis) => inA.has(axis) && inB.has(axis));
  const inner = a.axes.filter((axis) => inB.has(axis) && !kept.has(axis));
  const [rows, columns] = [a.axes.filter((axis) => !inB.has(axis)), b.axes.filter((axis) => !inA.has(axis))];
  const lead = shapeOf(many);
  const [m, k, n] = [rows, inner, columns].map((axes) => sizeOf(shapeOf(axes))) as [number, number, number];
  const product = matmul(
    reshape(ordered(a, [...many, ...rows, ...inner]), [...lead, m, k]),
    reshape(ordered(b, [...many, ...inner, ...columns]), [...lead, k, n]),
  );
  const axes = [...many, ...rows, ...columns];
  return ordered({ axes, value: reshape(product, shapeOf(axes)) }, result);
}

interface Part {
  readonly axes: readonly string[];
  readonly value: Value;
}

/** The tensor with its axes in this order. */
function ordered({ axes, value }: Part, order: readonly string[]): Value {
  const permutation = order.map((axis) => axes.indexOf(axis));
  return permutation.every((axis, i) => axis === i) ? value : transpose(value, permutation);
}
