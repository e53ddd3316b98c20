// Maps of a model's attention for tasks whose answers are no classes: the worst misses first, each with a title; and
// the loss that a model is judged by when its file holds none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { MemoryStore } from "../../src/data/index.js";
import type { ImageSamples } from "../../src/experiment/data/sample-set.js";
import { compileToJudge, type Part, TASKS } from "../../src/experiment/index.js";
import type { TrainedModel } from "../../src/experiment/models/trained-model.js";
import { attentionFacts } from "../../src/experiment/run/attention.js";
import { readFacts, writeFacts } from "../../src/experiment/run/facts-file.js";
import type { TaskFactsOf } from "../../src/formats/run/task.js";
import { sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";
import { type LossLike, meanSquaredError } from "../../src/nn/losses/index.js";
import { renderRunPage } from "../../src/report/pages/run-page.js";
import { madeUpRegression } from "../report/made-up-tasks.js";

const cost: TaskFactsOf<"regression"> = {
  kind: "regression",
  targets: ["cost"],
  link: "log",
  scale: [100],
  offset: [0],
};
const network = (...end: Parameters<typeof dense>) =>
  sequential([
    input([8, 8, 1]),
    rescaling(1 / 255),
    conv2d(2, 3, { padding: "same" }),
    globalAveragePooling2d(),
    dense(...end),
  ]);

const count = 14;
const images = new MemoryStore(
  tensor(
    Uint8Array.from({ length: count * 64 }, (_, i) => (i * 31) % 256),
    [count, 8, 8, 1],
    "uint8",
  ),
);
const part = {
  samples: {
    images,
    rows: (indices: Int32Array) => images.rows(indices),
    files: Array.from({ length: count }, (_, i) => `${i}.png`),
  },
  rows: Int32Array.from({ length: count }, (_, i) => i),
} as unknown as Part<ImageSamples>;

test("a regression's worst misses come first, then the closest answers, and the page shows them", async () => {
  const model = network(1, { activation: "exponential" });
  const actual = Float32Array.from({ length: count }, (_, i) => 100 + i);
  const predicted = Float32Array.from({ length: count }, () => 100);
  const outcome = { kind: "regression", targets: 1, actual, predicted } as const;
  const attention = await attentionFacts(model, part, { task: cost, loss: meanSquaredError(), outcome });
  await model.close();
  assert.deepEqual(
    attention.map(({ file }) => file),
    ["13", "12", "11", "10", "9", "0", "1", "2", "3", "4"].map((n) => `${n}.png`),
  );
  assert.ok(attention.every(({ image }) => image.channels === 3 && image.height === 8));
  const made = { ...madeUpRegression({ rows: 60 }), attention };
  const { attention: read } = readFacts(writeFacts(made));
  assert.deepEqual(read, attention);
  const { html } = await renderRunPage(made);
  assert.match(html, /<h2[^>]*>Attention/);
  assert.match(html, /the more it raised the predicted number\. The worst misses come first/);
  assert.match(html, /cost 113\.0000, predicted 100\.0000/);
});

test("the worst answers are those that the loss itself calls worst", () => {
  // A claim of 1 where 0.1 was expected is farther off than one of 140 where 100 was, by the gamma deviance alone.
  const outcome = {
    kind: "regression",
    targets: 1,
    actual: Float32Array.of(140, 1, 100),
    predicted: Float32Array.of(100, 0.1, 100),
  } as const;
  const worst = (loss: LossLike) => TASKS.regression.worst(outcome, cost, { loss }, 2).map(({ at }) => at);
  const attended = (loss: LossLike) =>
    TASKS.regression.attended(outcome, cost, { loss }, { wrong: 1, all: 1 }).map(({ at }) => at);
  const title = (loss: LossLike) => TASKS.regression.worstTitle(outcome, cost, { loss }, 2, "test images");
  assert.deepEqual([worst("mse"), attended("mse")], [[0, 1], [0]]);
  assert.deepEqual([worst("gamma"), attended("gamma")], [[1, 0], [1]]);
  assert.equal(title("mse"), "Largest errors on the test images (2 of 3):");
  assert.equal(title("gamma"), "Largest parts of the gamma deviance on the test images (2 of 3):");
});

test("labels that are wrong are looked at first, then images of which all are right", () => {
  const facts: TaskFactsOf<"multiLabel"> = { kind: "multiLabel", labelNames: ["a", "b"], columns: ["l"] };
  const outcome = {
    kind: "multiLabel" as const,
    labels: 2,
    actual: Uint8Array.of(1, 0, 0, 1, 0, 0),
    scores: Float32Array.of(0.9, 0.1, 0.2, 0.4, 0.1, 0.3),
  };
  assert.deepEqual(
    TASKS.multiLabel
      .attended(outcome, facts, { loss: "binaryCrossentropy" }, { wrong: 5, all: 10 })
      .map(({ at, index, caption }) => [at, index, "title" in caption && caption.title]),
    [
      [1, 1, "missed b (40%)"],
      [0, 0, "a (90%)"],
      [2, 1, "no label"],
    ],
  );
});

test("a model whose file holds no loss is judged by its recipe's", async () => {
  const model = network(1, { activation: "exponential" });
  const training = { loss: { class_name: "GammaDeviance", config: {}, module: "keras.losses", registered_name: null } };
  compileToJudge({ model, facts: { recipe: { task: cost, training } } } as unknown as TrainedModel, cost);
  assert.equal(model.trainer.objective[0]!.loss.className, "GammaDeviance");
  await model.close();
  const other = network(1);
  compileToJudge({ model: other, facts: undefined } as unknown as TrainedModel, cost);
  assert.equal(other.trainer.objective[0]!.loss.className, "MeanSquaredError");
  await other.close();
});
