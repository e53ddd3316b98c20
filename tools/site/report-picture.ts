// The README's picture of a report: trains on a part of the generated handwriting and takes the first screen of the run's
// report in the Chromium that is installed. Usage: node dist/tools/site/report-picture.js
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { browserPath, noBrowser } from "../../test/platform/browser.js";
import { asWebp } from "./as-webp.js";
import { ROOT } from "./site.js";

if (browserPath === undefined) throw new Error(String(noBrowser));
const folder = mkdtempSync(join(tmpdir(), "fovea-report-"));
const fovea = (...words: readonly string[]): void => {
  const { status } = spawnSync(process.execPath, [join(ROOT, "dist/command/main.js"), ...words], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`fovea ${words.join(" ")} ended with ${status}`);
};
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
try {
  fovea("synth", "hanzi", "--out", "hanzi", "--scale", "0.1", "--seed", "1", "--quiet");
  fovea("train", "hanzi", "--model", "cnn", "--epochs", "12", "--seed", "1", "--out", "run", "--quiet");
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(pathToFileURL(join(folder, "run/report.html")).href);
  await page.locator("#confusion-chart, svg").first().waitFor();
  // Below the time that training took, which says more of the machine than of the report.
  await page.evaluate("window.scrollTo(0, 380)");
  const picture = await page.screenshot({ type: "jpeg", quality: 92 });
  mkdirSync(join(ROOT, "docs/pictures"), { recursive: true });
  writeFileSync(join(ROOT, "docs/pictures/report.webp"), await asWebp(page, picture));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
