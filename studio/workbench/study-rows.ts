// Trials as short rows of numbers, and what lists and charts show of many at once.
import type { Direction, Study, TrialRecord } from "fovea/tune";
import type { ParameterFacts, TrialCurve, TrialRow } from "../contract/study-facts.js";

/** Curves that are told besides those of running trials: of the best, and of the latest. */
const MOST_BEST = 12;
const MOST_LATEST = 40;

/** The parameters of a study, in the order in which trials first had them; ranges hold those of all trials. */
export class Space {
  readonly #parameters: ParameterFacts[] = [];
  readonly #places = new Map<string, number>();

  get parameters(): readonly ParameterFacts[] {
    return this.#parameters;
  }

  learn({ distributions }: TrialRecord): void {
    for (const [name, distribution] of Object.entries(distributions)) {
      const index = this.#places.get(name);
      if (index === undefined) {
        this.#places.set(name, this.#parameters.length);
        if (distribution.type === "categorical")
          this.#parameters.push({ name, type: "categorical", choices: distribution.choices });
        else {
          const { type, low, high, log } = distribution;
          this.#parameters.push({ name, type, low, high, log });
        }
        continue;
      }
      const known = this.#parameters[index]!;
      if (known.type === "categorical" || distribution.type === "categorical") continue;
      const { low, high } = distribution;
      if (low < known.low || high > known.high)
        this.#parameters[index] = { ...known, low: Math.min(low, known.low), high: Math.max(high, known.high) };
    }
  }

  row({ number, state, values, params, startedAt, finishedAt }: TrialRecord): TrialRow {
    return {
      number,
      state,
      values: values?.map(finite) ?? null,
      params: this.#parameters.map((parameter) => {
        if (!Object.hasOwn(params, parameter.name)) return null;
        const value = params[parameter.name]!;
        if (parameter.type !== "categorical") return typeof value === "number" ? value : null;
        const index = parameter.choices.findIndex((choice) => Object.is(choice, value));
        return index < 0 ? null : index;
      }),
      start: startedAt?.getTime() ?? null,
      end: finishedAt?.getTime() ?? null,
    };
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The best value of the first objective after each complete trial that has one. */
export function bestSoFar(trials: readonly TrialRecord[], directions: readonly Direction[]): number[] {
  const sign = directions[0] === "maximize" ? -1 : 1;
  const line: number[] = [];
  for (const { state, values } of trials) {
    const [value = Number.NaN] = values ?? [];
    if (state !== "complete" || !Number.isFinite(value)) continue;
    const before = line.at(-1);
    line.push(before === undefined || sign * value < sign * before ? value : before);
  }
  return line;
}

/** Every so-manieth of some numbers, the first and the last among them. */
export function thinned(numbers: readonly number[], count: number): readonly number[] {
  if (numbers.length <= count) return numbers;
  return Array.from({ length: count }, (_, i) => numbers[Math.round((i * (numbers.length - 1)) / (count - 1))]!);
}

/** The best trial, or the Pareto front, by number. */
export function frontOf(study: Study): number[] {
  if (study.directions.length > 1) return study.bestTrials.map(({ number }) => number);
  return bestTrials(study.trials, study.directions, 1).map(({ number }) => number);
}

/** Complete trials with the best values of the first objective, the earliest of equals first. */
function bestTrials(trials: readonly TrialRecord[], directions: readonly Direction[], count: number): TrialRecord[] {
  const sign = directions[0] === "maximize" ? -1 : 1;
  const best: { readonly trial: TrialRecord; readonly loss: number }[] = [];
  for (const trial of trials) {
    const loss = sign * (trial.values?.[0] ?? Number.NaN);
    if (trial.state !== "complete" || !Number.isFinite(loss)) continue;
    if (best.length === count && loss >= best.at(-1)!.loss) continue;
    const at = best.findIndex((other) => loss < other.loss);
    best.splice(at < 0 ? best.length : at, 0, { trial, loss });
    if (best.length > count) best.pop();
  }
  return best.map(({ trial }) => trial);
}

/** Curves of the running trials so far, and of the best and the latest of the others. */
export function curvesOf(trials: readonly TrialRecord[], directions: readonly Direction[]): TrialCurve[] {
  const told = trials.filter(({ intermediate }) => intermediate.size > 0);
  const running = told.filter(({ state }) => state === "running");
  const shown = new Set([...running, ...bestTrials(told, directions, MOST_BEST), ...told.slice(-MOST_LATEST)]);
  return [...shown].sort((a, b) => a.number - b.number).map(curveOf);
}

function curveOf({ number, intermediate }: TrialRecord): TrialCurve {
  const points = [...intermediate].sort(([a], [b]) => a - b);
  return { number, steps: points.map(([step]) => step), values: points.map(([, value]) => finite(value)) };
}
