// Among good images some that are none: predict, classify's kin, similar and explain answer for the good ones, name each
// bad one and end with 1. Folders and patterns mean the same in every shell.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { encode } from "fast-png";
import { saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";
import { type Ended, fovea, workplace } from "../cli/fovea.js";

let folder = "";
before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  const model = sequential([
    input([8, 8, 1]),
    rescaling(1 / 255),
    conv2d(3, 3),
    globalAveragePooling2d(),
    dense(2, { activation: "softmax" }),
  ]);
  writeFileSync(join(folder, "m.keras"), await saveKeras(model, { facts: { version: 1, classNames: ["cat", "dog"] } }));
  await model.close();
  mkdirSync(join(folder, "set/deep"), { recursive: true });
  mkdirSync(join(folder, "empty"));
  for (const [n, name] of ["0.png", "1.png", "deep/2.png"].entries()) {
    const data = Uint8Array.from({ length: 64 }, (_, i) => (i * (n + 3) * 7) % 256);
    writeFileSync(join(folder, "set", name), encode({ width: 8, height: 8, channels: 1, depth: 8, data }));
  }
  writeFileSync(join(folder, "set/page.jpg"), "<!DOCTYPE html><html><body>Not found</body></html>");
  writeFileSync(join(folder, "set/empty.png"), "");
});

interface Entry {
  readonly image: string;
  readonly top?: readonly object[];
  readonly error?: string;
}

async function predicted(...args: readonly string[]): Promise<{ ended: Ended; predictions: readonly Entry[] }> {
  const ended = await fovea(folder, "predict", "m.keras", ...args, "--json");
  return { ended, predictions: (JSON.parse(ended.stdout) as { predictions: Entry[] }).predictions };
}

test("predict answers for the good files, names the bad ones and ends with 1", async () => {
  const { ended, predictions } = await predicted("set/0.png", "set/page.jpg", "set/1.png", "nowhere.png");
  assert.equal(ended.code, 1);
  assert.deepEqual(
    predictions.map(({ image, top, error }) => [image, top?.length, error !== undefined]),
    [
      ["set/0.png", 2, false],
      ["set/page.jpg", undefined, true],
      ["set/1.png", 2, false],
      ["nowhere.png", undefined, true],
    ],
  );
  const lines = ended.stderr.trim().split("\n");
  assert.equal(lines.length, 2, ended.stderr);
  assert.match(lines[0]!, /set\/page\.jpg/);
  assert.match(lines[1]!, /nowhere\.png: there is no such file/);
  const text = await fovea(folder, "predict", "m.keras", "set/0.png", "set/page.jpg", "--top", "1");
  assert.equal(text.code, 1);
  assert.match(text.stdout, /set\/0\.png +(cat|dog) +\d/);
  const good = await fovea(folder, "predict", "m.keras", "set/0.png");
  assert.deepEqual([good.code, good.stderr], [0, ""]);
});

test("folders are walked and patterns expanded, and one that matches nothing is a sentence", async () => {
  const imagesOf = async (...args: readonly string[]): Promise<string[]> =>
    (await predicted(...args)).predictions.map(({ image }) => image);
  assert.deepEqual(await imagesOf("set/deep"), ["set/deep/2.png"]);
  assert.deepEqual(await imagesOf("set"), [
    "set/0.png",
    "set/1.png",
    "set/deep/2.png",
    "set/empty.png",
    "set/page.jpg",
  ]);
  assert.deepEqual(await imagesOf("set/[01].png"), ["set/0.png", "set/1.png"]);
  assert.deepEqual(await imagesOf("set/**/{0,2}.png"), ["set/0.png", "set/deep/2.png"]);
  assert.deepEqual(await imagesOf("s*t/*.jpg", "set/0.png"), ["set/page.jpg", "set/0.png"]);
  for (const [typed, sentence] of [
    ["set/*.gif", /^nothing matches set\/\*\.gif; expected a pattern/],
    ["empty", /^empty: there are no images in it/],
  ] as const) {
    const { code, stdout, stderr } = await fovea(folder, "predict", "m.keras", typed, "--json");
    const answer = JSON.parse(stdout) as { readonly error: string; readonly code: string };
    assert.deepEqual([code, stderr], [1, `fovea: ${answer.error}\n`]);
    assert.match(answer.error, sentence);
  }
});

test("similar and explain go on without the bad ones as well", async () => {
  const similar = await fovea(folder, "similar", "set", "set/0.png", "--model", "m.keras", "--json");
  assert.equal(similar.code, 1, similar.stderr);
  const found = JSON.parse(similar.stdout) as { similar: Entry[]; failed: Entry[] };
  assert.deepEqual([found.similar.length, found.similar[0]!.image], [3, "set/0.png"]);
  assert.deepEqual(
    found.failed.map(({ image }) => image),
    ["set/empty.png", "set/page.jpg"],
  );
  const explained = await fovea(folder, "explain", "m.keras", "set/?.png", "set/page.jpg", "--out", "maps", "--json");
  assert.equal(explained.code, 1, explained.stderr);
  const { pictures } = JSON.parse(explained.stdout) as { pictures: Entry[] };
  assert.deepEqual(
    pictures.map(({ image, error }) => [image, error !== undefined]),
    [
      ["set/0.png", false],
      ["set/1.png", false],
      ["set/page.jpg", true],
    ],
  );
  assert.match(explained.stderr, /set\/page\.jpg/);
});
