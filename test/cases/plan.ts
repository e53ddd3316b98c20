// A plan of tests, which pages load as well.

/** A plan for the smallest model there is. */
export const PLAN = {
  model: { name: "logistic" },
  preprocessing: { imageSize: [8, 8], color: "grayscale", interpolation: "lanczos" },
  split: { validation: 0.2, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 2, batchSize: 32, monitor: "val_loss", patience: null },
} as const;
