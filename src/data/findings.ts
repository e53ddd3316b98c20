// Suspected faults of a set of images, as plain data: evidence, files that show it, remedy. layout.ts and copies.ts
// find them; the code that prints them decides how prominent they are.

/** The kind of a fault of data. */
export type FindingKind =
  /** Masks of segmentation among, or beside, the photos that they belong to. */
  | "masks"
  /** Class folders whose names differ in nothing that a reader sees, or in capitals only. */
  | "spelling"
  /** A class that some part of the data lacks. */
  | "class"
  /** A folder without images where a class is expected. */
  | "empty"
  /** Two folders for the same part of the data. */
  | "split"
  /** A table beside the images, which is not read. */
  | "table"
  /** The same picture in two parts of the data, or a column of a table that gives the target away. */
  | "leak"
  /** A label that must be, or is likely to be, wrong. */
  | "label"
  /** A number to predict that neighbours and model contradict. */
  | "target"
  /** Corrections of labels that the images contradict. */
  | "journal"
  /** Images that are the same to the byte, or in every pixel. */
  | "copy"
  /** Images that show the same picture: scaled, saved again, turned, mirrored, brightened. */
  | "near-copy"
  /** An image that shows a part of another. */
  | "crop"
  | "dark"
  | "bright"
  /** Images of hardly more than one colour. */
  | "flat"
  | "blurred"
  /** Images of little contrast. */
  | "contrast"
  /** Images of a size, of proportions or of a number of channels that hardly any other has. */
  | "odd-size"
  /** Images with a border of one colour, and pictures of a screen. */
  | "border"
  /** Classes of too few images to learn or to judge. */
  | "small-class"
  /** A property by which parts of the data, or classes, differ, so that a model can cheat. */
  | "shift"
  /** EXIF times that cannot be right, and places that others may read. */
  | "metadata"
  /** Files that cannot be decoded, or only in part. */
  | "undecodable"
  /** Annotations that contradict their image, or that cannot be read. */
  | "annotation";

/** A fault of data, with evidence and advice. */
export interface Finding {
  /** The kind of the fault. */
  readonly kind: FindingKind;
  /** An error is a fault that makes every training on these folders wrong; a note need not be a fault at all. */
  readonly severity: "error" | "warning" | "note";
  /**
   * Some files or folders that show it, as paths with `/` below the folder of the data, which with several parts is the
   * folder that holds theirs: `Test/东/1.png`. Files elsewhere have their whole path.
   */
  readonly files: readonly string[];
  /** Description of the fault, without a full stop. */
  readonly evidence: string;
  /** Advice, without a full stop. */
  readonly remedy: string;
}

/**
 * A finding as a sentence.
 * @example sentenceOf({ kind: "copy", severity: "warning", files: [], evidence: "two images are equal", remedy: "leave one out" });
 */
export const sentenceOf = ({ evidence, remedy }: Finding): string =>
  `${evidence[0]!.toUpperCase()}${evidence.slice(1)}; ${remedy}.`;
