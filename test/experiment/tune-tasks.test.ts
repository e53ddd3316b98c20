// Studies over images of every task: hail photos with a cost, labels and a class. Trials are rebuilt to the bit, models say
// their task, and what does not fit is told before there is a study. A study from before tasks keeps its bits.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeHail } from "../../src/data/generators/hail/write.js";
import { writeHanzi } from "../../src/data/index.js";
import {
  defineStudy,
  keptModel,
  type LoadDataOptions,
  loadStudyData,
  openArtifacts,
  openProgram,
  readSpec,
  rebuildTrial,
  runStudy,
  type StudyData,
  type StudyProgram,
  specProgram,
  storedSpec,
  testFigures,
} from "../../src/experiment/index.js";
import { compareStudies } from "../../src/experiment/tune/compare.js";
import { STUDY_ATTRIBUTES } from "../../src/experiment/tune/program.js";
import { readStoredSpec } from "../../src/experiment/tune/spec.js";
import { studyReportFacts } from "../../src/experiment/tune/study-report.js";
import { buildTrialModel } from "../../src/experiment/tune/trial-model.js";
import { loadModel } from "../../src/index.js";
import { createStudy, MemoryStorage, type Study } from "../../src/tune/index.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-tune-tasks-"));
after(() => rmSync(folder, { recursive: true, force: true }));
process.env.FOVEA_CACHE = join(folder, "cache");
const hail = join(folder, "hail");
before(() => writeHail(hail, { count: 60, height: 32, width: 32, seed: 3 }));

/** A study over the photos; `data` says what is learned. */
const hailSpec = (data: object, changes: object = {}) => ({
  study: "hail",
  data: { images: hail, imageSize: [16, 16], color: "rgb", ...data },
  space: { learning_rate: { float: [1e-3, 1e-2], log: true } },
  model: { layers: [{ Rescaling: { scale: 1 / 255 } }, "Flatten"], head: "task" },
  training: { optimizer: { Adam: { learning_rate: "$learning_rate" } }, epochs: 2, batchSize: 16 },
  trials: 2,
  sampler: "random",
  ...changes,
});

async function opened(
  spec: object,
  options: LoadDataOptions = {},
): Promise<{ readonly program: StudyProgram; readonly data: StudyData }> {
  const read = readSpec(spec);
  const data = await loadStudyData(read.data, { cache: false, ...options });
  try {
    return { program: await specProgram(read, data), data };
  } catch (error) {
    await data.close();
    throw error;
  }
}

async function run(program: StudyProgram): Promise<Study> {
  const study = await openProgram(program, new MemoryStorage());
  const artifacts = await openArtifacts(join(folder, "models"));
  await runStudy(study, program, { threads: 1, artifacts });
  return study;
}

const COST = { task: "regression", target: "cost", loss: "gamma" };
const LABELS = { target: "labels", split: { by: "group" } };
const CLASSES = { target: ["class"], columns: { group: "group" } };

test("a study of each task: directions by its metrics, exact rebuilds, and files that say the task", async () => {
  const cases = [
    { name: "cost", data: COST, objective: "val_loss", direction: "minimize", kind: "regression" },
    { name: "labels", data: LABELS, objective: "val_auc", direction: "maximize", kind: "multiLabel" },
    { name: "class", data: CLASSES, objective: "val_accuracy", direction: "maximize", kind: "classification" },
  ] as const;
  for (const { name, data: wish, objective, direction, kind } of cases) {
    const { program, data } = await opened(hailSpec(wish, { study: name, objective }));
    assert.deepEqual(program.directions, [direction]);
    const study = await run(program);
    const trial = study.trials[1]!;
    assert.equal(trial.state, "complete", String(trial.systemAttributes.fail_reason));
    let figures: Readonly<Record<string, number>> | undefined;
    let answers: ArrayLike<number> = [];
    const { samples } = data.images!.parts.test;
    assert.ok("images" in samples);
    const x = await samples.images.rows(Int32Array.of(0, 1));
    const rebuilt = await rebuildTrial(program, trial, {
      threads: 1,
      onTrained: async (_, { model }) => {
        figures = await testFigures(data, model);
        answers = (await model.predict(x)).data;
      },
    });
    assert.deepEqual([rebuilt.same, rebuilt.sameWeights], [true, true], name);
    const { model, facts } = await loadModel(new Uint8Array(readFileSync(keptModel(trial).path!)), { threads: 1 });
    assert.equal(facts?.task?.kind, kind);
    assert.equal(facts?.weightsSha256, trial.userAttributes.weights_sha256);
    assert.deepEqual((await model.predict(x)).data, answers);
    await model.close();
    const task = facts?.task;
    if (task?.kind === "multiLabel") assert.equal(task.thresholds?.length, task.labelNames.length);
    const figure = { regression: "gini", multiLabel: "f1_micro", classification: "accuracy" }[kind];
    assert.ok(Number.isFinite(figures?.[figure]), `${name}: ${JSON.stringify(figures)}`);
    await data.close();
  }
});

test("masks: the application that has a map of classes, by its overlap", async () => {
  const changes = { study: "masks", model: { application: "unet" }, objective: "val_mean_iou", trials: 1 };
  const { program, data } = await opened(hailSpec({ task: "segmentation" }, changes));
  assert.deepEqual(program.directions, ["maximize"]);
  const study = await run(program);
  assert.equal(study.trials[0]!.state, "complete", String(study.trials[0]!.systemAttributes.fail_reason));
  const rebuilt = await rebuildTrial(program, study.trials[0]!, { threads: 1 });
  assert.deepEqual([rebuilt.same, rebuilt.sameWeights], [true, true]);
  await data.close();
});

test("boxes: the application that has maps of centers, by its loss", async () => {
  const changes = { study: "boxes", model: { application: "centernet" }, objective: "val_loss", trials: 1 };
  const { program, data } = await opened(hailSpec({ task: "detection" }, changes));
  assert.deepEqual(program.directions, ["minimize"]);
  const study = await run(program);
  assert.equal(study.trials[0]!.state, "complete", String(study.trials[0]!.systemAttributes.fail_reason));
  const rebuilt = await rebuildTrial(program, study.trials[0]!, { threads: 1 });
  assert.deepEqual([rebuilt.same, rebuilt.sameWeights], [true, true]);
  await data.close();
});

test("an application gets the head of the task, two targets two outputs with an exposure", async () => {
  const wish = { target: ["dents", "cost"], loss: "poisson", exposure: "exposure" };
  const objective = "val_root_mean_squared_error";
  const { program, data } = await opened(hailSpec(wish, { model: { application: "logistic" }, objective, trials: 1 }));
  assert.deepEqual(program.directions, ["minimize"]);
  const task = data.task!;
  assert.ok(task.kind === "regression");
  assert.deepEqual([task.targets, task.link, task.exposure], [["dents", "cost"], "log", "exposure"]);
  const study = await run(program);
  assert.equal((await rebuildTrial(program, study.trials[0]!, { threads: 1 })).same, true);
  await data.close();
});

test('"$outputs" is the number of answers, and layers of one\'s own may end as the task would', async () => {
  const dense = { Dense: { units: "$outputs", activation: "sigmoid" } };
  const layers = [{ Rescaling: { scale: 1 / 255 } }, "Flatten", dense];
  const { program, data } = await opened(hailSpec(LABELS, { model: { layers }, trials: 1 }));
  const study = await run(program);
  const byHead = await run((await opened(hailSpec(LABELS, { trials: 1 }))).program);
  assert.equal(data.task?.kind === "multiLabel" && data.task.labelNames.length, 3);
  assert.deepEqual(study.trials[0]!.params, byHead.trials[0]!.params);
  assert.ok(Math.abs(study.bestValue - byHead.bestValue) < 0.5);
  await data.close();
});

test('"$outputs" of boxes counts their sides', async () => {
  const task = { kind: "detection" as const, classNames: ["a", "b", "c"] };
  const model = buildTrialModel(
    {
      model: { layers: [{ Conv2D: { filters: "$outputs", kernel_size: 1 } }] },
      training: { optimizer: "adam" },
      data: {
        inputShape: [8, 8, 3],
        targetType: { dtype: "float32", shape: [1, 5] },
        hasOffset: false,
        task,
        wish: {},
      },
    },
    {},
    { threads: 1 },
  );
  assert.deepEqual(model.outputShape, [8, 8, 7]);
  await model.close();
});

test("memory for two batches gives the bits that all memory gives", async () => {
  const values = [];
  for (const options of [{}, { memory: 2 * 16 * 16 * 16 * 3, batchSize: 16, threads: 1 }]) {
    const { program, data } = await opened(hailSpec(COST, { trials: 1 }), options);
    const study = await run(program);
    values.push(study.trials.map((trial) => [trial.values, trial.userAttributes.weights_sha256]));
    await data.close();
  }
  assert.deepEqual(values[0], values[1]);
});

test("a study keeps another target, loss or task apart, and shows the best constant answer", async () => {
  const open = async (name: string, wish: object) => {
    const { program, data } = await opened(hailSpec(wish, { study: name }));
    await data.close();
    return openProgram(program, new MemoryStorage());
  };
  const cost = await open("cost", COST);
  const baseline = studyReportFacts(cost, "memory://").rows.find(({ label }) => label.startsWith("RMSE of always"));
  assert.match(baseline!.label, /^RMSE of always predicting \d+\.\d+, on the validation images$/);
  const again = compareStudies([cost, await open("again", COST)]);
  assert.equal(String(again.baseline!.validation.toFixed(4)), baseline!.value);
  const power = { ...COST, loss: "tweedie", power: 1.6 };
  const other = await open("other", power);
  assert.throws(
    () => compareStudies([cost, other]),
    /the loss of study "cost" is "gamma", .* "other" \{"tweedie":1.6\};/,
  );
  const dents = await open("dents", { ...COST, target: "dents", loss: "poisson" });
  assert.throws(() => compareStudies([cost, dents]), /different data/);
});

test("what does not suit the task is told in one sentence before there is a study", async () => {
  const layers = (units: unknown) => ({ model: { layers: ["Flatten", { Dense: { units } }] } });
  const training = hailSpec({}).training;
  const cases: readonly (readonly [object, object, RegExp])[] = [
    [
      COST,
      { training: { ...training, loss: "poisson" } },
      /the loss is in data \(gamma\) and in training; keep the one/,
    ],
    [{ ...COST, power: 1.5 }, {}, /data: "power" belongs to the loss "tweedie"/],
    [{ ...COST, loss: "gama" }, {}, /expected one of mse, .*received "gama"/],
    [{ target: "labels", loss: "gamma" }, {}, /--loss gamma is for numbers, and the targets are labels/],
    [COST, layers(3), /model: it has outputs \[3\], the images have 1 target; it needs one output per target/],
    [COST, layers("$classes"), /"\$classes": there is no parameter "classes" in this trial, which has outputs/],
    [
      COST,
      { objective: "val_accuracy" },
      /training.metrics \(val_root_mean_squared_error, val_mae\), received "val_acc/,
    ],
    [
      COST,
      { training: { ...training, classWeight: "balanced" } },
      /classWeight is for images with classes; leave it out/,
    ],
    [{ ...COST, task: "pose" }, {}, /data: task: /],
    [{ ...COST, target: "price" }, {}, /price/],
    [{ ...COST, exposure: 3 }, {}, /exposure: expected true, or the name of a column/],
    [COST, { model: { layers: ["Flatten"], head: "mine" } }, /model/],
  ];
  for (const [wish, changes, message] of cases)
    await assert.rejects(
      async () => opened(hailSpec(wish, changes)),
      (error: Error) => {
        assert.equal(error.name, "FoveaError", error.stack);
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"));
        return true;
      },
    );
});

test("models are tried until one can be built; directions that are stated win", async () => {
  const space = { ...hailSpec({}).space, units: { choices: [1, 2] } };
  const model = { layers: ["Flatten", { Dense: { units: "$units" } }] };
  const spec = readSpec(
    hailSpec(COST, { space, model, objective: ["val_mae", "parameters"], direction: ["maximize", "minimize"] }),
  );
  const data = await loadStudyData(spec.data, { cache: false });
  const { objectives, monitor, reported } = await defineStudy(spec, data);
  assert.deepEqual(objectives, [
    { key: "val_mae", direction: "maximize" },
    { key: "parameters", direction: "minimize" },
  ]);
  assert.deepEqual([monitor, reported], ["val_mae", undefined]);
  await data.close();
});

test("a study of class folders from before there were tasks gets the weights that it had", async () => {
  const signs = join(folder, "signs");
  await writeHanzi(signs, { characters: [..."人口山"], scale: 0.02 });
  const spec = {
    study: "signs",
    data: { images: signs, imageSize: [12, 12] },
    space: { learning_rate: { float: [1e-3, 1e-2], log: true } },
    model: { layers: [{ Rescaling: { scale: 1 / 255 } }, "Flatten", { Dense: { units: "$classes" } }] },
    training: { optimizer: { Adam: { learning_rate: "$learning_rate" } }, epochs: 2, batchSize: 8 },
    objective: "val_accuracy",
    trials: 1,
  };
  const { program, data } = await opened(spec);
  const study = await run(program);
  // Of Fovea at commit 7c20da1.
  assert.deepEqual(
    [data.sha256, study.trials[0]!.values, study.trials[0]!.userAttributes.weights_sha256],
    [
      "4336639fb1e847357297e403428852d5a802f5a18377d4b7c6a4dec1a1a75b6d",
      [0.25],
      "254cd263b67ab98625078048a54f63893b0ede8da9a9be35f28768c6e5f59b77",
    ],
  );
  await data.close();
});

test("a study of a single logit from before there were tasks keeps its accuracy; a new one remembers its task", async () => {
  const signs = join(folder, "pair");
  await writeHanzi(signs, { characters: [..."人口"], scale: 0.05 });
  const spec = {
    study: "pair",
    data: { images: signs, imageSize: [12, 12] },
    space: { learning_rate: { float: [1e-3, 1e-2], log: true } },
    model: { layers: [{ Rescaling: { scale: 1 / 255 } }, "Flatten", { Dense: { units: 1 } }] },
    training: {
      optimizer: { Adam: { learning_rate: "$learning_rate" } },
      loss: { BinaryCrossentropy: { from_logits: true } },
      epochs: 3,
      batchSize: 8,
    },
    objective: "val_accuracy",
    sampler: "random",
    trials: 2,
  };
  const old = readStoredSpec({ ...spec, data: { ...spec.data, orientation: "exif", depth: "scaled" } }, "pair");
  const { program, data } = await opened(old);
  const study = await run(program);
  // Of Fovea at commit 6047baf.
  assert.deepEqual(
    [data.sha256, ...study.trials.map(({ values, userAttributes }) => [values, userAttributes.weights_sha256])],
    [
      "fb5e7ea2adab674e35ddd516e3faa3bde7fe9b64bc0d1d8f70815b8e572d2545",
      [[0.8333333333333334], "d3990f6015a13ecc8e7ffb313b3955a27e05852ba2e78fe59f586f31246b0750"],
      [[0.75], "85064bc4b0e900cbee34eb381956d79ad03c3cb2f170542691b5a1c571982017"],
    ],
  );
  const remembered = storedSpec(study)!;
  assert.ok("images" in remembered.data);
  assert.equal(remembered.data.task, "classification");

  // A new study counts logits from 0, remembers its task, and goes on by the same file, which says none.
  const now = (await opened(spec)).program;
  const storage = new MemoryStorage();
  const begun = await openProgram(now, storage);
  assert.equal(storedSpec(begun)!.training.metrics, undefined);
  await openProgram((await opened(spec)).program, storage);
  // So does one that remembers none, but for a single logit, whose accuracy would be another.
  const forgetful = async (stored: object) => {
    const memory = new MemoryStorage();
    const { spec: key, data: hash } = STUDY_ATTRIBUTES;
    const older = await createStudy({ name: "pair", directions: ["maximize"], storage: memory });
    await older.setUserAttribute(key, {
      ...stored,
      data: { ...spec.data, orientation: "exif", depth: "scaled" },
    } as never);
    await older.setUserAttribute(hash, data.sha256);
    return openProgram((await opened(stored)).program, memory);
  };
  const two = { ...spec, model: { layers: ["Flatten", { Dense: { units: 2 } }] }, training: { epochs: 1 } };
  const older = await forgetful(two);
  const newer = await openProgram((await opened({ ...two, study: "new" })).program, storage);
  assert.equal(compareStudies([older, newer]).studies.length, 2);
  await assert.rejects(forgetful(spec), /it was begun with another "training"/);
  await data.close();
});

test("examples/study-hail.json is a spec over hail photos", async () => {
  const file = fileURLToPath(new URL("../../../examples/study-hail.json", import.meta.url));
  const spec = readSpec(readFileSync(file, "utf8"), "study-hail.json");
  const data = await loadStudyData({ ...spec.data, images: hail } as typeof spec.data, { cache: false });
  const { objectives, reported } = await defineStudy(spec, data);
  assert.deepEqual(objectives, [{ key: "val_loss", direction: "minimize" }]);
  assert.deepEqual([reported, data.task!.kind, data.split?.by], ["val_loss", "regression", "group"]);
  await data.close();
});
