// A slice: one parameter, and what came of its values. Later trials are darker.
import { useMemo } from "preact/hooks";
import { mixed, type Palette } from "../../charts/palette.ts";
import { type Area, Plot } from "../../charts/plot.tsx";
import { drawPoints } from "../../charts/points.ts";
import { type ChartProps, pointingAt } from "./chart-props.ts";
import type { StudyModel } from "./study-model.ts";

/** Shades of the order of trials. */
const SHADES = 4;

interface Props extends ChartProps {
  readonly parameter: number;
}

export function SliceChart({ model, selection, parameter }: Props) {
  const { valueAxis, valuePlaces, axes } = model;
  const axis = axes[parameter]!;
  const x = useMemo(() => scattered(model, parameter), [model, parameter]);
  const { inside, outside } = selection;
  const draw = useMemo(
    () => (pen: CanvasRenderingContext2D, area: Area, colors: Palette) => {
      const size = inside.length > 2000 ? 2 : inside.length > 200 ? 3 : 5;
      drawPoints(pen, area, x, valuePlaces, outside, { color: colors.line, size, alpha: 0.7 });
      for (let shade = 0; shade < SHADES; shade++) {
        const numbers = inside.subarray((shade * inside.length) / SHADES, ((shade + 1) * inside.length) / SHADES);
        const color = mixed(colors.muted, colors.right, (shade + 1) / SHADES);
        drawPoints(pen, area, x, valuePlaces, numbers, { color, size, alpha: 0.35 + (0.5 * (shade + 1)) / SHADES });
      }
    },
    [x, valuePlaces, inside, outside],
  );
  return (
    <Plot
      label={`Slice: ${valueAxis.title} by ${axis.title}, ${inside.length} trials`}
      x={axis}
      y={valueAxis}
      height={190}
      draw={draw}
      pointing={pointingAt(model, x, valuePlaces, inside)}
    />
  );
}

/** Places on an axis; those of single choices are spread a little, so that many can be seen. */
function scattered({ axes, places, trials }: StudyModel, parameter: number): Float32Array {
  const { ticks } = axes[parameter]!;
  const facts = trials.view.parameters[parameter]!;
  const isDiscrete =
    facts.type === "categorical" || (facts.type === "int" && !facts.log && ticks.length > facts.high - facts.low);
  if (!isDiscrete) return places[parameter]!;
  const step = 0.5 / Math.max(1, ticks.length);
  return places[parameter]!.map((position, number) => position + step * (((number * 0.618034) % 1) - 0.5));
}
