// Duties of every sampler, whatever its method: stay inside of the space, repeat, and survive every state of a study.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createStudy, loadStudy, MemoryStorage, medianPruner, type Sampler, type Trial } from "../../src/tune/index.js";
import { factsOf } from "../tune/facts-of.js";
import { bowl, learning, mixed } from "../tune/objectives.js";

/** Mean value that random search finds in `bowl`. */
const EXPECTED_OF_RANDOM = 2 / 3;

export function samplerSuite(name: string, make: () => Sampler, objective = mixed): void {
  test(`${name}: values are in their ranges and on their steps`, async () => {
    const study = await createStudy({ sampler: make(), seed: 1 });
    await study.optimize(objective, { trials: 60 });
    assert.deepEqual([...new Set(study.trials.map((trial) => trial.state))], ["complete"]);
    for (const { params } of study.trials) {
      assert.ok((params.x as number) >= -5 && (params.x as number) <= 5);
      const steps = (params.dropout as number) / 0.05;
      assert.ok(steps >= 0 && steps <= 10 && Math.abs(steps - Math.round(steps)) < 1e-9, `dropout ${params.dropout}`);
      assert.ok([16, 32, 48, 64, 80, 96, 112, 128].includes(params.units as number), `units ${params.units}`);
      assert.ok([1, 3, 5].includes(params.kernel as number), `kernel ${params.kernel}`);
    }
    const distinct = new Set(study.trials.map((trial) => trial.params.x));
    assert.ok(distinct.size > 3, "it tries different values");
  });

  test(`${name}: a study repeats, in pieces and with four trials at once`, async () => {
    for (const parallel of [1, 4]) {
      const whole = await createStudy({ sampler: make(), seed: 5 });
      await whole.optimize(objective, { trials: 40, parallel });
      const storage = new MemoryStorage();
      await (await createStudy({ sampler: make(), seed: 5, storage })).optimize(objective, { trials: 23, parallel });
      const rest = await loadStudy({ sampler: make(), storage });
      await rest.optimize(
        async (trial) => {
          await new Promise((resume) => setTimeout(resume, trial.number % 3));
          return objective(trial);
        },
        { trials: 17, parallel },
      );
      assert.deepEqual(factsOf(rest), factsOf(whole));
    }
  });

  test(`${name}: failed, pruned and enqueued trials do no harm`, async () => {
    const study = await createStudy({ sampler: make(), seed: 2 });
    await study.enqueueTrial({ x: 1.5, dropout: 0.1, units: 32, kernel: 5 });
    await study.optimize(
      (trial: Trial) => {
        if (trial.number % 5 === 3) throw new Error("no luck");
        if (trial.number % 5 === 4) throw trial.prune();
        return trial.number % 7 === 0 ? Infinity : objective(trial);
      },
      { trials: 40, catch: [Error] },
    );
    const states = study.trials.map((trial) => trial.state);
    assert.equal(states.length, 40);
    assert.equal(states.filter((state) => state === "complete").length, 24);
  });
}

/** For samplers of any space: one that changes from trial to trial. */
export function freeSamplerSuite(name: string, make: () => Sampler): void {
  samplerSuite(name, make);
  test(`${name}: four trials at once that report and are pruned repeat, and none is taken for somebody else's`, async () => {
    const run = async () => {
      const study = await createStudy({ sampler: make(), seed: 6, pruner: medianPruner() });
      await study.optimize(learning(9), { trials: 36, parallel: 4 });
      return factsOf(study);
    };
    const facts = await run();
    assert.equal(facts.length, 36);
    assert.ok(facts.some(({ state }) => state === "pruned"));
    assert.deepEqual(await run(), facts);
  });

  test(`${name}: conditional and moving spaces`, async () => {
    const study = await createStudy({ sampler: make(), seed: 3 });
    await study.optimize(
      (trial: Trial) => {
        const high = 1 + (trial.number % 4);
        const x = trial.suggestFloat("moving", 0, high);
        assert.ok(x <= high);
        if (trial.suggestCategorical("branch", ["a", "b"]) === "a") return x + trial.suggestInt("only a", 0, 3);
        return x + trial.suggestFloat("only b", 0.1, 10, { log: true }) + trial.suggestInt("single", 4, 4);
      },
      { trials: 60 },
    );
    assert.ok(
      study.trials.every((trial) => trial.state === "complete"),
      JSON.stringify(study.trials.find((trial) => trial.state === "fail")?.systemAttributes),
    );
    assert.equal(new Set(study.trials.map((trial) => trial.params.branch)).size, 2);
  });
}

/** For samplers that learn: they must beat random search on a simple bowl. */
export function learningSamplerSuite(name: string, make: () => Sampler): void {
  freeSamplerSuite(name, make);
  test(`${name}: later trials are better than random ones`, async () => {
    for (let seed = 0; seed < 6; seed++) {
      const study = await createStudy({ sampler: make(), seed });
      await study.optimize(bowl, { trials: 200 });
      const last = study.trials.slice(150).map((trial) => trial.values![0]!);
      const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
      assert.ok(mean < 0.75 * EXPECTED_OF_RANDOM, `seed ${seed}: ${mean} on average`);
    }
  });
}
