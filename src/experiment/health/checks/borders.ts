// Pictures with borders of one colour, and pictures of a screen or drawings among photos.

import { quantileOf } from "../../../core/statistics/index.js";
import type { Check, HealthFinding } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { countedOf, filesOf, namedFiles, percent } from "../words.js";
import { DARK } from "./pictures.js";

/** Share of a picture that borders take from which on they are told. */
const BORDER = 0.04;
/** Levels of black and white borders. */
const [BLACK, WHITE] = [0.06, 0.94];
/** From this share of the images on, borders are the style of the data: characters on white paper, for example. */
const STYLE = 0.2;

/** Share of the pixels of a picture of a screen that equal their neighbours, and of photos beside it at most. */
export const SCREEN = 0.5;
const PHOTOS = 0.25;

export const borders: Check = {
  name: "borders",
  title: "Black or white borders",
  method: `lines of one grey level, black or white, from the edges on, that take ${percent(BORDER)} of a picture and more, in fewer than ${percent(STYLE)} of the images`,
  kinds: ["border"],
  collects: ["flat", "measures"],
  needs: [],
  run: (subject) => {
    const { used, looks } = subject;
    const { border, borderLevel } = looks.measures;
    const found = used.filter(
      (index) =>
        !looks.flat.has(index) &&
        looks.measures.level99[index]! >= DARK &&
        looks.measures.repeats[index]! < SCREEN &&
        border[index]! >= BORDER &&
        (borderLevel[index]! <= BLACK || borderLevel[index]! >= WHITE),
    );
    if (found.length >= STYLE * used.length) return [];
    const remark = (index: number): string =>
      `(${borderLevel[index]! <= BLACK ? "black" : "white"}, ${percent(border[index]!)} of the picture)`;
    const remedy = "cut the borders off: a model may learn them instead of the subject, and they take pixels from it";
    return findingOf(subject, "borders", found, "framed by a border of one colour", remark, remedy);
  },
};

export const screens: Check = {
  name: "screens",
  title: "Screenshots and drawings",
  method: `${percent(SCREEN)} of the pixels equal their neighbours to the right and below, where that is so for less than ${percent(PHOTOS)} of the pixels of half of the images`,
  kinds: ["border"],
  collects: ["flat", "measures"],
  needs: [],
  run: (subject) => {
    const { used, looks } = subject;
    const { repeats } = looks.measures;
    const middle = quantileOf(
      used.map((index) => repeats[index]!).sort((a, b) => a - b),
      0.5,
    );
    if (used.length === 0 || middle > PHOTOS) return [];
    const found = used.filter((index) => repeats[index]! >= SCREEN && !looks.flat.has(index));
    const remark = (index: number): string => `(${percent(repeats[index]!)} of the pixels)`;
    const remedy = "look whether they show the subject at all; leave them out, or cut the photo out of them";
    return findingOf(subject, "screens", found, "more like screenshots or drawings than photos", remark, remedy);
  },
};

function findingOf(
  subject: HealthSubject,
  check: "borders" | "screens",
  images: readonly number[],
  words: string,
  remark: (index: number) => string,
  remedy: string,
): HealthFinding[] {
  if (images.length === 0) return [];
  const evidence = `${countedOf(images.length, subject.used.length)} ${words}: ${namedFiles(subject, images, remark)}`;
  return [{ check, kind: "border", severity: "note", files: filesOf(subject, images), images, evidence, remedy }];
}
