// What looks wrong with a set of images, as plain data: what it is, which files show it, what to do. Who finds it is
// layout.ts and copies.ts; who prints it decides how loudly.

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
  /** The same bytes in two parts of the data. */
  | "leak"
  /** The same bytes in two classes. */
  | "label";

export interface Finding {
  readonly kind: FindingKind;
  /** An error is what no training on these folders can be right about. */
  readonly severity: "error" | "warning";
  /** Some files or folders that show it. */
  readonly files: readonly string[];
  /** What was found, without a full stop. */
  readonly evidence: string;
  /** What to do, without a full stop. */
  readonly remedy: string;
}

/** A finding as a sentence. */
export const sentenceOf = ({ evidence, remedy }: Finding): string =>
  `${evidence[0]!.toUpperCase()}${evidence.slice(1)}; ${remedy}.`;
