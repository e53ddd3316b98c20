// Heads whose outputs are boxes already: sorted, and without those that overlap, or with one box an object by their training.
import { type Candidate, type Head, LEAST, type Seen } from "./head.js";
import { isGrid, lonePair } from "./yolo.js";

/** Numbers of a row: two corners, score and class. */
const NUMBERS = 6;
/** The most rows that such heads have. */
const MOST_ROWS = 1000;

/** Rows of a lone output that are no grid; undefined for other outputs. */
export function fewRows(seen: Seen): readonly [rows: number, numbers: number] | undefined {
  const [rows, numbers] = lonePair(seen) ?? [0, 0];
  const isFew = rows === -1 || (rows > 0 && rows <= MOST_ROWS && !isGrid(rows, seen.imageSize));
  return isFew && !isGrid(numbers, seen.imageSize) ? [rows, numbers] : undefined;
}

/** `[1, rows, 6]`: left, top, right, bottom, score and class. */
export const yoloEnd: Head = {
  title: "YOLO v10 or v26, or exported with nms=True, [1, rows, 6]",
  fit: "letterbox",
  rescale: "0..1",
  overlaps: false,
  classes: (seen) => (fewRows(seen)?.[1] === NUMBERS && seen.isFinished !== false ? 0 : undefined),
  candidates: ([output]) => {
    const { data } = output!;
    const found: Candidate[] = [];
    for (let start = 0; start + NUMBERS <= data.length; start += NUMBERS) {
      const [left, top, right, bottom, score, label] = Array.from({ length: NUMBERS }, (_, i) => data[start + i]!) as [
        number,
        ...[number, number, number, number, number],
      ];
      if (score >= LEAST) found.push({ label, score, left, top, right, bottom });
    }
    return found;
  },
};

/** Boxes `[n, 4]`, scores `[n]` and labels `[n]`, as torchvision's detectors give them for one image. */
export const torchvision: Head = {
  title: "torchvision's detectors, boxes [n, 4], scores [n], labels [n]",
  fit: "stretch",
  rescale: "0..1",
  overlaps: false,
  hasBackground: true,
  normalizes: true,
  classes: ({ outputs, before }) => {
    const [boxes, ...lists] = [...outputs].sort((a, b) => b.shape.length - a.shape.length);
    const isOne = outputs.length === 3 && boxes!.shape.length === 2 && boxes!.shape[1] === 4;
    if (!isOne || lists.some(({ shape }) => shape.length !== 1)) return undefined;
    // Scores of all classes are a tensor of the network; the background is the first of them, so that one number is no such tensor.
    const extent = Math.max(0, ...before.filter((numbers) => numbers !== 4));
    return extent < 2 ? 0 : extent;
  },
  candidates: (outputs) => {
    const boxes = outputs.find(({ shape }) => shape.length === 2)!;
    const [first, second] = outputs.filter(({ shape }) => shape.length === 1) as [
      (typeof outputs)[0],
      (typeof outputs)[0],
    ];
    // Exported in the order of torchvision's dictionary, boxes, scores, labels, or of its names, boxes, labels, scores.
    const isWhole = Array.from(first.data).every(Number.isInteger) && !Array.from(second.data).every(Number.isInteger);
    const [scores, labels] = isWhole ? [second, first] : [first, second];
    return Array.from(scores.data, (score, row): Candidate => {
      const [left, top, right, bottom] = [0, 1, 2, 3].map((i) => boxes.data[4 * row + i]!) as [
        number,
        ...[number, number, number],
      ];
      return { label: labels.data[row]!, score, left, top, right, bottom };
    }).filter(({ score }) => score >= LEAST);
  },
};
