// Axes of parameters: any value, on whatever scale or among whatever choices, as a place from 0 to 1, and ticks to read
// it by. One kind of axis for all, so that every chart can show every parameter.
import { printable } from "../../../core/text.js";
import type { ParameterFacts, ParameterValue } from "../../study-facts.js";

export interface Tick {
  readonly position: number;
  readonly label: string;
}

export interface ParameterAxis {
  readonly name: string;
  readonly ticks: readonly Tick[];
  /** True where its places are those of single choices. */
  readonly discrete: boolean;
  /** Of choices that have no order: how many there are. Nothing lies between them. */
  readonly cells: number | undefined;
  /** Undefined for what is not on the axis. */
  position(value: ParameterValue | undefined): number | undefined;
}

/** The most whole numbers that an axis lists separately. */
const MOST_WHOLE = 9;

/** A number in few characters: 0.0001, 1e-5, 12.5. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential().replace("e+", "e");
  return String(Number(value.toPrecision(6)));
}

/** The axis of a parameter. */
export function parameterAxis(name: string, parameter: ParameterFacts): ParameterAxis {
  if (parameter.type === "categorical") return choicesAxis(name, parameter.choices);
  const { type, low, high, log } = parameter;
  if (type === "int" && !log && high - low < MOST_WHOLE)
    return choicesAxis(
      name,
      Array.from({ length: high - low + 1 }, (_, i) => low + i),
    );
  const scale = log ? Math.log10 : (value: number) => value;
  const positionOf = (value: ParameterValue | undefined): number | undefined => {
    if (typeof value !== "number" || value < low || value > high) return undefined;
    return high === low ? 0.5 : (scale(value) - scale(low)) / (scale(high) - scale(low));
  };
  const ticks = (log ? logTicks(low, high) : linearTicks(low, high)).map((value) => ({
    position: positionOf(value) ?? 0.5,
    label: shortNumber(value),
  }));
  return { name, ticks, discrete: false, cells: undefined, position: positionOf };
}

/** Choices in equal steps; numbers in their order, everything else as it was given. */
function choicesAxis(name: string, values: readonly ParameterValue[]): ParameterAxis {
  const numbers = values.every((choice) => typeof choice === "number");
  const choices = numbers ? [...values].sort((a, b) => Number(a) - Number(b)) : values;
  const placeOf = (i: number): number => (i + 0.5) / choices.length;
  return {
    name,
    discrete: true,
    cells: numbers ? undefined : choices.length,
    ticks: choices.map((choice, i) => ({ position: placeOf(i), label: printable(String(choice)) })),
    position: (value) => {
      const i = choices.findIndex((choice) => Object.is(choice, value));
      return i < 0 ? undefined : placeOf(i);
    },
  };
}

function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const within = decades < 1.5 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 6));
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent += 1)
    for (const digit of within) {
      const value = Number(`${digit}e${exponent}`);
      if (value >= low && value <= high && exponent % every === 0) ticks.push(value);
    }
  return ticks.length >= 2 ? ticks : [low, high];
}

function linearTicks(low: number, high: number): number[] {
  if (low === high) return [low];
  const rough = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * unit).find((size) => size >= rough) ?? rough;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** A channel that shows a field as it is, from `low` to `high` and no further. */
export const quantity = <A>(field: string, [low, high]: readonly [number, number], axis: A) => ({
  field,
  type: "quantitative" as const,
  scale: { domain: [low, high], nice: false, zero: false },
  axis,
});

/** A margin on either side of the places, so that no point lies on the frame. */
const MARGIN = 0.03;

/** From where to where a channel of an axis goes. */
export const domainOf = ({ discrete }: ParameterAxis): readonly [number, number] =>
  discrete ? [0, 1] : [-MARGIN, 1 + MARGIN];

/** The channel of a chart that shows places of a parameter. */
export function channel(axis: ParameterAxis, field: string, title: string | null = axis.name) {
  const labels = Object.fromEntries(axis.ticks.map(({ position, label }) => [keyOf(position), label]));
  return quantity(field, domainOf(axis), {
    title,
    values: axis.ticks.map(({ position }) => position),
    labelExpr: `(${JSON.stringify(labels)})[toString(round(datum.value * ${KEY_STEPS}))]`,
    labelLimit: 110,
    labelOverlap: true,
    grid: false,
  });
}

const KEY_STEPS = 1e6;
const keyOf = (position: number): string => String(Math.round(position * KEY_STEPS));
