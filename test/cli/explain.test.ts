// `fovea explain`: the pictures it writes and what it says of wrong questions.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decode, encode } from "fast-png";
import { saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, flatten, globalAveragePooling2d, input } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "./fovea.js";

test("explain writes pictures of decisions, layers, filters and features", async (t) => {
  const folder = workplace(t);
  const model = sequential([
    input([12, 10, 1]),
    conv2d(4, 3, { padding: "same", activation: "relu", name: "eyes" }),
    globalAveragePooling2d(),
    flatten(),
    dense(3, { activation: "softmax" }),
  ]);
  writeFileSync(join(folder, "model.keras"), await saveKeras(model));
  await model.close();
  const pixels = Uint8Array.from({ length: 120 }, (_, i) => (i * 37) % 256);
  writeFileSync(join(folder, "a.png"), encode({ width: 10, height: 12, channels: 1, depth: 8, data: pixels }));

  const cam = await fovea(folder, "explain", "model.keras", "a.png", "--class", "1", "--json");
  assert.equal(cam.code, 0, cam.stderr);
  const { pictures } = JSON.parse(cam.stdout) as { pictures: { file: string; class: string; probability: number }[] };
  assert.equal(pictures[0]!.class, "1");
  assert.ok(pictures[0]!.probability > 0 && pictures[0]!.probability < 1);
  const drawn = decode(readFileSync(join(folder, "explanation", pictures[0]!.file)));
  assert.deepEqual([drawn.width, drawn.height, drawn.channels], [2 * 200 + 3 * 8, 240 + 16, 3]);

  for (const [extra, file] of [
    [["a.png", "--method", "activations"], "eyes.png"],
    [["--method", "filters"], "filters.png"],
    [["--layer", "eyes", "--targets", "0-1,3", "--steps", "3"], "features-eyes.png"],
    [["a.png", "--method", "saliency"], "01-a-saliency.png"],
  ] as const) {
    const { code, stderr } = await fovea(folder, "explain", "model.keras", ...extra, "--out", "more");
    assert.equal(code, 0, stderr);
    assert.ok(readdirSync(join(folder, "more")).includes(file), file);
  }

  const features = ["explain", "model.keras", "--layer", "eyes", "--targets", "2", "--steps", "3"];
  const told = JSON.parse((await fovea(folder, ...features, "--json")).stdout) as {
    pictures: { targets: { channel: number; before: number; after: number; ceiling: number }[] }[];
  };
  const { channel, before, after, ceiling } = told.pictures[0]!.targets[0]!;
  assert.ok(
    channel === 2 && after > before && ceiling >= after,
    `${channel}: ${before} to ${after}, at most ${ceiling}`,
  );
  assert.match(
    (await fovea(folder, ...features)).stdout,
    /^channel +in noise +in the picture +no image exceeds\n.*\n2 +[-\d.]+ +[\d.]+ +[\d.]+\n\nThe/,
  );

  const gallery = await fovea(folder, "explain", "model.keras", "a.png", "--gallery", "--steps", "2", "--json");
  assert.equal(gallery.code, 0, gallery.stderr);
  const { features: climbs } = JSON.parse(gallery.stdout) as { features: { layer: string; before: number[] }[] };
  assert.deepEqual(
    climbs.map(({ layer }) => layer),
    ["eyes"],
  );
  assert.match(readFileSync(join(folder, "explanation/gallery.html"), "utf8"), /Maps of each layer for one image/);
  const climbed = decode(readFileSync(join(folder, "explanation/features.png")));
  assert.equal(climbed.width, climbs[0]!.before.length * (10 * 8 + 6) + 6);

  const wrong: [readonly string[], number, RegExp][] = [
    [["--gallery"], 2, /--gallery shows the maps of each layer for one image; name one image/],
    [["a.png", "--gallery", "--class", "1"], 2, /leave out --class/],
    [["a.png", "--gallery", "--report"], 1, /is not the folder of a run/],
    [["a.png", "--report"], 2, /add --gallery/],
    [["--method", "gradcam"], 2, /--method gradcam is about images; name at least one/],
    [["a.png", "--method", "filters"], 2, /--method filters is about the model; name no images/],
    [["a.png", "a.png", "--method", "activations"], 2, /shows one image; name only one/],
    [["a.png", "--class", "cat"], 1, /there is no class cat; expected a number from 0 to 2 or a class name/],
    [["a.png", "--layer", "ears"], 1, /getLayer: there is no layer "ears"/],
    [["--class", "1"], 2, /--class has no effect with --method features; leave it out/],
    [["a.png", "--layer", "eyes", "--method", "saliency"], 2, /--layer has no effect with --method saliency/],
    [["a.png", "--targets", "1"], 2, /--targets has no effect with --method gradcam/],
    [["a.png", "--steps", "9", "--method", "activations"], 2, /--steps has no effect with --method activations/],
    [["--targets", "1-"], 2, /Expected numbers and ranges such as 0-7,12/],
  ];
  for (const [extra, code, message] of wrong) {
    const answer = await fovea(folder, "explain", "model.keras", ...extra);
    assert.equal(answer.code, code, answer.stderr);
    assert.match(answer.stderr, message);
  }
});

test("each layer has a picture of its own, whatever disks make of its name", async (t) => {
  const folder = workplace(t);
  const layers = ["eye:1", "eye|1", "Eye:1", "eye-1-2"].map((name) => conv2d(1, 3, { name }));
  const model = sequential([input([12, 10, 1]), ...layers]);
  writeFileSync(join(folder, "model.keras"), await saveKeras(model));
  await model.close();
  const data = Uint8Array.from({ length: 120 }, (_, i) => (i * 37) % 256);
  writeFileSync(join(folder, "a.png"), encode({ width: 10, height: 12, channels: 1, depth: 8, data }));
  const { code, stderr } = await fovea(folder, "explain", "model.keras", "a.png", "--method", "activations");
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(join(folder, "explanation")).sort(), [
    "Eye-1-3.png",
    "eye-1-2-2.png",
    "eye-1-2.png",
    "eye-1.png",
  ]);
});
