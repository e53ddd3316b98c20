// `fovea compare`: runs are held against each other on the images that both were tested on, by groups where there are groups;
// runs that were tested on other images are told apart, and no verdict is made up.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { Random } from "../../src/core/random.js";
import { mcnemarTest } from "../../src/core/statistics/index.js";
import { readFacts } from "../../src/experiment/run/facts-file.js";
import { fovea, workplace } from "./fovea.js";

const SIDE = 8;

/** A manifest of noisy pictures of three classes, each of 40 claims with three. */
function write(folder: string, name: string, seed: number): void {
  const random = new Random(seed, 0);
  mkdirSync(join(folder, name));
  const lines = ["path,class,group"];
  for (let n = 0; n < 120; n++) {
    const label = Math.floor(n / 3) % 3;
    const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
      Math.round(90 + (i % 3 === label ? 30 : 0) + 120 * random.uniform()),
    );
    writeFileSync(join(folder, name, `${n}.png`), encode({ width: SIDE, height: SIDE, channels: 1, depth: 8, data }));
    lines.push(`${n}.png,${"abc"[label]},claim ${Math.floor(n / 3)}`);
  }
  writeFileSync(join(folder, name, "manifest.csv"), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, name, "fewer.csv"), `${lines.slice(0, 91).join("\n")}\n`);
}

test("runs are compared on the images that both were tested on", async (t) => {
  const folder = workplace(t);
  write(folder, "data", 1);
  write(folder, "others", 2);
  const train = async (run: string, data: string, ...options: readonly string[]): Promise<void> => {
    const ended = await fovea(folder, "train", data, "--model", "logistic", "--out", run, "--quiet", ...options);
    assert.equal(ended.code, 0, ended.stderr);
  };
  await train("one", "data", "--epochs", "1", "--seed", "3");
  await train("two", "data", "--epochs", "12", "--seed", "3");
  await train("split", "data/fewer.csv", "--epochs", "1");
  await train("apart", "others", "--epochs", "1");
  const { code, stdout, stderr } = await fovea(
    folder,
    "compare",
    "one",
    "two",
    "split",
    "apart",
    "--json",
    "--out",
    "c.html",
  );
  assert.equal(code, 0, stderr);
  const { runs, pairs } = JSON.parse(stdout);
  assert.equal(runs.length, 4);
  assert.equal(runs[0].figures.find(({ key }: { key: string }) => key === "accuracy").interval.length, 2);
  const [same, some, none] = pairs;
  // The pair on equal images, counted from the facts.
  const [a, b] = ["one", "two"].map((run) => {
    const { evaluation } = readFacts(readFileSync(join(folder, run, "facts.json"), "utf8"));
    assert.ok(evaluation?.kind === "classification");
    return Array.from(evaluation.labels, (label, i) => label === evaluation.predicted[i]);
  });
  const firstOnly = a!.filter((right, i) => right && !b![i]).length;
  const secondOnly = a!.filter((right, i) => !right && b![i]).length;
  const { adjusted, ...mcnemar } = same.mcnemar;
  assert.deepEqual(mcnemar, mcnemarTest({ firstOnly, secondOnly }));
  assert.ok(adjusted >= mcnemar.pValue);
  assert.deepEqual([same.shared, same.tested], [a!.length, [a!.length, a!.length]]);
  assert.equal(same.groups, a!.length / 3);
  assert.ok(same.figures[0].low <= same.figures[0].difference && same.figures[0].difference <= same.figures[0].high);
  assert.deepEqual(same.settings, [{ setting: "epochs", first: "1", second: "12" }]);
  assert.ok(some.shared > 0 && some.shared < some.tested[0], String(some.shared));
  assert.equal(none.shared, 0);
  assert.match(
    none.verdict,
    /there is no verdict which is better, since none of the \d+ and \d+ test images are the same/,
  );
  assert.match(readFileSync(join(folder, "c.html"), "utf8"), /two against one/);
  assert.equal((await fovea(folder, "compare", "one", "one")).code, 2);
  assert.equal((await fovea(folder, "compare", "one")).code, 2);
});
