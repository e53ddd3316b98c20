// Words that sentences about label journals share.

const PLURALS = { entry: "entries", image: "images", label: "labels" } as const;

/** `1 entry`, `2 entries`. */
export const counted = (count: number, noun: keyof typeof PLURALS): string =>
  `${count} ${count === 1 ? noun : PLURALS[noun]}`;
