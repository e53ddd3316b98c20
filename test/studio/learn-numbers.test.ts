// An image as numbers: bytes of the pixel that is pointed at, three channels, what a byte keeps of a number.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { smallImage } from "../../src/data/index.js";
import { addressSays, learnPage, runShownCode, said, turnTo } from "./learn.js";
import { checkBothThemes, closeBrowser, noBrowser } from "./page.js";

after(closeBrowser);

test("a pixel's bytes in three ways, found by pointer and by keys", { skip: noBrowser }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "numbers?image=ghost&at=4,1");
  const rows = page.locator(".pixel-facts tbody tr");
  await said(page, ".pixel-facts h2", "Row 4, column 1");
  assert.deepEqual(await rows.allTextContents(), ["red2550xFF11111111", "green1630xA310100011", "blue1770xB110110001"]);
  assert.deepEqual(await page.locator(".colors li").allTextContents(), [
    "168 × (255, 163, 177)",
    "48 × (0, 0, 0)",
    "32 × (255, 255, 255)",
    "8 × (51, 0, 255)",
  ]);
  assert.match(await said(page, ".pixel-facts .formula", "shape"), /\(16, 16, 3\): 16 · 16 · 3 = 768 bytes/);

  const grid = page.getByRole("application").first();
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await said(page, ".pixel-facts h2", "Row 6, column 3");
  const first = 3 * (6 * 16 + 3);
  const bytes = [...smallImage("ghost").data.subarray(first, first + 3)];
  assert.deepEqual(bytes, [51, 0, 255]);
  assert.deepEqual(await rows.allTextContents(), ["red510x3300110011", "green00x0000000000", "blue2550xFF11111111"]);
  await said(page, '.challenges [data-solved="true"]', "(51, 0, 255)");

  const box = (await grid.boundingBox())!;
  await page.mouse.move(box.x + (box.width * 5.5) / 16, box.y + (box.height * 4.5) / 16);
  await said(page, ".pixel-facts h2", "Row 4, column 5");
  await page.mouse.move(0, 0);
  await said(page, ".pixel-facts h2", "Row 6, column 3");
  await addressSays(page, "at=6,3");

  const lines = (await runShownCode(t, page)).split("\n");
  assert.equal(lines[0], "[ 16, 16, 3 ]");
  assert.equal(lines[1], "Uint8Array(3) [ 51, 0, 255 ]");
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("what a byte keeps of a number, and its bits", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "numbers");
  const stored = (type: string) => page.getByRole("table", { name: type, exact: true }).locator("tr").nth(1);
  for (const [type, text] of [
    ["uint8", "stored012550"],
    ["int8", "stored-1281127-128"],
  ] as const)
    await stored(type).and(page.getByText(text)).waitFor();
  for (const [state, text] of [
    ["n=256&type=uint8", "256 as uint8 = 0"],
    ["n=255&type=uint8", "255 as uint8 = 255"],
    ["n=-128&type=int8", "-128 as int8 = -128"],
    ["n=128&type=int8", "128 as int8 = -128"],
    ["n=-1&type=uint8", "-1 as uint8 = 255"],
  ] as const) {
    await turnTo(page, `numbers?${state}`);
    await said(page, ".byte-bench output", text);
  }
  await turnTo(page, "numbers?n=0");
  for (const worth of [128, 32, 1])
    await page.getByRole("button", { name: `0, the bit worth ${worth}`, exact: true }).click();
  await said(page, ".byte-bench .formula", "1010 0001 = 0xA1, since 1010 is A and 0001 is 1");
  await said(page, ".byte-bench output", "161 as uint8 = 161");
  await page.getByRole("button", { name: "int8, with a sign" }).click();
  await said(page, ".byte-bench output", "161 as int8 = -95");
  await said(page, '.challenges [data-solved="true"]', "0xA1");
});

test("the page of numbers is accessible, light and dark", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "numbers?show=green&base=hexadecimal");
  await page.locator(".pixel-facts").waitFor();
  await page.locator(".examples td").nth(7).waitFor();
  await checkBothThemes(page, "numbers");
});
