// The lines of a file of any size, one after the other, in the memory of some.
import type { Files } from "./files/files.js";

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

/** A line of a file. */
export interface FileLine {
  /** Without its line break; the first bytes of a line that is longer than any may be. */
  readonly bytes: Uint8Array;
  /** False for a last line without its break. */
  readonly isWhole: boolean;
  /** Place of its first byte. */
  readonly start: number;
}

/**
 * The lines of a file, those without a byte too.
 * @param most the most bytes of a line; of a longer one the first are given, with one more
 */
export async function* linesOfFile(files: Files, path: string, most: number): AsyncGenerator<FileLine> {
  const file = await files.openFile(path);
  try {
    let rest = new Uint8Array(0);
    let start = 0;
    // Bytes of a line behind the most that a line may have are passed over.
    let passed = 0;
    for (let at = 0; at < file.size; at += CHUNK) {
      const chunk = await file.read(at, Math.min(CHUNK, file.size - at));
      const bytes = new Uint8Array(rest.length + chunk.length);
      bytes.set(rest);
      bytes.set(chunk, rest.length);
      let from = 0;
      for (let end = bytes.indexOf(10, rest.length); end >= 0; end = bytes.indexOf(10, from)) {
        yield { bytes: bytes.subarray(from, end), isWhole: true, start };
        start += end - from + passed + 1;
        [from, passed] = [end + 1, 0];
      }
      rest = bytes.slice(from);
      if (rest.length > most + 1) {
        passed += rest.length - most - 1;
        rest = rest.slice(0, most + 1);
      }
    }
    if (rest.length > 0) yield { bytes: rest, isWhole: false, start };
  } finally {
    await file.close();
  }
}
