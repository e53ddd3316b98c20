// One axis of the parallel coordinates, along which a range is drawn.
import { useState } from "preact/hooks";
import type { Axis } from "../../charts/axis.ts";
import { shortened } from "../../charts/plot.tsx";
import type { BrushKey } from "./brushes.ts";
import { brush, brushSoon } from "./selection.ts";

/** Pixels above and below the axes. */
export const TOP = 44;
export const BOTTOM = 12;
/** Half the width of what can be grasped. */
const GRASP = 18;
/** A range that is shorter than this is a click. */
const CLICK = 0.02;

/** Place of an axis's name, so that none leaves the chart. */
const EDGES = { first: ["start", -40], last: ["end", 56], none: ["middle", 0] } as const;

interface Props {
  readonly name: BrushKey;
  readonly axis: Axis;
  readonly x: number;
  readonly height: number;
  readonly range: readonly [from: number, to: number] | undefined;
  /** Pixels to the next axis. */
  readonly room: number;
  /** The side on which there is no other axis. */
  readonly edge?: "first" | "last" | undefined;
}

export function BrushAxis({ name, axis, x, height, range, room, edge }: Props) {
  const [start, setStart] = useState<number>();
  const length = height - TOP - BOTTOM;
  const yOf = (position: number): number => TOP + length * (1 - position);
  const placeAt = (event: PointerEvent): number => {
    const { top } = (event.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - top - TOP) / length));
  };
  const between = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a]);
  const move = (event: PointerEvent): void => {
    if (start === undefined) return;
    const position = placeAt(event);
    if (Math.abs(position - start) >= CLICK) brushSoon(name, between(start, position));
  };
  const end = (event: PointerEvent): void => {
    if (start !== undefined && Math.abs(placeAt(event) - start) < CLICK) brush(name, undefined);
    setStart(undefined);
  };
  const [anchor, shift] = EDGES[edge ?? "none"];
  const most = Math.max(4, Math.floor((room - 6) / 6.4));
  return (
    <g>
      <text class="title" x={x + shift} y={14} text-anchor={anchor}>
        {shortened(axis.title, most)}
        {axis.title.length > most && <title>{axis.title}</title>}
      </text>
      {range !== undefined && (
        <text class="range" x={x + shift} y={30} text-anchor={anchor}>
          {shortened(`${axis.textAt(range[0])} – ${axis.textAt(range[1])}`, most)}
        </text>
      )}
      <path class="axis" d={`M${x} ${TOP}v${length}`} />
      {axis.ticks.map(({ position, label }) => (
        <text key={label} class="tick" x={x + 6} y={yOf(position) + 4}>
          {shortened(label, Math.max(3, Math.floor((room - 12) / 6.4)))}
        </text>
      ))}
      {range !== undefined && (
        <rect
          class="brush"
          x={x - 7}
          width={14}
          y={yOf(range[1])}
          height={Math.max(2, length * (range[1] - range[0]))}
        />
      )}
      <rect
        class="grasp"
        x={x - GRASP}
        width={2 * GRASP}
        y={TOP - 6}
        height={length + 12}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          setStart(placeAt(event));
        }}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => setStart(undefined)}
      />
    </g>
  );
}
