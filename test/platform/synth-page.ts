// Generates a few images and hashes their PNG files, in Node and in a browser, for synth-browser.test.ts.
import { encodeHail, encodeHailMask, synthesizeHail } from "../../src/data/generators/hail/hail.js";
import { encodeHanzi, synthesizeHanzi } from "../../src/data/generators/hanzi.js";
import { sha256Hex } from "../../src/platform/hashing.js";

/** The hashes of the PNG files of small sets. */
export default async function hashes(): Promise<string[]> {
  const images = [...synthesizeHanzi({ scale: 0.004, seed: 5 })].map(encodeHanzi);
  const photos = [...synthesizeHail({ count: 12, seed: 5 })];
  const files = [...images, ...photos.map(encodeHail), ...photos.map(encodeHailMask)];
  return Promise.all(files.map((file) => sha256Hex(file)));
}
