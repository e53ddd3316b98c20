// Real ImageNet weights in Keras's own files: read by the names of layers, they give Keras's top five on real photos,
// from the file on disk through load_img's nearest resizing to the words.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Decoded, ImageNetName } from "../../src/applications/imagenet/index.js";
import { classify, openPretrained } from "../../src/experiment/index.js";
import { layerOutputs, loadKeras, saveKeras } from "../../src/index.js";
import { fovea, workplace } from "../cli/fovea.js";
import { realData } from "./shared-data.js";

const data = realData("applications");
const lecture = realData("lecture-images");

const CASES: readonly { key: string; file: string; model: ImageNetName }[] = [
  {
    key: "mobilenet_v2_1.0_224",
    file: "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
    model: "mobilenet_v2",
  },
  { key: "mobilenet_0.25_128", file: "mobilenet_2_5_128_tf.h5", model: "mobilenet" },
];

const TOLERANCE = 0.002;

const pathOf = (name: string): string => {
  const photo = join(data.path, "photos", name);
  return existsSync(photo) ? photo : join(lecture.path, name);
};

for (const { key, file, model: name } of CASES)
  test(`${key} says of 46 photos what Keras says`, { skip: data.skip || lecture.skip }, async (t) => {
    const expected = (
      JSON.parse(readFileSync(join(data.path, "expected-top5.json"), "utf8")) as {
        top5: Record<string, Record<string, readonly Decoded[]>>;
      }
    ).top5[key]!;
    const names = Object.keys(expected);
    assert.equal(names.length, 46);
    const start = performance.now();
    // The file's name says which alpha and size of images it is for.
    const pretrained = await openPretrained(name, { weights: join(data.path, file) });
    t.after(() => pretrained.model.close());
    const opened = performance.now();
    const answers = await classify(pretrained, names.map(pathOf), { top: 5 });
    t.diagnostic(`opened in ${Math.round(opened - start)} ms, asked in ${Math.round(performance.now() - opened)} ms`);
    let worst = 0;
    for (const [i, photo] of names.entries()) {
      const { top } = answers[i]!;
      assert.deepEqual(
        top.map(([synset, word]) => [synset, word]),
        expected[photo]!.map(([synset, word]) => [synset, word]),
        photo,
      );
      for (const [rank, [, , score]] of expected[photo]!.entries())
        worst = Math.max(worst, Math.abs(score - top[rank]![2]));
    }
    t.diagnostic(`probabilities off by at most ${worst}`);
    assert.ok(worst < TOLERANCE, `off by ${worst}`);
  });

test("MobileNetV2 in float16 names the same five classes of 46 photos, in the same order", {
  skip: data.skip || lecture.skip,
}, async (t) => {
  const pretrained = await openPretrained("mobilenet_v2", { weights: join(data.path, CASES[0]!.file) });
  t.after(() => pretrained.model.close());
  const bytes = await saveKeras(pretrained.model, { dtype: "float16" });
  t.diagnostic(`${bytes.length} bytes`);
  assert.ok(bytes.length < 7.5e6, `${bytes.length} bytes`);
  const { model } = await loadKeras(bytes, { compile: false });
  t.after(() => model.close());
  const photos = [
    ...readdirSync(join(data.path, "photos")).map((name) => join(data.path, "photos", name)),
    ...readdirSync(lecture.path)
      .filter((name) => name.endsWith(".jpg"))
      .map((name) => join(lecture.path, name)),
  ];
  assert.equal(photos.length, 46);
  const five = async (asked: typeof pretrained) =>
    (await classify(asked, photos, { top: 5 })).map(({ top }) => top.map(([synset]) => synset));
  const whole = await five(pretrained);
  const half = await five({ ...pretrained, model: layerOutputs(model, "") });
  assert.deepEqual(half, whole);
});

test("fovea classify prints what it sees", { skip: data.skip || lecture.skip }, async (t) => {
  const { file, model } = CASES[0]!;
  const weights = join(data.path, file);
  const photo = join(data.path, "photos", "n01641577_bullfrog.png");
  const asked = await fovea(workplace(t), "classify", photo, photo, "--model", model, "--weights", weights);
  assert.equal(asked.stderr, "");
  const lines = asked.stdout.split("\n");
  assert.deepEqual(lines.slice(0, 2), ["Image #0:", " n01641577 - bullfrog 95%"]);
  assert.deepEqual(lines.slice(4, 7), ["", "Image #1:", " n01641577 - bullfrog 95%"]);
  const json = await fovea(workplace(t), "classify", photo, "--weights", weights, "--top", "1", "--json");
  const [{ image, top }] = JSON.parse(json.stdout) as [{ image: string; top: Decoded[] }];
  assert.equal(image, photo);
  assert.equal(top.length, 1);
  assert.deepEqual(top[0]!.slice(0, 2), ["n01641577", "bullfrog"]);
  assert.ok(Math.abs(top[0]![2] - 0.95816) < TOLERANCE);
});
