// The truth about the photos as files: manifest.csv with a row a photo, and COCO JSON with a box a damage.
import { csvField } from "../../table/csv.js";
import { HAIL_LABELS } from "./damage.js";
import type { HailImage } from "./hail.js";

/** The folder that writeHail puts the photos into, and that of their masks. */
export const HAIL_FOLDERS = { images: "images", masks: "masks" } as const;

/** A photo as the tables tell of it: everything but its pixels. */
export type HailTruth = Omit<HailImage, "pixels" | "mask">;

/** The columns of manifest.csv, in order, each with its value for a photo. */
const COLUMNS: Readonly<Record<string, (photo: HailTruth) => string>> = {
  path: ({ name }) => `${HAIL_FOLDERS.images}/${name}.png`,
  class: (photo) => photo.class,
  labels: ({ labels }) => labels.join(";"),
  dents: ({ dents }) => String(dents),
  cost: ({ cost }) => cost.toFixed(2),
  exposure: ({ exposure }) => exposure.toFixed(2),
  group: ({ group }) => group,
  date: ({ date }) => date,
};

/**
 * The text of manifest.csv: a header and one row per photo.
 * @param photos The truth about each photo.
 * @example
 * const photos = [hailImage(1), hailImage(2)];
 * hailManifest(photos), hailAnnotations(photos);
 */
export function hailManifest(photos: readonly HailTruth[]): string {
  const rows = photos.map((photo) => Object.values(COLUMNS).map((value) => csvField(value(photo))));
  return [Object.keys(COLUMNS), ...rows].map((fields) => `${fields.join(",")}\n`).join("");
}

/** Boxes in the form of the COCO data set; `bbox` is left, top, width and height in pixels. */
export interface CocoBoxes {
  /** Facts about the set. */
  readonly info: { readonly description: string };
  /** The images with their numbers. */
  readonly images: readonly { id: number; file_name: string; width: number; height: number; date_captured: string }[];
  /** The kinds of damage. */
  readonly categories: readonly { id: number; name: string; supercategory: string }[];
  /** A box a damage. */
  readonly annotations: readonly {
    id: number;
    image_id: number;
    category_id: number;
    bbox: readonly [left: number, top: number, width: number, height: number];
    area: number;
    iscrowd: 0;
  }[];
}

/**
 * The boxes of the photos: an image's id is its index, a category's its place among HAIL_LABELS from 1.
 * @param photos The truth about each photo.
 */
export function hailAnnotations(photos: readonly HailTruth[]): CocoBoxes {
  const boxes = photos.flatMap(({ index, boxes }) => boxes.map((box) => ({ index, box })));
  return {
    info: { description: "Generated photos of hail damage (fovea synth hail)" },
    images: photos.map(({ index, name, width, height, date }) => ({
      id: index,
      file_name: `${HAIL_FOLDERS.images}/${name}.png`,
      ...{ width, height, date_captured: date },
    })),
    categories: HAIL_LABELS.map((name, i) => ({ id: i + 1, name, supercategory: "damage" })),
    annotations: boxes.map(({ index, box: { label, x, y, width, height, area } }, i) => ({
      id: i + 1,
      image_id: index,
      category_id: HAIL_LABELS.indexOf(label) + 1,
      bbox: [x, y, width, height],
      area,
      iscrowd: 0,
    })),
  };
}
