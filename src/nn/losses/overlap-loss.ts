// The overlap of true boxes and those that the cells around their centers tell, as a loss. Cells besides that of the center learn
// too, as in the Training-Time-Friendly Network (Liu, Zheng and others, 2020), each the box whose bell is highest there.
import {
  add,
  cast,
  div,
  equal,
  exp,
  greater,
  iota,
  max,
  maximum,
  minimum,
  mul,
  reshape,
  slice,
  sliceAxis,
  square,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { BOX_MAPS, type CellBoxes, overCells } from "./cell-boxes.js";

/** Least height of a bell at cells that learn its box. */
const LEAST_HEIGHT = 0.05;
/** Least area and weight that is divided by, in cells. */
const LEAST = 1e-4;

/** Standard deviation of a bell, as a share of its box and beyond that in cells. */
const [SPREAD, LEAST_SPREAD] = [1 / 6, 1 / 4];

/** Edges of boxes, `[batch, cells]`, in cells. */
interface Edges {
  readonly left: Value;
  readonly right: Value;
  readonly top: Value;
  readonly bottom: Value;
}

/** Shares of cells in the loss, `[batch, cells]`, which are 1 in sum for each box that has cells, and the box that each cell learns. */
interface Learnt {
  readonly shares: Value;
  readonly truth: Edges;
}

function edgesOf(x: Value, y: Value, width: Value, height: Value): Edges {
  const [wide, high] = [mul(width, 0.5), mul(height, 0.5)];
  return { left: sub(x, wide), right: add(x, wide), top: sub(y, high), bottom: add(y, high) };
}

function learntOf(boxes: CellBoxes, rows: number, columns: number): Learnt {
  const { isBox, x, y, width, height, column, row } = boxes;
  const [batch, most] = isBox.type.shape as [number, number, number];
  const bell = (cell: Value, size: Value, along: number): Value => {
    const deviation = add(mul(size, SPREAD), LEAST_SPREAD);
    return exp(div(mul(square(sub(iota([batch, most, along], 2), cell)), -0.5), square(deviation)));
  };
  const bells = mul(overCells(bell(column, width, columns), bell(row, height, rows)), isBox);
  const isHighest = cast(equal(bells, max(bells, [1], true)), "float32");
  const learns = mul(isHighest, greater(bells, LEAST_HEIGHT));
  const weights = mul(bells, learns);
  const shares = sum(div(weights, maximum(sum(weights, [2], true), LEAST)), [1]);
  // Boxes that are equally high at a cell are the same up to rounding, or as far away: their mean is learnt.
  const learners = maximum(sum(learns, [1]), 1);
  const ofCells = (numbers: Value): Value => div(sum(mul(learns, numbers), [1]), learners);
  return { shares, truth: edgesOf(ofCells(x), ofCells(y), ofCells(width), ofCells(height)) };
}

/** Boxes that all cells tell. */
function toldBy(yPred: Value): Edges {
  const [batch, rows, columns, maps] = yPred.type.shape as [number, number, number, number];
  const cells = rows * columns;
  const numbers = slice(yPred, [0, 0, 0, maps - BOX_MAPS], [batch, rows, columns, BOX_MAPS]);
  const part = (index: number): Value => reshape(sliceAxis(numbers, 3, index, 1), [batch, cells]);
  const along = (axis: 1 | 2): Value => reshape(iota([batch, rows, columns], axis), [batch, cells]);
  return edgesOf(add(along(2), part(0)), add(along(1), part(1)), part(2), part(3));
}

const areaOf = ({ left, right, top, bottom }: Edges): Value => mul(sub(right, left), sub(bottom, top));

/** The generalized intersection over union of boxes (Rezatofighi and others, 2019), from -1 to 1. */
function generalizedOverlap(a: Edges, b: Edges): Value {
  const inner = mul(
    maximum(sub(minimum(a.right, b.right), maximum(a.left, b.left)), 0),
    maximum(sub(minimum(a.bottom, b.bottom), maximum(a.top, b.top)), 0),
  );
  const hull = mul(
    sub(maximum(a.right, b.right), minimum(a.left, b.left)),
    sub(maximum(a.bottom, b.bottom), minimum(a.top, b.top)),
  );
  const union = maximum(sub(add(areaOf(a), areaOf(b)), inner), LEAST);
  return sub(div(inner, union), div(sub(hull, union), maximum(hull, LEAST)));
}

/**
 * Sums over the boxes of each image of 1 - GIoU, `[batch]`. That of a box is the mean over the cells that learn it, weighted by its
 * bell.
 */
export function overlapLoss(boxes: CellBoxes, yPred: Value): Value {
  const [, rows, columns] = yPred.type.shape as [number, number, number, number];
  const { shares, truth } = learntOf(boxes, rows, columns);
  return sum(mul(sub(1, generalizedOverlap(toldBy(yPred), truth)), shares), [1]);
}
