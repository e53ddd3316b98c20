// One search over its plane: what it tried so far, and along the axes the different values of each setting.
import { memo } from "preact/compat";
import type { TriedPoint } from "./job.ts";
import { OBJECTIVE_FACTS, type ObjectiveName } from "./objectives.ts";

interface Props {
  readonly title: string;
  readonly objective: ObjectiveName;
  /** Oldest first. */
  readonly points: readonly TriedPoint[];
  readonly kind: "grid" | "rival";
}

const [SIDE, MARGIN] = [280, 26];
const CELLS = 28;

export const distinct = (points: readonly TriedPoint[], axis: "x" | "y"): number =>
  new Set(points.map((point) => point[axis])).size;

export const bestOf = (points: readonly TriedPoint[]): TriedPoint | undefined =>
  points.reduce<TriedPoint | undefined>(
    (best, point) => (best === undefined || point.value > best.value ? point : best),
    undefined,
  );

const digits = (value: number): string => value.toPrecision(3);
const across = (x: number): number => MARGIN + x * SIDE;
const up = (y: number): number => (1 - y) * SIDE;

export function Plane({ title, objective, points, kind }: Props) {
  const best = bestOf(points);
  const [nx, ny] = [distinct(points, "x"), distinct(points, "y")];
  const summary =
    best === undefined
      ? `${title}: no trial yet`
      : `${title}: ${points.length} trials, ${nx} different values of x, ${ny} of y; the best is ${digits(best.value)} at x ${digits(best.x)}, y ${digits(best.y)}`;
  return (
    <figure class="plane-of-search" data-kind={kind}>
      <figcaption>
        <h2>{title}</h2>
      </figcaption>
      <svg viewBox={`0 0 ${SIDE + MARGIN} ${SIDE + MARGIN}`} role="img" aria-label={summary}>
        <Landscape objective={objective} />
        <rect class="border" x={MARGIN} y={0} width={SIDE} height={SIDE} />
        {points.map(({ x, y }, i) => (
          <g key={i}>
            <line class="tick" x1={across(x)} x2={across(x)} y1={SIDE + 3} y2={SIDE + 12} />
            <line class="tick" x1={MARGIN - 12} x2={MARGIN - 3} y1={up(y)} y2={up(y)} />
            <circle
              class={i === points.length - 1 ? "newest" : ""}
              data-best={points[i] === best}
              cx={across(x)}
              cy={up(y)}
              r={points[i] === best ? 6 : 4}
            />
          </g>
        ))}
        <text x={MARGIN + SIDE} y={SIDE + 24} text-anchor="end">
          x
        </text>
        <text x={4} y={12}>
          y
        </text>
      </svg>
      <div class="formula">
        <div class="fact">
          <span class="muted">different x, y</span>{" "}
          <span class="distinct">
            {nx}, {ny}
          </span>
        </div>
        <div class="fact">
          <span class="muted">best of {points.length}</span>{" "}
          <span class="best">{best && `${digits(best.value)} at (${digits(best.x)}, ${digits(best.y)})`}</span>
        </div>
      </div>
    </figure>
  );
}

/** The objective as shades; drawn once. */
const Landscape = memo(({ objective }: { readonly objective: ObjectiveName }) => {
  const { evaluate } = OBJECTIVE_FACTS[objective];
  const size = SIDE / CELLS;
  const cells = Array.from({ length: CELLS * CELLS }, (_, i) => [i % CELLS, Math.floor(i / CELLS)] as const);
  return (
    <g class="landscape" shape-rendering="crispEdges">
      {cells.map(([column, row]) => (
        <rect
          key={`${column} ${row}`}
          x={MARGIN + column * size}
          y={row * size}
          width={size}
          height={size}
          fill-opacity={0.4 * Math.max(0, evaluate((column + 0.5) / CELLS, 1 - (row + 0.5) / CELLS))}
        />
      ))}
    </g>
  );
});
