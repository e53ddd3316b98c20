// Losses and figures of masks as Keras, PyTorch and scikit-learn have them (tools/segmentation-fixtures.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { gradients } from "../../src/core/autodiff.js";
import { cast, constant } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import { confusionsOf, overlaps } from "../../src/experiment/tasks/scores/segmentation/index.js";
import {
  type Loss,
  lossFromKeras,
  lossToKeras,
  sparseCategoricalCrossentropy,
  sparseDice,
  sparseFocalCrossentropy,
  sparseLovasz,
} from "../../src/nn/losses/index.js";
import { meanIoU, metricFromKeras, metricToKeras } from "../../src/nn/metrics/index.js";
import { objectiveOf, totalLoss } from "../../src/nn/model/objective.js";
import { graphRunner } from "../contract/graph-runner.js";
import { close, type Plain, tensorOf } from "./keras-fixtures.js";

interface LossCase {
  readonly ignored: number | null;
  readonly crossentropy?: number;
  readonly gamma?: number;
  readonly y: Plain;
  readonly value: number;
  readonly gradient: Plain;
}

const logits = { fromLogits: true } as const;
/** Losses by the names of their cases. */
const LOSSES = {
  crossentropy: ({ ignored }: LossCase) => sparseCategoricalCrossentropy({ ...logits, ignoreClass: ignored }),
  dice: ({ ignored, crossentropy = 0 }: LossCase) => sparseDice({ ...logits, ignoreClass: ignored, crossentropy }),
  focal: ({ ignored, gamma = 2 }: LossCase) => sparseFocalCrossentropy({ ...logits, ignoreClass: ignored, gamma }),
  lovasz: ({ ignored, crossentropy = 0 }: LossCase) => sparseLovasz({ ...logits, ignoreClass: ignored, crossentropy }),
} as const;

interface Overlap {
  readonly classes: number;
  readonly truth: readonly number[];
  readonly said: readonly number[];
  readonly iou: readonly (number | null)[];
  readonly dice: readonly (number | null)[];
  readonly meanIou: number;
  readonly pixelAccuracy: number;
}

const path = fileURLToPath(new URL("../../../test/parity/fixtures/segmentation.json", import.meta.url));
const known = JSON.parse(readFileSync(path, "utf8")) as {
  readonly logits: Plain;
  readonly crossentropy: readonly LossCase[];
  readonly dice: readonly LossCase[];
  readonly focal: readonly LossCase[];
  readonly lovasz: readonly LossCase[];
  readonly meanIou: readonly Omit<LossCase, "gradient">[];
  readonly overlaps: readonly Overlap[];
};

for (const backend of [referenceBackend, createWasmBackend()]) {
  const run = graphRunner(backend);
  const check = async (loss: Loss, { y, value, gradient }: LossCase): Promise<void> => {
    const [yTrue, yPred] = [input("y", y.shape, "uint8"), input("x", known.logits.shape)];
    const objective = objectiveOf({ loss }, ["masks"]);
    const total = totalLoss(objective, { yTrue: [yTrue], yPred: [yPred], weight: undefined });
    const graph = { inputs: [yTrue, yPred], outputs: [total, ...gradients(total, [yPred])], updates: [] };
    const results = await run(graph, [tensorOf(y, "uint8"), tensorOf(known.logits)]);
    close(results[0]!, { shape: [], data: [value] }, 1e-6, loss.name);
    close(results[1]!, gradient, 1e-6, `gradient of ${loss.name}`);
  };
  for (const [name, make] of Object.entries(LOSSES))
    for (const [i, expected] of known[name as keyof typeof LOSSES].entries())
      test(`${backend.name}: ${name} ${i} with ${expected.ignored} ignored as in ${name === "crossentropy" ? "Keras" : "PyTorch"}`, async () => {
        const loss = make(expected);
        await check(loss, expected);
        assert.deepEqual(lossFromKeras(lossToKeras(loss)).config, loss.config);
      });
  for (const [i, expected] of known.meanIou.entries())
    test(`${backend.name}: mean IoU ${i} with ${expected.ignored} ignored as in Keras`, async () => {
      const numClasses = known.logits.shape.at(-1)!;
      const metric = meanIoU({ numClasses, ignoreClass: expected.ignored, sparseYPred: false });
      const again = metricFromKeras(metricToKeras(metric));
      assert.deepEqual(typeof again === "string" ? again : again.config, metric.config);
      const [yTrue, yPred] = [input("y", expected.y.shape, "uint8"), input("x", known.logits.shape)];
      const totals = metric.totals(cast(yTrue, "int32"), yPred, constant(1, [expected.y.shape[0]!]));
      const graph = { inputs: [yTrue, yPred], outputs: [...totals], updates: [] };
      const results = await run(graph, [tensorOf(expected.y, "uint8"), tensorOf(known.logits)]);
      const value = metric.result(results.map(({ data }) => Float64Array.from(data)));
      assert.ok(Math.abs(value - expected.value) < 1e-6, `${value}, Keras has ${expected.value}`);
    });
}

test("overlaps of classes as in scikit-learn", () => {
  for (const { classes, truth, said, iou, dice, meanIou, pixelAccuracy } of known.overlaps) {
    const pairs = { classes, size: truth.length, actual: Uint8Array.from(truth), predicted: Uint8Array.from(said) };
    const found = overlaps(confusionsOf(pairs), classes);
    for (const [k, figures] of found.classes.entries()) {
      assert.equal(figures.iou === undefined, iou[k] === null);
      if (iou[k] !== null)
        assert.ok(Math.abs(figures.iou! - iou[k]!) < 1e-12 && Math.abs(figures.dice! - dice[k]!) < 1e-12);
    }
    assert.ok(Math.abs(found.meanIou - meanIou) < 1e-12 && Math.abs(found.pixelAccuracy - pixelAccuracy) < 1e-12);
  }
});
