// The images that the shipped network for handwriting takes.

/** Height and width, in pixels. */
export const SHIPPED_SIZE = [80, 60] as const;
