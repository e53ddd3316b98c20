import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { decodeImage } from "../../src/data/decoders/index.js";
import { claimOf, photoRandom, placeOf } from "../../src/data/generators/hail/claim.js";
import { classOf, damageOf, SEVERE_FROM } from "../../src/data/generators/hail/damage.js";
import { type HailImage, hailImage, synthesizeHail } from "../../src/data/generators/hail/hail.js";
import { isMetal, type Panel, panelOf } from "../../src/data/generators/hail/panel.js";
import { COST_SHAPE, drawCost, expectedCost } from "../../src/data/generators/hail/price.js";
import { reliefOf } from "../../src/data/generators/hail/relief.js";
import { hailAnnotations, hailManifest } from "../../src/data/generators/hail/tables.js";
import { writeHail } from "../../src/data/generators/hail/write.js";
import { parseCsv } from "../../src/data/table/csv.js";
import { sha256Hex } from "../../src/platform/hashing.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-hail-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const small = { height: 40, width: 56 };
const photos = [...synthesizeHail({ count: 160, seed: 3, ...small })];

test("a seed gives the same bytes for ever", async () => {
  const hashed: Uint8Array[] = [];
  for (const { pixels, mask, cost } of synthesizeHail({ count: 12, seed: 1 }))
    hashed.push(pixels, mask, new TextEncoder().encode(String(cost)));
  assert.equal(
    await sha256Hex(Buffer.concat(hashed)),
    "cb795625cd3f9659107161a56c89d505406311363a4086d3b404bd3f9ed38cff",
  );
  const photo = hailImage(7, { seed: 3, ...small });
  assert.deepEqual(photo, photos[6], "a photo needs none of those before it");
  assert.notDeepEqual(hailImage(7, { seed: 4, ...small }).pixels, photo.pixels);
});

test("the truth does not depend on the size in pixels", () => {
  for (const index of [1, 9, 15, 40]) {
    const truth = ({ class: name, labels, dents, cost, expectedCost, exposure }: HailImage) => ({
      ...{ name, labels, dents, cost, expectedCost, exposure },
    });
    const [coarse, fine] = [hailImage(index, { height: 32, width: 32 }), hailImage(index, { height: 128, width: 128 })];
    assert.deepEqual(truth(coarse), truth(fine));
    assert.equal(coarse.boxes.length, fine.boxes.length);
  }
});

test("photos of a claim share group, date and the car's paint, and claims follow one another", () => {
  const places = Array.from({ length: 200 }, (_, i) => placeOf(i + 1));
  assert.deepEqual(places[0], { claim: 1, photo: 1 });
  for (const [i, { claim, photo }] of places.entries()) {
    const before = places[i - 1] ?? { claim: 0, photo: 0 };
    assert.deepEqual(
      { claim, photo },
      photo === 1 ? { claim: before.claim + 1, photo } : { ...before, photo: before.photo + 1 },
    );
  }
  for (const [i, { group, date, name }] of photos.entries()) {
    const claim = claimOf(3, places[i]!.claim);
    assert.deepEqual([group, date], [claim.name, claim.date]);
    assert.equal(name, `${group}-${places[i]!.photo}`);
    assert.match(date, /^20(19|2[0-4])-0[5-9]-\d\d$/);
  }
  assert.equal(new Set(photos.map(({ name }) => name)).size, photos.length);
  const cars = new Set(Array.from({ length: 100 }, (_, i) => claimOf(3, i + 1).paint.name));
  assert.equal(cars.size, 10, "a hundred claims have all paints");
});

test("classes, labels and counts agree with the boxes, and all of them occur", () => {
  for (const { class: name, labels, dents, boxes } of photos) {
    const count = (label: string): number => boxes.filter((box) => box.label === label).length;
    assert.equal(count("dent"), dents);
    assert.deepEqual(
      labels,
      ["dent", "scratch", "glass"].filter((label) => count(label) > 0),
    );
    assert.equal(name === "none", dents === 0 && count("glass") === 0);
    if (count("glass") > 0) assert.equal(name, "severe");
    assert.ok(count("glass") <= 1);
  }
  for (const name of ["none", "minor", "severe"])
    assert.ok(photos.filter((photo) => photo.class === name).length > 20, name);
  for (const label of ["dent", "scratch", "glass"] as const)
    assert.ok(photos.filter(({ labels }) => labels.includes(label)).length > 5, label);
  const dent = { x: 0, y: 0, diameter: SEVERE_FROM / 4, steepness: 0.1, stretch: 1, angle: 0 };
  const damage = (count: number) => ({ dents: Array(count).fill(dent), scratches: [], cracks: [] });
  assert.deepEqual(
    [0, 3, 4].map((count) => classOf(damage(count))),
    ["none", "minor", "severe"],
  );
});

test("boxes lie in the picture, and those of dents frame the mask to the pixel", () => {
  for (const { width, height, mask, boxes } of photos) {
    const framed = new Uint8Array(mask.length);
    let area = 0;
    for (const box of boxes) {
      assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height);
      assert.ok(box.width > 0 && box.height > 0 && box.area > 0 && box.area <= box.width * box.height);
      if (box.label !== "dent") continue;
      area += box.area;
      const inside = (x: number, y: number): number => mask[y * width + x]!;
      const columns = Array.from({ length: box.width }, (_, i) => box.x + i);
      const rows = Array.from({ length: box.height }, (_, i) => box.y + i);
      for (const x of columns) for (const y of rows) framed[y * width + x] = 255;
      for (const y of [box.y, box.y + box.height - 1]) assert.ok(columns.some((x) => inside(x, y) === 255));
      for (const x of [box.x, box.x + box.width - 1]) assert.ok(rows.some((y) => inside(x, y) === 255));
    }
    const masked = mask.filter((value) => value === 255).length;
    assert.ok(mask.every((value, i) => value === 0 || (value === 255 && framed[i] === 255)));
    // Dents may touch, and then share pixels.
    assert.ok(masked <= area && masked >= 0.8 * area, `${masked} of ${area}`);
  }
});

test("pixels of several cracks count once in the area of a broken pane", () => {
  const line = { points: [-20, 0, 20, 0], halfWidth: 2 };
  const panel: Panel = {
    ...{ share: 1, isFlat: true, halfWidth: 100, halfHeight: 100, tilt: [0, 0], curve: [0, 0], twist: 0 },
    glass: { nx: 1, ny: 0, offset: -1000 },
  };
  const area = (cracks: readonly (typeof line)[]): number =>
    reliefOf(panel, { dents: [], scratches: [], cracks }, 64, 64).boxes[0]!.area;
  assert.ok(area([line]) > 0);
  assert.equal(area([line, line]), area([line]));
});

test("dents are on metal, and hail leaves the undamaged claims alone", () => {
  let undamaged = 0;
  for (let number = 1; number <= 60; number++) {
    const claim = claimOf(0, number);
    const panel = panelOf(photoRandom(0, number, 1, "panel"), 1);
    const { dents, cracks } = damageOf(photoRandom(0, number, 1, "damage"), claim, panel);
    for (const { x, y, diameter } of dents) {
      assert.ok(isMetal(panel, x, y, diameter / 2));
      assert.ok(Math.abs(x) <= panel.halfWidth && Math.abs(y) <= panel.halfHeight);
    }
    if (panel.glass === undefined) assert.deepEqual(cracks, []);
    if (claim.dentsAPanel > 0) continue;
    undamaged++;
    assert.deepEqual([dents, cracks], [[], []]);
  }
  assert.ok(undamaged > 3 && undamaged < 25, `${undamaged} of 60`);
});

test("the expected cost is that of the price list, and invoices spread around it as a gamma of that shape", () => {
  const dent = { x: 0, y: 0, diameter: 40, steepness: 0.1, stretch: 1, angle: 0 };
  const line = { points: [0, 0, 9, 9], halfWidth: 1 };
  const damage = { dents: [dent, dent], scratches: [line], cracks: [line, line] };
  // 60 + 1.25 (2 (18 + 0.035 40^2) + 110) + 520, and without the factor of metallic paint.
  assert.ok(Math.abs(expectedCost(damage, { metallic: true }) - 902.5) < 1e-9);
  assert.ok(Math.abs(expectedCost(damage, { metallic: false }) - 838) < 1e-9);
  assert.equal(expectedCost({ dents: [], scratches: [], cracks: [] }, { metallic: true }), 60);
  const random = photoRandom(0, 1, 1, "damage");
  const draws = Array.from({ length: 4000 }, () => drawCost(random, 500) / 500);
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
  // Four standard errors: the variance of a mean of n is 1 / (n shape), and that of the variance some 2.75 / (n shape^2).
  assert.ok(Math.abs(mean - 1) < 4 / Math.sqrt(4000 * COST_SHAPE), `mean ${mean}`);
  assert.ok(Math.abs(variance * COST_SHAPE - 1) < 4 * Math.sqrt(2.75 / 4000), `variance ${variance}`);
  const ratios = photos.map((photo) => photo.cost / photo.expectedCost);
  assert.ok(
    Math.abs(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length - 1) < 4 / Math.sqrt(160 * COST_SHAPE),
  );
});

test("dents change the picture where the mask is, more than elsewhere", () => {
  // Roughness is by how much a pixel differs from the mean of its four neighbours.
  let [onDents, elsewhere] = [0, 0];
  for (const photo of photos.filter(({ dents }) => dents > 4)) {
    const { width, height, pixels, mask } = photo;
    const rough = (wanted: number): number => {
      let [sum, count] = [0, 0];
      for (let y = 1; y + 1 < height; y++)
        for (let x = 1; x + 1 < width; x++) {
          const at = y * width + x;
          if (mask[at] !== wanted) continue;
          const green = (i: number): number => pixels[3 * i + 1]!;
          sum += Math.abs(4 * green(at) - green(at - 1) - green(at + 1) - green(at - width) - green(at + width));
          count++;
        }
      return sum / count;
    };
    onDents += rough(255);
    elsewhere += rough(0);
  }
  assert.ok(onDents > 1.5 * elsewhere, `${onDents} against ${elsewhere}`);
});

test("the written folder holds what the generator made", async () => {
  const told: number[] = [];
  const target = join(folder, "set");
  const totals = await writeHail(target, { count: 30, seed: 3, ...small }, (done, total) => told.push(done / total));
  assert.equal(told.at(-1), 1);
  assert.deepEqual(readdirSync(target).sort(), ["annotations.json", "images", "manifest.csv", "masks"]);
  const made = photos.slice(0, 30);
  const sum = (value: (photo: HailImage) => number): number => made.reduce((total, photo) => total + value(photo), 0);
  assert.deepEqual(totals, {
    images: 30,
    groups: new Set(made.map(({ group }) => group)).size,
    classes: Object.fromEntries(
      ["none", "minor", "severe"].map((name) => [name, sum((row) => Number(row.class === name))]),
    ),
    labels: Object.fromEntries(
      (["dent", "scratch", "glass"] as const).map((name) => [name, sum(({ labels }) => Number(labels.includes(name)))]),
    ),
    dents: sum(({ dents }) => dents),
    cost: Math.round(100 * sum(({ cost }) => cost)) / 100,
  });
  const [header, ...rows] = parseCsv(readFileSync(join(target, "manifest.csv"), "utf8"));
  assert.deepEqual(header, ["path", "class", "labels", "dents", "cost", "exposure", "group", "date"]);
  assert.equal(rows.length, 30);
  for (const [i, photo] of made.entries()) {
    const [path, name, labels, dents, cost, exposure, group, date] = rows[i]!;
    assert.deepEqual(
      [path, name, labels, group, date],
      [`images/${photo.name}.png`, photo.class, photo.labels.join(";"), photo.group, photo.date],
    );
    assert.deepEqual([Number(dents), Number(cost), Number(exposure)], [photo.dents, photo.cost, photo.exposure]);
    assert.ok(photo.cost > 0 && photo.exposure >= 0.5 && photo.exposure <= 1);
  }
  const photo = made[3]!;
  const read = (of: string) => decodeImage(new Uint8Array(readFileSync(join(target, of, `${photo.name}.png`))), of);
  assert.deepEqual((await read("images")).data, photo.pixels);
  assert.deepEqual((await read("masks")).data, photo.mask);
  assert.deepEqual(JSON.parse(readFileSync(join(target, "annotations.json"), "utf8")), hailAnnotations(made));
});

test("the annotations are COCO's: ids are unique, and every reference has its object", () => {
  const { images, categories, annotations } = hailAnnotations(photos);
  assert.deepEqual(
    categories.map(({ id, name }) => [id, name]),
    [
      [1, "dent"],
      [2, "scratch"],
      [3, "glass"],
    ],
  );
  const ids = new Map(images.map((image) => [image.id, image]));
  assert.equal(ids.size, photos.length);
  assert.equal(new Set(annotations.map(({ id }) => id)).size, annotations.length);
  assert.equal(
    annotations.length,
    photos.reduce((sum, { boxes }) => sum + boxes.length, 0),
  );
  for (const { image_id, category_id, bbox, area, iscrowd } of annotations) {
    const { width, height } = ids.get(image_id)!;
    assert.ok(category_id >= 1 && category_id <= 3 && area > 0 && iscrowd === 0);
    assert.ok(bbox[0] + bbox[2] <= width && bbox[1] + bbox[3] <= height);
  }
  assert.equal(hailManifest([]), "path,class,labels,dents,cost,exposure,group,date\n");
});

test("what cannot be is said in one sentence, and nothing is left behind", async () => {
  const target = join(folder, "never");
  await assert.rejects(
    writeHail(target, { count: 0 }),
    /hail count: expected a whole number of at least 1, received 0/,
  );
  await assert.rejects(writeHail(target, { count: 100_001 }), /hail count: expected at most 100000, received 100001/);
  await assert.rejects(writeHail(target, { height: 31 }), /hail height: expected a whole number of at least 32/);
  await assert.rejects(writeHail(target, { width: 513 }), /hail width: expected at most 512, received 513/);
  await assert.rejects(writeHail(target, { seed: -1 }), /hail seed: expected a whole number/);
  await assert.rejects(writeHail(target, { sizes: 1 } as never), /hail: unknown option "sizes"/);
  assert.throws(() => hailImage(0), /hailImage index: expected a whole number of at least 1/);
  const stopped = AbortSignal.abort(new Error("stopped"));
  await assert.rejects(writeHail(target, { count: 80, ...small }, undefined, stopped), /stopped/);
  await assert.rejects(writeHail(folder, { count: 2 }), /is not empty; give a new or an empty folder/);
  assert.deepEqual(readdirSync(folder), ["set"]);
});
