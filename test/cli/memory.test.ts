// --memory: a limit that is too small or no size is one sentence, and a limit that serves changes no bit.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { writeHanzi } from "../../src/data/index.js";
import { fovea, workplace } from "./fovea.js";

test("train, evaluate, predict and inspect work within a limit of memory, to the same bits", async (t) => {
  const folder = workplace(t);
  await writeHanzi(join(folder, "signs"), { characters: [..."人口山"], scale: 0.02 });
  const train = [
    "train",
    "signs",
    "--model",
    "logistic",
    "--epochs",
    "1",
    "--batch-size",
    "8",
    "--image-size",
    "16x16",
  ];
  const whole = await fovea(folder, ...train, "--json", "--out", "whole");
  const within = await fovea(folder, ...train, "--json", "--out", "within", "--memory", "4KB");
  assert.equal(within.code, 0, within.stderr);
  const [first, second] = [whole, within].map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
  assert.equal(second!.weights_sha256, first!.weights_sha256);
  assert.deepEqual(second!.test, first!.test);
  const evaluate = ["evaluate", "within/model.keras", "signs", "--batch-size", "4", "--json"];
  const [all, some] = [await fovea(folder, ...evaluate), await fovea(folder, ...evaluate, "--memory", "2KB")];
  assert.equal(some.stdout, all.stdout);
  const predict = ["predict", "within/model.keras", "signs/Test/人", "--json"];
  const [together, apart] = [await fovea(folder, ...predict), await fovea(folder, ...predict, "--memory", "600B")];
  assert.equal(apart.stdout, together.stdout);
  const inspect = ["inspect", "signs", "--json", "--verify"];
  const [free, limited] = [await fovea(folder, ...inspect), await fovea(folder, ...inspect, "--memory", "1MB")];
  assert.equal(limited.stdout, free.stdout);

  const small = await fovea(folder, ...train, "--memory", "1KB", "--out", "none");
  assert.equal(small.code, 1);
  assert.match(
    small.stderr,
    /memory 1 KB \(--memory\) holds less than one batch of 8 images of 256 bytes and the next one, which is fetched meanwhile; give at least 4 KB\n$/,
  );
  const single = await fovea(folder, ...predict, "--memory", "300B");
  assert.match(single.stderr, /memory 300 B \(--memory\) holds less than one image of 256 bytes twice/);
  const wrong = await fovea(folder, ...train, "--memory", "64");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--memory <SIZE>.*Expected a size with its unit, such as 64MB or 2GB/);
});
