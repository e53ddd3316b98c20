// One search over its plane: what it tried so far, how many different values of each setting, its best.
import type { TriedPoint } from "./job.ts";
import { Landscape } from "./landscape.tsx";
import type { ObjectiveName } from "./objectives.ts";
import { Scatter } from "./scatter.tsx";

interface Props {
  readonly title: string;
  readonly objective: ObjectiveName;
  /** Oldest first. */
  readonly points: readonly TriedPoint[];
  readonly kind: "grid" | "rival";
}

const distinct = (points: readonly TriedPoint[], axis: "x" | "y"): number =>
  new Set(points.map((point) => point[axis])).size;

const bestOf = (points: readonly TriedPoint[]): TriedPoint | undefined =>
  points.reduce<TriedPoint | undefined>(
    (best, point) => (best === undefined || point.value > best.value ? point : best),
    undefined,
  );

const digits = (value: number): string => value.toPrecision(3);

export function Plane({ title, objective, points, kind }: Props) {
  const best = bestOf(points);
  const [nx, ny] = [distinct(points, "x"), distinct(points, "y")];
  const label =
    best === undefined
      ? `${title}: no trial yet`
      : `${title}: ${points.length} trials, ${nx} different values of x, ${ny} of y; the best is ${digits(best.value)} at x ${digits(best.x)}, y ${digits(best.y)}`;
  return (
    <figure class="search" data-kind={kind}>
      <figcaption>
        <h2>{title}</h2>
      </figcaption>
      <Scatter label={label} kind={kind} points={points} best={best}>
        <Landscape objective={objective} />
      </Scatter>
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
