// The match of an older file's named arrays with the weights of a model: Keras 2's HDF5 files, TensorFlow.js and
// safetensors. Keras goes by order; names that are complete and unique also survive files whose order differs.
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { sameShape } from "../../core/shape.js";
import type { Layer } from "../../nn/layers/layer.js";
import type { Weight } from "../../nn/layers/weight.js";

/** An array in a file, by its name there: `Conv1/kernel:0`. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Keras's order within a layer or model: what is trained, then the rest. */
export function legacyOrder(layer: Layer): Weight[] {
  const trained = new Set(layer.trainableWeights);
  return [...trained, ...new Set(layer.weights.filter((weight) => !trained.has(weight)))];
}

/** `model1/Conv1/kernel:0` to `Conv1/kernel`. */
const lastTwo = (name: string): string => name.replace(/:\d+$/, "").split("/").slice(-2).join("/");

/** The other name that Keras 2 has for a weight. */
const OLD_NAMES: Readonly<Record<string, string>> = { depthwise_kernel: "kernel" };

/** The array for each weight by name, or undefined unless every array has exactly one weight of its shape, and vice versa. */
export function matchByName<A extends NamedArray>(
  weights: readonly Weight[],
  arrays: readonly A[],
): Map<Weight, A> | undefined {
  if (weights.length !== arrays.length) return undefined;
  const byPath = new Map(weights.map((weight) => [lastTwo(weight.path), weight]));
  const found = new Map<Weight, A>();
  for (const array of arrays) {
    const path = lastTwo(array.name);
    const weight = byPath.get(path) ?? byPath.get(path.replace(/[^/]+$/, (last) => ownValue(OLD_NAMES, last) ?? last));
    if (weight === undefined || !sameShape(weight.shape, array.shape)) return undefined;
    found.set(weight, array);
  }
  return found.size === weights.length ? found : undefined;
}

/**
 * The array for each weight of a layer: by name where names say it, else in Keras's order.
 * @throws FoveaError when the numbers of weights and arrays differ.
 */
export function matchWeights<A extends NamedArray>(
  file: string,
  layer: Layer,
  arrays: readonly A[],
): ReadonlyMap<Weight, A> {
  const weights = legacyOrder(layer);
  if (weights.length !== arrays.length)
    throw new FoveaError(
      "weights-mismatch",
      `${file}: ${layer.label} needs ${weights.length} arrays, the file has ${arrays.length}`,
    );
  return matchByName(weights, arrays) ?? new Map(weights.map((weight, index) => [weight, arrays[index]!]));
}
