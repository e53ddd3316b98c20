// A folder of generated photos in Train and Test, with faults planted whose files are known exactly.
import { encode } from "fast-png";
import type { Pixels } from "../../src/data/index.js";
import { FAULTS, scene } from "../../tools/health-photos.js";
import { write } from "./class-folders.js";
import { pngOf, withChunk } from "./made-images.js";

const SIZE = [96, 72] as const;
const CLASSES = ["barn", "lake"] as const;
/** Photos of a class in training and in test. */
export const [TRAIN, TEST] = [12, 10];

const text = new TextEncoder();

const mirrored = ({ width, height, channels, data }: Pixels): Pixels => ({
  width,
  height,
  channels,
  data: data.map((_, at) => {
    const [pixel, channel] = [Math.floor(at / channels), at % channels];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return data[(y * width + width - 1 - x) * channels + channel]!;
  }),
});

/** Paths of what was planted. */
export const PLANTED = {
  sameBytes: ["Train/barn/0.png", "Train/barn/copy.png"],
  samePixels: ["Train/barn/1.png", "Train/barn/noted.png"],
  leak: ["Test/lake/0.png", "Train/lake/0.png"],
  mirrored: ["Test/lake/1.png", "Train/lake/1.png"],
  twoLabels: ["Train/barn/2.png", "Train/lake/same.png"],
  dark: "Train/barn/3.png",
  flat: "Train/barn/4.png",
  blurred: "Train/lake/3.png",
  screens: "Test/lake/4.png",
  truncated: "Test/barn/5.png",
} as const;

/** Writes the folder. @returns its path */
export function healthFolder(folder: string): string {
  const files: Record<string, Uint8Array> = {};
  for (const [of, name] of CLASSES.entries())
    for (const [part, count, first] of [
      ["Train", TRAIN, 0],
      ["Test", TEST, 500],
    ] as const)
      for (let i = 0; i < count; i++) files[`${part}/${name}/${i}.png`] = pngOf(scene(1000 * of + first + i, ...SIZE));
  const at = (path: string): Uint8Array => files[path]!;
  files[PLANTED.sameBytes[1]] = at(PLANTED.sameBytes[0]);
  files[PLANTED.samePixels[1]] = withChunk(at(PLANTED.samePixels[0]), "tEXt", text.encode("Comment\0saved again"));
  files[PLANTED.leak[0]] = at(PLANTED.leak[1]);
  files[PLANTED.mirrored[0]] = pngOf(mirrored(scene(1001, ...SIZE)));
  files[PLANTED.twoLabels[1]] = at(PLANTED.twoLabels[0]);
  for (const fault of ["dark", "flat", "blurred", "screens"] as const)
    files[PLANTED[fault]] = new Uint8Array(encode({ ...FAULTS[fault]!(scene(7, ...SIZE), 1), depth: 8 }));
  files[PLANTED.truncated] = at(PLANTED.truncated).subarray(0, 2000);
  return write(folder, files);
}
