// Rewrites of forward graphs that change no value, done before differentiation so that gradients profit as well.
//   maxPool(relu(x))  = relu(maxPool(x))       monotone functions commute with the maximum,
//   maxPool(x + bias) = maxPool(x) + bias      and so does rounding: the same bits on a quarter of the elements.
// Gradients agree too, except that ties inside a window may pick another winner.
//   zeros around the images of a strided or depthwise convolution are its own padding, which is never stored;
//   a convolution whose filters are as large as its images is a product of matrices; as one it has no borders, in its
//   gradients least of all.
import { add, broadcastTo, matmul, relu, reshape } from "../core/functions/index.js";
import { topologicalOrder } from "../core/graph/graph.js";
import { applyAll, type OpNode, type Value } from "../core/graph/node.js";
import { isOp, type NodeOf } from "../core/ops/index.js";
import { maxPool2dOp } from "../core/ops/pool.js";

/** The same values computed more cheaply; inputs and variables stay the same objects. */
export function canonicalize(outputs: readonly Value[]): Value[] {
  const replaced = new Map<Value, Value>();
  const now = (value: Value): Value => replaced.get(value) ?? value;
  for (const node of topologicalOrder(outputs)) {
    if (node.kind !== "op") continue;
    const inputs = node.inputs.map(now);
    const results = rewritten(node, inputs);
    node.outputs.forEach((output, i) => {
      if (results[i] !== output) replaced.set(output, results[i]!);
    });
  }
  return outputs.map(now);
}

function rewritten(node: OpNode, inputs: readonly Value[]): readonly Value[] {
  if (isOp(node, "maxPool2d")) return poolEarlier(node, inputs[0]!);
  if (isOp(node, "conv2d") && coversImages(node)) return asMatmul(node, inputs);
  if (isOp(node, "depthwiseConv2d") || (isOp(node, "conv2d") && node.attrs.strides.some((step) => step > 1))) {
    const padded = inputs[0]!.node;
    if (isOp(padded, "pad") && surroundsImages(padded)) return padWithin(node, padded, inputs[1]!);
  }
  return inputs.every((operand, i) => operand === node.inputs[i]) ? node.outputs : rebuild(node, inputs);
}

/** Tells whether the filters see each image once and whole. */
function coversImages({ inputs, outputs, attrs }: NodeOf<"conv2d">): boolean {
  const [, height, width] = inputs[0]!.type.shape;
  const [, outHeight, outWidth] = outputs[0]!.type.shape;
  const [filterHeight, filterWidth] = inputs[1]!.type.shape;
  const single = outHeight === 1 && outWidth === 1 && attrs.padding.every((cells) => cells === 0);
  return single && filterHeight === height && filterWidth === width;
}

/** Tells whether a pad puts zeros around images and does nothing else. */
const surroundsImages = ({ attrs: { before, after, spacing, value } }: NodeOf<"pad">): boolean =>
  value === 0 &&
  spacing.every((step) => step === 1) &&
  [before, after].every((cells) =>
    cells.every((count, axis) => count >= 0 && (count === 0 || axis === 1 || axis === 2)),
  );

/** A convolution of padded images as one of the images. Others than these keep theirs, which decides where tiles begin. */
function padWithin(
  { record, attrs }: NodeOf<"conv2d"> | NodeOf<"depthwiseConv2d">,
  { inputs, attrs: { before, after } }: NodeOf<"pad">,
  filter: Value,
): readonly Value[] {
  const more = [before[1]!, after[1]!, before[2]!, after[2]!];
  const padding = attrs.padding.map((cells, side) => cells + more[side]!);
  return applyAll(record as never, [inputs[0]!, filter], { ...attrs, padding });
}

function asMatmul({ outputs }: NodeOf<"conv2d">, inputs: readonly Value[]): readonly Value[] {
  const [images, filters] = inputs as [Value, Value];
  const { shape } = outputs[0]!.type;
  const product = matmul(reshape(images, [shape[0]!, -1]), reshape(filters, [-1, shape[3]!]));
  return [reshape(product, shape)];
}

const rebuild = (node: OpNode, inputs: readonly Value[]): readonly Value[] =>
  applyAll(node.record as never, inputs, node.attrs);

function poolEarlier(pool: NodeOf<"maxPool2d">, x: Value): readonly Value[] {
  if (isOp(x.node, "relu")) {
    const [inner, winner] = poolEarlier(pool, x.node.inputs[0]!);
    return [relu(inner!), winner!];
  }
  if (isOp(x.node, "add")) {
    const [left, right] = x.node.inputs as [Value, Value];
    const bias = perChannel(right);
    if (bias !== undefined) {
      const [inner, winner] = poolEarlier(pool, left);
      return [add(inner!, broadcastTo(bias, inner!.type.shape)), winner!];
    }
  }
  return applyAll(maxPool2dOp, [x], pool.attrs);
}

/** The vector [channels] behind a broadcast over images, or undefined. */
function perChannel(value: Value): Value | undefined {
  if (!isOp(value.node, "broadcastTo")) return undefined;
  const source = value.node.inputs[0]!;
  const channels = value.type.shape.at(-1);
  return source.type.shape.length === 1 && source.type.shape[0] === channels ? source : undefined;
}
