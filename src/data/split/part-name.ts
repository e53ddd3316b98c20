// Names of the parts of a data set.

/** The names of the parts of data. */
export const PART_NAMES = ["train", "validation", "test"] as const;

/** The part that trains, the part that chooses the best epoch, and the part that judges. */
export type PartName = (typeof PART_NAMES)[number];
