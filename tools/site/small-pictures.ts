// Small pictures of the Studio for the site, which comes with the package: the light ones of 1,440 pixels, and for the first page
// a dark one too (the others would take half a megabyte; dark pages dim them). The Chromium that is installed scales and encodes
// them. Usage: node dist/tools/site/small-pictures.js, after studio-screenshots.js.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { browserPath, noBrowser } from "../../test/platform/browser.js";
import { asWebp } from "./as-webp.js";
import { ROOT } from "./site.js";

const SHOWN = "-1440-light.jpg";
const DARK = { from: "understand-1440-dark.jpg", to: "understand-dark.webp" };

if (browserPath === undefined) throw new Error(String(noBrowser));
const from = join(ROOT, "docs/studio");
const to = join(from, "small");
mkdirSync(to, { recursive: true });
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  for (const file of readdirSync(from).filter((name) => name.endsWith(SHOWN)))
    writeFileSync(join(to, file.replace(SHOWN, ".webp")), await asWebp(page, readFileSync(join(from, file))));
  writeFileSync(join(to, DARK.to), await asWebp(page, readFileSync(join(from, DARK.from))));
} finally {
  await browser.close();
}
