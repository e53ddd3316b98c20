// The proof of a run: trained again from its recipe, epoch by epoch against its history, and the weights at the end
// compared to the bit. Nothing is written.
import { FoveaError } from "../../core/errors.js";
import { type HistoryTable, readHistoryCsv } from "../../formats/run/history-csv.js";
import { readMetrics } from "../../formats/run/metrics.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { Callback, Logs } from "../../nn/index.js";
import { checkSameData, type ExperimentData } from "../data/experiment-data.js";
import type { TrainOptions } from "../training/train.js";
import { RUN_FILES, type RunFolder } from "./folder.js";
import { train } from "./training.js";

/** Results that a run left for comparison. */
export interface Expected {
  /** Losses and metrics of each epoch. */
  readonly history: HistoryTable;
  /** SHA-256 of the weights at the end. */
  readonly weightsSha256: string;
}

/** The first epoch (from 1) after which something was not as in the run. */
export interface Difference {
  /** Number of the epoch, counted from 1. */
  readonly epoch: number;
  /** Name of the quantity in the history, such as "val_loss". */
  readonly quantity: string;
  /** Its value in the run; undefined where the run does not have it. */
  readonly was: number | undefined;
  /** Its value in the replay; undefined where the replay does not have it. */
  readonly is: number | undefined;
}

/** The result of a replay. */
export interface Replayed {
  /** SHA-256 of the weights; undefined when training was ended at the first difference. */
  readonly weightsSha256: string | undefined;
  /** The first difference from the run's history; undefined where all epochs are the same to the bit. */
  readonly difference: Difference | undefined;
  /** True where all epochs and the weights at the end are the same to the bit. */
  readonly sameBits: boolean;
}

/**
 * Results of a run that a replay is compared with.
 * @param folder folder of the run
 * @throws FoveaError when the run has not ended
 */
export async function expectedOf(folder: RunFolder): Promise<Expected> {
  if (!(await folder.has("metrics")))
    throw new FoveaError(
      "unfinished",
      `${folder.path} has not ended yet (there is no ${RUN_FILES.metrics}); continue with fovea train --resume ${folder.path}`,
    );
  const metrics = readMetrics(await folder.text("metrics"), folder.file("metrics"));
  return {
    history: readHistoryCsv(await folder.text("history"), folder.file("history")),
    weightsSha256: metrics.weights_sha256,
  };
}

/** Ends training at the first epoch whose results are not, to the bit, those of the run. */
class Comparison implements Callback {
  readonly #abort = new AbortController();
  #difference: Difference | undefined;

  constructor(readonly expected: HistoryTable) {}

  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  get difference(): Difference | undefined {
    return this.#difference;
  }
  readonly stop = (): void => this.#abort.abort();

  onEpochEnd(epoch: number, logs: Logs): void {
    const { history } = this.expected;
    const quantity = [...new Set([...Object.keys(history), ...Object.keys(logs)])].find(
      (key) => !Object.is(history[key]?.[epoch], logs[key]),
    );
    if (quantity === undefined) return;
    this.#difference = { epoch: epoch + 1, quantity, was: history[quantity]?.[epoch], is: logs[quantity] };
    this.stop();
  }
}

/**
 * Trains again and compares epoch by epoch. Training ends at the first difference, and nothing is written.
 * @param recipe recipe of the run
 * @param data the same images, or the same table, as the run had
 * @param expected results of the run, from `expectedOf`
 * @param options threads, place and observer of the training, and a signal that ends it. Default: those of `train`
 * @throws FoveaError when the images are not those of the run, or `signal` ends it
 */
export async function replay(
  recipe: Recipe,
  data: ExperimentData,
  expected: Expected,
  options: Pick<TrainOptions, "threads" | "runtime" | "signal" | "observer" | "findPackage"> = {},
): Promise<Replayed> {
  checkSameData(data, recipe.data);
  const comparison = new Comparison(expected.history);
  const { signal, ...others } = options;
  signal?.addEventListener("abort", comparison.stop, { once: true });
  const { model, subject, epochs, weightsSha256 } = await train(recipe, data, {
    ...others,
    signal: comparison.signal,
    keep: [comparison],
  });
  await subject?.model.close();
  await model.close();
  if (signal?.aborted)
    throw new FoveaError("interrupted", "interrupted; nothing can be said about the rest of the run");
  const { difference } = comparison;
  if (difference !== undefined) return { weightsSha256: undefined, difference, sameBits: false };
  const sameBits = weightsSha256 === expected.weightsSha256 && epochs === expected.history.epoch.length;
  return { weightsSha256, difference, sameBits };
}
