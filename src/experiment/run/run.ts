// A run: an experiment that is kept. Recipe first, a checkpoint after every epoch, then the model, its metrics and its
// report. Broken off at any moment, it can be resumed and ends in the same bits.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { FoveaFacts } from "../../formats/models/fovea-facts.js";
import { saveKeras } from "../../formats/models/keras.js";
import { readCheckpoint, writeCheckpoint } from "../../formats/run/checkpoint.js";
import { EventLog } from "../../formats/run/event-log.js";
import { type RunMetrics, writeMetrics } from "../../formats/run/metrics.js";
import { isOfTable, type Recipe, readRecipe, writeRecipe } from "../../formats/run/recipe.js";
import { classNamesOf, type TaskFacts } from "../../formats/run/task.js";
import type { Runtime } from "../../nn/index.js";
import type { Files } from "../../platform/files/files.js";
import type { ImportPackage } from "../../platform/packages.js";
import { joinPath } from "../../platform/paths.js";
import { processorSeconds } from "../../platform/processor.js";
import type { GalleryFacts, RunFacts } from "../../report/facts.js";
import { answerFields, baselineOf } from "../data/baseline.js";
import { areImages, checkSameData, counted, type ExperimentData, type PartName } from "../data/experiment-data.js";
import { countsOf } from "../data/parts.js";
import { parameterCounts } from "../models/facts.js";
import { validationChooses } from "../recipe/recipe.js";
import { type Evaluated, evaluate, type Observer, type Training } from "../training/train.js";
import { dataWarnings, runFacts } from "./facts.js";
import { readFacts, writeFacts } from "./facts-file.js";
import { RUN_FILES, RunFolder, VALIDATION, type WriteFile } from "./folder.js";
import { writeRunImages } from "./images.js";
import { tableFacts } from "./table-facts.js";
import { train } from "./training.js";
import { trustMetrics } from "./trust-metrics.js";

/** Options of a run: the place where it computes, the place of its files, and ways to watch and end it. */
export interface RunOptions {
  /** Threads that compute. Default: the cores of the machine. */
  readonly threads?: number;
  /** Place to compute. Default: the one that models of equal threads and mode share. */
  readonly runtime?: Runtime;
  /** Bytes that a step of training may take, as `TrainOptions` has it. Default: no limit. */
  readonly memory?: number;
  /** Aborting ends training after the current batch; the best weights so far are saved. Default: none. */
  readonly signal?: AbortSignal;
  /** Receives epochs, batches and the progress of the evaluation. Default: none. */
  readonly observer?: Observer;
  /** Finder of the package of another engine; for tests. Default: Node's import. */
  readonly findPackage?: ImportPackage;
  /** File system of the run. Default: Node's disk, in a page the browser's private file system. */
  readonly files?: Files;
  /** Writer of files; for tests of disks that fail. Default: that of `files`. */
  readonly write?: WriteFile;
}

/** A run that has ended or was interrupted. */
export interface RunOutcome {
  /** Folder of the run, with its files. */
  readonly folder: RunFolder;
  /** History and epochs of the training; its model is closed. */
  readonly training: Training;
  /** The content of metrics.json. */
  readonly metrics: RunMetrics;
  /** Undefined when the run was interrupted. */
  readonly evaluated: Evaluated | undefined;
}

/**
 * Trains a recipe in a new folder: recipe first, a checkpoint after each epoch, then model, metrics, facts and report.
 * A failure before the end of the first epoch leaves nothing behind.
 * @param path path of the folder, which must be free or empty
 * @param recipe recipe from `makeRecipe`
 * @param data images, or a table, from `loadData`
 * @throws FoveaError when there is something at `path` already
 * @example
 * const rows = Array.from({ length: 60 }, (_, i) => `${18 + i},${i % 2 ? "yes" : "no"}`);
 * await writeFile("policies.csv", ["age,claim", ...rows].join("\n"));
 * const preprocessing = { features: ["age"], missing: "error", standardize: true };
 * const split = { validation: 0.2, seed: 1 };
 * const data = await loadData({ train: "policies.csv" }, preprocessing, split, { target: ["claim"] });
 * const training = { epochs: 2, batchSize: 16, patience: 2 };
 * const plan = { model: { name: "linear" }, preprocessing, split, seed: 1, mode: "reproducible", training };
 * const recipe = makeRecipe(plan, data);
 * dataWarnings(recipe, data); // sentences about the rows, before anything is trained
 * const { folder, metrics } = await startRun("runs/policies", recipe, data);
 * metrics.test.accuracy; // of the rows that neither trained nor chose the epoch
 * const { sameBits } = await replay(await recipeOf(folder), data, await expectedOf(folder)); // true
 */
export async function startRun(
  path: string,
  recipe: Recipe,
  data: ExperimentData,
  options: RunOptions = {},
): Promise<RunOutcome> {
  const folder = await RunFolder.create(path, defined({ write: options.write, files: options.files }));
  try {
    await folder.save("recipe", writeRecipe(recipe));
    return await trainIn(folder, recipe, data, options);
  } catch (error) {
    if (!(await folder.has("checkpoint"))) await folder.discard();
    else if (error instanceof FoveaError)
      throw new FoveaError(
        error.code,
        `${error.message}; the finished epochs are kept, continue with --resume ${path}`,
        {
          cause: error,
        },
      );
    throw error;
  } finally {
    await folder.release();
  }
}

/**
 * Continues a run from its last checkpoint, or from the beginning when it has none. It ends in the weights
 * of a run that was never broken off.
 * @param folder folder of the run, claimed until this ends
 * @param recipe recipe of the run, from `recipeOf`
 * @param data the same images, or the same table, as the run had
 * @throws FoveaError when the images are not those of the run, or another process is at work on it
 * @example
 * const folder = await RunFolder.open("runs/pets");
 * const recipe = await recipeOf(folder);
 * const data = await loadData(await findData("pets"), recipe.preprocessing, recipe.split, dataWishOf(recipe));
 * const { metrics } = await resumeRun(folder, recipe, data);
 */
export async function resumeRun(
  folder: RunFolder,
  recipe: Recipe,
  data: ExperimentData,
  options: RunOptions = {},
): Promise<RunOutcome> {
  checkSameData(data, recipe.data);
  await folder.claim();
  try {
    return await trainIn(folder, recipe, data, options);
  } finally {
    await folder.release();
  }
}

/**
 * The recipe of a run, finished or not.
 * @param folder folder of the run
 * @throws FoveaError for a recipe that is damaged or of a newer version
 */
export const recipeOf = async (folder: RunFolder): Promise<Recipe> =>
  readRecipe(await folder.text("recipe"), folder.file("recipe"));

async function trainIn(
  folder: RunFolder,
  recipe: Recipe,
  data: ExperimentData,
  options: RunOptions,
): Promise<RunOutcome> {
  const { observer, threads, runtime, memory, signal, findPackage } = options;
  const resume = (await folder.has("checkpoint"))
    ? readCheckpoint(await folder.bytes("checkpoint"), folder.file("checkpoint"))
    : undefined;
  const started = processorSeconds();
  const training = await train(recipe, data, {
    keep: [folder.historyLogger(), new EventLog(folder.path, joinPath(folder.path, VALIDATION), folder.files)],
    checkpoint: (state) => folder.save("checkpoint", writeCheckpoint(state)),
    ...defined({ resume, observer, threads, runtime, memory, signal, findPackage }),
  });
  let outcome: RunOutcome;
  try {
    const { model, interrupted, subject } = training;
    const evaluated = interrupted ? undefined : await evaluate(model, recipe, data, observer, subject);
    const facts = evaluated && (await runFacts(folder.path, recipe, data, training, evaluated));
    const warnings = facts?.warnings ?? [...dataWarnings(recipe, data), ...(training.warnings ?? [])];
    const ended = resume === undefined ? processorSeconds() : undefined;
    const effort = started === undefined || ended === undefined ? undefined : ended - started;
    const metrics = {
      ...metricsOf(training, recipe, data, warnings, evaluated),
      ...defined({ processor_seconds: effort }),
    };
    if (evaluated !== undefined) observer?.onSave?.();
    if (areImages(data)) await folder.save("images", writeRunImages(data, training.weightsSha256));
    const modelFacts = await saveModel(folder, recipe, data, training, evaluated);
    if (evaluated !== undefined) await saveReference(folder, data, training, evaluated, modelFacts);
    if (evaluated !== undefined && facts !== undefined) {
      await folder.save("metrics", writeMetrics(metrics));
      const attention =
        recipe.transfer && areImages(data)
          ? await (await import("./attention.js")).attentionFacts(model, data.parts.test, evaluated)
          : undefined;
      await folder.save("facts", writeFacts({ ...facts, ...defined({ attention }) }));
    }
    outcome = { folder, training, metrics, evaluated };
  } finally {
    await training.subject?.model.close();
    await training.model.close();
  }
  // The report comes last, when the model's memory is free: it is the larger of the two where models are small.
  if (outcome.evaluated !== undefined) await drawReport(folder);
  return outcome;
}

/**
 * Puts a gallery of the patterns that the layers learnt into a run's facts and draws its report again.
 * @param folder folder of a run that has ended
 * @param gallery facts of the pictures
 * @throws FoveaError when the run has not ended
 * @example
 * const folder = await RunFolder.open("runs/pets");
 * const opened = await openModel("model.keras");
 * const gallery = await layerGallery(opened, await imagesFor(opened, ["photo.png"]), { steps: 2 });
 * await addGallery(folder, gallery);
 * const { charts } = await drawReport(folder); // charts/NAME.svg, drawn from the facts once more
 * (await factsOf(folder)).warnings;
 */
export async function addGallery(folder: RunFolder, gallery: GalleryFacts): Promise<void> {
  await folder.save("facts", writeFacts({ ...(await factsOf(folder)), gallery }));
  await drawReport(folder);
}

/**
 * The facts of a run that its report is drawn from.
 * @param folder folder of the run
 * @throws FoveaError when the run has not ended
 */
export async function factsOf(folder: RunFolder): Promise<RunFacts> {
  if (!(await folder.has("facts")))
    throw new FoveaError(
      "unfinished",
      `${folder.path} has no ${RUN_FILES.facts}, which a run has when it ends; continue with fovea train --resume ${folder.path}`,
    );
  return readFacts(await folder.text("facts"), folder.file("facts"));
}

/**
 * Draws report.html and its charts from facts.json.
 * @param folder folder of the run
 * @returns the paths of the charts
 * @throws FoveaError when the run has not ended
 */
export async function drawReport(folder: RunFolder): Promise<{ readonly charts: readonly string[] }> {
  const { renderRunPage } = await import("../../report/pages/run-page.js");
  const { html, charts } = await renderRunPage(await factsOf(folder));
  const paths = await folder.saveCharts(charts);
  await folder.save("report", html);
  return { charts: paths };
}

function metricsOf(
  { model, epochs, bestEpoch, seconds, weightsSha256 }: Training,
  recipe: Recipe,
  data: ExperimentData,
  warnings: readonly string[],
  evaluated: Evaluated | undefined,
): RunMetrics {
  const all = seconds.reduce((sum, epoch) => sum + epoch, 0);
  const results = evaluated?.metrics;
  return {
    task: data.kind,
    epochs,
    best_epoch: bestEpoch,
    seconds_per_epoch: seconds.length === 0 ? 0 : all / seconds.length,
    params: parameterCounts(model).total,
    weights_sha256: weightsSha256,
    ...(results && { train: results.train, val: results.validation, test: results.test }),
    ...(evaluated && { intervals: { test: { ...evaluated.intervals } } }),
    ...(evaluated?.trust && trustMetrics(evaluated.trust.report)),
    ...(evaluated && baselineFields(data, evaluated.task)),
    parts: {
      train: partFields(data, "train"),
      val: { ...partFields(data, "validation"), chooses_epoch: validationChooses(recipe) },
      test: partFields(data, "test"),
    },
    warnings: [...warnings],
  };
}

function baselineFields(data: ExperimentData, task: TaskFacts): Pick<RunMetrics, "baseline"> {
  const baseline = baselineOf(data, task);
  if (baseline === undefined) return {};
  const { figures } = baseline;
  return { baseline: { ...answerFields(baseline), train: figures.train, val: figures.validation, test: figures.test } };
}

function partFields(
  { folders, parts, split }: ExperimentData,
  part: PartName,
): NonNullable<RunMetrics["parts"]>["val"] {
  const { samples, rows } = parts[part];
  const heldOut = rows.length < samples.files.length && !split.bySource?.some((named) => named === part);
  return {
    folder: (folders[part] ?? folders.train).path,
    ...counted(samples, rows.length),
    held_out: heldOut && part !== "train",
    stratified: heldOut && split.stratify === true,
    chooses_epoch: false,
  };
}

async function saveModel(
  folder: RunFolder,
  recipe: Recipe,
  { parts: { train }, source }: ExperimentData,
  { model, weightsSha256 }: Training,
  evaluated: Evaluated | undefined,
): Promise<FoveaFacts> {
  const { preprocessing } = recipe;
  const { samples } = train;
  const task = evaluated?.task ?? recipe.task;
  const classNames = classNamesOf(task);
  const counts = countsOf(train.targets, train.rows);
  const facts: FoveaFacts = {
    version: 1,
    task,
    ...(samples.kind === "table" ? { table: tableFacts(samples, source) } : {}),
    ...(isOfTable(preprocessing) ? {} : { preprocessing }),
    recipe,
    weightsSha256,
    ...defined({
      classNames,
      classCounts: classNames && counts && Array.from(counts),
      trust: evaluated?.trust?.facts,
    }),
  };
  const metrics = evaluated && { metrics: { ...evaluated.metrics } };
  const saved = { ...facts, ...metrics };
  await folder.save("model", await saveKeras(model, { facts: saved }));
  return saved;
}

/** Writes what `fovea monitor` compares new images with. A photo that is gone by now is no reason to lose the run. */
async function saveReference(
  folder: RunFolder,
  data: ExperimentData,
  { model }: Pick<Training, "model">,
  evaluated: Evaluated,
  facts: FoveaFacts,
): Promise<void> {
  const { referenceText } = await import("./reference.js");
  try {
    await folder.save("reference", await referenceText(folder.file("model"), model, facts, data, evaluated));
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
  }
}
