// Precision over recall of each class of objects, at an overlap of 0.5.
import type { DetectionFacts } from "../facts.js";
import { axisNames } from "./class-names.js";
import type { Chart } from "./render.js";
import { FULL_WIDTH, NARROW_WIDTH } from "./theme.js";

/** Curves of the classes with the most objects; more cannot be told apart. */
const MOST_CURVES = 8;

/** The curves; undefined where no class has an object. */
export function precisionRecall({ classes, classNames, split }: DetectionFacts): Chart | undefined {
  const names = axisNames(classNames);
  const drawn = classes
    .map(({ curve, truths }, k) => ({ curve, truths, k }))
    .filter(({ curve }) => curve !== undefined)
    .sort((a, b) => b.truths - a.truths || a.k - b.k)
    .slice(0, MOST_CURVES)
    .sort((a, b) => a.k - b.k);
  if (drawn.length === 0) return undefined;
  const values = drawn.flatMap(({ curve, k }) =>
    Array.from(curve!, (precision, i) => ({ name: names[k]!, recall: i / (curve!.length - 1), precision })),
  );
  const spec = (width: number): Chart["spec"] => ({
    width,
    height: 280,
    title: `Precision over recall, ${split}, at an overlap of 0.50`,
    data: { values },
    mark: { type: "line", strokeWidth: 2, interpolate: "step-before" },
    encoding: {
      x: { field: "recall", type: "quantitative", scale: { domain: [0, 1] }, axis: { title: "recall", format: ".0%" } },
      y: {
        field: "precision",
        type: "quantitative",
        scale: { domain: [0, 1] },
        axis: { title: "precision", format: ".0%" },
      },
      color: {
        field: "name",
        type: "nominal",
        sort: null,
        scale: { scheme: "tableau10" },
        legend: { title: null, orient: "bottom", symbolType: "stroke" },
      },
    },
  });
  return { name: "precision-recall", spec: spec(FULL_WIDTH - 70), narrow: spec(NARROW_WIDTH - 60) };
}
