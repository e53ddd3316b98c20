// Measures a large store of seen photos: `node dist/tools/measure-watch.js [ENTRIES=1000000] [PHOTOS=1000]` writes a store of
// random hashes and of generated photos, then checks altered copies of these photos: half the size, JPEG of quality 60,
// mirrored, brightened, a quarter of each.
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { Random } from "../src/core/random.js";
import { type Pixels, resizeImage, turnUpright } from "../src/data/index.js";
import { addPhotos, checkPhotos, openWatch, type WatchEntry } from "../src/experiment/watch/index.js";
import { jpeg } from "./altered-copies.js";
import { discs } from "./pdq-pictures.js";

const [entries, photos] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1000)];
const BLOCK = 10_000;

const png = ({ width, height, channels, data }: Pixels): Uint8Array =>
  encode({ width, height, channels, data, depth: 8 });
const photo = (n: number): Pixels => discs(n, 320, 192, 3, 40);
const ALTERATIONS: readonly ((photo: Pixels) => Promise<{ readonly end: string; readonly bytes: Uint8Array }>)[] = [
  async (picture) => ({
    end: "png",
    bytes: png(resizeImage(picture, picture.height / 2, picture.width / 2, "bicubic")),
  }),
  async (picture) => ({ end: "jpg", bytes: await jpeg(picture, 60) }),
  async (picture) => ({ end: "png", bytes: png(turnUpright(picture, 2)) }),
  async (picture) => ({
    end: "png",
    bytes: png({ ...picture, data: picture.data.map((value) => Math.min(255, 1.15 * value)) }),
  }),
];

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const folder = await mkdtemp(join(tmpdir(), "fovea-watch-"));
try {
  const random = new Random(11, 7, 0);
  const digest = (): string =>
    Array.from({ length: 8 }, () =>
      random
        .integer(2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
  const store = await openWatch(join(folder, "claims.watch"));
  let since = performance.now();
  for (let first = 0; first < entries; first += BLOCK) {
    const block = Array.from(
      { length: Math.min(BLOCK, entries - first) },
      (_, n): WatchEntry => ({
        reference: `claim ${first + n}`,
        file: `photos/${first + n}.jpg`,
        hash: Uint32Array.from({ length: 8 }, () => random.integer(2 ** 32)),
        quality: 100,
        ...{ width: 1024, height: 768, brightness: 128, bytes: digest(), pixels: digest() },
      }),
    );
    await store.add(block, true);
  }
  console.log(`${store.size} random entries written in ${seconds(since)}`);
  await mkdir(join(folder, "photos"));
  const originals: string[] = [];
  const altered: string[] = [];
  for (let n = 0; n < photos; n++) {
    const picture = photo(n);
    originals.push(join(folder, "photos", `${n}.png`));
    await writeFile(originals[n]!, png(picture));
    const { end, bytes } = await ALTERATIONS[n % ALTERATIONS.length]!(picture);
    altered.push(join(folder, `${n}.${end}`));
    await writeFile(altered[n]!, bytes);
  }
  since = performance.now();
  const { added } = await addPhotos(store, originals, "real");
  console.log(`${added} photos added in ${seconds(since)}; ${(await stat(store.path)).size} bytes`);
  since = performance.now();
  const again = await openWatch(store.path, { isThere: true });
  console.log(`opened ${again.size} entries in ${seconds(since)}`);
  since = performance.now();
  const checks = await checkPhotos(again, altered);
  const took = seconds(since);
  const found = checks.filter(({ matches }, n) => matches.some(({ file }) => file === originals[n]));
  const wrong = checks.reduce(
    (sum, { matches }, n) => sum + matches.filter(({ file }) => file !== originals[n]).length,
    0,
  );
  const { user, system } = process.cpuUsage();
  console.log(`${checks.length} altered photos checked in ${took}: ${found.length} found, ${wrong} other matches`);
  console.log(
    `${((user + system) / 1e6).toFixed(0)} s of CPU in all, ${process.resourceUsage().maxRSS >> 10} MB at most`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
