// Sizes, proportions and colours that hardly any other image has, pictures that lie on their side, and classes of few images.

import { quantileOf } from "../../../core/statistics/index.js";
import type { FindingKind, Targets } from "../../../data/index.js";
import type { Check, CheckName, HealthFinding } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { countedOf, filesOf, joinedNames, namedFiles, partWord, percent } from "../words.js";
import { SCREEN } from "./borders.js";
import { DARK } from "./pictures.js";

/** Fewer images say nothing about what is usual. */
const LEAST_IMAGES = 20;
/** Tukey's fence for values far out: three times the middle half beyond it (Exploratory Data Analysis, 1977). */
const FENCE = 3;
/** And at least this factor, where the middle half is narrow: photos of one camera differ by nothing. */
const LEAST_FACTOR = 2;

/** Images whose value lies far outside those of most, on a logarithmic scale. */
export function farOut(values: readonly number[]): number[] {
  const logs = values.map(Math.log);
  const sorted = [...logs].sort((a, b) => a - b);
  const [low, high] = [quantileOf(sorted, 0.25), quantileOf(sorted, 0.75)];
  const margin = Math.max(FENCE * (high - low), Math.log(LEAST_FACTOR));
  return [...logs.keys()].filter((at) => logs[at]! < low - margin || logs[at]! > high + margin);
}

const sizeText = ({ looks }: HealthSubject, index: number): string =>
  `(${looks.widths[index]} x ${looks.heights[index]})`;

const found = (
  subject: HealthSubject,
  check: CheckName,
  kind: FindingKind,
  images: readonly number[],
  words: string,
  remedy: string,
  remark: (index: number) => string = (index) => sizeText(subject, index),
): HealthFinding[] =>
  images.length === 0
    ? []
    : [
        {
          check,
          kind,
          severity: "note",
          files: filesOf(subject, images),
          images,
          evidence: `${countedOf(images.length, subject.used.length)} ${words}: ${namedFiles(subject, images, remark)}`,
          remedy,
        },
      ];

export const sizes: Check = {
  name: "sizes",
  title: "Odd sizes and proportions",
  method: "number of pixels or proportions beyond Tukey's outer fences on a logarithmic scale, and by a factor of 2",
  kinds: ["odd-size"],
  collects: [],
  needs: [],
  run: (subject) => {
    const { used, looks } = subject;
    if (used.length < LEAST_IMAGES) return [];
    const height = (index: number): number => looks.heights[index]!;
    const width = (index: number): number => looks.widths[index]!;
    const odd = farOut(used.map((index) => height(index) * width(index))).map((at) => used[at]!);
    const long = farOut(used.map((index) => width(index) / height(index))).map((at) => used[at]!);
    const remedy = "resizing makes them unlike the others; look whether they belong here, cut them, or leave them out";
    return [
      ...found(subject, "sizes", "odd-size", odd, "far larger or smaller than most", remedy),
      ...found(subject, "sizes", "odd-size", long, "far longer or higher than most", remedy),
    ];
  },
};

/** Share of the images that must agree before others are turned. */
const AGREED = 0.9;

export const turned: Check = {
  name: "turned",
  title: "Images on their side",
  method: "proportions that are exactly those of 9 in 10 images, with height and width exchanged",
  kinds: ["odd-size"],
  collects: [],
  needs: [],
  run: (subject) => {
    const { used, looks } = subject;
    if (used.length < LEAST_IMAGES) return [];
    const shapes = used.map((index) => (looks.widths[index]! / looks.heights[index]!).toFixed(2));
    const counts = new Map<string, number>();
    for (const shape of shapes) counts.set(shape, (counts.get(shape) ?? 0) + 1);
    const [usual, count] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
    const ratio = Number(usual);
    if (count < AGREED * used.length || Math.abs(ratio - 1) < 0.05) return [];
    const images = used.filter((index) => Math.abs(looks.heights[index]! / looks.widths[index]! - ratio) < 0.01);
    const remedy = "they may lie on their side; turn them and save them again, or leave them so if they are meant";
    return found(
      subject,
      "turned",
      "odd-size",
      images,
      `${ratio > 1 ? "upright" : "on their side"} where ${percent(count / used.length)} are not`,
      remedy,
    );
  },
};

/** Difference of the channels of a colour, as a share of white; less is tint of paper or noise. */
const COLOURED = 0.06;

export const colours: Check = {
  name: "colours",
  title: "Grey among colour",
  method: `channels that differ by less than ${COLOURED} of white in 99 of 100 pixels, where 9 in 10 images have colours, or the reverse`,
  kinds: ["odd-size"],
  collects: ["flat", "measures"],
  needs: [],
  run: (subject) => {
    const { looks } = subject;
    const { chroma, level99, repeats } = looks.measures;
    // Dark, flat and drawn pictures have few colours for other reasons, which other checks tell.
    const used = subject.used.filter(
      (index) => level99[index]! >= DARK && repeats[index]! < SCREEN && !looks.flat.has(index),
    );
    if (used.length < LEAST_IMAGES) return [];
    const grey = used.filter((index) => chroma[index]! < COLOURED);
    const coloured = used.filter((index) => chroma[index]! >= COLOURED);
    const rare = grey.length < coloured.length ? grey : coloured;
    if (used.length - rare.length < AGREED * used.length) return [];
    const words = rare === grey ? "grey among images in colour" : "in colour among grey images";
    const remedy =
      "a model may learn the missing colour instead of the subject; look whether they belong to one class, and use --color grayscale if they do";
    return found(subject, "colours", "odd-size", rare, words, remedy, () => "");
  },
};

/**
 * With ten test images that a model gets all right, its share of right answers lies between 72 and 100 % at 95 % (Wilson
 * 1927); with fewer it could be anything.
 */
const LEAST_PER_CLASS = 10;

export const smallClasses: Check = {
  name: "small-classes",
  title: "Small classes",
  method: `fewer than ${LEAST_PER_CLASS} images of a class in a part: Wilson's interval for ten right answers of ten begins at 72 %`,
  kinds: ["small-class"],
  collects: [],
  needs: ["classes"],
  run: (subject) => {
    const parts = new Map<string | undefined, number[]>();
    for (const index of subject.used) {
      const { part } = subject.images[index]!;
      parts.set(part, [...(parts.get(part) ?? []), index]);
    }
    return [...parts].flatMap(([part, indices]) => smallIn(subject, part, indices));
  },
};

function smallIn(subject: HealthSubject, part: string | undefined, indices: readonly number[]): HealthFinding[] {
  const counts = new Map<string, number[]>();
  for (const index of indices) {
    const { label } = subject.images[index]!;
    for (const name of typeof label === "string" ? [label] : Array.isArray(label) ? label : [])
      counts.set(name, [...(counts.get(name) ?? []), index]);
  }
  const small = [...counts].filter(([, of]) => of.length < LEAST_PER_CLASS).sort(([, a], [, b]) => a.length - b.length);
  const [first] = small;
  if (first === undefined) return [];
  const where = part === undefined ? "" : ` among the ${partWord(part)} images`;
  const named = small.slice(0, 3).map(([name, of]) => `${name} (${of.length})`);
  const images = small.flatMap(([, of]) => of);
  const isOne = small.length === 1;
  return [
    {
      check: "small-classes",
      kind: "small-class",
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${isOne ? "1 class has" : `${small.length} of the ${namesIn(subject.targets)} classes have`} fewer than ${LEAST_PER_CLASS} images${where}: ${joinedNames(named)}${small.length > 3 ? ", ..." : ""}`,
      remedy:
        part === undefined || part === "train"
          ? "add images of them, or join classes that may be taken for one"
          : `their ${partWord(part)} figures are mostly chance; add images of them`,
    },
  ];
}

const namesIn = (targets: Targets | undefined): number =>
  targets === undefined
    ? 0
    : targets.kind === "classes"
      ? targets.classNames.length
      : targets.kind === "labels"
        ? targets.labelNames.length
        : 0;
