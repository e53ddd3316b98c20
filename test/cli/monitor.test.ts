// `fovea monitor`: no alarm on images like those of the test, one with its name on others, from folders and decision logs; an
// older run gets its reference, or says why it cannot.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { Random } from "../../src/core/random.js";
import { fovea, workplace } from "./fovea.js";

const CLASSES = ["left", "middle", "right"];
const SIDE = 16;

/** Pictures of a bar on noise, in class folders. */
function write(folder: string, each: number, seed: number, { scale = 1, classes = CLASSES } = {}): void {
  const random = new Random(seed, 0);
  for (const name of classes) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let n = 0; n < each; n++) {
      const from = 1 + 5 * CLASSES.indexOf(name);
      const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
        const isBar = i % SIDE >= from && i % SIDE < from + 4;
        return scale * ((isBar ? 170 : 60) + 60 * random.uniform());
      });
      writeFileSync(join(folder, name, `${n}.png`), encode({ width: SIDE, height: SIDE, channels: 1, depth: 8, data }));
    }
  }
}

const monitored = async (folder: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await fovea(folder, "monitor", "run", ...args, "--json");
  assert.ok(code === 0 || code === 3, stderr);
  const facts = JSON.parse(stdout);
  return { code, facts, alarms: facts.alarms.map(({ name }: { name: string }) => name) as string[] };
};

test("images and decisions are held against the test images of a run", async (t) => {
  const folder = workplace(t);
  write(join(folder, "data", "Train"), 24, 1);
  write(join(folder, "data", "Test"), 20, 2);
  write(join(folder, "same"), 12, 3);
  write(join(folder, "dark"), 12, 4, { scale: 0.6 });
  write(join(folder, "fewer"), 20, 5, { classes: ["left", "right"] });
  const options = [
    "--model",
    "cnn",
    "--image-size",
    "16x16",
    "--epochs",
    "8",
    "--batch-size",
    "8",
    "--out",
    "run",
    "--quiet",
  ];
  assert.equal((await fovea(folder, "train", "data", ...options)).code, 0);
  const reference = readFileSync(join(folder, "run", "reference.json"), "utf8");

  const same = await monitored(folder, "same", "--out", "same.html");
  assert.deepEqual([same.code, same.alarms], [0, []]);
  assert.equal(same.facts.accuracy.images, 36);
  assert.match(readFileSync(join(folder, "same.html"), "utf8"), /None: nothing differs by more than chance explains/);

  const dark = await monitored(folder, "dark");
  assert.equal(dark.code, 3);
  // Embeddings are of length 1, so that they do not depend on how bright a photo is.
  for (const name of ["brightness", "contrast"]) assert.ok(dark.alarms.includes(name), String(dark.alarms));
  assert.match(dark.facts.alarms.find(({ name }: { name: string }) => name === "brightness").told, /photos are darker/);

  const fewer = await monitored(folder, "fewer");
  assert.match(fewer.facts.alarms.find(({ name }: { name: string }) => name === "class").told, /^middle is/);

  // The same from decisions, with labels that came later.
  assert.equal((await fovea(folder, "predict", "run", "fewer", "--log", "d.jsonl", "--quiet")).code, 0);
  const logged = await monitored(folder, "d.jsonl", "--last", "30", "--labels", "fewer");
  assert.deepEqual([logged.facts.images, logged.facts.accuracy.images], [30, 30]);
  assert.ok(logged.alarms.includes("class") && !logged.alarms.includes("brightness"));
  assert.equal((await fovea(folder, "monitor", "run", "same", "--last", "3")).code, 2);

  // An older run.
  rmSync(join(folder, "run", "reference.json"));
  assert.equal((await monitored(folder, "same")).code, 0);
  assert.equal(readFileSync(join(folder, "run", "reference.json"), "utf8"), reference);
  rmSync(join(folder, "run", "reference.json"));
  renameSync(join(folder, "data"), join(folder, "gone"));
  const gone = await fovea(folder, "monitor", "run", "same");
  assert.equal(gone.code, 1);
  assert.match(
    gone.stderr,
    /^fovea: run has no reference\.json, which newer runs keep, and its images are not in data/,
  );
  assert.equal(existsSync(join(folder, "run", "reference.json")), false);
});
