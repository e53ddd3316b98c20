// The contract of storages of studies: the promises of tune/storages/storage.ts, each with two objects on one storage.
import type { NewTrial, Storage } from "../tune/index.js";
import { emptyTrial } from "../tune/new-trial.js";
import { OWNER } from "../tune/storages/storage.js";
import { type ContractCase, check } from "./contract.js";

/** A new, empty storage that several objects can open at once. */
export interface SharedStorage {
  /** Opens the one storage once more, as another process would. */
  open(): Promise<Storage>;
  /** Removes what is left of it, after all are closed. */
  remove(): Promise<void>;
}

const running = (owner: string): NewTrial => ({ ...blank, state: "running", systemAttributes: { [OWNER]: owner } });
const blank = emptyTrial("waiting");
const FLOAT = { type: "float", low: 1e-5, high: 0.1, log: true } as const;
const INT = { type: "int", low: 0, high: 8, log: false, step: 2 } as const;
const STEPPED = { type: "float", low: 0, high: 1, log: false, step: 0.25 } as const;
const CHOICE = { type: "categorical", choices: ["relu", null, true, 3, 0.5, '漢"\\\n'] } as const;

const PROMISES: Readonly<Record<string, (a: Storage, b: Storage) => Promise<void>>> = {
  studies: async (a, b) => {
    const first = await a.createStudy("first", ["minimize"]);
    await b.createStudy("zweite Studie, 漢字", ["maximize", "minimize"]);
    await check.rejects(b.createStudy("first", ["minimize"]), /there is one of that name/);
    await a.setStudyAttribute(first.id, "user", "note", { deep: [1, "two", null, true] });
    await a.setStudyAttribute(first.id, "user", "note", "again");
    await b.setStudyAttribute(first.id, "system", "seed", 7);
    const studies = await b.studies();
    check.deepEqual(
      studies.map((study) => [study.name, [...study.directions]]),
      [
        ["first", ["minimize"]],
        ["zweite Studie, 漢字", ["maximize", "minimize"]],
      ],
    );
    check.deepEqual(studies[0]!.userAttributes, { note: "again" });
    check.deepEqual(studies[0]!.systemAttributes, { seed: 7 });
    await a.createTrial(first.id, running("x"));
    await a.deleteStudy(first.id);
    check.deepEqual(
      (await b.studies()).map((study) => study.name),
      ["zweite Studie, 漢字"],
    );
  },

  "a trial is remembered in every detail": async (a, b) => {
    const { id } = await a.createStudy("s", ["minimize"]);
    const trial = (await a.createTrial(id, { ...running("me"), startedAt: new Date() }))!;
    await a.record(trial.id, [
      { kind: "parameter", name: "rate", internal: 0.0123456789012345, distribution: FLOAT },
      { kind: "parameter", name: "size", internal: 4, distribution: INT },
      { kind: "parameter", name: "drop", internal: 0.75, distribution: STEPPED },
      { kind: "parameter", name: "kind", internal: 5, distribution: CHOICE },
      { kind: "report", step: 0, value: 1 / 3 },
      { kind: "report", step: 7, value: Number.NaN },
      { kind: "report", step: 9, value: -Infinity },
      { kind: "user", key: "note", value: { 漢: ["x"] } },
    ]);
    await a.record(trial.id, [
      { kind: "report", step: 0, value: 0.25 },
      { kind: "user", key: "note", value: "new" },
    ]);
    check.equal(await a.finish(trial.id, "me", { state: "complete", values: [Number.MIN_VALUE] }), true);
    for (const storage of [a, b]) {
      const [found] = await storage.trials(id);
      check.equal(found!.state, "complete");
      check.equal(found!.number, 0);
      check.deepEqual(found!.values, [Number.MIN_VALUE]);
      check.deepEqual(found!.params, { rate: 0.0123456789012345, size: 4, drop: 0.75, kind: '漢"\\\n' });
      check.deepEqual(found!.distributions, { rate: FLOAT, size: INT, drop: STEPPED, kind: CHOICE });
      check.deepEqual(
        [...found!.intermediate],
        [
          [0, 0.25],
          [7, Number.NaN],
          [9, -Infinity],
        ],
      );
      check.deepEqual(found!.userAttributes, { note: "new" });
      check.ok(found!.startedAt! <= found!.finishedAt! && Date.now() - found!.startedAt!.getTime() < 60_000);
    }
  },

  "values of every kind": async (a, b) => {
    const { id } = await a.createStudy("s", ["minimize", "maximize"]);
    for (const values of [
      [Infinity, -Infinity],
      [1e300, -1e-300],
    ]) {
      const trial = (await a.createTrial(id, running("me")))!;
      await a.finish(trial.id, "me", { state: "complete", values });
    }
    const failed = (await a.createTrial(id, running("me")))!;
    await a.finish(failed.id, "me", { state: "fail", values: undefined, reason: "because" });
    const finished = {
      ...blank,
      state: "complete",
      values: [1, 2],
      params: { size: 4 },
      distributions: { size: INT },
    } as const;
    const dates = { startedAt: new Date(1e12), finishedAt: new Date(1e12 + 1500) };
    await a.createTrial(id, { ...finished, ...dates, intermediate: new Map([[3, 4]]), userAttributes: { a: 1 } });
    const trials = await b.trials(id);
    check.deepEqual(
      trials.map((trial) => [trial.state, trial.values]),
      [
        ["complete", [Infinity, -Infinity]],
        ["complete", [1e300, -1e-300]],
        ["fail", undefined],
        ["complete", [1, 2]],
      ],
    );
    check.equal(trials[2]!.systemAttributes.fail_reason, "because");
    check.deepEqual([trials[3]!.startedAt, trials[3]!.finishedAt], [dates.startedAt, dates.finishedAt]);
    check.deepEqual([trials[3]!.params, [...trials[3]!.intermediate]], [{ size: 4 }, [[3, 4]]]);
  },

  "numbers have no gaps, however many ask at once": async (a, b) => {
    const { id } = await a.createStudy("s", ["minimize"]);
    const made = await Promise.all(
      Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? a : b).createTrial(id, running("me"), 20)),
    );
    const numbers = made.flatMap((trial) => (trial === undefined ? [] : [trial.number]));
    check.deepEqual(
      numbers.sort((x, y) => x - y),
      Array.from({ length: 20 }, (_, i) => i),
    );
    check.equal((await b.trials(id)).length, 20);
    check.deepEqual(
      (await b.trials(id)).map((trial) => trial.number),
      numbers,
    );
  },

  "of several claims one succeeds": async (a, b) => {
    const { id } = await a.createStudy("s", ["minimize"]);
    for (let i = 0; i < 6; i++) await a.createTrial(id, { ...blank, systemAttributes: { fixed_params: { x: i } } });
    for (const trial of await b.trials(id)) {
      const won = await Promise.all([a.claim(trial, "a"), b.claim(trial, "b"), a.claim(trial, "c")]);
      check.equal(won.filter(Boolean).length, 1);
    }
    const trials = await a.trials(id);
    check.ok(trials.every((trial) => trial.state === "running" && trial.systemAttributes[OWNER] !== undefined));
    check.deepEqual(
      trials.map((trial) => trial.systemAttributes.fixed_params),
      [0, 1, 2, 3, 4, 5].map((x) => ({ x })),
    );
  },

  "an abandoned trial changes hands, and only its owner ends it, once": async (a, b) => {
    const { id } = await a.createStudy("s", ["minimize"]);
    const trial = (await a.createTrial(id, running("a")))!;
    check.equal(await b.claim(trial, "b"), true);
    check.equal(await b.claim(trial, "c"), false);
    const outcome = { state: "complete", values: [1] } as const;
    check.equal(await a.finish(trial.id, "a", outcome), false);
    const both = await Promise.all([b.finish(trial.id, "b", outcome), b.finish(trial.id, "b", outcome)]);
    check.deepEqual(both, [true, false]);
    await check.rejects(a.record(trial.id, [{ kind: "report", step: 0, value: 1 }]), /finished/);
    const [found] = await a.trials(id);
    check.equal((await a.trials(id))[0], found, "a finished trial stays the same object");
    check.equal(await a.claim(found!, "c"), false);
  },

  "a name keeps its meaning": async (a, b) => {
    const { id } = await a.createStudy("s", ["minimize"]);
    const [first, second] = [(await a.createTrial(id, running("me")))!, (await a.createTrial(id, running("me")))!];
    await a.record(first.id, [{ kind: "parameter", name: "x", internal: 1, distribution: INT }]);
    const change = { kind: "parameter", name: "x", internal: 0.5, distribution: STEPPED } as const;
    await check.rejects(
      b.record(second.id, [{ kind: "report", step: 0, value: 1 }, change]),
      /this study knows it as int/,
    );
    const found = (await b.trials(id))[1]!;
    check.deepEqual([found.params, found.intermediate.size], [{}, 0], "all of a batch or nothing");
    await b.record(second.id, [{ ...change, distribution: { ...INT, high: 20 } }]);
  },

  "a new study knows nothing of one that was deleted": async (a) => {
    const old = await a.createStudy("old", ["minimize"]);
    const change = { kind: "parameter", name: "x", internal: 1 } as const;
    const first = (await a.createTrial(old.id, running("me")))!;
    const second = (await a.createTrial(old.id, running("me")))!;
    for (const trial of [first, second]) await a.record(trial.id, [{ ...change, distribution: INT }]);
    await a.finish(first.id, "me", { state: "complete", values: [1] });
    check.equal((await a.trials(old.id)).length, 2);
    await a.deleteStudy(old.id);
    const { id } = await a.createStudy("new", ["minimize"]);
    const trial = (await a.createTrial(id, running("me")))!;
    await a.record(trial.id, [{ ...change, distribution: STEPPED }]);
    check.deepEqual(
      (await a.trials(id)).map(({ state, params }) => [state, params]),
      [["running", { x: 1 }]],
    );
  },

  "signs of life": async (a, b) => {
    const { id } = await a.createStudy("s", ["minimize"]);
    const trial = (await a.createTrial(id, { ...running("a"), startedAt: new Date() }))!;
    await a.beat([trial.id]);
    await a.beat([]);
    for (const seconds of (await b.silence(id)).values()) check.ok(seconds >= 0 && seconds < 30, `${seconds}`);
    await a.finish(trial.id, "a", { state: "fail", values: undefined });
    await a.beat([trial.id]);
    check.equal((await b.silence(id)).size, 0);
  },
};

/**
 * The promises of a storage of studies. Each case makes a new storage and opens it twice: what one object writes, the
 * other must see.
 * @param make gives a new, empty storage
 * @returns cases for a runner of tests; a case rejects where its promise is broken
 * @example
 * const make = async () => {
 *   const storage = new MemoryStorage(); // in place of your own
 *   return { open: async () => storage, remove: async () => {} };
 * };
 * const [first] = storageContract(make);
 * await first.run(); // or test(name, run) for each
 */
export const storageContract = (make: () => Promise<SharedStorage>): readonly ContractCase[] =>
  Object.entries(PROMISES).map(([name, promise]) => ({
    name,
    run: async () => {
      const shared = await make();
      const [a, b] = [await shared.open(), await shared.open()];
      try {
        await promise(a, b);
      } finally {
        await Promise.all([a.close(), b.close()]);
        await shared.remove();
      }
    },
  }));
