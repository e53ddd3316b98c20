// The methods of compression and pixels on forgeries with exact masks (tools/forge.ts), drawn pictures of 256 x 256: each
// sees what it claims to see, says so, and says nothing of the same picture without the forgery.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode as encodePng } from "fast-png";
import jpegJs from "jpeg-js";
import { openedImage } from "../../src/forensics/examine.js";
import { METHODS, type MethodName } from "../../src/forensics/methods.js";
import type { Evidence } from "../../src/forensics/record/evidence.js";
import { areaUnderRoc } from "../../tools/area-under-roc.js";
import { drawnPhoto, type ForgeryName, forge } from "../../tools/forge.js";

const SIDE = 256;
const [photo, donor] = [drawnPhoto(1, SIDE), drawnPhoto(2, SIDE)];

const evidenceOf = async (method: MethodName, bytes: Uint8Array): Promise<Evidence> =>
  METHODS[method].run(await openedImage(bytes, {}));

/** The honest picture, saved once as JPEG. */
function honest(quality: number): Uint8Array {
  const data = new Uint8Array(4 * SIDE * SIDE).fill(255);
  for (let i = 0; i < SIDE * SIDE; i++) data.set(photo.data.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint8Array(jpegJs.encode({ width: SIDE, height: SIDE, data }, quality).data);
}

const CASES: readonly (readonly [ForgeryName, MethodName, least: number, Evidence["finding"]])[] = [
  ["double-aligned", "saved-twice", 0.97, "contradicts"],
  ["patch-60-in-90", "ghost", 0.95, "contradicts"],
  ["double-shifted", "other-grid", 0.95, "contradicts"],
  ["shifted-in-png", "other-grid", 0.95, "contradicts"],
  ["copy-plain", "copies", 0.92, "contradicts"],
  ["copy-turned", "copies", 0.92, "contradicts"],
  ["splice-scaled", "enlarged", 0.93, "notable"],
  ["splice-noise", "noise", 0.9, "shown"],
];

for (const [forgery, method, least, finding] of CASES)
  test(`${method} sees ${forgery}`, async () => {
    const { bytes, mask, changed } = await forge(forgery, photo, donor, 7);
    const evidence = await evidenceOf(method, bytes);
    assert.equal(evidence.finding, finding, evidence.sentence);
    const area = areaUnderRoc(evidence.map!, method === "copies" ? mask : changed, SIDE, SIDE);
    assert.ok(area >= least, `area under the ROC curve ${area.toFixed(3)}`);
  });

test("an honest picture has no contradiction", async () => {
  const bytes = honest(90);
  for (const method of ["saved-twice", "ghost", "other-grid", "copies", "enlarged"] as const)
    assert.equal((await evidenceOf(method, bytes)).finding, "none", method);
  for (const method of ["error-level", "noise", "tables"] as const)
    assert.equal((await evidenceOf(method, bytes)).finding, "shown", method);
});

test("a picture that was a JPEG file before is told as such, and not as blocks beside blocks", async () => {
  const image = await openedImage(honest(60), {});
  const { finding, sentence } = await evidenceOf("other-grid", encodePng({ ...(await image.pixels()), depth: 8 }));
  assert.equal(finding, "notable", sentence);
  assert.match(
    sentence,
    /compressed as JPEG before with a quality of about 60: it was opened, and saved in this format/,
  );
  const never = await evidenceOf("other-grid", encodePng({ ...photo, depth: 8 }));
  assert.deepEqual([never.finding, never.sentence], ["none", "No earlier compression as JPEG shows."]);
});

test("pictures of a few pixels are refused in a sentence, or tell nothing", async () => {
  const data = new Uint8Array(4 * 5 * 3).fill(200);
  const bytes = new Uint8Array(jpegJs.encode({ width: 5, height: 3, data }, 90).data);
  for (const method of ["saved-twice", "ghost", "other-grid", "error-level", "copies", "enlarged", "noise"] as const)
    assert.ok(["none", "unable", "shown"].includes((await evidenceOf(method, bytes)).finding), method);
});
