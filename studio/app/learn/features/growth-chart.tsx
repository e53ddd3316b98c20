// The channel's mean activation over the steps; the step that is shown is marked.
import type { Growth } from "./growth.ts";
import { STEPS } from "./state.ts";

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [340, 96, 40, 18, 8];

interface Props {
  readonly growth: Growth;
  readonly step: number;
}

export function GrowthChart({ growth: { looks, grown }, step }: Props) {
  const most = Math.max(grown?.ceiling ?? 0, ...looks.map(({ value }) => value), 1e-6);
  const x = (at: number): number => LEFT + (at * (WIDTH - LEFT - 8)) / STEPS;
  const y = (value: number): number => TOP + (1 - value / most) * (HEIGHT - BOTTOM - TOP);
  const shown = looks.findLast((look) => look.step <= step);
  return (
    <svg
      class="growth"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Mean activation over ${looks.length} looks, at most ${most.toPrecision(3)}`}
    >
      <line class="grid" x1={LEFT} x2={WIDTH - 8} y1={y(0)} y2={y(0)} />
      <text x={LEFT - 6} y={y(0) + 4} text-anchor="end">
        0
      </text>
      <text x={LEFT - 6} y={y(most) + 6} text-anchor="end">
        {most.toPrecision(2)}
      </text>
      <text x={x(0)} y={HEIGHT - 4}>
        step 0
      </text>
      <text x={x(STEPS)} y={HEIGHT - 4} text-anchor="end">
        {STEPS}
      </text>
      {grown?.ceiling !== undefined && (
        <line class="ceiling" x1={LEFT} x2={WIDTH - 8} y1={y(grown.ceiling)} y2={y(grown.ceiling)} />
      )}
      <polyline points={looks.map((look) => `${x(look.step)},${y(look.value)}`).join(" ")} />
      {shown && <circle cx={x(shown.step)} cy={y(shown.value)} r="3.5" />}
    </svg>
  );
}
