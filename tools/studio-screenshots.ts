// Pictures of every page of the Studio for docs/studio.md, at two widths, light and dark: opens a Studio on generated
// handwriting, trains a run, tunes a little, and takes them in the Chromium that is installed.
// Usage: node dist/tools/studio-screenshots.js [FOLDER] (default docs/studio)
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { startStudio } from "../studio/server/start.js";
import { browserPath, noBrowser } from "../test/platform/browser.js";

const folder = process.argv[2] ?? "docs/studio";
const PATIENCE = 300_000;
const LEARN = ["numbers", "convolution", "pooling", "networks", "augmentation", "features", "tuning", "transfer"];

/** A page of the Studio, and what is done there before the picture is taken. */
interface Shot {
  readonly name: string;
  readonly address: string;
  readonly act?: (page: Page) => Promise<void>;
}

const views = (project: string, study: string, photo: string): readonly Shot[] => {
  const view = (name: string, act?: Shot["act"], shown = name): Shot => ({
    ...{ name: shown, address: `work/${project}/${name}` },
    ...(act === undefined ? {} : { act }),
  });
  return [
    ...["data", "train", "understand", "network", "tune", "report", "ship"].map((name) => view(name)),
    view("train", compareRuns, "compare"),
    view("try", (page) => ask(page, photo)),
    view(`tune?study=${study}`, undefined, "study"),
  ];
};

async function compareRuns(page: Page): Promise<void> {
  for (const run of ["hanzi-cnn-1", "hanzi-cnn-2"]) await page.getByLabel(`Pin ${run}`).check();
  const comparison = page.locator(".comparison table");
  await comparison.waitFor({ timeout: PATIENCE });
  await comparison.scrollIntoViewIfNeeded();
}

async function ask(page: Page, photo: string): Promise<void> {
  await page.locator("input[type=file]").first().setInputFiles(photo);
  await page.locator(".asked").first().waitFor({ timeout: PATIENCE });
}

/** Trains two runs on generated handwriting and tunes a little. @returns ids of the project and of the study */
async function prepare(page: Page): Promise<readonly [project: string, study: string]> {
  const train = async (run: string, epochs: string): Promise<void> => {
    await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
    await page.getByLabel("Epochs").fill(epochs);
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByRole("article", { name: run }).getByText("Done").waitFor({ timeout: PATIENCE });
  };
  await page.getByRole("button", { name: "Generated handwriting" }).click();
  await train("hanzi-cnn-1", "6");
  await train("hanzi-cnn-2", "9");
  await page.getByRole("link", { name: "Tune", exact: true }).click();
  await page.getByLabel("Trials", { exact: true }).fill("12");
  await page.getByLabel("Epochs").fill("2");
  await page.getByRole("button", { name: "Start the study" }).click();
  await page.getByRole("button", { name: "Go on", exact: true }).waitFor({ timeout: PATIENCE });
  const { hash } = new URL(page.url());
  return [hash.split("/")[2]!, /study=([^&]+)/.exec(hash)![1]!];
}

if (browserPath === undefined) throw new Error(String(noBrowser));
const home = mkdtempSync(join(tmpdir(), "fovea-pictures-"));
const studio = await startStudio({ home });
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
try {
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(studio.address);
  const [project, study] = await prepare(page);
  const photos = join(home, "hanzi/Test/山");
  const shots: readonly Shot[] = [
    { name: "home", address: "" },
    ...["quick", "learn", "help"].map((name) => ({ name, address: name })),
    ...LEARN.map((name) => ({ name: `learn-${name}`, address: `learn/${name}` })),
    ...views(project, study, join(photos, readdirSync(photos)[0]!)),
  ];
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 1440 ? 900 : 844 });
      // Code is open at first on wide pages only.
      await page.reload();
      for (const { name, address, act } of shots) {
        await page.goto(`${new URL(studio.address).origin}/#/${address}`);
        await page.locator("main h1, main h2").first().waitFor({ timeout: PATIENCE });
        const opening = page.locator("main .muted").filter({ hasText: /^(Opening|Looking at)/ });
        await opening.first().waitFor({ state: "hidden", timeout: PATIENCE });
        await act?.(page);
        await page.waitForTimeout(name.startsWith("learn-") ? 4000 : 1200);
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.jpg`), type: "jpeg", quality: 70 });
        console.log(`${name} ${width} ${colorScheme}`);
      }
    }
} finally {
  await browser.close();
  await studio.close();
  rmSync(home, { recursive: true, force: true });
}
