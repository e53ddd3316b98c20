// Curves and rates of verifiers as scikit-learn has them, and the losses that embeddings are learnt by, with their slopes, as
// NumPy works them out in float64 (tools/verification-fixtures.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { interpret } from "../../src/backends/reference/reference.js";
import { gradients } from "../../src/core/autodiff.js";
import { sum } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import {
  acceptedAt,
  areaUnder,
  equalError,
  rocCurve,
  withoutCollinear,
} from "../../src/experiment/tasks/scores/verification/index.js";
import { arcFace, type Loss, lossFromKeras, lossToKeras, tripletHard } from "../../src/nn/losses/index.js";

interface LossCase {
  readonly labels: readonly number[];
  readonly x: readonly (readonly number[])[];
  readonly values: readonly number[];
  readonly slopes: readonly (readonly number[])[];
}
interface Fixtures {
  readonly curves: readonly {
    readonly same: readonly number[];
    readonly scores: readonly number[];
    readonly fpr: readonly number[];
    readonly tpr: readonly number[];
    readonly thresholds: readonly (number | null)[];
    readonly thinFpr: readonly number[];
    readonly thinThresholds: readonly (number | null)[];
    readonly auc: number;
    readonly rates: Readonly<Record<string, number>>;
    readonly eer: number;
  }[];
  readonly arcFace: readonly (LossCase & { readonly margin: number; readonly scale: number })[];
  readonly triplet: LossCase & { readonly margin: number };
}

const url = new URL("../../../test/parity/fixtures/verification.json", import.meta.url);
const fixtures = JSON.parse(readFileSync(url, "utf8")) as Fixtures;

function near(found: ArrayLike<number>, expected: ArrayLike<number | null>, limit: number, what: string): void {
  assert.equal(found.length, expected.length, what);
  for (let at = 0; at < found.length; at++) {
    const wanted = expected[at] ?? Number.POSITIVE_INFINITY;
    const isNear = found[at] === wanted || Math.abs(found[at]! - wanted) <= limit * Math.max(1, Math.abs(wanted));
    assert.ok(isNear, `${what}[${at}]: ${found[at]}, expected ${wanted}`);
  }
}

test("curves, areas and rates equal scikit-learn's", () => {
  for (const [i, { same, scores, ...wanted }] of fixtures.curves.entries()) {
    const curve = rocCurve({ same, scores })!;
    near(curve.fpr, wanted.fpr, 1e-12, `fpr of ${i}`);
    near(curve.tpr, wanted.tpr, 1e-12, `tpr of ${i}`);
    near(curve.thresholds, wanted.thresholds, 1e-12, `thresholds of ${i}`);
    const thin = withoutCollinear(curve);
    near(thin.fpr, wanted.thinFpr, 1e-12, `thin fpr of ${i}`);
    near(thin.thresholds, wanted.thinThresholds, 1e-12, `thin thresholds of ${i}`);
    near([areaUnder(curve), equalError(curve).rate], [wanted.auc, wanted.eer], 1e-12, `area and EER of ${i}`);
    for (const [rate, share] of Object.entries(wanted.rates))
      near([acceptedAt(curve, Number(rate))], [share], 1e-12, rate);
  }
  assert.equal(rocCurve({ same: [1, 1], scores: [0.1, 0.2] }), undefined);
  assert.throws(() => rocCurve({ same: [1, 0], scores: [0.1, Number.NaN] }), /finite scores, received NaN at 1/);
});

function checkLoss(loss: Loss, { labels, x, values, slopes }: LossCase, what: string): void {
  const shape = [x.length, x[0]!.length];
  const y = input("y", [labels.length], "int32");
  const embeddings = input("x", shape);
  const losses = loss.values(y, embeddings);
  const arrays = [
    { shape: [labels.length], data: Float64Array.from(labels) },
    { shape, data: Float64Array.from(x.flat()) },
  ];
  const outputs = [losses, ...gradients(sum(losses), [embeddings])];
  const [found, slope] = interpret({ inputs: [y, embeddings], outputs, updates: [] }, arrays, new Map());
  near(found!.data, values, 1e-9, `${what} values`);
  near(slope!.data, slopes.flat(), 1e-6, `${what} slopes`);
  const again = lossFromKeras(lossToKeras(loss));
  assert.deepEqual([again.className, again.config], [loss.className, loss.config]);
}

test("ArcFace and the batch-hard triplet loss have the values and slopes of their formulas", () => {
  for (const example of fixtures.arcFace)
    checkLoss(arcFace({ margin: example.margin, scale: example.scale }), example, `arcFace ${example.margin}`);
  checkLoss(tripletHard({ margin: fixtures.triplet.margin }), fixtures.triplet, "triplet");
  assert.throws(() => arcFace({ margin: 2 }), /margin/);
});
