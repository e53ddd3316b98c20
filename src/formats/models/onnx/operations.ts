// The operations that no layer of Keras is: those of keras.ops, each a layer without weights.
import * as f from "../../../core/graph/functions.js";
import { lambda } from "../../../nn/layers/index.js";
import type { Layer } from "../../../nn/layers/layer.js";

export const matrixProduct = (): Layer => lambda((a, b) => f.matmul(a!, b!));
export const quotient = (): Layer => lambda((a, b) => f.div(a!, b!));
export const pointwiseOperation = (name: string): Layer => {
  const table: Record<string, (x: import("../../../core/graph/node.js").Value) => import("../../../core/graph/node.js").Value> = {
    Absolute: f.abs, Ceil: (x) => f.neg(f.floor(f.neg(x))), Cos: f.cos, Erf: f.erf, Floor: f.floor, Log: f.log, Reciprocal: (x) => f.div(1, x), Round: f.round, Rsqrt: f.rsqrt, Sign: f.sign, Sin: f.sin, Sqrt: f.sqrt, Square: f.square,
  };
  return lambda((x) => table[name]!(x!));
};
export const clipping = (low: number, high: number): Layer => lambda((x) => f.clip(x!, low, high));
export const largestIndex = (): Layer => lambda((x) => f.cast(f.argMax(x!), "float32"));
