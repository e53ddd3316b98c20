// `fovea bench`: how long a training step or a prediction takes on this machine, on made-up images. Loading, decoding
// and reporting are not part of it.

import { Argument, type Command } from "commander";
import {
  APPLICATION_NAMES,
  type ApplicationName,
  applicationOf,
  defaultCompileOptions,
} from "../../applications/index.js";
import { defined } from "../../core/defined.js";
import { benchmark } from "../../experiment/models/index.js";
import { application } from "../../known-models.js";
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
  readonly model: ApplicationName;
  readonly batchSize: number;
  readonly imageSize: ImageSize;
  readonly color: "grayscale" | "rgb";
  readonly classes: number;
  readonly mode: "reproducible" | "fast";
  readonly steps: number;
}

export function define(command: Command): void {
  command
    .description(
      "Times a model on this machine with made-up images: the median of --steps steps after five to warm up. " +
        '"step" is one step of training (forward, backward, update), "infer" is prediction.',
    )
    .addArgument(new Argument("<what>", "the part to time").choices(["step", "infer"]))
    .addOption(choice("--model <name>", "which architecture", APPLICATION_NAMES).default("cnn"))
    .option("--batch-size <N>", "images a step", wholeNumber(1), 128)
    .addOption(imageSizeOption())
    .addOption(colorOption())
    .option("--classes <N>", "classes to tell apart", wholeNumber(2), 55)
    .addOption(modeOption())
    .option("--steps <N>", "how many steps to time", wholeNumber(1), 20);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea bench step --model cnn --batch-size 128 --threads 2
  fovea bench infer --model logistic --json`,
    )
    .action(run);
}

async function run(what: "step" | "infer", options: Options): Promise<void> {
  const output = new Output(options);
  const { imageSize, color, classes, mode, batchSize, steps, seed = 0, threads } = options;
  const model = application(
    options.model,
    { imageSize, channels: color === "rgb" ? 3 : 1, classes },
    { seed, mode, ...defined({ threads }) },
  );
  model.compile(defaultCompileOptions(applicationOf(options.model)));
  const progress = output.progress(`Timing ${options.model}`);
  const measured = await benchmark(what, model, {
    batchSize,
    classes,
    steps,
    seed,
    onStep: (done, total) => progress.update(done, total, "steps"),
  }).finally(async () => {
    progress.end();
    await model.close();
  });
  const { medianMs, imagesPerSecond, compileMs } = measured;
  // maxRSS is in KiB on every system that Node runs on.
  const peakRssMb = process.resourceUsage().maxRSS / 1024;
  output.answer(
    { median_ms: medianMs, images_per_second: imagesPerSecond, compile_ms: compileMs, peak_rss_mb: peakRssMb },
    textTable(
      [{ head: "" }, { head: "" }],
      [
        ["what", `${what} of ${options.model}, ${batchSize} images of ${showImageSize(imageSize)}, ${classes} classes`],
        ["median", `${medianMs.toFixed(1)} ms`],
        ["images per second", rough(imagesPerSecond)],
        ["compiling", `${compileMs.toFixed(0)} ms`],
        ["peak memory", `${peakRssMb.toFixed(0)} MB`],
      ],
    ),
  );
}
