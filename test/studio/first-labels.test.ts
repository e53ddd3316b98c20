// Images without labels get their first ones in the grid: classes begin when they are typed, the journal has each, training
// takes them from there, and a replay gives the same bits.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { RunFolder, readJournal, recipeOf } from "../../src/experiment/index.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { drop } from "./drop.js";
import { checkAccessible, closeBrowser, emptyFolder, localStudio, noBrowser, plainServer } from "./page.js";
import { patientPage } from "./patient.js";
import { tinyPng, writeFiles } from "./small-data.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

after(closeBrowser);

const loose = (count: number): Record<string, Uint8Array> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i + 10}.png`, tinyPng(i, { width: 28, height: 28 })]));

async function benchIn(t: TestContext, home: string): Promise<Workbench> {
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  return bench;
}

test("first labels are given, looked for, taken back and written as code, and are there after a new start", async (t) => {
  const home = emptyFolder(t);
  writeFiles(join(home, "photos"), loose(6));
  const { handlers } = await benchIn(t, home);
  const { id: project, ...opened } = await handlers.open({ path: "photos" });
  assert.deepEqual([opened.unlabelled, opened.classNames, opened.labelKind], [6, [], "classes"]);
  const numbers = (filter: { label?: string; unlabelled?: true }) =>
    handlers.numbers({ project, filter, from: 0, count: 10 });
  await handlers.relabel({ project, images: [0, 1], to: "猫", by: "Mira" });
  await handlers.relabel({ project, images: [2, 3], to: "dog" });
  const changed = await handlers.relabel({ project, images: [4], to: null });
  assert.deepEqual([changed.unlabelled, changed.classNames], [1, ["猫", "dog"]]);
  assert.deepEqual(await numbers({ label: "猫" }), [0, 1]);
  assert.deepEqual(await numbers({ unlabelled: true }), [5]);
  assert.deepEqual(await handlers.counts({ project }), [
    { name: "猫", count: 2 },
    { name: "dog", count: 2 },
  ]);
  const { items } = await handlers.images({ project, filter: {}, from: 0, count: 1 });
  assert.deepEqual([items[0]?.label, items[0]?.was], ["猫", undefined]);
  const { history } = await handlers.image({ project, image: 0 });
  assert.deepEqual([history[0]?.from, history[0]?.to, history[0]?.by], ["", "猫", "Mira"]);

  await handlers.undo({ project });
  await handlers.undo({ project });
  assert.deepEqual(await numbers({ unlabelled: true }), [2, 3, 4, 5]);
  const { typescript } = await handlers.dataCode({ project });
  assert.match(typescript, /relabel\(journal, \[\n {2}\{ image: "[0-9a-f]{64}", file: "10.png", label: "" \}/);
  assert.match(typescript, /await undo\(journal, \["[0-9a-f]{64}","[0-9a-f]{64}"\]\);/);
  assert.match(typescript, /import \{ exclude, journalPath, openJournal, relabel, undo \} from "fovea\/experiment";/);

  const again = (await benchIn(t, home)).handlers;
  const reopened = await again.open({ path: "photos" });
  assert.deepEqual([reopened.unlabelled, reopened.classNames, reopened.changes], [4, ["猫"], 2]);
});

/** Gives the images from one position to another a class by keys alone. */
async function label(page: Page, from: number, to: number, name: string): Promise<void> {
  await page.getByRole("listbox", { name: "Images" }).focus();
  await page.keyboard.press("Home");
  for (let n = 0; n < from; n++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  for (let n = from; n < to; n++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("l");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page.getByText(`${to - from + 1} images are now ${name}.`).waitFor();
}

const ways: Readonly<Record<string, (t: TestContext) => Promise<{ address: string; home?: string }>>> = {
  "on this machine": localStudio,
  "in a page alone": async (t) => ({ address: await plainServer(t) }),
};

for (const [hosting, start] of Object.entries(ways))
  test(`dropped photos are labelled in the grid and train, ${hosting}`, {
    skip: noBrowser,
    timeout: 300_000,
  }, async (t) => {
    const { address, home } = await start(t);
    const isLocal = home !== undefined;
    const { page, elsewhere, errors } = await patientPage(t, address, isLocal ? {} : { theme: "dark", width: 390 });
    await page.getByText("Nothing leaves this").first().waitFor();
    await drop(
      page,
      Object.entries(loose(24)).map(([name, bytes]) => ({ name, bytes })),
    );
    await page.getByText("No image has a class yet.").waitFor();
    await page.locator(".cell img").first().waitFor();
    await checkAccessible(page, `Images without labels, ${hosting}`);
    await label(page, 0, 9, "round <b>");
    await page.getByRole("option", { name: "round <b>, 10.png" }).waitFor();
    await label(page, 10, 21, "square");
    if (!isLocal) await page.getByText("Classes and findings").click();
    const rest = page.getByRole("region", { name: "Without a label" }).getByRole("button");
    await rest.click();
    await page.getByText("2 images", { exact: true }).waitFor();
    await checkAccessible(page, `Images that wait for a label, ${hosting}`);

    await page.getByRole("link", { name: "Train", exact: true }).click();
    await page.getByText("one of 2: round <b>, square").waitFor();
    await page.getByLabel("Epochs").fill("1");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    const card = page.getByRole("article", { name: "images-cnn-1" });
    await card.getByText("Done").waitFor();
    const hash = /[0-9a-f]{64}/.exec((await card.locator(".hash").textContent())!)![0];
    assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
    if (!isLocal) return;
    const run = join(home, "runs/images-cnn-1");
    const { entries } = await readJournal(join(home, "uploads/images.zip.labels.journal"));
    const { data } = await recipeOf(await RunFolder.open(run));
    assert.deepEqual([entries.length, data.journal?.entries, data.train.images], [22, 22, 22]);
    const cli = join(root, "dist/command/main.js");
    const replayed = execFileSync(process.execPath, [cli, "replay", run, "--json"], { encoding: "utf8" });
    assert.equal(JSON.parse(replayed).weights_sha256, hash);
  });
