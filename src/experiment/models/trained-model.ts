// A model from disk with what it needs to be asked: class names and preprocessing. Files that Fovea did not write have
// neither; then the model's input says the size, and classes go by number.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { type Finding, loadImage, type MemoryLimit } from "../../data/index.js";
import { defaultPlace, defaultRuntimes } from "../../default-backend.js";
import type { FoveaFacts, LoadedModel, LoadModelOptions } from "../../formats/index.js";
import { loadCompact } from "../../formats/models/compact.js";
import { loadModelAt } from "../../formats/models/model-place.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import { onPixels } from "../../formats/models/pixels.js";
import type { Preprocessing } from "../../formats/run/recipe.js";
import { classNamesOf, expectedNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { lossFromKeras } from "../../nn/losses/index.js";
import type { Model } from "../../nn/model/model.js";
import type { TooLarge } from "../../platform/cache.js";
import { type BadFile, eachReadable } from "../data/bad-files.js";
import { correctFolders, namesBefore } from "../data/corrections.js";
import { judgedOf } from "../data/experiment-data.js";
import { FolderOpener } from "../data/folder-opener.js";
import { identitiesFor } from "../data/identities.js";
import { lookOf } from "../data/look.js";
import { allRows, judgedNote, judgedRows, type LoadedFolder, type Part } from "../data/parts.js";
import type { ImageSamples } from "../data/sample-set.js";
import { selectedRows } from "../data/selected-rows.js";
import type { LabelJournal } from "../journal/entries.js";
import { checkFit } from "../recipe/recipe.js";
import { kindOfTargets, taskOf } from "../tasks/index.js";
import { type DetectorOptions, withDetector } from "./foreign-detector.js";
import { type ForeignOptions, plainPreprocessing, withUserFacts } from "./foreign-model.js";
import type { Detector } from "./heads/decode.js";

/** A model that may take anything, images or not. */
export interface OpenedModel {
  /** Takes pixels from 0 to 255 where it takes images. */
  readonly model: Model;
  /** The model of the file: the same, unless its pixels are scaled before. */
  readonly original: Model;
  /** Path of the file. */
  readonly file: string;
  /** The kind of its answers with the names of its outputs; undefined where its file says nothing of it. */
  readonly task: TaskFacts | undefined;
  /** Names of its classes; undefined where it has none, or they are unknown. */
  readonly classNames: readonly string[] | undefined;
  /** Undefined for a model that takes no images. */
  readonly preprocessing: Preprocessing | undefined;
  /** Facts that Fovea keeps in its files; undefined for a file from elsewhere. */
  readonly facts: FoveaFacts | undefined;
  /** Head of a detector from elsewhere; undefined for other models, and where none was asked for. */
  readonly detector?: Detector;
  /** Parts of the file that could not be taken over, and facts that it lacks, a sentence each. */
  readonly warnings: readonly string[];
}

/** A model that takes images. */
export interface TrainedModel extends OpenedModel {
  readonly preprocessing: Preprocessing;
}

/** Options of opening a model: the place where it computes, and facts that its file may lack. */
export type OpenOptions = Pick<LoadModelOptions, "threads" | "runtime" | "compile" | "imageSize"> & ForeignOptions;

/** Options of opening a model of images: detectors from elsewhere are taken as such where that is asked for. */
export interface OpenImagesOptions extends OpenOptions, DetectorOptions {
  /** Takes detectors from elsewhere, whose boxes are read off their heads. Default false. */
  readonly detectors?: boolean;
}

/** The options of `openAny`. */
export interface OpenAnyOptions extends OpenImagesOptions {
  /** Takes a model of a table with an input for its offset, besides that of the features. Default false. */
  readonly tables?: boolean;
}

/**
 * Opens a model of any format that Fovea reads, from any kind of path: a file, a folder with one in it, or a run's folder.
 * @param path path of the model file, of a folder with one in it, or of a run
 * @param options.rescale how pixels are scaled for it, where its file does not say
 * @param options.labels the names of its classes, a list or a file of them
 * @param options.head the layout of a detector's outputs, where their shapes leave it open
 * @throws FoveaError when there is none, it is damaged, or it has more than one input.
 */
export async function openAny(path: string, options: OpenAnyOptions = {}): Promise<OpenedModel> {
  const { rescale, labels, tables = false, detectors = false, head, overlap, score, ...loading } = options;
  const { file, loaded: asLoaded } = await openModelFile(path, { ...loading, ...(detectors && { tails: true }) });
  const inputs = asLoaded.model.inputShapes.length;
  const isTable = tables && asLoaded.facts?.table !== undefined;
  if (inputs !== 1 && !isTable)
    throw new FoveaError("unsuited-model", `${file} takes ${inputs} inputs; expected a model of one, the image`);
  const told = defined({ rescale, labels });
  if (detectors) {
    const found = await withDetector(file, asLoaded, { ...told, ...defined({ head, overlap, score }) });
    if (found !== undefined) return { ...opened(file, found.loaded, false), detector: found.detector };
  }
  return opened(file, await withUserFacts(file, asLoaded, told), isTable);
}

/** A loaded model with what it needs to be asked, as far as its facts and its input say. */
function opened(file: string, { facts, warnings, model: original }: LoadedModel, isTable: boolean): OpenedModel {
  const preprocessing = facts?.preprocessing ?? plainPreprocessing(original);
  const model = isTable ? original : onPixels(original, facts);
  const classNames = facts?.classNames;
  const task: TaskFacts | undefined =
    facts?.task ?? (classNames && classNames.length >= 2 ? { kind: "classification", classNames } : undefined);
  return { model, original, file, task, classNames, preprocessing, facts, warnings };
}

/** The options of `openCompact`. */
export interface OpenCompactOptions extends Pick<LoadModelOptions, "threads" | "runtime"> {
  /** Name of the model in messages. Default "the model". */
  readonly file?: string;
}

/**
 * Opens the bytes of a model in compact form, as `openAny` opens a file: a model of a table takes its rows.
 * @param bytes content of the file
 * @param options.runtime the place where it computes. Default: the one that models share
 * @throws FoveaError as `openAny` does
 * @example const opened = await openCompact(new Uint8Array(await readFile("compact.zip")));
 */
export async function openCompact(bytes: Uint8Array, options: OpenCompactOptions = {}): Promise<OpenedModel> {
  const { file = "the model", ...modelOptions } = options;
  const loaded = await loadCompact(bytes, { runtimes: defaultRuntimes, file, ...modelOptions });
  return opened(file, loaded, loaded.facts?.table !== undefined);
}

/** A model that is there already, with the facts that its file has or will have; whoever made it closes it. */
export const openedModel = (file: string, original: Model, facts: FoveaFacts): OpenedModel => ({
  ...{ file, original, facts, task: facts.task, classNames: facts.classNames, warnings: [] },
  model: onPixels(original, facts),
  preprocessing: facts.preprocessing,
});

/**
 * Opens a model of images, as `openAny` does. It takes pixels from 0 to 255, also if the file's model expects another range.
 * @param path path of the model file, of a folder with one in it, or of a run
 * @param options the place where it computes, and facts that its file may lack
 * @throws FoveaError as `openAny` does, and for a model that takes no images.
 */
export async function openModel(path: string, options: OpenImagesOptions = {}): Promise<TrainedModel> {
  const opened = await openAny(path, options);
  const { preprocessing, model, file } = opened;
  if (preprocessing !== undefined) return { ...opened, preprocessing };
  await model.close();
  throw new FoveaError(
    "unsuited-model",
    `${file} takes input [${model.inputShape.join(", ")}]; expected images, [height, width, 1] or [height, width, 3]`,
  );
}

type AnswerOptions = OpenImagesOptions & { readonly assumeClasses?: boolean };

/**
 * Opens a model to ask it for classes. Where `options.compile` is false and a lone number may be anything, the file's
 * loss is asked after all.
 * @param path path of the model file, of a folder with one in it, or of a run
 * @param options the place where it computes, facts that its file may lack, and an assumption about a lone number
 * @param options.assumeClasses takes a lone number that nothing is known about for the logit of the second of two
 * classes. Default false
 * @throws FoveaError as `openModel` does, and for outputs that are no single vector of classes.
 * @example
 * const opened = await openClassifier("model.keras", { labels: ["cat", "dog", "fox"] });
 * opened.classNames; // ["cat", "dog", "fox"]
 * opened.task.kind; // "classification"
 */
export const openClassifier = (path: string, options: AnswerOptions = {}): Promise<TrainedModel> =>
  openAs(path, options, () => false);

/**
 * Opens a model to ask it for answers of its task; one that says nothing of a task is a classifier.
 * @param path path of the model file, of a folder with one in it, or of a run
 * @param options as `openClassifier` has them
 * @throws FoveaError as `openClassifier` does
 */
export const openAnswering = (path: string, options: AnswerOptions = {}): Promise<TrainedModel> =>
  openAs(path, options, ({ task }) => task !== undefined && classNamesOf(task) === undefined);

async function openAs(
  path: string,
  options: AnswerOptions,
  isFine: (opened: TrainedModel) => boolean,
): Promise<TrainedModel> {
  const { assumeClasses = false, ...loading } = options;
  const trained = await openModel(path, loading);
  if (trained.detector !== undefined || isFine(trained)) return trained;
  const instead = outputsInstead(trained, assumeClasses);
  if (instead === undefined) return trained;
  await trained.model.close();
  if (loading.compile === false) return openAs(path, { ...options, compile: "objective" }, isFine);
  throw new FoveaError(
    "unsuited-model",
    `${trained.file} puts out ${instead} for an image; expected a classifier, with a number for each class or a ` +
      "probability of the second of two",
  );
}

/** Results that a model gives in place of numbers for classes, in words; undefined where it gives those. */
function outputsInstead({ original, classNames }: TrainedModel, assumeClasses: boolean): string | undefined {
  const shapes = original.outputShapes;
  if (shapes.length !== 1) return `${shapes.length} results`;
  const [shape] = shapes as [readonly number[]];
  if (shape.length !== 1) return `a result of shape [${shape.join(", ")}]`;
  if (shape[0] !== 1 || endsInProbabilities(original)) return undefined;
  if (!original.compiled) return assumeClasses || classNames?.length === 2 ? undefined : "a single number";
  const loss = original.trainer.objective[0]!.loss.className;
  return /crossentropy|hinge/i.test(loss) ? undefined : `a single number, learned by ${loss},`;
}

/**
 * Loads the model in a file or folder as it is stored, without scaling pixels before it.
 * @param path path of the model file, of a folder with one in it, or of a run
 * @param options the place where it computes, and its input's size where the file leaves it open
 * @throws FoveaError as `openModel` does
 */
export const openModelFile = (
  path: string,
  options: Pick<LoadModelOptions, "threads" | "runtime" | "compile" | "imageSize" | "tails"> = {},
): Promise<{ readonly file: string; readonly loaded: LoadedModel }> =>
  loadModelAt(path, { ...defaultPlace, ...options });

/**
 * Images as the model was trained on them, `[n, height, width, channels]`.
 * @param opened the model, whose preprocessing counts
 * @param paths image files
 * @throws FoveaError for the first that cannot be read; `readableImages` answers for the others.
 * @example
 * const opened = await openModel("model.keras");
 * const x = await imagesFor(opened, ["photo.png"]); // [1, 12, 12, 1]
 * const { bad } = await readableImages(opened, ["photo.png", "lost.png"]); // lost.png with the reason
 */
export async function imagesFor(
  { preprocessing }: Pick<TrainedModel, "preprocessing">,
  paths: readonly string[],
): Promise<Tensor<"uint8">> {
  return stacked(await Promise.all(paths.map((path) => loadImage(path, lookOf(preprocessing)))));
}

/**
 * The images that can be read, as `imagesFor` gives them, and the reasons why the others cannot.
 * @param opened the model, whose preprocessing counts
 * @param paths image files
 * @returns paths and pixels of the readable ones, in order, and `bad` for the others
 */
export async function readableImages(
  { preprocessing }: Pick<TrainedModel, "preprocessing">,
  paths: readonly string[],
): Promise<{
  readonly paths: readonly string[];
  readonly x: Tensor<"uint8"> | undefined;
  readonly bad: readonly BadFile[];
}> {
  const { good, bad } = await eachReadable(paths, (path) => loadImage(path, lookOf(preprocessing)));
  const x = good.length === 0 ? undefined : stacked(good.map(({ value }) => value));
  return { paths: good.map(({ path }) => path), x, bad };
}

/** Arrays of one shape as a batch. */
export function stacked(images: readonly Tensor<"uint8">[]): Tensor<"uint8"> {
  const [first] = images;
  if (first === undefined) throw new FoveaError("empty-input", "expected at least one image, received none");
  const data = new Uint8Array(images.length * first.data.length);
  for (const [n, image] of images.entries()) data.set(image.data, n * first.data.length);
  return tensor(data, [images.length, ...first.shape], "uint8");
}

/** The options of `partFor`. */
export interface PartOptions {
  readonly threads?: number;
  readonly skipBad?: boolean;
  readonly memory?: MemoryLimit;
  readonly batchSize?: number;
  /** Corrections of labels, and images that are left out; see `findJournal`. */
  readonly journal?: LabelJournal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onNotKept?: (why: TooLarge) => void;
}

/**
 * The images of a folder, a manifest or an archive as the model was trained on them, with their targets, and the task
 * that the model is judged by: its own, or a classification of the folder's classes. Of a source that divides its images into
 * parts, these are the test images, or else the validation images. Findings are those of the label journal.
 * @param opened the open model
 * @param path path of a folder, a manifest or an archive
 * @returns the images with their targets, the source, the task, notes and findings
 * @throws FoveaError when the images have other classes, targets that are not the model's, or shapes that it does not
 * take, and for a memory limit that two batches do not fit in.
 * @example
 * for (const name of ["dog", "fox"]) await saveImage(await loadImage("photo.png"), `${name}.png`);
 * await writeFile("judged.csv", "path,label\nphoto.png,cat\ndog.png,dog\nfox.png,fox\n");
 * const opened = await openAnswering("model.keras", { labels: ["cat", "dog", "fox"] });
 * const { part, task } = await partFor(opened, "judged.csv");
 * compileToJudge(opened, task);
 * const evaluation = { labels: [0, 1, 2], predicted: [0, 2, 2], confidence: [0.9, 0.6, 0.8] };
 * const [failure] = await failuresOf(part, evaluation, 5);
 * failure.file; // "dog.png", taken for a fox
 */
export async function partFor(
  { model, task, preprocessing, facts, detector }: TrainedModel,
  path: string,
  options: PartOptions = {},
): Promise<{
  readonly part: Part<ImageSamples>;
  /** Source that the part is of. */
  readonly folder: LoadedFolder<ImageSamples>;
  readonly task: TaskFacts;
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}> {
  const { onProgress, onNotKept, journal, ...loading } = options;
  const wish = task === undefined ? {} : taskOf(task).columnsOf(task);
  const reading = {
    ...loading,
    ...wish,
    ...defined({ columns: facts?.recipe?.columns, journal }),
    ...(onNotKept && { onNotKept: (_folder: string, why: TooLarge) => onNotKept(why) }),
    ...(onProgress && { onProgress: (_folder: string, done: number, total: number) => onProgress(done, total) }),
  };
  const opener = new FolderOpener(preprocessing, reading, detector !== undefined);
  const names = expectedNamesOf(task);
  const listed = await opener.open("test", path, namesBefore(names, journal));
  const {
    folders: [whole],
    notes,
    findings,
  } = journal
    ? await correctFolders([listed], journal, { columns: opener.source.columns ?? [], names, isWhole: false })
    : { folders: [listed], notes: [], findings: [] };
  const chosen = judgedRows(whole!.split);
  const folder = chosen === undefined ? whole! : await selectedRows(whole!, chosen.rows);
  const { samples, weight } = folder;
  const targets = identitiesFor(task, folder.targets);
  const judged: Part<ImageSamples> = { samples, targets, rows: allRows(samples), ...defined({ weight }) };
  const found = task ?? taskOf({ kind: kindOfTargets(targets) }).describe(judgedOf(judged), opener.source, {});
  // Outputs of a detector from elsewhere have fitted its head.
  if (detector === undefined) checkFit(model, samples.x.shape, found);
  const selection = chosen === undefined ? [] : [judgedNote(chosen, whole!.samples, path)];
  return { part: judged, folder, task: found, notes: [...opener.notes, ...notes, ...selection], findings };
}

/**
 * Compiles a model that its file leaves without loss and metrics: with the loss of its recipe, or else its task's own.
 * Keras has no deviances, so that files of models trained on these hold no compile configuration.
 * @param opened the open model
 * @param task the task that it is judged by
 */
export function compileToJudge({ model, facts }: OpenedModel, task: TaskFacts): void {
  if (model.compiled) return;
  const { loss, metrics } = taskOf(task).objective(model, task, {});
  const recipe = facts?.recipe;
  const trained = recipe?.task.kind === task.kind ? lossFromKeras(recipe.training.loss) : undefined;
  model.compile({ optimizer: "adam", loss: trained ?? loss, metrics });
}
