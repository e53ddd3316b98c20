// Loading folders: the same bytes from workers, one thread, the cache and from memory; bad files named; the cache
// noticing every change and surviving every damage.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { encode } from "fast-png";
import { FoveaError } from "../../src/core/errors.js";
import {
  convertColor,
  decodeImage,
  type LoadedDataset,
  loadImage,
  loadImages,
  modeOf,
  resizeImage,
  turnUpright,
} from "../../src/data/index.js";
import { fill, fixtureImage, SMALL, temporaryFolder } from "./folder-fixture.js";

const cache = temporaryFolder();
process.env.FOVEA_CACHE = cache;
beforeEach(async () => {
  for (const name of await readdir(cache)) await rm(join(cache, name));
});

const size = { height: 8, width: 6 };
const facts = ({ x, y, ...rest }: LoadedDataset) => ({ ...rest, x: [...x.data], y: [...y.data], shape: x.shape });

test("images, labels, sizes, modes and the content hash", async () => {
  const folder = await fill(temporaryFolder(), SMALL);
  const seen: string[] = [];
  const data = await loadImages(folder, { ...size, onProgress: (done, total) => seen.push(`${done}/${total}`) });
  assert.deepEqual(data.x.shape, [6, 8, 6, 1]);
  assert.equal(data.x.dtype, "uint8");
  assert.deepEqual([...data.y.data], [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(data.classNames, ["东", "鸟"]);
  assert.deepEqual(data.files, ["东/10.png", "东/2.png", "东/photo.JPG", "鸟/1.gif", "鸟/2.bmp", "鸟/3.webp"]);
  assert.deepEqual([...data.heights], [11, 11, 23, 23, 23, 23]);
  assert.deepEqual([...data.widths], [13, 13, 37, 37, 37, 37]);
  assert.deepEqual(
    data.files.map((_, i) => modeOf(data, i)),
    ["RGBA", "RGB", "RGB", "P", "RGB", "RGBA"],
  );
  assert.equal(seen.at(-1), "6/6");
  for (const [i, file] of data.files.entries()) {
    const image = await decodeImage(new Uint8Array(await readFile(join(folder, file))), file);
    const expected = resizeImage(convertColor(image, "grayscale"), 8, 6, "lanczos");
    assert.deepEqual(data.x.data.subarray(i * 48, (i + 1) * 48), expected.data, file);
  }
  const sums = await Promise.all(
    data.files.map(async (file) => {
      const hash = createHash("sha256").update(await readFile(join(folder, file)));
      return `${hash.digest("hex")}  ${file}\n`;
    }),
  );
  assert.equal(data.contentHash, createHash("sha256").update(sums.join("")).digest("hex"));
  const color = await loadImages(folder, { ...size, color: "rgb", interpolation: "bicubic" });
  assert.deepEqual(color.x.shape, [6, 8, 6, 3]);
  assert.equal(color.contentHash, data.contentHash, "the hash is of the files, not of what became of them");
});

test("workers, one thread, the cache and bytes in memory give the same", async () => {
  // Large enough that three workers are really started: more than 3 MiB in more than three batches.
  const noise = fixtureImage("gif-noise-palette.gif");
  const names = Array.from({ length: 330 }, (_, i) => `${i % 2 === 0 ? "a" : "b"}/${i}.gif`);
  const folder = await fill(temporaryFolder(), Object.fromEntries(names.map((name) => [name, noise])));
  const single = await loadImages(folder, { ...size, threads: 1, cache: false });
  assert.deepEqual(await readdir(cache), [], "cache: false leaves the cache alone");
  const many = await loadImages(folder, { ...size, threads: 3 });
  assert.deepEqual(facts(many), facts(single));
  assert.equal((await readdir(cache)).length, 1);
  assert.deepEqual(facts(await loadImages(folder, { ...size, threads: 3 })), facts(single));
  const sources = names.map((path) => ({ path, size: noise.length, bytes: async () => noise.slice() }));
  assert.deepEqual(facts(await loadImages(sources, { ...size, threads: 2 })), facts(single));
});

test("undecodable images are all named, or skipped on request", async () => {
  const truncated = fixtureImage("png-2-8-plain.png").slice(0, 300);
  const folder = await fill(temporaryFolder(), {
    ...SMALL,
    "东/cut.png": truncated,
    "鸟/empty.png": new Uint8Array(0),
    "鸟/text.png": new TextEncoder().encode("this is no picture"),
  });
  const message =
    /3 of 9 images cannot be decoded: 东\/cut.png \(.*truncated.*\), 鸟\/empty.png \(the file is empty \(0 bytes\); copy or download it again\), 鸟\/text.png \(expected a PNG.*\); repair or remove them, or leave them out with skipBad/;
  const refused = (error: unknown): boolean => {
    assert.ok(error instanceof FoveaError);
    assert.match(error.message, message);
    return true;
  };
  await assert.rejects(loadImages(folder, size), refused);
  assert.deepEqual(await readdir(cache), [], "nothing is left behind");
  const good = await loadImages(await fill(temporaryFolder(), SMALL), size);
  const data = await loadImages(folder, { ...size, skipBad: true });
  assert.deepEqual(
    data.skipped.map((problem) => problem.path),
    ["东/cut.png", "鸟/empty.png", "鸟/text.png"],
  );
  assert.deepEqual([...data.kept], [0, 1, 3, 4, 5, 6]);
  assert.deepEqual(facts({ ...data, skipped: [], kept: good.kept }), facts(good));
  assert.deepEqual(facts(await loadImages(folder, { ...size, skipBad: true })), facts(data), "from the cache");
  await assert.rejects(loadImages(folder, size), refused, "the cache does not hide them");
});

test("more than ten undecodable images are counted, and nothing but such is an error in any case", async () => {
  const names = Array.from({ length: 13 }, (_, i) => `${i % 2}/${i}.png`);
  const folder = await fill(temporaryFolder(), Object.fromEntries(names.map((name) => [name, new Uint8Array(0)])));
  await assert.rejects(
    loadImages(folder, { ...size, skipBad: true }),
    /13 of 13 images cannot be decoded: .*, and 3 more;/,
  );
});

test("the cache notices changed, added, removed and moved files", async () => {
  const folder = await fill(temporaryFolder(), SMALL);
  const fresh = async (): Promise<string> => (await loadImages(folder, { ...size, cache: false })).contentHash;
  const cached = async (): Promise<string> => (await loadImages(folder, size)).contentHash;
  let before = await cached();
  const changes: (() => Promise<unknown>)[] = [
    () => fill(folder, { "东/10.png": "png-6-8-plain.png" }),
    () => fill(folder, { "东/3.png": "png-3-8-plain.png" }),
    () => rm(join(folder, "鸟/1.gif")),
    () => rename(join(folder, "鸟/2.bmp"), join(folder, "东/2.bmp")),
  ];
  for (const change of changes) {
    await change();
    const after = await cached();
    assert.notEqual(after, before);
    assert.equal(after, await fresh());
    before = after;
  }
});

test("a file changed in place, of the same size and with its time set back, is noticed", async () => {
  const folder = await fill(temporaryFolder(), { ...SMALL, "东/2.bmp": "bmp-RGB.bmp" });
  const before = await loadImages(folder, size);
  const bytes = fixtureImage("bmp-RGB.bmp");
  bytes[bytes.length - 1]! ^= 255;
  await fill(folder, { "东/2.bmp": bytes });
  assert.notEqual((await loadImages(folder, size)).contentHash, before.contentHash);
});

test("a damaged cache is rebuilt silently", async () => {
  const folder = await fill(temporaryFolder(), SMALL);
  const expected = facts(await loadImages(folder, size));
  const path = join(cache, (await readdir(cache))[0]!);
  const whole = await readFile(path);
  const damages: (() => Promise<void>)[] = [
    () => truncate(path, 10),
    () => truncate(path, whole.length - 1),
    () => truncate(path, 0),
    () =>
      writeFile(
        path,
        whole.map((byte, i) => (i === whole.length - 5 ? byte ^ 1 : byte)),
      ),
    () =>
      writeFile(
        path,
        whole.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
      ),
    () =>
      writeFile(
        path,
        whole.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
      ),
  ];
  for (const damage of damages) {
    await damage();
    assert.deepEqual(facts(await loadImages(folder, size)), expected);
    assert.deepEqual(await readFile(path), whole, "the cache is whole again");
  }
});

test("a cache that cannot be had is no error", async () => {
  const folder = await fill(temporaryFolder(), SMALL);
  await writeFile(join(cache, "file"), "");
  process.env.FOVEA_CACHE = join(cache, "file");
  try {
    assert.equal((await loadImages(folder, size)).files.length, 6);
  } finally {
    process.env.FOVEA_CACHE = cache;
  }
});

test("a single image comes as a tensor without a batch axis", async () => {
  const folder = await fill(temporaryFolder(), SMALL);
  const data = await loadImages(folder, size);
  const grey = { ...size, color: "grayscale" } as const;
  const image = await loadImage(join(folder, "东/10.png"), grey);
  assert.deepEqual([image.shape, image.dtype], [[8, 6, 1], "uint8"]);
  assert.deepEqual(image.data, data.x.data.slice(0, 48));
  assert.deepEqual(await loadImage(fixtureImage("png-6-8-adam7.png"), grey), image);
  await assert.rejects(loadImage(join(folder, "none.png")), /cannot read .*none.png: there is no such file/);
  await assert.rejects(loadImage(new Uint8Array(0)), /cannot decode the image: the file is empty/);
});

test("a single image keeps the size and the colours that nobody asks to change", async () => {
  const shapes: Record<string, number[]> = {
    "png-6-8-adam7.png": [11, 13, 3],
    "png-3-4-plain.png": [11, 13, 3],
    "png-0-1-plain.png": [11, 13, 1],
    "png-4-8-plain.png": [11, 13, 1],
    "jpeg-grey.jpg": [23, 37, 1],
    "jpeg-420.jpg": [23, 37, 3],
    "jpeg-orientation.jpg": [37, 23, 3],
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const image = await loadImage(fixtureImage(name));
    assert.deepEqual(image.shape, shape, name);
    const stored = await decodeImage(fixtureImage(name), name);
    const pixels = turnUpright(convertColor(stored, shape[2] === 3 ? "rgb" : "grayscale"), stored.orientation);
    assert.deepEqual([...image.data], [...pixels.data], name);
  }
  const name = "jpeg-orientation.jpg";
  assert.deepEqual((await loadImage(fixtureImage(name), { orientation: "stored" })).shape, [23, 37, 3]);
  assert.deepEqual((await loadImage(fixtureImage(name), { color: "grayscale" })).shape, [37, 23, 1]);
  assert.deepEqual((await loadImage(fixtureImage(name), { ...size })).shape, [8, 6, 3]);
  // 20,000 columns are more than resizing makes, and none of its business here.
  const wide = encode({ width: 20_000, height: 1, data: new Uint8Array(20_000), channels: 1, depth: 8 });
  assert.deepEqual((await loadImage(wide)).shape, [1, 20_000, 1]);
});

test("images of one size need none asked for; of several sizes the commonest is suggested", async () => {
  const same = await fill(temporaryFolder(), {
    "a/1.png": "png-2-8-plain.png",
    "a/2.png": "png-0-8-plain.png",
    "b/1.png": "png-6-8-plain.png",
  });
  assert.deepEqual((await loadImages(same)).x.shape, [3, 11, 13, 1]);
  assert.deepEqual((await loadImages(same, { color: "rgb", cache: false })).x.shape, [3, 11, 13, 3]);
  const message =
    /: the images have 2 sizes, and no size was chosen; add one, such as the commonest, \{ height: 11, width: 13 \}, which 3 of 4/;
  await assert.rejects(loadImages(await fill(same, { "b/2.jpg": "jpeg-420.jpg" })), message);
  const bytes = (name: string) => async () => fixtureImage(name);
  const dropped = [
    { path: "a/1.jpg", size: 1, bytes: bytes("jpeg-420.jpg") },
    { path: "b/1.jpg", size: 1, bytes: bytes("jpeg-orientation.jpg") },
  ];
  await assert.rejects(loadImages(dropped), /the list of images: the images have 2 sizes/);
  assert.deepEqual((await loadImages(dropped, { orientation: "stored" })).x.shape, [2, 23, 37, 1]);
});

test("mistakes in options are told in a sentence", async () => {
  await assert.rejects(
    loadImages("x", { height: 8 }),
    /loadImages: expected height and width together, .* add the width/,
  );
  await assert.rejects(
    loadImage("x", { width: 8 }),
    /loadImage: expected height and width together, .* add the height/,
  );
  await assert.rejects(loadImage("x", { crop: "center" }), /loadImage: expected height and width beside crop/);
  await assert.rejects(loadImage("x", { orientation: "up" as "exif" }), /orientation: expected one of exif, stored/);
  await assert.rejects(loadImages("x", { depth: "high" as "cut" }), /depth: expected one of scaled, cut/);
  await assert.rejects(loadImages("x", { height: 0, width: 60 }), /image size: .* received 0x60/);
  await assert.rejects(
    loadImages("x", { color: "gray" as "rgb" }),
    /color: expected one of grayscale, rgb, numbers, received "gray"/,
  );
  await assert.rejects(
    loadImages("x", { interpolation: "cubic" as "box" }),
    /interpolation: expected one of nearest, box/,
  );
  await assert.rejects(loadImages([]), /the list of images holds no images/);
  await assert.rejects(loadImages("x", { imageSize: [8, 6] } as never), /loadImages: unknown option "imageSize"/);
  await assert.rejects(
    loadImage("x", { size: 8 } as never),
    /loadImage: unknown option "size"; those allowed are height/,
  );
  const folder = await fill(temporaryFolder(), SMALL);
  await assert.rejects(
    loadImages(folder, { threads: Number.NaN, cache: false }),
    /threads: expected a whole number of at least 0, received NaN/,
  );
  await assert.rejects(
    loadImages(folder, { classNames: ["东", "东", "鸟"] }),
    /expected classNames as a list of different names/,
  );
  const bytes = async () => new Uint8Array();
  await assert.rejects(
    loadImages([{ path: "a.png", size: 1, bytes }]),
    /expected paths such as CLASS\/NAME, received "a.png"/,
  );
});
