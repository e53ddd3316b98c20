// Objectives of the searches: functions of two settings from 0 to 1, each the larger the better, with 1 or so at the top.

export const OBJECTIVES = ["narrow", "round", "ridge"] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

export interface Objective {
  readonly title: string;
  readonly formula: string;
  /** The same as JavaScript, for the code. */
  readonly code: string;
  readonly evaluate: (x: number, y: number) => number;
}

export const OBJECTIVE_FACTS: Readonly<Record<ObjectiveName, Objective>> = {
  narrow: {
    title: "one matters",
    formula: "exp(−((x − 0.37) / 0.07)²) + 0.05 y",
    code: "Math.exp(-(((x - 0.37) / 0.07) ** 2)) + 0.05 * y",
    evaluate: (x, y) => Math.exp(-(((x - 0.37) / 0.07) ** 2)) + 0.05 * y,
  },
  round: {
    title: "both matter",
    formula: "exp(−((x − 0.5)² + (y − 0.5)²) / 0.08)",
    code: "Math.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.08)",
    evaluate: (x, y) => Math.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.08),
  },
  ridge: {
    title: "they depend on each other",
    formula: "exp(−((x + y − 0.85) / 0.09)²) · (1 − 0.4 x)",
    code: "Math.exp(-(((x + y - 0.85) / 0.09) ** 2)) * (1 - 0.4 * x)",
    evaluate: (x, y) => Math.exp(-(((x + y - 0.85) / 0.09) ** 2)) * (1 - 0.4 * x),
  },
};

/** The values that a grid tries of each setting: the middles of `side` equal parts. */
export const gridValues = (side: number): readonly number[] =>
  Array.from({ length: side }, (_, i) => Math.round(((i + 0.5) / side) * 10_000) / 10_000);
