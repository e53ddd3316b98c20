// Runs in the browser: decodes every Pillow fixture there, print colours included, and says what became of it; then talks to a Web Worker.
import { Random, STREAM } from "../../src/core/random.js";
import {
  convertColor,
  decodeImage,
  drawMovement,
  imageFormatOf,
  moveObjects,
  movePixels,
  resizeImage,
} from "../../src/data/index.js";
import { sha256Hex } from "../../src/platform/hashing.js";
import { spawnWorker, type WorkerModule } from "../../src/platform/workers.js";

const echo: WorkerModule = {
  path: "./echo-worker.js",
  from: import.meta.url,
  web: () => new Worker(new URL("./echo-worker.js", import.meta.url), { type: "module" }),
};

export interface DataPageAnswer {
  /** Hashes of the grey, RGB and resized pixels of each fixture, or the message of its error. */
  readonly images: Record<string, readonly string[] | string>;
  /** Messages about the first 60 % of a file of each format. */
  readonly truncated: readonly string[];
  /** Hash of images and boxes that were moved at random. */
  readonly moved: string;
  readonly sum: number;
  readonly workerError: string;
}

/** Also called in Node: both must answer the same. */
export async function decodeAll(files: Record<string, string>): Promise<Omit<DataPageAnswer, "sum" | "workerError">> {
  const images: Record<string, readonly string[] | string> = {};
  const truncated: string[] = [];
  const seen = new Set<string>();
  for (const [name, file] of Object.entries(files)) {
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    const image = await decodeImage(bytes, name, "cut");
    const grey = convertColor(image, "grayscale");
    const parts = [grey, convertColor(image, "rgb"), resizeImage(grey, 80, 60, "lanczos")];
    images[name] = await Promise.all(parts.map((part) => sha256Hex(part.data)));
    const format = imageFormatOf(bytes)!;
    if (seen.has(format)) continue;
    seen.add(format);
    truncated.push(await decodeImage(bytes.slice(0, bytes.length * 0.6), name).then(() => "fine", String));
  }
  return { images, truncated, moved: await movedHash() };
}

/** Augments a hundred images with their boxes. */
async function movedHash(): Promise<string> {
  const size = { width: 23, height: 17 };
  const image = { ...size, channels: 3, data: Uint8Array.from({ length: 3 * 23 * 17 }, (_, i) => (i * i) % 251) };
  const pieces: number[] = [];
  for (let i = 0; i < 100; i++) {
    const random = new Random(1, STREAM.augment, i);
    const movement = drawMovement(random, { flip: "both", turn: 0.3, zoom: 0.4, shift: 0.2, crop: 0.4 }, size);
    pieces.push(...movePixels(image, movement).data);
    for (const { box } of moveObjects([{ category: 0, box: [3, 4, 11, 7] }], movement)) pieces.push(...box);
  }
  return sha256Hex(new Uint8Array(Float64Array.from(pieces).buffer));
}

export default async function answer(): Promise<DataPageAnswer> {
  const response = await fetch("/test/parity/fixtures/pillow.json");
  const { images } = (await response.json()) as { images: Record<string, { file: string }> };
  const inPrint = (await (await fetch("/test/data/fixtures/cmyk.json")).json()) as { images: typeof images };
  const all = Object.entries({ ...images, ...inPrint.images });
  const files = Object.fromEntries(all.map(([name, { file }]) => [name, file]));
  const worker = await spawnWorker<{ sum: number }>(echo, "echo");
  const sum = await new Promise<number>((resolve, reject) => {
    worker.onMessage((message) => resolve(message.sum));
    worker.onError(reject);
    worker.post({ numbers: Float64Array.of(1, 2, 39) });
  });
  const workerError = await new Promise<string>((resolve) => {
    worker.onError((error) => resolve(error.message));
    worker.post({ fail: true });
  });
  await worker.terminate();
  return { ...(await decodeAll(files)), sum, workerError };
}
