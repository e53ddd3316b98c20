// What Node and a browser both do in synth-browser.test.ts: generate a few images and hash their PNG files.
import { encodeHanzi, synthesizeHanzi } from "../../src/data/generators/hanzi.js";
import { sha256Hex } from "../../src/platform/hashing.js";

/** The hashes of the PNG files of a small set. */
export default async function hashes(): Promise<string[]> {
  const images = [...synthesizeHanzi({ scale: 0.004, seed: 5 })];
  return Promise.all(images.map((image) => sha256Hex(encodeHanzi(image))));
}
