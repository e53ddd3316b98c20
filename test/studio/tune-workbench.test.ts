// The workbench's answers about studies, without a page: begun and gone on with, told trial by trial, the same by the
// copied code and the command, trials that become runs, storages of others.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createStudy, randomSampler, type Trial } from "../../src/tune/index.js";
import type { JobFacts } from "../../studio/contract/facts.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders } from "./small-data.js";
import { smallStudy } from "./tune-settings.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

async function benchIn(t: TestContext, home: string) {
  process.env.FOVEA_CACHE = join(home, ".cache");
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { handlers } = bench;
  /** Waits until a job that is begun has ended. */
  const ended = async (begin: () => Promise<JobFacts>): Promise<JobFacts> => {
    const over = new Map<string, JobFacts>();
    let tell: (() => void) | undefined;
    const forget = bench.listen((news) => {
      if (news.kind !== "job" || !["done", "stopped", "failed"].includes(news.job.state)) return;
      over.set(news.job.id, news.job);
      tell?.();
    });
    const { id } = await begin();
    while (!over.has(id))
      await new Promise<void>((resume) => {
        tell = resume;
      });
    forget();
    return over.get(id)!;
  };
  return { bench, handlers, ended };
}

test("a study runs as its copied code and its command say; a trial becomes a run; it goes on", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 12);
  const { handlers, ended } = await benchIn(t, home);
  const { id: project } = await handlers.open({ path: "pets" });
  const settings = smallStudy();
  const code = await handlers.tuneCode({ project, settings });
  const job = await ended(() => handlers.tune({ project, settings }));
  assert.deepEqual([job.kind, job.state, job.done, job.total, job.error], ["tune", "done", 3, 3, undefined]);

  const { studies, problems } = await handlers.studies({ project });
  assert.deepEqual(problems, []);
  const [{ id: study, counts, objectives, best, line }] = studies as [(typeof studies)[number]];
  assert.deepEqual([study, counts.complete, objectives], [job.study, 3, ["val_accuracy"]]);
  assert.equal(line.at(-1), best);
  const view = (await handlers.study({ study }))!;
  assert.deepEqual(
    view.trials.map(({ number, state }) => [number, state]),
    [0, 1, 2].map((number) => [number, "complete"]),
  );
  assert.equal(Math.max(...view.trials.map(({ values }) => values![0]!)), best);
  const parameters = view.parameters.map(({ name }) => name);
  assert.deepEqual(
    ["learning_rate", "blocks", "filters_1", "kernel_size", "dropout", "augmentation"].filter(
      (name) => !parameters.includes(name),
    ),
    [],
  );

  // The copied code, as a file of another folder.
  const elsewhere = emptyFolder(t);
  mkdirSync(join(elsewhere, "node_modules"));
  symlinkSync(root, join(elsewhere, "node_modules/fovea"), "junction");
  writeFileSync(join(elsewhere, "tune.mjs"), code.typescript);
  const run = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: elsewhere, encoding: "utf8" });
  const printed = run("tune.mjs");
  const [front] = view.front as [number];
  assert.ok(printed.startsWith(`${front} ${best} {`), printed);
  // The command takes the study for its own: a spec that differed in anything would be refused.
  const [, file, json] = /^cat > (\S+) <<'END'\n([\s\S]*)\nEND\nfovea tune run \1\n$/.exec(code.commands)!;
  writeFileSync(join(elsewhere, file!), json!);
  const cli = join(root, "dist/command/main.js");
  const journal = `journal://${join(home, "studies/pets/journal.log")}`;
  const answer = JSON.parse(run(cli, "tune", "run", file!, "--storage", journal, "--json"));
  assert.deepEqual([answer.trials.complete, answer.best.number, answer.best.values], [3, front, [best]]);

  const details = await handlers.trial({ study, trial: 1 });
  const trained = await ended(() => handlers.promote({ study, trial: 1 }));
  assert.deepEqual([trained.state, trained.sha256, trained.project], ["done", details.weights, project]);
  const runs = await handlers.runs({ project });
  assert.deepEqual(
    runs.map(({ name, sha256 }) => [name, sha256]),
    [["pets-trial-1", details.weights]],
  );

  const more = await ended(() => handlers.tuneOn({ project, study, trials: 4 }));
  assert.deepEqual([more.state, more.done], ["done", 4]);
  const news = (await handlers.study({ study, since: view.version }))!;
  assert.deepEqual([news.total, news.trials.map(({ number }) => number)], [4, [3]]);
  assert.deepEqual((await handlers.study({ study, since: news.version }))!.trials, []);
});

test("a study that is stopped ends after the trial under way; one in memory is listed while the workbench lives", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 12);
  const { bench, handlers, ended } = await benchIn(t, home);
  const { id: project } = await handlers.open({ path: "pets" });
  const settings = smallStudy({ trials: 500, storage: "memory://", objective: "loss-size", sampler: "tpe" });
  const forget = bench.listen((news) => {
    if (news.kind === "job" && news.job.state === "training" && news.job.done >= 2) handlers.stop({ job: news.job.id });
  });
  const first = ended(() => handlers.tune({ project, settings }));
  const next = await handlers.tune({ project, settings: smallStudy({ study: "next", trials: 1 }) });
  assert.equal(await handlers.study({ study: next.study! }), null, "one that waits for its turn");
  const job = await first;
  forget();
  assert.deepEqual([job.state, job.error], ["stopped", undefined]);
  const { studies } = await handlers.openStorage({ storage: "memory://" });
  assert.deepEqual(
    studies.map(({ id, objectives }) => [id, objectives]),
    [[job.study, ["val_loss", "parameters"]]],
  );
  const view = (await handlers.study({ study: job.study! }))!;
  assert.ok(view.total >= 2 && view.total < 500, `${view.total} trials`);
  assert.equal(view.counts.running, 0);
  assert.ok(view.front.length >= 1);
});

test("storages of others are opened below the opened folders only, and never written", async (t) => {
  const home = emptyFolder(t);
  const outside = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 2);
  for (const [folder, url] of [
    [home, (path: string) => `journal://${path}/other.log`],
    [home, (path: string) => `sqlite:///${path}/other.db`],
    [outside, (path: string) => `journal://${path}/other.log`],
  ] as const) {
    const study = await createStudy({ name: "of others", storage: url(folder), seed: 1 });
    await study.optimize((trial) => trial.suggestFloat("x", 0, 1), { trials: 6 });
    await study.close();
  }
  const { handlers } = await benchIn(t, home);
  const { id: project } = await handlers.open({ path: "pets" });
  const before = readFileSync(join(home, "other.log"), "utf8");
  for (const storage of ["journal://other.log", `journal://${home}/other.log`, "sqlite:///other.db"]) {
    const { studies } = await handlers.openStorage({ storage });
    assert.deepEqual(
      studies.map(({ name, counts }) => [name, counts.complete]),
      [["of others", 6]],
      storage,
    );
  }
  // Two URLs of one file are one study.
  const { studies } = await handlers.studies({ project });
  assert.deepEqual(studies.length, 2);
  const study = studies[0]!.id;
  const { trials, hasSpec } = (await handlers.study({ study }))!;
  assert.deepEqual([trials.length, hasSpec], [6, false]);
  assert.equal(readFileSync(join(home, "other.log"), "utf8"), before);
  await assert.rejects(() => handlers.promote({ study, trial: 0 }), /it was not begun with a JSON spec/);
  await assert.rejects(() => handlers.tuneOn({ project, study, trials: 9 }), /it was not begun with a JSON spec/);
  await assert.rejects(() => handlers.trial({ study, trial: 6 }), /there is no trial 6, it has 6/);
  for (const storage of [`journal://${outside}/other.log`, "journal://../other.log", `sqlite:///${outside}/x.db`])
    await assert.rejects(
      () => handlers.openStorage({ storage }),
      /outside of the folders that this Studio was started for/,
      storage,
    );
  await assert.rejects(() => handlers.openStorage({ storage: "journal://none.log" }), /there is no such file/);
  await assert.rejects(() => handlers.openStorage({ storage: "mysql://x" }), /expected journal:\/\/FILE/);
  const settings = smallStudy({ storage: `journal://${outside}/new.log` });
  await assert.rejects(
    () => handlers.tune({ project, settings }),
    /outside of the folders that this Studio was started for/,
  );
});

test("a study opened by itself is a project of its own, and importance says how sure it is", async (t) => {
  const home = emptyFolder(t);
  const folder = join(home, "studies/quadratic");
  mkdirSync(folder, { recursive: true });
  const sampler = randomSampler();
  const study = await createStudy({ storage: `journal://${folder}/journal.log`, seed: 2, sampler });
  const { handlers } = await benchIn(t, home);
  const objective = (trial: Trial): number =>
    10 * trial.suggestFloat("x", -1, 1) ** 2 + 0.1 * trial.suggestFloat("y", -1, 1);
  await study.optimize(objective, { trials: 3 });
  const { id: project, kind, name } = await handlers.open({ path: "studies/quadratic" });
  assert.deepEqual([kind, name], ["study", "quadratic"]);
  const id = (await handlers.studies({ project })).studies[0]!.id;
  const few = await handlers.importance({ study: id, objective: 0 });
  assert.deepEqual([few.complete, few.needs, few.methods], [3, 4, []]);
  await study.optimize(objective, { trials: 60 });
  await study.close();
  await handlers.study({ study: id });
  const { methods, complete } = await handlers.importance({ study: id, objective: 0 });
  assert.deepEqual([complete, methods.length], [63, 2]);
  for (const { method, shares } of methods) {
    assert.equal(shares[0]!.name, "x", method);
    assert.ok(Math.abs(shares.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9, method);
    for (const { name: parameter, share, low, high } of shares)
      assert.ok(low <= share && share <= high, `${method} ${parameter}`);
  }
  await assert.rejects(() => handlers.importance({ study: id, objective: 1 }), /expected an objective below 1/);
});
