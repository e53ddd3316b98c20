// Pictures that show little: dark, bright, flat, of low contrast, blurred. One finding a kind names all its images, the worst
// first. Thresholds without another source are those of `node dist/tools/measure-health.js`.
import type { FindingKind } from "../../../data/index.js";
import type { Check, HealthFinding } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { countedOf, filesOf, namedFiles, percent } from "../words.js";

/** From this share of the images on, a quality is the style of the data and no fault of single images. */
const STYLE = 0.3;
/** Fewer images have no style that others could differ from. */
const FEW = 10;

interface Quality {
  readonly kind: FindingKind & Check["name"];
  readonly title: string;
  readonly method: string;
  /** Suspicion of an image, above 0 for one that has the fault. */
  readonly excess: (subject: HealthSubject, index: number) => number;
  /** Measure of an image in brackets, and what the measures mean. */
  readonly remark: (subject: HealthSubject, index: number) => string;
  readonly words: string;
  readonly remedy: string;
}

/** A check of one quality of single pictures. */
function qualityCheck({ kind, title, method, excess, remark, words, remedy }: Quality): Check {
  return {
    name: kind,
    title,
    method,
    kinds: [kind],
    collects: ["flat", "measures"],
    needs: [],
    run: (subject) => {
      const found = subject.used
        .map((index) => ({ index, by: excess(subject, index) }))
        .filter(({ by }) => by > 0)
        .sort((a, b) => b.by - a.by || a.index - b.index)
        .map(({ index }) => index);
      if (found.length === 0) return [];
      const isStyle = subject.used.length >= FEW && found.length >= STYLE * subject.used.length;
      const finding: HealthFinding = {
        check: kind,
        kind,
        severity: isStyle ? "note" : "warning",
        files: filesOf(subject, found),
        images: found,
        evidence: `${countedOf(found.length, subject.used.length)} ${words}: ${namedFiles(subject, found, (index) => remark(subject, index))}`,
        remedy: isStyle
          ? `a share this large is no exception: if the photos are meant to look so, nothing is wrong`
          : remedy,
      };
      return [finding];
    },
  };
}

/** Below this level of white are 99 of 100 pixels of a dark photo (CleanVision 0.3: `brightness_perc_99` below 0.32). */
export const DARK = 0.32;
/** Above this level of white are 95 of 100 pixels of a bright photo (CleanVision 0.3: `brightness_perc_5` above 0.95). */
const BRIGHT = 0.95;
/** Difference of the levels of the 1st and the 99th of 100 pixels; photos of few contrasts have 0.2 and more. */
const LOW_CONTRAST = 0.12;
/** Variance of the Laplacian over the variance of the grey levels, in the sharpest part. */
const BLURRED = 0.03;
/** Smaller pictures have too few pixels to tell a blurred photo from a smooth subject. */
const LEAST_SIDE = 48;

export const dark = qualityCheck({
  kind: "dark",
  title: "Dark images",
  method: `99 of 100 pixels are below ${DARK} of white (the threshold of CleanVision)`,
  excess: ({ looks }, index) => (looks.flat.has(index) ? 0 : DARK - looks.measures.level99[index]!),
  remark: ({ looks }, index) => `(${percent(looks.measures.level99[index]!)} of white at most)`,
  words: "dark",
  remedy: "leave out photos that show nothing, or brighten them and save them again",
});

export const bright = qualityCheck({
  kind: "bright",
  title: "Bright images",
  method: `95 of 100 pixels are above ${BRIGHT} of white (the threshold of CleanVision)`,
  excess: ({ looks }, index) => (looks.flat.has(index) ? 0 : looks.measures.level5[index]! - BRIGHT),
  remark: ({ looks }, index) => `(${percent(looks.measures.level5[index]!)} of white at least)`,
  words: "nearly white",
  remedy: "leave out photos that show nothing; overexposed photos cannot be restored",
});

export const flat = qualityCheck({
  kind: "flat",
  title: "Images of one colour",
  method: "all but 1 in 2,000 pixels lie within 8 of 255 levels of each other in every channel",
  excess: ({ looks }, index) => (looks.flat.has(index) ? 1 : 0),
  remark: ({ looks }, index) => `(${looks.flat.get(index)})`,
  words: "hardly more than one colour",
  remedy: "leave them out unless they are meant: nothing can be learned from them",
});

const levels = ({ looks }: HealthSubject, index: number): number =>
  looks.measures.level99[index]! - looks.measures.level1[index]!;

export const contrast = qualityCheck({
  kind: "contrast",
  title: "Images of little contrast",
  method: `98 of 100 pixels lie within ${LOW_CONTRAST} of the grey levels (measured: tools/measure-health.ts)`,
  excess: (subject, index) =>
    subject.looks.flat.has(index) || subject.looks.measures.level99[index]! < DARK
      ? 0
      : LOW_CONTRAST - levels(subject, index),
  remark: (subject, index) => `(${percent(levels(subject, index))} of the grey levels)`,
  words: "of little contrast",
  remedy: "stretch their grey levels and save them again, or leave them out",
});

export const blurred = qualityCheck({
  kind: "blurred",
  title: "Blurred images",
  method:
    "the variance of the Laplacian at 512 pixels, in the sharpest of 16 parts, over the variance of the grey levels is below " +
    `${BLURRED} (LAPV of Pertuz and others 2013; threshold measured: tools/measure-health.ts)`,
  excess: ({ looks }, index) =>
    looks.flat.has(index) || Math.min(looks.heights[index]!, looks.widths[index]!) < LEAST_SIDE
      ? 0
      : BLURRED - looks.measures.sharpness[index]!,
  remark: ({ looks }, index) => `(sharpness ${looks.measures.sharpness[index]!.toPrecision(2)})`,
  words: "blurred",
  remedy: "take the photos again, or leave out those on which a person could not decide either",
});
