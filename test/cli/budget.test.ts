// `fovea train --budget`: runs that are chosen by time are ordinary runs, options that the time settles are refused.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeHail, writeHanzi } from "../../src/data/index.js";
import { budgetJob, trainWithin } from "../../src/experiment/index.js";
import { fovea, workplace } from "./fovea.js";

test("few characters get a head on the base of the package, in a run that is replayed to its bits", async (t) => {
  const folder = workplace(t);
  await writeHanzi(join(folder, "signs"), { characters: [..."人木"], scale: 0.03, seed: 5 });
  const { code, stdout, stderr } = await fovea(folder, "train", "signs", "--budget", "2m", "--seed", "3", "--json");
  assert.equal(code, 0, stderr);
  const answer = JSON.parse(stdout);
  assert.equal(answer.run, "runs/signs-hanzi-1");
  assert.ok(answer.val.accuracy > 0.9, `validation accuracy ${answer.val.accuracy}`);
  assert.match(stderr, /Next: a new head on a trained base, hanzi, some [\d.]+ s of the /);
  assert.match(stderr, /Left out: a network from scratch; \d+ training images are too few for it, beside a base\./);
  const replayed = await fovea(folder, "replay", "runs/signs-hanzi-1", "--json");
  assert.equal(JSON.parse(replayed.stdout).weights_sha256, answer.weights_sha256, replayed.stderr);
});

test("masks have no base, and their network's epochs follow from the time", async (t) => {
  const folder = workplace(t);
  await writeHail(join(folder, "hail"), { count: 12, seed: 1, height: 32, width: 32 });
  const args = ["hail", "--task", "segmentation", "--budget", "20s", "--out", "tried"];
  const { code, stdout, stderr } = await fovea(folder, "train", ...args, "--json");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Left out: a new head on a trained base; a budget trains no base for masks and boxes\./);
  const { run, epochs } = JSON.parse(stdout);
  assert.equal(run, "tried/unet");
  assert.ok(epochs >= 1);
  assert.ok(existsSync(join(folder, run, "report.html")));
});

test("a time without a unit, too short for the images, or beside options that it settles is refused in a sentence", async (t) => {
  const folder = workplace(t);
  await writeHanzi(join(folder, "signs"), { characters: [..."人大"], scale: 0.03, seed: 5 });
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await fovea(folder, "train", "signs", ...args);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(await refused("--budget", "soon"), /Expected a time of at least 5 seconds with its unit, such as 90s/);
  assert.match(await refused("--budget", "1s"), /Expected a time of at least 5 seconds/);
  assert.match(await refused("--budget", "1m", "--epochs", "3"), /--budget chooses --epochs itself; leave out one/);
  assert.match(await refused("--budget", "1m", "--model", "cnn"), /--budget chooses --model itself/);
  assert.match(await refused("--budget", "1m", "--delimiter", ";"), /--delimiter is for tables, and signs has images/);
  const wish = { seconds: 5, split: { validation: 0.2, seed: 123 }, seed: 0, mode: "reproducible" } as const;
  // The clock is over before anything is measured.
  const job = { ...(await budgetJob(join(folder, "signs"), wish)), left: () => 0 };
  await assert.rejects(
    () => trainWithin(job, { pathOf: (name) => join(folder, "runs", name) }),
    /a budget of 5 s: expected time for one epoch.*give more time, or fewer images/,
  );
  assert.equal(existsSync(join(folder, "runs")), false, "nothing is left behind");
});
