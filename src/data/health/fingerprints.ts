// Fingerprints of many files, decoded once on several threads: for copies, near copies and the store of seen photos.
import { defined } from "../../core/defined.js";
import { checkOptions, flag } from "../../core/options.js";
import type { DecodeFailure } from "../decode-batch.js";
import type { PendingFile } from "../decode-pool.js";
import type { FingerprintTable } from "./fingerprint.js";
import { collectedFrom } from "./one-pass.js";
import { type TileTable, tableOfTiles } from "./tiles.js";

/** Fingerprints of files, in the order of the files. */
export interface FileFingerprints extends FingerprintTable {
  /** SHA-256 of each file's bytes; empty where it cannot be read. */
  readonly bytes: readonly string[];
  /** Widths in pixels as the images are shown; 0 where they cannot be decoded. */
  readonly widths: Uint32Array;
  /** Heights in pixels as the images are shown; 0 where they cannot be decoded. */
  readonly heights: Uint32Array;
  /** Files that cannot be decoded, in their order. */
  readonly errors: readonly Omit<DecodeFailure, "sentence">[];
  /** Hashes of small pictures, enlarged, by their places, where they were asked for. */
  readonly enlarged?: ReadonlyMap<number, Uint32Array>;
  /** Tiles by which parts of pictures are found, where they were asked for. */
  readonly tiles?: TileTable;
}

/**
 * Decodes files and takes their fingerprints. Files that cannot be decoded are among `errors` and do not hide the others.
 * @param options.threads decoding threads; 0 or 1 for none besides this one. Default: the number of the machine
 * @param options.memory bytes that large images may take while they are decoded. Default: 2 GB
 * @param options.tiles also takes tiles, by which `cropPairs` finds parts of pictures. Default false
 * @param options.enlarged also takes the hashes of small pictures as if they were large, by which reduced ones are found. Default
 * false
 * @param options.onProgress receives the number of files that are done, and of all
 * @param files Files to read.
 * @param options Threads, memory, further hashes, and a function that hears of progress.
 * @throws FoveaError for unknown options.
 * @example const prints = await fingerprintsOf([{ name: "a.jpg", size: 34_127, source: "photos/a.jpg" }]);
 */
export async function fingerprintsOf(
  files: readonly PendingFile[],
  options: {
    readonly threads?: number;
    readonly memory?: number;
    readonly tiles?: boolean;
    readonly enlarged?: boolean;
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<FileFingerprints> {
  checkOptions("fingerprintsOf", options, ["threads", "memory", "tiles", "enlarged", "onProgress"]);
  const further = (["tiles", "enlarged"] as const).filter((name) =>
    flag(`fingerprintsOf ${name}`, options[name], false),
  );
  const { facts, collected } = await collectedFrom(files, ["pdq", "pixels", ...further] as const, options);
  const { widths, heights, hashes, undecodable } = facts;
  const errors = [...undecodable].map(([at, failure]) => ({ at, ...failure })).sort((a, b) => a.at - b.at);
  const prints = { ...collected.pdq, pixels: collected.pixels };
  const tiles = further.includes("tiles") ? tableOfTiles(collected.tiles) : undefined;
  const enlarged = further.includes("enlarged") ? collected.enlarged : undefined;
  return { ...prints, bytes: hashes, widths, heights, errors, ...defined({ tiles, enlarged }) };
}
