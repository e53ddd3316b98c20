// Runs that were broken off: by somebody, or by the end of their program. They go on to the bits of a run that never was.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { JobFacts } from "../../studio/contract/facts.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders } from "./small-data.js";

const cli = fileURLToPath(new URL("../../command/main.js", import.meta.url));

const SETTINGS: TrainSettings = {
  model: "logistic",
  epochs: 6,
  batchSize: 4,
  learningRate: 1e-3,
  augment: "none",
  patience: 1000,
  seed: 1,
  imageSize: [8, 8],
};

async function benchIn(t: TestContext, home: string): Promise<Workbench> {
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  return bench;
}

/** Hears of a workbench's jobs. @returns a wait for the first news that fit */
function waitsFor(bench: Workbench): (fits: (job: JobFacts) => boolean) => Promise<JobFacts> {
  return (fits) =>
    new Promise((resolve) => {
      const end = bench.listen((news) => {
        if (news.kind !== "job" || !fits(news.job)) return;
        end();
        resolve(news.job);
      });
    });
}

const hasEnded = ({ state }: JobFacts): boolean => ["done", "stopped", "failed"].includes(state);
const pets = (home: string): string => classFolders(join(home, "pets"), ["cat", "dog"], 8);

test("a run that was stopped goes on from the page's list to the bits of one that was not", async (t) => {
  const home = emptyFolder(t);
  pets(home);
  const bench = await benchIn(t, home);
  const { handlers } = bench;
  const when = waitsFor(bench);
  const { id: project } = await handlers.open({ path: "pets" });

  const straight = when(hasEnded);
  await handlers.train({ project, settings: SETTINGS });
  const { sha256, seed, history: all } = await straight;
  assert.equal(seed, 1);

  const begun = await handlers.train({ project, settings: SETTINGS });
  const halfway = when(({ id, history }) => id === begun.id && history.loss?.length === 2);
  const stopped = when((job) => job.id === begun.id && hasEnded(job));
  await halfway;
  assert.deepEqual(await handlers.unfinished({ project }), [], "a run at work is not offered");
  await handlers.stop({ job: begun.id });
  assert.equal((await stopped).state, "stopped");

  // Another start of the program offers it too.
  const later = await benchIn(t, home);
  await later.handlers.project({ project });
  const [left, ...others] = await later.handlers.unfinished({ project });
  assert.deepEqual([left?.id, left?.ofEpochs, others.length], [begun.name, 6, 0]);
  assert.ok(left!.epochs >= 2 && left!.epochs < 6, `stopped after ${left!.epochs} epochs`);
  assert.equal((await later.handlers.recent({}))[0]?.unfinished, 1);
  assert.equal((await later.handlers.runs({ project })).length, 1);

  const goesOn = waitsFor(later)(hasEnded);
  const resumed = await later.handlers.resume({ project, run: left!.id });
  assert.equal(resumed.epoch, left!.epochs);
  await assert.rejects(later.handlers.resume({ project, run: left!.id }), /is trained already/);
  const { state, sha256: again, history } = await goesOn;
  assert.deepEqual([state, again], ["done", sha256]);
  assert.deepEqual(history, all, "the curves are those of a run that was never broken off");
  assert.deepEqual(await later.handlers.unfinished({ project }), []);
  assert.equal((await later.handlers.runs({ project })).length, 2);
  await assert.rejects(later.handlers.resume({ project, run: left!.id }), /has ended; train a new run/);
});

test("a run whose Studio was killed is offered by the next one, and ends in the same bits", async (t) => {
  const home = emptyFolder(t);
  pets(home);
  const settings = { ...SETTINGS, epochs: 120 };
  const studio = spawn(process.execPath, [cli, "studio", "pets", "--no-open"], { cwd: home });
  t.after(() => studio.kill("SIGKILL"));
  let address: string | undefined;
  for await (const line of createInterface({ input: studio.stdout })) {
    address = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0];
    if (address !== undefined) break;
  }
  const [letIn] = (await fetch(address!, { redirect: "manual" })).headers.getSetCookie();
  const ask = async (call: string, input: object): Promise<{ readonly id: string; readonly name: string }> => {
    const response = await fetch(new URL(`/api/${call}`, address), {
      method: "POST",
      headers: { cookie: letIn!.split(";")[0]!, "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    return ((await response.json()) as { value: { id: string; name: string } }).value;
  };
  const { id: project } = await ask("open", { path: "pets" });
  const { name } = await ask("train", { project, settings });
  const history = join(home, "runs", name, "history.csv");
  while (!existsSync(history) || readFileSync(history, "utf8").split("\n").length < 5) await pause(5);
  studio.kill("SIGKILL");
  await once(studio, "exit");
  assert.equal(existsSync(join(home, "runs", name, "facts.json")), false, "it was killed before its end");

  const bench = await benchIn(t, home);
  const when = waitsFor(bench);
  await bench.handlers.project({ project });
  const [left] = await bench.handlers.unfinished({ project });
  assert.equal(left?.id, name);
  const goesOn = when(hasEnded);
  await bench.handlers.resume({ project, run: name });
  const { state, sha256, error } = await goesOn;
  assert.deepEqual([state, error], ["done", undefined]);

  const straight = when((job) => job.name !== name && hasEnded(job));
  await bench.handlers.train({ project, settings });
  assert.equal((await straight).sha256, sha256);
});
