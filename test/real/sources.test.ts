// Sources on real data: the house prices' manifest, and Debian's Fashion-MNIST in IDX files.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  decodeImage,
  filesByHash,
  importImages,
  loadImages,
  openSource,
  PART_NAMES,
  sharedImages,
  splitIntoParts,
  targetsOf,
} from "../../src/data/index.js";
import { filesInTar, realData } from "./shared-data.js";

const houses = realData("house-prices.tar");

test("the house prices open from their manifest, and no area is in two parts", { skip: houses.skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-houses-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const { path, bytes } of filesInTar(houses.path)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const { listing, sentence } = await openSource(join(folder, "house-prices"));
  assert.match(sentence, /is a manifest: 185 images, columns price, area, bedrooms, bathrooms, \d+ groups\.$/);
  assert.throws(
    () => targetsOf(listing),
    /found price, area, bedrooms, bathrooms; say which it is, as in --target price/,
  );
  const { targets, kind } = targetsOf(listing, { columns: ["price"] });
  assert.ok(targets.kind === "numbers" && kind === "numbers");
  // The README of the data: predicting the mean has this RMSE.
  const mean = targets.values.reduce((sum, price) => sum + price, 0) / 185;
  const rmse = Math.sqrt(targets.values.reduce((sum, price) => sum + (price - mean) ** 2, 0) / 185);
  assert.equal(Math.round(rmse), 487_819);
  const group = listing.group!;
  const { rows } = splitIntoParts({ where: listing.where, count: 185, group });
  const areas = PART_NAMES.map((part) => new Set(Array.from(rows[part], (row) => group[row]!)));
  assert.equal(
    areas.reduce((sum, { size }) => sum + size, 0),
    new Set(group).size,
  );
  assert.ok(Math.abs(rows.test.length - 37) <= 8, `${rows.test.length} of 185 test`);
});

const FASHION = "/usr/share/datasets/fashion-mnist";
const skip = existsSync(FASHION) ? false : `no ${FASHION}; apt-get install dataset-fashion-mnist`;

test("Fashion-MNIST opens and imports", { skip }, async (t) => {
  const { listing, sentence } = await openSource(FASHION);
  assert.equal(sentence, `${FASHION} has pairs of IDX files: 70,000 images, 10 classes, parts train, test.`);
  const labels = listing.columns.label as readonly string[];
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  assert.ok([...counts.values()].every((count) => count === 7000));
  const out = mkdtempSync(join(tmpdir(), "fovea-fashion-"));
  t.after(() => rmSync(out, { recursive: true, force: true }));
  const totals = await importImages("mnist-idx", `${FASHION}/t10k-images-idx3-ubyte.gz`, out, { limit: 500 });
  assert.deepEqual(totals, { images: 500, classes: 10, parts: { test: 500 } });
  const images = await loadImages(join(out, "Test"), { cache: false });
  assert.deepEqual(images.x.shape, [500, 28, 28, 1]);
  // The first image of testing, an ankle boot of class 9, is the first of its folder.
  const first = listing.images[listing.split!.indexOf("test")]!.source as () => Promise<Uint8Array>;
  const { data } = await decodeImage(await first(), "first");
  assert.equal(labels[listing.split!.indexOf("test")], "9");
  const at = images.files.indexOf("9/1.png");
  assert.deepEqual(images.x.data.slice(at * 784, (at + 1) * 784), new Uint8Array(data));
  assert.equal(sharedImages(images, filesByHash(images)).count, 500);
});
