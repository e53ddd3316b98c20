// Bytes that are read where they are needed: of a file in memory, or of one on a disk of which only a few places matter.

export interface ByteSource {
  readonly length: number;
  /** The bytes from `start`, fewer than `length` at the end, none beyond it. */
  read(start: number, length: number): Uint8Array;
}

/** The bytes of a file that is in memory. */
export const bytesInMemory = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: (start, length) => bytes.subarray(start, start + length),
});

const PAGE_BYTES = 4096;

/**
 * A source that reads whole pages and keeps the last one: what is read in steps of a few bytes mostly lies side by side.
 * @param size the bytes there are
 * @param readAt reads from where they lie
 */
export function pagedSource(size: number, readAt: ByteSource["read"]): ByteSource {
  let first = 0;
  let page = new Uint8Array(0);
  return {
    length: size,
    read: (start, length) => {
      const end = Math.min(start + length, size);
      if (end <= start) return new Uint8Array(0);
      if (start < first || end > first + page.length) {
        first = start;
        page = new Uint8Array(readAt(start, Math.min(Math.max(length, PAGE_BYTES), size - start)));
      }
      return page.subarray(start - first, end - first);
    },
  };
}
