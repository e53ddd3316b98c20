// The workbench with a run of masks: training it, its figures, an answer with the classes of the pixels over the photo, its report
// and its files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeHail } from "../../src/data/index.js";
import type { JobFacts } from "../../studio/contract/facts.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { startStudio } from "../../studio/server/start.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { closeBrowser, emptyFolder, noBrowser } from "./page.js";
import { patientPage } from "./patient.js";

after(closeBrowser);

test("a run of masks is trained, asked and shown", { skip: noBrowser, timeout: 300_000 }, async (t) => {
  const home = emptyFolder(t);
  await writeHail(join(home, "hail"), { count: 24, height: 32, width: 32, seed: 4 });
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { handlers, files } = bench;
  const { id: project } = await handlers.open({ path: "hail" });
  assert.ok((await handlers.choices({ project })).losses.segmentation.includes("dice"));
  const end = new Promise<JobFacts>((resolve) => {
    const forget = bench.listen((news) => {
      if (news.kind !== "job" || !["done", "stopped", "failed"].includes(news.job.state)) return;
      forget();
      resolve(news.job);
    });
  });
  const settings: TrainSettings = {
    ...{ model: "unet", epochs: 1, batchSize: 4, learningRate: 1e-3, patience: 2, seed: 1 },
    task: "segmentation",
    augment: "light",
    imageSize: [16, 16],
    color: "rgb",
  };
  await handlers.train({ project, settings });
  const { error, name: run, samples } = await end;
  assert.equal(error, undefined);
  assert.equal(samples?.task, "segmentation");
  assert.ok(samples!.answers.every(({ guesses }) => guesses.length === 2));
  const details = await handlers.run({ project, run });
  assert.equal(details.task, "segmentation");
  assert.deepEqual(details.classNames, ["background", "dent"]);
  assert.ok(details.metrics.test!.mean_iou! > 0);
  assert.deepEqual([details.titles.mean_iou, details.model], ["Mean IoU", "unet"]);
  const photo = readFileSync(join(home, "hail/images/H0001-1.png")).toString("base64");
  const answer = await handlers.predict({ project, run, image: { name: "a.png", base64: photo } });
  assert.match(answer.overlay!, /^data:image\/png;base64,/);
  assert.deepEqual(answer.guesses.map(({ label }) => label).sort(), ["background", "dent"]);
  const report = await files.report({ project, run });
  assert.match(new TextDecoder().decode(report.bytes), /Least overlap/);
  const seen = await files.explanation({ project, run, image: "0", method: "gradcam" });
  assert.equal(seen.type, "image/png");

  // The figures are those of the part that is chosen.
  const server = await startStudio({ home, path: join(home, "runs", run), token: "a-word-of-a-test" });
  t.after(() => server.close());
  const { page } = await patientPage(t, server.address);
  const loss = page.getByRole("region", { name: "Figures of the masks" }).locator("dd").first();
  for (const part of ["test", "train"]) {
    await page.getByLabel("Judged on").selectOption(part);
    assert.equal(Number(await loss.textContent()), Number(details.metrics[part]!.loss!.toFixed(3)));
  }
});
