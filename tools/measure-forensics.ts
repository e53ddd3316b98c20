// Measures the forensic methods: `node dist/tools/measure-forensics.js forged FOLDER [COUNT]` makes every forgery of
// tools/forge.ts from pairs of photos (cut to 320 x 288; they should not be JPEG files), or from generated ones where FOLDER is
// `generated`, and prints for each method the
// area under the ROC curve of its map for the pixels that it claims to see, the median and the least of all photos, and the
// share of the forgeries with a contradiction. `... clean FOLDER... [--first N]` prints the share of photos with one, the
// files, and the seconds of processor time that the slowest took with each method; `... generated [COUNT]` the same for so many
// honest pictures of each kind of tools/clean-pictures.ts, saved as PNG. `... large` prints for all methods the
// processor time for a noisy photo of 4000 x 3000 as JPEG and as PNG, without decoding, and the longest stretch of it in which
// the event loop had no turn. `--method copies` measures that method alone.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { Random, STREAM } from "../src/core/random.js";
import { convertColor, decodeImage, hailImage, type Pixels, resizeImage } from "../src/data/index.js";
import { imagesIn } from "../src/experiment/data/image-paths.js";
import { openedImage } from "../src/forensics/examine.js";
import { METHOD_NAMES, METHODS, type MethodName } from "../src/forensics/methods.js";
import type { Evidence } from "../src/forensics/record/evidence.js";
import { jpeg } from "./altered-copies.js";
import { areaUnderRoc } from "./area-under-roc.js";
import { CLEAN_PICTURES } from "./clean-pictures.js";
import { cut, drawnPhoto, FORGERY_NAMES, type ForgeryName, forge } from "./forge.js";

/** The methods that claim to see each forgery. */
const CLAIMS: Readonly<Record<ForgeryName, readonly MethodName[]>> = {
  "patch-60-in-90": ["ghost", "error-level"],
  "double-aligned": ["saved-twice"],
  "double-shifted": ["other-grid"],
  "shifted-in-png": ["other-grid"],
  "two-grids": ["other-grid"],
  "copy-plain": ["copies"],
  "copy-jpeg": ["copies"],
  "copy-noise": ["copies"],
  "copy-turned": ["copies"],
  "copy-scaled": ["copies", "enlarged"],
  "splice-scaled": ["enlarged"],
  "splice-turned": ["enlarged"],
  "splice-noise": ["noise"],
};
/** The methods that can contradict. */
const MEASURED: readonly MethodName[] = ["saved-twice", "other-grid", "ghost", "copies"];
const [WIDTH, HEIGHT] = [320, 288];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Evidence of a method, and the processor time that it took. */
async function measured(
  name: MethodName,
  bytes: Uint8Array,
  file: string,
): Promise<{ evidence: Evidence; seconds: number }> {
  const image = await openedImage(bytes, { name: file });
  const { appliesTo } = METHODS[name];
  if (appliesTo !== "all" && !appliesTo.includes(image.format))
    return { evidence: { finding: "unable", sentence: "" }, seconds: 0 };
  const before = process.cpuUsage();
  const evidence = await METHODS[name].run(image);
  return { evidence, seconds: process.cpuUsage(before).user / 1e6 };
}

/** Photos of a folder that are large enough, cut; `generated` gives photos of hail damage and discs with noise in turn. */
async function photosToForge(folder: string, count: number): Promise<Pixels[]> {
  if (folder === "generated")
    return Array.from({ length: count }, (_, seed) => {
      if (seed % 2 === 0) return cut(drawnPhoto(seed, WIDTH), 0, 0, WIDTH, HEIGHT);
      const { pixels, height, width } = hailImage(1 + seed, { height: 384, width: 512, seed });
      return cut({ height, width, channels: 3, data: pixels }, 96, 48, WIDTH, HEIGHT);
    });
  const photos: Pixels[] = [];
  for (const file of (await readdir(folder)).sort()) {
    if (photos.length >= count) break;
    const photo = convertColor(await decodeImage(await readFile(join(folder, file)), file), "rgb");
    if (photo.width < WIDTH || photo.height < HEIGHT) continue;
    photos.push(cut(photo, (photo.width - WIDTH) >> 1, (photo.height - HEIGHT) >> 1, WIDTH, HEIGHT));
  }
  return photos;
}

async function forged(folder: string, count: number): Promise<void> {
  const photos = await photosToForge(folder, count);
  console.log(`${photos.length} photos; area under the ROC curve of the map, and share with a contradiction`);
  for (const name of FORGERY_NAMES)
    for (const method of CLAIMS[name].filter((claiming) => only === undefined || only === claiming)) {
      const areas: number[] = [];
      let contradictions = 0;
      for (const [i, photo] of photos.entries()) {
        const { bytes, mask, changed } = await forge(name, photo, photos[(i + 3) % photos.length]!, i);
        const { evidence } = await measured(method, bytes, name);
        if (evidence.finding === "contradicts") contradictions++;
        areas.push(
          evidence.map === undefined
            ? 0.5
            : areaUnderRoc(evidence.map, method === "copies" ? mask : changed, WIDTH, HEIGHT),
        );
      }
      const share = ((100 * contradictions) / photos.length).toFixed(0);
      console.log(
        `${name.padEnd(16)} ${method.padEnd(12)} median ${median(areas).toFixed(3)}, least ${Math.min(...areas).toFixed(3)}, contradiction ${share} %`,
      );
    }
}

interface NamedFile {
  readonly file: string;
  readonly read: () => Uint8Array | Promise<Uint8Array>;
}

async function photosOf(folders: readonly string[], first: number): Promise<NamedFile[]> {
  return (await imagesIn(...folders)).slice(0, first).map((file) => ({ file, read: () => readFile(file) }));
}

/** Generated pictures as PNG files, `count` of each kind. */
function generated(count: number): NamedFile[] {
  return Object.entries(CLEAN_PICTURES).flatMap(([kind, draw]) =>
    Array.from({ length: count }, (_, seed) => ({
      file: `${kind} ${seed}`,
      read: () => {
        const { width, height, data } = draw(seed);
        return encode({ width, height, channels: 3, data, depth: 8 });
      },
    })),
  );
}

async function clean(files: readonly NamedFile[]): Promise<void> {
  const slowest = new Map<MethodName, number>();
  const findings = new Map<string, number>();
  let wrong = 0;
  for (const [i, { file, read }] of files.entries()) {
    if (i % 25 === 0) console.error(`${i} photos, ${wrong} with a contradiction`);
    const bytes = await read();
    const found: MethodName[] = [];
    for (const name of MEASURED.filter((measuring) => only === undefined || only === measuring)) {
      const { evidence, seconds } = await measured(name, bytes, file);
      slowest.set(name, Math.max(slowest.get(name) ?? 0, seconds));
      const key = `${name} ${evidence.finding}`;
      findings.set(key, (findings.get(key) ?? 0) + 1);
      if (evidence.finding === "contradicts") found.push(name);
    }
    if (found.length > 0) {
      wrong++;
      console.log(`  ${file}: ${found.join(", ")}`);
    }
  }
  for (const [key, times] of [...findings].sort()) console.log(`${key}: ${times}`);
  for (const [name, seconds] of slowest) console.log(`${name}: at most ${seconds.toFixed(2)} s of processor time`);
  console.log(
    `${wrong} of ${files.length} photos with a contradiction (${((100 * wrong) / files.length).toFixed(1)} %)`,
  );
}

interface Timing {
  readonly seconds: number;
  readonly longest: number;
}

/** Runs work and tells the seconds of processor time that it took, and the most between two turns of the event loop. */
async function timed(work: () => unknown): Promise<Timing> {
  const secondsSince = (before: NodeJS.CpuUsage): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const began = process.cpuUsage();
  let [last, longest, isOver] = [began, 0, false];
  const turn = (): void => {
    longest = Math.max(longest, secondsSince(last));
    last = process.cpuUsage();
    if (!isOver) setTimeout(turn);
  };
  setTimeout(turn);
  await work();
  isOver = true;
  const seconds = secondsSince(began);
  turn();
  return { seconds, longest };
}

async function large(): Promise<void> {
  const { pixels, height, width } = hailImage(6, { height: 384, width: 512, seed: 7 });
  const photo = resizeImage({ width, height, channels: 3, data: pixels }, 3000, 4000, "bicubic");
  const random = new Random(5, STREAM.user);
  const data = photo.data.map((level) => Math.max(0, Math.min(255, level + random.integer(13) - 6)));
  const noisy = { ...photo, data };
  const files = {
    JPEG: await jpeg(noisy, 90),
    PNG: encode({ width: noisy.width, height: noisy.height, channels: 3, data, depth: 8 }),
  };
  for (const [format, bytes] of Object.entries(files))
    for (const name of METHOD_NAMES) {
      const { appliesTo } = METHODS[name];
      if (appliesTo !== "all" && !appliesTo.some((known) => known === format)) continue;
      if (only !== undefined && only !== name) continue;
      // Every method opens the image anew, so that none profits by what another has computed.
      const image = await openedImage(bytes, { name: format });
      if (name === METHOD_NAMES[0]) tell("decoding", format, await timed(() => image.pixels()));
      else await image.pixels();
      tell(name, format, await timed(() => METHODS[name].run(image)));
    }

  function tell(what: string, format: string, { seconds, longest }: Timing): void {
    const times = `${seconds.toFixed(2)} s of processor time, at most ${longest.toFixed(2)} s between two turns`;
    console.log(`${format.padEnd(4)} ${what.padEnd(12)} ${times}`);
  }
}

const [mode, ...rest] = process.argv.slice(2);
const methodAt = rest.indexOf("--method");
const [, only] = methodAt < 0 ? [] : rest.splice(methodAt, 2);
if (mode === "large") await large();
else if (mode === "forged") await forged(rest[0]!, Number(rest[1] ?? 20));
else if (mode === "generated") await clean(generated(Number(rest[0] ?? 45)));
else {
  const at = rest.indexOf("--first");
  await clean(await photosOf(at < 0 ? rest : rest.slice(0, at), at < 0 ? Infinity : Number(rest[at + 1])));
}
