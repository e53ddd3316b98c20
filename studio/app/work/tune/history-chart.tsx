// History: each trial's value in the order of trials, and the best so far among those that the brushes leave.
import { useMemo } from "preact/hooks";
import { linearAxis } from "../../charts/axis.ts";
import type { Palette } from "../../charts/palette.ts";
import { type Area, Plot } from "../../charts/plot.tsx";
import { drawPoints } from "../../charts/points.ts";
import { type ChartProps, pointingAt, valueText } from "./chart-props.ts";
import type { StudyModel } from "./study-model.ts";
import { numbersIn } from "./trials.ts";

export function HistoryChart({ model, selection }: ChartProps) {
  const { trials, valueAxis, valuePlaces, objective } = model;
  const last = Math.max(1, trials.count - 1);
  const x = useMemo(() => Float32Array.from({ length: trials.count }, (_, number) => number / last), [trials]);
  const { inside, outside } = selection;
  const pruned = useMemo(
    () => numbersIn(trials, "pruned").filter((number) => selection.kept[number] === 1),
    [trials, selection],
  );
  const best = useMemo(() => bestLine(model, inside), [model, inside]);
  const axis = useMemo(() => linearAxis("trial", 0, last), [last]);
  const draw = useMemo(
    () => (pen: CanvasRenderingContext2D, area: Area, colors: Palette) => {
      const size = trials.count > 2000 ? 2 : trials.count > 300 ? 3 : 5;
      drawPoints(pen, area, x, valuePlaces, outside, { color: colors.line, size });
      drawPoints(pen, area, x, valuePlaces, pruned, { color: colors.muted, size: Math.max(2, size - 2), alpha: 0.6 });
      drawPoints(pen, area, x, valuePlaces, inside, { color: colors.series[0]!, size, alpha: 0.65 });
      drawSteps(pen, area, x, valuePlaces, best, colors.right);
    },
    [x, valuePlaces, inside, outside, pruned, best],
  );
  const found = best.at(-1);
  const said = found === undefined ? "" : `, the best ${valueText(trials.values[objective]![found])} in trial ${found}`;
  return (
    <Plot
      label={`History: ${valueAxis.title} of ${inside.length} complete trials${said}`}
      x={axis}
      y={valueAxis}
      height={260}
      draw={draw}
      pointing={pointingAt(model, x, valuePlaces, inside)}
    />
  );
}

/** Of some trials, those that were better than all before. */
function bestLine({ trials, objective }: StudyModel, numbers: Int32Array): number[] {
  const sign = trials.view.directions[objective] === "maximize" ? -1 : 1;
  const values = trials.values[objective]!;
  const better: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const number of numbers) {
    const loss = sign * values[number]!;
    if (loss >= least) continue;
    least = loss;
    better.push(number);
  }
  return better;
}

function drawSteps(
  pen: CanvasRenderingContext2D,
  area: Area,
  x: Float32Array,
  y: Float32Array,
  numbers: readonly number[],
  color: string,
): void {
  const [first] = numbers;
  if (first === undefined) return;
  let level = area.y(y[first]!);
  pen.beginPath();
  pen.moveTo(area.x(x[first]!), level);
  for (const number of numbers.slice(1)) {
    pen.lineTo(area.x(x[number]!), level);
    level = area.y(y[number]!);
    pen.lineTo(area.x(x[number]!), level);
  }
  pen.lineTo(area.x(1), level);
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.lineJoin = "round";
  pen.stroke();
}
