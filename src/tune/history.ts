// Part of a study that a trial may know. A schedule with a window of n lets trial k see the finished trials up to
// number k - n and nothing later, whatever has finished by then: that is what makes parallel studies repeatable.

import type { Json } from "../core/json.js";
import type { Choice } from "./distribution.js";
import { trialRandom } from "./draws.js";
import type { Pruner } from "./pruners/pruner.js";
import type { RunningTrial, SamplerView } from "./samplers/sampler.js";
import type { TrialChange } from "./storages/storage.js";
import { type Direction, isFinished, type TrialRecord } from "./trial-record.js";

/** Number of trials under way at once; `undefined`: an unknown number, and a trial may know all finished ones. */
export type Window = number | undefined;

/** Under these keys Optuna's TPE shares what it proposed, as JSON in pieces that fit into its database. */
const SHARED = "tpe:relative_params:";
const PIECE = 2045;

/** The finished trials that trial `number` may know, by number. */
export function visibleTrials(all: readonly TrialRecord[], number: number, window: Window): readonly TrialRecord[] {
  const last = window === undefined ? Infinity : number - window;
  return all.filter((trial) => trial.number <= last && isFinished(trial.state));
}

/**
 * The trials under way beside trial `number`. With a window: those before it that it may not see, as they were
 * proposed, for what they suggested since then depends on speed.
 */
function runningTrials(all: readonly TrialRecord[], number: number, window: Window): RunningTrial[] {
  const beside =
    window === undefined
      ? all.filter((trial) => trial.state === "running" && trial.number !== number)
      : all.slice(Math.max(0, number - window + 1), number);
  return beside.map((trial) => ({
    number: trial.number,
    attributes: trial.systemAttributes,
    params: { ...sharedProposal(trial.systemAttributes), ...(window === undefined ? trial.params : {}) },
  }));
}

/** Values proposed for a trial, read from the attributes that `shareProposal` noted. */
export function sharedProposal(attributes: TrialRecord["systemAttributes"]): Record<string, Choice> {
  let text = "";
  for (let i = 0; typeof attributes[SHARED + i] === "string"; i++) text += attributes[SHARED + i];
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    // Another process is just writing it.
    return {};
  }
}

/** Changes of a trial that tell other processes the values proposed for it. */
export function shareProposal(params: Readonly<Record<string, Choice>>): TrialChange[] {
  if (Object.keys(params).length === 0) return [];
  const text = JSON.stringify(params);
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, i) => ({
    kind: "system" as const,
    key: SHARED + i,
    value: text.slice(i * PIECE, (i + 1) * PIECE) as Json,
  }));
}

/** The system attribute with the values that a trial was enqueued with: Optuna's name. */
export const FIXED = "fixed_params";

/** The values that a trial was enqueued with; undefined for one that was not. */
export const enqueuedParams = (trial: TrialRecord): Readonly<Record<string, Choice>> | undefined =>
  trial.systemAttributes[FIXED] as Record<string, Choice> | undefined;

/** Facts that a sampler may know about a study's trial that is about to start. */
export function samplerView(
  study: { readonly name: string; readonly directions: readonly Direction[]; readonly seed: number },
  pruner: Pruner,
  all: readonly TrialRecord[],
  trial: TrialRecord,
  window: Window,
): SamplerView {
  const { number } = trial;
  const visible = visibleTrials(all, number, window);
  const bracketOf = (of: number) => pruner.bracketOf?.(study.name, of, visible) ?? 0;
  const bracket = bracketOf(number);
  const mine = <T extends { readonly number: number }>(trials: readonly T[]): readonly T[] =>
    pruner.bracketOf === undefined ? trials : trials.filter((record) => bracketOf(record.number) === bracket);
  return {
    studyName: study.name,
    directions: study.directions,
    seed: study.seed,
    number,
    fixed: enqueuedParams(trial) ?? {},
    noted: trial.systemAttributes,
    trials: mine(visible),
    running: mine(runningTrials(all, number, window)),
    random: (purpose) => trialRandom(study.seed, number, purpose),
  };
}
