// The shipped backbone on real handwriting: 20 images a class of CASIA's 55 characters, none of which it was trained on.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fovea, workplace } from "../cli/fovea.js";
import { filesInTar, realData } from "./shared-data.js";

const data = realData("CASIA-Dataset.tar");
/** Twenty a class from scratch, with augmentation, give 0.598 (tools/measure-base.ts); ten points more. */
const TEN_POINTS_MORE = 0.698;

test("20 real images a class on the shipped backbone: ten points above training from scratch", {
  skip: data.skip,
}, async (t) => {
  const folder = workplace(t);
  for (const { path, bytes } of filesInTar(data.path)) {
    // About twenty a class on either side, spread over all writers.
    const [, split, number] = /\/(Train|Test)\/.*\/(\d+)\.png$/.exec(path) ?? [];
    if (split === undefined || Number(number) % (split === "Train" ? 29 : 7) !== 0) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const ended = await fovea(folder, "transfer", "CASIA-Dataset", "--base", "hanzi", "--seed", "1", "--json");
  assert.equal(ended.code, 0, ended.stderr);
  const { accuracy } = JSON.parse(ended.stdout).test;
  t.diagnostic(`test accuracy ${accuracy}`);
  assert.ok(accuracy >= TEN_POINTS_MORE, `test accuracy ${accuracy}`);
});
