// The loss of detection by center points (Zhou, Wang and Kraehenbuehl, "Objects as Points", 2019): each object is a peak in the map
// of its class, and the cell of the peak tells its exact center and its size. Peaks are as wide and as high as the objects (Liu,
// Zheng and others, "Training-Time-Friendly Network for Real-Time Object Detection", 2020). Targets are lists of boxes, and the
// maps are made of them here, after augmentation has moved the boxes.

import { FoveaError } from "../../core/errors.js";
import {
  abs,
  add,
  cast,
  clip,
  div,
  equal,
  exp,
  floor,
  greater,
  iota,
  log,
  matmul,
  maximum,
  minimum,
  mul,
  neg,
  oneHot,
  pow,
  reshape,
  select,
  slice,
  sliceAxis,
  square,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { showShape } from "../../core/shape.js";
import type { Loss } from "./loss.js";

export interface CenterPointsOptions {
  /** Exponent that makes cells count less whose probability is right already. Default 2. */
  readonly gamma?: number;
  /** Exponent that makes cells near a center count less as background. Default 4. */
  readonly nearness?: number;
  /** Factor of the distance between true and predicted center within their cell, in cells. Default 1. */
  readonly offsetWeight?: number;
  /** Factor of the difference of the logarithms of true and predicted sizes. Default 1. */
  readonly sizeWeight?: number;
}

/** Numbers of a box in a target: class, center x and y, width and height, all but the class as shares of the image. */
export const BOX_NUMBERS = 5;
/** Maps of an output besides those of classes: center x and y within the cell, width and height in cells. */
export const BOX_MAPS = 4;
/** Probabilities stay this far from 0 and 1, as in the authors' code. */
const PROBABILITY = 1e-4;
/** Standard deviation of a peak, as a share of the box: half of it is 3 deviations, of 0.54 of the box. */
const SPREAD = 0.54 / 6;
/** Part of a standard deviation that the smallest box has, in cells. */
const LEAST_SPREAD = 1 / 6;
/** Exponent of the norm that stands for the largest of several peaks: a maximum over boxes of each class is as good as this. */
const NORM = 8;

/**
 * The loss between lists of boxes `[batch, boxes, 5]` and maps `[batch, rows, columns, classes + 4]`, one number an image: a focal
 * loss of the maps of classes, divided by the number of objects, plus the mean distances of centers and sizes. A box is its class,
 * counted from 0, then center x, center y, width and height as shares of the image. The class -1 is no box, and -2 - k a crowd of
 * class k: no cell in it counts as background. The maps are probabilities of centers by class, then center x and y within the cell, from 0 to 1, then width and height in cells.
 * @param options factors and exponents, which have the authors' values by default
 * @throws FoveaError for other shapes
 * @example model.compile({ loss: centerPoints({ sizeWeight: 0.5 }) })
 */
export function centerPoints(options: CenterPointsOptions = {}): Loss {
  const what = "centerPoints";
  checkOptions(what, options, ["gamma", "nearness", "offsetWeight", "sizeWeight"]);
  const gamma = numberWithin(`${what} gamma`, options.gamma ?? 2, 0);
  const nearness = numberWithin(`${what} nearness`, options.nearness ?? 4, 0);
  const offsetWeight = numberWithin(`${what} offsetWeight`, options.offsetWeight ?? 1, 0);
  const sizeWeight = numberWithin(`${what} sizeWeight`, options.sizeWeight ?? 1, 0);
  return {
    className: "CenterPoints",
    name: "center_points",
    config: { gamma, nearness, offset_weight: offsetWeight, size_weight: sizeWeight },
    isForeign: true,
    areBoxes: true,
    values: (yTrue, yPred) => {
      checkShapes(yTrue, yPred);
      const boxes = boxesOf(yTrue, yPred);
      const { peaks, distances } = {
        peaks: peakLoss(boxes, yPred, gamma, nearness),
        distances: distancesOf(boxes, yPred),
      };
      const regression = add(mul(distances.center, offsetWeight), mul(distances.size, sizeWeight));
      return div(add(peaks, regression), maximum(boxes.count, 1));
    },
  };
}

function checkShapes(yTrue: Value, yPred: Value): void {
  const [truth, said] = [yTrue.type.shape, yPred.type.shape];
  if (truth.length === 3 && truth[2] === BOX_NUMBERS && said.length === 4 && said[3]! > BOX_MAPS) return;
  throw new FoveaError(
    `centerPoints: expected boxes [batch, boxes, ${BOX_NUMBERS}] and maps [batch, rows, columns, classes + ${BOX_MAPS}], ` +
      `received ${showShape(truth)} and ${showShape(said)}`,
  );
}

/** Boxes on the cells of an output. All but `count` and `classes` are `[batch, boxes, 1]`. */
interface CellBoxes {
  /** 1 for a box, 0 for none. */
  readonly isBox: Value;
  /** 1 for a crowd. */
  readonly isCrowd: Value;
  /** `[batch, boxes, classes]`, 1 for the class of a box or a crowd. */
  readonly classes: Value;
  /** Boxes of each image, `[batch]`. */
  readonly count: Value;
  readonly x: Value;
  readonly y: Value;
  readonly width: Value;
  readonly height: Value;
  /** The cell of the center. */
  readonly column: Value;
  readonly row: Value;
}

function boxesOf(yTrue: Value, yPred: Value): CellBoxes {
  const [, rows, columns, maps] = yPred.type.shape as [number, number, number, number];
  const [batch, most] = yTrue.type.shape as [number, number, number];
  const numbers = cast(yTrue, "float32");
  const part = (at: number): Value => sliceAxis(numbers, 2, at, 1);
  const [x, y] = [mul(part(1), columns), mul(part(2), rows)];
  const label = part(0);
  const isBox = cast(greater(label, -0.5), "float32");
  const isCrowd = cast(greater(-1.5, label), "float32");
  const labels = cast(reshape(select(isCrowd, sub(-2, label), label), [batch, most]), "int32");
  return {
    isBox,
    isCrowd,
    classes: oneHot(labels, maps - BOX_MAPS),
    count: reshape(sum(isBox, [1]), [batch]),
    ...{ x, y, width: mul(part(3), columns), height: mul(part(4), rows) },
    column: clip(floor(x), 0, columns - 1),
    row: clip(floor(y), 0, rows - 1),
  };
}

/** Product of numbers along columns and rows, `[batch, boxes, columns]` and `[batch, boxes, rows]`: `[batch, boxes, cells]`. */
function overCells(alongColumns: Value, alongRows: Value): Value {
  const [batch, most, columns] = alongColumns.type.shape as [number, number, number];
  const rows = alongRows.type.shape[2]!;
  const product = mul(reshape(alongRows, [batch, most, rows, 1]), reshape(alongColumns, [batch, most, 1, columns]));
  return reshape(product, [batch, most, rows * columns]);
}

/** 1 at the cell of each box's center, `[batch, boxes, cells]`; nothing for no box. */
function centers({ isBox, column, row }: CellBoxes, rows: number, columns: number): Value {
  const [batch, most] = isBox.type.shape as [number, number, number];
  const along = (cell: Value, size: number): Value => cast(equal(iota([batch, most, size], 2), cell), "float32");
  return mul(overCells(along(column, columns), along(row, rows)), isBox);
}

/** The focal loss of the maps of classes, `[batch]`. */
function peakLoss(boxes: CellBoxes, yPred: Value, gamma: number, nearness: number): Value {
  const [batch, rows, columns, maps] = yPred.type.shape as [number, number, number, number];
  const [, most] = boxes.isBox.type.shape as [number, number, number];
  const classes = maps - BOX_MAPS;
  // Bells to the power of the norm; of crowds 1 on the cells within them.
  const bell = (cell: Value, center: Value, size: Value, cells: number): Value => {
    const deviation = add(mul(size, SPREAD), LEAST_SPREAD);
    const place = iota([batch, most, cells], 2);
    const curve = exp(div(mul(square(sub(place, cell)), -NORM / 2), square(deviation)));
    const within = greater(mul(size, 0.5), abs(sub(add(place, 0.5), center)));
    return select(boxes.isCrowd, within, curve);
  };
  const { column, row, x, y, width, height } = boxes;
  const bells = overCells(bell(column, x, width, columns), bell(row, y, height, rows));
  const ofClasses = (cells: Value): Value => minimum(matmul(cells, boxes.classes, { transposeA: true }), 1);
  const near = pow(ofClasses(mul(bells, add(boxes.isBox, boxes.isCrowd))), 1 / NORM);
  const peaks = ofClasses(centers(boxes, rows, columns));
  const said = reshape(slice(yPred, [0, 0, 0, 0], [batch, rows, columns, classes]), [batch, rows * columns, classes]);
  const p = clip(said, PROBABILITY, 1 - PROBABILITY);
  const missed = mul(mul(pow(sub(1, p), gamma), log(p)), peaks);
  const invented = mul(mul(mul(pow(sub(1, near), nearness), pow(p, gamma)), log(sub(1, p))), sub(1, peaks));
  return neg(sum(add(missed, invented), [1, 2]));
}

/** Sums over the boxes of each image of the distances of centers and sizes, `[batch]`. */
function distancesOf(boxes: CellBoxes, yPred: Value): { readonly center: Value; readonly size: Value } {
  const [batch, rows, columns, maps] = yPred.type.shape as [number, number, number, number];
  const begin = [0, 0, 0, maps - BOX_MAPS];
  const told = reshape(slice(yPred, begin, [batch, rows, columns, BOX_MAPS]), [batch, rows * columns, BOX_MAPS]);
  const at = matmul(centers(boxes, rows, columns), told);
  const { isBox, x, y, width, height, column, row } = boxes;
  const part = (index: number): Value => sliceAxis(at, 2, index, 1);
  const total = (distance: Value): Value => reshape(sum(mul(distance, isBox), [1]), [batch]);
  const logarithm = (size: Value): Value => log(maximum(size, PROBABILITY));
  const apart = (index: number, truth: Value): Value => abs(sub(part(index), truth));
  const ratio = (index: number, truth: Value): Value => abs(sub(logarithm(part(index)), logarithm(truth)));
  return {
    center: total(add(apart(0, sub(x, column)), apart(1, sub(y, row)))),
    size: total(add(ratio(2, width), ratio(3, height))),
  };
}
