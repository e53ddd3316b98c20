// The listing of a source: images that are not read yet, with the columns that are known of each. Class folders,
// manifests, archives and lists from code all give one; a store opens its images.
import type { Finding } from "../findings.js";
import type { SplitName } from "../folders.js";

/** An image that is not read before its turn comes. */
export interface ListedImage {
  /** Name in messages and in hashes, with `/`: `东/1.png`. */
  readonly path: string;
  /** Length of the file in bytes; 0 where it is not known. */
  readonly size: number;
  /** A path on the disk, or a function that brings the bytes. */
  readonly source: string | (() => Promise<Uint8Array>);
}

/** One value an image: text, numbers, or several labels. */
export type ListingColumn = readonly string[] | Float64Array | readonly (readonly string[])[];

export interface Listing {
  /** Folder, manifest or archive, as messages name it. */
  readonly where: string;
  readonly images: readonly ListedImage[];
  /** Label and target columns by name. */
  readonly columns: Readonly<Record<string, ListingColumn>>;
  readonly split?: readonly (SplitName | undefined)[];
  readonly group?: readonly string[];
  readonly weight?: Float64Array;
  readonly exposure?: Float64Array;
  /** ISO 8601. */
  readonly date?: readonly string[];
  readonly findings: readonly Finding[];
}
