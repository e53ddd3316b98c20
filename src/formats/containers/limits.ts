// Limits of memory for packed files: the size of the file bounds the size of its contents, so that a small file from
// anywhere cannot take a machine's memory, whatever it claims.

/** No deflate stream expands further: 258 bytes out of every two bits. */
export const MOST_EXPANSION = 1032;

/** Weights pack to nine tenths, text to a tenth: what expands further than this is no model. */
const USUAL_EXPANSION = 64;
const LEAST_LIMIT = 2 ** 28;
const HIGHEST_LIMIT = 2 ** 32;

/** The most bytes that a file of `packed` bytes may unpack to: 64 times as many, at least 256 MiB and at most 4 GiB. */
export const unpackedLimit = (packed: number): number =>
  Math.min(HIGHEST_LIMIT, Math.max(LEAST_LIMIT, USUAL_EXPANSION * packed));
