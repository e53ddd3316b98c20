// The network for photos that is in the package: transfer, similar and classify use it when nothing else is named, and it
// needs no file of weights.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { encodePng, writeHanzi } from "../../src/data/index.js";
import { openEmbedder, openShipped } from "../../src/experiment/pretrained/index.js";
import { headTraining, usualBase } from "../../src/experiment/transfer/index.js";
import { fovea, workplace } from "./fovea.js";

let folder = "";

/** A picture of a sky over some ground, or of rings, that no two numbers make alike. */
function picture(rings: boolean, number: number): Uint8Array {
  const [width, height] = [96, 72];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const far = Math.hypot(x - 48 - 3 * number, y - 36);
      const light = rings ? 128 + 100 * Math.cos(far / (2 + number / 3)) : y < 30 + number ? 200 : 60 + ((x * 7) % 40);
      data.set([light, (light * (10 + number)) / 20, rings ? 40 : light], (y * width + x) * 3);
    }
  return encodePng(tensor(data, [height, width, 3], "uint8"));
}

before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  for (const name of ["rings", "skies"]) {
    mkdirSync(join(folder, "views", name), { recursive: true });
    for (let number = 0; number < 10; number++)
      writeFileSync(join(folder, "views", name, `${number}.png`), picture(name === "rings", number));
  }
  await writeHanzi(join(folder, "signs"), { characters: [..."人木"], scale: 0.02, seed: 5 });
});

test("a transfer without a base stands on photos, for ink on paper on handwriting", async () => {
  const { base, sentence } = await usualBase(join(folder, "views"));
  assert.equal(base, "photos");
  assert.match(sentence, /--base names another/);
  assert.equal((await usualBase(join(folder, "signs", "Train"))).base, "hanzi");
  const options = ["--epochs", "20", "--learning-rate", "0.01", "--out", "runs/views", "--json"];
  const { code, stdout, stderr } = await fovea(folder, "transfer", "views", ...options);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /the base is photos, of the package/);
  const { val } = JSON.parse(stdout) as { readonly val: { readonly accuracy: number } };
  assert.ok(val.accuracy >= 0.75, `accuracy ${val.accuracy} of four images in two plain classes`);
  const idle = await fovea(folder, "transfer", "views", "--alpha", "0.5");
  assert.equal(idle.code, 2);
  assert.match(idle.stderr, /--alpha belongs to a base; name it with --base/);
});

test("classify and similar answer with the network of the package, and say no to options of other networks", async () => {
  const image = "views/rings/3.png";
  const classified = await fovea(folder, "classify", image, "--top", "5", "--json");
  assert.equal(classified.code, 0, classified.stderr);
  const [{ top }] = JSON.parse(classified.stdout) as [{ readonly top: readonly [string, string, number][] }];
  assert.equal(top.length, 5);
  assert.match(top[0]![0], /^n\d{8}$/);
  const shares = top.map(([, , share]) => share);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => b - a),
  );
  const { stdout } = await fovea(folder, "similar", "views", image, "--top", "3", "--json");
  const { similar } = JSON.parse(stdout) as { readonly similar: readonly { readonly image: string }[] };
  assert.ok(
    similar.every((found) => found.image.includes("rings")),
    JSON.stringify(similar),
  );
  await assert.rejects(openEmbedder("photos", { weights: "other.h5" }), /--weights is for other models than photos/);
});

test("the file is small, and its answers are probabilities of a thousand classes", async () => {
  const model = await openShipped("photos");
  assert.deepEqual([model.inputShape, model.outputShape], [[160, 160, 3], [1000]]);
  await model.close();
  const assets = new URL("../../../assets/photos/", import.meta.url);
  assert.ok(readdirSync(assets).includes("model.keras"));
});

test("a head of very few images has as many steps as others", () => {
  assert.deepEqual(headTraining(32, 32), { epochs: 600, patience: 60 });
  assert.deepEqual(headTraining(33, 32), { epochs: 300, patience: 30 });
  assert.deepEqual(headTraining(196, 32), { epochs: 100, patience: 10 });
});

test("a head that few validation images stopped at its first epoch is told", async () => {
  // Validation images that lie in the other's folder are best before anything is learned.
  for (const [part, name, isRings] of [
    ["train", "rings", true],
    ["train", "skies", false],
    ["val", "rings", false],
    ["val", "skies", true],
  ] as const) {
    mkdirSync(join(folder, "swapped", part, name), { recursive: true });
    for (let number = 0; number < 6; number++)
      writeFileSync(
        join(folder, "swapped", part, name, `${number}.png`),
        picture(isRings, number + (part === "val" ? 6 : 0)),
      );
  }
  const { code, stderr } = await fovea(
    folder,
    "transfer",
    "swapped",
    "--patience",
    "5",
    "--out",
    "runs/swapped",
    "--json",
  );
  assert.equal(code, 0, stderr);
  assert.match(stderr, /The head learned next to nothing: 12 validation images were best at its first epoch/);
});
