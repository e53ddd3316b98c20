// Errors that occur together: labels that were missed down, labels that were said falsely across.
import type { MultiLabelFacts } from "../../facts.js";
import { axisNames, horizontalLabels, labelStyle, roomFor } from "../class-names.js";
import { drawnClasses, MOST_CLASSES } from "../confusion.js";
import type { Chart, Layer } from "../render.js";
import { COLORS, DEEPEST_UNDER_INK, FULL_WIDTH, NARROW_WIDTH, shade } from "../theme.js";

/** Up to this many labels a cell has room for its count. */
const MOST_WITH_NUMBERS = 16;

/** More labels than this are not squeezed into a narrow screen, which scrolls then. */
const MOST_NARROW = 12;

/** The heat map, or undefined where there are no errors. */
export function errorPairsChart(evaluation: MultiLabelFacts): Chart | undefined {
  if (Array.prototype.every.call(evaluation.errors, (count) => count === 0)) return undefined;
  const isFew = evaluation.labelNames.length <= MOST_NARROW;
  return {
    name: "error-pairs",
    spec: heatMap(evaluation, FULL_WIDTH, 64),
    ...(isFew ? { narrow: heatMap(evaluation, NARROW_WIDTH, 12) } : {}),
  };
}

/** @param narrowest a cell's width at least, unless there are too many */
function heatMap({ errors, labelNames, split }: MultiLabelFacts, fullWidth: number, narrowest: number): Chart["spec"] {
  const side = labelNames.length + 1;
  const most = Array.from(errors).reduce((a, b) => Math.max(a, b), 0);
  const names = axisNames([...labelNames, "none"]);
  // "none" is always drawn, and of many labels those with the most errors.
  const inner = drawnClasses(
    labelNames.flatMap((_, i) => labelNames.map((_name, j) => errors[i * side + j]!)),
    labelNames.length,
  );
  const drawn = [...inner, labelNames.length];
  const shown = drawn.map((k) => names[k]!);
  const room = Math.floor((fullWidth - 50 - Math.min(140, Math.max(80, roomFor(shown)))) / drawn.length);
  const height = Math.max(12, Math.min(48, room));
  const width = Math.max(height, Math.min(room, Math.ceil(Math.max(narrowest, roomFor(shown))), 180));
  const cells = drawn.flatMap((row) =>
    drawn.flatMap((column) => {
      const count = errors[row * side + column]!;
      const what = `missed ${names[row]}, said falsely ${names[column]}: ${count}`;
      return count === 0 ? [] : [{ missed: names[row], falsely: names[column], count, what }];
    }),
  );
  const axisOf = (field: "falsely" | "missed") =>
    ({ field, type: "ordinal", sort: null, scale: { domain: shown } }) as const;
  const x = {
    ...axisOf("falsely"),
    axis: { title: "said falsely", domain: false, ...horizontalLabels(shown, width, "top") },
  } as const;
  const y = { ...axisOf("missed"), axis: { title: "missed", grid: false, ...labelStyle(height) } } as const;
  const hasNumbers = drawn.length <= MOST_WITH_NUMBERS;
  const shades = [shade(COLORS.wrong, 0.1), shade(COLORS.wrong, hasNumbers ? DEEPEST_UNDER_INK : 1)];
  const scale = { type: "sqrt" as const, domain: [0, most], range: shades };
  const numbers: Layer = {
    mark: { type: "text", fontSize: 12 },
    encoding: {
      x,
      y,
      text: { field: "count", type: "quantitative" },
      color: { value: COLORS.ink },
    },
  };
  const rectangles: Layer = {
    mark: { type: "rect", aria: true, stroke: COLORS.wrong, strokeWidth: 1 },
    encoding: {
      x,
      y,
      description: { field: "what" },
      color: { field: "count", type: "quantitative", scale, legend: null },
    },
  };
  return {
    data: { values: cells },
    title: {
      text: `${split}: errors that occur together`,
      ...(inner.length < labelNames.length ? { subtitle: `the ${MOST_CLASSES} labels with the most` } : {}),
    },
    view: { fill: COLORS.soft },
    width: { step: width },
    height: { step: height },
    layer: [rectangles, ...(hasNumbers ? [numbers] : [])],
  };
}
