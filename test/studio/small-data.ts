// Small data for tests of the Studio: folders of tiny images, and very many of them in one file.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Random } from "../../src/core/random.js";
import { encodePng } from "../../src/data/index.js";

/** A grey PNG of noise whose top row is of one level: no two look alike. */
export function tinyPng(level: number, { width = 8, height = 8 } = {}): Uint8Array {
  const random = new Random(1, 7, level);
  const data = Uint8Array.from({ length: width * height }, (_, i) => (i < width ? level : random.integer(256)));
  return encodePng({ dtype: "uint8", shape: [height, width, 1], data });
}

/** Writes files below a folder. @returns the folder */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Class folders with some images each. */
export function classFolders(folder: string, classes: readonly string[], each = 4): string {
  const files = classes.flatMap((name, c) =>
    Array.from({ length: each }, (_, i) => [`${name}/${i + 1}.png`, tinyPng(c * each + i)] as const),
  );
  return writeFiles(folder, Object.fromEntries(files));
}

/** A pair of IDX files with so many images of 28 x 28 and ten classes. */
export function manyImages(folder: string, count: number): string {
  const SIDE = 28;
  const pixels = Buffer.alloc(16 + count * SIDE * SIDE);
  const labels = Buffer.alloc(8 + count);
  for (const [at, word] of [0x0803, count, SIDE, SIDE].entries()) pixels.writeUInt32BE(word, 4 * at);
  for (const [at, word] of [0x0801, count].entries()) labels.writeUInt32BE(word, 4 * at);
  for (let i = 0; i < count; i++) {
    const first = 16 + i * SIDE * SIDE;
    labels[8 + i] = i % 10;
    // The class is a bar, the image's number the levels of its first pixels.
    pixels.fill(200, first + SIDE * (2 + 2 * (i % 10)), first + SIDE * (4 + 2 * (i % 10)));
    pixels.writeUInt32BE(i, first);
  }
  return writeFiles(folder, { "train-images-idx3-ubyte": pixels, "train-labels-idx1-ubyte": labels });
}
