// `fovea explain`: what a model's decisions rest on, what its layers see, what its channels fire for; as PNG files.

import { type Command, InvalidArgumentError } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { type BadFile, imagePaths } from "../../experiment/data/index.js";
import {
  ATTRIBUTIONS,
  type AttributionMethod,
  explainedTask,
  explainFeatures,
  explainFilters,
  explainImages,
  explainLayers,
  outputNumber,
} from "../../experiment/explain/index.js";
import { openAnswering, openModel, readableImages, type TrainedModel } from "../../experiment/models/index.js";
import { taskOf } from "../../experiment/tasks/index.js";
import type { Picture } from "../../explain/index.js";
import { outputNamesOf } from "../../formats/run/task.js";
import { replaceFiles } from "../../platform/folders.js";
import { baseName } from "../../platform/paths.js";
import { pngBytes } from "../../report/images/png.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import {
  addDetectorOptions,
  addForeignOptions,
  checkDetecting,
  type DetectorOptions,
  detecting,
  type ForeignOptions,
  tellLeftOut,
} from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, choice, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { showGallery } from "./explain-gallery.js";
import { showPair } from "./explain-pair.js";

const METHODS = [...ATTRIBUTIONS, "activations", "filters", "features"] as const;
type Method = (typeof METHODS)[number];

/** The methods that an option says something to. */
const TAKEN: Readonly<Record<"layer" | "class" | "targets" | "steps", readonly Method[]>> = {
  layer: ["gradcam", "gradcam++", "activations", "features"],
  class: ATTRIBUTIONS,
  targets: ["features"],
  steps: ["features"],
};
const STEPS = 192;

const isAttribution = (method: Method): method is AttributionMethod =>
  ATTRIBUTIONS.some((attribution) => attribution === method);

interface Options extends CommonOptions, ForeignOptions, DetectorOptions {
  readonly method?: Method;
  readonly layer?: string;
  readonly class?: string;
  readonly targets?: readonly number[];
  readonly steps?: number;
  readonly out: string;
  readonly gallery?: true;
  readonly report?: true;
  readonly pair?: true;
}

/** `0-7,12`: numbers and ranges. */
function numbers(text: string): number[] {
  const found = text.split(",").flatMap((part) => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match === null) throw new InvalidArgumentError("Expected numbers and ranges such as 0-7,12.");
    const [low, high] = [Number(match[1]), Number(match[2] ?? match[1])];
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
  });
  if (found.length === 0 || found.length > 64)
    throw new InvalidArgumentError("Expected 1 to 64 numbers, such as 0-7,12.");
  return found;
}

export function define(command: Command): void {
  command
    .description(
      "Shows why a model decides as it does. With images: where each decision comes from, laid over the image, or the " +
        "maps of every layer. Without: the first filters, or pictures that make channels or classes fire hardest.",
    )
    .argument("<model>", "a model file (.keras, .h5, .onnx, model.json) or the folder of a run or export")
    .argument("[image...]", "images, folders of images and patterns such as photos/*.jpg")
    .addOption(
      choice(
        "--method <name>",
        "default: gradcam with images, occlusion for a detector from elsewhere, features without images",
        METHODS,
      ),
    )
    .option("--layer <path>", "the layer to look at, BASE/LAYER in nested models (default: the last with maps)")
    .option(
      "--class <name>",
      "the class, label or target to explain, a name or number (default: the class that the model chose, the most " +
        "probable label, or the first target)",
    )
    .option(
      "--targets <list>",
      "for features: channels of the layer, or without --layer classes, labels or targets, such as 0-7 (default: the first 16)",
      numbers,
    )
    .option("--steps <N>", "for features: gradient steps (default: 192)", wholeNumber(1, 10_000))
    .option("--gallery", "features of the layers on one page: from early to deep, filters, maps of one image")
    .option("--pair", "of two images: which parts make them alike, for a model of --task verification")
    .option("--report", "with --gallery: put it into the run's report as well")
    .option("--out <folder>", "where the pictures go", "explanation");
  addForeignOptions(command);
  addDetectorOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea explain runs/photos-cnn-1 a.png b.png
  fovea explain runs/photos-cnn-1 "mistakes/*.png"
  fovea explain runs/photos-cnn-1 a.png --method occlusion --class cat
  fovea explain runs/claims a.png --class cost
  fovea explain runs/writers-cnn-1 a.png b.png --pair
  fovea explain runs/photos-cnn-1 a.png --method activations
  fovea explain runs/photos-cnn-1 --layer conv3 --targets 0-15
  fovea explain runs/photos-cnn-1 --method filters
  fovea explain runs/photos-cnn-1 --gallery --report`,
    )
    .action(run);
}

/** A picture with the name of its file and what is told about it: for machines, and as a row of a table or some. */
interface Shown {
  readonly file: string;
  readonly picture: Picture;
  readonly facts: object;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

async function run(path: string, typed: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const images = await imagePaths(typed);
  checkUse(images, options);
  if (options.gallery) return showGallery(path, images, { ...options, steps: options.steps ?? STEPS }, output);
  const wanted = options.method ?? (images.length > 0 ? "gradcam" : "features");
  const idle = (["layer", "class", "targets", "steps"] as const).find(
    (name) => options[name] !== undefined && !TAKEN[name].includes(wanted),
  );
  if (idle !== undefined) throw new UsageError(`--${idle} has no effect with --method ${wanted}; leave it out`);
  if (options.pair) {
    if (isAttribution(wanted) && options.class === undefined) return showPair(path, images, wanted, options, output);
    throw new UsageError(
      `--pair maps the cosine by ${ATTRIBUTIONS.join(", ")} and no class; leave out the other option`,
    );
  }
  const ofModel = wanted === "features" || wanted === "filters";
  if (ofModel && images.length > 0) throw new UsageError(`--method ${wanted} is about the model; name no images`);
  if (!ofModel && images.length === 0) throw new UsageError(`--method ${wanted} is about images; name at least one`);
  const asksClasses = isAttribution(wanted) || (wanted === "features" && options.layer === undefined);
  const open = asksClasses ? openAnswering : openModel;
  const { threads, rescale, labels, imageSize } = options;
  const opening = { ...detecting(options), ...defined({ threads, compile: false, rescale, labels, imageSize }) };
  const trained = await open(path, opening);
  await checkDetecting(trained, options);
  const isUnasked = options.method === undefined && options.layer === undefined;
  const method = trained.detector !== undefined && wanted === "gradcam" && isUnasked ? "occlusion" : wanted;
  for (const warning of trained.warnings) output.warn(warning);
  try {
    const { shown, bad } = await picturesOf(trained, method, images, options, output);
    for (const { error } of bad) output.fault(error);
    tellLeftOut(trained, output);
    if (bad.length > 0) process.exitCode = EXIT.failed;
    const files = new Map(shown.map(({ file, picture }) => [file, pngBytes(picture)]));
    if (shown.length > 0) await replaceFiles(options.out, { files });
    const pictures = shown.map(({ file, facts }) => ({ file, ...facts }));
    output.answer(
      { method, out: options.out, pictures: [...pictures, ...bad] },
      shown.length === 0
        ? ""
        : `${described(shown.flatMap(({ rows }) => rows))}${shown.length === 1 ? "The picture is" : "The pictures are"} in ${options.out}`,
    );
  } finally {
    await trained.model.close();
  }
}

/** Checks that options go together. @throws UsageError for one that would be ignored */
function checkUse(images: readonly string[], options: Options): void {
  if (options.report && !options.gallery)
    throw new UsageError("--report puts the gallery into a report; add --gallery");
  if (!options.gallery) return;
  const other = (["method", "layer", "class", "targets"] as const).find((name) => options[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--gallery shows layers of its own choice; leave out --${other}`);
  if (images.length > 1) throw new UsageError(`--gallery shows one image, received ${images.length}; name one or none`);
}

async function picturesOf(
  trained: TrainedModel,
  method: Method,
  images: readonly string[],
  options: Options,
  output: Output,
): Promise<{ readonly shown: readonly Shown[]; readonly bad: readonly BadFile[] }> {
  const { layer, steps = STEPS, seed } = options;
  const task = explainedTask(trained);
  const [noun] = taskOf(task).nouns;
  const nameOf = (index: number): string => outputNamesOf(task)[index] ?? String(index);
  if (method === "filters")
    return none([{ file: "filters.png", picture: await explainFilters(trained), facts: {}, rows: [] }]);
  if (method === "features") {
    const progress = output.progress("Climbing");
    const onStep = (done: number, total: number): void => progress.update(done, total, "steps");
    const targets = options.targets ?? defaultTargets(trained, layer);
    const found = await explainFeatures(trained, targets, { ...defined({ layer, seed }), steps, onStep });
    progress.end();
    const kind = layer === undefined ? noun : "channel";
    const named = found.targets.map(({ target, ...fires }) => ({
      [kind]: layer === undefined ? nameOf(target) : target,
      ...fires,
    }));
    const rows = found.targets.map(({ target, before, after, ceiling }) => ({
      [kind]: layer === undefined ? nameOf(target) : String(target),
      "in noise": before.toPrecision(3),
      "in the picture": after.toPrecision(3),
      ...(ceiling === undefined ? {} : { "no image exceeds": ceiling.toPrecision(3) }),
    }));
    const file = `features${layer === undefined ? "" : `-${fileName(layer)}`}.png`;
    return none([{ file, picture: found.picture, facts: { targets: named }, rows }]);
  }
  if (method === "activations" && images.length > 1)
    throw new UsageError("--method activations shows one image; name only one");
  const { x, paths, bad } = await readableImages(trained, images);
  if (x === undefined) return { shown: [], bad };
  if (method === "activations") {
    const fileOf = distinctNames();
    return none(
      [...(await explainLayers(trained, x, layer))].map(([path, picture]) => {
        const file = `${fileOf(path)}.png`;
        return { file, picture, facts: { layer: path }, rows: [{ file, layer: path }] };
      }),
    );
  }
  const classIndex = options.class === undefined ? undefined : outputNumber(trained, options.class);
  const explained = await explainImages(trained, x, method as AttributionMethod, defined({ layer, classIndex }));
  const shown = explained.map(({ said, picture }, i) => {
    const image = paths[i]!;
    const file = `${String(i + 1).padStart(2, "0")}-${fileName(withoutExtension(image))}-${fileName(method)}.png`;
    const facts = { image, ...Object.fromEntries(said.map(({ name, value }) => [name, value])) };
    const row = { file, image, ...Object.fromEntries(said.map(({ name, text }) => [name, text])) };
    return { file, picture, facts, rows: [row] };
  });
  return { shown, bad };
}

/** Pictures that no image can be missing from. */
const none = (shown: readonly Shown[]) => ({ shown, bad: [] });

const withoutExtension = (path: string): string => baseName(path).replace(/\.\w+$/, "");

/** A name as every disk takes it. */
const fileName = (text: string): string => text.replaceAll("+", "p").replaceAll(/[\p{Cc}/\\:*?"<>|]/gu, "-");

/** Gives names as `fileName` does, and a number to those that would be taken for one before, as disks without case do. */
function distinctNames(): (text: string) => string {
  const taken = new Set<string>();
  return (text) => {
    const plain = fileName(text);
    let name = plain;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${plain}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  };
}

/** The first sixteen channels or classes. */
function defaultTargets({ model }: TrainedModel, layer: string | undefined): number[] {
  const count = layer === undefined ? model.outputShape[0]! : (model.getLayer(layer).outputShapes[0]!.at(-1) ?? 1);
  return Array.from({ length: Math.min(16, count) }, (_, i) => i);
}

function described(rows: Shown["rows"]): string {
  const [first] = rows;
  if (first === undefined) return "";
  const heads = Object.keys(first);
  const table = textTable(
    heads.map((head) => ({ head })),
    rows.map((row) => heads.map((head) => row[head] ?? "")),
  );
  return `${table}\n\n`;
}
