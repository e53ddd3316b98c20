// Alterations that people make to a photo before they use it again: half the size, JPEG of quality 60, a tenth cut off,
// mirrored. They serve the tool that measures how many such copies are found, and its tests.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import encodeJpeg, { init } from "@jsquash/jpeg/encode.js";
import { encode } from "fast-png";
import { type Pixels, resizeImage } from "../src/data/index.js";

/** A file by the end of its name. */
export interface AlteredFile {
  readonly alteration: string;
  readonly extension: string;
  readonly bytes: Uint8Array;
}

const png = ({ width, height, channels, data }: Pixels): Uint8Array =>
  encode({ width, height, channels, data, depth: 8 });

/** Moves pixels: `from` gives the place that each one comes from. */
function moved(image: Pixels, width: number, height: number, from: (x: number, y: number) => [number, number]): Pixels {
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = from(x, y);
      for (let c = 0; c < channels; c++)
        data[(y * width + x) * channels + c] = image.data[(v * image.width + u) * channels + c]!;
    }
  return { width, height, channels, data };
}

let ready: Promise<void> | undefined;

/** An RGB image as JPEG. */
export async function jpeg({ width, height, data }: Pixels, quality: number): Promise<Uint8Array> {
  ready ??= readFile(createRequire(import.meta.url).resolve("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm"))
    .then((bytes) => WebAssembly.compile(bytes))
    .then((module) => init(module));
  await ready;
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint8Array(await encodeJpeg({ width, height, data: rgba } as ImageData, { quality }));
}

/** The four altered copies of an RGB photo. `cut` says how the tenth is spread: 0 all left and top, 1 all right and bottom. */
export async function alteredCopies(photo: Pixels, cut: number): Promise<AlteredFile[]> {
  const { width, height } = photo;
  const [w, h] = [Math.round(width * 0.9), Math.round(height * 0.9)];
  const [left, top] = [Math.round((width - w) * (1 - cut)), Math.round((height - h) * (1 - cut))];
  const half = resizeImage(photo, Math.round(height / 2), Math.round(width / 2), "bicubic");
  return [
    { alteration: "half", extension: "png", bytes: png(half) },
    { alteration: "quality60", extension: "jpg", bytes: await jpeg(photo, 60) },
    { alteration: "cut", extension: "png", bytes: png(moved(photo, w, h, (x, y) => [left + x, top + y])) },
    { alteration: "mirrored", extension: "png", bytes: png(moved(photo, width, height, (x, y) => [width - 1 - x, y])) },
  ];
}
