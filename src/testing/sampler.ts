// Duties of every sampler, whatever its method: stay inside of the space, repeat, and survive every state of a study.
import { createStudy, loadStudy, MemoryStorage, medianPruner, type Sampler, type Trial } from "../tune/index.js";
import { type ContractCase, check } from "./contract.js";
import { bowl, factsOf, learning, mixed } from "./objectives.js";

/** Mean value that random search finds in `bowl`. */
const EXPECTED_OF_RANDOM = 2 / 3;

const everywhere = (make: () => Sampler): readonly ContractCase[] => [
  {
    name: "values are in their ranges and on their steps",
    run: async () => {
      const study = await createStudy({ sampler: make(), seed: 1 });
      await study.optimize(mixed, { trials: 60 });
      check.deepEqual([...new Set(study.trials.map((trial) => trial.state))], ["complete"]);
      for (const { params } of study.trials) {
        check.ok((params.x as number) >= -5 && (params.x as number) <= 5);
        const steps = (params.dropout as number) / 0.05;
        check.ok(steps >= 0 && steps <= 10 && Math.abs(steps - Math.round(steps)) < 1e-9, `dropout ${params.dropout}`);
        check.ok([16, 32, 48, 64, 80, 96, 112, 128].includes(params.units as number), `units ${params.units}`);
        check.ok([1, 3, 5].includes(params.kernel as number), `kernel ${params.kernel}`);
      }
      const distinct = new Set(study.trials.map((trial) => trial.params.x));
      check.ok(distinct.size > 3, "it tries different values");
    },
  },

  {
    name: "a study repeats, in pieces and with four trials at once",
    run: async () => {
      for (const parallel of [1, 4]) {
        const whole = await createStudy({ sampler: make(), seed: 5 });
        await whole.optimize(mixed, { trials: 40, parallel });
        const storage = new MemoryStorage();
        await (await createStudy({ sampler: make(), seed: 5, storage })).optimize(mixed, { trials: 23, parallel });
        const rest = await loadStudy({ sampler: make(), storage });
        await rest.optimize(
          async (trial) => {
            await new Promise((resume) => setTimeout(resume, trial.number % 3));
            return mixed(trial);
          },
          { trials: 17, parallel },
        );
        check.deepEqual(factsOf(rest), factsOf(whole));
      }
    },
  },

  {
    name: "failed, pruned and enqueued trials do no harm",
    run: async () => {
      const study = await createStudy({ sampler: make(), seed: 2 });
      await study.enqueueTrial({ x: 1.5, dropout: 0.1, units: 32, kernel: 5 });
      await study.optimize(
        (trial: Trial) => {
          if (trial.number % 5 === 3) throw new Error("no luck");
          if (trial.number % 5 === 4) throw trial.prune();
          return trial.number % 7 === 0 ? Infinity : mixed(trial);
        },
        { trials: 40, catch: [Error] },
      );
      const states = study.trials.map((trial) => trial.state);
      check.equal(states.length, 40);
      check.equal(states.filter((state) => state === "complete").length, 24);
    },
  },
];

/** For samplers of any space: one that changes from trial to trial. */
const free = (make: () => Sampler): readonly ContractCase[] => [
  {
    name: "four trials at once that report and are pruned repeat, and none is mistaken for another trial's",
    run: async () => {
      const run = async () => {
        const study = await createStudy({ sampler: make(), seed: 6, pruner: medianPruner() });
        await study.optimize(learning(9), { trials: 36, parallel: 4 });
        return factsOf(study);
      };
      const facts = await run();
      check.equal(facts.length, 36);
      check.ok(facts.some(({ state }) => state === "pruned"));
      check.deepEqual(await run(), facts);
    },
  },

  {
    name: "conditional and moving spaces",
    run: async () => {
      const study = await createStudy({ sampler: make(), seed: 3 });
      await study.optimize(
        (trial: Trial) => {
          const high = 1 + (trial.number % 4);
          const x = trial.suggestFloat("moving", 0, high);
          check.ok(x <= high);
          if (trial.suggestCategorical("branch", ["a", "b"]) === "a") return x + trial.suggestInt("only a", 0, 3);
          return x + trial.suggestFloat("only b", 0.1, 10, { log: true }) + trial.suggestInt("single", 4, 4);
        },
        { trials: 60 },
      );
      check.ok(
        study.trials.every((trial) => trial.state === "complete"),
        JSON.stringify(study.trials.find((trial) => trial.state === "fail")?.systemAttributes),
      );
      check.equal(new Set(study.trials.map((trial) => trial.params.branch)).size, 2);
    },
  },
];

/** For samplers that learn: they must beat random search on a simple bowl. */
const learned = (make: () => Sampler): readonly ContractCase[] => [
  {
    name: "later trials are better than random ones",
    run: async () => {
      for (let seed = 0; seed < 6; seed++) {
        const study = await createStudy({ sampler: make(), seed });
        await study.optimize(bowl, { trials: 200 });
        const last = study.trials.slice(150).map((trial) => trial.values![0]!);
        const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
        check.ok(mean < 0.75 * EXPECTED_OF_RANDOM, `seed ${seed}: ${mean} on average`);
      }
    },
  },
];

/** Kinds of samplers: of the space of a grid alone, of any space, and of any space with the results of earlier trials. */
export type SamplerKind = "grid" | "free" | "learning";

/**
 * The promises of a sampler: values inside of the space, studies that repeat, no harm by failed trials; for `free` also
 * spaces that change from trial to trial, for `learning` also better results than random search.
 * @param make gives a new sampler
 * @param kind what is promised. Default "free"
 * @returns cases for a runner of tests; a case rejects where its promise is broken
 * @example for (const { name, run } of samplerContract(() => randomSampler())) await run(); // or test(name, run)
 */
export const samplerContract = (make: () => Sampler, kind: SamplerKind = "free"): readonly ContractCase[] => [
  ...everywhere(make),
  ...(kind === "grid" ? [] : free(make)),
  ...(kind === "learning" ? learned(make) : []),
];
