// The best so far of both searches, trial by trial.
interface Props {
  readonly grid: readonly number[];
  readonly rival: readonly number[];
  /** Number of trials that there will be. */
  readonly budget: number;
  readonly rivalTitle: string;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [400, 130, 34, 18];
const MOST = 1.1;

export function Race({ grid, rival, budget, rivalTitle }: Props) {
  const x = (trial: number): number => LEFT + ((trial + 1) * (WIDTH - LEFT - 8)) / budget;
  const y = (value: number): number => 6 + (1 - value / MOST) * (HEIGHT - BOTTOM - 6);
  const steps = (best: readonly number[]): string =>
    best.flatMap((value, i) => [`${x(i - 1)},${y(value)}`, `${x(i)},${y(value)}`]).join(" ");
  const ends = [grid.at(-1), rival.at(-1)].map((value) => (value === undefined ? "nothing" : value.toPrecision(3)));
  return (
    <figure class="race">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`The best so far after ${grid.length} trials: grid search ${ends[0]}, ${rivalTitle} ${ends[1]}`}
      >
        {[0, 0.5, 1].map((tick) => (
          <g key={tick}>
            <line class="gridline" x1={LEFT} x2={WIDTH - 8} y1={y(tick)} y2={y(tick)} />
            <text x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        <polyline class="of-grid" points={steps(grid)} />
        <polyline class="of-rival" points={steps(rival)} />
        <text x={LEFT} y={HEIGHT - 4}>
          1 trial
        </text>
        <text x={WIDTH - 8} y={HEIGHT - 4} text-anchor="end">
          {budget} trials
        </text>
      </svg>
      <figcaption>
        <span class="key" data-kind="grid" /> grid search <span class="key" data-kind="rival" /> {rivalTitle}: the best
        so far
      </figcaption>
    </figure>
  );
}
