// Pictures of every page of the Studio for docs/studio.md, at two widths, light and dark: opens a Studio on generated
// handwriting, trains a run, tunes a little, and takes them in the Chromium that is installed.
// Usage: node dist/tools/studio-screenshots.js [FOLDER] (default docs/studio)
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { startStudio } from "../studio/server/start.js";
import { browserName, noBrowser } from "../test/platform/browser.js";
import { executable } from "../test/studio/page.js";

const folder = process.argv[2] ?? "docs/studio";
const PATIENCE = 300_000;
const LEARN = ["numbers", "convolution", "pooling", "networks", "augmentation", "features", "tuning", "transfer"];

/** Trains on generated handwriting. @returns the project's id */
async function prepare(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Generated handwriting" }).click();
  await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
  await page.getByLabel("Epochs").fill("6");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("link", { name: "Understand" }).nth(1).waitFor({ timeout: PATIENCE });
  return page
    .url()
    .replace(/.*#\/work\//, "")
    .replace(/\/.*/, "");
}

if (browserName === undefined) throw new Error(String(noBrowser));
const home = mkdtempSync(join(tmpdir(), "fovea-pictures-"));
const studio = await startStudio({ home });
const browser = await chromium.launch({ executablePath: executable(browserName), args: ["--no-sandbox"] });
try {
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(studio.address);
  const project = await prepare(page);
  const views = ["data", "train", "understand", "network", "try", "tune", "report", "ship"];
  const addresses: readonly (readonly [name: string, address: string])[] = [
    ["home", ""],
    ["quick", "quick"],
    ["learn", "learn"],
    ...LEARN.map((name) => [`learn-${name}`, `learn/${name}`] as const),
    ...views.map((view) => [view, `work/${project}/${view}`] as const),
    ["help", "help"],
  ];
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 1440 ? 900 : 844 });
      // Code is open at first on wide pages only.
      await page.reload();
      for (const [name, address] of addresses) {
        await page.goto(`${new URL(studio.address).origin}/#/${address}`);
        await page.locator("main h1, main h2").first().waitFor({ timeout: PATIENCE });
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
