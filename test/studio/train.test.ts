// Train in the page, by keys alone: answers while it learns, a run stopped and resumed, two runs compared, wide and narrow.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { closeBrowser, counted, emptyFolder, localStudio, noBrowser, violationsOf } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders } from "./small-data.js";

after(closeBrowser);

async function train(page: Page, epochs: number): Promise<void> {
  await page.getByLabel("Epochs").fill(`${epochs}`);
  await page.getByRole("button", { name: "Train", exact: true }).press("Enter");
}

test("a run is stopped and resumed, and two are compared in words", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const studio = await localStudio(t, classFolders(join(emptyFolder(t), "pets"), ["cat", "<b>dog</b>"], 20));
  const { page, elsewhere, errors } = await patientPage(t, studio.address);
  await page.getByRole("link", { name: "Train", exact: true }).press("Enter");
  await page.getByRole("radio", { name: /Logistic regression/ }).check();
  await page
    .getByText(/\d parameters/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Measure how long an epoch takes here" }).press("Enter");
  await page.getByText(/parameters, about .* an epoch/).waitFor();

  await train(page, 1);
  const card = page.getByRole("article", { name: "pets-logistic-1" });
  await card.getByText("Done").waitFor();
  await counted(card.locator(".samples li"), 6);
  await page.getByLabel("Variants of the images").selectOption("light");
  await page.locator(".variants img").nth(5).waitFor();
  await train(page, 2);
  await page.getByRole("article", { name: "pets-logistic-2" }).getByText("Done").waitFor();

  // However many epochs pass before a key is pressed on a busy machine, this run is still at work then.
  await page.getByText("More settings").click();
  await page.getByLabel("Patience").fill("10000");
  await train(page, 10_000);
  const long = page.getByRole("article", { name: "pets-logistic-3" });
  await long.getByText(/Training, epoch [1-9]\d* of/).waitFor();
  await long.getByRole("button", { name: "Stop" }).press("Enter");
  const resume = page
    .getByRole("row", { name: /pets-logistic-3/ })
    .getByRole("button", { name: "Resume pets-logistic-3" });
  await resume.press("Enter");
  await long.getByText(/Training, epoch/).waitFor();
  // A run at work is not offered once the table has heard of it.
  await counted(resume, 0);
  await long.getByRole("button", { name: "Stop" }).press("Enter");
  await resume.waitFor();

  await page.getByRole("checkbox", { name: "Pin pets-logistic-1" }).press("Space");
  await page.getByRole("checkbox", { name: "Pin pets-logistic-2" }).press("Space");
  const apart = page.getByRole("region", { name: "pets-logistic-2 against pets-logistic-1" });
  await apart.getByText(/McNemar's exact p is/).waitFor();
  assert.deepEqual(await apart.locator("li").allInnerTexts(), ["augment none > light", "epochs 1 > 2"]);
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await violationsOf(page), [], `${colorScheme}, ${width} pixels`);
      assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= width, `${width} pixels`);
    }

  // The run that is chosen in a view is that of the others, until another one is trained.
  const views = page.getByRole("navigation", { name: "Views of the project" });
  const tab = (name: string) => views.getByRole("link", { name, exact: true });
  const chosen = page.getByRole("combobox", { name: "Run", exact: true });
  await tab("Understand").press("Enter");
  await chosen.selectOption("pets-logistic-1");
  for (const name of ["Ship", "Data", "Understand"]) {
    await tab(name).press("Enter");
    await page.locator(`[data-view=${name.toLowerCase()}]`).waitFor();
  }
  assert.equal(await chosen.inputValue(), "pets-logistic-1");
  await tab("Train").press("Enter");
  await train(page, 1);
  await page.getByRole("article", { name: "pets-logistic-4" }).getByText("Done").waitFor();
  await tab("Understand").press("Enter");
  await chosen.waitFor();
  assert.equal(await chosen.inputValue(), "pets-logistic-4");
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});
