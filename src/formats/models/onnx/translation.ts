// Common parts of all translations of ops: the graph they read, the graph they build, and operands in the same layout.
import type { OpNode, Value } from "../../../core/graph/node.js";
import type { NodeOf } from "../../../core/ops/index.js";
import { broadcastShapes } from "../../../core/shape.js";
import type { OnnxBuilder, Operand, Stored } from "./builder.js";
import type { OpenGraph, OpenShape } from "./symbolic.js";

/** Place of each axis of [n, h, w, c] when channels are first. */
export const PLACE = [0, 2, 3, 1] as const;

export interface Translation {
  readonly graph: OpenGraph;
  readonly builder: OnnxBuilder;
  /** The translation of a value. */
  readonly operand: (value: Value) => Operand;
  /** Number of nodes and outputs that read a value. */
  readonly readers: (value: Value) => number;
}

export const stored = (name: string, shape: OpenShape, channelsFirst: boolean): Stored => ({
  kind: "stored",
  name,
  shape,
  channelsFirst,
});

/** Operands of an elementwise op in one layout; broadcasting is left to the operator. */
export function aligned(
  node: OpNode,
  { builder, operand }: Translation,
): { all: Stored[]; shape: OpenShape; first: boolean } {
  const operands = node.inputs.map(operand);
  const rank = node.outputs[0]!.type.shape.length;
  const first = rank === 4 && operands.some((input) => input.kind === "stored" && input.channelsFirst);
  const all = operands.map((input) => (first ? builder.channelsFirst(input) : builder.plain(input)));
  // The batch counts as an extent of its own.
  const shape = all.map((input) => input.shape).reduce((a, b) => broadcastShapes(a, b));
  return { all, shape, first };
}

/** An elementwise op of two operands as one operator. */
export function binary(op: string): (node: OpNode, to: Translation) => Operand {
  return (node, to) => {
    const { all, shape, first } = aligned(node, to);
    return stored(
      to.builder.node(
        op,
        all.map(({ name }) => name),
      ),
      shape,
      first,
    );
  };
}

/** The operand in full, with channels first where it has images. */
export function whole(
  value: Value,
  { builder, operand, graph }: Translation,
): { x: Stored; positionOf: (axis: number) => number } {
  const shape = graph.shapeOf(value);
  const full = builder.whole(operand(value), shape);
  const first = full.kind === "stored" && full.channelsFirst;
  return { x: first ? full : builder.plain(full), positionOf: (axis) => (first ? PLACE[axis]! : axis) };
}

/** The operand of a reduction, and where the axes lie that it folds. */
export function reduction(node: NodeOf<"sum"> | NodeOf<"max">, to: Translation): { x: Stored; places: number[] } {
  const { x, positionOf } = whole(node.inputs[0]!, to);
  return { x, places: node.attrs.axes.map(positionOf).sort((a, b) => a - b) };
}
