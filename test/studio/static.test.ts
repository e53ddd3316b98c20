// The page on a plain web server without special headers: the workbench lives in a worker, files in the browser's private
// file system, and training gives the bits that Node gives.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeHanzi } from "../../src/data/index.js";
import { StoredZip } from "../../studio/workbench/stored-zip.js";
import { checkAccessible, closeBrowser, counted, emptyFolder, noBrowser, plainServer, watchedPage } from "./page.js";
import { watchedTasks } from "./tasks.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const PATIENCE = 240_000;

after(closeBrowser);

/** Writes a folder as an archive, as the page keeps what was picked. */
async function writeArchive(path: string, folder: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const parts: Uint8Array[] = [];
  const zip = new StoredZip(async (bytes) => {
    parts.push(bytes.slice());
  });
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".png")) await zip.add(name.replaceAll("\\", "/"), [readFileSync(join(folder, name))]);
  await zip.end();
  writeFileSync(path, Buffer.concat(parts));
}

test("trains in the page, and says once how", { skip: noBrowser, timeout: 300_000 }, async (t) => {
  const { page, elsewhere, errors } = await watchedPage(t, await plainServer(t));
  await page.getByText("Nothing leaves this page ·").waitFor();
  const picked = join(emptyFolder(t), "characters");
  await writeHanzi(picked, { characters: [..."人口山木"], scale: 0.2, seed: 1 });
  await page.getByLabel("Choose a folder").last().setInputFiles(picked);
  await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
  await page.getByLabel("Epochs").fill("3");
  const tasks = await watchedTasks(page);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const card = page.getByRole("article", { name: "characters-cnn-1" });
  await card.getByText("Done").waitFor({ timeout: PATIENCE });
  const { longest, busy, seconds } = await tasks();
  t.diagnostic(
    `longest task of the page while training: ${longest} ms; ${busy} ms of ${seconds} s in tasks over 50 ms`,
  );
  assert.ok(busy < 250 * seconds, "the page's thread is not free while training");
  const hash = /[0-9a-f]{64}/.exec((await card.locator(".hash").textContent())!)![0];
  await counted(page.getByText("one thread computes"), 1);
  const code = (await page.locator(".code pre").textContent())!;
  await checkAccessible(page, "Train in a page");
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });

  // The report is readable; its script, which only adds to it, is refused by the page's policy.
  await page.getByRole("link", { name: "Report" }).click();
  await page.frameLocator("iframe.report").getByText(hash).first().waitFor({ state: "attached" });

  // The page's lines in Node, beside the archive that the page keeps.
  const folder = emptyFolder(t);
  const [, path] = /findData\("([^"]+)"\)/.exec(code)!;
  await writeArchive(join(folder, path!), picked);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/fovea"), "junction");
  writeFileSync(join(folder, "again.mjs"), code);
  assert.match(execFileSync(process.execPath, ["again.mjs"], { cwd: folder, encoding: "utf8" }), new RegExp(hash));
});

test("opens again where its server is gone, with what was opened before", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const stop = new AbortController();
  const address = await plainServer(t, stop.signal);
  const { page } = await watchedPage(t, address);
  const picked = join(emptyFolder(t), "characters");
  await writeHanzi(picked, { characters: [..."人口"], scale: 0.05, seed: 1 });
  await page.getByLabel("Choose a folder").last().setInputFiles(picked);
  await page.getByRole("link", { name: "Train", exact: true }).waitFor({ timeout: PATIENCE });
  await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
  stop.abort();
  await page.reload();
  await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
  await page.getByRole("button", { name: "Train", exact: true }).waitFor({ timeout: PATIENCE });
});
