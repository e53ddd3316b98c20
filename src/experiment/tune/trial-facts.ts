// Facts of a trial's model once it is trained: those of its file, with what its task decides by the
// validation images, and its figures on the images that no trial sees.
import { defined } from "../../core/defined.js";
import type { FoveaFacts } from "../../formats/models/fovea-facts.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { Model } from "../../nn/index.js";
import { taskOf } from "../tasks/index.js";
import { decide } from "../training/train.js";
import type { StudyData } from "./study-data.js";

/** Samples that a finished model is asked about at a time. */
const BATCH = 128;

/**
 * Facts for the file of a study's model: preprocessing and class names of its data, and its task with the values that
 * validation settles, such as thresholds.
 * @param data as `loadStudyData` loads them
 * @param model a trained model of the study
 * @example
 * const layers = ["Flatten", { Dense: { units: "$classes" } }];
 * const images = { images: "pets", imageSize: [12, 12] };
 * const space = { rate: { float: [1e-4, 1e-2] } };
 * const data = await loadStudyData(readSpec({ study: "pets", data: images, space, model: { layers } }).data);
 * await saveModel(model, "best.keras", { facts: await fileFacts(data, model) });
 * const { accuracy } = await testFigures(data, model);
 * await data.close();
 */
export async function fileFacts({ facts, task, images }: StudyData, model: Model): Promise<FoveaFacts> {
  return { ...facts, ...defined({ task: task && images && (await settled(model, task, images)) }) };
}

async function settled(
  model: Model,
  task: TaskFacts,
  { parts: { validation } }: NonNullable<StudyData["images"]>,
): Promise<TaskFacts> {
  const record = taskOf(task);
  return record.judgesAllParts ? record.settled(task, await decide(model, task, validation, BATCH)) : task;
}

/**
 * Loss, metrics and the task's own figures on the test images, by the keys of `train --json`; undefined for a table, which
 * holds no test rows out.
 * @param data as `loadStudyData` loads them
 * @param model a trained model of the study, compiled
 */
export async function testFigures(
  { test, task, images }: StudyData,
  model: Model,
): Promise<Readonly<Record<string, number>> | undefined> {
  if (test === undefined) return undefined;
  const isWhole = task !== undefined && taskOf(task).wholeFigures !== undefined;
  const figures = isWhole ? {} : await model.evaluate(test, { batchSize: BATCH });
  if (task === undefined || images === undefined) return figures;
  const record = taskOf(task);
  if (!record.judgesAllParts) return figures;
  // The model of a trial may have been cut, and compiled before that.
  const { loss } = model.compiled ? model.trainer.objective[0]! : record.objective(model, task, {});
  const facts = await settled(model, task, images);
  const outcome = await decide(model, task, images.parts.test, BATCH);
  return { ...figures, ...record.scores(outcome, facts, { loss }) };
}
