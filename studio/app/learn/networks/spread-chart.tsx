// The spread of values after each block, on a scale of powers of ten.
interface Props {
  /** Before the first block and after each; above 0. */
  readonly spread: readonly number[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [400, 130, 40, 20];

export function SpreadChart({ spread }: Props) {
  const logs = spread.map((value) => Math.log10(Math.max(value, 1e-12)));
  const low = Math.min(-2, Math.floor(Math.min(...logs)));
  const high = Math.max(1, Math.ceil(Math.max(...logs)));
  const x = (n: number): number => LEFT + (n * (WIDTH - LEFT - 12)) / Math.max(1, spread.length - 1);
  const y = (log: number): number => 8 + ((high - log) * (HEIGHT - BOTTOM - 8)) / (high - low);
  const every = Math.ceil((high - low) / 5);
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((tick) => (tick - low) % every === 0);
  return (
    <svg
      class="spread"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Standard deviation of the values: ${spread[0]!.toPrecision(2)} before the first block, ${spread.at(-1)!.toPrecision(2)} after the last`}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={WIDTH - 12} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
            10
            <tspan dy="-4" font-size="8">
              {String(tick).replace("-", "−")}
            </tspan>
          </text>
        </g>
      ))}
      <polyline points={logs.map((log, n) => `${x(n)},${y(log)}`).join(" ")} />
      {logs.map((log, n) => (
        <circle key={n} cx={x(n)} cy={y(log)} r="2.5" />
      ))}
      <text x={x(0)} y={HEIGHT - 4} text-anchor="middle">
        0
      </text>
      <text x={WIDTH - 4} y={HEIGHT - 4} text-anchor="end">
        block {spread.length - 1}
      </text>
    </svg>
  );
}
