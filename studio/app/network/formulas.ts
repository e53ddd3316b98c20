// Sizes, parameters and multiplications of a layer as formulas with its numbers put in.

import type { LayerFacts } from "../../contract/network-facts.js";
import { whole } from "../frame/numbers.ts";

/** A formula with its values: `(5 · 5 · 1 + 1) · 6`, and what it comes to. */
export interface Formula {
  readonly text: string;
  readonly value: number;
}

const product = (factors: readonly number[]): number => factors.reduce((all, factor) => all * factor, 1);
const times = (factors: readonly number[]): string => factors.map(whole).join(" · ");
const pair = (value: unknown): readonly number[] | undefined =>
  Array.isArray(value) ? (value as number[]) : typeof value === "number" ? [value, value] : undefined;

const shapeOf = ({ weights }: LayerFacts, name: string): readonly number[] | undefined =>
  weights.find((weight) => weight.name === name)?.shape;

/** The number of values that a layer learns or keeps. */
export function parameterFormula(layer: LayerFacts): Formula {
  const kernel = shapeOf(layer, "kernel");
  const bias = shapeOf(layer, "bias");
  const value = layer.params;
  if (value === 0) return { text: "no weights", value };
  if (kernel !== undefined && (layer.type === "Conv2D" || layer.type === "Dense")) {
    const inputs = kernel.slice(0, -1);
    const outputs = kernel.at(-1)!;
    const text = bias === undefined ? times(kernel) : `(${times(inputs)} + 1) · ${whole(outputs)}`;
    return { text, value };
  }
  if (layer.weights.length === 1) return { text: times(layer.weights[0]!.shape), value };
  const [first] = layer.weights;
  const isEven = layer.weights.every(({ shape }) => product(shape) === product(first!.shape));
  const text = isEven
    ? `${layer.weights.length} · ${whole(product(first!.shape))}`
    : layer.weights.map(({ shape }) => times(shape)).join(" + ");
  return { text, value };
}

/** Height and width that come out of a window that moves; none for layers without. */
export function sizeFormulas(layer: LayerFacts): readonly Formula[] {
  const window = pair(layer.config.kernel_size) ?? pair(layer.config.pool_size);
  if (window === undefined || layer.output.length !== 3) return [];
  const strides = pair(layer.config.strides) ?? window;
  const isSame = layer.config.padding === "same";
  const each = [0, 1].map((axis): Formula => {
    const [n, k, s] = [layer.input[axis]!, window[axis]!, strides[axis]!];
    return { text: isSame ? `⌈${n}/${s}⌉` : `⌊(${n} + 2·0 − ${k})/${s}⌋ + 1`, value: layer.output[axis]! };
  });
  return each[0]!.text === each[1]!.text ? each.slice(0, 1) : each;
}

/** Multiplications for one image, of layers that multiply by weights. */
export function workFormula(layer: LayerFacts): Formula | undefined {
  const kernel = shapeOf(layer, "kernel");
  if (kernel === undefined) return undefined;
  const places = layer.output.length === 3 ? layer.output.slice(0, 2) : [];
  // A filter for each channel looks at that channel only.
  const factors = [...kernel, ...places];
  return { text: times(factors), value: product(factors) };
}

/** `6@28×28` for maps, `84` for a row of numbers. */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 3 ? `${shape[2]}@${shape[0]}×${shape[1]}` : shape.map(String).join("×");

/** `Conv2D 5×5, stride 2, same, tanh`. */
export function settingsText({ type, config }: LayerFacts): string {
  const window = pair(config.kernel_size) ?? pair(config.pool_size);
  const strides = pair(config.strides);
  const isPlain = strides === undefined || strides.every((stride) => stride === (config.pool_size ? window?.[0] : 1));
  const { activation, rate } = config;
  const parts = [
    window?.join("×"),
    isPlain ? undefined : `stride ${strides[0]}`,
    window && String(config.padding),
    typeof rate === "number" ? String(rate) : undefined,
    typeof activation === "string" && activation !== "linear" ? activation : undefined,
  ];
  return [type, parts.filter(Boolean).join(", ")].filter(Boolean).join(" ");
}
