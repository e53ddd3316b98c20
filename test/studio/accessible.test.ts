// Every page of the Studio, with a run behind it, light and dark: axe finds nothing wrong, and no page is wider than its screen.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { COLOUR_RULES, closeBrowser, emptyFolder, localStudio, noBrowser, violationsOf, watchedPage } from "./page.js";
import { classFolders } from "./small-data.js";

const PATIENCE = 120_000;

after(closeBrowser);

const PLACES = ["", "learn", "help", "quick"];
const VIEWS = [
  "data",
  "train",
  "understand",
  "understand?part=train",
  "understand?class=1",
  "network",
  "try",
  "tune",
  "report",
  "ship",
];

test("axe finds nothing on any page, light and dark, wide and narrow", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const studio = await localStudio(t, classFolders(emptyFolder(t), ["东", "<b>bold</b>", "人"], 12));
  const { page } = await watchedPage(t, studio.address);
  await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
  await page.getByText("Logistic regression").click();
  await page.getByLabel("Epochs").fill("2");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("link", { name: "Understand" }).nth(1).waitFor({ timeout: PATIENCE });
  const project = page
    .url()
    .replace(/.*#\/work\//, "")
    .replace(/\/.*/, "");
  const addresses = [...PLACES, ...VIEWS.map((view) => join("work", project, view).replaceAll("\\", "/"))];
  const found: string[] = [];
  for (const theme of ["light", "dark"] as const)
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of addresses) {
        await page.goto(`${studio.origin}/#/${path}`);
        await page.locator("main h1, main h2").first().waitFor({ timeout: PATIENCE });
        await page.waitForTimeout(150);
        const what = `/${path}, ${theme}, ${width} pixels`;
        // Another width may break any rule, another theme those about colours.
        const rules = (theme === "light") === (width === 1440) ? undefined : COLOUR_RULES;
        if (theme === "dark" || width === 1440)
          found.push(...(await violationsOf(page, rules)).map((violation) => `${what}: ${violation}`));
        const scroll = (await page.evaluate("document.documentElement.scrollWidth")) as number;
        if (scroll > width) found.push(`${what} is ${scroll} pixels wide`);
      }
    }
  assert.deepEqual(found, []);
});
