// `fovea inspect`: what is in a folder of images, or in one image. Prints tree, counts, sizes, colour modes and problems.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { COLORMAPS, type Colormap, imageFileFacts } from "../../data/index.js";
import { type Inspection, inspect, inspectionFacts, samplesFrom } from "../../experiment/inspection/index.js";
import { stat, writeAtomic } from "../../platform/files.js";
import { parentFolder } from "../../platform/paths.js";
import { addCommonOptions, type CommonOptions, choice, memoryOption, wholeNumber } from "../options.js";
import { imageFileLines, imagePicture, sampleRow } from "../terminal/image.js";
import { classCounts, classSizes, imageSizes, overview, problemLines } from "../terminal/inspection.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly memory?: number;
  readonly out?: string;
  readonly verify?: true;
  readonly health?: true;
  readonly pixels?: true;
  readonly class?: string;
  readonly samples?: number;
  readonly colormap?: Colormap;
}

export function define(command: Command): void {
  command
    .description(
      "Shows the contents of a folder of images before anything is trained on it: its tree, the images of each class, " +
        "their heights, widths and colour modes, and everything that looks wrong. Of a single image it shows shape, values, " +
        "EXIF data and a small picture.",
    )
    .argument("<path>", "one folder per class, Train and Test with such folders, a folder of images, or one image")
    .option("--out <page.html>", "also write it as a page with charts and samples (default: none)")
    .option(
      "--verify",
      "decode every image, as small sets are anyway: finds damage behind the headers, images that occur twice, and " +
        "images that are nearly black, white or of one colour",
    )
    .option(
      "--health",
      "also run the checks of fovea health, but for those of labels: a section of the text, the page and JSON",
    )
    .option("--samples <N>", "also draw the first N images, side by side (default: none)", wholeNumber(1, 40))
    .option("--class <name>", "class of the images to draw, 5 unless --samples says otherwise (default: all classes)")
    .addOption(choice("--colormap <name>", "draw their grey levels in matplotlib's colours (default: grey)", COLORMAPS))
    .option("--pixels", "of a single image: print the numbers, as NumPy prints arrays")
    .addOption(memoryOption());
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea inspect CASIA-Dataset
  fovea inspect photos --verify --out photos.html
  fovea inspect characters --class 东 --samples 5 --colormap viridis --out characters.html
  fovea inspect photos --health --out photos.html
  fovea inspect photo.jpg --pixels
  fovea inspect photos --json | jq '.splits[0].classes'`,
    )
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const output = new Output(options);
  const entry = await stat(path);
  if (entry !== undefined && !entry.isDirectory) return showImage(path, options, output);
  if (options.pixels) throw new UsageError("--pixels: expected a single image, received a folder");
  // Known before many images are decoded for nothing.
  if (options.out !== undefined && !(await stat(parentFolder(options.out)))?.isDirectory)
    throw new UsageError(`--out: there is no folder ${parentFolder(options.out)} for the page; make it first`);
  const progress = output.progress(options.verify ? "Decoding" : "Reading");
  const inspection = await inspect(path, {
    ...defined({ verify: options.verify, threads: options.threads, memory: options.memory }),
    onProgress: (split, done, total) => progress.update(done, total, "images", split),
  }).finally(() => progress.end());
  const { samples: count, class: className, colormap } = options;
  const asked = [count, className, colormap].some((option) => option !== undefined);
  const samples = asked ? await samplesFrom(inspection, defined({ count, className, colormap })) : undefined;
  const health = options.health && (await healthSection(path, options, output));
  if (options.out !== undefined) {
    const { renderInspectPage } = await import("../../report/pages/inspect-page.js");
    const facts = {
      ...(await inspectionFacts(inspection, samples)),
      ...(health && { health: await health.facts() }),
    };
    await writeAtomic(options.out, (await renderInspectPage(facts)).html);
    output.say(`The page is ${options.out}`);
    output.say();
  }
  output.answer(
    { ...asJson(inspection), ...(health && { health: health.json }) },
    [asText(inspection, output.columns), ...(health ? [health.text] : [])].join("\n\n"),
  );
  if (samples !== undefined && !options.json)
    output.draw(`\n${sampleRow(samples, inspection.classNames, output.columns, output.colors)}`);
}

/** Findings of all checks that train nothing. */
async function healthSection(path: string, { threads, memory }: Options, output: Output) {
  const { checkHealth, findingsJson, healthFacts, PICTURE_CHECKS } = await import("../../experiment/health/index.js");
  const { healthText } = await import("../terminal/health.js");
  const looking = output.progress("Checking");
  const found = await checkHealth(path, {
    ...defined({ threads, memory }),
    checks: PICTURE_CHECKS,
    onLook: (done, total) => looking.update(done, total, "images"),
  }).finally(() => looking.end());
  const { findings, counts, notRun } = found;
  return {
    text: `Health: ${healthText(found)}`,
    json: { findings: findingsJson(findings), counts, not_run: notRun },
    facts: () => healthFacts(found),
  };
}

async function showImage(path: string, options: Options, output: Output): Promise<void> {
  for (const option of ["out", "class", "samples", "colormap", "verify", "health"] as const)
    if (options[option] !== undefined) throw new UsageError(`--${option}: expected a folder, ${path} is a file`);
  if (path.toLowerCase().endsWith(".csv"))
    throw new UsageError(`inspect: expected a folder of images or an image, ${path} is a table; fovea train checks it`);
  const facts = await imageFileFacts(path);
  const { pixels, ...others } = facts;
  const json = {
    ...others,
    shape: pixels.shape,
    dtype: pixels.dtype,
    ...(options.pixels && { pixels: nested(pixels) }),
  };
  // The numbers that were asked for are the answer; a picture is not.
  output.answer(json, options.pixels ? `${imageFileLines(facts)}\n\n${pixels}` : imageFileLines(facts));
  if (!options.json && !options.pixels) output.draw(`\n${imagePicture(facts, output.columns, output.colors)}`);
}

/** A tensor `[height, width, channels]` as lists in lists. */
function nested({ shape, data }: Tensor<"uint8">): number[][][] {
  const [height, width, channels] = shape as [number, number, number];
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) =>
      Array.from(data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)),
    ),
  );
}

const asText = (inspection: Inspection, columns: number): string =>
  [
    inspection.tree.join("\n"),
    overview(inspection),
    ...(inspection.classNames.length === 0 ? ["There are no class folders."] : [classCounts(inspection, columns)]),
    ...classSizes(inspection, columns),
    ...imageSizes(inspection, columns),
    ...problemLines(inspection),
  ].join("\n\n");

function asJson({ folder, classNames, journal }: Inspection): object {
  const range = (values: Uint32Array): object | null =>
    values.length === 0
      ? null
      : { min: values.reduce((a, b) => Math.min(a, b)), max: values.reduce((a, b) => Math.max(a, b)) };
  return {
    folder: folder.folder,
    class_names: classNames,
    splits: folder.splits.map(
      ({ name, folder, count, classes, heights, widths, modes, smallest, largest, turned, deep, problems }) => ({
        name,
        folder,
        images: count,
        classes: Object.fromEntries(classes.map((entry) => [entry.name, entry.count])),
        heights: range(heights),
        widths: range(widths),
        modes: Object.fromEntries(modes.map((entry) => [entry.mode, entry.count])),
        smallest: smallest ?? null,
        largest: largest ?? null,
        exif_turned: turned,
        sixteen_bit: deep,
        problems,
      }),
    ),
    verified: folder.verified,
    duplicates: folder.duplicates,
    findings: folder.findings,
    label_journal: journal ?? null,
  };
}
