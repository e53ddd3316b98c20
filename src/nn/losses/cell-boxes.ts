// Boxes of targets on the cells of a detector's maps.
import {
  cast,
  clip,
  floor,
  greater,
  mul,
  oneHot,
  reshape,
  select,
  sliceAxis,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";

/** Numbers of a box in a target: class, center x and y, width and height, all but the class as shares of the image. */
export const BOX_NUMBERS = 5;
/** Maps of an output besides those of classes: center x and y from the cell's corner, width and height, all in cells. */
export const BOX_MAPS = 4;
/** Rules by which boxes are read off the maps, here and in files for other programs. */
export const CENTER_BOXES = {
  /** The most boxes of an image, as COCO counts them. */
  most: 100,
  /** Boxes below this score are not kept. */
  leastScore: 0.01,
  /** Two boxes of a class that overlap more than this are one object. */
  sameObject: 0.5,
} as const;

/** Boxes on the cells of an output. All but `count` and `classes` are `[batch, boxes, 1]`. */
export interface CellBoxes {
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

/** The boxes of a batch of targets on the cells of a batch of maps. */
export function boxesOf(yTrue: Value, yPred: Value): CellBoxes {
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
export function overCells(alongColumns: Value, alongRows: Value): Value {
  const [batch, most, columns] = alongColumns.type.shape as [number, number, number];
  const rows = alongRows.type.shape[2]!;
  const product = mul(reshape(alongRows, [batch, most, rows, 1]), reshape(alongColumns, [batch, most, 1, columns]));
  return reshape(product, [batch, most, rows * columns]);
}
