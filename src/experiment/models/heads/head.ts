// The record of a detector's head: how its outputs lie, and how boxes are read off them. One record a layout; index.ts has the total
// table of them, and tells heads by their shapes.
import type { RescaleName } from "../../../formats/models/pixels.js";

/** One output of a model for one image. */
export interface HeadOutput {
  /** Extents without that of the batch; -1 where one depends on the image. */
  readonly shape: readonly number[];
}

/** Facts that heads are told by. */
export interface Seen {
  readonly outputs: readonly HeadOutput[];
  /** Last extents of the network's own tensors, where operators behind them make the outputs. */
  readonly before: readonly number[];
  /** Height and width of the images that the model takes. */
  readonly imageSize: readonly [height: number, width: number];
  /** Number of classes that the file or the user names. */
  readonly named: number | undefined;
  /** True where the file says that it sorts and suppresses boxes itself, false where it says the contrary. */
  readonly isFinished: boolean | undefined;
}

/** One output's numbers for one image. */
export interface HeadValues extends HeadOutput {
  readonly data: ArrayLike<number>;
}

/** A box in pixels of the model's input. */
export interface Candidate {
  readonly label: number;
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Head {
  /** Words for it in messages, after "a head of". */
  readonly title: string;
  /** Way in which images become the model's input: with grey beside them, or stretched. */
  readonly fit: "letterbox" | "stretch";
  /** Scale of pixels that such models take. */
  readonly rescale: RescaleName;
  /** True where several boxes of one object are left, which non-maximum suppression thins out. */
  readonly overlaps: boolean;
  /** True where a shape alone says too little, so that the file has to name as many classes. */
  readonly needsNames?: true;
  /** True where the first class is the background, which lists of names may leave out. */
  readonly hasBackground?: true;
  /** True where the network subtracts means of pixels from 0 to 1 itself. */
  readonly normalizes?: true;
  /** Number of classes where the shapes fit, 0 where they leave it open; undefined where they do not fit. */
  classes(seen: Seen): number | undefined;
  /** Boxes with the surest class of each, in any order. */
  candidates(outputs: readonly HeadValues[], classes: number, imageSize: Seen["imageSize"]): Candidate[];
}

/** Candidates below this score are dropped at once, as no figure counts them. */
export const LEAST = 0.001;

/** A box from its center and its size. */
export const centered = (
  label: number,
  score: number,
  x: number,
  y: number,
  wide: number,
  high: number,
): Candidate => ({
  ...{ label, score },
  ...{ left: x - wide / 2, top: y - high / 2, right: x + wide / 2, bottom: y + high / 2 },
});

/** The largest of some numbers and its place, the first of equal ones. */
export function largest(count: number, at: (index: number) => number): readonly [place: number, value: number] {
  let [position, value] = [0, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < count; index++) if (at(index) > value) [position, value] = [index, at(index)];
  return [position, value];
}
