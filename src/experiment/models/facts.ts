// A model as the facts that reports and machines want: its layers, its parameters, whether it ends in probabilities.
import type { Model } from "../../nn/index.js";
import { readableSize, showOutput, withCommas } from "../../nn/model/summary.js";
import type { ModelFacts } from "../../report/facts.js";

/** Numbers of weights that a model has learned or could learn. */
export interface ParameterCounts {
  /** Number of all weights, frozen ones among them. */
  readonly total: number;
  /** Number of weights that training changes. */
  readonly trainable: number;
}

/**
 * Numbers of weights of a model.
 * @param model the model, built
 */
export function parameterCounts(model: Model): ParameterCounts {
  const sum = (weights: readonly { readonly size: number }[]): number => weights.reduce((n, { size }) => n + size, 0);
  return { total: sum(model.weights), trainable: sum(model.trainableWeights) };
}

/**
 * Keras's summary as data: layers with output shapes and parameters, and the totals.
 * @param model the model, built
 * @example
 * const { total, trainable } = parameterCounts(model);
 * modelFacts(model).totals[0]; // { label: "Total params", value: "2,467 (9.64 KB)" }
 * const { nodes, edges } = modelDiagram(model); // a node for each layer and for the input
 */
export function modelFacts(model: Model): ModelFacts {
  const { total, trainable } = parameterCounts(model);
  const row = (label: string, count: number) => ({ label, value: `${withCommas(count)} (${readableSize(4 * count)})` });
  return {
    name: model.name,
    layers: model.layers.map((layer) => ({
      name: layer.name,
      type: layer.className,
      outputShape: showOutput(layer),
      params: layer.countParams(),
    })),
    totals: [
      row("Total params", total),
      row("Trainable params", trainable),
      row("Non-trainable params", total - trainable),
    ],
  };
}
