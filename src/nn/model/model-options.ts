// Options of a model's compilation and of its passes over data.
import type { Numerics } from "../../core/graph/graph.js";
import type { OptimizerLike } from "../optimizers/index.js";
import type { ObjectiveOptions } from "./objective.js";

/** Options of `compile`, in Keras's words. */
export interface CompileOptions extends ObjectiveOptions {
  /** An optimizer, or its name with Keras's defaults: `"adam"`. */
  readonly optimizer: OptimizerLike;
  /**
   * Version of the numerics of training steps: steps of one version have the same bits in every release of Fovea. Default 2, the
   * newest; 1 for the bits of models that were trained before there was a second.
   */
  readonly numerics?: Numerics;
}

/** Options of passes over data without training. */
export interface BatchOptions {
  /** Samples at a time. Default 32. */
  readonly batchSize?: number;
  /**
   * Called after each batch with the number of samples done. Default: none.
   * @param done Samples that are through.
   * @param total All samples.
   */
  readonly onBatch?: (done: number, total: number) => void;
}

/** Options of predictions. */
export interface PredictionOptions extends BatchOptions {
  /**
   * True to compute a batch of fewer samples as a whole one, filled with zeros: the answers are the same, and no program is compiled for
   * another number of samples. Default false.
   */
  readonly fill?: boolean;
}
