// Parallel coordinates: every complete trial as a line through its parameters to its value. A range that is drawn along an
// axis filters every chart.
import { useCallback, useMemo, useRef } from "preact/hooks";
import { Canvas } from "../../charts/canvas.tsx";
import { mixed, type Palette } from "../../charts/palette.ts";
import { spread } from "../../charts/points.ts";
import { useWidth } from "../../charts/use-width.ts";
import { BOTTOM, BrushAxis, TOP } from "./brush-axis.tsx";
import type { BrushKey } from "./brushes.ts";
import type { ChartProps } from "./chart-props.ts";
import { brushesNow, hovered, pickedTrial } from "./selection.ts";
import { axisOf, placesOf, type Selection, type StudyModel } from "./study-model.ts";

/** Lines that one can still tell apart; of more trials the best are drawn and a spread of the others. */
const MOST_LINES = 1500;
const MOST_FADED = 400;
const BANDS = 8;
const HEIGHT = 300;
const LEFT = 56;
const RIGHT = 64;
/** Pixels between two axes, at least. */
const LEAST = 92;

interface Props extends ChartProps {
  /** Positions of the parameters in the order of their axes. */
  readonly order: readonly number[];
}

export function ParallelChart({ model, selection, order }: Props) {
  const frame = useRef<HTMLElement>(null);
  const outer = useWidth(frame);
  const keys: readonly BrushKey[] = useMemo(() => [...order.map((position) => `p${position}`), "v"], [order]);
  const width = Math.max(outer, LEFT + RIGHT + LEAST * (keys.length - 1));
  const xs = useMemo(
    () => keys.map((_, i) => LEFT + ((width - LEFT - RIGHT) * i) / Math.max(1, keys.length - 1)),
    [keys, width],
  );
  const lines = useMemo(() => linesOf(model, selection), [model, selection]);
  const draw = useCallback(
    (pen: CanvasRenderingContext2D, colors: Palette) => drawLines(pen, colors, model, keys, xs, lines),
    [model, keys, xs, lines],
  );
  const brushes = brushesNow();
  const { inside, total } = lines;
  return (
    <>
      <section
        class="scroll parallel"
        ref={frame}
        tabIndex={width > outer ? 0 : undefined}
        aria-label={`Parallel coordinates of ${keys.length} axes with ${total} trials`}
      >
        {outer > 0 && (
          <div class="plot" style={{ width: `${width}px`, height: `${HEIGHT}px` }}>
            <Canvas width={width} height={HEIGHT} draw={draw} />
            <svg width={width} height={HEIGHT} aria-hidden="true">
              {keys.map((key, i) => (
                <BrushAxis
                  key={key}
                  name={key}
                  axis={axisOf(model, key)!}
                  x={xs[i]!}
                  height={HEIGHT}
                  range={brushes[key]}
                  edge={i === 0 ? "first" : i === keys.length - 1 ? "last" : undefined}
                  room={Math.floor((xs[1] ?? width) - (xs[0] ?? 0))}
                />
              ))}
              <Line model={model} keys={keys} xs={xs} />
            </svg>
          </div>
        )}
      </section>
      <small>
        {inside.length < total &&
          `${inside.length.toLocaleString()} of ${total.toLocaleString()} lines are drawn, the best among them. `}
        Draw a range along an axis to filter every chart; a click on it takes the filter off.
      </small>
    </>
  );
}

/** Trials whose lines are drawn: worse ones first, so that good ones lie over them. */
function linesOf({ good }: StudyModel, { inside: all, outside }: Selection) {
  const sorted = all.slice().sort((a, b) => good[a]! - good[b]!);
  const best = sorted.subarray(Math.max(0, sorted.length - MOST_LINES / 10));
  const others = sorted.subarray(0, sorted.length - best.length);
  const inside = [...spread(others, MOST_LINES - best.length), ...best];
  return { inside, outside: spread(outside, MOST_FADED), total: all.length };
}

const yOf = (position: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - position);

function drawLines(
  pen: CanvasRenderingContext2D,
  colors: Palette,
  model: StudyModel,
  keys: readonly BrushKey[],
  xs: readonly number[],
  { inside, outside }: { readonly inside: readonly number[]; readonly outside: Int32Array },
): void {
  const columns = keys.map((key) => placesOf(model, key)!);
  const stroke = (numbers: ArrayLike<number>, color: string, width: number, alpha: number): void => {
    pen.beginPath();
    for (let i = 0; i < numbers.length; i++) trace(pen, columns, xs, numbers[i]!);
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.globalAlpha = alpha;
    pen.stroke();
  };
  stroke(outside, colors.line, 1, 0.5);
  const bands = Array.from({ length: BANDS }, (): number[] => []);
  for (const number of inside) bands[Math.min(BANDS - 1, Math.floor(model.good[number]! * BANDS))]!.push(number);
  const many = inside.length > 200;
  bands.forEach((numbers, band) => {
    const share = band / (BANDS - 1);
    stroke(numbers, mixed(colors.line, colors.right, share), 0.8 + share, many ? 0.35 + 0.4 * share : 0.85);
  });
  pen.globalAlpha = 1;
}

/** A line through the places of a trial; it breaks where the trial did not have a parameter. */
function trace(pen: CanvasRenderingContext2D, columns: readonly Float32Array[], xs: readonly number[], number: number) {
  let isOpen = false;
  for (let i = 0; i < columns.length; i++) {
    const position = columns[i]![number]!;
    if (Number.isNaN(position)) isOpen = false;
    else if (isOpen) pen.lineTo(xs[i]!, yOf(position));
    else {
      pen.moveTo(xs[i]!, yOf(position));
      isOpen = true;
    }
  }
}

/** The lines of the trial under the pointer and of the one that is picked. */
function Line({
  model,
  keys,
  xs,
}: {
  readonly model: StudyModel;
  readonly keys: readonly BrushKey[];
  readonly xs: readonly number[];
}) {
  const path = (number: number | undefined): string => {
    if (number === undefined || number >= model.trials.count) return "";
    let isOpen = false;
    return keys
      .map((key, i) => {
        const position = placesOf(model, key)![number]!;
        if (Number.isNaN(position)) {
          isOpen = false;
          return "";
        }
        const command = isOpen ? "L" : "M";
        isOpen = true;
        return `${command}${xs[i]!.toFixed(1)} ${yOf(position).toFixed(1)}`;
      })
      .join("");
  };
  return (
    <>
      <path class="trace picked" d={path(pickedTrial())} />
      <path class="trace hovered" d={path(hovered.value)} />
    </>
  );
}
