// The confusion matrix as a heat map: true classes down, predicted classes across, right ones in another colour.
// Cells of mistakes are links to "#cell-TRUE-PREDICTED", which the page's script turns into a list of their images.
import { axisNames, horizontalLabels, labelStyle, roomFor } from "./class-names.js";
import type { Chart, Layer } from "./render.js";
import { COLORS, DEEPEST_UNDER_INK, FULL_WIDTH, shade } from "./theme.js";

/** More classes than this would be too small to read; then those with the most mistakes are drawn. */
export const MOST_CLASSES = 80;

/** Up to this many classes a cell has room for its count. */
const MOST_WITH_NUMBERS = 16;

/** The classes to draw, in class order: all of them, or the MOST_CLASSES that take part in the most mistakes. */
export function drawnClasses(matrix: ArrayLike<number>, classes: number): number[] {
  const all = Array.from({ length: classes }, (_, i) => i);
  if (classes <= MOST_CLASSES) return all;
  const mistakes = new Float64Array(classes);
  for (let row = 0; row < classes; row++)
    for (let column = 0; column < classes; column++)
      if (row !== column) {
        mistakes[row]! += matrix[row * classes + column]!;
        mistakes[column]! += matrix[row * classes + column]!;
      }
  return all
    .sort((a, b) => mistakes[b]! - mistakes[a]! || a - b)
    .slice(0, MOST_CLASSES)
    .sort((a, b) => a - b);
}

/**
 * The heat map; colours are the share of the true class, so that small classes are seen as well as large ones.
 * @param matrix Counts, `[classes, classes]` row by row.
 * @param classNames Names of the classes, by number.
 * @param split Name of the part of the data.
 */
export function confusion(matrix: ArrayLike<number>, classNames: readonly string[], split: string): Chart {
  const classes = classNames.length;
  const drawn = drawnClasses(matrix, classes);
  const allNames = axisNames(classNames);
  const names = drawn.map((k) => allNames[k]!);
  const room = Math.floor((FULL_WIDTH - 130) / drawn.length);
  const height = Math.max(12, Math.min(64, room));
  // Cells are square, but for few classes with long names, which then need not be turned.
  const width = Math.max(height, Math.min(room, Math.ceil(roomFor(names)), 180));
  const cells = drawn.flatMap((row) => {
    let support = 0;
    for (let k = 0; k < classes; k++) support += matrix[row * classes + k]!;
    return drawn.flatMap((column) => {
      const count = matrix[row * classes + column]!;
      const what = `true ${allNames[row]}, predicted ${allNames[column]}: ${count} of ${support}`;
      const cell = { true: allNames[row], predicted: allNames[column], count, share: count / support, what };
      return count === 0 ? [] : [{ ...cell, right: row === column, href: `#cell-${row}-${column}` }];
    });
  });
  const x = {
    field: "predicted",
    type: "ordinal",
    sort: null,
    scale: { domain: names },
    axis: { title: "predicted", domain: false, ...horizontalLabels(names, width, "top") },
  } as const;
  const y = {
    field: "true",
    type: "ordinal",
    sort: null,
    scale: { domain: names },
    axis: { title: "true", grid: false, ...labelStyle(height) },
  } as const;
  const hasNumbers = drawn.length <= MOST_WITH_NUMBERS;
  const deepest = hasNumbers ? DEEPEST_UNDER_INK : 1;
  // At least a tenth, so that the few mistakes of a good model do not glow as those of a bad one.
  const mostWrong = Math.max(0.1, ...cells.filter((cell) => !cell.right).map((cell) => cell.share));
  const layer = (right: boolean): Layer => {
    const most = right ? 1 : mostWrong;
    return {
      transform: [{ filter: `datum.right === ${right}` }],
      mark: {
        type: "rect",
        aria: true,
        stroke: right ? COLORS.right : COLORS.wrong,
        strokeWidth: drawn.length > 40 ? 0.6 : 1,
      },
      encoding: {
        x,
        y,
        description: { field: "what" },
        ...(right ? {} : { href: { field: "href" } }),
        color: {
          field: "share",
          type: "quantitative",
          // By square root, so that a single mistake in a hundred is still seen.
          scale: {
            type: "sqrt",
            domain: [0, most],
            range: right
              ? [shade(COLORS.right, 0.06), shade(COLORS.right, deepest)]
              : [shade(COLORS.wrong, 0.1), shade(COLORS.wrong, deepest)],
          },
          legend: {
            title: `${right ? "right" : "wrong"}, as a share of the true class`,
            values: [0, most / 4, most],
            format: most < 0.2 ? ".1%" : ".0%",
            orient: "bottom",
            direction: "horizontal",
            gradientLength: 200,
            titleLimit: 240,
          },
        },
      },
    };
  };
  const numbers: Layer = {
    mark: { type: "text", fontSize: 12 },
    encoding: {
      x,
      y,
      text: { field: "count", type: "quantitative" },
      color: { value: COLORS.ink },
    },
  };
  return {
    name: "confusion",
    spec: {
      data: { values: cells },
      title: `${split}: true class down, predicted class across`,
      view: { fill: COLORS.soft },
      width: { step: width },
      height: { step: height },
      layer: [layer(true), layer(false), ...(hasNumbers ? [numbers] : [])],
      resolve: { scale: { color: "independent" } },
    },
  };
}
