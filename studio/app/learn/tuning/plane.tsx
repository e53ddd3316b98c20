// One search over its plane: its trials so far, the number of different values of each setting, its best.
import { bestOf } from "./best.ts";
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

const digits = (value: number): string => value.toPrecision(3);

export function Plane({ title, objective, points, kind }: Props) {
  const best = bestOf(points, "maximize");
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
