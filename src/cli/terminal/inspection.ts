// An inspected folder in words and bars of text: overview, counts per class, sizes, problems. Blocks of lines out.

import { singleLine } from "../../core/text.js";
import { sentenceOf } from "../../data/index.js";
import { countsOf, type Inspection, notesOf } from "../../experiment/inspection/index.js";
import { joinPath } from "../../platform/paths.js";
import { whole } from "../../report/format.js";
import { type Histogram, histogram } from "../../report/histogram.js";
import { textHistogram } from "../../report/text/bars.js";
import { type TextColumn, textTable } from "../../report/text/table.js";

/** A line a split: images, classes, sizes, colour modes. */
export function overview({ folder: { splits } }: Inspection): string {
  const range = (values: ArrayLike<number>): string => {
    const sorted = Array.from(values).sort((a, b) => a - b);
    return sorted.length === 0 ? "" : `${sorted[0]} to ${sorted.at(-1)}`;
  };
  const right = (head: string) => ({ head, align: "right" as const });
  return textTable(
    [{ head: "" }, ...["images", "classes", "heights", "widths"].map(right), { head: "colour modes" }],
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

/** A class name longer than this is cut. */
const LONGEST_NAME = 24;

/** Classes with their number of images in each split, as many side by side as a line holds. */
export function classCounts({ folder: { splits }, classNames }: Inspection, columns: number): string {
  const counts = splits.map((split) => countsOf(split, classNames));
  const heads: TextColumn[] = [
    { head: "class", most: LONGEST_NAME },
    ...splits.map(({ name }): TextColumn => ({ head: name, align: "right" })),
  ];
  const rows = classNames.map((name, k) => [name, ...counts.map((of) => whole(of[k]!))]);
  const widest = classNames.reduce((most, name) => Math.max(most, Math.min(LONGEST_NAME, 2 * name.length)), 5);
  const blocks = Math.max(1, Math.min(5, Math.floor(columns / (widest + splits.length * 8 + 4))));
  const height = Math.ceil(rows.length / blocks);
  // Between blocks stands an empty column.
  const beside = <T>(gap: T, parts: readonly (readonly T[])[]): T[] =>
    parts.flatMap((part, i) => (i === 0 ? part : [gap, ...part]));
  const used = Array.from({ length: Math.ceil(rows.length / height) }, (_, block) => block);
  const table = textTable(
    beside(
      { head: "" },
      used.map(() => heads),
    ),
    Array.from({ length: height }, (_, row) =>
      beside(
        "",
        used.map((block) => rows[block * height + row] ?? heads.map(() => "")),
      ),
    ),
  );
  return `Images per class:\n\n${table}`;
}

/** Fewer classes than this need no histogram of their sizes. */
const MANY_CLASSES = 10;

/** Histograms of classes by their number of images, split by split. */
export function classSizes({ folder: { splits }, classNames }: Inspection, columns: number): string[] {
  if (classNames.length < MANY_CLASSES) return [];
  return splits.map((split) =>
    bars(`${split.name}: classes by number of images`, countsOf(split, classNames), 10, columns),
  );
}

/** Histograms of images by height and width, split by split. */
export const imageSizes = ({ folder: { splits } }: Inspection, columns: number): string[] =>
  splits.flatMap(({ name, heights, widths }) =>
    heights.length === 0
      ? []
      : [
          bars(`${name}: images by height in pixels`, heights, 12, columns),
          bars(`${name}: images by width in pixels`, widths, 12, columns),
        ],
  );

/** The values in at most `most` bins of whole width: bins of a broken width would look uneven. */
function bars(title: string, values: ArrayLike<number>, most: number, columns: number): string {
  const low = Array.from(values).reduce((least, value) => Math.min(least, value));
  const high = Array.from(values).reduce((largest, value) => Math.max(largest, value)) + 1;
  const width = Math.ceil((high - low) / most);
  const bins = Math.ceil((high - low) / width);
  const counted: Histogram = histogram(values, bins, [low, low + bins * width]);
  return `${title}\n\n${textHistogram(counted, columns)}`;
}

/** Files that need attention, images that occur twice, and what else is worth knowing. */
export function problemLines({ folder, journal }: Inspection): string[] {
  const { splits, duplicates, findings } = folder;
  const notes = notesOf({ folder, journal });
  // A table that the findings tell of need not be called a file outside of the class folders as well.
  const told = new Set(findings.flatMap(({ files }) => files.map((file) => joinPath(folder.folder, file))));
  const problems = splits.flatMap(({ name, folder: root, problems }) =>
    problems
      .filter(({ path }) => !told.has(joinPath(root, path)))
      .map(({ path, reason }) => `  ${splits.length > 1 ? `${name}/` : ""}${singleLine(path)}: ${reason}`),
  );
  const said = findings.map((finding) => `  ${singleLine(sentenceOf(finding))}`);
  const same = duplicates.map((paths) => `  ${paths.map(singleLine).join(" = ")}`);
  return [
    listing("Problems", [...said, ...problems]),
    ...(same.length > 0 ? [listing("Images with the same bytes", same)] : []),
    ...(notes.length > 0 ? [["Notes:", ...notes.map((note) => `  ${note}`)].join("\n")] : []),
  ];
}

const LISTED = 20;

function listing(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${title}: none`;
  const more = lines.length > LISTED ? [`  ... and ${whole(lines.length - LISTED)} more`] : [];
  return [`${title}: ${whole(lines.length)}`, ...lines.slice(0, LISTED), ...more].join("\n");
}
