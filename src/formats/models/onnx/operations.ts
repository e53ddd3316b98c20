// The operations that no layer of Keras does: those of keras.ops, each as a layer without weights, as Keras's own
// functional models have them.

import type { Json, JsonObject } from "../../../core/json.js";
import { KerasOperation } from "../../../nn/layers/keras-ops/keras-operation.js";
import type { Layer } from "../../../nn/layers/layer.js";

/** A tensor among the arguments of a call. */
const TENSOR: JsonObject = { class_name: "__keras_tensor__", config: {} };

/** Keras's modules by the classes that are made here; all others are in `numpy`. */
const MODULES: Readonly<Record<string, string>> = { Erf: "math", Gelu: "nn", Rsqrt: "math" };

function operation(className: string, args: readonly Json[], config: JsonObject = {}): Layer {
  const module = `keras.src.ops.${MODULES[className] ?? "numpy"}`;
  const calls = [{ args, kwargs: {} }];
  return KerasOperation.fromKeras({ module, class_name: className, config, inbound_nodes: calls }, {});
}

/** [..., m, k] times [..., k, n]. */
export const matrixProduct = (): Layer => operation("Matmul", [TENSOR, TENSOR]);
/** One tensor divided by another. */
export const quotient = (): Layer => operation("Divide", [TENSOR, TENSOR]);
/** A function of each number by Keras's class: `Sqrt`, `Erf`. */
export const pointwiseOperation = (className: string): Layer => operation(className, [TENSOR]);
/** Each number raised to a constant power. */
export const raised = (exponent: number): Layer => operation("Power", [TENSOR, exponent]);
/** Each number held within bounds. */
export const clipping = (low: number, high: number): Layer => operation("Clip", [TENSOR], { x_min: low, x_max: high });
/** The index of the largest along the last axis. */
export const largestIndex = (): Layer => operation("Argmax", [TENSOR], { axis: -1, keepdims: false });
/** The approximation of GELU by way of tanh. */
export const approximateGelu = (): Layer => operation("Gelu", [TENSOR], { approximate: true });
