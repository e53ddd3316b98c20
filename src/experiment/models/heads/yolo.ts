// Heads of YOLO networks: a box for each cell of grids of 8, 16, 32 and sometimes 64 pixels, in pixels of the input.
import { type Candidate, centered, type Head, LEAST, largest, type Seen } from "./head.js";

const STRIDES = [8, 16, 32, 64] as const;
/** Anchors of a cell in versions that have several. */
const ANCHORS = 3;
/** Numbers of a box before those of its classes. */
const BOX = 4;

/** Numbers of cells that grids of three or four strides have. */
export function cellCounts([height, width]: Seen["imageSize"]): readonly number[] {
  const cells = STRIDES.map((stride) => Math.ceil(height / stride) * Math.ceil(width / stride));
  const sum = (count: number): number => cells.slice(0, count).reduce((total, cell) => total + cell, 0);
  return [sum(3), sum(4)];
}

/** Checks whether a number of rows is that of a grid, with one anchor a cell or three. */
export const isGrid = (rows: number, imageSize: Seen["imageSize"]): boolean =>
  cellCounts(imageSize).some((cells) => rows === cells || rows === ANCHORS * cells);

/** The only output's two extents; undefined for other outputs. */
export function lonePair({ outputs }: Seen): readonly [number, number] | undefined {
  const [only, ...others] = outputs;
  return only?.shape.length === 2 && others.length === 0 ? (only.shape as [number, number]) : undefined;
}

/** `[1, 4 + classes, cells]`: centers, sizes and probabilities of classes, one column a cell. */
export const yoloV8: Head = {
  title: "YOLO v8, v9, v11 or v12, [1, 4 + classes, cells]",
  fit: "letterbox",
  rescale: "0..1",
  overlaps: true,
  classes: (seen) => {
    const [channels, cells] = lonePair(seen) ?? [0, 0];
    return channels > BOX && cellCounts(seen.imageSize).includes(cells) ? channels - BOX : undefined;
  },
  candidates: ([output], classes) => {
    const { data, shape } = output!;
    const cells = shape[1]!;
    const found: Candidate[] = [];
    for (let cell = 0; cell < cells; cell++) {
      const at = (channel: number): number => data[channel * cells + cell]!;
      const [label, score] = largest(classes, (index) => at(BOX + index));
      if (score >= LEAST) found.push(centered(label, score, at(0), at(1), at(2), at(3)));
    }
    return found;
  },
};

/** `[1, rows, 5 + classes]`: centers, sizes, the probability of an object, and probabilities of classes given one. */
export const yoloV5: Head = {
  title: "YOLO v5, v6 or v7, [1, rows, 5 + classes]",
  fit: "letterbox",
  rescale: "0..1",
  overlaps: true,
  classes: (seen) => {
    const [rows, numbers] = lonePair(seen) ?? [0, 0];
    return numbers > BOX + 1 && isGrid(rows, seen.imageSize) ? numbers - BOX - 1 : undefined;
  },
  candidates: ([output], classes) => {
    const { data, shape } = output!;
    const [rows, numbers] = shape as readonly [number, number];
    const found: Candidate[] = [];
    for (let row = 0; row < rows; row++) {
      const at = (index: number): number => data[row * numbers + index]!;
      const [label, best] = largest(classes, (index) => at(BOX + 1 + index));
      const score = Math.fround(best * at(BOX));
      if (score >= LEAST) found.push(centered(label, score, at(0), at(1), at(2), at(3)));
    }
    return found;
  },
};
