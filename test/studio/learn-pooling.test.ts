// Pooling: what is kept of a window, in each channel by itself, and how large the output is.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { hanziImage, smallImage } from "../../src/data/index.js";
import { callLayer, expandDims, type Tensor, tensor } from "../../src/index.js";
import { averagePooling2d, maxPooling2d } from "../../src/nn/layers/index.js";
import { learnPage, runShownCode, said, turnTo } from "./learn.js";
import { checkBothThemes, closeBrowser, noBrowser } from "./page.js";

after(closeBrowser);

const { data } = smallImage("ghost");
const ghost = expandDims(tensor(Float32Array.from(data), [16, 16, 3], "float32"));
const LAYERS = { max: maxPooling2d, average: averagePooling2d };

/** Up to three places, as the page writes numbers. */
const short = (value: number): string => String(Number(value.toFixed(3)));

/** The three channels of an output. */
function pixelOf({ shape, data: values }: Tensor, row: number, column: number): readonly string[] {
  const at = (row * shape[2]! + column) * 3;
  return [...values.slice(at, at + 3)].map(short);
}

test("pooled values and sizes are the library's", { skip: noBrowser }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "pooling");
  const cases = [
    ["max", 2, 2, "valid", 3, 1],
    ["average", 2, 2, "valid", 3, 1],
    ["average", 3, 2, "same", 7, 7],
    ["max", 3, 2, "valid", 2, 2],
    ["average", 4, 3, "same", 2, 0],
    ["max", 16, 16, "valid", 0, 0],
  ] as const;
  for (const [kind, size, strides, padding, row, column] of cases) {
    const y = await callLayer(LAYERS[kind](size, { strides, padding }), ghost);
    const stride = strides === size ? "" : `&stride=${strides}`;
    await turnTo(page, `pooling?kind=${kind}&size=${size}${stride}&padding=${padding}&at=${row},${column}&show=colour`);
    const [red, green, blue] = pixelOf(y, row, column);
    const where = `Output, row ${row}, column ${column}: red ${red}, green ${green}, blue ${blue}`;
    await said(page, ".map .said", where);
    const output = page.locator(".map h2").nth(1);
    await output.filter({ hasText: `Output ${y.shape.slice(1).join(" × ")}` }).waitFor();
    assert.match(await said(page, ".formulas", "channels"), new RegExp(`= ${y.shape[1]}channels: 3 in, 3 out`));
    const kept = await page.locator(".products figcaption strong").allTextContents();
    assert.deepEqual(kept, [red, green, blue], "each channel by itself");
  }
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("the values that are written out are those under the window", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "pooling?at=3,1");
  await said(page, ".products output", "max(163, 0, 163, 0) = 163");
  assert.deepEqual(await page.locator(".products output").allTextContents(), [
    "max(255, 51, 255, 51) = 255",
    "max(163, 0, 163, 0) = 163",
    "max(177, 255, 177, 255) = 255",
  ]);
  await page.getByRole("button", { name: "the mean" }).click();
  await said(page, ".products output", "(163 + 0 + 163 + 0) / 4 = 81.5");
  const printed = (await runShownCode(t, page)).split("\n");
  assert.deepEqual(printed.slice(0, 2), ["[ 8, 8, 3 ]", "Float32Array(3) [ 153, 81.5, 216 ]"]);

  await page.getByRole("button", { name: "grey" }).click();
  await said(page, ".map h2", "8 × 8 × 1");
  await page.getByRole("button", { name: "3", exact: true }).click();
  await page.getByRole("button", { name: "4 × 4" }).click();
  await said(page, ".formulas", "⌊(16 + 0 + 0 − 4) / 3⌋ + 1 = 5");
  await said(page, '.challenges [data-solved="true"]', "overlap");
});

test("a written character is pooled as its code says", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "pooling?image=大&color=grayscale&side=32&kind=average&at=7,6");
  const { width, height } = hanziImage("Test", "大", 1);
  const size = await said(page, ".map h2", "Input");
  assert.equal(
    size,
    `Input ${[height, width].map((side) => Math.round((side * 32) / Math.max(height, width))).join(" × ")} × 1`,
  );
  const shown = /grey (.*)/.exec(await said(page, ".map .said", "Output, row 7, column 6: grey"))![1];
  const printed = (await runShownCode(t, page)).split("\n");
  assert.equal(printed[1], `Float32Array(1) [ ${shown} ]`);
});

test("keys move the window by its stride", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "pooling?at=0,0");
  await said(page, ".map .said", "The window is at rows 0 to 1, columns 0 to 1");
  await page.getByRole("application").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await said(page, ".map .said", "The window is at rows 2 to 3, columns 2 to 3");
  await said(page, ".map .said", "Output, row 1, column 1");
});

test("the page of pooling is accessible, light and dark", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "pooling?size=3&stride=2&padding=same&at=7,7");
  await page.locator(".products figure").nth(2).waitFor();
  await checkBothThemes(page, "pooling");
});
