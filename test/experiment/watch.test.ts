// The store of seen photos: altered photos are found with their claim and the change, programs add at the same time and lose
// nothing, and a store that a killed program left is told of and mended.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { hashDistance, NEAR_THRESHOLD, type Pixels, pdqHash, resizeImage, turnUpright } from "../../src/data/index.js";
import { addPhotos, checkPhotos, mergeWatch, openWatch } from "../../src/experiment/watch/index.js";
import { alteredCopies } from "../../tools/altered-copies.js";
import { discs } from "../../tools/pdq-pictures.js";

let folder: string;
const path = (name: string): string => join(folder, name);
const photo = (seed: number): Pixels => discs(seed, 192, 192, 3, 40);
const COUNT = 12;
const photos = (start: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => path(`photo${start + n}.png`));

const png = ({ width, height, channels, data }: Pixels): Uint8Array =>
  encode({ width, height, channels, data, depth: 8 });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-watch-"));
  for (let n = 0; n < COUNT; n++) await writeFile(path(`photo${n}.png`), png(photo(n)));
});
after(() => rm(folder, { recursive: true, force: true }));

test("photos are found again with their claim and what was changed", async () => {
  const store = await openWatch(path("a.watch"));
  assert.deepEqual(await addPhotos(store, photos(0, 6), "claim 1"), { added: 6, known: 0, failed: [] });
  assert.deepEqual(await addPhotos(store, photos(4, 4), "claim 2"), { added: 4, known: 0, failed: [] });
  assert.equal((await addPhotos(store, photos(0, 6), "claim 1")).known, 6);
  const changed = new Map<string, [Uint8Array, string]>([
    ["turned.png", [png(turnUpright(photo(1), 6)), "turned by 90° clockwise"]],
    ["mirrored.png", [png(turnUpright(photo(1), 2)), "mirrored"]],
    ["half.png", [png(resizeImage(photo(1), 96, 96, "bilinear")), "resized to 50 %"]],
    ["noted.png", [encode({ ...photo(1), depth: 8, text: { Comment: "x" } }), "same pixels, other metadata or format"]],
    ["saved.jpg", [(await alteredCopies(photo(1), 0))[1]!.bytes, "saved again"]],
    ["same.png", [png(photo(1)), "same file"]],
    ["bright.png", [png({ ...photo(1), data: photo(1).data.map((v) => Math.min(255, v + 12)) }), "brightened"]],
  ]);
  for (const [name, [bytes]] of changed) await writeFile(path(name), bytes);
  const reopened = await openWatch(path("a.watch"), { isThere: true });
  const checks = await checkPhotos(reopened, [
    ...[...changed.keys()].map(path),
    path("photo5.png"),
    path("photo11.png"),
  ]);
  for (const [n, [name, [, change]]] of [...changed].entries()) {
    const { image, matches } = checks[n]!;
    assert.equal(image, path(name));
    assert.deepEqual(
      matches.map((match) => [match.reference, match.file, match.change]),
      [["claim 1", path("photo1.png"), change]],
    );
  }
  assert.deepEqual(
    checks.at(-2)!.matches.map(({ reference, distance }) => [reference, distance]),
    [
      ["claim 1", 0],
      ["claim 2", 0],
    ],
  );
  assert.deepEqual(checks.at(-1)!.matches, []);
});

test("a small photo that was halved is found enlarged, where its own hash differs by too much", async () => {
  const small = discs(36, 320, 192, 3, 40);
  const half = resizeImage(small, 96, 160, "bicubic");
  assert.ok(hashDistance(pdqHash(small).hash, 0, pdqHash(half).hash, 0) > NEAR_THRESHOLD);
  await writeFile(path("small.png"), png(small));
  await writeFile(path("halved.png"), png(half));
  const store = await openWatch(path("small.watch"));
  await addPhotos(store, [path("small.png")], "claim 1");
  const [check] = await checkPhotos(store, [path("halved.png")]);
  assert.deepEqual(
    check!.matches.map(({ reference, change }) => [reference, change]),
    [["claim 1", "resized to 50 %"]],
  );
});

test("photos that show nothing match by their pixels alone, and say so", async () => {
  const flat = (level: number): Uint8Array =>
    png({ width: 50, height: 50, channels: 1, data: new Uint8Array(2500).fill(level) });
  await writeFile(path("grey.png"), flat(90));
  await writeFile(path("dark.png"), flat(20));
  await writeFile(path("bad.png"), "no image");
  const store = await openWatch(path("flat.watch"));
  const { failed } = await addPhotos(store, [path("grey.png"), path("bad.png")], "claim 1");
  assert.equal(failed.length, 1);
  const [grey, dark, bad] = await checkPhotos(store, ["grey.png", "dark.png", "bad.png"].map(path));
  assert.equal(grey!.matches.length, 1);
  assert.equal(dark!.matches.length, 0);
  assert.match(dark!.note!, /has too little detail/);
  assert.match(bad!.error!, /bad\.png/);
});

test("another store is merged once", async () => {
  const [first, other] = [await openWatch(path("one.watch")), await openWatch(path("other.watch"))];
  await addPhotos(first, photos(0, 4), "claim 1");
  await addPhotos(other, photos(2, 2), "claim 1");
  await addPhotos(other, photos(2, 3), "claim 9");
  assert.equal(await mergeWatch(first, [path("other.watch")]), 3);
  assert.equal(await mergeWatch(first, [path("other.watch")]), 0);
  assert.equal((await openWatch(path("one.watch"))).size, 7);
  await assert.rejects(mergeWatch(first, [path("none.watch")]), /there is no such store/);
});

test("a torn last entry is told, passed over and cut off by the next addition", async () => {
  const store = await openWatch(path("torn.watch"));
  await addPhotos(store, photos(0, 3), "claim 1");
  const { size } = await stat(path("torn.watch"));
  for (const length of [size - 1, size - 100, size - 150]) {
    await truncate(path("torn.watch"), length);
    const torn = await openWatch(path("torn.watch"));
    assert.equal(torn.isTorn, true);
    assert.equal(torn.size, 2);
    assert.equal((await addPhotos(torn, photos(0, 3), "claim 1")).added, 1);
    const mended = await openWatch(path("torn.watch"));
    assert.deepEqual([mended.isTorn, mended.size], [false, 3]);
  }
  assert.equal((await stat(path("torn.watch"))).size, size);
});

test("a damaged entry hides no other, and what is no store is refused", async () => {
  const store = await openWatch(path("damaged.watch"));
  await addPhotos(store, photos(0, 4), "claim 1");
  const bytes = await readFile(path("damaged.watch"));
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  await writeFile(path("damaged.watch"), bytes);
  const damaged = await openWatch(path("damaged.watch"));
  assert.deepEqual([damaged.size, damaged.damaged, damaged.isTorn], [3, 1, false]);
  await writeFile(path("text.watch"), "some text that is no store of photos\n");
  await assert.rejects(openWatch(path("text.watch")), /no store of seen photos/);
  // A program that was stopped before it had written the head.
  await writeFile(path("head.watch"), "fovea wat");
  const begun = await openWatch(path("head.watch"));
  assert.equal((await addPhotos(begun, photos(0, 1), "claim 1")).added, 1);
  assert.equal((await openWatch(path("head.watch"))).size, 1);
});

const CLI = fileURLToPath(new URL("../../command/main.js", import.meta.url));
const adding = (store: string, images: readonly string[], reference: string) =>
  spawn(process.execPath, [CLI, "watch", "add", ...images, "--store", store, "--reference", reference, "--quiet"], {
    stdio: "ignore",
  });
const ended = (child: ReturnType<typeof spawn>): Promise<void> =>
  new Promise((resolve) => child.on("exit", () => resolve()));

test("two programs that add at once lose nothing", async () => {
  const store = path("shared.watch");
  await Promise.all([
    ended(adding(store, photos(0, COUNT), "claim 1")),
    ended(adding(store, photos(0, COUNT), "claim 2")),
  ]);
  const shared = await openWatch(store);
  assert.deepEqual([shared.size, shared.isTorn, shared.damaged], [2 * COUNT, false, 0]);
});

test("a program that is killed loses at most the entry that it writes", async () => {
  const store = path("killed.watch");
  const images = path("many");
  await mkdir(images);
  for (let n = 0; n < COUNT; n++) await writeFile(join(images, `${n}.png`), await readFile(path(`photo${n}.png`)));
  const child = adding(store, [images], "claim 1");
  const done = ended(child);
  // Killed as soon as something is written, which is in the midst of the entries.
  for (let isOver = false; !isOver; await new Promise((resume) => setTimeout(resume, 1)))
    isOver = child.exitCode !== null || ((await stat(store).catch(() => undefined))?.size ?? 0) > 400;
  child.kill("SIGKILL");
  await done;
  const left = await openWatch(store);
  const { size } = left;
  assert.equal(left.damaged, 0);
  assert.ok(size >= 1);
  const { added, known } = await addPhotos(left, photos(0, COUNT), "claim 1");
  assert.deepEqual([added, known], [COUNT - size, size]);
  const mended = await openWatch(store);
  assert.deepEqual([mended.size, mended.isTorn], [COUNT, false]);
  await appendFile(store, "x");
  assert.equal((await openWatch(store)).isTorn, true);
});
