// The grid of images in Chromium: a hundred thousand scroll, all is done by keys, nothing is left without a name.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { readJournal } from "../../src/experiment/index.js";
import { checkAccessible, closeBrowser, counted, emptyFolder, localStudio, noBrowser } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders, manyImages, tinyPng, writeFiles } from "./small-data.js";

after(closeBrowser);

interface Frames {
  /** Milliseconds from one frame to the next, sorted. */
  readonly frames: readonly number[];
  /** The most cells that were in the page. */
  readonly cells: number;
}

/** Scrolls the grid for 240 frames: by so many pixels a frame, or over all of it. */
const scrolled = (page: Page, step: number | "all"): Promise<Frames> =>
  page.evaluate(`new Promise((done) => {
    const grid = document.querySelector(".grid");
    grid.scrollTop = 0;
    const frames = [];
    let [last, cells, n] = [0, 0, 0];
    const next = (now) => {
      if (last > 0) frames.push(now - last);
      last = now;
      n++;
      cells = Math.max(cells, document.querySelectorAll(".cell").length);
      grid.scrollTop = ${step === "all" ? "(n / 240) * grid.scrollHeight" : `n * ${step}`};
      if (n < 240) requestAnimationFrame(next);
      else done({ frames: frames.sort((a, b) => a - b), cells });
    };
    requestAnimationFrame(next);
  })`);

test("100,000 images scroll, with only those in the page that are seen", { skip: noBrowser }, async (t) => {
  const studio = await localStudio(t, manyImages(join(emptyFolder(t), "many"), 100_000));
  const { page, errors } = await patientPage(t, studio.address);
  await page.locator(".cell img").first().waitFor();
  await page.getByText("100,000 images", { exact: true }).waitFor();
  for (const step of [25, 120, "all"] as const) {
    const { frames, cells } = await scrolled(page, step);
    const of = (share: number): string => `${frames[Math.floor(share * (frames.length - 1))]!.toFixed(0)} ms`;
    t.diagnostic(`${step} pixels a frame: median ${of(0.5)}, 95 % within ${of(0.95)}, worst ${of(1)}, ${cells} cells`);
    assert.ok(cells > 20 && cells < 400, `${cells} cells are in the page`);
  }
  const last = page.getByRole("option", { name: "9, train/99999.png" });
  await page.getByRole("listbox", { name: "Images" }).press("End");
  await last.waitFor();
  assert.deepEqual(await last.evaluate((cell) => [cell.ariaPosInSet, cell.ariaSetSize]), ["100000", "100000"]);
  await last.locator("img").waitFor();
  // The grid becomes narrower beside the image that is looked at; the cell stays where it is seen.
  await last.click();
  await page.getByRole("heading", { name: "train/99999.png" }).waitFor();
  const isSeen = await last.evaluate((cell) => {
    const [inner, outer] = [cell, cell.closest(".grid")!].map((element) => element.getBoundingClientRect());
    return inner!.top >= outer!.top && inner!.bottom <= outer!.bottom;
  });
  assert.ok(isSeen, "the last image is still seen");
  await page.getByLabel("Search file names").fill("77777");
  await page.getByText("1 images", { exact: true }).waitFor();
  assert.deepEqual(errors, []);
});

test("labels are given, taken back and looked for by keys alone", { skip: noBrowser }, async (t) => {
  const folder = classFolders(join(emptyFolder(t), "pets"), ["cat", "dog", "emu"]);
  const studio = await localStudio(t, folder);
  const { page, elsewhere, errors } = await patientPage(t, studio.address);
  const grid = page.getByRole("listbox", { name: "Images" });
  await page.locator(".cell img").first().waitFor();
  // The grid is reached by the tab key.
  for (let n = 0; n < 60 && !(await grid.evaluate((element) => element === document.activeElement)); n++)
    await page.keyboard.press("Tab");
  const names = (): Promise<string[]> =>
    page
      .getByRole("option", { selected: true })
      .evaluateAll((cells) =>
        cells.filter((cell) => cell.classList.contains("cell")).map((cell) => cell.getAttribute("aria-label") ?? ""),
      );
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  assert.deepEqual(await names(), ["cat, cat/2.png", "cat, cat/3.png", "cat, cat/4.png"]);
  await page.keyboard.press("2");
  await page.getByText("3 images are now dog.").waitFor();
  await page.getByRole("option", { name: "dog was cat, cat/2.png" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("End");
  await page.keyboard.press("x");
  await page.getByRole("option", { name: "emu left out, emu/4.png" }).waitFor();
  await page.keyboard.press("z");
  await page.getByRole("option", { name: "emu, emu/4.png", exact: true }).waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press("Control+a");
  assert.equal((await names()).length, 12);
  await page.keyboard.press("Escape");
  // A class that is not there yet, by the menu.
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Relabel" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type("ferret");
  await page.keyboard.press("Tab");
  await page.keyboard.type("it is long");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Mira");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "ferret was cat, cat/1.png" }).waitFor();
  await page.getByRole("region", { name: "Classes" }).getByRole("button", { name: "ferret" }).waitFor();
  assert.ok(await grid.evaluate((element) => element === document.activeElement), "the focus is in the grid again");
  await page.keyboard.press("/");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type("emu/3");
  await page.getByText("1 images", { exact: true }).waitFor();
  const { entries } = await readJournal(join(folder, "labels.journal"));
  assert.deepEqual(
    entries.map(({ file, from, to, by, why }) => [file, from, to, by, why]),
    [
      ["cat/2.png", "cat", "dog", undefined, undefined],
      ["cat/3.png", "cat", "dog", undefined, undefined],
      ["cat/4.png", "cat", "dog", undefined, undefined],
      ["emu/4.png", "emu", null, undefined, undefined],
      ["emu/4.png", null, "emu", undefined, undefined],
      ["cat/1.png", "cat", "ferret", "Mira", "it is long"],
    ],
  );
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});

test("clicks select and extend, filters are in the address, numbers are those of the file", {
  skip: noBrowser,
}, async (t) => {
  const folder = classFolders(join(emptyFolder(t), "pets"), ["cat", "dog"]);
  writeFiles(folder, { "dog/wide.png": tinyPng(40, { width: 30, height: 20 }) });
  const studio = await localStudio(t, folder);
  const { page, errors } = await patientPage(t, studio.address);
  const cell = (name: string) => page.getByRole("option", { name, exact: true });
  const marked = page.locator('.cell[aria-selected="true"]');
  await cell("cat, cat/1.png").click();
  await cell("cat, cat/3.png").click({ modifiers: ["Shift"] });
  await counted(marked, 3);
  await cell("dog, dog/1.png").click({ modifiers: ["Control"] });
  await counted(marked, 4);
  await page.getByRole("region", { name: "Classes" }).getByRole("button", { name: "dog" }).click();
  await page.getByText("5 images", { exact: true }).waitFor();
  assert.match(page.url(), /label=dog/);
  await page.getByRole("region", { name: "Sizes" }).getByRole("button", { name: "30 × 20" }).click();
  await page.getByText("1 images", { exact: true }).waitFor();
  await cell("dog, dog/wide.png").click();
  const inspector = page.getByRole("complementary", { name: "The image" });
  await inspector.getByText("30 × 20, L").waitFor();
  const picture = inspector.getByRole("img", { name: "dog/wide.png" });
  assert.deepEqual(await picture.evaluate((image: HTMLElement) => [image.offsetWidth, image.className]), [
    240,
    "pixelated",
  ]);
  await page.waitForURL(/image=8/);
  await page.reload();
  await inspector.getByText("30 × 20, L").waitFor();
  await counted(page.locator(".cell"), 1, "the address brings back the filter");
  assert.deepEqual(errors, []);
});

test("the data view has names for everything, light and dark", { skip: noBrowser }, async (t) => {
  const folder = classFolders(join(emptyFolder(t), "pets"), ["cat", "dog"]);
  writeFiles(folder, { "dog/copy.png": tinyPng(0) });
  const studio = await localStudio(t, folder);
  for (const [theme, width] of [
    ["light", 1440],
    ["dark", 390],
  ] as const) {
    const { page, errors } = await patientPage(t, studio.address, { theme, width });
    await page.locator(".cell img").first().waitFor();
    await page.locator(".cell").nth(1).click();
    if (theme === "light") {
      await page.keyboard.press("x");
      await page.locator(".cell.excluded").waitFor();
      await page.keyboard.press("2");
      await page.locator(".chip").first().waitFor();
    }
    await page.getByRole("heading", { name: "Images alike" }).waitFor();
    await checkAccessible(page, `Images, ${theme}`);
    await page.getByRole("button", { name: "Relabel" }).click();
    await checkAccessible(page, `The menu of labels, ${theme}`);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Findings" }).click();
    await page.getByText("lies in two classes").waitFor();
    await checkAccessible(page, `Findings, ${theme}`);
    await page.getByRole("button", { name: "Journal" }).click();
    await page.getByRole("heading", { name: "What it does to the classes" }).waitFor();
    await checkAccessible(page, `Journal, ${theme}`);
    assert.deepEqual(errors, []);
  }
});
