// The dossier: the rule from findings to a conclusion, options, JSON, and maps that are turned upright with the picture.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type Orientation, turnUpright } from "../../src/data/index.js";
import {
  CONCLUSIONS,
  concludeFrom,
  dossierJson,
  examine,
  FINDINGS,
  type FindingOfMethod,
  METHOD_KINDS,
  METHOD_NAMES,
  METHODS,
  meaningOf,
} from "../../src/forensics/index.js";
import { upright } from "../../src/forensics/upright.js";
import { ascii, exifSegment, jpegWith, tiff } from "./made-files.js";

test("a conclusion follows from the findings by four rules", () => {
  const rules: readonly (readonly [findings: readonly FindingOfMethod[], conclusion: string])[] = [
    [[], "cannot be told"],
    [["unable", "unable"], "cannot be told"],
    [["shown", "unable"], "cannot be told"],
    [["none", "unable"], "not enough evidence"],
    [["notable"], "not enough evidence"],
    [Array(20).fill("notable"), "not enough evidence"],
    [Array(20).fill("supports"), "not enough evidence"],
    [["verifies"], "origin verified"],
    [["notable", "verifies", "none"], "origin verified"],
    [["contradicts"], "contradiction found"],
    [["verifies", "contradicts"], "contradiction found"],
  ];
  for (const [findings, conclusion] of rules) assert.equal(concludeFrom(findings), conclusion, findings.join(", "));
  for (const finding of FINDINGS) assert.ok(CONCLUSIONS.includes(concludeFrom([finding])));
  for (const conclusion of CONCLUSIONS) assert.match(meaningOf(conclusion), /^[A-Z].*\. [A-Z].*\.$/);
});

test("every method has its name, and says what it measures, its limits and its source", () => {
  for (const name of METHOD_NAMES) {
    const { measures, limits, source, title, kind, ...method } = METHODS[name];
    assert.equal(method.name, name);
    assert.ok(METHOD_KINDS.includes(kind), name);
    for (const words of [measures, limits, source, title])
      assert.ok(words.length > 3 && !words.endsWith("."), `${name}: ${words}`);
    assert.ok(!/forged|genuine|authentic/i.test(measures), `${name} gives no verdict`);
  }
});

const photo = jpegWith(exifSegment(tiff([ascii(0x10f, "Canon")], [ascii(0x9003, "2024:05:31 12:30:00")])));

test("a dossier has the file's hash and size, and JSON in the form of the contract", async () => {
  const dossier = await examine(photo, { name: "photo.jpg", modified: Date.UTC(2024, 5, 1) });
  assert.equal(dossier.sha256, createHash("sha256").update(photo).digest("hex"));
  assert.deepEqual([dossier.bytes, dossier.width, dossier.height, dossier.format], [photo.length, 8, 8, "JPEG"]);
  assert.equal(dossier.modified, "2024-06-01T00:00:00.000Z");
  const json = JSON.parse(JSON.stringify(dossierJson(dossier))) as Record<string, unknown>;
  assert.deepEqual(Object.keys(json), ["image", "sha256", "bytes", "conclusion", "evidence", "versions"]);
  const evidence = json.evidence as Record<string, unknown>[];
  assert.deepEqual(
    evidence.map(({ method }) => method),
    [...METHOD_NAMES],
  );
  for (const found of evidence) {
    assert.deepEqual(Object.keys(found).slice(0, 4), ["method", "measures", "finding", "sentence"]);
    assert.match(String(found.sentence), /\.$/);
  }
});

test("the same bytes give the same dossier, whatever the bytes lie in", async () => {
  const inside = new Uint8Array(photo.length + 7);
  inside.set(photo, 7);
  const [first, second] = [await examine(photo), await examine(inside.subarray(7))];
  assert.deepEqual(second, first);
});

test("unknown options and methods are refused", async () => {
  const refused = (options: object): Promise<unknown> => examine(photo, options);
  await assert.rejects(refused({ method: "times" }), /unknown option "method"/);
  await assert.rejects(refused({ methods: ["time"] }), /expected methods among .* received "time"/);
  await assert.rejects(refused({ picture: 0.5 }), /picture: expected a whole number/);
});

test("a picture is reduced and turned upright; one that cannot be decoded is left out", async () => {
  const turned = jpegWith(exifSegment(tiff([[0x112, 3, 1, 6]])));
  const { picture } = await examine(turned, { picture: 4 });
  assert.deepEqual([picture?.width, picture?.height, picture?.channels], [4, 4, 1]);
  const damaged = await examine(turned.subarray(0, 80), { picture: 4 }).catch(() => undefined);
  assert.equal(damaged?.picture, undefined);
});

test("maps and regions are turned as the pixels are, in all eight orientations", () => {
  const [width, height] = [5, 3];
  const region = { x: 1, y: 2, width: 2, height: 1, label: "copy" };
  const values = new Uint8Array(width * height);
  for (let x = region.x; x < region.x + region.width; x++) values[region.y * width + x] = 255;
  const map = { title: "t", low: "a", high: "b", width, height, values };
  for (let orientation = 1; orientation <= 8; orientation++) {
    const turn = orientation as Orientation;
    const evidence = { finding: "shown", sentence: "s.", map, maps: [map], regions: [region] } as const;
    const found = upright(evidence, { width, height }, turn);
    const pixels = turnUpright({ width, height, channels: 1, data: values }, turn);
    assert.deepEqual(
      [found.map.width, found.map.height, [...found.map.values]],
      [pixels.width, pixels.height, [...pixels.data]],
    );
    assert.deepEqual(found.maps[0], found.map);
    const box = found.regions[0]!;
    for (let y = 0; y < pixels.height; y++)
      for (let x = 0; x < pixels.width; x++) {
        const isInside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
        assert.equal(pixels.data[y * pixels.width + x] === 255, isInside, `orientation ${orientation} at ${x}, ${y}`);
      }
  }
});
