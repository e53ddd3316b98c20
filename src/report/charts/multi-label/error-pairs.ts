// Errors that occur on the same image: labels that were missed down, labels that were said falsely across.
import type { MultiLabelFacts } from "../../facts.js";
import { axisNames, horizontalLabels, labelStyle, roomFor } from "../class-names.js";
import { drawnClasses, MOST_CLASSES } from "../confusion.js";
import type { Chart } from "../render.js";
import { COLORS, FULL_WIDTH } from "../theme.js";

/** Up to this many labels a cell has room for its count. */
const MOST_WITH_NUMBERS = 16;

/** The heat map, or undefined where there are no errors. */
export function errorPairsChart({ errors, labelNames, split }: MultiLabelFacts): Chart | undefined {
  const side = labelNames.length + 1;
  const most = Array.from(errors).reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return undefined;
  const names = axisNames([...labelNames, "none"]);
  // "none" is always drawn, and of many labels those with the most errors.
  const inner = drawnClasses(
    labelNames.flatMap((_, i) => labelNames.map((_name, j) => errors[i * side + j]!)),
    labelNames.length,
  );
  const drawn = [...inner, labelNames.length];
  const shown = drawn.map((k) => names[k]!);
  const room = Math.floor((FULL_WIDTH - 130) / drawn.length);
  const height = Math.max(12, Math.min(48, room));
  const width = Math.max(height, Math.min(room, Math.ceil(Math.max(64, roomFor(shown))), 180));
  const cells = drawn.flatMap((row) =>
    drawn.flatMap((column) => {
      const count = errors[row * side + column]!;
      const what = `missed ${names[row]}, said falsely ${names[column]}: ${count}`;
      return count === 0 ? [] : [{ missed: names[row], falsely: names[column], count, what }];
    }),
  );
  const x = {
    field: "falsely",
    type: "ordinal",
    sort: null,
    scale: { domain: shown },
    axis: { title: "said falsely", domain: false, ...horizontalLabels(shown, width, "top") },
  } as const;
  const y = {
    field: "missed",
    type: "ordinal",
    sort: null,
    scale: { domain: shown },
    axis: { title: "missed", grid: false, ...labelStyle(height) },
  } as const;
  return {
    name: "error-pairs",
    spec: {
      data: { values: cells },
      title: {
        text: `${split}: errors on the same image`,
        ...(inner.length < labelNames.length ? { subtitle: `the ${MOST_CLASSES} labels with the most` } : {}),
      },
      view: { fill: "#f8f9fa" },
      width: { step: width },
      height: { step: height },
      layer: [
        {
          mark: { type: "rect", stroke: "white", strokeWidth: 1 },
          encoding: {
            x,
            y,
            description: { field: "what" },
            color: {
              field: "count",
              type: "quantitative",
              scale: { type: "sqrt", domain: [0, most], range: ["#fdeee2", COLORS.wrong] },
              legend: null,
            },
          },
        },
        ...(drawn.length <= MOST_WITH_NUMBERS
          ? [
              {
                mark: { type: "text", fontSize: 12 },
                encoding: {
                  x,
                  y,
                  text: { field: "count", type: "quantitative" },
                  color: { condition: { test: `datum.count > ${0.4 * most}`, value: "white" }, value: COLORS.ink },
                },
              } as const,
            ]
          : []),
      ],
    },
  };
}
