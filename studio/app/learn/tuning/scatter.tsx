// Tried points of a plane from 0 to 1, with a tick on each axis for every value that was tried.
import type { ComponentChildren } from "preact";

export interface PlacedPoint {
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly label: string;
  readonly kind: "grid" | "rival";
  readonly points: readonly PlacedPoint[];
  /** One of the points. */
  readonly best: PlacedPoint | undefined;
  readonly xName?: string;
  readonly yName?: string;
  /** Lies behind the points. */
  readonly children?: ComponentChildren;
}

const [SIDE, MARGIN] = [280, 26];
const across = (x: number): number => MARGIN + x * SIDE;
const up = (y: number): number => (1 - y) * SIDE;

export function Scatter({ label, kind, points, best, xName = "x", yName = "y", children }: Props) {
  return (
    <div class="scatter" data-kind={kind}>
      {children}
      <svg viewBox={`0 0 ${SIDE + MARGIN} ${SIDE + MARGIN}`} role="img" aria-label={label}>
        <rect class="border" x={MARGIN} y={0} width={SIDE} height={SIDE} />
        {points.map((point, i) => (
          <g key={i}>
            <line class="tick" x1={across(point.x)} x2={across(point.x)} y1={SIDE + 3} y2={SIDE + 12} />
            <line class="tick" x1={MARGIN - 12} x2={MARGIN - 3} y1={up(point.y)} y2={up(point.y)} />
            <circle
              data-best={point === best}
              cx={across(point.x)}
              cy={up(point.y)}
              r={point === best ? 6 : points.length > 200 ? 2.5 : 4}
            />
          </g>
        ))}
        <text x={MARGIN + SIDE} y={SIDE + 24} text-anchor="end">
          {xName}
        </text>
        <text x={10} y={0} text-anchor="end" transform="rotate(-90 10 0)">
          {yName}
        </text>
      </svg>
    </div>
  );
}
