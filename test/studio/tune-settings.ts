// Settings of small studies, for tests of the Tune view.
import type { TuneSettings } from "../../studio/contract/study-calls.js";

const range = (from: number, to = from) => ({ from, to });

/** A study whose trials take a moment each. */
export const smallStudy = (changes: Partial<TuneSettings> = {}): TuneSettings => ({
  study: "pets",
  network: "parts",
  networks: ["cnn"],
  ranges: {
    learningRate: range(1e-3, 1e-2),
    blocks: range(1, 2),
    filters: range(2, 4),
    kernel: range(3, 5),
    dropout: range(0, 0.5),
    dense: range(4),
    augmentation: range(0, 0.1),
  },
  objective: "accuracy",
  trials: 3,
  epochs: 2,
  batchSize: 8,
  patience: 2,
  sampler: "random",
  pruner: "none",
  parallel: 1,
  seed: 5,
  ...changes,
});
