// Training curves: one of the history's metrics over the epochs, train and validation, with the best epoch marked.

import { ownValue } from "../../core/lookup.js";
import type { HistoryFacts } from "../facts.js";
import type { Chart, Layer } from "./render.js";
import { COLORS, HALF_WIDTH } from "./theme.js";

export interface CurveOptions {
  /** The key in the history, without `val_`. */
  readonly key: string;
  readonly title: string;
  readonly legend: "bottom-right" | "top-right";
  /** Counted from 1; without it nothing is marked. */
  readonly bestEpoch?: number;
}

const TRAIN = "train";
const VALIDATION = "validation";

/**
 * The curve of `key` and, when the history has it, of `val_` + key. Numbers that are not finite leave a gap.
 * @example
 * const history = { accuracy: [0.5, 0.7, 0.8], val_accuracy: [0.5, 0.6, 0.55] };
 * const svg = await renderSvg(curve(history, { key: "accuracy", title: "Accuracy", legend: "bottom-right", bestEpoch: 2 }));
 */
export function curve(history: HistoryFacts, { key, title, legend, bestEpoch }: CurveOptions): Chart {
  const lines = [
    { name: TRAIN, values: ownValue(history, key) ?? [] },
    { name: VALIDATION, values: ownValue(history, `val_${key}`) ?? [] },
  ].filter(({ values }) => values.length > 0);
  const points = lines.flatMap(({ name, values }) =>
    values.map((value, i) => ({ series: name, epoch: i + 1, value: Number.isFinite(value) ? value : null })),
  );
  const epochs = Math.max(1, ...lines.map(({ values }) => values.length));
  const lowest = Math.min(1, ...points.map(({ value }) => value ?? 1));
  const marked = lines.at(-1);
  const best = bestEpoch === undefined ? undefined : marked?.values[bestEpoch - 1];
  const mark = bestEpoch !== undefined && best !== undefined && Number.isFinite(best);
  const x = {
    field: "epoch",
    type: "quantitative",
    scale: { domain: epochs === 1 ? [0.5, 1.5] : [1, epochs], nice: false },
    axis: { title: "epoch", tickMinStep: 1, format: "d", tickCount: 10 },
  } as const;
  const y = {
    field: "value",
    type: "quantitative",
    // An accuracy cannot pass 1, and neither should its axis.
    scale: /accuracy$/.test(key) && lowest <= 1 ? { domain: [Math.floor(lowest * 20) / 20, 1] } : { zero: false },
    axis: { title: null, tickCount: 6 },
  } as const;
  const layers: Layer[] = [
    {
      data: { values: points },
      mark: { type: "line", strokeWidth: 2, point: epochs < 3 },
      encoding: {
        x,
        y,
        color: {
          field: "series",
          type: "nominal",
          scale: { domain: lines.map((line) => line.name), range: [...COLORS.series] },
          legend: { orient: legend, symbolType: "stroke", symbolStrokeWidth: 3, offset: 4 },
        },
      },
    },
  ];
  if (mark) {
    const color = COLORS.series[lines.length - 1]!;
    const point = {
      type: "point",
      filled: true,
      size: 70,
      opacity: 1,
      stroke: COLORS.page,
      strokeWidth: 1.5,
      color,
    } as const;
    layers.unshift({
      data: { values: [{ epoch: bestEpoch }] },
      mark: { type: "rule", color: COLORS.muted, strokeDash: [3, 3] },
      encoding: { x },
    });
    layers.push({ data: { values: [{ epoch: bestEpoch, value: best }] }, mark: point, encoding: { x, y } });
  }
  return {
    name: `curve-${key.replaceAll("_", "-")}`,
    spec: {
      width: HALF_WIDTH,
      height: 280,
      autosize: { type: "fit", contains: "padding" },
      title: mark
        ? { text: title, subtitle: `best epoch ${bestEpoch}: ${key} ${best.toFixed(4)} (${marked!.name})` }
        : title,
      layer: layers,
    },
  };
}
