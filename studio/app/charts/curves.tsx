// Curves over epochs: one line a series, both parts of a measure in one chart, the best epoch marked. Redrawn as numbers come.
import { metric } from "../frame/numbers.ts";
import "./curves.css";

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** Number of its colour, from 1 to 4. */
  readonly color: number;
  readonly isDashed?: boolean;
}

interface Props {
  readonly title: string;
  readonly series: readonly Series[];
  /** The epoch to mark, counted from 1. */
  readonly best?: number | undefined;
  /** Places on the axis, where training may go on to more epochs than there are yet. */
  readonly epochs?: number | undefined;
}

const WIDTH = 420;
const HEIGHT = 220;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 26;

export function Curves({ title, series, best, epochs = 0 }: Props) {
  const count = Math.max(2, epochs, ...series.map(({ values }) => values.length));
  const known = series.flatMap(({ values }) => values.filter(Number.isFinite));
  const { low, high, ticks } = scaleOf(known);
  const x = (epoch: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (epoch - 1)) / (count - 1);
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low));
  const last = series.map(({ name, values }) => `${name} ${metric(values.at(-1) ?? Number.NaN)}`).join(", ");
  return (
    <figure class="curves">
      <figcaption>
        <strong>{title}</strong>
        {series.map(({ name, values, color, isDashed }) => (
          <span key={name}>
            <svg width="22" height="8" aria-hidden="true">
              <path d="M1 4h20" style={strokeOf(color, isDashed)} />
            </svg>
            {name} <output>{metric(values.at(-1) ?? Number.NaN)}</output>
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title} by epoch: ${last}`}>
        {ticks.map((tick) => (
          <g key={tick}>
            <path class="grid" d={`M${LEFT} ${y(tick)}H${WIDTH - RIGHT}`} />
            <text x={LEFT - 6} y={y(tick) + 4} text-anchor="end">
              {tick.toLocaleString(undefined, { maximumFractionDigits: 3 })}
            </text>
          </g>
        ))}
        {epochTicks(count).map((epoch) => (
          <text key={epoch} x={x(epoch)} y={HEIGHT - 8} text-anchor="middle">
            {epoch}
          </text>
        ))}
        {best !== undefined && best > 0 && <path class="best" d={`M${x(best)} ${TOP}V${HEIGHT - BOTTOM}`} />}
        {series.map(({ name, values, color, isDashed }) => (
          <path key={name} d={lineOf(values, x, y)} style={strokeOf(color, isDashed)} fill="none" />
        ))}
      </svg>
    </figure>
  );
}

const strokeOf = (color: number, isDashed = false) => ({
  stroke: `var(--series-${color})`,
  strokeWidth: 2,
  ...(isDashed ? { strokeDasharray: "5 4" } : {}),
});

/** A path through the numbers, broken where one is missing; a point where there is only one. */
function lineOf(values: readonly number[], x: (epoch: number) => number, y: (value: number) => number): string {
  if (values.length === 1 && Number.isFinite(values[0])) return `M${x(1) - 3} ${y(values[0]!)}h6`;
  let isOpen = false;
  return values
    .map((value, i) => {
      if (!Number.isFinite(value)) {
        isOpen = false;
        return "";
      }
      const command = isOpen ? "L" : "M";
      isOpen = true;
      return `${command}${x(i + 1).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
}

function scaleOf(values: readonly number[]) {
  const [min, max] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const span = max - min || Math.abs(max) || 1;
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw)!;
  const low = Math.floor(min / step) * step;
  const high = Math.max(low + step, Math.ceil(max / step) * step);
  return { low, high, ticks: Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step) };
}

function epochTicks(count: number): number[] {
  const step = Math.max(1, Math.ceil(count / 8));
  return Array.from({ length: Math.floor((count - 1) / step) + 1 }, (_, i) => 1 + i * step);
}
