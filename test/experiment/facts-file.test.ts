// facts.json: what is written is read back whole, and a damaged file ends in one sentence that names file and field.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFacts, writeFacts } from "../../src/experiment/run/facts-file.js";
import { FoveaError } from "../../src/index.js";
import type { RunFacts } from "../../src/report/facts.js";
import { blot, madeUpRun } from "../report/made-up-run.js";
import { madeUpLabels, madeUpRegression } from "../report/made-up-tasks.js";

const run = madeUpRun((k, n) => blot(8, 6, k + n));
const image = blot(4, 4, 1);
const facts: RunFacts = {
  ...run,
  failures: run.failures.slice(0, 2),
  attention: [{ trueClass: 0, predictedClass: 1, confidence: 0.5, image, file: "a.png" }],
  gallery: {
    image,
    filters: image,
    layers: [{ name: "conv", shape: "4 × 4 × 2", channels: [1, 0], image }],
    features: [{ layer: "conv", channels: [1], before: [0.1], after: [3], image }],
  },
};

test("facts are read as they were written", () => {
  const asLists = facts.splits.map(({ heights, widths, ...split }) => ({
    ...split,
    heights: Array.from(heights!),
    widths: Array.from(widths!),
  }));
  assert.deepEqual(readFacts(writeFacts(facts)), { ...facts, splits: asLists });
});

test("facts of other tasks are read as they were written, and kinds that are unknown refused", () => {
  const asLists = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, inner: unknown) =>
        ArrayBuffer.isView(inner) ? Array.from(inner as Float64Array) : inner,
      ),
    );
  for (const made of [madeUpRegression({ targets: 2, rows: 60 }), madeUpLabels(40)])
    assert.deepEqual(asLists(readFacts(writeFacts(made))), asLists(made));
  const wrong = JSON.parse(writeFacts(madeUpLabels(40))) as { facts: { evaluation: Record<string, unknown> } };
  wrong.facts.evaluation.errors = [1];
  assert.throws(() => readFacts(JSON.stringify(wrong)), /facts\.evaluation: expected errors of each label/);
  wrong.facts.evaluation.kind = "pose";
  assert.throws(() => readFacts(JSON.stringify(wrong)), /facts\.evaluation\.kind/);
});

test("an evaluation of before there were tasks is a classification's", () => {
  const old = JSON.parse(writeFacts(facts)) as { facts: { evaluation: { kind?: string } } };
  delete old.facts.evaluation.kind;
  const { evaluation } = readFacts(JSON.stringify(old));
  assert.deepEqual(evaluation, facts.evaluation);
  const nameless = { ...old, facts: { ...old.facts, classNames: [] } };
  assert.throws(() => readFacts(JSON.stringify(nameless)), /facts\.classNames: expected names of classes/);
});

test("facts.json keeps numbers that JSON has not", () => {
  const labels = [0, 1, 0];
  const diverged = {
    kind: "classification" as const,
    split: "Test",
    labels,
    predicted: labels,
    confidence: [1, Number.NaN, Number.NEGATIVE_INFINITY],
  };
  const { seconds, evaluation } = readFacts(writeFacts({ ...facts, seconds: Number.NaN, evaluation: diverged }));
  assert.deepEqual([seconds, evaluation], [Number.NaN, diverged]);
});

test("a damaged facts.json is refused in one sentence that names file and field", () => {
  const sound = JSON.parse(writeFacts(facts)) as { facts: Record<string, unknown> };
  const [sample] = sound.facts.samples as [{ classIndex: number; image: { height: number } }];
  const evaluated = sound.facts.evaluation as { labels: number[] };
  const wrong: [object, string][] = [
    [{ splits: 3 }, "splits: expected array, received 3"],
    [{ classNames: undefined }, "classNames: expected array, received nothing"],
    [{ seconds: "long" }, 'seconds: expected a number, received "long"'],
    [{ seconds: { $number: "many" } }, 'seconds: expected a number, received {"$number":"many"}'],
    [{ failures: [null] }, "failures.0: expected object, received null"],
    [{ history: { loss: 1 } }, "history.loss: expected array, received 1"],
    [{ replay: null }, "replay: expected object, received null"],
    [
      { samples: [{ ...sample, image: { ...sample.image, data: { $bytes: "é" } } }] },
      'samples.0.image.data: expected base64, received {"$bytes":"é"}',
    ],
    [
      { samples: [{ ...sample, image: { ...sample.image, height: 7 } }] },
      'samples.0.image: expected height * width * channels bytes, received {"height":7,',
    ],
    [
      { evaluation: { ...evaluated, labels: [] } },
      "evaluation: expected as many predictions and confidences as labels, received",
    ],
    [
      { evaluation: { ...evaluated, labels: evaluated.labels.with(0, 55) } },
      "evaluation.labels.0: expected a class from 0 to 54, received 55",
    ],
  ];
  for (const [damage, message] of wrong) {
    const text = JSON.stringify({ ...sound, facts: { ...sound.facts, ...damage } });
    assert.throws(
      () => readFacts(text, "runs/one/facts.json"),
      (error) => {
        assert.ok(error instanceof FoveaError, String(error));
        assert.ok(error.message.startsWith(`runs/one/facts.json: facts.${message}`), error.message);
        return true;
      },
    );
  }
  assert.throws(() => readFacts('{"version":1,"facts":', "f"), /f: expected JSON/);
  assert.throws(() => readFacts('{"version":2,"facts":{}}', "f"), /f: version: expected 1, received 2/);
  const deep = `{"version":1,"facts":{"name":${"[".repeat(1e5)}${"]".repeat(1e5)}}}`;
  assert.throws(() => readFacts(deep, "f"), FoveaError);
});
