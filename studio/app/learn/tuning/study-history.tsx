// The values of a study's trials in their order, and the best so far as a line.
import type { GivenStudy, StudyTrial } from "./study-job.ts";

interface Props {
  readonly trials: readonly StudyTrial[];
  readonly direction: GivenStudy["direction"];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [400, 180, 40, 18];

export function StudyHistory({ trials, direction }: Props) {
  const values = trials.map(({ value }) => value);
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const x = (i: number): number => LEFT + (i * (WIDTH - LEFT - 12)) / Math.max(1, trials.length - 1);
  const y = (value: number): number => 8 + ((high - value) * (HEIGHT - BOTTOM - 16)) / (high - low || 1);
  const better = direction === "minimize" ? Math.min : Math.max;
  let best = values[0]!;
  const line = values.map((value, i) => {
    const before = best;
    best = better(best, value);
    return `${x(i)},${y(before)} ${x(i)},${y(best)}`;
  });
  return (
    <svg
      class="study-history"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Values of ${trials.length} trials; the best is ${best.toPrecision(3)}`}
    >
      {[low, high].map((tick) => (
        <g key={tick}>
          <line class="gridline" x1={LEFT} x2={WIDTH - 12} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
            {tick.toPrecision(3)}
          </text>
        </g>
      ))}
      {trials.map(({ number, value }, i) => (
        <circle key={number} cx={x(i)} cy={y(value)} r={trials.length > 200 ? 1.5 : 3} />
      ))}
      <polyline points={line.join(" ")} />
      <text x={LEFT} y={HEIGHT - 4}>
        trial {trials[0]!.number}
      </text>
      <text x={WIDTH - 12} y={HEIGHT - 4} text-anchor="end">
        trial {trials.at(-1)!.number}
      </text>
    </svg>
  );
}
