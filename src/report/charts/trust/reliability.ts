// Reliability diagram: accuracy over confidence, as the model gives it and at its temperature; on the diagonal both are the same.
import { whole } from "../../format.js";
import type { CalibrationFacts, ClassTrustReport } from "../../trust-facts.js";
import type { Chart } from "../render.js";
import { COLORS, HALF_WIDTH } from "../theme.js";

const [BEFORE, AFTER] = ["as the model gives it", "calibrated"];

const pointsOf = ({ bins }: CalibrationFacts, series: string, nouns: string) =>
  bins
    .filter(({ count }) => count > 0)
    .map(({ confidence, accuracy, count }) => ({
      series,
      ...{ confidence, accuracy, count },
      what: `${series}: confidence ${confidence.toFixed(2)}, accuracy ${accuracy.toFixed(2)}, ${whole(count)} ${nouns}`,
    }));

const share = (title: string) => ({
  scale: { domain: [0, 1], nice: false },
  axis: { title, format: ".0%", tickCount: 5 },
});

/**
 * The diagram; points are as large as their bins have images.
 * @param nouns word for the samples
 */
export function reliabilityChart({ before, after }: ClassTrustReport, nouns: string): Chart {
  const values = [...pointsOf(before, BEFORE, nouns), ...pointsOf(after, AFTER, nouns)];
  const x = { field: "confidence", type: "quantitative", ...share("mean confidence of the bin") } as const;
  const y = { field: "accuracy", type: "quantitative", ...share("accuracy") } as const;
  const color = {
    field: "series",
    type: "nominal",
    scale: { domain: [BEFORE, AFTER], range: [COLORS.series[1], COLORS.series[0]] },
    legend: { orient: "top-left", offset: 4, symbolType: "circle" },
  } as const;
  return {
    name: "trust-reliability",
    spec: {
      data: { values },
      width: HALF_WIDTH,
      height: 340,
      autosize: { type: "fit", contains: "padding" },
      title: {
        text: "Reliability",
        subtitle: `expected calibration error ${before.ece.toFixed(3)}, calibrated ${after.ece.toFixed(3)}`,
      },
      layer: [
        {
          data: {
            values: [
              { confidence: 0, accuracy: 0 },
              { confidence: 1, accuracy: 1 },
            ],
          },
          mark: { type: "line", color: COLORS.muted, strokeDash: [4, 3] },
          encoding: { x, y },
        },
        { mark: { type: "line", strokeWidth: 1.5 }, encoding: { x, y, color } },
        {
          mark: { type: "point", aria: true, filled: true, opacity: 0.9 },
          encoding: {
            x,
            y,
            color,
            size: { field: "count", type: "quantitative", scale: { range: [20, 260] }, legend: null },
            description: { field: "what" },
          },
        },
      ],
    },
  };
}
