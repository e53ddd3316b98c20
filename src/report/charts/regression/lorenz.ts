// Lorenz curves: how much of what came lies with the rows that the model puts last, against the perfect order and chance.
import type { CurveFacts, TargetFacts } from "../../facts.js";
import type { Chart } from "../render.js";
import { COLORS, HALF_WIDTH } from "../theme.js";

/** A curve needs no more points than this to look round. */
const MOST_POINTS = 200;

function pointsOf({ exposure, amount }: CurveFacts, series: string) {
  const count = exposure.length;
  const drawn = Math.min(count, MOST_POINTS);
  return Array.from({ length: drawn }, (_, i) => {
    const at = Math.round((i * (count - 1)) / Math.max(1, drawn - 1));
    return { series, order: i, exposure: exposure[at]!, amount: amount[at]! };
  });
}

/** The curves with the Gini index, or undefined where the numbers have no such order. */
export function lorenzChart({ lorenz, figures, weight }: TargetFacts, prefix: string): Chart | undefined {
  if (lorenz === undefined) return undefined;
  const [chance, perfect, model] = ["by chance", "perfect order", "the model's order"];
  const values = [
    ...pointsOf({ exposure: [0, 1], amount: [0, 1] }, chance!),
    ...pointsOf(lorenz.perfect, perfect!),
    ...pointsOf(lorenz.model, model!),
  ];
  const { gini, normalizedGini } = figures;
  const share = (title: string) => ({
    scale: { domain: [0, 1], nice: false },
    axis: { title, format: ".0%", tickCount: 5 },
  });
  return {
    name: `${prefix}lorenz`,
    spec: {
      data: { values },
      width: HALF_WIDTH,
      height: 340,
      autosize: { type: "fit", contains: "padding" },
      title: {
        text: "Lorenz curves",
        ...(gini === undefined || normalizedGini === undefined
          ? {}
          : {
              subtitle: `Gini ${gini.toFixed(3)}, ${(100 * normalizedGini).toFixed(0)}% of that of the perfect order`,
            }),
      },
      mark: { type: "line", strokeWidth: 2 },
      encoding: {
        x: {
          field: "exposure",
          type: "quantitative",
          ...share(`share of ${weight === undefined ? "rows" : "the weight"}, lowest predictions first`),
        },
        y: { field: "amount", type: "quantitative", ...share("share of the actual sum") },
        order: { field: "order" },
        color: {
          field: "series",
          type: "nominal",
          scale: { domain: [model!, perfect!, chance!], range: [COLORS.series[0], COLORS.series[2], COLORS.muted] },
          legend: { orient: "top-left", offset: 4, symbolType: "stroke", symbolStrokeWidth: 3 },
        },
        strokeDash: {
          field: "series",
          type: "nominal",
          scale: {
            domain: [model!, perfect!, chance!],
            range: [
              [1, 0],
              [1, 0],
              [4, 3],
            ],
          },
        },
      },
    },
  };
}
