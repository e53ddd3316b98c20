// Referral, slices and decisions of several labels, on answers that can be counted by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { upperBound, wilsonInterval } from "../../src/core/statistics/index.js";
import { labelDecisions, referralCurve, slicesOf } from "../../src/experiment/trust/index.js";

test("a threshold refers what lies below it, and counts what is wrong among the rest", () => {
  const labels = [0, 0, 1, 1, 2];
  const predicted = [0, 1, 1, 1, 0];
  const confidence = [0.9, 0.29, 0.8, 0.5, 0.6];
  const curve = referralCurve({ labels, predicted, confidence });
  assert.equal(curve.length, 101);
  const at = (n: number) => {
    const { referred, decided, wrong } = curve[n]!;
    return [referred, decided, wrong];
  };
  assert.deepEqual(at(0), [0, 5, 2]);
  assert.deepEqual(at(29), [0, 5, 2], "an answer at the threshold itself is the model's");
  assert.deepEqual(at(30), [1, 4, 1]);
  assert.deepEqual(at(61), [3, 2, 0]);
  assert.deepEqual(at(100), [5, 0, 0]);
  assert.equal(curve[29]!.threshold, 0.29);
  for (const { wrong, decided, bound } of curve) assert.equal(bound, upperBound(wrong, decided));
  assert.throws(
    () => referralCurve({ labels, predicted, confidence: [1] }),
    /as many answers and confidences as labels/,
  );
});

test("slices are names and quarters of numbers, the worst first", () => {
  const right = [true, true, false, false, true, true, true, true];
  const slices = slicesOf(right, [
    { name: "camera", values: ["a", "a", "b", "b", "a", "", "a", "b"] },
    { name: "size", values: [1, 2, 3, 4, 5, 6, Number.NaN, 5] },
    { name: "same", values: new Array<string>(8).fill("x") },
  ]);
  const told = slices.map(({ attribute, value, images, right: hits }) => [attribute, value, images, hits]);
  assert.deepEqual(told[0], ["size", { from: 3, to: 4 }, [2, 3], 0]);
  assert.deepEqual(told[1], ["camera", "b", [2, 3, 7], 1]);
  const quarters = slices.filter(({ attribute }) => attribute === "size");
  assert.deepEqual(
    quarters.map(({ images }) => images).sort(([a = 0], [b = 0]) => a - b),
    [[0, 1], [2, 3], [4, 7], [5]],
    "equal numbers stay together, and one that is not known is in none",
  );
  assert.ok(!slices.some(({ attribute }) => attribute === "same"), "what all images share tells nothing");
  for (const { right: hits, count, low, high, share } of slices)
    assert.deepEqual({ low, high, share }, wilsonInterval(hits, count));
  for (let i = 1; i < slices.length; i++) assert.ok(slices[i - 1]!.high <= slices[i]!.high);
  assert.throws(
    () => slicesOf(right, [{ name: "short", values: [1] }]),
    /a value of short for each of 8 images, received 1/,
  );
  const names = Array.from({ length: 60 }, (_, i) => String(i));
  assert.deepEqual(slicesOf(new Array<boolean>(60).fill(true), [{ name: "file", values: names }]), []);
});

test("labels are said rightly, missed, or said falsely", () => {
  const outcome = {
    labels: 3,
    actual: Uint8Array.from([1, 0, 1, 0, 0, 1]),
    scores: Float32Array.from([0.75, 0.25, 0.25, 0.5, 0.875, 0.75]),
  };
  assert.deepEqual(labelDecisions(outcome, [0.5, 0.5, 0.5]), [
    { right: [0], missed: [2], falsely: [], wrongBy: 0.25 },
    { right: [2], missed: [], falsely: [1], wrongBy: 0.375 },
  ]);
  assert.throws(() => labelDecisions(outcome, [0.5]), /expected 3 thresholds, one for each label, received 1/);
});
