// Axes: any number as a place from 0 to 1, and ticks to read it by. One kind for values, parameters on any scale, choices and
// times, so that every chart can show each of them.

export interface Tick {
  readonly position: number;
  readonly label: string;
}

export interface Axis {
  readonly title: string;
  readonly ticks: readonly Tick[];
  /** Of choices without an order: how many there are; nothing lies between them. */
  readonly cells?: number;
  /** NaN for what is not on the axis. */
  position(value: number): number;
  /** The value at a place, as people read it. */
  textAt(position: number): string;
}

/** The most whole numbers that an axis lists separately. */
const MOST_WHOLE = 9;

/** A number in few characters: 0.0001, 1e-5, 12.5. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6))
    return Number(value.toPrecision(3)).toExponential().replace("e+", "e");
  return String(Number(value.toPrecision(4)));
}

export function linearAxis(title: string, low: number, high: number, steps = 5): Axis {
  const span = high - low || 1;
  const positionOf = (value: number): number => (value - low) / span;
  return {
    title,
    ticks: linearTicks(low, high, steps).map((value) => ({ position: positionOf(value), label: shortNumber(value) })),
    position: positionOf,
    textAt: (at) => shortNumber(low + at * span),
  };
}

function logAxis(title: string, low: number, high: number): Axis {
  const span = Math.log(high / low) || 1;
  const positionOf = (value: number): number => Math.log(value / low) / span;
  return {
    title,
    ticks: logTicks(low, high).map((value) => ({ position: positionOf(value), label: shortNumber(value) })),
    position: positionOf,
    textAt: (at) => shortNumber(low * Math.exp(at * span)),
  };
}

/** Choices in equal steps, by their positions; numbers in their order, everything else as it was given. */
export function choicesAxis(title: string, choices: readonly unknown[]): Axis {
  const positions = choices.map((_, position) => position);
  const areNumbers = choices.every((choice) => typeof choice === "number");
  if (areNumbers) positions.sort((a, b) => Number(choices[a]) - Number(choices[b]));
  const rank = new Map(positions.map((position, at) => [position, at]));
  const placeOf = (at: number): number => (at + 0.5) / choices.length;
  const label = (at: number): string => String(choices[positions[Math.max(0, Math.min(choices.length - 1, at))]!]);
  return {
    title,
    ticks: positions.map((_, at) => ({ position: placeOf(at), label: label(at) })),
    ...(areNumbers ? {} : { cells: choices.length }),
    position: (value) => {
      const at = rank.get(value);
      return at === undefined ? Number.NaN : placeOf(at);
    },
    textAt: (at) => label(Math.floor(at * choices.length)),
  };
}

/** A range of numbers: on its scale, or one by one where there are few whole numbers. */
export function rangeAxis(
  title: string,
  range: { readonly type: "float" | "int"; readonly low: number; readonly high: number; readonly log: boolean },
): Axis {
  const { type, low, high, log } = range;
  if (log && low > 0) return logAxis(title, low, high);
  if (type === "float" || high - low >= MOST_WHOLE) return linearAxis(title, low, high);
  const count = high - low + 1;
  const placeOf = (value: number): number => (value - low + 0.5) / count;
  return {
    title,
    ticks: Array.from({ length: count }, (_, i) => ({ position: placeOf(low + i), label: String(low + i) })),
    position: placeOf,
    textAt: (at) => String(Math.min(high, low + Math.floor(at * count))),
  };
}

function linearTicks(low: number, high: number, steps: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / steps;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * unit).find((size) => size >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const within = decades < 0.7 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : decades < 2.5 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 6));
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++)
    for (const digit of within) {
      const value = Number(`${digit}e${exponent}`);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) && exponent % every === 0) ticks.push(value);
    }
  return ticks.length >= 2 ? ticks : [low, high];
}
