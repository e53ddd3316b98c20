// Studies in PostgreSQL: opened in the page by their address, and begun there by the form's storage.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { createStudy, loadStudy, randomSampler } from "../../src/tune/index.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { noPostgres, startPostgres } from "../tune/postgres-server.js";
import { checkAccessible, closeBrowser, counted, emptyFolder, localStudio, noBrowser } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders } from "./small-data.js";
import { smallStudy } from "./tune-settings.js";

after(closeBrowser);

if (noPostgres !== undefined) test("studies in PostgreSQL, in the Studio", { skip: noPostgres });
else {
  const server = await startPostgres();
  after(() => server.remove());

  test("a study in PostgreSQL is opened in the page by its address", {
    skip: noBrowser,
    timeout: 300_000,
  }, async (t) => {
    const url = server.database("opened");
    const made = await createStudy({ storage: url, name: "shared <b>study</b>", sampler: randomSampler() });
    await made.optimize((trial) => trial.suggestFloat("x", 0, 1) ** 2, { trials: 5 });
    await made.close();
    const studio = await localStudio(t, classFolders(join(emptyFolder(t), "pets"), ["cat", "dog"], 4));
    const { page, elsewhere, errors } = await patientPage(t, studio.address);
    await page.getByRole("link", { name: "Tune", exact: true }).click();
    await page.getByLabel("Open another storage").fill(url);
    await page.getByLabel("Open another storage").press("Enter");
    await page.getByText("1 study opened").waitFor();
    await page.getByRole("link", { name: "shared <b>study</b>" }).press("Enter");
    await page.getByRole("heading", { name: "shared <b>study</b>" }).waitFor();
    await page.getByRole("img", { name: /^History: value of 5 complete trials/ }).waitFor();
    await counted(page.locator(".trials tbody tr"), 5);
    await checkAccessible(page, "A study in PostgreSQL");
    assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
  });

  test("a study is begun in PostgreSQL by the Studio, and anybody may read it there", async (t) => {
    const home = emptyFolder(t);
    classFolders(join(home, "pets"), ["cat", "dog"], 8);
    const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
    t.after(() => bench.close());
    const { id: project } = await bench.handlers.open({ path: "pets" });
    const ended = new Promise<string | undefined>((resolve) => {
      bench.listen((news) => {
        if (news.kind === "job" && ["done", "failed"].includes(news.job.state)) resolve(news.job.error ?? "");
      });
    });
    const url = server.database("begun");
    await bench.handlers.tune({ project, settings: smallStudy({ storage: url, trials: 2, epochs: 1 }) });
    assert.equal(await ended, "");
    const study = await loadStudy({ name: "pets", storage: url });
    assert.deepEqual(
      study.trials.map(({ state }) => state),
      ["complete", "complete"],
    );
    await study.close();
    const { studies } = await bench.handlers.openStorage({ storage: url });
    assert.deepEqual(
      studies.map(({ name }) => name),
      ["pets"],
    );
  });
}
