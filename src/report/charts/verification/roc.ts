// The ROC curve of a verifier, false acceptances on a logarithmic axis: the few that matter would vanish at the edge of a
// linear one.
import type { VerificationFacts } from "../../facts.js";
import type { Chart } from "../render.js";
import { COLORS, HALF_WIDTH } from "../theme.js";

/** The smallest share of false acceptances that is drawn. */
const LEAST = 1e-4;

/** True acceptances over false ones, and chance. */
export function rocChart({ curve, figures, pairs }: VerificationFacts): Chart {
  const [model, chance] = ["the model", "by chance"];
  const points = Array.from(curve.falseAcceptances, (x, order) => ({
    series: model,
    order,
    x: Math.max(LEAST, x),
    y: curve.trueAcceptances[order]!,
  }));
  const diagonal = Array.from({ length: 41 }, (_, order) => {
    const x = 10 ** (-4 + order / 10);
    return { series: chance, order, x, y: x };
  });
  const { eer, auc } = figures;
  const told = [
    ...(eer === undefined ? [] : [`EER ${(100 * eer).toFixed(1)}%`]),
    ...(auc === undefined ? [] : [`AUC ${auc.toFixed(4)}`]),
    `${(pairs.same + pairs.others).toLocaleString("en-US")} pairs`,
  ];
  return {
    name: "roc",
    spec: {
      data: { values: [...points, ...diagonal] },
      width: HALF_WIDTH,
      height: 320,
      autosize: { type: "fit", contains: "padding" },
      title: { text: "True over false acceptances", subtitle: told.join(", ") },
      mark: { type: "line", strokeWidth: 2 },
      encoding: {
        x: {
          field: "x",
          type: "quantitative",
          scale: { type: "log", domain: [LEAST, 1], nice: false },
          axis: { title: "false acceptances", format: "~%", values: [1e-4, 1e-3, 1e-2, 1e-1, 1] },
        },
        y: {
          field: "y",
          type: "quantitative",
          scale: { domain: [0, 1], nice: false },
          axis: { title: "true acceptances", format: ".0%", tickCount: 5 },
        },
        order: { field: "order" },
        color: {
          field: "series",
          type: "nominal",
          scale: { domain: [model, chance], range: [COLORS.series[0], COLORS.muted] },
          legend: { orient: "bottom-right", offset: 4, symbolType: "stroke", symbolStrokeWidth: 3 },
        },
      },
    },
  };
}
