// A model compiled as its file says: loss and metrics, and the optimizer with its state where the file has that.
import { FoveaError } from "../../core/errors.js";
import type { JsonObject } from "../../core/json.js";
import type { Model } from "../../nn/model/model.js";
import { compileOptionsFromKeras } from "../../nn/serialization/model.js";
import type { Hdf5Group } from "../containers/hdf5/tree.js";
import { restoreOptimizer } from "./keras-weights.js";
import { naming } from "./loaded.js";

/**
 * Compiles the model as it was and restores its optimizer; parts that cannot be taken over are told and stop nothing.
 * @param weights the arrays of the optimizer's state; undefined for loss and metrics alone
 * @returns warnings, a sentence each
 */
export function compileAsStored(
  file: string,
  model: Model,
  config: JsonObject,
  weights: Hdf5Group | undefined,
): string[] {
  const steps: readonly [hint: string, step: () => void][] = [
    [
      "; the model predicts, and must be compiled to be trained",
      () => {
        const compiled = compileOptionsFromKeras(config, weights === undefined ? "objective" : "all");
        if (compiled !== undefined) model.compile(compiled);
      },
    ],
    [
      "; the optimizer begins afresh",
      () => {
        if (model.compiled && weights !== undefined) restoreOptimizer(model, weights);
      },
    ],
  ];
  return steps.flatMap(([hint, step]) => {
    try {
      naming(file, hint, step);
      return [];
    } catch (error) {
      if (error instanceof FoveaError) return [error.message];
      throw error;
    }
  });
}
