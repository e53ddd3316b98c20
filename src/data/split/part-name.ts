// Names of the parts of a data set.

export const PART_NAMES = ["train", "validation", "test"] as const;

/** The part that trains, the part that chooses the best epoch, and the part that judges. */
export type PartName = (typeof PART_NAMES)[number];
