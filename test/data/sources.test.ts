// Sources of images: each kind is told for what it is, lists the same images wherever its files lie, and what it lists opens.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync, zipSync } from "fflate";
import { decodeImage, listItems, openPageFiles, openSource, type PageFile } from "../../src/data/index.js";
import type { ListedImage, Listing } from "../../src/data/sources/listing.js";
import { gntBytes, gntSamples } from "../../tools/make-gnt.js";
import { photo, photos, write } from "../cases/class-folders.js";
import { temporaryFolder } from "./folder-fixture.js";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** The bytes of a listed image, from the disk or from where its source has them. */
async function bytesOf({ source }: ListedImage): Promise<Uint8Array> {
  if (typeof source !== "string") return source();
  const { readBytes } = await import("../../src/platform/files.js");
  return readBytes(source);
}

const pathsOf = ({ images }: Listing): string[] => images.map(({ path }) => path);

/** A file as a page has it. */
const pageFile = (path: string, bytes: Uint8Array): PageFile => ({
  name: path.split("/").at(-1)!,
  webkitRelativePath: path.includes("/") ? path : "",
  size: bytes.length,
  slice: (start, end) => ({ arrayBuffer: async () => new Uint8Array(bytes.slice(start, end)).buffer }),
});

const MANIFEST = {
  "images/1.png": photo(1),
  "images/ä/2.png": photo(2),
  "manifest.csv": text(
    'path,price,labels,split,group,weight,exposure,date\r\nimages\\1.png,"1.5",dent;scratch,train,a,1,0.5,2024-05-31\r\n' +
      "./images/ä/2.png,2,,Test,b,2,1,2024-06-01T10:00:00+02:00\r\n",
  ),
};

function checkManifest(listing: Listing): void {
  assert.deepEqual(pathsOf(listing), ["images/1.png", "images/ä/2.png"]);
  assert.deepEqual({ ...listing.columns }, { price: ["1.5", "2"], labels: ["dent;scratch", ""] });
  assert.deepEqual(listing.split, ["train", "test"]);
  assert.deepEqual(listing.group, ["a", "b"]);
  assert.deepEqual([...listing.weight!], [1, 2]);
  assert.deepEqual([...listing.exposure!], [0.5, 1]);
  assert.deepEqual(listing.date, ["2024-05-31", "2024-06-01T08:00:00.000Z"]);
  assert.deepEqual([...listing.lines!], [2, 3]);
}

test("a manifest is the same by its path, its folder, a zip archive and files of a page", async () => {
  const folder = write(join(temporaryFolder(), "claims"), MANIFEST);
  const archive = join(temporaryFolder(), "claims.zip");
  const inFolder = Object.fromEntries(Object.entries(MANIFEST).map(([path, bytes]) => [`claims/${path}`, bytes]));
  writeFileSync(archive, zipSync({ ...inFolder, "__MACOSX/claims/._1.png": text("x"), "claims/.DS_Store": text("x") }));
  const page = Object.entries(inFolder).map(([path, bytes]) => pageFile(path, bytes));
  const opened = [
    await openSource(folder),
    await openSource(join(folder, "manifest.csv")),
    await openSource(archive),
    await openPageFiles(page),
    await openPageFiles([pageFile("claims.zip", zipSync(inFolder))]),
  ];
  for (const { kind, listing } of opened) {
    assert.equal(kind, "manifest");
    checkManifest(listing);
    assert.deepEqual(await Promise.all(listing.images.map(bytesOf)), [photo(1), photo(2)]);
  }
  assert.equal(
    opened[0]!.sentence,
    `${folder}/manifest.csv is a manifest: 2 images, columns price, labels, 2 groups, parts train, test, weight, exposure, date.`,
  );
  assert.match(opened[2]!.sentence, /claims\.zip\/manifest\.csv is a manifest: 2 images/);
  assert.equal(typeof opened[0]!.listing.images[0]!.source, "string");
});

test("columns may have other names, fields other separators, and paths may be absolute in a file on the disk", async () => {
  const folder = write(temporaryFolder(), { "a.png": photo(1), "b.png": photo(2) });
  write(folder, { "list.csv": `Filename;claim;kind\n${folder}/a.png;x;cat\nb.png;y;dog\n` });
  const { listing } = await openSource(join(folder, "list.csv"), { group: "claim" });
  assert.deepEqual(pathsOf(listing), [`${folder}/a.png`, "b.png"]);
  assert.deepEqual([listing.group, { ...listing.columns }], [["x", "y"], { kind: ["cat", "dog"] }]);
  write(folder, { "list.tsv": "image\tkind\na.png\tone, two\nb.png\tx\n" });
  assert.deepEqual((await openSource(join(folder, "list.tsv"))).listing.columns.kind, ["one, two", "x"]);
  // A name in the other Unicode form of the disk.
  write(folder, { "e\u0301.png": photo(3), "forms.csv": "path,kind\n\u00e9.png,x\n" });
  assert.deepEqual(pathsOf((await openSource(join(folder, "forms.csv"))).listing), ["\u00e9.png"]);
});

test("class folders with and without splits, loose images and a single one, on the disk and in archives", async () => {
  const root = temporaryFolder();
  const classes = { ...photos("cats", 2), ...photos("dogs", 3, 10) };
  const parts = { ...photos("Train/cats", 2), ...photos("Train/dogs", 2, 5), ...photos("Test/cats", 1, 9) };
  const testParts = { ...parts, ...photos("Test/dogs", 1, 20) };
  const loose = { "1.png": photo(1), "2.png": photo(2) };
  for (const [name, files, kind, sentence] of [
    ["classes", classes, "classFolders", "has a folder for each class: 5 images, 2 classes."],
    ["parts", testParts, "classFolders", "has a folder for each class: 6 images, 2 classes, parts train, test."],
    ["loose", loose, "images", "has images without labels: 2 images."],
  ] as const) {
    const folder = write(join(root, name), files);
    const archive = `${folder}.zip`;
    writeFileSync(archive, zipSync(files));
    const [onDisk, packed] = [await openSource(folder), await openSource(archive)];
    assert.deepEqual([onDisk.kind, packed.kind], [kind, kind]);
    assert.equal(onDisk.sentence, `${folder} ${sentence}`);
    assert.equal(packed.sentence, `${archive} ${sentence}`);
    const byPath = ({ images, columns, split }: Listing) =>
      images.map(({ path, size }, i) => [path, size, (columns.class as string[] | undefined)?.[i], split?.[i]]).sort();
    assert.deepEqual(byPath(packed.listing), byPath(onDisk.listing));
  }
  const strange = { ...testParts, ...photos("Test/birds", 1, 30) };
  const torn = write(join(root, "torn"), strange);
  writeFileSync(`${torn}.zip`, zipSync(strange));
  for (const path of [torn, `${torn}.zip`])
    await assert.rejects(openSource(path), /Test has 1 class folder that is not among the 2 expected classes: birds/);
  // One name, spelled by two systems.
  const spelled = { ...photos("Train/\u00e9", 2), ...photos("Train/b", 2, 5), ...photos("Test/e\u0301", 1, 9) };
  const twoForms = write(join(root, "forms"), spelled);
  writeFileSync(`${twoForms}.zip`, zipSync(spelled));
  for (const path of [twoForms, `${twoForms}.zip`])
    assert.deepEqual(new Set((await openSource(path)).listing.columns.class as string[]), new Set(["b", "\u00e9"]));
  const single = await openSource(join(root, "loose", "1.png"));
  assert.deepEqual([single.kind, pathsOf(single.listing)], ["images", ["1.png"]]);
});

/** IDX bytes of any axes. */
function idx(axes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * axes.length + values.length);
  bytes.set([0, 0, 8, axes.length]);
  const view = new DataView(bytes.buffer);
  for (const [axis, extent] of axes.entries()) view.setUint32(4 + 4 * axis, extent);
  bytes.set(values, 4 + 4 * axes.length);
  return bytes;
}

const PIXELS = Uint8Array.from({ length: 3 * 4 * 5 }, (_, i) => (i * 17) % 256);
const IDX = {
  "train-images-idx3-ubyte.gz": gzipSync(idx([3, 4, 5], PIXELS)),
  "train-labels-idx1-ubyte": idx([3], Uint8Array.of(7, 0, 7)),
  "t10k-images-idx3-ubyte": idx([1, 4, 5], PIXELS.subarray(20, 40)),
  "t10k-labels-idx1-ubyte.gz": gzipSync(idx([1], Uint8Array.of(3))),
};

test("IDX pairs, gzipped or not, give their pixels and labels", async () => {
  const folder = write(temporaryFolder(), IDX);
  const archive = join(temporaryFolder(), "fashion.zip");
  writeFileSync(archive, zipSync(IDX));
  for (const source of [folder, archive]) {
    const { kind, listing, sentence } = await openSource(source);
    assert.equal(kind, "idx");
    assert.equal(sentence, `${source} has pairs of IDX files: 4 images, 3 classes, parts train, test.`);
    assert.deepEqual(pathsOf(listing), ["test/0.png", "train/0.png", "train/1.png", "train/2.png"]);
    assert.deepEqual(listing.columns.label, ["3", "7", "0", "7"]);
    const { width, height, channels, data } = await decodeImage(await bytesOf(listing.images[3]!), "x");
    assert.deepEqual([width, height, channels, [...data]], [5, 4, 1, [...PIXELS.subarray(40)]]);
  }
  const alone = await openSource(join(folder, "train-labels-idx1-ubyte"));
  assert.deepEqual(pathsOf(alone.listing), ["train/0.png", "train/1.png", "train/2.png"]);
});

test("IDX and gzip files that are damaged, or do not belong together, are told in a sentence", async () => {
  const images = idx([3, 4, 5], PIXELS);
  const labels = idx([3], Uint8Array.of(7, 0, 7));
  const gz = gzipSync(images);
  for (const [files, message] of [
    [
      { "a-images": images.subarray(0, 30), "a-labels": labels },
      /promises 3 x 4 x 5 values, which are 76 bytes .* has 30/,
    ],
    [{ "a-images": images, "a-labels": idx([2], Uint8Array.of(1, 2)) }, /has 3 images and a-labels has 2 labels/],
    [{ "a-images": labels, "a-labels": labels }, /a-images: expected images as \[count, height, width\].*found \[3\]/],
    [{ "a-images": images, "a-labels": images }, /a-labels: expected labels as \[count\], found \[3, 4, 5\]/],
    [{ "a-images": text("hello, world"), "a-labels": labels }, /expected an IDX file of unsigned bytes/],
    [{ "a-images.gz": gz.subarray(0, gz.length - 3), "a-labels": labels }, /gzip data are damaged or cut short/],
    [{ "a-images": images, "a-labels": new Uint8Array(0) }, /a-labels: expected an IDX file.* found nothing/],
  ] as const) {
    const folder = write(temporaryFolder(), files);
    await assert.rejects(openSource(folder), { name: "FoveaError", message });
  }
  const flipped = new Uint8Array(gz);
  flipped[gz.length - 6]! ^= 255;
  const folder = write(temporaryFolder(), { "a-images.gz": flipped, "a-labels": labels });
  await assert.rejects(openSource(folder), /gzip data are damaged/);
  const alone = write(temporaryFolder(), { "x-images": images });
  await assert.rejects(openSource(join(alone, "x-images")), /there is no pair of IDX files; expected names such as/);
});

test("GNT files give their characters, pixels and writers", async () => {
  const samples = gntSamples("东a鸟", 2);
  const files = {
    "HWDB1.1trn_gnt/1001-c.gnt": gntBytes(samples),
    "HWDB1.1tst_gnt/1241-c.gnt": gntBytes(gntSamples("木")),
  };
  const folder = write(temporaryFolder(), files);
  const { kind, listing, sentence } = await openSource(folder);
  assert.equal(kind, "gnt");
  assert.equal(sentence, `${folder} has GNT files: 7 images, 4 classes, 2 groups, parts train, test.`);
  assert.deepEqual(listing.columns.label, ["东", "a", "鸟", "东", "a", "鸟", "木"]);
  assert.deepEqual(new Set(listing.group), new Set(["1001-c", "1241-c"]));
  const decoded = await decodeImage(await bytesOf(listing.images[4]!), "x");
  const { width, height, pixels } = samples[4]!;
  assert.deepEqual([decoded.width, decoded.height, [...decoded.data]], [width, height, [...pixels]]);
  const single = await openSource(join(folder, "HWDB1.1tst_gnt/1241-c.gnt"));
  assert.deepEqual(pathsOf(single.listing), ["1241-c.gnt/1.png"]);
});

test("damaged GNT files are told with the byte", async () => {
  const whole = gntBytes(gntSamples("东鸟"));
  const second = new DataView(whole.buffer).getUint32(0, true);
  const changed = (at: number, value: number): Uint8Array => {
    const bytes = new Uint8Array(whole);
    bytes[at] = value;
    return bytes;
  };
  for (const [bytes, message] of [
    [whole.subarray(0, whole.length - 1), new RegExp(`sample at byte ${second} is cut short`)],
    [whole.subarray(0, second + 4), new RegExp(`sample at byte ${second} is cut short`)],
    [changed(second, 1), new RegExp(`sample at byte ${second} says 1 bytes? for`)],
    [changed(4, 0xff), /at byte 0 has the code ff.*, which is no character in GBK/],
    [new Uint8Array(0), /hold no characters/],
  ] as const) {
    const folder = write(temporaryFolder(), { "1.gnt": bytes });
    await assert.rejects(openSource(folder), { name: "FoveaError", message });
  }
});

test("archives that lie or leave themselves are refused, damage is found when a member is opened", async () => {
  const archive = join(temporaryFolder(), "x.zip");
  const open = async (bytes: Uint8Array) => {
    writeFileSync(archive, bytes);
    return openSource(archive);
  };
  await assert.rejects(open(zipSync({ "../a.png": photo(1) })), /"\.\.\/a\.png" as a path climbs out of the archive/);
  await assert.rejects(open(zipSync({ "/a.png": photo(1) })), /as a path is absolute/);
  await assert.rejects(open(zipSync({ "a\\b.png": photo(1) })), /holds a NUL or a backslash/);
  await assert.rejects(open(zipSync({ "a.txt": photo(1) })), /x\.zip holds no images/);
  const good = zipSync({ "a.png": [photo(1), { level: 0 }] });
  await assert.rejects(open(good.subarray(0, good.length - 5)), /has no end record; it may be cut short/);
  const directory = new DataView(good.buffer, good.byteOffset).getUint32(good.length - 6, true);
  const bomb = new Uint8Array(good);
  new DataView(bomb.buffer).setUint32(directory + 24, 0x7fffffff, true);
  await assert.rejects(open(bomb), /claims to unpack from \d+ to 2147483647 bytes, which is impossible/);
  const damaged = new Uint8Array(good);
  damaged[60]! ^= 255;
  const { listing } = await open(damaged);
  await assert.rejects(bytesOf(listing.images[0]!), /"a\.png" is damaged/);
  const uncounted = zipSync({ "a.png": photo(1), "b.png": photo(2) });
  new DataView(uncounted.buffer, uncounted.byteOffset).setUint16(uncounted.length - 12, 1, true);
  await assert.rejects(open(uncounted), /its directory has more members than it says; pack it as several archives/);
  const chinese = new Uint8Array(good);
  chinese.set([0xb6, 0xab], directory + 46);
  await assert.rejects(open(chinese), /is not in UTF-8; pack it again/);
});

test("what is no source is told, and so are odd files of a page", async () => {
  const folder = write(temporaryFolder(), { "notes.txt": "x", "empty/x.txt": "" });
  await assert.rejects(openSource(join(folder, "none")), /there is no such file or folder; give a folder of images/);
  await assert.rejects(openSource(join(folder, "notes.txt")), /is no source of images; expected a folder, a manifest/);
  await assert.rejects(openSource(join(folder, "empty")), /holds no images/);
  const classes = write(join(folder, "classes"), { ...photos("cats", 2), ...photos("dogs", 2) });
  await assert.rejects(
    openSource(classes, { weight: "w" }),
    /classes: w is named as the column of the weight, and only a manifest has columns; leave it out, or give a manifest/,
  );
  await assert.rejects(openSource(classes, { weigth: "w" } as object), /openSource: unknown option "weigth"/);
  const page = Object.entries({ ...photos("cats", 1), ...photos("dogs", 1) }).map(([path, bytes]) =>
    pageFile(path, bytes),
  );
  await assert.rejects(openPageFiles(page, { exposure: "years" }), /years is named as the column of the exposure/);
  await assert.rejects(openPageFiles([]), /expected at least one file, received none/);
  const twice = pageFile("a.png", photo(1));
  await assert.rejects(openPageFiles([twice, twice]), /two files "a\.png"/);
});

test("a list from code takes labels, numbers and lists, and says what it lacks", async () => {
  const listing = listItems([
    { path: "a", image: photo(1), targets: { cost: 2.5, tags: ["dent"] }, group: "x", date: "2024-01-02", weight: 1 },
    {
      path: "b",
      image: async () => photo(2),
      targets: { cost: 1, tags: [] },
      group: "y",
      date: "2024-01-03",
      weight: 2,
    },
  ]);
  assert.deepEqual({ ...listing.columns }, { cost: Float64Array.of(2.5, 1), tags: [["dent"], []] });
  assert.deepEqual(
    [listing.group, [...listing.weight!]],
    [
      ["x", "y"],
      [1, 2],
    ],
  );
  assert.deepEqual(await Promise.all(listing.images.map(bytesOf)), [photo(1), photo(2)]);
  const image = photo(1);
  assert.throws(() => listItems([]), /expected a list of items/);
  assert.throws(() => listItems([{ path: "a", image, weight: 0 }]), /every weight is 0, so no image would count/);
  assert.throws(
    () =>
      listItems([
        { path: "a", image },
        { path: "a", image },
      ]),
    /a path for every image that no other has, received "a"/,
  );
  assert.throws(
    () =>
      listItems([
        { path: "a", image, group: "x" },
        { path: "b", image },
      ]),
    /b has no group, and others have one/,
  );
  assert.throws(
    () =>
      listItems([
        { path: "a", image, targets: { y: 1 } },
        { path: "b", image },
      ]),
    /b has other targets than a; give all the same columns/,
  );
  assert.throws(() => listItems([{ path: "a", image, exposure: 0 }]), /expected an exposure above 0, received 0 of a/);
  assert.throws(() => listItems([{ path: "a", image, date: "31.5.2024" }]), /expected dates such as 2024-05-31/);
});
