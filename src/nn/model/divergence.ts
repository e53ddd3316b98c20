// Training whose loss stops being finite: the sentence about it, and the weights to return to. Nothing good comes after
// the first such loss, since every update is made of it.
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";

/** The loss that ended training. */
export interface Divergence {
  /** The epoch and the batch within it, counted from 0 as callbacks count. */
  readonly epoch: number;
  /** Number of the step in the epoch, from 0; undefined for the loss of the validation, or for weights, at its end. */
  readonly batch: number | undefined;
  /** NaN or an infinity: the loss, or where the last step spoiled them, the first such weight. */
  readonly loss: number;
  /** Number of epochs for which the model's present weights have been trained. */
  readonly epochsKept: number;
  /** One sentence: when it happened, which weights the model has, what to try. */
  readonly message: string;
}

/**
 * Training that diverged in its first epoch, so that nothing was learned. The model has the weights of before.
 * @param divergence The epoch, the step and the loss.
 * @example
 * try {
 *   await model.fit({ x: images, y: labels }, { epochs: 2 });
 * } catch (error) {
 *   if (error instanceof DivergedError) console.error(error.divergence);
 *   else throw error;
 * }
 */
export class DivergedError extends FoveaError {
  constructor(readonly divergence: Divergence) {
    super("diverged", divergence.message);
  }
}

/** Facts that `divergenceAt` puts into a sentence. */
type Facts = Omit<Divergence, "message"> & {
  /** The learning rate of the step. */
  readonly rate: number;
  /** True where the last step's loss was finite and the weights that it made are not. */
  readonly inWeights: boolean;
};

/** The loss that ended training, with its sentence. */
export function divergenceAt({ rate, inWeights, ...facts }: Facts): Divergence {
  const { epoch, batch, loss, epochsKept } = facts;
  const which = inWeights ? "a weight" : batch === undefined ? "the loss of the validation" : "the loss";
  const when =
    batch === undefined
      ? `${inWeights ? "in the last step of" : "after"} epoch ${epoch + 1}`
      : `in epoch ${epoch + 1}, step ${batch + 1}`;
  const weights = epochsKept === 0 ? "before training" : `the end of epoch ${epochsKept}`;
  return {
    ...facts,
    message:
      `fit: ${which} became ${loss} ${when}, so training ended and went back to the weights of ${weights}; try a ` +
      `lower learning rate (it was ${Number(rate.toPrecision(3))}), clipnorm: 1 in the optimizer, or inputs and targets of smaller size`,
  };
}

interface Snapshot {
  readonly epochs: number;
  readonly weights: readonly Tensor[];
}

/**
 * The newest weights that are known to give a finite loss. Those of the end of an epoch are, as soon as the validation
 * or the next step has a finite loss.
 */
export class GoodWeights {
  #confirmed: Snapshot;
  #newest: Snapshot | undefined;

  constructor(epochs: number, weights: readonly Tensor[]) {
    this.#confirmed = { epochs, weights };
  }

  /** Remembers the weights after so many epochs. */
  add(epochs: number, weights: readonly Tensor[]): void {
    this.#newest = { epochs, weights };
  }

  /** Notes that the weights added last gave a finite loss. */
  confirm(): void {
    this.#confirmed = this.#newest ?? this.#confirmed;
    this.#newest = undefined;
  }

  get snapshot(): Snapshot {
    return this.#confirmed;
  }
  /** True where no weights were added after the snapshot's. */
  get isNewest(): boolean {
    return this.#newest === undefined;
  }
}
