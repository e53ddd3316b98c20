// Two axes with a canvas between them: points by the thousand are drawn, marks over them are elements. The one under the
// pointer is told, so that every other chart can show it too.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useCallback, useRef } from "preact/hooks";
import type { Axis } from "./axis.ts";
import { Canvas } from "./canvas.tsx";
import type { Palette } from "./palette.ts";
import "./plot.css";
import { useWidth } from "./use-width.ts";

/** The part of a plot between its axes, in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Pixels of a place from 0 to 1. */
  x(position: number): number;
  y(position: number): number;
}

/** Marks that the pointer may rest on, by their numbers. */
export interface Pointing {
  readonly hovered: Signal<number | undefined>;
  readonly picked: number | undefined;
  readonly onPick: (number: number | undefined) => void;
  /** The one nearest to a point of the plot. */
  readonly nearest: (area: Area, x: number, y: number) => number | undefined;
  /** Places of a mark on both axes, from 0 to 1; undefined where it is not in this plot. */
  readonly placeOf: (number: number) => readonly [x: number, y: number] | undefined;
  readonly textOf: (number: number) => string;
}

interface Props {
  /** A sentence about what the plot shows. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly height?: number;
  readonly draw: (pen: CanvasRenderingContext2D, area: Area, colors: Palette) => void;
  readonly pointing?: Pointing;
  /** Elements over the drawing. */
  readonly children?: (area: Area) => ComponentChildren;
}

const RIGHT = 10;
const TOP = 8;
const BOTTOM = 36;
/** Letters of a label at the left, at most. */
const MOST_LETTERS = 10;
/** Pixels that a tick's label needs. */
const ROOM = 46;

export function Plot({ label, x, y, height = 220, draw, pointing, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const left = roomOf(y);
  const area = areaOf(width, height, left);
  const paint = useCallback(
    (pen: CanvasRenderingContext2D, colors: Palette) => draw(pen, areaOf(width, height, left), colors),
    [draw, width, height, left],
  );
  const point = (event: PointerEvent): number | undefined => {
    const { x: from, y: above } = frame.current!.getBoundingClientRect();
    return pointing?.nearest(area, event.clientX - from, event.clientY - above);
  };
  return (
    <div
      class="plot"
      ref={frame}
      style={{ height: `${height}px` }}
      role="img"
      aria-label={label}
      {...(pointing && {
        onPointerMove: (event: PointerEvent) => {
          pointing.hovered.value = point(event);
        },
        onPointerLeave: () => {
          pointing.hovered.value = undefined;
        },
        onPointerUp: (event: PointerEvent) => {
          const number = point(event);
          if (number !== undefined) pointing.onPick(number);
        },
      })}
    >
      {width > 0 && (
        <>
          <Canvas width={width} height={height} draw={paint} />
          <svg width={width} height={height} aria-hidden="true">
            <Ticks {...{ x, y, area }} />
            {children?.(area)}
            {pointing && <Marks {...{ area, pointing }} />}
          </svg>
          {pointing && <Tip {...{ area, pointing }} />}
        </>
      )}
    </div>
  );
}

/** Pixels that the labels of an axis need at its left. */
const roomOf = ({ ticks }: Axis): number =>
  14 + Math.ceil(6.3 * Math.max(0, ...ticks.map(({ label }) => Math.min(MOST_LETTERS, label.length))));

function areaOf(width: number, height: number, left: number): Area {
  const [wide, high] = [Math.max(1, width - left - RIGHT), height - TOP - BOTTOM];
  return {
    ...{ left, top: TOP, width: wide, height: high },
    x: (position) => left + wide * position,
    y: (position) => TOP + high * (1 - position),
  };
}

function Ticks({ x, y, area }: { readonly x: Axis; readonly y: Axis; readonly area: Area }) {
  const { left, top, width, height } = area;
  return (
    <>
      {y.ticks.map(({ position, label }) => (
        <g key={label}>
          <path class="grid" d={`M${left} ${area.y(position)}h${width}`} />
          <text x={left - 6} y={area.y(position) + 4} text-anchor="end">
            {shortened(label, MOST_LETTERS)}
          </text>
        </g>
      ))}
      {roomy(x, width).map(({ position, label }) => (
        <g key={label}>
          <path class="grid" d={`M${area.x(position)} ${top + height}v4`} />
          <text x={area.x(position)} y={top + height + 16} text-anchor={anchorAt(position)}>
            {shortened(label, 14)}
          </text>
        </g>
      ))}
      <text class="title" x={left + width} y={top + height + 31} text-anchor="end">
        {shortened(x.title, Math.floor(width / 6))}
      </text>
    </>
  );
}

const anchorAt = (position: number): "start" | "middle" | "end" =>
  position < 0.04 ? "start" : position > 0.96 ? "end" : "middle";

/** Ticks that do not touch one another. */
function roomy({ ticks }: Axis, width: number): Axis["ticks"] {
  const longest = Math.max(...ticks.map(({ label }) => Math.min(14, label.length) * 6.5 + 8), 0);
  const most = Math.max(2, Math.floor(width / Math.max(ROOM, longest)));
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, at) => at % every === 0);
}

/** A text that fits, with what is left out said by a sign. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;

interface MarkProps {
  readonly area: Area;
  readonly pointing: Pointing;
}

function Marks({ area, pointing: { hovered, picked, placeOf } }: MarkProps) {
  const marks = [
    { number: picked, name: "picked" },
    { number: hovered.value, name: "hovered" },
  ];
  return (
    <>
      {marks.map(({ number, name }) => {
        const point = number === undefined ? undefined : placeOf(number);
        return point && <circle key={name} class={name} cx={area.x(point[0])} cy={area.y(point[1])} r={6} />;
      })}
    </>
  );
}

function Tip({ area, pointing: { hovered, placeOf, textOf } }: MarkProps) {
  const number = hovered.value;
  const point = number === undefined ? undefined : placeOf(number);
  if (number === undefined || point === undefined) return null;
  const isRight = point[0] > 0.6;
  const side = isRight
    ? { right: `${RIGHT + area.width * (1 - point[0]) + 10}px` }
    : { left: `${area.x(point[0]) + 10}px` };
  return (
    <span class="tip" aria-hidden="true" style={{ ...side, top: `${Math.max(0, area.y(point[1]) - 28)}px` }}>
      {textOf(number)}
    </span>
  );
}
