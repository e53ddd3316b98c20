// A study's trials as columns of numbers, for charts of ten thousand: filled once, and added to as news come.
import type { StudyView, TrialRow, TrialState } from "../../../contract/study-facts.js";

export const STATES: readonly TrialState[] = ["waiting", "running", "complete", "pruned", "fail"];

/** Columns by the trials' numbers. NaN stands for what a trial does not have. */
export interface Trials {
  /** The study as it was told last; its rows are in the columns. */
  readonly view: StudyView;
  readonly count: number;
  readonly states: Uint8Array;
  /** One an objective. */
  readonly values: readonly Float64Array[];
  /** One a parameter, in the study's order; positions of choices. */
  readonly params: readonly Float64Array[];
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

const column = (count: number, before: Float64Array | undefined): Float64Array => {
  const numbers = new Float64Array(count).fill(Number.NaN);
  if (before !== undefined) numbers.set(before);
  return numbers;
};

/** The trials after some news. */
export function withNews(before: Trials | undefined, view: StudyView): Trials {
  const { total: count, directions, parameters } = view;
  const states = new Uint8Array(count);
  if (before !== undefined) states.set(before.states);
  const values = directions.map((_, i) => column(count, before?.values[i]));
  const params = parameters.map((_, i) => column(count, before?.params[i]));
  const [starts, ends] = [column(count, before?.starts), column(count, before?.ends)];
  for (const row of view.trials) {
    states[row.number] = STATES.indexOf(row.state);
    note(values, row.number, row.values);
    note(params, row.number, row.params);
    starts[row.number] = row.start ?? Number.NaN;
    ends[row.number] = row.end ?? Number.NaN;
  }
  return { view: { ...view, trials: [] }, count, states, values, params, starts, ends };
}

function note(columns: readonly Float64Array[], number: number, values: TrialRow["values"]): void {
  columns.forEach((numbers, i) => {
    numbers[number] = values?.[i] ?? Number.NaN;
  });
}

export const stateOf = ({ states }: Trials, number: number): TrialState => STATES[states[number] ?? 0]!;

/** Numbers of the trials in a state. */
export function numbersIn({ states, count }: Trials, state: TrialState): Int32Array {
  const wanted = STATES.indexOf(state);
  const numbers: number[] = [];
  for (let number = 0; number < count; number++) if (states[number] === wanted) numbers.push(number);
  return Int32Array.from(numbers);
}
