// Studies of the same thing beside each other: the best value by number of trials, and how many values of each parameter were
// tried. What `fovea tune compare` prints; the pictures are the report's.
import { FoveaError } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { metricFromKeras } from "../../nn/metrics/index.js";
import type { Study, TrialRecord } from "../../tune/index.js";
import { quantityOf } from "./definition.js";
import { STUDY_ATTRIBUTES, storedBaseline, storedSpec } from "./program.js";
import { asList, type KerasSpec, type TuneSpec } from "./spec.js";
import { parameterNames } from "./table-of-trials.js";

/** A study beside others, with the fields of `tune compare --json`. */
export interface ComparedStudy {
  /** Name of the study. */
  readonly study: string;
  /** By its spec; null for a study that was not begun with one. */
  readonly sampler: string | null;
  /** Number of its trials, in any state. */
  readonly trials: number;
  /** Complete trial with the best value, the earliest of several; null where no trial is complete. */
  readonly best: Pick<TrialRecord, "number" | "values" | "params"> | null;
  /** Best value so far after each trial; null before the first complete one. */
  readonly best_by_trials: readonly (number | null)[];
  /** Number of different values of each parameter in the complete trials. */
  readonly values_tried: Readonly<Record<string, number>>;
}

/** Studies of the same thing beside each other. */
export interface Comparison {
  /** Key of their objective, such as `val_loss`; `value` where no study has a spec. */
  readonly objective: string;
  /** Direction in which the objective becomes better. */
  readonly direction: "minimize" | "maximize";
  /** Figure of the best answer without a look at any image, on the validation images; null where no study has one. */
  readonly baseline: { readonly title: string; readonly validation: number } | null;
  /** The studies, in the order in which they came. */
  readonly studies: readonly ComparedStudy[];
}

/**
 * Sets studies of one objective beside each other: the best value by the number of trials, and the number of values that
 * were tried of each parameter.
 * @param studies at least two, of one direction, with the same data and the same meaning of their values
 * @throws FoveaError for fewer than two studies, several objectives, or studies whose values mean different things
 * @example
 * const studies = [await createStudy({ name: "a" }), await createStudy({ name: "b", sampler: randomSampler() })];
 * for (const study of studies)
 *   await study.optimize((trial) => (trial.suggestFloat("x", -10, 10) - 2) ** 2, { trials: 5 });
 * compareStudies(studies).studies.map(({ best_by_trials }) => best_by_trials.at(-1)); // the best value of each
 */
export function compareStudies(studies: readonly Study[]): Comparison {
  const [first] = studies;
  if (first === undefined || studies.length < 2)
    throw new FoveaError("empty-input", `compare: expected at least two studies, received ${studies.length}`);
  const several = studies.find(({ directions }) => directions.length > 1);
  if (several !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `study "${several.name}": it has ${several.directions.length} objectives; only studies of one have a best value to compare`,
    );
  const [was, is] = [first, studies.find(({ direction }) => direction !== first.direction)];
  if (is !== undefined)
    throw new FoveaError(
      "mismatched-parts",
      `study "${is.name}" is to ${is.direction}, study "${was.name}" to ${was.direction}; expected one direction`,
    );
  const data = new Set(studies.flatMap(({ userAttributes }) => userAttributes[STUDY_ATTRIBUTES.data] ?? []));
  if (data.size > 1)
    throw new FoveaError(
      "mismatched-parts",
      "compare: the studies have different data, so their values say nothing about each other",
    );
  const objectives = studies.map((study) => {
    const spec = storedSpec(study);
    return spec === undefined ? undefined : asList(spec.objective)[0];
  });
  const named = objectives.filter((objective) => objective !== undefined);
  if (new Set(named).size > 1)
    throw new FoveaError(
      "mismatched-parts",
      `compare: the studies have different objectives (${named.join(", ")}); expected one`,
    );
  checkMeaning(studies);
  return {
    objective: named[0] ?? "value",
    direction: first.direction,
    baseline: studies.map(storedBaseline).find((baseline) => baseline !== undefined) ?? null,
    studies: studies.map(compared),
  };
}

/** The settings that decide what a value of an objective means, by the words for them. */
function meaningOf({ data, training, objective }: TuneSpec): Readonly<Record<string, unknown>> {
  const quantity = quantityOf(asList(objective)[0] ?? "");
  const { split, target, exposure } = data;
  const answers = "table" in data ? {} : { task: data.task, columns: data.columns };
  // A metric says by its name what it is, or by a config of its own.
  const means =
    quantity === "loss" ? { loss: training.loss ?? lossOf(data) } : { metrics: metricsOf(quantity, training.metrics) };
  return { target, exposure, ...answers, split, ...means };
}

/** The loss that images are given by its short name, with its power. */
const lossOf = (data: TuneSpec["data"]): unknown =>
  "table" in data ? undefined : data.power === undefined ? data.loss : { [data.loss!]: data.power };

/** The metrics of a spec that measure a quantity, with their configs. */
const metricsOf = (quantity: string, metrics: readonly KerasSpec[] = []): readonly KerasSpec[] =>
  metrics.filter((spec) => {
    if (typeof spec === "string") return false;
    const [name = "", config = {}] = Object.entries(spec)[0] ?? [];
    const metric = metricFromKeras({ class_name: name, config } as Json);
    return typeof metric !== "string" && metric.name === quantity;
  });

/** @throws FoveaError for two studies that say different things about what their values mean */
function checkMeaning(studies: readonly Study[]): void {
  let first: { readonly name: string; readonly meaning: Readonly<Record<string, unknown>> } | undefined;
  for (const study of studies) {
    const spec = storedSpec(study);
    if (spec === undefined) continue;
    const meaning = meaningOf(spec);
    first ??= { name: study.name, meaning };
    const said = (what: string, from: Readonly<Record<string, unknown>>): string =>
      from[what] === undefined ? "none" : JSON.stringify(from[what]);
    const { name, meaning: before } = first;
    // Studies from before remember no task, and have the same data.
    const isOpen = (what: string): boolean =>
      what === "task" && (before[what] === undefined || meaning[what] === undefined);
    const other = Object.keys({ ...before, ...meaning }).find(
      (what) => said(what, before) !== said(what, meaning) && !isOpen(what),
    );
    if (other !== undefined)
      throw new FoveaError(
        "mismatched-parts",
        `compare: the ${other} of study "${name}" is ${said(other, before)}, that of study "${study.name}" ${said(other, meaning)}; their values say nothing about each other`,
      );
  }
}

function compared(study: Study): ComparedStudy {
  const { name, trials, direction } = study;
  const complete = trials.filter((trial) => trial.state === "complete");
  const sampler = storedSpec(study)?.sampler;
  let best: { readonly trial: TrialRecord; readonly value: number } | undefined;
  const bestByTrials = trials.map((trial) => {
    const value = trial.state === "complete" ? trial.values![0]! : undefined;
    if (
      value !== undefined &&
      (best === undefined || (direction === "minimize" ? value < best.value : value > best.value))
    )
      best = { trial, value };
    return best?.value ?? null;
  });
  const winner = best?.trial;
  const tried = (parameter: string): number =>
    new Set(complete.map(({ params }) => ownValue(params, parameter)).filter((value) => value !== undefined)).size;
  return {
    study: name,
    sampler: sampler === undefined ? null : typeof sampler === "string" ? sampler : (Object.keys(sampler)[0] ?? null),
    trials: trials.length,
    best: winner === undefined ? null : { number: winner.number, values: winner.values, params: winner.params },
    best_by_trials: bestByTrials,
    values_tried: Object.fromEntries(parameterNames(complete).map((parameter) => [parameter, tried(parameter)])),
  };
}
