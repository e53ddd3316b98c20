// Counts the changed photos that are found: `node dist/tools/measure-pdq.js [PHOTOS=100] [UNRELATED=10000] [FOLDER]` changes
// generated photos (hail damage, or those of FOLDER) in twelve ways and prints for each how many are within 31 bits of their
// original, the false matches among as many unrelated images, and how many are found by tiles; then crops of 50 %.
import { readFile } from "node:fs/promises";
import {
  convertColor,
  cropPairs,
  decodeImage,
  HashIndex,
  hailImage,
  joinedTiles,
  LEAST_QUALITY,
  NEAR_THRESHOLD,
  type Pixels,
  pdqHashes,
  resizeImage,
  tilesOf,
} from "../src/data/index.js";
import { imagesIn } from "../src/experiment/data/index.js";
import { discs } from "./pdq-pictures.js";
import { CHANGES, CROPS } from "./picture-changes.js";

const [photoCount, otherCount] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 10_000)];
const folder = process.argv[4];
const TURN_COUNT = 8;
const WORDS = 8;

/** The first photo of each claim, since photos of one claim may show one car. */
const hail = (index: number, height: number, width: number): Pixels => {
  const { pixels, ...photo } = hailImage(5 * index + 1, { height, width, seed: 7 });
  return { width: photo.width, height: photo.height, channels: 3, data: pixels };
};

async function photos(): Promise<Pixels[]> {
  const found: Pixels[] = [];
  if (folder === undefined) for (let n = 0; found.length < photoCount; n++) keep(hail(n, 240, 320));
  else
    for (const path of (await imagesIn(folder)).slice(0, photoCount))
      keep(convertColor(await decodeImage(await readFile(path), path), "rgb"));
  return found;

  function keep(photo: Pixels): void {
    if (pdqHashes(photo).quality >= LEAST_QUALITY) found.push(photo);
  }
}

const originals = await photos();
const packed = (pictures: readonly Pixels[]): Uint32Array => {
  const hashes = new Uint32Array(pictures.length * WORDS);
  for (const [n, picture] of pictures.entries()) hashes.set(pdqHashes(picture).hashes.subarray(0, WORDS), n * WORDS);
  return hashes;
};
const index = new HashIndex(packed(originals));
const others = new Uint32Array(otherCount * WORDS);
let rejected = 0;
for (let n = 0, at = 0; n < otherCount; at++) {
  // Every tenth is a photo of other hail damage.
  const { hashes, quality } = pdqHashes(at % 10 === 0 ? hail(10_000 + at, 48, 64) : discs(1000 + at, 96, 64, 3, 30));
  if (quality < LEAST_QUALITY) rejected++;
  else others.set(hashes.subarray(0, WORDS), n++ * WORDS);
}
const unrelated = new HashIndex(others);
console.log(
  `${originals.length} photos of ${originals[0]!.width} x ${originals[0]!.height}, ${otherCount} unrelated images ` +
    `(${rejected} more showed too little)`,
);

const tilesOfOriginals = originals.map(tilesOf);

/** Pairs of pictures that share tiles, and of those the ones that belong together. */
async function byTiles(changed: readonly Pixels[]): Promise<{ found: number; wrong: number }> {
  const all = [...originals, ...changed];
  const tiles = joinedTiles(
    [...tilesOfOriginals, ...changed.map(tilesOf)].map((ofImage, image) => ({ image, tiles: ofImage })),
  );
  const sizes = {
    widths: Uint32Array.from(all, (picture) => picture.width),
    heights: Uint32Array.from(all, (picture) => picture.height),
  };
  const pairs = await cropPairs(tiles, sizes, async (image) => {
    const grey = convertColor(all[image]!, "grayscale");
    return { side: 128, levels: resizeImage(grey, 128, 128, "bilinear").data };
  });
  const isRight = ({ first, second }: { first: number; second: number }): boolean =>
    first + originals.length === second;
  return { found: pairs.filter(isRight).length, wrong: pairs.filter((pair) => !isRight(pair)).length };
}

const rows: string[][] = [["change", "within 31 bits", "of another photo", "of unrelated", "by tiles", "wrong"]];
for (const [name, change] of Object.entries(CHANGES)) {
  let [recalled, confused, wrong] = [0, 0, 0];
  const changed: Pixels[] = [];
  for (const [n, photo] of originals.entries()) {
    const picture = await change(photo);
    changed.push(picture);
    const { hashes } = pdqHashes(picture);
    const near = new Set<number>();
    for (let turn = 0; turn < TURN_COUNT; turn++) {
      index.near(hashes, turn, NEAR_THRESHOLD, (row) => near.add(row));
      unrelated.near(hashes, turn, NEAR_THRESHOLD, () => wrong++);
    }
    if (near.has(n)) recalled++;
    confused += near.size - (near.has(n) ? 1 : 0);
  }
  const tiled = await byTiles(changed);
  rows.push([name, ...[recalled, confused, wrong, tiled.found, tiled.wrong].map(String)]);
}
for (const [name, crop] of Object.entries(CROPS)) {
  const changed = originals.map((photo, n) => crop(photo, ((n * 37) % 100) / 100));
  const tiled = await byTiles(changed);
  rows.push([name, "", "", "", ...[tiled.found, tiled.wrong].map(String)]);
}
const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
for (const row of rows)
  console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "));
