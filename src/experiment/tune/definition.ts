// A study's spec on its data, resolved once: objectives with their directions, the key that chooses the best epoch, weights
// of classes, models that can be built. Trials are given this and do not ask the spec again.
import { FoveaError } from "../../core/errors.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { Model } from "../../nn/index.js";
import { createStudy, type Direction, randomSampler } from "../../tune/index.js";
import { classWeightsOf } from "../data/weights.js";
import { taskOf } from "../tasks/index.js";
import { type Params, suggestAll } from "./space.js";
import { asList, type Space, type TuneSpec } from "./spec.js";
import type { StudyData } from "./study-data.js";
import { buildTrialModel, type ModelDefinition } from "./trial-model.js";

/** An objective that is no entry of a history: how many parameters the model has. */
export const PARAMETERS = "parameters";

/** A value of each trial. */
export interface StudyObjective {
  /** The history key, or `parameters`. */
  readonly key: string;
  /** Direction in which the value becomes better: that of the spec, or the natural one of the quantity. */
  readonly direction: Direction;
}

/** A study's spec on its data, resolved: all that a trial needs besides its number. */
export interface StudyDefinition extends ModelDefinition {
  /** Data of all trials, loaded. */
  readonly data: StudyData;
  /** Optimizer, epochs, batches, patience and seed, as the spec has them. */
  readonly training: TuneSpec["training"];
  /** Parameters with their ranges, in the order in which trials ask for them. */
  readonly space: Space;
  /** Values of each trial, at least one. */
  readonly objectives: readonly StudyObjective[];
  /** The history key that decides which epoch is the best. */
  readonly monitor: string;
  /** The history key that pruners receive; absent for several objectives, and for a constant of the model. */
  readonly reported: string | undefined;
  /** Weights of the classes by their numbers, as `fit` takes them. */
  readonly classWeight: Readonly<Record<number, number>> | undefined;
}

/**
 * The definition of a study. Models are built as trials would build them, so that a spec that cannot work says so before
 * a study exists; a model that only some parameters allow is the trials' affair.
 * @param spec as `readSpec` gives it
 * @param data as `loadStudyData` loads them for the spec
 * @throws FoveaError when space, model, objective or weights cannot be as the spec has them.
 * @example
 * const spec = readSpec({
 *   study: "claims",
 *   data: { table: "claims.csv", target: "claims" },
 *   space: { units: { int: [2, 8] } },
 *   model: { layers: [{ Dense: { units: "$units" } }, { Dense: { units: 1, activation: "exponential" } }] },
 *   training: { loss: "poisson" },
 * });
 * const { objectives, monitor } = await defineStudy(spec, await loadStudyData(spec.data));
 * objectives; // [{ key: "val_loss", direction: "minimize" }]
 * quantityOf(monitor); // "loss"
 */
export async function defineStudy(spec: TuneSpec, data: StudyData): Promise<StudyDefinition> {
  const { space, model, training, enqueue } = spec;
  if (training.loss !== undefined && data.wish.loss !== undefined)
    throw new FoveaError(
      "conflicting-options",
      `spec: the loss is in data (${data.wish.loss}) and in training; keep the one in data, or Keras's in training`,
    );
  const classWeight = classWeightOf(training, data);
  const models = { model, training, data };
  const sample = await rehearse(models, space);
  for (const params of enqueue) await rehearseEnqueued(models, space, params);
  const objectives = objectivesOf(spec, quantitiesOf(sample, data), data.task);
  const [first] = objectives;
  const inHistory = objectives.filter(({ key }) => key !== PARAMETERS);
  return {
    ...models,
    space,
    objectives,
    monitor: training.monitor ?? inHistory[0]?.key ?? "val_loss",
    reported: objectives.length === 1 && first!.key !== PARAMETERS ? first!.key : undefined,
    classWeight,
  };
}

/**
 * The quantity behind a history key: `accuracy` for `val_accuracy`.
 * @param key of a history; one without `val_` stays as it is
 */
export const quantityOf = (key: string): string => (key.startsWith("val_") ? key.slice("val_".length) : key);

type Quantities = ReadonlyMap<string, Direction>;

/** Quantities of a history and the direction of each: the loss, and the metrics that a model measures. */
function quantitiesOf(model: Model, { targetType, task }: StudyData): Quantities {
  const whole = task && wholeQuantities(task);
  if (whole !== undefined) return whole;
  const measured = model.trainer.trackedFor({ y: [targetType], weighted: false });
  return new Map<string, Direction>([
    ["loss", "minimize"],
    ...measured.map(({ key, direction }) => [key, direction === "up" ? "maximize" : "minimize"] as const),
  ]);
}

/** Figures that stand for the loss and the metrics on validation; undefined for a task without. */
function wholeQuantities(task: TaskFacts): Quantities | undefined {
  const { wholeFigures, monitors } = taskOf(task);
  if (wholeFigures === undefined) return undefined;
  const known = monitors(task).filter(({ key }) => wholeFigures.includes(key));
  return new Map(known.map(({ key, direction }) => [key, direction === "up" ? "maximize" : "minimize"] as const));
}

/** Objectives of a spec; of a task whose validation has no loss its usual figure stands for that. */
function keysOf({ objective }: TuneSpec, task: TaskFacts | undefined): readonly string[] {
  const usual =
    task !== undefined && taskOf(task).wholeFigures !== undefined ? taskOf(task).defaultMonitor : "val_loss";
  return asList(objective).map((key) => (key === "val_loss" ? usual : key));
}

function objectivesOf(spec: TuneSpec, quantities: Quantities, task: TaskFacts | undefined): readonly StudyObjective[] {
  const keys = keysOf(spec, task);
  const stated = spec.direction === undefined ? undefined : asList(spec.direction);
  if (stated !== undefined && stated.length !== keys.length)
    throw new FoveaError(
      "length-mismatch",
      `spec: direction: expected one for each objective (${keys.join(", ")}), received ${stated.join(", ")}`,
    );
  return keys.map((key, i) => {
    const natural = key === PARAMETERS ? "minimize" : quantities.get(quantityOf(key));
    if (natural === undefined) {
      const metrics = [...quantities.keys()].filter((name) => name !== "loss").map((name) => `val_${name}`);
      throw new FoveaError(
        "unknown-quantity",
        `spec: objective: expected val_loss, ${PARAMETERS} or one of training.metrics` +
          `${metrics.length === 0 ? "" : ` (${metrics.join(", ")})`}, received "${key}"`,
      );
    }
    return { key, direction: stated?.[i] ?? natural };
  });
}

const REHEARSALS = 8;

/** The first model that parameters of the space give. @throws FoveaError with the first problem where none does. */
async function rehearse(definition: ModelDefinition, space: Space): Promise<Model> {
  const study = await createStudy({ sampler: randomSampler() });
  const wrong: unknown[] = [];
  while (wrong.length < REHEARSALS) {
    const params = suggestAll(space, await study.ask());
    try {
      return buildTrialModel(definition, params);
    } catch (error) {
      wrong.push(error);
    }
  }
  throw wrong[0];
}

/** @throws FoveaError for a wanted trial that the space does not have, or whose model cannot be built. */
async function rehearseEnqueued(definition: ModelDefinition, space: Space, wanted: Params): Promise<void> {
  const study = await createStudy({ sampler: randomSampler() });
  await study.enqueueTrial(wanted);
  const params = suggestAll(space, await study.ask());
  const unasked = Object.keys(wanted).find((name) => !Object.hasOwn(params, name));
  if (unasked !== undefined)
    throw new FoveaError(
      "unknown-parameter",
      `spec: enqueue: a trial with ${JSON.stringify(wanted)} has no parameter "${unasked}"; it has ${Object.keys(params).join(", ")}`,
    );
  buildTrialModel(definition, params);
}

/** @throws FoveaError for data without classes, and for names that are no classes. */
function classWeightOf({ classWeight }: TuneSpec["training"], { kind, facts }: StudyData) {
  if (classWeight === undefined) return undefined;
  const { classNames, classCounts } = facts;
  if (classNames === undefined || classCounts === undefined)
    throw new FoveaError(
      "unsuited-option",
      kind === "table"
        ? "training: classWeight is for images; a table weighs its rows by an exposure"
        : "training: classWeight is for images with classes; leave it out, and weigh images by a column weight",
    );
  const wish =
    classWeight === "balanced" ? classWeight : Object.entries(classWeight).map(([name, weight]) => ({ name, weight }));
  return { ...classWeightsOf(wish, classNames, classCounts) };
}
