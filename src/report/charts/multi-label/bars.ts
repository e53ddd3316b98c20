// Precision, recall and F1 of each label, a panel each above one another, so that a weak label stands out.
import type { MultiLabelFacts } from "../../facts.js";
import { axisNames, horizontalLabels, roomFor } from "../class-names.js";
import type { Chart } from "../render.js";
import { COLORS, FULL_WIDTH, NARROW_WIDTH } from "../theme.js";

/** With more labels than this the bars are thinner than a line, and the table says it all. */
const MOST_LABELS = 400;

const FIGURES = [
  { key: "precision", title: "precision: labels said that are right" },
  { key: "recall", title: "recall: labels present that are found" },
  { key: "f1", title: "F1" },
] as const;

/** More labels than this are not squeezed into a narrow screen, which scrolls then. */
const MOST_NARROW = 14;

/** The three panels, or undefined for too many labels. */
export function labelBars(evaluation: MultiLabelFacts): Chart | undefined {
  const { labels, labelNames } = evaluation;
  if (labels.length > MOST_LABELS) return undefined;
  const names = axisNames(labelNames);
  const width = Math.min(FULL_WIDTH - 70, Math.max(240, names.length * Math.max(64, roomFor(names))));
  return {
    name: "label-bars",
    spec: panels(evaluation, names, width),
    ...(labels.length <= MOST_NARROW ? { narrow: panels(evaluation, names, NARROW_WIDTH - 60) } : {}),
  };
}

function panels({ labels }: MultiLabelFacts, names: readonly string[], width: number): Chart["spec"] {
  const values = FIGURES.flatMap(({ key, title }) =>
    labels.map((label, i) => ({
      figure: title,
      name: names[i]!,
      value: label[key],
      what: `${names[i]}: ${key} ${label[key].toFixed(3)}`,
    })),
  );
  const titles = FIGURES.map(({ title }) => title);
  return {
    data: { values },
    title: "Precision, recall and F1",
    spacing: 18,
    facet: {
      row: {
        field: "figure",
        type: "nominal",
        sort: titles,
        header: { labelAngle: 0, labelAnchor: "start", labelOrient: "top" },
      },
    },
    spec: {
      width,
      height: 90,
      mark: { type: "bar", aria: true },
      encoding: {
        x: {
          field: "name",
          type: "ordinal",
          sort: null,
          scale: { domain: [...names], paddingInner: 0.4, paddingOuter: 0.2 },
          axis: { title: null, ...horizontalLabels(names, width / names.length, "bottom") },
        },
        y: {
          field: "value",
          type: "quantitative",
          scale: { domain: [0, 1] },
          axis: { title: null, values: [0, 0.5, 1], format: ".0%" },
        },
        color: {
          field: "figure",
          type: "nominal",
          scale: { domain: titles, range: [...COLORS.series] },
          legend: null,
        },
        description: { field: "what" },
      },
    },
  };
}
