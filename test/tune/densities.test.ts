// TPE's densities against the real Optuna's, from the same observations.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
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
    const columns = (of: Record<string, number[]>) => names.map((name) => Float64Array.from(of[name]!));
    const ours = new ParzenEstimator(distributions, columns(observations)).logDensity(columns(points));
    ours.forEach((value, i) => {
      const theirs = log_density[i]!;
      const error = Math.abs(value - theirs) / Math.max(1, Math.abs(theirs));
      assert.ok(error < 1e-9, `${names} after ${observations[names[0]!]!.length}: ${value} is not ${theirs}`);
    });
  }
});
