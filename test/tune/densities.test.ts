// TPE's densities against the real Optuna's, from the same observations.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { columnOf } from "../../src/tune/samplers/tpe/column.js";
import { scaled } from "../../src/tune/samplers/tpe/kernels.js";
import { ParzenEstimator } from "../../src/tune/samplers/tpe/parzen.js";
import { distributionFromJson } from "../../src/tune/storages/distribution-json.js";

interface Case {
  space: Record<string, unknown>;
  observations: Record<string, number[]>;
  points: Record<string, number[]>;
  log_density: number[];
}

const file = new URL("../../../test/tune/fixtures/densities.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

test("log-densities are Optuna's", () => {
  assert.ok(cases.length > 50);
  for (const { space, observations, points, log_density } of cases) {
    const names = Object.keys(space);
    const distributions = new Map(names.map((name) => [name, distributionFromJson(JSON.stringify(space[name]))]));
    const observed = names.map((name) => {
      const distribution = distributions.get(name)!;
      return columnOf(Float64Array.from(observations[name]!, (value) => scaled(distribution, value)));
    });
    const at = names.map((name) => Float64Array.from(points[name]!));
    const ours = new ParzenEstimator(distributions, observed).logDensity(at);
    ours.forEach((value, i) => {
      const theirs = log_density[i]!;
      const error = Math.abs(value - theirs) / Math.max(1, Math.abs(theirs));
      assert.ok(error < 1e-9, `${names} after ${observations[names[0]!]!.length}: ${value} is not ${theirs}`);
    });
  }
});
