// Convolution: its footprint is moved by pointer and by keys, its weights are typed, and all of it can be reached.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { addressSays, learnPage, said, turnTo } from "./learn.js";
import { checkBothThemes, closeBrowser, counted, noBrowser } from "./page.js";

after(closeBrowser);

test("the footprint goes with hand, keys and what is pointed at", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "convolution?at=3,3");
  const footprint = (rows: string, columns: string) =>
    said(page, ".map .said", `The footprint is at rows ${rows}, columns ${columns}`);
  await footprint("3 to 5", "3 to 5");
  const [from, to] = [page.getByRole("application").nth(0), page.getByRole("application").nth(1)];
  await from.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await footprint("4 to 6", "4 to 6");
  await page.keyboard.press("End");
  await footprint("4 to 6", "13 to 15");

  const box = (await from.boundingBox())!;
  const pixel = (row: number, column: number): [number, number] => [
    box.x + (box.width * (column + 0.5)) / 16,
    box.y + (box.height * (row + 0.5)) / 16,
  ];
  await page.mouse.move(...pixel(5, 14));
  await page.mouse.down();
  await page.mouse.move(...pixel(8, 8), { steps: 4 });
  await page.mouse.up();
  await addressSays(page, "at=7,7");
  // The pixel under the pointer lights the outputs whose footprints cover it.
  await page.mouse.move(...pixel(8, 9));
  await said(page, ".map .said", "Row 8, column 9: red 255, green 255, blue 0; reaches 9 outputs");
  await counted(to.locator(".reach"), 1);
  await page.mouse.move(...pixel(0, 0));
  await said(page, ".map .said", "reaches 1 output");

  const map = (await to.boundingBox())!;
  await page.mouse.move(map.x + map.width / 28, map.y + map.height / 28);
  await footprint("0 to 2", "0 to 2");
  await page.mouse.move(0, 0);
  await footprint("7 to 9", "7 to 9");

  await turnTo(page, "convolution?at=0,0&stride=3");
  await footprint("0 to 2", "0 to 2");
  await from.focus();
  await page.keyboard.press("ArrowRight");
  await footprint("0 to 2", "3 to 5");
});

test("the footprint goes with a finger, and products show their pixel", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "convolution?at=3,3", { width: 390 });
  const grid = page.getByRole("application").first();
  await grid.scrollIntoViewIfNeeded();
  const box = (await grid.boundingBox())!;
  const at = (row: number, column: number) => ({
    x: box.x + (box.width * (column + 0.5)) / 16,
    y: box.y + (box.height * (row + 0.5)) / 16,
  });
  const client = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", point?: { x: number; y: number }): Promise<unknown> =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: point ? [point] : [] });
  await touch("touchStart", at(4, 4));
  for (const step of [5, 6, 7, 8, 9]) await touch("touchMove", at(step, step));
  await touch("touchEnd");
  await said(page, ".map .said", "The footprint is at rows 8 to 10, columns 8 to 10");
  await addressSays(page, "at=8,8");

  await page.locator(".products td").nth(5).hover();
  await said(page, ".map .said", "Row 9, column 10: red 255, green 255, blue 0; reaches 9 outputs");
});

test("weights are typed, and the kernel for vertical edges is found", { skip: noBrowser }, async (t) => {
  const { page, errors } = await learnPage(t, "convolution?color=grayscale&k1=identity");
  await page.getByText("Help").click();
  await said(page, ".compared strong", /alike/);
  const rows = [
    [-1, 0, 1],
    [-1, 0, 1],
    [-1, 0, 1],
  ];
  for (const [row, weights] of rows.entries())
    for (const [column, weight] of weights.entries())
      await page.getByLabel(`Weight of grey, row ${row}, column ${column}`).fill(String(weight));
  await said(page, '.challenges [data-solved="true"]', "vertical edges");
  assert.match(await said(page, ".compared strong", /^9\d.*alike/), /^9\d\.\d% alike$/);
  const first = page.getByLabel("Weight of grey, row 0, column 0");
  await first.fill("1/");
  assert.equal(await first.getAttribute("aria-invalid"), "true");
  await first.fill("1/9");
  await addressSays(page, "k1=1/9,0,1");
  await first.press("ArrowUp");
  assert.equal(await first.inputValue(), "1.111111");
  assert.deepEqual(errors, []);
});

test("the page of convolution is accessible, light and dark", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "convolution?padding=same&filters=4&relu=1");
  await page.locator(".products td").nth(26).waitFor();
  await page.locator("button.filter").nth(3).waitFor();
  await checkBothThemes(page, "convolution");
});
