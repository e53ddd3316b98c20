// Messages between the page and the worker that packs what a reader brings.

/** A file of the reader's disk, with its path in what was brought. */
export interface BroughtFile {
  readonly path: string;
  readonly file: File;
}

export interface ToPack {
  readonly files: readonly BroughtFile[];
  /** The wanted name of the archive. */
  readonly name: string;
  /** Goal of the archive: an address of the program that served the page, or the browser's private files. */
  readonly to: { readonly address: string } | "private";
}

/** The progress of packing, in bytes. */
export interface PackProgress {
  readonly state: "packing" | "sending";
  readonly done: number;
  readonly total: number;
}

export type FromPacker =
  | ({ readonly kind: "progress" } & PackProgress)
  | { readonly kind: "done"; readonly path: string }
  | { readonly kind: "failed"; readonly error: string };
