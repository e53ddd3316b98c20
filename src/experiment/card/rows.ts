// Rows of a card, each with its state and its places in the run's files.
import type { CardRow, CardSource, CardTable } from "../../report/card-facts.js";
import type { RunRecord } from "./record.js";

/** Rows and tables of a section. */
export interface TopicBody {
  readonly rows: readonly CardRow[];
  readonly tables?: readonly CardTable[];
}

/** Writes a section from the files of a run. */
export type Topic = (record: RunRecord) => TopicBody;

/** A fact with the places that it stands in. */
export const known = (label: string, value: string, ...from: readonly CardSource[]): CardRow => ({
  label,
  value,
  state: "known",
  from,
});

/** A check that was not run, or a fact that no file has: the value says how to come by it. */
export const open = (label: string, value: string, ...from: readonly CardSource[]): CardRow => ({
  label,
  value,
  state: "open",
  from,
});

/** A check that was run and does not hold: the value says what is wrong. */
export const broken = (label: string, value: string, ...from: readonly CardSource[]): CardRow => ({
  label,
  value,
  state: "broken",
  from,
});

/** A line that nobody has written yet. */
export const missing = (label: string, value: string): CardRow => ({ label, value, state: "missing", from: [] });

/** A key as a part of a JSON Pointer. */
export const pointerKey = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** A range in words. */
export const ranged = (low: string, high: string): string => (low === high ? low : `${low} to ${high}`);
