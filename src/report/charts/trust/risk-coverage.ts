// Risk over coverage: how wrong the surest answers are, for every share of images that the model decides.
import type { ClassTrustReport } from "../../trust-facts.js";
import type { Chart } from "../render.js";
import { COLORS, HALF_WIDTH } from "../theme.js";

/** The curve with its area. */
export function riskCoverageChart({ curve }: ClassTrustReport): Chart {
  const { coverage, risk, area } = curve;
  const values = coverage.map((share, at) => ({ coverage: share, risk: risk[at]! }));
  return {
    name: "trust-risk",
    spec: {
      data: { values },
      width: HALF_WIDTH,
      height: 340,
      autosize: { type: "fit", contains: "padding" },
      title: { text: "Risk and coverage", subtitle: `area under the curve ${area.toFixed(4)}; the lower the better` },
      mark: { type: "line", strokeWidth: 2, color: COLORS.series[0] },
      encoding: {
        x: {
          field: "coverage",
          type: "quantitative",
          scale: { domain: [0, 1], nice: false },
          axis: { title: "share that the model decides, surest first", format: ".0%", tickCount: 5 },
        },
        y: {
          field: "risk",
          type: "quantitative",
          scale: { zero: true },
          axis: { title: "share of wrong ones among them", format: "~%", tickCount: 5 },
        },
      },
    },
  };
}
