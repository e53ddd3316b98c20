// Every pruner against the real Optuna's: the same curves of reports are ended at the same steps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  createStudy,
  type Direction,
  hyperbandPruner,
  medianPruner,
  type Pruner,
  patientPruner,
  percentilePruner,
  successiveHalvingPruner,
  wilcoxonPruner,
} from "../../src/tune/index.js";
import { outcomeOf } from "../../src/tune/outcome.js";
import type { PrunerView } from "../../src/tune/pruners/pruner.js";

const file = new URL("../../../test/tune/fixtures/pruners.json", import.meta.url);
const { curves, pruned } = JSON.parse(readFileSync(file, "utf8")) as {
  curves: (number | null)[][];
  pruned: Record<string, (number | null)[]>;
};

const PRUNERS: Record<string, Pruner> = {
  median: medianPruner(),
  "median late": medianPruner({ startupTrials: 10, warmupSteps: 4, intervalSteps: 3, minTrials: 4 }),
  "percentile 25": percentilePruner(25),
  "percentile 80": percentilePruner(80, { startupTrials: 2 }),
  patient: patientPruner(undefined, 2),
  "patient median": patientPruner(medianPruner(), 1, 0.1),
  halving: successiveHalvingPruner(),
  "halving 3": successiveHalvingPruner({ minResource: 2, reductionFactor: 3, minEarlyStoppingRate: 1 }),
  "halving bootstrap": successiveHalvingPruner({ minResource: 1, reductionFactor: 2, bootstrapCount: 4 }),
  hyperband: hyperbandPruner(),
  "hyperband 27": hyperbandPruner({ minResource: 1, maxResource: 27, reductionFactor: 3 }),
  "hyperband 4": hyperbandPruner({ minResource: 2, maxResource: 26, reductionFactor: 4, bootstrapCount: 1 }),
  wilcoxon: wilcoxonPruner(),
  "wilcoxon strict": wilcoxonPruner({ pThreshold: 0.01, startupSteps: 6 }),
};

for (const [name, pruner] of Object.entries(PRUNERS))
  for (const direction of ["minimize", "maximize"] satisfies Direction[])
    test(`${name}, ${direction}: trials end where Optuna ends them`, async () => {
      const expected = pruned[`${name}, ${direction}`]!;
      assert.ok(
        expected.some((step) => step !== null),
        "the fixture has pruned trials",
      );
      const study = await createStudy({ name: "pruned", direction, pruner });
      const ended: (number | null)[] = [];
      const objective = async (trial: Awaited<ReturnType<typeof study.ask>>): Promise<number> => {
        const curve = curves[trial.number]!.map((value) => value ?? Number.NaN);
        for (const [step, value] of curve.entries()) {
          await trial.report(value, step);
          if (!trial.shouldPrune()) continue;
          ended.push(step);
          throw trial.prune();
        }
        ended.push(null);
        return curve.at(-1)!;
      };
      await study.optimize(objective, { trials: curves.length });
      assert.deepEqual(ended, expected);
    });

test("options out of range are told", () => {
  assert.throws(() => percentilePruner(101), /from 0 to 100, received 101/);
  assert.throws(() => medianPruner({ minTrials: 0 }), /minTrials: expected a whole number of at least 1, received 0/);
  assert.throws(() => patientPruner(undefined, -1), /patience: expected a whole number of at least 0, received -1/);
  assert.throws(() => successiveHalvingPruner({ reductionFactor: 1 }), /reductionFactor from 2/);
  assert.throws(() => successiveHalvingPruner({ bootstrapCount: 1 }), /bootstrapCount needs a minResource/);
  assert.throws(() => hyperbandPruner({ minResource: 9, maxResource: 3 }), /received 9, 3 and 3/);
  assert.throws(() => wilcoxonPruner({ pThreshold: 2 }), /pThreshold from 0 to 1/);
});

test("trials of very many reports are judged and ended", async () => {
  const steps = 300_000;
  const study = await createStudy();
  await study.optimize(() => 1, { trials: 1 });
  const intermediate = new Map(Array.from({ length: steps }, (_, step) => [step, 1] as const));
  const finished = { ...study.trials[0]!, intermediate };
  const view = (value: number): PrunerView => ({
    studyName: "long",
    direction: "minimize",
    number: 1,
    intermediate: new Map([...intermediate.keys()].map((step) => [step, value])),
    attributes: {},
    trials: [finished],
    note: () => undefined,
  });
  const long = [
    medianPruner({ startupTrials: 1 }),
    successiveHalvingPruner({ minResource: 1 }),
    patientPruner(undefined, 2),
  ];
  assert.deepEqual(
    long.map((pruner) => pruner.shouldPrune(view(2))),
    [true, false, false],
  );
  assert.deepEqual(outcomeOf({ intermediate: view(2).intermediate }, { state: "pruned" }, 1).values, [2]);
});
