// The size of the blocks that the page shows: small enough to see single pixels.

/** Height and width of the picture, and so of every map. */
export const BLOCK_SIDE = 24;
export const BLOCK_CHANNELS = 8;
export const MOST_BLOCKS = 24;
