// Runs that are opened by their folders: with their images where these still are, without them where they are not.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { startStudio } from "../../studio/server/start.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders } from "./small-data.js";

const SETTINGS: TrainSettings = {
  model: "logistic",
  epochs: 1,
  batchSize: 4,
  learningRate: 1e-3,
  augment: "none",
  patience: 1,
  seed: 1,
  imageSize: [8, 8],
};

async function benchIn(t: TestContext, home: string): Promise<Workbench> {
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  return bench;
}

/** Trains on class folders in a home. @returns the path of the run */
async function trained(t: TestContext, home: string): Promise<string> {
  classFolders(join(home, "pets/Train"), ["cat", "dog"], 8);
  classFolders(join(home, "pets/Test"), ["cat", "dog"], 4);
  const bench = await benchIn(t, home);
  const { id } = await bench.handlers.open({ path: "pets" });
  const ended = new Promise<string | undefined>((resolve) => {
    bench.listen((news) => {
      if (news.kind === "job" && ["done", "failed"].includes(news.job.state)) resolve(news.job.error);
    });
  });
  const { name } = await bench.handlers.train({ project: id, settings: SETTINGS });
  assert.equal(await ended, undefined);
  return join(home, "runs", name);
}

test("a run is opened with its data, in any place where both are; and is listed again after a new start", async (t) => {
  const home = emptyFolder(t);
  const run = await trained(t, home);
  const bench = await benchIn(t, home);
  const { id, kind, images, run: shown, path } = await bench.handlers.open({ path: run });
  assert.deepEqual([kind, images, path], ["images", 24, join(home, "pets")]);
  const [summary, ...others] = await bench.handlers.runs({ project: id });
  assert.deepEqual([summary?.id, others.length], [shown, 0], "the run is not listed twice");
  const { judged } = await bench.handlers.run({ project: id, run: shown! });
  assert.equal(judged.filter(({ index }) => index !== undefined).length, 8);
  const [recent] = await bench.handlers.recent({});
  assert.match(recent?.figure ?? "", /^test accuracy \d\.\d{3}$/);

  const later = await benchIn(t, home);
  await later.handlers.project({ project: id });
  assert.deepEqual(
    (await later.handlers.runs({ project: id })).map((known) => known.id),
    [shown],
  );
});

test("a run whose data are gone, or lie outside, is opened without images", async (t) => {
  const home = join(emptyFolder(t), "home");
  mkdirSync(home);
  const run = await trained(t, home);
  renameSync(join(home, "pets"), join(home, "../elsewhere"));
  const gone = await (await benchIn(t, home)).handlers.open({ path: run });
  assert.deepEqual([gone.kind, gone.images], ["run", 0]);
  assert.match(gone.sentence, /not at .*pets.* any more/);

  renameSync(join(home, "../elsewhere"), join(home, "pets"));
  const other = join(home, "../other");
  cpSync(run, join(other, "run"), { recursive: true });
  const bench = await benchIn(t, other);
  const outside = await bench.handlers.open({ path: "run" });
  assert.deepEqual([outside.kind, outside.images], ["run", 0]);
  assert.equal((await bench.handlers.runs({ project: outside.id })).length, 1);
  assert.equal((await bench.handlers.run({ project: outside.id, run: outside.run! })).judged.length, 8);

  // A Studio that starts with the run opens its data too.
  const server = await startStudio({ home: other, path: join(other, "run"), token: "a-word-of-a-test" });
  t.after(() => server.close());
  const [letIn] = (await fetch(server.address, { redirect: "manual" })).headers.getSetCookie();
  const { value } = (await (
    await fetch(new URL("/api/hello", server.address), {
      method: "POST",
      headers: { cookie: letIn!.split(";")[0]!, "content-type": "application/json" },
      body: "{}",
    })
  ).json()) as { value: { projects: { kind: string; images: number; run?: string }[] } };
  assert.deepEqual(
    value.projects.map(({ kind, images, run: shown }) => [kind, images, shown]),
    [["images", 24, "run"]],
  );
});

test("trainings that wait have names of their own, and one that fails or is stopped holds up none", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 8);
  const bench = await benchIn(t, home);
  const { handlers } = bench;
  const { id: project } = await handlers.open({ path: "pets" });
  const states: string[] = [];
  const lastEnded = new Promise<void>((resolve) => {
    bench.listen((news) => {
      if (news.kind !== "job" || !["done", "stopped", "failed"].includes(news.job.state)) return;
      states.push(`${news.job.name} ${news.job.state}`);
      if (states.length === 4) resolve();
    });
  });
  const train = (changes: Partial<TrainSettings> = {}) =>
    handlers.train({ project, settings: { ...SETTINGS, ...changes } });
  const [first, , stopped] = [await train(), await train({ loss: "unknown" }), await train(), await train()];
  assert.equal((await handlers.hello({})).jobs.length, 4, "jobs that wait are listed");
  await handlers.stop({ job: stopped.id });
  await lastEnded;
  assert.deepEqual(states, [
    "pets-logistic-3 stopped",
    "pets-logistic-1 done",
    "pets-logistic-2 failed",
    "pets-logistic-4 done",
  ]);
  assert.deepEqual(
    (await handlers.runs({ project })).map(({ id }) => id),
    [first.name, "pets-logistic-4"],
  );
});
