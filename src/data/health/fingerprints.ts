// Fingerprints of many files, decoded once on several threads: for copies, near copies and the store of seen photos.
import { checkOptions, flag } from "../../core/options.js";
import { decodeFiles, type PendingFile } from "../decode-pool.js";
import { budgetWithin } from "../memory-budget.js";
import { type FingerprintTable, putFingerprints, tableOfFingerprints } from "./fingerprint.js";
import { type ImageTiles, joinedTiles, type TileTable } from "./tiles.js";

/** Fingerprints of files, in the order of the files. */
export interface FileFingerprints extends FingerprintTable {
  /** SHA-256 of each file's bytes; empty where it cannot be read. */
  readonly bytes: readonly string[];
  /** Sizes as the images are shown; 0 where they cannot be decoded. */
  readonly widths: Uint32Array;
  readonly heights: Uint32Array;
  /** Files that cannot be decoded, in their order. */
  readonly errors: readonly { readonly at: number; readonly reason: string }[];
  /** Tiles by which parts of pictures are found, where they were asked for. */
  readonly tiles?: TileTable;
}

/**
 * Decodes files and takes their fingerprints. Files that cannot be decoded are among `errors` and do not hide the others.
 * @param options.threads decoding threads; 0 or 1 for none besides this one. Default: the number of the machine
 * @param options.memory bytes that large images may take while they are decoded. Default: 2 GB
 * @param options.tiles also takes tiles, by which `cropPairs` finds parts of pictures. Default false
 * @param options.onProgress receives the number of files that are done, and of all
 * @throws FoveaError for unknown options.
 * @example const prints = await fingerprintsOf([{ name: "a.jpg", size: 34_127, source: "photos/a.jpg" }]);
 */
export async function fingerprintsOf(
  files: readonly PendingFile[],
  options: {
    readonly threads?: number;
    readonly memory?: number;
    readonly tiles?: boolean;
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<FileFingerprints> {
  checkOptions("fingerprintsOf", options, ["threads", "memory", "tiles", "onProgress"]);
  const { threads, memory, onProgress } = options;
  const takesTiles = flag("fingerprintsOf tiles", options.tiles, false);
  const table = tableOfFingerprints(files.length);
  const bytes = new Array<string>(files.length).fill("");
  const [widths, heights] = [new Uint32Array(files.length), new Uint32Array(files.length)];
  const errors: { at: number; reason: string }[] = [];
  const tiles: { readonly image: number; readonly tiles: ImageTiles }[] = [];
  let done = 0;
  const job = { fingerprints: true, tiles: takesTiles, threads, budget: budgetWithin(memory) };
  await decodeFiles(files, job, (first, result) => {
    if (result.fingerprints !== undefined) putFingerprints(table, first, result.fingerprints);
    for (const [i, hash] of result.hashes.entries()) bytes[first + i] = hash;
    for (const { at, ...found } of result.tiles ?? []) tiles.push({ image: first + at, tiles: found });
    widths.set(result.widths, first);
    heights.set(result.heights, first);
    for (const { at, reason } of result.errors) {
      errors.push({ at: first + at, reason });
      [widths[first + at], heights[first + at]] = [0, 0];
    }
    done += result.heights.length;
    onProgress?.(done, files.length);
  });
  errors.sort((a, b) => a.at - b.at);
  tiles.sort((a, b) => a.image - b.image);
  return { ...table, bytes, widths, heights, errors, ...(takesTiles && { tiles: joinedTiles(tiles) }) };
}
