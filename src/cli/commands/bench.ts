// `fovea bench`: how long a training step or a prediction takes on this machine, on made-up images. Loading, decoding
// and reporting are not part of it.

import { Argument, type Command } from "commander";
import { IMAGENET_NAMES, type ImageNetName, imageNetApplication } from "../../applications/imagenet/index.js";
import {
  APPLICATION_NAMES,
  type ApplicationName,
  applicationOf,
  defaultCompileOptions,
} from "../../applications/index.js";
import { defined } from "../../core/defined.js";
import { defaultPlace } from "../../default-backend.js";
import { benchmark, kernelTimes, type Measured } from "../../experiment/models/index.js";
import { TASKS, taskOf } from "../../experiment/tasks/index.js";
import type { KernelTimes, Model, StageTime } from "../../nn/index.js";
import { adam } from "../../nn/optimizers/index.js";
import { rough } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import {
  addCommonOptions,
  type CommonOptions,
  choice,
  colorOption,
  type ImageSize,
  imageSizeOption,
  modeOption,
  showImageSize,
  wholeNumber,
} from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly model: ApplicationName | ImageNetName;
  readonly batchSize: number;
  readonly imageSize: ImageSize;
  readonly color: "grayscale" | "rgb";
  readonly classes: number;
  readonly mode: "reproducible" | "fast";
  readonly steps: number;
  readonly kernels?: number | true;
}

/** Kernels that are shown unless asked for more. */
const DEAREST = 10;
/** Kernels of a stage that a line names. */
const SHOWN = 3;

export function define(command: Command): void {
  command
    .description(
      "Times a model on this machine with made-up images: the median of --steps steps after five to warm up. " +
        '"step" is one step of training (forward, backward, update), "infer" is prediction.',
    )
    .addArgument(new Argument("<what>", "the part to time").choices(["step", "infer"]))
    .addOption(choice("--model <name>", "which architecture", [...APPLICATION_NAMES, ...IMAGENET_NAMES]).default("cnn"))
    .option("--batch-size <N>", "images per step", wholeNumber(1), 128)
    .addOption(imageSizeOption())
    .addOption(colorOption())
    .option("--classes <N>", "number of classes", wholeNumber(2), 55)
    .addOption(modeOption())
    .option("--steps <N>", "how many steps to time", wholeNumber(1), 20)
    .option(
      "--kernels [N]",
      `the N kernels that take longest, each by itself, with its share of the ceiling of this machine (N: ${DEAREST}; default: none)`,
      (text) => wholeNumber(1)(text),
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea bench step --model cnn --batch-size 128 --threads 2
  fovea bench infer --model logistic --json
  fovea bench step --model resnet20 --image-size 32x32 --color rgb --classes 10 --kernels
  fovea bench infer --model mobilenet_v2 --image-size 224x224 --color rgb --batch-size 1`,
    )
    .action(run);
}

const isImageNet = (name: Options["model"]): name is ImageNetName =>
  (IMAGENET_NAMES as readonly string[]).includes(name);

/** The application, compiled for the task that it is made for, and the kind of that task's targets. */
function compiled(options: Options): { readonly model: Model; readonly targets: "classes" | "boxes" } {
  const { imageSize, color, classes, mode, seed = 0, threads } = options;
  const channels = color === "rgb" ? 3 : 1;
  const engine = { ...defaultPlace, seed, mode, ...defined({ threads }) };
  if (isImageNet(options.model)) {
    const model = imageNetApplication(options.model).build({
      inputShape: [...imageSize, channels],
      classes,
      ...engine,
    });
    model.compile(defaultCompileOptions({ fromLogits: false }));
    return { model, targets: "classes" };
  }
  const model = applicationOf(options.model).build({ imageSize, channels, classes }, engine);
  const classNames = Array.from({ length: classes }, (_, k) => `class ${k}`);
  const task = [TASKS.segmentation, TASKS.detection].find(({ usual }) => usual?.model === options.model);
  if (task !== undefined) {
    const facts = { kind: task.kind, classNames };
    model.compile({ optimizer: adam(), ...taskOf(facts).objective(model, facts, {}) });
    return { model, targets: task.targetKind === "boxes" ? "boxes" : "classes" };
  }
  model.compile(defaultCompileOptions(applicationOf(options.model)));
  return { model, targets: "classes" };
}

async function run(what: "step" | "infer", options: Options): Promise<void> {
  const output = new Output(options);
  const { imageSize, classes, batchSize, steps, seed = 0, threads, kernels } = options;
  const { model, targets } = compiled(options);
  const work = { batchSize, classes, targets, steps, seed };
  const progress = output.progress(`Timing ${options.model}`);
  const onStep = (done: number, total: number): void => progress.update(done, total, "steps");
  let measured: Measured;
  let times: KernelTimes | undefined;
  try {
    measured = await benchmark(what, model, { ...work, onStep });
    if (kernels !== undefined) times = await kernelTimes(what, model, { ...work, ...defined({ threads }) });
  } finally {
    progress.end();
    await model.close();
  }
  const { medianMs, imagesPerSecond, compileMs } = measured;
  // maxRSS is in KiB on every system that Node runs on.
  const peakRssMb = process.resourceUsage().maxRSS / 1024;
  const dearest = times && dearestOf(times, kernels === true ? DEAREST : kernels!);
  output.answer(
    {
      ...{ median_ms: medianMs, images_per_second: imagesPerSecond, compile_ms: compileMs, peak_rss_mb: peakRssMb },
      ...(times && { ceiling: ceilingJson(times), kernels: dearest!.map(stageJson) }),
    },
    textTable(
      [{ head: "" }, { head: "" }],
      [
        ["what", `${what} of ${options.model}, ${batchSize} images of ${showImageSize(imageSize)}, ${classes} classes`],
        ["median", `${medianMs.toFixed(1)} ms`],
        ["images per second", rough(imagesPerSecond)],
        ["compiling", `${compileMs.toFixed(0)} ms`],
        ["peak memory", `${peakRssMb.toFixed(0)} MB`],
      ],
    ) + (times === undefined ? "" : `\n${kernelText(times, dearest!)}`),
  );
}

/** The stages that take longest, the longest first. */
const dearestOf = ({ stages }: KernelTimes, count: number): readonly StageTime[] =>
  [...stages].sort((a, b) => b.ms - a.ms).slice(0, count);

const ceilingJson = ({ ceiling, stages }: KernelTimes) => ({
  gflops: ceiling.operationsPerSecond / 1e9,
  gigabytes_per_second: ceiling.bytesPerSecond / 1e9,
  all_stages_ms: stages.reduce((sum, { ms }) => sum + ms, 0),
});

const stageJson = ({ stage, kinds, what, ms, operationsPerSecond, bytesPerSecond, bound, share }: StageTime) => ({
  ...{ stage, kinds, what, ms, gflops: operationsPerSecond / 1e9, gigabytes_per_second: bytesPerSecond / 1e9 },
  ...{ bound, share },
});

/** The machine's ceiling in a sentence, and a table of stages beside it. */
function kernelText(times: KernelTimes, dearest: readonly StageTime[]): string {
  const { gflops, gigabytes_per_second: gigabytes, all_stages_ms: all } = ceilingJson(times);
  const table = textTable(
    [
      ...[{ head: "ms" }, { head: "GFLOP/s" }, { head: "GB/s" }].map((column) => ({
        ...column,
        align: "right" as const,
      })),
      ...[{ head: "share of ceiling" }, { head: "kernels" }],
    ],
    dearest.map(({ kinds, what, ms, operationsPerSecond, bytesPerSecond, bound, share }) => [
      ms.toFixed(2),
      (operationsPerSecond / 1e9).toFixed(1),
      (bytesPerSecond / 1e9).toFixed(1),
      `${(100 * share).toFixed(0)} % (${bound})`,
      kinds
        .slice(0, SHOWN)
        .map((kind, i) => `${kind}: ${what[i]}`)
        .join("; ") + (kinds.length > SHOWN ? "; ..." : ""),
    ]),
  );
  return (
    `This machine reaches ${gflops.toFixed(0)} GFLOP/s from its first-level cache and copies ${gigabytes.toFixed(1)} GB/s.\n` +
    `All stages by themselves take ${all.toFixed(1)} ms; those that take longest:\n\n${table}`
  );
}
