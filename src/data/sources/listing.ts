// The list of a source's images with all that the source says of each: the same shape for class folders, manifests,
// archives, IDX and GNT files, and files from code or a page. Pixels are not read before a store asks for them.

import type { AnnotatedImage, Category } from "../annotations/index.js";
import type { Finding } from "../findings.js";
import type { PartName } from "../split/part-name.js";

/** An image that is not read before its turn comes. */
export interface ListedImage {
  /** Name in messages, hashes and reports: relative to the source, with `/`. */
  readonly path: string;
  /** Length of the file in bytes; 0 where it is not known. */
  readonly size: number;
  /** A file on the disk, or a function that brings the bytes of an image file where there is none. */
  readonly source: string | (() => Promise<Uint8Array>);
  /** True for a row of a manifest that leads to no image; its source then says so. */
  readonly isLost?: true;
}

/**
 * One column, a value for each image: text as it stands in a manifest (`""` where a cell is empty), numbers (NaN where
 * one is missing), or several labels per image. `data/targets` makes typed targets of it.
 */
export type ListingColumn = readonly string[] | Float64Array | readonly (readonly string[])[];

/** Masks of a listing's images: pictures of the same size, whose pixels are numbers of classes. */
export interface ListedMasks {
  /** Folder or column: the word for them in messages. */
  readonly where: string;
  /** One for each image of the listing. */
  readonly images: readonly ListedImage[];
  /** The folder that each image lies in, where all lie in some: the class of what a mask of two values marks. */
  readonly folders?: readonly string[];
  /** The names of the classes by their numbers, from a file classes.txt. */
  readonly classNames?: readonly string[];
  /** The manifest's column of masks; absent where their paths say which image they belong to. */
  readonly column?: string;
}

/** Objects on a listing's images, as annotation files have them. */
export interface ListedBoxes {
  /** The annotation files: the word for them in messages. */
  readonly where: string;
  /** The kinds of objects, by number. */
  readonly categories: readonly Category[];
  /** One for each image of the listing: its objects, and its size in pixels. */
  readonly images: readonly Pick<AnnotatedImage, "width" | "height" | "objects">[];
}

/** Images of any source with their labels, groups, weights and dates. */
export interface Listing {
  /** Folder, manifest or archive: the word for the source in messages. */
  readonly where: string;
  /** The images, in order. */
  readonly images: readonly ListedImage[];
  /** Label and target columns by name, in the order of the source; none for images without labels. */
  readonly columns: Readonly<Record<string, ListingColumn>>;
  /** The part that the source puts each image into; undefined for one that it leaves open. */
  readonly split?: readonly (PartName | undefined)[];
  /** Images of one group (a claim, a writer, a patient) never straddle two parts. */
  readonly group?: readonly string[];
  /** Weight of each image in losses and figures, at least 0. */
  readonly weight?: Float64Array;
  /** Time or amount under observation, above 0. */
  readonly exposure?: Float64Array;
  /** Dates as ISO 8601 has them, such as `2024-05-31`: they sort as text. */
  readonly date?: readonly string[];
  /** The line of the manifest that each image stands in, for messages. */
  readonly lines?: Int32Array;
  /** Present where masks were asked for. */
  readonly masks?: ListedMasks;
  /** Present where boxes were asked for. */
  readonly boxes?: ListedBoxes;
  /** Faults of the source. */
  readonly findings: readonly Finding[];
}
