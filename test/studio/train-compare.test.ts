// Two runs beside each other: the settings that differ in words, and whether the difference of their figures may be chance.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { closeData, loadData, makeRecipe, type Plan, recipeDifferences, UPRIGHT } from "../../src/experiment/index.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders } from "./small-data.js";

const SETTINGS: TrainSettings = {
  model: "logistic",
  epochs: 3,
  batchSize: 4,
  learningRate: 1e-3,
  augment: "none",
  patience: 3,
  seed: 1,
  imageSize: [8, 8],
};

test("runs are compared in words, on the images that both were tested on", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets/Train"), ["cat", "dog"], 10);
  classFolders(join(home, "pets/Test"), ["cat", "dog"], 20);
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { handlers } = bench;
  const { id: project } = await handlers.open({ path: "pets" });
  const ended = new Promise<void>((resolve) => {
    let left = 2;
    bench.listen((news) => {
      if (news.kind === "job" && news.job.state === "done" && --left === 0) resolve();
    });
  });
  const before = await handlers.train({ project, settings: SETTINGS });
  const after = await handlers.train({ project, settings: { ...SETTINGS, learningRate: 3e-4, augment: "light" } });
  await ended;

  const { settings, figures, shared, tested, mcnemar } = await handlers.compare({
    project,
    first: before.name,
    second: after.name,
  });
  assert.deepEqual(
    settings.map(({ setting, first, second }) => `${setting} ${first} > ${second}`),
    ["augment none > light", "learning rate 1e-3 > 3e-4"],
  );
  assert.deepEqual([shared, tested], [40, [40, 40]]);

  const [one, other] = await Promise.all(
    [before, after].map(async ({ name }) => (await handlers.run({ project, run: name })).judged),
  );
  const isRight = ({ label, predicted }: { readonly label: number; readonly predicted: number }) => label === predicted;
  const only = (first: typeof one, second: typeof one): number =>
    first!.filter((image, i) => isRight(image) && !isRight(second![i]!)).length;
  assert.deepEqual([mcnemar?.firstOnly, mcnemar?.secondOnly], [only(one, other), only(other, one)]);
  const [accuracy, ...others] = figures;
  assert.equal(accuracy?.title, "Accuracy");
  assert.equal(accuracy!.difference.toFixed(9), ((only(other, one) - only(one, other)) / 40).toFixed(9));
  assert.ok(accuracy!.low! <= accuracy!.difference && accuracy!.difference <= accuracy!.high!);
  assert.deepEqual([others[0]?.direction, others[0]?.low], ["down", undefined], "a loss has no interval");

  const same = await handlers.compare({ project, first: before.name, second: before.name });
  assert.deepEqual([same.settings, same.mcnemar?.pValue], [[], 1]);
});

test("networks are told apart by their layers, whether a recipe names them or has them in full", async (t) => {
  const home = emptyFolder(t);
  const plan: Plan = {
    model: { name: "cnn" },
    preprocessing: { imageSize: [16, 16], color: "grayscale", interpolation: "lanczos", ...UPRIGHT },
    split: { validation: 0.2, seed: 123 },
    seed: 1,
    mode: "reproducible",
    training: { epochs: 1, batchSize: 4, patience: null },
  };
  const { preprocessing, split } = plan;
  const data = await loadData({ train: classFolders(join(home, "pets"), ["cat", "dog"], 8) }, preprocessing, split);
  t.after(() => closeData(data));
  const named = makeRecipe(plan, data);
  const photo = makeRecipe({ ...plan, augmentation: "photo" }, data);
  const words = (first: typeof named, second: typeof named): string[] =>
    recipeDifferences(first, second).map((apart) => `${apart.setting} ${apart.first} > ${apart.second}`);
  assert.deepEqual(words(named, photo), ["augment none > photo"]);
  assert.deepEqual(words(photo, makeRecipe({ ...plan, augmentation: "light" }, data)), ["augment photo > light"]);
  assert.deepEqual(words(photo, makeRecipe({ ...plan, model: { name: "logistic" } }, data)), [
    "network cnn > logistic",
    "augment photo > none",
  ]);
  assert.deepEqual(words(named, makeRecipe({ ...plan, seed: 7, training: { ...plan.training, patience: 5 } }, data)), [
    "patience without end > 5",
    "seed 1 > 7",
  ]);
});
