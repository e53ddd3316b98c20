// Facts that all charts of a study share: the axes of its parameters and values, each trial's places on them and goodness, and
// the trials that the brushes leave.
import { type Axis, choicesAxis, linearAxis, rangeAxis } from "../../charts/axis.ts";
import type { Brushes } from "./brushes.ts";
import { numbersIn, type Trials } from "./trials.ts";

export interface StudyModel {
  readonly trials: Trials;
  /** The objective that values and colours are of. */
  readonly objective: number;
  /** Axes of parameters by their positions, and places of each trial on them. */
  readonly axes: readonly Axis[];
  readonly places: readonly Float32Array[];
  /** Positions of the parameters that differ between trials. */
  readonly varied: readonly number[];
  readonly valueAxis: Axis;
  /** Places of values; what lies far outside stands at the edge. */
  readonly valuePlaces: Float32Array;
  /** Goodness of each complete trial: 1 the best, 0 as bad as the worst of most. */
  readonly good: Float32Array;
  /** Complete trials that have a value, by number. */
  readonly complete: Int32Array;
}

/** Axes and places of a study's trials by one of its objectives. */
export function modelOf(trials: Trials, objective: number): StudyModel {
  const { view, count } = trials;
  const axes = view.parameters.map((parameter) =>
    parameter.type === "categorical"
      ? choicesAxis(parameter.name, parameter.choices)
      : rangeAxis(parameter.name, parameter),
  );
  const places = axes.map((axis, i) => Float32Array.from(trials.params[i]!, (value) => axis.position(value)));
  const values = trials.values[objective]!;
  const complete = numbersIn(trials, "complete").filter((number) => Number.isFinite(values[number]!));
  const sign = signOf(trials, objective);
  const losses = lossesOf(trials, objective, complete);
  const valueAxis = valueAxisOf(trials, objective, complete);
  const good = goodnessOf(losses);
  const goods = new Float32Array(count);
  for (const number of complete) goods[number] = good(sign * values[number]!);
  return {
    ...{ trials, objective, axes, places, valueAxis, complete, good: goods },
    varied: view.parameters.flatMap((parameter, i) => {
      const differs = parameter.type === "categorical" ? parameter.choices.length > 1 : parameter.low < parameter.high;
      return differs ? [i] : [];
    }),
    valuePlaces: valuePlacesOn(valueAxis, values),
  };
}

const signOf = ({ view }: Trials, objective: number): 1 | -1 => (view.directions[objective] === "maximize" ? -1 : 1);

/** Values of some trials with the better one lower, sorted. */
function lossesOf(trials: Trials, objective: number, numbers: Int32Array): Float64Array {
  const [sign, values] = [signOf(trials, objective), trials.values[objective]!];
  return Float64Array.from(numbers, (number) => sign * values[number]!).sort();
}

/** The axis of an objective's values. */
export function valueAxisOf(trials: Trials, objective: number, numbers: Int32Array): Axis {
  const [low, high] = shownRange(lossesOf(trials, objective, numbers), signOf(trials, objective));
  return linearAxis(trials.view.objectives[objective] ?? "value", low, high);
}

/** Places of values; what lies far outside stands at the edge. */
export const valuePlacesOn = (axis: Axis, values: Float64Array): Float32Array =>
  Float32Array.from(values, (value) =>
    Number.isFinite(value) ? Math.min(1, Math.max(0, axis.position(value))) : Number.NaN,
  );

/** The range in which values are shown: all of them, unless some lie far beyond the worse of the others. */
function shownRange(losses: Float64Array, sign: number): readonly [low: number, high: number] {
  const best = losses[0] ?? 0;
  const third = losses[Math.floor(0.75 * (losses.length - 1))] ?? best;
  const fence = third + 3 * (third - best);
  const worst = losses.findLast((loss) => loss <= fence) ?? best;
  const room = (worst - best || Math.abs(best) || 1) * 0.05;
  return sign > 0 ? [best - room, worst + room] : [-(worst + room), -(best - room)];
}

/** Goodness of a loss among others, sorted. */
function goodnessOf(losses: Float64Array): (loss: number) => number {
  const best = losses[0] ?? 0;
  const worst = losses[Math.floor(0.85 * (losses.length - 1))] ?? best;
  return (loss) => (worst === best ? 1 : Math.min(1, Math.max(0, (worst - loss) / (worst - best))));
}

/** Places on the axis of a brush. */
export const placesOf = ({ places, valuePlaces }: StudyModel, key: string): Float32Array | undefined =>
  key === "v" ? valuePlaces : places[Number(key.slice(1))];

/** The axis of a brush. */
export const axisOf = ({ axes, valueAxis }: StudyModel, key: string): Axis | undefined =>
  key === "v" ? valueAxis : axes[Number(key.slice(1))];

/** 1 for each trial that all brushes leave. */
function keptBy(model: StudyModel, brushes: Brushes): Uint8Array {
  const kept = new Uint8Array(model.trials.count).fill(1);
  for (const [key, [from, to]] of Object.entries(brushes)) {
    const places = placesOf(model, key);
    if (places === undefined) continue;
    // A brush does not lose what lies on its edge by rounding.
    for (let number = 0; number < kept.length; number++)
      if (!(places[number]! >= from - 1e-4 && places[number]! <= to + 1e-4)) kept[number] = 0;
  }
  return kept;
}

/** The trials that the brushes leave. */
export interface Selection {
  /** 1 for each trial that is left. */
  readonly kept: Uint8Array;
  /** Number of trials that are left, in any state. */
  readonly count: number;
  /** Complete trials with a value that are left, by number; and those that are not. */
  readonly inside: Int32Array;
  readonly outside: Int32Array;
}

/** The trials that all brushes leave. */
export function selectionOf(model: StudyModel, brushes: Brushes): Selection {
  const kept = keptBy(model, brushes);
  const inside = model.complete.filter((number) => kept[number] === 1);
  const isWhole = inside.length === model.complete.length;
  return {
    kept,
    count: kept.reduce((sum, count) => sum + count, 0),
    inside,
    outside: isWhole ? new Int32Array() : model.complete.filter((number) => kept[number] === 0),
  };
}
