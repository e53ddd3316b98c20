// Tells of a study as it goes on: a line for each trial that has ended, and while some are under way one that moves, with
// the best so far, their curves, how many were pruned and the time left. Also studies and trials in words.

import { singleLine } from "../../core/text.js";
import { keptModel, type StudyProgram } from "../../experiment/tune/index.js";
import { trialMetric } from "../../report/format.js";
import type { Study, Trial, TrialRecord } from "../../tune/index.js";
import type { Output } from "./output.js";
import type { ProgressLine } from "./progress.js";

/** The moving line is looked at this often; the last points of a curve that it has room for. */
const LOOK_MS = 200;
const CURVE_POINTS = 8;
const BARS = [..."▁▂▃▄▅▆▇█"];

/** The last values of a curve as bars. */
export function sparkline(values: readonly number[]): string {
  const last = values.filter(Number.isFinite).slice(-CURVE_POINTS);
  const [low, high] = [Math.min(...last), Math.max(...last)];
  return last.map((value) => BARS[high === low ? 0 : Math.round(((value - low) / (high - low)) * 7)]!).join("");
}

/** A parameter's value in few characters: four digits of a number. */
export const showParameter = (value: unknown): string =>
  typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : singleLine(String(value));

export const showParams = (params: TrialRecord["params"]): string =>
  Object.entries(params)
    .map(([name, value]) => `${singleLine(name)} ${showParameter(value)}`)
    .join("  ");

export const showValues = (values: readonly number[] | undefined): string => (values ?? []).map(trialMetric).join(", ");

export const reasonOf = (trial: TrialRecord): string =>
  String(trial.systemAttributes.fail_reason ?? "no reason was kept");

/** Address of a trial's model, or the reason that it was not kept. */
export function showKept(trial: TrialRecord): string[] {
  const { path, error } = keptModel(trial);
  if (path !== undefined) return [`Its model is ${path}`];
  return error === undefined ? [] : [`Its model was not kept: ${error}`];
}

/** The best trial so far; of several objectives the first of the front; undefined while none is complete. */
export function bestOf(study: Study): TrialRecord | undefined {
  if (!study.trials.some((trial) => trial.state === "complete")) return undefined;
  return study.directions.length === 1 ? study.bestTrial : study.bestTrials[0];
}

/** The best trials: one, of several objectives the whole Pareto front; none while no trial is complete. */
export function bestTrialsOf(study: Study): readonly TrialRecord[] {
  if (study.directions.length > 1) return study.bestTrials;
  const best = bestOf(study);
  return best === undefined ? [] : [best];
}

/** For the help of commands that print numbers of studies as JSON. */
export const NUMBERS_HELP =
  'In JSON a number that JSON does not have is one of the strings "Infinity", "-Infinity" and "NaN".';

/** Numbers of trials by their states. */
export function countStates(trials: readonly TrialRecord[]): Readonly<Record<TrialRecord["state"], number>> {
  const counts = { complete: 0, pruned: 0, fail: 0, running: 0, waiting: 0 };
  for (const { state } of trials) counts[state]++;
  return counts;
}

/** `30 trials: 25 complete, 4 pruned, 1 failed`. */
export function showStates(trials: readonly TrialRecord[]): string {
  const { complete, pruned, fail: failed, running, waiting } = countStates(trials);
  const words = Object.entries({ complete, pruned, failed, running, waiting }).filter(([, count]) => count > 0);
  const all = `${trials.length} ${trials.length === 1 ? "trial" : "trials"}`;
  return [all, ...(words.length > 0 ? [words.map(([word, count]) => `${count} ${word}`).join(", ")] : [])].join(": ");
}

export class TuningLines {
  readonly #line: ProgressLine;
  readonly #running = new Map<number, Trial>();
  readonly #already: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #told = 0;

  constructor(
    readonly output: Output,
    readonly study: Study,
    readonly program: StudyProgram,
  ) {
    this.#already = finished(study);
    this.#line = output.progress(study.name);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  readonly onStart = (trial: Trial): void => {
    this.#running.set(trial.number, trial);
  };

  readonly onLeave = (trial: Trial): void => {
    this.#running.delete(trial.number);
  };

  readonly onEnd = (record: TrialRecord): void => {
    this.#told++;
    const isBest = this.study.directions.length === 1 && record.state === "complete" && bestOf(this.study) === record;
    const outcome = {
      complete: showValues(record.values),
      pruned: `pruned after ${record.intermediate.size} reports at ${showValues(record.values)}`,
      fail: `failed: ${reasonOf(record)}`,
      running: "is taken up by another worker",
      waiting: "waits",
    }[record.state];
    const number = `Trial ${String(record.number).padStart(String(this.program.trials - 1).length)}`;
    this.#line.end([number, outcome, showParams(record.params), ...(isBest ? ["(best so far)"] : [])].join("  "));
    const { error } = keptModel(record);
    if (error !== undefined) this.output.warn(`Trial ${record.number}: ${error}`);
  };

  /** Ends the moving line. */
  close(): void {
    clearInterval(this.#timer);
    this.#line.end();
  }

  #look(): void {
    const { study, program } = this;
    const total = Math.max(1, program.trials - this.#already);
    const done = Math.min(total, Math.max(this.#told, finished(study) - this.#already));
    this.#line.update(done, total, "trials", standing(study, [...this.#running.values()]), program.timeout);
  }
}

/** State of a study: the best so far, the number of pruned trials, and the curves of the trials under way. */
export function standing(study: Study, running: readonly Pick<Trial, "number" | "intermediate">[]): string {
  const best = bestOf(study);
  const { pruned } = countStates(study.trials);
  const curves = running.map(({ number, intermediate }) => {
    const values = [...intermediate.values()];
    return [`#${number}`, sparkline(values), ...values.slice(-1).map(trialMetric)]
      .filter((text) => text !== "")
      .join(" ");
  });
  return [
    ...(best === undefined ? [] : [`best ${showValues(best.values)} (#${best.number})`]),
    ...(pruned > 0 ? [`${pruned} pruned`] : []),
    ...curves,
  ].join("  ");
}

const finished = ({ trials }: Study): number => {
  const { complete, pruned, fail } = countStates(trials);
  return complete + pruned + fail;
};
