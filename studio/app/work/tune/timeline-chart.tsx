// Timeline: when each trial ran, side by side those that ran at once, coloured by how they ended.
import { useMemo } from "preact/hooks";
import { type Axis, linearAxis } from "../../charts/axis.ts";
import type { Palette } from "../../charts/palette.ts";
import { type Area, Plot } from "../../charts/plot.tsx";
import type { ChartProps } from "./chart-props.ts";
import { hovered, pick, pickedTrial } from "./selection.ts";
import { STATES, type Trials } from "./trials.ts";

/** Rows; of more trials at once the later ones share the last. */
const MOST_LANES = 16;
/** Units of time in seconds, the largest first. */
const UNITS = [
  [86_400, "days"],
  [3600, "hours"],
  [60, "minutes"],
  [1, "seconds"],
] as const;

export function TimelineChart({ model: { trials }, selection: { kept } }: ChartProps) {
  const { lanes, lane, from, to } = useMemo(() => lanesOf(trials), [trials]);
  const span = Math.max(1, to - from);
  const [unit, name] = UNITS.find(([seconds]) => span / 1000 >= 2 * seconds) ?? UNITS.at(-1)!;
  const x = linearAxis(`${name} since the first trial`, 0, span / 1000 / unit);
  const y: Axis = { title: "at once", ticks: [], position: (value) => value, textAt: String };
  const middle = (number: number): number => 1 - (lane[number]! + 0.5) / lanes;
  const placeAt = (time: number): number => (time - from) / span;
  const endOf = (number: number): number => (Number.isNaN(trials.ends[number]!) ? to : trials.ends[number]!);
  const draw = useMemo(
    () => (pen: CanvasRenderingContext2D, area: Area, colors: Palette) => {
      const high = Math.min(22, (area.height / lanes) * 0.8);
      const color = colorsOf(colors);
      for (let number = 0; number < trials.count; number++) {
        const start = trials.starts[number]!;
        if (Number.isNaN(start)) continue;
        pen.globalAlpha = kept[number] === 1 ? 1 : 0.2;
        pen.fillStyle = color[trials.states[number]!]!;
        const left = area.x(placeAt(start));
        const width = area.x(placeAt(endOf(number))) - left;
        const top = area.y(middle(number)) - high / 2;
        // A gap between neighbours, where there is room for one.
        pen.fillRect(left, top, Math.max(0.5, width > 3 ? width - 1 : width), high);
      }
      pen.globalAlpha = 1;
    },
    [trials, kept, lane],
  );
  const nearest = (area: Area, atX: number, atY: number): number | undefined => {
    const time = from + ((atX - area.left) / area.width) * span;
    const wanted = Math.floor(((atY - area.top) / area.height) * lanes);
    for (let number = trials.count - 1; number >= 0; number--)
      if (lane[number] === wanted && trials.starts[number]! <= time && endOf(number) >= time) return number;
    return undefined;
  };
  return (
    <Plot
      label={`Timeline of ${trials.count} trials, ${lanes} at once at most`}
      x={x}
      y={y}
      height={Math.min(220, 90 + 22 * lanes)}
      draw={draw}
      pointing={{
        hovered,
        picked: pickedTrial(),
        onPick: pick,
        nearest,
        placeOf: (number) =>
          number < trials.count && !Number.isNaN(trials.starts[number]!)
            ? [placeAt((trials.starts[number]! + endOf(number)) / 2), middle(number)]
            : undefined,
        textOf: (number) => `trial ${number} · ${((endOf(number) - trials.starts[number]!) / 1000).toFixed(1)} s`,
      }}
    />
  );
}

/** Colours by the states' positions. */
const colorsOf = (colors: Palette): readonly string[] => {
  const of = {
    waiting: colors.line,
    running: colors.series[1]!,
    complete: colors.right,
    pruned: colors.muted,
    fail: colors.wrong,
  };
  return STATES.map((state) => of[state]);
};

/** The row of each trial: the first that is free when the trial begins. */
function lanesOf({ count, starts, ends }: Trials) {
  const order = Array.from({ length: count }, (_, number) => number)
    .filter((number) => !Number.isNaN(starts[number]!))
    .sort((a, b) => starts[a]! - starts[b]!);
  const lane = new Int16Array(count).fill(-1);
  const busy: number[] = [];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of order) {
    const [start, end] = [starts[number]!, ends[number]!];
    let at = busy.findIndex((until) => until <= start);
    if (at < 0) at = Math.min(busy.length, MOST_LANES - 1);
    busy[at] = Number.isNaN(end) ? Number.POSITIVE_INFINITY : end;
    lane[number] = at;
    from = Math.min(from, start);
    to = Math.max(to, start, Number.isNaN(end) ? start : end);
  }
  return {
    lanes: Math.max(1, busy.length),
    lane,
    from: Number.isFinite(from) ? from : 0,
    to: Number.isFinite(to) ? to : 1,
  };
}
