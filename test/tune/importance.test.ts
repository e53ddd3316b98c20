// Importances against the real Optuna's: PED-ANOVA to the last digits, fANOVA as far as two forests can agree.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Direction, fanova, normalized, pedAnova, type TrialRecord } from "../../src/tune/index.js";
import { distributionFromJson } from "../../src/tune/storages/distribution-json.js";

interface Fixture {
  directions: Direction[];
  space: Record<string, unknown>;
  trials: { value: number; params: TrialRecord["params"] }[];
  importances: Record<"ped_anova" | "ped_anova_local" | "fanova", Record<string, number>>;
}

const file = new URL("../../../test/tune/fixtures/importances.json", import.meta.url);
const { studies } = JSON.parse(readFileSync(file, "utf8")) as { studies: Fixture[] };

const recordsOf = ({ space, trials }: Fixture): TrialRecord[] =>
  trials.map(({ value, params }, number) => ({
    id: number,
    number,
    state: "complete",
    values: [value],
    params,
    distributions: Object.fromEntries(
      Object.keys(params).map((name) => [name, distributionFromJson(JSON.stringify(space[name]))]),
    ),
    userAttributes: {},
    systemAttributes: {},
    intermediate: new Map(),
    startedAt: undefined,
    finishedAt: undefined,
  }));

const close = (ours: Readonly<Record<string, number>>, theirs: Readonly<Record<string, number>>, tolerance: number) => {
  assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort());
  for (const [name, value] of Object.entries(ours))
    assert.ok(Math.abs(value - theirs[name]!) <= tolerance, `${name}: ${value} is not ${theirs[name]}`);
};

for (const fixture of studies) {
  const name = Object.keys(fixture.importances.ped_anova).length > 5 ? "fixed space" : "conditional space";
  test(`${name}: PED-ANOVA is Optuna's`, () => {
    const trials = recordsOf(fixture);
    close(pedAnova(trials, fixture.directions), fixture.importances.ped_anova, 1e-9);
    const local = pedAnova(trials, fixture.directions, { targetQuantile: 0.2, regionQuantile: 0.6 });
    close(local, fixture.importances.ped_anova_local, 1e-9);
  });
  test(`${name}: fANOVA comes close to Optuna's`, () => {
    const ours = fanova(recordsOf(fixture), fixture.directions);
    close(ours, fixture.importances.fanova, 0.03);
    assert.deepEqual(fanova(recordsOf(fixture), fixture.directions), ours, "it repeats");
  });
}

test("importances as shares, and of nothing", () => {
  assert.deepEqual(normalized({ a: 3, b: 1 }), { a: 0.75, b: 0.25 });
  assert.deepEqual(normalized({ a: 0, b: 0 }), { a: 0.5, b: 0.5 });
  assert.deepEqual(pedAnova([], ["minimize"]), {});
  assert.deepEqual(fanova([], ["minimize"]), {});
  assert.throws(() => pedAnova([], ["minimize"], { targetQuantile: 0.5, regionQuantile: 0.5 }), /0.5 and 0.5/);
  assert.throws(() => fanova([], ["minimize"], { trees: 0 }), /trees: expected a whole number of at least 1/);
  assert.throws(() => fanova([], ["minimize", "minimize"]), /name the value to explain/);
});
