// Curves that trials reported on their way: those that run in colour, the best and the latest of the others behind them.
import { useMemo } from "preact/hooks";
import type { TrialCurve } from "../../../contract/study-facts.js";
import { linearAxis } from "../../charts/axis.ts";
import type { Palette } from "../../charts/palette.ts";
import { type Area, Plot } from "../../charts/plot.tsx";
import type { ChartProps } from "./chart-props.ts";
import { hovered, pick, pickedTrial } from "./selection.ts";
import { stateOf } from "./trials.ts";

export function CurvesChart({ model, selection: { kept } }: ChartProps) {
  const { trials, valueAxis } = model;
  const { curves } = trials.view;
  const shown = useMemo(
    () => curves.filter(({ number }) => kept[number] === 1 || stateOf(trials, number) === "running"),
    [curves, kept],
  );
  const running = shown.filter(({ number }) => stateOf(trials, number) === "running");
  const { x, y } = useMemo(() => axesOf(shown, valueAxis.title), [shown]);
  const front = new Set(trials.view.front);
  const draw = useMemo(
    () => (pen: CanvasRenderingContext2D, area: Area, colors: Palette) => {
      for (const curve of shown) {
        const isRunning = running.includes(curve);
        const isBest = front.has(curve.number);
        pen.strokeStyle = isRunning ? colors.series[1]! : isBest ? colors.right : colors.muted;
        pen.lineWidth = isRunning || isBest ? 2 : 1;
        pen.globalAlpha = isRunning || isBest ? 1 : 0.45;
        pen.stroke(
          pathOf(
            curve,
            (step) => area.x(x.position(step)),
            (value) => area.y(y.position(value)),
          ),
        );
      }
      pen.globalAlpha = 1;
    },
    [shown, x, y],
  );
  if (shown.length === 0)
    return (
      <p class="muted">
        Trials of this study have reported nothing on their way; those of a spec with one objective report each epoch.
      </p>
    );
  const ends = new Map(shown.map((curve) => [curve.number, endOf(curve)]));
  return (
    <Plot
      label={`Curves of ${shown.length} trials, ${running.length} of them running`}
      x={x}
      y={y}
      height={220}
      draw={draw}
      pointing={{
        hovered,
        picked: pickedTrial(),
        onPick: pick,
        nearest: (area, atX, atY) =>
          nearestCurve(
            shown,
            (step) => area.x(x.position(step)),
            (v) => area.y(y.position(v)),
            atX,
            atY,
          ),
        placeOf: (number) => {
          const [step, value] = ends.get(number) ?? [];
          return step === undefined || value === undefined ? undefined : [x.position(step), y.position(value)];
        },
        textOf: (number) => `trial ${number}`,
      }}
    >
      {(area) => (
        <Chosen curves={shown} x={(step) => area.x(x.position(step))} y={(value) => area.y(y.position(value))} />
      )}
    </Plot>
  );
}

type Scale = (value: number) => number;

/** The curve under the pointer and the one that is picked, over the others. */
function Chosen({ curves, x, y }: { readonly curves: readonly TrialCurve[]; readonly x: Scale; readonly y: Scale }) {
  const line = (number: number | undefined): string => {
    const curve = curves.find((known) => known.number === number);
    return curve === undefined ? "" : svgPath(curve, x, y);
  };
  return (
    <>
      <path class="trace picked" d={line(pickedTrial())} />
      <path class="trace hovered" d={line(hovered.value)} />
    </>
  );
}

const pointsOf = ({ steps, values }: TrialCurve): [number, number][] =>
  steps.flatMap((step, i) => (values[i] === null || values[i] === undefined ? [] : [[step, values[i]]]));

const endOf = (curve: TrialCurve): [number, number] | undefined => pointsOf(curve).at(-1);

const svgPath = (curve: TrialCurve, x: Scale, y: Scale): string => {
  const points = pointsOf(curve).map(([step, value]) => `${x(step).toFixed(1)} ${y(value).toFixed(1)}`);
  return points.length === 1 ? `M${points[0]}h3` : points.length === 0 ? "" : `M${points.join("L")}`;
};

const pathOf = (curve: TrialCurve, x: Scale, y: Scale): Path2D => new Path2D(svgPath(curve, x, y));

function axesOf(curves: readonly TrialCurve[], title: string) {
  let [last, low, high] = [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const curve of curves)
    for (const [step, value] of pointsOf(curve)) {
      last = Math.max(last, step);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  if (low > high) [low, high] = [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return { x: linearAxis("step", 0, last), y: linearAxis(title, low - room, high + room) };
}

function nearestCurve(curves: readonly TrialCurve[], x: Scale, y: Scale, atX: number, atY: number): number | undefined {
  let nearest: number | undefined;
  let least = 20 ** 2;
  for (const curve of curves)
    for (const [step, value] of pointsOf(curve)) {
      const distance = (x(step) - atX) ** 2 + (y(value) - atY) ** 2;
      if (distance < least) [least, nearest] = [distance, curve.number];
    }
  return nearest;
}
