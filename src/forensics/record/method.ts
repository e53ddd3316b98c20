// The record of a method of image forensics. Each states what it measures, what it cannot see, and where it was
// published, and these words stand beside its evidence in every dossier.
import type { ImageFormat } from "../../data/index.js";
import type { Evidence } from "./evidence.js";
import type { ExaminedImage } from "./image.js";

/** The families of methods, in the order of a dossier. */
export const METHOD_KINDS = ["metadata", "credentials", "compression", "pixels"] as const;
/** The kind of traces that a method looks for. */
export type MethodKind = (typeof METHOD_KINDS)[number];

/** A method of examining image files. */
export interface Method {
  /** Name in JSON and on the command line: kebab-case. */
  readonly name: string;
  /** Heading in the dossier. */
  readonly title: string;
  /** The kind of traces that it looks for. */
  readonly kind: MethodKind;
  /** The quantity that it measures: one sentence without a full stop at the end. */
  readonly measures: string;
  /** Its blind spots and errors: one or two sentences without a full stop at the end. */
  readonly limits: string;
  /** The paper, standard or data that it rests on, as one cites it. */
  readonly source: string;
  /** The formats that it can examine; a file of another format is answered with the finding "unable". */
  readonly appliesTo: readonly ImageFormat[] | "all";
  /** The constants that its answer depends on, by name, as they stand in the dossier. */
  readonly settings?: Readonly<Record<string, number | string>>;
  /**
   * Examines an image. A FoveaError becomes the finding "unable" with its sentence; time and memory are bounded,
   * even if the file claims large sizes.
   * @param image The file with its pixels.
   */
  run(image: ExaminedImage): Evidence | Promise<Evidence>;
}
