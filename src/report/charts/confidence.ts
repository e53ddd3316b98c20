// Confidence of the model where it was right, and where it was wrong: one histogram each.
import { splitConfidence } from "../evaluation.js";
import type { ClassificationFacts } from "../facts.js";
import { histogram } from "../histogram.js";
import { bars } from "./histogram-bars.js";
import type { Chart } from "./render.js";
import { COLORS } from "./theme.js";

const BINS = 20;

/**
 * The two charts, on the same axis from 0 % to 100 %.
 * @param nouns word for the samples
 * @param evaluation Answers about each image.
 * @example
 * const evaluation = { kind: "classification", split: "test", labels: [0, 1, 2], predicted: [0, 1, 1], confidence: [0.9, 0.8, 0.6] };
 * const [right, wrong] = await Promise.all(confidenceHistograms(evaluation).map(renderSvg)); // two SVG texts
 */
export function confidenceHistograms(evaluation: ClassificationFacts, nouns = "images"): Chart[] {
  const { right, wrong } = splitConfidence(evaluation);
  return [
    { name: "confidence-right", title: "Confidence when right", values: right, color: COLORS.right },
    { name: "confidence-wrong", title: "Confidence when wrong", values: wrong, color: COLORS.wrong },
  ].map(({ name, title, values, color }) =>
    bars({
      name,
      title,
      subtitle: `${values.length.toLocaleString("en-US")} ${nouns}`,
      x: "probability of the predicted class",
      y: nouns,
      series: [{ name: title, histogram: histogram(values, BINS, [0, 1]), color }],
      density: false,
      wholeY: true,
      percent: true,
    }),
  );
}
