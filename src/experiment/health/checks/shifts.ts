// Shifts: properties of the files by which parts of the data differ, and those that give a class away, so that a model can
// learn them instead of the subject.

import {
  binned,
  type Comparison,
  guessOf,
  independence,
  kolmogorovSmirnov,
  quantileOf,
} from "../../../core/statistics/index.js";
import { COLOR_MODES } from "../../../data/index.js";
import type { Check, HealthFinding } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { joinedNames, partWord, percent } from "../words.js";

type Value = (subject: HealthSubject, index: number) => number;
type Name = (subject: HealthSubject, index: number) => string;

/** Properties that are numbers, by their words. */
const NUMBERS: Readonly<Record<string, Value>> = {
  "number of pixels": ({ looks }, index) => looks.heights[index]! * looks.widths[index]!,
  proportions: ({ looks }, index) => looks.widths[index]! / looks.heights[index]!,
  brightness: ({ looks }, index) => looks.measures.brightness[index]!,
  contrast: ({ looks }, index) => looks.measures.contrast[index]!,
  sharpness: ({ looks }, index) => looks.measures.sharpness[index]!,
  "compression (bytes per pixel)": ({ looks }, index) =>
    looks.sizes[index]! / (looks.heights[index]! * looks.widths[index]!),
};

/** Properties that are names. */
const NAMES: Readonly<Record<string, Name>> = {
  "colour mode": ({ looks }, index) => COLOR_MODES[looks.modes[index]!]!,
  "file name's ending": ({ images }, index) => /\.[^./]+$/.exec(images[index]!.file)?.[0].toLowerCase() ?? "none",
  camera: ({ looks }, index) => looks.photos.get(index)?.camera ?? "none",
};

/** A difference that chance would make once in so many tests. */
const CHANCE = 0.001;
/** Distance of distribution functions, or Cramer's V, from which on a shift is worth a look. */
const EFFECT = 0.2;
/** Fewer images of a part show nothing. */
const LEAST_IMAGES = 20;
/** Improvement over guessing the commonest class, as a share of what is possible. */
const GIVEN_AWAY = 0.5;
/** Bins of a number for guesses. */
const BINS = 12;

/** Properties that come from the making of a file and not from its subject: those that a class must not have alone. */
const OF_THE_FILE = ["number of pixels", "proportions", "compression (bytes per pixel)"];

export const shifts: Check = {
  name: "shifts",
  title: "Shifts between parts and classes",
  method:
    `parts: Kolmogorov-Smirnov distance or Cramer's V of at least ${EFFECT} with p below ${CHANCE} over all tests (Bonferroni); ` +
    `classes: a property of the file alone guesses the class, leave-one-out, and closes ${percent(GIVEN_AWAY)} of the gap between the commonest class and certainty`,
  kinds: ["shift"],
  collects: ["sizes", "measures", "photos"],
  needs: [],
  run: (subject) => [...partShifts(subject), ...classShifts(subject)],
};

function partShifts(subject: HealthSubject): HealthFinding[] {
  const train = subject.used.filter((index) => subject.images[index]!.part === "train");
  return ["validation", "test"].flatMap((part) => {
    const other = subject.used.filter((index) => subject.images[index]!.part === part);
    if (Math.min(train.length, other.length) < LEAST_IMAGES) return [];
    const tests = Object.keys(NUMBERS).length + Object.keys(NAMES).length;
    const isShift = ({ effect, p }: Comparison): boolean => effect >= EFFECT && p < CHANCE / tests;
    const numbers = Object.entries(NUMBERS).flatMap(([name, value]) => {
      const [a, b] = [train, other].map((indices) => indices.map((index) => value(subject, index))) as [
        number[],
        number[],
      ];
      const compared = kolmogorovSmirnov(a, b);
      if (!isShift(compared)) return [];
      const told = `is ${short(medianOf(a))} in the middle of the training images and ${short(medianOf(b))} of the ${partWord(part)} images`;
      return [shiftOf(subject, part, other, name, told, compared, "Kolmogorov-Smirnov distance")];
    });
    const names = Object.entries(NAMES).flatMap(([name, value]) => {
      const all = [...train, ...other];
      const compared = independence(
        all.map((index) => value(subject, index)),
        all.map((index) => subject.images[index]!.part!),
      );
      if (!isShift(compared)) return [];
      const told = `is mostly ${commonestOf(subject, train, value)} among the training images and ${commonestOf(subject, other, value)} among the ${partWord(part)} images`;
      return [shiftOf(subject, part, other, name, told, compared, "Cramer's V")];
    });
    return [...numbers, ...names];
  });
}

const shiftOf = (
  subject: HealthSubject,
  part: string,
  images: readonly number[],
  name: string,
  told: string,
  { effect, p }: Comparison,
  measure: string,
): HealthFinding => ({
  check: "shifts",
  kind: "shift",
  severity: "warning",
  files: partFiles(subject, part),
  images: images.slice(0, 6),
  evidence: `${name} differs between the parts: it ${told} (${measure} ${effect.toFixed(2)}, p ${p < 1e-6 ? "below 0.000001" : `= ${p.toPrecision(2)}`})`,
  remedy: `the ${partWord(part)} figures are about other images than the training ones; split the images at random, or by group, unless you want to test the shift`,
});

/** The folders of a part, or the source. */
function partFiles({ images }: HealthSubject, part: string): string[] {
  const folders = new Set(images.filter((image) => image.part === part).map(({ file }) => file.split("/")[0]!));
  return folders.size === 1 ? [...folders] : [];
}

function classShifts(subject: HealthSubject): HealthFinding[] {
  const indices = subject.used.filter((index) => typeof subject.images[index]!.label === "string");
  const classes = indices.map((index) => subject.images[index]!.label as string);
  if (indices.length < LEAST_IMAGES || new Set(classes).size < 2) return [];
  const properties: (readonly [string, string[]])[] = [
    ...OF_THE_FILE.map(
      (name) =>
        [
          name,
          binned(
            indices.map((index) => NUMBERS[name]!(subject, index)),
            BINS,
          ),
        ] as const,
    ),
    ...Object.entries(NAMES).map(([name, value]) => [name, indices.map((index) => value(subject, index))] as const),
  ];
  return properties.flatMap(([name, values]) => {
    const { byProperty, byCommonest } = guessOf(values, classes);
    if (byProperty - byCommonest < GIVEN_AWAY * (1 - byCommonest)) return [];
    const names = [...new Set(classes)];
    const finding: HealthFinding = {
      check: "shifts",
      kind: "shift",
      severity: "warning",
      files: [],
      images: names.slice(0, 3).flatMap((wanted) => indices.filter((_, i) => classes[i] === wanted).slice(0, 2)),
      evidence: `the ${name} alone gives away the class of ${percent(byProperty)} of the images, where always answering with the most frequent class is right for ${percent(byCommonest)}${names.length <= 3 ? ` (${joinedNames(names)})` : ""}`,
      remedy:
        "a model can learn how the files were made instead of their content; make all classes the same way, or resize and save all images alike",
    };
    return [finding];
  });
}

const medianOf = (values: readonly number[]): number =>
  quantileOf(
    [...values].sort((a, b) => a - b),
    0.5,
  );

const short = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString("en-US") : value.toPrecision(3);

function commonestOf(subject: HealthSubject, indices: readonly number[], value: Name): string {
  const counts = new Map<string, number>();
  for (const index of indices) counts.set(value(subject, index), (counts.get(value(subject, index)) ?? 0) + 1);
  const [name, count] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  return `${name} (${percent(count / indices.length)})`;
}
