// Arithmetic with shapes, which PyTorch writes for `x.view(x.size(0), -1)`: known here, but for the batch. That is a 0,
// which to Reshape means "as it was".
import type { GraphReader, Known } from "./graph-reader.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

const BATCH = 0;
/** Far more entries than a shape has: lists can be made to double with every operator. */
const MOST_ENTRIES = 2 ** 16;

function whole(
  reader: GraphReader,
  node: OnnxNode,
  data: readonly number[],
  shape: readonly number[] = [data.length],
): OnnxTensor {
  if (data.length > MOST_ENTRIES) throw reader.refusal(node, `makes a list of more than ${MOST_ENTRIES} numbers`);
  return { kind: "int", shape, data };
}

/** The extents of a tensor, in the file's order. */
export function shape(reader: GraphReader, node: OnnxNode): Known {
  const x = reader.flowing(node);
  const [h, w, c] = x.tensor.shape as [number, number, number];
  return whole(reader, node, [BATCH, ...(x.images ? [c, h, w] : x.tensor.shape)]);
}

/** Entries of a constant list. */
export function gather(reader: GraphReader, node: OnnxNode): Known {
  const [list, indices] = [reader.constant(node, 0), reader.constant(node, 1)];
  if (list.shape.length !== 1 || reader.number(node, "axis", 0) !== 0)
    throw reader.refusal(node, "picks from something else than a list");
  const picked = [...indices.data].map((at) => list.data[at < 0 ? at + list.data.length : at]);
  if (picked.includes(undefined)) throw reader.refusal(node, "picks what is not there");
  return whole(reader, node, picked as number[], indices.shape);
}

/** A constant number as a list of one. */
export function unsqueeze(reader: GraphReader, node: OnnxNode): Known {
  const { data } = reader.constant(node, 0);
  if (data.length !== 1) throw reader.refusal(node, "adds an axis to a tensor of the model, which is not supported");
  return whole(reader, node, [...data]);
}

/** Constant lists one after another; undefined when something flows in. */
export function joinedLists(reader: GraphReader, node: OnnxNode): Known | undefined {
  const joined: number[] = [];
  for (const index of node.inputs.keys()) {
    const list = reader.at(node, index);
    if (list.kind === "flowing" || list.shape.length !== 1) return undefined;
    for (const one of list.data) joined.push(one);
    if (joined.length > MOST_ENTRIES) break;
  }
  return node.inputs.length === 0 ? undefined : whole(reader, node, joined);
}
