// One pass over files: each is read and decoded once, on several threads, and leaves the facts that collectors take of it.
import type { DecodeFailure } from "../decode-batch.js";
import { decodeFiles, type PendingFile } from "../decode-pool.js";
import { budgetWithin } from "../memory-budget.js";
import { type Collected, type CollectorName, emptyCollected, joinCollected } from "./collectors.js";

/** Facts of decoded files, in the order of the files. */
export interface DecodedFiles {
  /** Sizes as the images are shown; 0 where they cannot be decoded. */
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  /** Indices into COLOR_MODES. */
  readonly modes: Uint8Array;
  /** EXIF orientations, 1 to 8. */
  readonly orientations: Uint8Array;
  /** SHA-256 of each file's bytes, also where they cannot be decoded; empty where the file cannot be read. */
  readonly hashes: readonly string[];
  /** Reasons why files cannot be decoded. */
  readonly undecodable: ReadonlyMap<number, Pick<DecodeFailure, "reason" | "code">>;
}

export interface PassOptions {
  /** Decoding threads; 0 or 1 for none besides this one. Default: as many as the machine has. */
  readonly threads?: number | undefined;
  /** Bytes that large images may take while they are decoded. Default: 2 GB. */
  readonly memory?: number | undefined;
  /** Ends the pass with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the number of files that are done, and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Decodes files once and collects the facts that the named collectors take of each.
 * @throws the reason of the signal
 */
export async function collectedFrom<N extends CollectorName>(
  files: readonly PendingFile[],
  collect: readonly N[],
  { threads, memory, signal, onProgress }: PassOptions,
): Promise<{ readonly facts: DecodedFiles; readonly collected: Pick<Collected, N> }> {
  const count = files.length;
  const collected = emptyCollected(collect, count);
  const facts = {
    heights: new Uint32Array(count),
    widths: new Uint32Array(count),
    modes: new Uint8Array(count),
    orientations: new Uint8Array(count).fill(1),
    hashes: new Array<string>(count).fill(""),
    undecodable: new Map<number, Pick<DecodeFailure, "reason" | "code">>(),
  };
  let done = 0;
  await decodeFiles(files, { collect, threads, budget: budgetWithin(memory) }, (first, result) => {
    signal?.throwIfAborted();
    for (const name of ["heights", "widths", "modes", "orientations"] as const) facts[name].set(result[name], first);
    for (const [i, hash] of result.hashes.entries()) facts.hashes[first + i] = hash;
    for (const { at, reason, code } of result.errors) {
      facts.undecodable.set(first + at, { reason, code });
      [facts.heights[first + at], facts.widths[first + at]] = [0, 0];
    }
    joinCollected(collect, collected, first, result.collected);
    done += result.heights.length;
    onProgress?.(done, count);
  });
  return { facts, collected };
}
