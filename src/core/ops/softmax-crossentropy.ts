// The crossentropy of softmax(logits), row by row. One op rather than a chain of seven, since it stands between the
// forward and the backward pass of every classifier, where nothing else can be done meanwhile.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord, type Value } from "../graph/node.js";
import { sameShape, showShape } from "../shape.js";
import { addOp, mulOp, type NoAttrs, same, subOp } from "./elementwise.js";
import { broadcastToOp, reshapeOp, sumOp } from "./reduce.js";

/** One number a row, repeated along the row. */
function alongRows(rows: Value, like: Value): Value {
  const column = apply(reshapeOp, [rows], { shape: [like.type.shape[0]!, 1] });
  return apply(broadcastToOp, [column], { shape: like.type.shape });
}

/**
 * From logits x and targets t, both [n, classes]: losses -sum(t log softmax(x)) [n], softmax(x) [n, classes], and the
 * logarithms of the normalizers, log sum exp(x) [n]. Shifted by each row's largest logit, so that nothing overflows.
 */
export const softmaxCrossentropyOp: OpRecord<"softmaxCrossentropy", NoAttrs> = {
  name: "softmaxCrossentropy",
  infer: ([x, t]) => {
    const fits = x!.shape.length === 2 && sameShape(x!.shape, t!.shape);
    if (!fits || x!.dtype !== "float32" || t!.dtype !== "float32")
      throw new FoveaError(
        "shape-mismatch",
        "softmaxCrossentropy: expected float32 logits and targets [batch, classes], " +
          `received ${x!.dtype} ${showShape(x!.shape)} and ${t!.dtype} ${showShape(t!.shape)}`,
      );
    const rows = { dtype: "float32", shape: [x!.shape[0]!] } as const;
    return [rows, { dtype: "float32", shape: x!.shape }, rows];
  },
  vjp: ({
    inputs: [x, t],
    outputs: [, probabilities, normalizers],
    gradients: [loss, onProbabilities, onNormalizers],
  }) => {
    const p = probabilities!;
    const toLogits: Value[] = [];
    let toTargets: Value | undefined;
    const rowSums = (value: Value): Value => alongRows(apply(sumOp, [value], { axes: [1] }), value);
    if (loss !== undefined) {
      const g = alongRows(loss, x!);
      toLogits.push(same(mulOp, same(subOp, same(mulOp, p, rowSums(t!)), t!), g));
      toTargets = same(mulOp, same(subOp, alongRows(normalizers!, x!), x!), g);
    }
    if (onProbabilities !== undefined) {
      const inner = rowSums(same(mulOp, onProbabilities, p));
      toLogits.push(same(mulOp, p, same(subOp, onProbabilities, inner)));
    }
    if (onNormalizers !== undefined) toLogits.push(same(mulOp, p, alongRows(onNormalizers, x!)));
    return [toLogits.reduce((a, b) => same(addOp, a, b)), toTargets];
  },
  reference: ([x, t]) => {
    const [n, classes] = x!.shape as [number, number];
    const losses = new Float64Array(n);
    const probabilities = new Float64Array(n * classes);
    const normalizers = new Float64Array(n);
    for (let row = 0; row < n; row++) {
      const logits = x!.data.subarray(row * classes, (row + 1) * classes);
      const largest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
      normalizers[row] = largest + Math.log(total);
      logits.forEach((logit, i) => {
        probabilities[row * classes + i] = Math.exp(logit - normalizers[row]!);
        losses[row]! += t!.data[row * classes + i]! * (normalizers[row]! - logit);
      });
    }
    return [losses, probabilities, normalizers];
  },
};
