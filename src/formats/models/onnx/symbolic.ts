// The prediction graph of a model with the batch left open. Graphs have static shapes, so it is built for two batch
// sizes; where they differ, an extent is so many times the batch. Both have the same nodes in the same order.
import { FoveaError } from "../../../core/errors.js";
import { topologicalOrder } from "../../../core/graph/graph.js";
import { input, type Node, type Value } from "../../../core/graph/node.js";
import type { Shape } from "../../../core/shape.js";
import { InferenceContext } from "../../../nn/layers/index.js";
import type { Model } from "../../../nn/model/model.js";

/** An extent: a number, or negative for that many times the batch. */
export type OpenShape = readonly number[];

export interface OpenGraph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Operands first. */
  readonly nodes: readonly Node[];
  /** The shape of a value. @throws FoveaError when it depends on the batch otherwise than by being a multiple of it. */
  shapeOf(value: Value): OpenShape;
  /** The shape in an attribute of a node, whose twin has the other. */
  readonly opened: (a: Shape, b: Shape) => OpenShape;
  /** The node of the graph for the other batch size. */
  twin(node: Node): Node;
}

/** Primes that no extent of a real model has in the same place. */
const BATCHES = [11, 13] as const;

function graphFor(model: Model, batch: number): { inputs: Value[]; outputs: readonly Value[]; nodes: Node[] } {
  const inputs = model.inputShapes.map((shape, index) => input(`input${index}`, [batch, ...shape]));
  const outputs = model.callAll(inputs, new InferenceContext());
  return { inputs, outputs, nodes: topologicalOrder([...inputs, ...outputs]) };
}

/** Builds both graphs. @throws FoveaError when the model computes otherwise for other batch sizes. */
export function openGraph(model: Model): OpenGraph {
  const [a, b] = BATCHES.map((batch) => graphFor(model, batch)) as [
    ReturnType<typeof graphFor>,
    ReturnType<typeof graphFor>,
  ];
  const nameOf = (node: Node | undefined): string | undefined => (node?.kind === "op" ? node.record.name : node?.kind);
  if (a.nodes.length !== b.nodes.length || a.nodes.some((node, index) => nameOf(node) !== nameOf(b.nodes[index])))
    throw new FoveaError(
      "not-exportable",
      `${model.label}: computes otherwise for other batch sizes, which cannot be exported`,
    );
  const twins = new Map(a.nodes.map((node, index) => [node, b.nodes[index]!]));
  const opened = (shape: Shape, other: Shape): OpenShape =>
    shape.map((extent, axis) => {
      if (extent === other[axis]) return extent;
      const times = extent / BATCHES[0];
      if (!Number.isInteger(times) || times * BATCHES[1] !== other[axis])
        throw new FoveaError(
          "not-exportable",
          `${model.label}: has an axis that is no multiple of the batch, which cannot be exported`,
        );
      return -times;
    });
  return {
    inputs: a.inputs,
    outputs: a.outputs,
    nodes: a.nodes,
    opened,
    twin: (node) => twins.get(node)!,
    shapeOf: ({ node, index, type }) => opened(type.shape, twins.get(node)!.outputs[index]!.type.shape),
  };
}
