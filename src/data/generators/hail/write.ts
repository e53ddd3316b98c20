// Puts the generated hail photos into a folder: images, masks of the dents, manifest.csv and annotations.json.
import { CLASS_NAMES_FILE } from "../../usual-names.js";
import { type GeneratedFile, writeWholeFolder } from "../whole-folder.js";
import { HAIL_CLASSES, HAIL_LABELS, type HailClass, type HailLabel } from "./damage.js";
import { encodeHail, encodeHailMask, type HailOptions, hailSettings, synthesizeHail } from "./hail.js";
import { HAIL_FOLDERS, type HailTruth, hailAnnotations, hailManifest } from "./tables.js";

/** Sums over a written set. */
export interface HailTotals {
  /** Number of photos. */
  readonly images: number;
  /** Number of claims. */
  readonly groups: number;
  /** Photos of each class. */
  readonly classes: Readonly<Record<HailClass, number>>;
  /** Photos with each label; a photo can have several. */
  readonly labels: Readonly<Record<HailLabel, number>>;
  /** Dents of all photos. */
  readonly dents: number;
  /** In euro. */
  readonly cost: number;
}

/**
 * Writes `DIR/images/H0001-1.png`, `DIR/masks/H0001-1.png` (255 where a dent is; `classes.txt` names the two), `DIR/manifest.csv` (path, class, labels,
 * dents, cost, exposure, group, date) and `DIR/annotations.json` (boxes in COCO's form), whole or not at all; see
 * writeWholeFolder.
 * @param onProgress called with the number of photos that are made, and of all
 * @param signal breaks off: all that was made is removed and the signal's reason thrown
 * @param directory The folder, new or empty.
 * @throws FoveaError when `directory` has something in it, for wrong options and for what the disk refuses.
 * @example await writeHail("hail", { count: 2, seed: 1 })
 */
export async function writeHail(
  directory: string,
  options: HailOptions = {},
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<HailTotals> {
  const { count } = hailSettings(options);
  const truths: HailTruth[] = [];
  await writeWholeFolder(directory, filesOf(options, truths), () => onProgress?.(truths.length, count), signal);
  return totalsOf(truths);
}

/** The files of the set; the truths that the tables at the end are made of are collected on the way. */
function* filesOf(options: HailOptions, truths: HailTruth[]): Generator<GeneratedFile, void, undefined> {
  for (const image of synthesizeHail(options)) {
    const { pixels: _, mask: __, ...truth } = image;
    truths.push(truth);
    yield { path: `${HAIL_FOLDERS.images}/${image.name}.png`, content: encodeHail(image) };
    yield { path: `${HAIL_FOLDERS.masks}/${image.name}.png`, content: encodeHailMask(image) };
  }
  const text = new TextEncoder();
  yield { path: "manifest.csv", content: text.encode(hailManifest(truths)) };
  yield { path: `${HAIL_FOLDERS.masks}/${CLASS_NAMES_FILE}`, content: text.encode("background\ndent\n") };
  yield { path: "annotations.json", content: text.encode(`${JSON.stringify(hailAnnotations(truths))}\n`) };
}

function totalsOf(truths: readonly HailTruth[]): HailTotals {
  const having = (test: (truth: HailTruth) => boolean): number => truths.filter(test).length;
  const sum = (value: (truth: HailTruth) => number): number => truths.reduce((total, truth) => total + value(truth), 0);
  const counts = <Name extends string>(names: readonly Name[], test: (truth: HailTruth, name: Name) => boolean) =>
    Object.fromEntries(names.map((name) => [name, having((truth) => test(truth, name))])) as Record<Name, number>;
  return {
    images: truths.length,
    groups: new Set(truths.map(({ group }) => group)).size,
    classes: counts(HAIL_CLASSES, (truth, name) => truth.class === name),
    labels: counts(HAIL_LABELS, ({ labels }, name) => labels.includes(name)),
    dents: sum(({ dents }) => dents),
    cost: Math.round(100 * sum(({ cost }) => cost)) / 100,
  };
}
