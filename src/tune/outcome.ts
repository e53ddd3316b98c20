// Outcome of a trial: the objective's answer becomes a state, values and a reason.
import type { Outcome } from "./storages/storage.js";
import type { Trial } from "./trial.js";
import { lastStep } from "./trial-record.js";

/** Answer of an objective for a trial: its value or values, that it was pruned, or that it failed with a reason. */
export type Told =
  | number
  | readonly number[]
  | {
      /** The trial ended early; the value that it reported last is kept. */
      readonly state: "pruned";
    }
  | {
      /** The trial has no value. */
      readonly state: "fail";
      /** A sentence, kept as the attribute `fail_reason`. */
      readonly reason: string;
    };

/** Outcome that a trial with this answer keeps: values that are no numbers make it fail, with the reason kept. */
export function outcomeOf(trial: Pick<Trial, "intermediate">, told: Told, objectives: number): Outcome {
  if (typeof told === "object" && told !== null && "state" in told) {
    if (told.state === "fail") return failed(told.reason);
    const step = lastStep(trial);
    const value = step === undefined ? NaN : trial.intermediate.get(step)!;
    return { state: "pruned", values: Number.isNaN(value) ? undefined : [value] };
  }
  // The types alone promise that an objective returns numbers.
  const values: readonly unknown[] = Array.isArray(told) ? told : [told];
  if (values.length !== objectives)
    return failed(`the objective returned ${values.length} values, the study has ${objectives} objectives`);
  const wrong = values.findIndex((value) => typeof value !== "number" || Number.isNaN(value));
  if (wrong >= 0) return failed(noNumber(values[wrong]));
  return { state: "complete", values: values as readonly number[] };
}

/** Reason of the failure of a trial whose objective returned something else than a number. */
export const noNumber = (value: unknown): string =>
  `the objective returned ${String(value)} where a number was expected`;

/** The end of a trial that failed. */
export const failed = (reason: string): Outcome => ({ state: "fail", values: undefined, reason });
