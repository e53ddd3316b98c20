// Orders of the images that need more than their files: how sure a run's model is, how far from the label, likeness to one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { openModel, predictFiles } from "../../src/experiment/index.js";
import type { ImageOrder } from "../../studio/contract/data-facts.js";
import { isOver, type JobFacts } from "../../studio/contract/facts.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { checkAccessible, closeBrowser, emptyFolder, localStudio, noBrowser } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders, tinyPng, writeFiles } from "./small-data.js";

after(closeBrowser);

const SETTINGS: TrainSettings = {
  ...{ model: "logistic", epochs: 2, batchSize: 4, learningRate: 1e-2, augment: "none", patience: 2, seed: 1 },
  imageSize: [8, 8],
};

/** A home with two classes, an image that cannot be decoded and a run. */
async function trained(t: TestContext) {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 8);
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { handlers } = bench;
  const { id: project } = await handlers.open({ path: "pets" });
  const ended = (begun: JobFacts): Promise<JobFacts> =>
    new Promise((resolve) => {
      if (isOver(begun)) return resolve(begun);
      const forget = bench.listen((news) => {
        if (news.kind !== "job" || news.job.id !== begun.id || !isOver(news.job)) return;
        forget();
        resolve(news.job);
      });
    });
  const run = await ended(await handlers.train({ project, settings: SETTINGS }));
  assert.equal(run.error, undefined);
  return { home, bench, handlers, project, run: run.name, ended };
}

test("images are sorted by the probabilities that a run's model gives them", async (t) => {
  const { home, handlers, project, run, ended } = await trained(t);
  // Labels count as they are when the model is asked; one that it does not know has no loss.
  await handlers.relabel({ project, images: [0], to: "dog" });
  await handlers.relabel({ project, images: [1], to: "emu" });
  const sorted = async (order: ImageOrder): Promise<readonly number[]> =>
    handlers.numbers({ project, filter: {}, order, from: 0, count: 100 });
  const inSource = Array.from({ length: 16 }, (_, index) => index);
  assert.deepEqual(await sorted({ by: "loss", run }), inSource, "not asked yet");
  const job = await ended(await handlers.startScores({ project, run }));
  assert.deepEqual([job.state, job.done], ["done", 16]);
  assert.equal((await handlers.startScores({ project, run })).id, job.id, "it is asked once");

  const model = await openModel(join(home, "runs", run));
  const { items } = await handlers.images({ project, filter: {}, from: 0, count: 100 });
  const { answers } = await predictFiles(
    model,
    items.map(({ file }) => join(home, "pets", file)),
    { top: 2 },
  );
  await model.model.close();
  const told = answers.map((answer) => {
    assert.ok("top" in answer);
    return new Map(answer.top.map((known) => [known.class, known.probability]));
  });
  const confidence = told.map((classes) => Math.max(...classes.values()));
  const loss = told.map((classes, at) => {
    const probability = classes.get(items[at]!.label!);
    return probability === undefined ? undefined : -Math.log(probability);
  });
  assert.deepEqual(
    await sorted({ by: "confidence", run }),
    [...inSource].sort((a, b) => confidence[a]! - confidence[b]!),
  );
  const known = inSource.filter((index) => loss[index] !== undefined);
  assert.deepEqual(await sorted({ by: "loss", run, isDescending: true }), [
    ...known.sort((a, b) => loss[b]! - loss[a]!),
    1,
  ]);
});

test("an image that cannot be decoded has no answer and comes last, whichever way", async (t) => {
  const { home, handlers, ended, run } = await trained(t);
  writeFiles(join(home, "more"), { "1.png": tinyPng(1), "2.png": tinyPng(2).subarray(0, 30), "3.png": tinyPng(3) });
  const { id: project } = await handlers.open({ path: "more" });
  assert.equal((await ended(await handlers.startScores({ project, run }))).state, "done");
  for (const isDescending of [true, false]) {
    const order = { by: "confidence", run, isDescending } as const;
    assert.equal((await handlers.numbers({ project, filter: {}, order, from: 0, count: 3 })).at(-1), 1);
  }
});

test("what waits for its turn has ended as soon as it is stopped, and the same work is begun once", async (t) => {
  const { bench, handlers, project, ended } = await trained(t);
  const first = await handlers.train({ project, settings: { ...SETTINGS, epochs: 50, patience: 50 } });
  const second = await handlers.train({ project, settings: SETTINGS });
  assert.notEqual(first.name, second.name, "a run that waits has its name already");
  const before = await handlers.hello({});
  assert.equal(before.jobs.find(({ id }) => id === second.id)?.state, "waiting", "no data is loaded for it yet");
  await handlers.stop({ job: second.id });
  const { jobs } = await handlers.hello({});
  const states = Object.fromEntries(jobs.map(({ id, state }) => [id, state]));
  assert.equal(states[second.id], "stopped");
  assert.ok(["loading", "training"].includes(states[first.id]!), `the first goes on: ${states[first.id]}`);
  const over = ended(first);
  await handlers.stop({ job: first.id });
  await over;
  const looks = [await handlers.startLook({ project }), await handlers.startLook({ project })];
  assert.equal(looks[0]?.id, looks[1]?.id, "two pages look once");
  await ended(looks[1]!);
  assert.notEqual((await handlers.startLook({ project })).id, looks[0]?.id, "and again when they ask again");
  await bench.close();
});

test("a generated set is drawn once for all that ask meanwhile", async (t) => {
  const home = emptyFolder(t);
  const disk = await nodeDisk([home], home);
  let drawn = 0;
  const generate = async (): Promise<string> => {
    drawn++;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return classFolders(join(home, "hanzi"), ["一", "二"]);
  };
  const bench = new Workbench({ place: "local", disk: { ...disk, generate }, threads: 1 });
  t.after(() => bench.close());
  const [first, two] = await Promise.all([1, 2].map(() => bench.handlers.generate({ name: "hanzi" })));
  assert.deepEqual([first?.id, drawn], [two?.id, 1]);
  assert.equal((await bench.handlers.hello({})).jobs.filter(({ kind }) => kind === "draw").length, 1);
});

test("the order of the grid: by a run's confidence and loss, and by likeness to the selected image", {
  skip: noBrowser,
}, async (t) => {
  const { home, bench, run } = await trained(t);
  await bench.close();
  const studio = await localStudio(t, join(home, "runs", run));
  for (const [theme, width] of [
    ["light", 1440],
    ["dark", 390],
  ] as const) {
    const { page, errors } = await patientPage(t, studio.address, { theme, width });
    await page.getByRole("link", { name: "Data", exact: true }).click();
    await page.locator(".cell img").first().waitFor();
    const order = page.getByLabel("Order");
    await order.selectOption("loss");
    await page.waitForURL(/run=.*sort=loss&down=1/);
    await page.getByRole("status").filter({ hasText: "Asking" }).waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("Run that is asked").inputValue(), run);
    await checkAccessible(page, `The order by loss, ${theme}`);
    // The first image that was looked at is the one that others are compared with.
    await page.locator(".cell").nth(2).click();
    const file = await page.locator(".cell").nth(2).getAttribute("aria-label");
    await page.getByRole("heading", { name: "Images alike" }).waitFor();
    await order.selectOption("likeness");
    await page.waitForURL(/sort=likeness.*like=\d/);
    await page.waitForFunction((name) => document.querySelector(".cell")?.getAttribute("aria-label") === name, file);
    assert.deepEqual(errors, []);
  }
});
