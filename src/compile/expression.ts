// Building expressions from elementwise nodes, and making their loop nests as shallow as possible.
import type { Value } from "../core/graph/node.js";
import { type ElementwiseName, isOp } from "../core/ops/index.js";
import { broadcastStrides, type Shape, sizeOf, stridesOf } from "../core/shape.js";
import type { Buffer, Expression, Instruction, Leaf } from "./kernels.js";

export interface ExpressionContext {
  /** The buffer of a value that lies in memory, or undefined when it is to be computed in place. */
  readonly bufferOf: (value: Value) => Buffer | undefined;
  /** The value that the surrounding kernel computes, if any. */
  readonly accumulator?: Value | undefined;
}

/** Follows reshapes down to the value that owns the memory. */
export function resolve(value: Value): Value {
  let found = value;
  while (isOp(found.node, "reshape")) found = found.node.inputs[0]!;
  return found;
}

/** The expression that computes `roots`, all of the shape `shape`. */
export function buildExpression(roots: readonly Value[], shape: Shape, context: ExpressionContext): Expression {
  const leaves: Leaf[] = [];
  const code: Instruction[] = [];
  const known = new Map<Value, number>();
  const leafSteps = new Map<string, number>();
  const buffers: Buffer[] = [];

  const step = (instruction: Instruction): number => code.push(instruction) - 1;
  const leaf = (buffer: Buffer, strides: readonly number[]): number => {
    if (!buffers.includes(buffer)) buffers.push(buffer);
    const key = `${buffers.indexOf(buffer)}:${strides}`;
    let found = leafSteps.get(key);
    if (found === undefined) {
      found = step({ op: "leaf", leaf: leaves.push({ buffer, strides, offset: 0 }) - 1 });
      leafSteps.set(key, found);
    }
    return found;
  };

  const visit = (value: Value, isRoot: boolean): number => {
    let found = known.get(value);
    if (found === undefined) {
      found = compute(value, isRoot);
      known.set(value, found);
    }
    return found;
  };
  const compute = (value: Value, isRoot: boolean): number => {
    const owner = resolve(value);
    if (context.accumulator !== undefined && owner === context.accumulator) return step({ op: "accumulator" });
    const { node } = owner;
    if (isOp(node, "constant")) return step({ op: "constant", value: node.attrs.value });
    if (!roots.includes(owner) || !isRoot) {
      const buffer = roots.includes(owner) ? undefined : context.bufferOf(owner);
      if (buffer !== undefined) return leaf(buffer, stridesOf(value.type.shape));
    }
    if (isOp(node, "broadcastTo")) {
      const source = node.inputs[0]!;
      const base = resolve(source);
      if (isOp(base.node, "constant")) return step({ op: "constant", value: base.node.attrs.value });
      return leaf(context.bufferOf(base)!, broadcastStrides(source.type.shape, value.type.shape));
    }
    if (isOp(node, "cast")) return visit(node.inputs[0]!, false);
    if (node.kind !== "op") return leaf(context.bufferOf(owner)!, stridesOf(value.type.shape));
    const operands = node.inputs.map((operand) => visit(operand, false));
    return step({ op: node.record.name as ElementwiseName, operands });
  };
  const results = roots.map((root) => visit(root, true));
  return { shape, leaves, code, results };
}

/** The expression that passes the accumulator on unchanged. */
export const identityEpilogue = (shape: Shape): Expression => ({
  shape,
  leaves: [],
  code: [{ op: "accumulator" }],
  results: [0],
});

/** The expression that reads `leaf` alone. */
export const readLeaf = (shape: Shape, leaf: Leaf): Expression => ({
  shape,
  leaves: [leaf],
  code: [{ op: "leaf", leaf: 0 }],
  results: [0],
});

/**
 * Merges neighbouring axes that every leaf walks through without a jump, and drops axes of extent 1.
 * `boundary(axis)` forbids merging an axis with the next (kept beside reduced).
 */
export function collapse(
  expression: Expression,
  boundary: (axis: number) => boolean = () => false,
): { expression: Expression; axisMap: readonly number[] } {
  const { shape, leaves } = expression;
  const kept: { extent: number; strides: number[]; from: number }[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis]!;
    if (extent === 1) continue;
    const strides = leaves.map((leaf) => leaf.strides[axis]!);
    const inner = kept[0];
    const mergeable =
      inner !== undefined &&
      !crosses(boundary, axis, inner.from) &&
      strides.every((stride, i) => stride === inner.strides[i]! * inner.extent);
    if (mergeable) {
      inner.extent *= extent;
      inner.from = axis;
    } else kept.unshift({ extent, strides, from: axis });
  }
  return {
    expression: {
      ...expression,
      shape: kept.map(({ extent }) => extent),
      leaves: leaves.map((leaf, i) => ({ ...leaf, strides: kept.map(({ strides }) => strides[i]!) })),
    },
    axisMap: kept.map(({ from }) => from),
  };
}

function crosses(boundary: (axis: number) => boolean, from: number, to: number): boolean {
  for (let axis = from; axis < to; axis++) if (boundary(axis)) return true;
  return false;
}

/**
 * Rewrites an expression over the loop nest [rows, columns] of a kernel that computes it as an epilogue.
 * Returns undefined when a leaf cannot be addressed by row and column.
 */
export function asMatrix(expression: Expression, columns: number): Expression | undefined {
  const { shape, leaves } = expression;
  const rows = sizeOf(shape) / columns;
  const rewritten: Leaf[] = [];
  for (const leaf of leaves) {
    const contiguous = stridesOf(shape);
    const strides = leaf.strides.every((stride, axis) => shape[axis] === 1 || stride === contiguous[axis])
      ? [columns, 1]
      : leaf.strides.every((stride, axis) => shape[axis] === 1 || stride === 0)
        ? [0, 0]
        : rowColumnStrides(leaf, shape, columns);
    if (strides === undefined) return undefined;
    rewritten.push({ ...leaf, strides });
  }
  return { ...expression, shape: [rows, columns], leaves: rewritten };
}

function rowColumnStrides(leaf: Leaf, shape: Shape, columns: number): [number, number] | undefined {
  const last = shape.length - 1;
  if (shape[last] !== columns) return undefined;
  const column = leaf.strides[last]!;
  const lead = shape.slice(0, -1);
  const rowSteps = stridesOf(lead);
  const perRow = leaf.strides.slice(0, -1);
  // A vector along the columns, or one number a row; anything else needs a kernel of its own.
  const row = column === 1 ? 0 : column === 0 ? 1 : undefined;
  const fits =
    row !== undefined && perRow.every((stride, axis) => lead[axis] === 1 || stride === row * rowSteps[axis]!);
  return fits ? [row, column] : undefined;
}
