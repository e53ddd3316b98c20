// Images in a terminal: one file with its facts and a small picture, or several pictures in a row.

import { singleLine } from "../../core/text.js";
import { type ImageFileFacts, resizeImage } from "../../data/index.js";
import type { Sample } from "../../experiment/inspection/index.js";
import type { ImageFacts } from "../../report/facts.js";
import { whole } from "../../report/format.js";
import { pictureRow, textPicture } from "../../report/text/picture.js";

/** Rows of pixels that a picture takes at most: two a line of the terminal. */
const MOST_ROWS = 48;

/** An image made small enough, its proportions kept; a small one stays as it is. */
function within(image: ImageFacts, columns: number): ImageFacts {
  const scale = Math.min(1, columns / image.width, MOST_ROWS / image.height);
  if (scale === 1) return image;
  const [height, width] = [image.height, image.width].map((side) => Math.max(1, Math.round(side * scale)));
  return resizeImage(image, height!, width!, "box");
}

/** Facts and EXIF entries of a file as lines. */
export function imageFileLines(facts: ImageFileFacts): string {
  const { path, format, bytes, sha256, mode, depth, orientation, pixels, lowest, highest, mean, metadata } = facts;
  const [height, width] = pixels.shape as [number, number, number];
  const turned = orientation === 1 ? "" : `, turned upright (EXIF orientation ${orientation})`;
  const entries = Object.entries(metadata);
  const widest = entries.reduce((most, [name]) => Math.max(most, name.length), 0);
  return [
    `${singleLine(path)}: ${format}, ${width} wide and ${height} high${turned}, mode ${mode}, ${depth} bits, ${whole(bytes)} bytes`,
    `shape (${pixels.shape.join(", ")}), dtype uint8, values from ${lowest} to ${highest}, mean ${mean.toFixed(1)}`,
    ...(depth === 16 ? ["its 16 bits are reduced to 8: the high byte of each value"] : []),
    `sha256 ${sha256}`,
    ...(entries.length === 0 ? ["EXIF: none"] : ["EXIF:"]),
    ...entries.map(([name, value]) => `  ${name.padEnd(widest)}  ${singleLine(value)}`),
  ].join("\n");
}

/** A picture of a file, small enough for the terminal. */
export function imagePicture({ pixels }: ImageFileFacts, columns: number, color: boolean): string {
  const [height, width, channels] = pixels.shape as [number, number, number];
  return textPicture(within({ height, width, channels, data: pixels.data }, columns), { color }).join("\n");
}

/** Least columns of a sample, so that something can be seen. */
const LEAST_COLUMNS = 8;
const GAP = 2;

/** Samples side by side, each under its class or its name; those that a line has no room for stand below. */
export function sampleRow(
  samples: readonly Sample[],
  classNames: readonly string[],
  columns: number,
  color: boolean,
): string {
  const most = Math.max(1, Math.floor((columns + GAP) / (LEAST_COLUMNS + GAP)));
  const perLine = Math.max(1, Math.min(samples.length, most));
  const each = Math.floor((columns + GAP) / perLine) - GAP;
  const pictures = samples.map(({ classIndex, path, image }) => ({
    title: classNames[classIndex] ?? path,
    image: within(image, each),
  }));
  const rows = Array.from({ length: Math.ceil(pictures.length / perLine) }, (_, row) =>
    pictureRow(pictures.slice(row * perLine, (row + 1) * perLine), { color }).join("\n"),
  );
  return rows.join("\n\n");
}
