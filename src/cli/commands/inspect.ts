// `fovea inspect`: what is in a folder of images. Prints tree, counts, sizes, colour modes and problems.

import type { Command } from "commander";
import { defined } from "../../experiment/defined.js";
import { type Inspection, inspect, inspectionFacts } from "../../experiment/inspection.js";
import { UsageError } from "../../index.js";
import { stat, writeAtomic } from "../../platform/files.js";
import { parentFolder } from "../../platform/paths.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { classCounts, classSizes, imageSizes, overview, problemLines } from "../terminal/inspection.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out?: string;
  readonly verify?: true;
}

export function define(command: Command): void {
  command
    .description(
      "Shows what is in a folder of images before anything is trained on it: its tree, the images of each class, " +
        "their heights, widths and colour modes, and everything that looks wrong.",
    )
    .argument("<dir>", "one folder per class, or Train and Test with one folder per class in each")
    .option("--out <page.html>", "also write it as a page with charts and samples")
    .option("--verify", "decode every image: finds damage behind the headers, and images that occur twice");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea inspect CASIA-Dataset
  fovea inspect photos --verify --out photos.html
  fovea inspect photos --json | jq '.splits[0].classes'`,
    )
    .action(run);
}

async function run(dir: string, options: Options): Promise<void> {
  const output = new Output(options);
  // Known before many images are decoded for nothing.
  if (options.out !== undefined && !(await stat(parentFolder(options.out)))?.isDirectory)
    throw new UsageError(`--out: there is no folder ${parentFolder(options.out)} for the page; make it first`);
  const progress = output.progress(options.verify ? "Decoding" : "Reading");
  const inspection = await inspect(dir, {
    verify: options.verify === true,
    ...defined({ threads: options.threads }),
    onProgress: (split, done, total) => progress.update(done, total, "images", split),
  }).finally(() => progress.end());
  if (options.out !== undefined) {
    const { renderInspectPage } = await import("../../report/pages/inspect-page.js");
    await writeAtomic(options.out, (await renderInspectPage(await inspectionFacts(inspection))).html);
    output.say(`The page is ${options.out}`);
    output.say();
  }
  output.answer(asJson(inspection), asText(inspection, output.columns));
}

const asText = (inspection: Inspection, columns: number): string =>
  [
    inspection.tree.join("\n"),
    overview(inspection),
    classCounts(inspection, columns),
    ...classSizes(inspection, columns),
    ...imageSizes(inspection, columns),
    ...problemLines(inspection),
  ].join("\n\n");

function asJson({ folder, classNames }: Inspection): object {
  const range = (values: Uint32Array): object | null =>
    values.length === 0
      ? null
      : { min: values.reduce((a, b) => Math.min(a, b)), max: values.reduce((a, b) => Math.max(a, b)) };
  return {
    folder: folder.folder,
    class_names: classNames,
    splits: folder.splits.map(
      ({ name, folder, count, classes, heights, widths, modes, smallest, largest, problems }) => ({
        name,
        folder,
        images: count,
        classes: Object.fromEntries(classes.map((one) => [one.name, one.count])),
        heights: range(heights),
        widths: range(widths),
        modes: Object.fromEntries(modes.map((one) => [one.mode, one.count])),
        smallest: smallest ?? null,
        largest: largest ?? null,
        problems,
      }),
    ),
    duplicates: folder.duplicates,
    findings: folder.findings,
  };
}
