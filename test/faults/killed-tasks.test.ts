// A process that learns masks or boxes, killed (SIGKILL) in the middle of an epoch: the run that it leaves is resumed to the weights
// and figures of one that nobody disturbed.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { fovea, start, workplace } from "../cli/fovea.js";

let folder = "";
const json = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await fovea(folder, ...args, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
};
before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  await json("synth", "hail", "--out", "hail", "--count", "20", "--size", "48x48", "--seed", "4");
});

for (const task of ["segmentation", "detection"] as const)
  test(`${task}: a killed run ends in the weights and figures of an undisturbed one`, async () => {
    const options = ["--task", task, "--image-size", "32x32", "--batch-size", "2", "--epochs", "5", "--seed", "3"];
    const train = ["train", "hail", ...options, "--threads", "1"];
    const [whole, killed] = [`whole-${task}`, `killed-${task}`];
    const undisturbed = await json(...train, "--out", whole);
    const child = start(folder, ...train, "--out", killed);
    await child.said(/Epoch 3\/5/);
    child.process.kill("SIGKILL");
    assert.equal((await child.ended).signal, "SIGKILL");
    assert.ok(!existsSync(join(folder, killed, "metrics.json")), "the run was done before it was killed");
    const resumed = await json("train", "--resume", killed, "--threads", "2");
    assert.equal(resumed.weights_sha256, undisturbed.weights_sha256);
    for (const part of ["train", "val", "test"]) assert.deepEqual(resumed[part], undisturbed[part], part);
    const history = (run: string): string => readFileSync(join(folder, run, "history.csv"), "utf8");
    assert.equal(history(killed), history(whole));
    assert.ok(readdirSync(join(folder, killed)).every((name) => !name.endsWith(".tmp")));
  });
