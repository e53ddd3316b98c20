// `fovea inspect`: what is in a folder of images. Prints tree, counts, sizes, colour modes and problems.
import type { Command } from "commander";
import { countsOf, type Inspection, inspect, inspectionFacts } from "../../experiment/inspection.js";
import { writeAtomic } from "../../platform/files.js";
import { whole } from "../../report/format.js";
import { histogram } from "../../report/histogram.js";
import { textHistogram } from "../../report/text/bars.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
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
  const progress = output.progress(options.verify ? "Decoding" : "Reading");
  const inspection = await inspect(dir, {
    verify: options.verify === true,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
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

function asText({ folder, classNames, tree }: Inspection, columns: number): string {
  const { splits, duplicates } = folder;
  const counts = splits.map((split) => countsOf(split, classNames));
  const parts = [tree.join("\n"), overview(folder)];
  parts.push(
    `Images per class:\n\n${classTable(
      classNames,
      splits.map(({ name }) => name),
      counts,
      columns,
    )}`,
  );
  for (const [i, { name, heights, widths }] of splits.entries()) {
    const bars = (what: string, values: ArrayLike<number>, most: number): void => {
      if (values.length > 0) parts.push(`${name}: ${what}\n\n${textHistogram(histogramOf(values, most), columns)}`);
    };
    if (classNames.length >= 10) bars("classes by number of images", counts[i]!, 10);
    bars("images by height in pixels", heights, 12);
    bars("images by width in pixels", widths, 12);
  }
  const problems = splits.flatMap(({ name, problems }) =>
    problems.map(({ path, reason }) => `  ${splits.length > 1 ? `${name}/` : ""}${path}: ${reason}`),
  );
  const same = duplicates.map((paths) => `  ${paths.join(" = ")}`);
  parts.push(listing("Problems", problems), ...(same.length > 0 ? [listing("Images with the same bytes", same)] : []));
  return parts.join("\n\n");
}

/** Whole numbers in bins of whole width, at most `most` of them: bins of a broken width would look uneven. */
function histogramOf(values: ArrayLike<number>, most: number): ReturnType<typeof histogram> {
  const low = Array.from(values).reduce((least, value) => Math.min(least, value));
  const high = Array.from(values).reduce((largest, value) => Math.max(largest, value)) + 1;
  const width = Math.ceil((high - low) / most);
  const bins = Math.ceil((high - low) / width);
  return histogram(values, bins, [low, low + bins * width]);
}

const LISTED = 20;

function listing(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${title}: none`;
  const more = lines.length > LISTED ? [`  ... and ${whole(lines.length - LISTED)} more`] : [];
  return [`${title}: ${whole(lines.length)}`, ...lines.slice(0, LISTED), ...more].join("\n");
}

function overview({ splits }: Inspection["folder"]): string {
  const range = (values: ArrayLike<number>): string => {
    const sorted = Array.from(values).sort((a, b) => a - b);
    return sorted.length === 0 ? "" : `${sorted[0]} to ${sorted.at(-1)}`;
  };
  return textTable(
    [
      { head: "" },
      { head: "images", align: "right" },
      { head: "classes", align: "right" },
      { head: "heights", align: "right" },
      { head: "widths", align: "right" },
      { head: "colour modes" },
    ],
    splits.map((split) => [
      split.name,
      whole(split.count),
      whole(split.classes.length),
      range(split.heights),
      range(split.widths),
      split.modes.map(({ mode, count }) => `${mode} ${whole(count)}`).join(", "),
    ]),
  );
}

/** Classes with their counts, as many side by side as the line holds. */
function classTable(
  classNames: readonly string[],
  splits: readonly string[],
  counts: readonly (readonly number[])[],
  columns: number,
): string {
  const rows = classNames.map((name, k) => [name, ...counts.map((of) => whole(of[k]!))]);
  const most = 24;
  const widest = Math.max(5, ...classNames.map((name) => Math.min(most, name.length * 2)));
  const blocks = Math.max(1, Math.min(5, Math.floor(columns / (widest + splits.length * 8 + 4))));
  const height = Math.ceil(rows.length / blocks);
  const heads = [{ head: "class", most }, ...splits.map((head) => ({ head, align: "right" as const }))];
  return textTable(
    Array.from({ length: Math.ceil(rows.length / height) }, (_, block) =>
      block === 0 ? heads : [{ head: "" }, ...heads],
    ).flat(),
    Array.from({ length: height }, (_, row) =>
      Array.from({ length: blocks }, (_, block) => {
        const cells = rows[block * height + row] ?? heads.map(() => "");
        return block === 0 ? cells : ["", ...cells];
      }).flat(),
    ),
  );
}

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
  };
}
