// Comparing studies: values that mean different things are refused, with the setting that tells them apart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareStudies } from "../../src/experiment/tune/compare.js";
import { STUDY_ATTRIBUTES } from "../../src/experiment/tune/program.js";
import { createStudy, type Json, type Study } from "../../src/tune/index.js";
import { claimsSpec } from "./claims.js";

async function studyOf(name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<Study> {
  const study = await createStudy({ name });
  await study.setUserAttribute(STUDY_ATTRIBUTES.spec, claimsSpec({ study: name, ...changes }) as unknown as Json);
  await study.setUserAttribute(STUDY_ATTRIBUTES.data, "the same bytes");
  return study;
}

const { data, training } = claimsSpec();
const withData = (changes: object) => ({ data: { ...data, ...changes } });
const withTraining = (changes: object) => ({ training: { ...training, ...changes } });

test("studies with another target, exposure, split or loss are refused", async () => {
  const first = await studyOf("a");
  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [
      withData({ target: "Age" }),
      /the target of study "a" is "ClaimNb", that of study "b" "Age"; their values say noth/,
    ],
    [withData({ exposure: { column: "Exposure", as: "offset" } }), /the exposure of study "a" is .*"weight".*"offset"/],
    [withData({ exposure: undefined }), /the exposure of study "a" is .*that of study "b" none;/],
    [withData({ split: { seed: 7 } }), /the split of study "a" is \{"validation":0.2,"seed":123\}, that of .*"seed":7/],
    [withTraining({ loss: "mean_squared_error" }), /the loss of study "a" is "poisson", that of study "b" "mean_sq/],
  ];
  for (const [changes, message] of wrong) {
    const other = await studyOf("b", changes);
    assert.throws(() => compareStudies([first, other]), message);
  }
});

test("studies that differ in what they search are compared, and a loss says nothing about a metric", async () => {
  const same = [
    await studyOf("a"),
    await studyOf("b", { sampler: "random", space: { neurons: { int: [2, 9] } }, trials: 7 }),
    await studyOf("c", withData({ features: ["Age"], standardize: false })),
  ];
  assert.equal(compareStudies(same).studies.length, 3);
  const byMetric = (name: string, loss: string, metrics: readonly unknown[]) =>
    studyOf(name, { ...withTraining({ loss, metrics }), objective: "val_mean_absolute_error" });
  const plain = ["mean_absolute_error"];
  compareStudies([await byMetric("a", "poisson", plain), await byMetric("b", "mean_squared_error", plain)]);
});
