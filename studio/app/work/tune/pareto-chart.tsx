// Pareto front: each trial by two of its values; no trial beats those on the line in both.
import { useMemo } from "preact/hooks";
import type { Palette } from "../../charts/palette.ts";
import { type Area, Plot } from "../../charts/plot.tsx";
import { drawPoints } from "../../charts/points.ts";
import { type ChartProps, pointingAt, valueText } from "./chart-props.ts";
import { valueAxisOf, valuePlacesOn } from "./study-model.ts";

export function ParetoChart({ model, selection }: ChartProps) {
  const { trials, complete } = model;
  const { objectives, directions } = trials.view;
  const axes = useMemo(() => [0, 1].map((objective) => valueAxisOf(trials, objective, complete)), [trials, complete]);
  const places = useMemo(() => axes.map((axis, i) => valuePlacesOn(axis, trials.values[i]!)), [axes]);
  const { inside, outside } = selection;
  const front = useMemo(() => Int32Array.from(trials.view.front), [trials]);
  const [x, y] = places as [Float32Array, Float32Array];
  const draw = useMemo(
    () => (pen: CanvasRenderingContext2D, area: Area, colors: Palette) => {
      const size = inside.length > 2000 ? 2 : 4;
      drawPoints(pen, area, x, y, outside, { color: colors.line, size });
      drawPoints(pen, area, x, y, inside, { color: colors.series[0]!, size, alpha: 0.6 });
      drawFront(pen, area, x, y, front, directions[0] === "minimize", colors.right);
      drawPoints(pen, area, x, y, front, { color: colors.right, size: 7 });
    },
    [x, y, inside, outside, front],
  );
  const pointing = pointingAt(model, x, y, inside);
  return (
    <>
      <Plot
        label={`Pareto front: ${objectives[0]} and ${objectives[1]} of ${inside.length} trials, ${front.length} on the front`}
        x={axes[0]!}
        y={axes[1]!}
        height={280}
        draw={draw}
        pointing={{
          ...pointing,
          textOf: (number) =>
            `trial ${number} · ${trials.values.map((values) => valueText(values[number])).join(" · ")}`,
        }}
      />
      <small>
        Across: {objectives[0]}, {directions[0]}; up: {objectives[1]}, {directions[1]}. No trial beats the{" "}
        {front.length} on the line in both.
      </small>
    </>
  );
}

function drawFront(
  pen: CanvasRenderingContext2D,
  area: Area,
  x: Float32Array,
  y: Float32Array,
  front: Int32Array,
  isSmallBetter: boolean,
  color: string,
): void {
  const sorted = front.slice().sort((a, b) => x[a]! - x[b]!);
  if (sorted.length === 0) return;
  pen.beginPath();
  sorted.forEach((number, i) => {
    const [across, down] = [area.x(x[number]!), area.y(y[number]!)];
    const before = sorted[i - 1];
    if (before === undefined) pen.moveTo(across, down);
    else {
      // The height that the better one across reaches holds on its worse side.
      if (isSmallBetter) pen.lineTo(across, area.y(y[before]!));
      else pen.lineTo(area.x(x[before]!), down);
      pen.lineTo(across, down);
    }
  });
  pen.strokeStyle = color;
  pen.lineWidth = 1.5;
  pen.stroke();
}
