// The label journal on the command line: train, resume, replay, inspect and evaluate use the one beside the data and say so.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { exclude, findData, loadData, openJournal, relabel } from "../../src/experiment/index.js";
import { PLAN, photos, write } from "../cases/class-folders.js";
import { fovea, workplace } from "./fovea.js";

test("a run is trained, resumed and replayed with the journal beside its images, also when that has grown", async (t) => {
  const directory = workplace(t);
  const folder = write(join(directory, "photos"), {
    ...photos("Train/cat", 12),
    ...photos("Train/dog", 12, 20),
    ...photos("Test/cat", 3, 40),
    ...photos("Test/dog", 3, 50),
  });
  const paths = await findData(folder);
  const { folders } = await loadData(paths, PLAN.preprocessing, PLAN.split, { cache: false, threads: 0 });
  const image = (part: "train" | "test", at: number) => {
    const { samples, name, targets } = folders[part]!;
    assert.ok(targets.kind === "classes");
    const file = samples.files[at]!;
    return { image: samples.hashes![at]!, file: `${name}/${file}`, label: file.slice(0, 3) };
  };
  const journal = await openJournal(join(folder, "labels.journal"));
  await relabel(journal, [image("train", 3), image("test", 1)], "dog", { by: "Mira" });
  await exclude(journal, image("train", 15));
  const small = ["--model", "logistic", "--image-size", "8x8", "--epochs", "2", "--patience", "0"];
  const trained = await fovea(directory, "train", "photos", ...small, "--out", "run");
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(
    trained.stderr + trained.stdout,
    /^2 labels are changed and 1 image is left out by photos\/labels.journal\.$/m,
  );

  const inspected = await fovea(directory, "inspect", "photos");
  assert.match(
    inspected.stdout,
    /^ {2}photos\/labels.journal \(3 entries\) changes 2 labels and leaves 1 image out when/m,
  );
  assert.match(inspected.stdout, /^Problems: none$/m);
  const { label_journal } = JSON.parse((await fovea(directory, "inspect", "photos/Train", "--json")).stdout) as Record<
    string,
    unknown
  >;
  assert.deepEqual(label_journal, { file: "photos/labels.journal", entries: 3, changed: 2, added: 0, excluded: 1 });
  const evaluated = await fovea(directory, "evaluate", "run", "photos");
  assert.match(
    evaluated.stderr + evaluated.stdout,
    /^1 label is changed and 0 images are left out by photos\/labels.journal\.$/m,
  );

  await exclude(journal, image("train", 0), { why: "blurred" });
  const replayed = await fovea(directory, "replay", "run");
  assert.equal(replayed.code, 0, replayed.stderr);
  assert.match(replayed.stdout, /^same bits/m);
  const resumed = await fovea(directory, "train", "--resume", "run");
  assert.equal(resumed.code, 0, resumed.stderr);
  write(folder, { "labels.journal": "{}\n" });
  const refused = await fovea(directory, "train", "photos", ...small);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^fovea: photos\/labels.journal, line 1: image: expected string, received nothing$/m);
});
