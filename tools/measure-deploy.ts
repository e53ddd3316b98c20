// Measures a deployed page: its sizes, and whether its answers about some photos, in Chromium from a disk without a network,
// are those of `predict` to the bit.
// Usage: node dist/tools/measure-deploy.js RUN FOLDER [COUNT] (default 50)
// A run of a table takes a CSV file in place of the folder.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { askedFiles, askTable, deploy, openAny, predictFiles, writeDeployed } from "../src/experiment/index.js";
import { baseName } from "../src/platform/paths.js";
import { browserPath, noBrowser } from "../test/platform/browser.js";
import { answersOf, openDeployed } from "../test/studio/deployed.js";

const [run, from, count = "50"] = process.argv.slice(2);
if (run === undefined || from === undefined)
  throw new Error("usage: node dist/tools/measure-deploy.js RUN FOLDER [COUNT]");
if (browserPath === undefined) throw new Error(String(noBrowser));

/** Photos spread over the folder, as many as were asked for. */
async function photosIn(folder: string): Promise<string[]> {
  const all = (await askedFiles([folder])).flatMap(({ source }) => (typeof source === "string" ? [source] : []));
  const most = Math.min(Number(count), all.length);
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!);
}

const directory = mkdtempSync(join(tmpdir(), "fovea-deploy-"));
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
try {
  const made = await deploy(run, "page");
  const page = join(directory, "page.html");
  await writeDeployed(made, page);
  for (const { part, bytes } of made.sizes)
    console.log(`${part.padEnd(9)} ${bytes.toLocaleString("en-US").padStart(12)} bytes`);

  const opened = await openAny(run, { compile: "objective", tables: true });
  const isTable = opened.facts?.table !== undefined;
  const files = isTable ? [from] : await photosIn(from);
  const rules = /--coverage (\S+)/.exec(made.options);
  const ours = isTable
    ? (await askTable(opened, from)).rows.predictions
    : (
        await predictFiles(
          opened,
          files.map((path) => ({ name: baseName(path), source: path })),
          { rules: rules === null ? {} : { coverage: Number(rules[1]) } },
        )
      ).answers;
  await opened.model.close();

  const tab = await browser.newPage();
  await tab.context().setOffline(true);
  const watched = await openDeployed(tab, pathToFileURL(page).href);
  const began = performance.now();
  const { json } = await answersOf(tab, files);
  const seconds = (performance.now() - began) / 1000;
  const theirs: readonly unknown[] = JSON.parse(json).predictions;
  const differing = ours.filter((answer, i) => JSON.stringify(answer) !== JSON.stringify(theirs[i]));
  console.log(
    `${theirs.length} of ${ours.length} answers in ${seconds.toFixed(1)} s, ${differing.length} that differ in any bit; ` +
      `${watched.elsewhere.length} requests elsewhere, ${watched.errors.length} errors`,
  );
  process.exitCode = differing.length + watched.elsewhere.length + watched.errors.length === 0 ? 0 : 1;
} finally {
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
}
