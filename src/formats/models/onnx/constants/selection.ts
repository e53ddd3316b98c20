// Operators that pick the best of many numbers or boxes, for constants and for what detectors do behind their layers.
import { type Edges, overlapOf } from "../../../../core/overlap.js";
import { sizeOf, stridesOf } from "../../../../core/shape.js";
import { NodeError } from "../node-error.js";
import type { OnnxTensor } from "../proto.js";
import type { Application, Evaluate } from "./application.js";
import { allocated, whole } from "./arrays.js";
import { allowed, axisWithin, listOf, numberOf, operand } from "./operands.js";

/** Comparisons of boxes beyond which a file is refused. */
const MOST_COMPARISONS = 2 ** 31;

/** The largest or smallest numbers along an axis with their places; of equal ones the first. */
function topK(application: Application): readonly OnnxTensor[] {
  const x = operand(application, 0);
  const axis = axisWithin(numberOf(application, "axis", -1), x.shape.length);
  const extent = x.shape[axis]!;
  const [count = numberOf(application, "k", 0)] = listOf(application, 1, "k") ?? [];
  if (!Number.isInteger(count) || count < 0 || count > extent)
    throw new NodeError(`takes the best ${count} of ${extent} numbers`);
  const sign = numberOf(application, "largest", 1) === 1 ? 1 : -1;
  const shape = allowed(
    application,
    x.shape.map((size, at) => (at === axis ? count : size)),
  );
  const [values, places] = [allocated(x.kind, sizeOf(shape)), new Float64Array(sizeOf(shape))];
  const inner = stridesOf(x.shape)[axis]!;
  const outer = sizeOf(x.shape.slice(0, axis));
  for (let row = 0; row < outer; row++)
    for (let i = 0; i < inner; i++) {
      const at = (index: number): number => x.data[(row * extent + index) * inner + i]!;
      const order = Array.from({ length: extent }, (_, index) => index);
      order.sort((a, b) => sign * (at(b) - at(a)) || a - b);
      for (let rank = 0; rank < count; rank++) {
        values[(row * count + rank) * inner + i] = at(order[rank]!);
        places[(row * count + rank) * inner + i] = order[rank]!;
      }
    }
  return [
    { kind: x.kind, shape, data: values },
    { kind: "int", shape, data: places },
  ];
}

/** Edges of a box, whichever corners it was given by. */
function edges(data: ArrayLike<number>, start: number, isCentered: boolean): Edges {
  const [a, b, c, d] = [data[start]!, data[start + 1]!, data[start + 2]!, data[start + 3]!];
  if (isCentered) return [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** Boxes of each class without those that overlap a surer one: rows of image, class and box. */
function nonMaxSuppression(application: Application): OnnxTensor {
  const [boxes, scores] = [operand(application, 0), operand(application, 1)];
  const [images, count] = boxes.shape as [number, number];
  const classes = scores.shape[1] ?? 0;
  if (String(boxes.shape) !== `${images},${count},4` || String(scores.shape) !== `${images},${classes},${count}`)
    throw new NodeError("expects boxes [images, boxes, 4] and scores [images, classes, boxes]");
  const [most, overlap] = [application.inputs[2]?.data[0] ?? 0, application.inputs[3]?.data[0] ?? 0];
  const least = application.inputs[4]?.data[0] ?? Number.NEGATIVE_INFINITY;
  const isCentered = numberOf(application, "center_point_box", 0) === 1;
  const rows: number[] = [];
  let comparisons = 0;
  for (let image = 0; image < images; image++) {
    const all = Array.from({ length: count }, (_, i) => edges(boxes.data, (image * count + i) * 4, isCentered));
    for (let label = 0; label < classes; label++) {
      const score = (i: number): number => scores.data[(image * classes + label) * count + i]!;
      const order = all.flatMap((_, i) => (score(i) > least ? [i] : [])).sort((a, b) => score(b) - score(a) || a - b);
      const kept: number[] = [];
      for (const i of order) {
        if (kept.length >= most) break;
        comparisons += kept.length;
        if (comparisons > MOST_COMPARISONS) throw new NodeError("compares more boxes than any detector finds");
        if (kept.every((other) => overlapOf(all[other]!, all[i]!) <= overlap)) kept.push(i);
      }
      for (const i of kept) rows.push(image, label, i);
    }
  }
  return whole(rows, allowed(application, [rows.length / 3, 3]));
}

export const SELECTION: Readonly<Record<string, Evaluate>> = { NonMaxSuppression: nonMaxSuppression, TopK: topK };
