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
  greater,
  iota,
  log,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  neg,
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
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import { showShape } from "../../core/shape.js";
import { BOX_MAPS, BOX_NUMBERS, boxesOf, type CellBoxes, overCells } from "./cell-boxes.js";
import type { Loss } from "./loss.js";
import { overlapLoss } from "./overlap-loss.js";

/** Options of `centerPoints`. */
export interface CenterPointsOptions {
  /** Exponent that makes cells count less whose probability is right already. Default 2. */
  readonly gamma?: number;
  /** Exponent that makes cells near a center count less as background; of no effect with `soft`. Default 4. */
  readonly nearness?: number;
  /** Factor of the distance between true and predicted center within their cell, in cells. Default 1. */
  readonly offsetWeight?: number;
  /** Factor of the difference of the logarithms of true and predicted sizes. Default 1. */
  readonly sizeWeight?: number;
  /** Factor of 1 - GIoU between true boxes and those that the cells around their centers tell. Default 0. */
  readonly boxWeight?: number;
  /** True to count each object of a batch alike, rather than each image with objects. Default false. */
  readonly perBatch?: boolean;
  /**
   * True where all cells around a center learn its class, each as far as its bell is high, rather than the center alone: the quality
   * focal loss (Li and others, "Generalized Focal Loss", 2020). Classes are learnt from more cells, large objects sooner. Default false.
   */
  readonly soft?: boolean;
  /** Factor of the loss of the maps of classes. Default 1. */
  readonly peakWeight?: number;
}

const OPTIONS = [
  ...["gamma", "nearness", "offsetWeight", "sizeWeight", "boxWeight", "perBatch", "soft", "peakWeight"],
] as const;

/** Probabilities stay this far from 0 and 1, as in the authors' code. */
const PROBABILITY = 1e-4;
/** Standard deviation of a peak, as a share of the box: half of it is 3 deviations, of 0.54 of the box. */
const SPREAD = 0.54 / 6;
/** Cells of a side beyond which a peak is wider, where cells around a center learn its class, and the share of the side beyond. */
const [SMALL, WIDER] = [4, 1 / 6 - SPREAD];
/** Part of a standard deviation that the smallest box has, in cells. */
const LEAST_SPREAD = 1 / 6;
/** Exponent of the norm that stands for the largest of several peaks: a maximum over boxes of each class is as good as this. */
const NORM = 8;

/**
 * The loss between lists of boxes `[batch, boxes, 5]` and maps `[batch, rows, columns, classes + 4]`, one number per image. It is a
 * focal loss of the maps of classes, divided by the number of objects, plus the mean distances of centers and sizes and, with
 * `boxWeight`, the mean lack of overlap. A box is its class, counted from 0, then center x, center y, width and height as shares of the image.
 * The class -1 is no box, and -2 - k a crowd of class k: no cell in it counts as background. The maps are probabilities of centers
 * by class, then center x and y from the cell's corner, then width and height, all in cells.
 * @param options factors and exponents, which have the authors' values by default
 * @throws FoveaError for other shapes
 * @example model.compile({ optimizer: "adam", loss: centerPoints({ sizeWeight: 0.5 }) })
 */
export function centerPoints(options: CenterPointsOptions = {}): Loss {
  const what = "centerPoints";
  checkOptions(what, options, OPTIONS);
  const gamma = numberWithin(`${what} gamma`, options.gamma ?? 2, 0);
  const nearness = numberWithin(`${what} nearness`, options.nearness ?? 4, 0);
  const offsetWeight = numberWithin(`${what} offsetWeight`, options.offsetWeight ?? 1, 0);
  const sizeWeight = numberWithin(`${what} sizeWeight`, options.sizeWeight ?? 1, 0);
  const boxWeight = numberWithin(`${what} boxWeight`, options.boxWeight ?? 0, 0);
  const perBatch = flag(`${what} perBatch`, options.perBatch, false);
  const soft = flag(`${what} soft`, options.soft, false);
  const peakWeight = numberWithin(`${what} peakWeight`, options.peakWeight ?? 1, 0);
  return {
    className: "CenterPoints",
    name: "center_points",
    config: {
      ...{ gamma, nearness, offset_weight: offsetWeight, size_weight: sizeWeight },
      ...(boxWeight > 0 && { box_weight: boxWeight }),
      ...(perBatch && { per_batch: true }),
      ...(soft && { soft: true }),
      ...(peakWeight !== 1 && { peak_weight: peakWeight }),
    },
    isForeign: true,
    areBoxes: true,
    // The sums of a batch are divided by its number of objects.
    ...(perBatch && { couplesSamples: true }),
    values: (yTrue, yPred) => {
      checkShapes(yTrue, yPred);
      const boxes = boxesOf(yTrue, yPred);
      const { center, size } = distancesOf(boxes, yPred);
      const distances = add(mul(center, offsetWeight), mul(size, sizeWeight));
      const told = boxWeight === 0 ? distances : add(distances, mul(overlapLoss(boxes, yPred), boxWeight));
      const objects = perBatch ? mean(boxes.count) : boxes.count;
      const peaks = soft ? softPeakLoss(boxes, yPred, gamma) : peakLoss(boxes, yPred, gamma, nearness);
      return div(add(peakWeight === 1 ? peaks : mul(peaks, peakWeight), told), maximum(objects, 1));
    },
  };
}

function checkShapes(yTrue: Value, yPred: Value): void {
  const [truth, said] = [yTrue.type.shape, yPred.type.shape];
  if (truth.length === 3 && truth[2] === BOX_NUMBERS && said.length === 4 && said[3]! > BOX_MAPS) return;
  throw new FoveaError(
    "shape-mismatch",
    `centerPoints: expected boxes [batch, boxes, ${BOX_NUMBERS}] and maps [batch, rows, columns, classes + ${BOX_MAPS}], ` +
      `received ${showShape(truth)} and ${showShape(said)}`,
  );
}

/** 1 at the cell of each box's center, `[batch, boxes, cells]`; nothing for no box. */
function centers({ isBox, column, row }: CellBoxes, rows: number, columns: number): Value {
  const [batch, most] = isBox.type.shape as [number, number, number];
  const along = (cell: Value, size: number): Value => cast(equal(iota([batch, most, size], 2), cell), "float32");
  return mul(overCells(along(column, columns), along(row, rows)), isBox);
}

/** Maps of classes, `[batch, cells, classes]`. */
interface ClassMaps {
  /** Heights of the bells, 1 at a center; of crowds 1 on the cells within them. */
  readonly near: Value;
  /** Cells within crowds, where background is not wrong. */
  readonly crowds: Value;
  /** Predicted probabilities. */
  readonly p: Value;
}

function classMaps(boxes: CellBoxes, yPred: Value, soft: boolean): ClassMaps {
  const [batch, rows, columns, maps] = yPred.type.shape as [number, number, number, number];
  const [, most] = boxes.isBox.type.shape as [number, number, number];
  const classes = maps - BOX_MAPS;
  // Bells to the power of the norm.
  const bell = (cell: Value, center: Value, size: Value, cells: number): Value => {
    const narrow = add(mul(size, SPREAD), LEAST_SPREAD);
    const deviation = soft ? add(narrow, mul(maximum(sub(size, SMALL), 0), WIDER)) : narrow;
    const index = iota([batch, most, cells], 2);
    const curve = exp(div(mul(square(sub(index, cell)), -NORM / 2), square(deviation)));
    const within = greater(mul(size, 0.5), abs(sub(add(index, 0.5), center)));
    return select(boxes.isCrowd, within, curve);
  };
  const { column, row, x, y, width, height } = boxes;
  const bells = overCells(bell(column, x, width, columns), bell(row, y, height, rows));
  const predicted = slice(yPred, [0, 0, 0, 0], [batch, rows, columns, classes]);
  return {
    near: pow(ofClasses(mul(bells, add(boxes.isBox, boxes.isCrowd)), boxes), 1 / NORM),
    crowds: ofClasses(mul(bells, boxes.isCrowd), boxes),
    p: clip(reshape(predicted, [batch, rows * columns, classes]), PROBABILITY, 1 - PROBABILITY),
  };
}

/** Numbers of boxes on cells, `[batch, boxes, cells]`, as those of classes: sums of at most 1, `[batch, cells, classes]`. */
const ofClasses = (cells: Value, { classes }: CellBoxes): Value =>
  minimum(matmul(cells, classes, { transposeA: true }), 1);

/** The focal loss of the maps of classes, `[batch]`. */
function peakLoss(boxes: CellBoxes, yPred: Value, gamma: number, nearness: number): Value {
  const [, rows, columns] = yPred.type.shape as [number, number, number, number];
  const { near, p } = classMaps(boxes, yPred, false);
  const peaks = ofClasses(centers(boxes, rows, columns), boxes);
  const missed = mul(mul(pow(sub(1, p), gamma), log(p)), peaks);
  const invented = mul(mul(mul(pow(sub(1, near), nearness), pow(p, gamma)), log(sub(1, p))), sub(1, peaks));
  return neg(sum(add(missed, invented), [1, 2]));
}

/** The quality focal loss of the maps of classes, `[batch]`: crossentropy to the height of the bell, less where it is right already. */
function softPeakLoss(boxes: CellBoxes, yPred: Value, gamma: number): Value {
  const { near, crowds, p } = classMaps(boxes, yPred, true);
  const crossentropy = add(mul(near, log(p)), mul(sub(1, near), log(sub(1, p))));
  return neg(sum(mul(mul(pow(abs(sub(near, p)), gamma), crossentropy), sub(1, crowds)), [1, 2]));
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
