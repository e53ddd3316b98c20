// Precision, recall and F1 of each label, a panel each above one another, so that a weak label stands out.
import type { MultiLabelFacts } from "../../facts.js";
import { axisNames, horizontalLabels, roomFor } from "../class-names.js";
import type { Chart } from "../render.js";
import { COLORS, FULL_WIDTH } from "../theme.js";

/** With more labels than this the bars are thinner than a line, and the table says it all. */
const MOST_LABELS = 400;

const FIGURES = [
  { key: "precision", title: "precision: of those said, right" },
  { key: "recall", title: "recall: of those there, found" },
  { key: "f1", title: "F1" },
] as const;

/** The three panels, or undefined for too many labels. */
export function labelBars({ labels, labelNames }: MultiLabelFacts): Chart | undefined {
  if (labels.length > MOST_LABELS) return undefined;
  const names = axisNames(labelNames);
  const width = Math.min(FULL_WIDTH - 70, Math.max(240, names.length * Math.max(64, roomFor(names))));
  const values = FIGURES.flatMap(({ key, title }) =>
    labels.map((label, i) => ({
      figure: title,
      name: names[i]!,
      value: label[key],
      what: `${names[i]}: ${key} ${label[key].toFixed(3)}`,
    })),
  );
  const x = {
    field: "name",
    type: "ordinal",
    sort: null,
    scale: { domain: names, paddingInner: 0.4, paddingOuter: 0.2 },
    axis: { title: null, ...horizontalLabels(names, width / names.length, "bottom") },
  } as const;
  return {
    name: "label-bars",
    spec: {
      data: { values },
      title: "Precision, recall and F1",
      spacing: 18,
      facet: {
        row: {
          field: "figure",
          type: "nominal",
          sort: FIGURES.map(({ title }) => title),
          header: { labelAngle: 0, labelAnchor: "start", labelOrient: "top" },
        },
      },
      spec: {
        width,
        height: 90,
        mark: "bar",
        encoding: {
          x,
          y: {
            field: "value",
            type: "quantitative",
            scale: { domain: [0, 1] },
            axis: { title: null, values: [0, 0.5, 1], format: ".0%" },
          },
          color: {
            field: "figure",
            type: "nominal",
            scale: { domain: FIGURES.map(({ title }) => title), range: [...COLORS.series] },
            legend: null,
          },
          description: { field: "what" },
        },
      },
    },
  };
}
