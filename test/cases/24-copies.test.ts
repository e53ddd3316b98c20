// All Test images are copies of Train images, and 12 images lie in two classes: train, transfer and evaluate say so,
// with how many test images it concerns.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fovea, workplace } from "../cli/fovea.js";
import { load, photo, photos, write } from "./class-folders.js";

/** Three classes of 20 in Train; the first eight of each are all that Test has. */
function copied(folder: string): string {
  for (const [k, name] of ["东", "主", "人"].entries()) {
    write(folder, photos(`Train/${name}`, 20, 100 * k));
    write(folder, photos(`Test/${name}`, 8, 100 * k));
  }
  return folder;
}

const warningsOf = (stdout: string): string => (JSON.parse(stdout) as { warnings: string[] }).warnings.join("\n");

test("24 of 24 test images are copies, whichever part of Train has the originals", async (t) => {
  const { findings } = await load(copied(workplace(t)));
  assert.deepEqual(
    findings.map(({ kind, severity }) => [kind, severity]),
    [["leak", "warning"]],
  );
  assert.match(
    findings[0]!.evidence,
    /^24 of the 24 test images are copies, byte for byte, of training and validation/,
  );
  assert.match(findings[0]!.evidence, /Test\/.* = Train\//);
});

test("images in two classes are counted, with those that test", async (t) => {
  const folder = write(workplace(t), { ...photos("东", 30), ...photos("主", 30, 100) });
  for (let i = 0; i < 12; i++) write(folder, { [`主/x${i}.png`]: photo(i) });
  const { parts, findings } = await load(folder);
  const isTwice = (file: string): boolean => file.includes("/x") || /^东\/(\d|1[01])\.png$/.test(file);
  const files = Array.from(parts.test.rows, (row) => parts.test.samples.files[row]!);
  const tested = new Set(files.filter(isTwice).map((file) => Number(/(\d+)\.png/.exec(file)![1]))).size;
  const [finding] = findings.filter(({ kind }) => kind === "label");
  assert.match(finding!.evidence, /^12 images lie in two classes/);
  assert.match(finding!.evidence, new RegExp(`, ${tested} of them among the test images`));
});

test("train, evaluate and transfer say it; a model that was moved knows its folder by the hash", async (t) => {
  const folder = workplace(t);
  copied(join(folder, "dup"));
  const little = ["--epochs", "1", "--json"];
  const trained = await fovea(
    folder,
    "train",
    "dup",
    "--model",
    "logistic",
    "--image-size",
    "8x8",
    "--out",
    "run",
    ...little,
  );
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(warningsOf(trained.stdout), /^24 of the 24 test images are copies/m);

  const whole = await fovea(folder, "evaluate", "run", "dup/Train", "--json");
  assert.match(warningsOf(whole.stdout), /^48 of the 60 images trained the model/m);
  assert.match(warningsOf(whole.stdout), /^12 of the 60 images chose the model's best epoch/m);
  const other = write(join(folder, "other"), { "东/1.png": photo(0), "主/1.png": photo(777), "人/1.png": photo(778) });
  const judged = await fovea(folder, "evaluate", "run", other, "--json");
  assert.match(warningsOf(judged.stdout), /^1 of the 3 images (trained the model|chose the model's best epoch)/);
  assert.match(judged.stderr, /1 of the 3 images/);
  const { baseline } = JSON.parse(judged.stdout) as { baseline: { class: string; commonest_of: string } };
  assert.equal(baseline.commonest_of, "training");

  cpSync(join(folder, "run/model.keras"), join(folder, "moved/model.keras"), { recursive: true });
  const moved = await fovea(folder, "evaluate", "moved/model.keras", "dup/Train", "--json");
  assert.match(warningsOf(moved.stdout), /^48 of the 60 images trained the model/m);
  assert.equal(warningsOf((await fovea(folder, "evaluate", "moved/model.keras", other, "--json")).stdout), "");

  const how = ["--base", "hanzi", "--variants", "1", "--out", "transferred"];
  const transferred = await fovea(folder, "transfer", "dup", ...how, ...little);
  assert.equal(transferred.code, 0, transferred.stderr);
  assert.match(warningsOf(transferred.stdout), /^24 of the 24 test images are copies/m);
});
