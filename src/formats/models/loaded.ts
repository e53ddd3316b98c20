// Result of opening a model in any format, and the errors of all readers of models: always one sentence that begins
// with the file's name, also where the description inside is so damaged that rebuilding the model fails.
import { FoveaError } from "../../core/errors.js";
import { showShape } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import type { Model, ModelOptions } from "../../nn/model/model.js";
import type { FoveaFacts } from "./fovea-facts.js";

/** In pixels. */
export type ImageSize = readonly [height: number, width: number];

/** Options of all loaders of models. */
export interface LoadOptions extends ModelOptions {
  /** Name of the file in messages. Default: the path, or "the file". */
  readonly file?: string;
  /**
   * True to compile the model as it was and restore its optimizer, when the file says how; `"objective"` takes loss and
   * metrics alone, which is enough to evaluate. Default true.
   */
  readonly compile?: boolean | "objective";
  /** Height and width of the images in pixels, for a model that takes any. Default: the model's. */
  readonly imageSize?: ImageSize;
}

/** One result of a tail for one image. */
export interface TailResult {
  readonly kind: "float" | "int";
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Operators behind the last layers, whose results have sizes that depend on the image. */
export interface ModelTail {
  /** The reason why layers do not compute it, a sentence. */
  readonly reason: string;
  /** Outputs of the file with their shapes as it states them; words where an extent is open. */
  readonly outputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  /**
   * Outputs of the file for one image.
   * @param rows numbers of the image in each output of the model
   */
  run(rows: readonly Float32Array[]): readonly TailResult[];
}

/** A model out of a file. */
export interface LoadedModel {
  /** The model, ready to compute. */
  readonly model: Model;
  /** Class names, preprocessing and the rest, as far as the format can carry them; undefined when it has none. */
  readonly facts: FoveaFacts | undefined;
  /** Warnings, a sentence each: parts of the file that Fovea could not take over, and guesses that it made. */
  readonly warnings: readonly string[];
  /** Operators of the file behind the model's outputs, where they were asked for. */
  readonly tail?: ModelTail;
  /** Entries of the file about itself, as programs leave them in ONNX. */
  readonly notes?: ReadonlyMap<string, string>;
}

/** Gives a file beside the model by its name, undefined when there is none. */
export type Siblings = (name: string) => Promise<Uint8Array | undefined>;

/** Runs `work`; its errors about the file begin with the name of `file` and end with `hint`. */
export function naming<T>(file: string, hint: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FoveaError)
      throw new FoveaError(error.code, `${file}: ${error.message}${hint}`, { cause: error });
    // A description that walks into itself or lacks what it needs: the file's fault, whatever the engine calls it.
    if (error instanceof RangeError || error instanceof TypeError)
      throw new FoveaError("damaged-file", `${file}: the description of the model in it is damaged${hint}`, {
        cause: error,
      });
    throw error;
  }
}

/**
 * Gives a model the weights of a file.
 * @throws FoveaError when a weight has another shape, or holds NaN or infinite numbers.
 */
export async function takeWeights(file: string, model: Model, weights: readonly Tensor[]): Promise<void> {
  for (const [index, { data }] of weights.entries()) {
    const bad = (data as Float32Array).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new FoveaError(
        "not-finite",
        `${file}: the weight ${model.weights[index]?.path} holds ${data[bad]}; ` +
          "the file is damaged or its training diverged, so take an earlier copy of it",
      );
  }
  await model.setWeights(weights);
}

/** Type and shape of a stored array in messages: `float32 [3, 3, 1, 16]`. */
export const shown = (stored: { readonly dtype: string; readonly shape: readonly number[] } | undefined): string =>
  stored === undefined ? "nothing" : `${stored.dtype} ${showShape(stored.shape)}`;
