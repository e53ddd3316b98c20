// Augmentation: the sixteen variants are those that callLayer draws with the same seed.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { convertColor, hanziImage, smallImage } from "../../src/data/index.js";
import { callLayer, sequential, type Tensor, tensor } from "../../src/index.js";
import {
  input,
  type Layer,
  randomBrightness,
  randomContrast,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "../../src/nn/layers/index.js";
import { bytesOf } from "./canvas.js";
import { learnPage, runShownCode, said, turnTo } from "./learn.js";
import { checkBothThemes, closeBrowser, noBrowser } from "./page.js";

after(closeBrowser);

const skip = noBrowser;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Sixteen times the same picture through layers, as in training. */
async function drawn({ width, height, data }: Picture, layers: readonly Layer[], seed: number): Promise<Tensor> {
  const all = new Uint8Array(16 * data.length);
  for (let i = 0; i < 16; i++) all.set(data, i * data.length);
  const images = tensor(all, [16, height, width, 3], "uint8");
  return callLayer(sequential([input([height, width, 3]), ...layers]), images, { training: true, seed });
}

const written = hanziImage("Test", "鱼", 1);
const fish = convertColor({ ...written, data: written.pixels }, "rgb");
const ghost = smallImage("ghost");

const CASES = [
  ["image=鱼&seed=9", fish, [randomRotation(0.05), randomTranslation(0.1, 0.1), randomZoom(0.1)], 9],
  [
    "image=ghost&rotation=0.2&translation=0&zoom=0.3&brightness=0.4&contrast=0.5&flip=both&fill=constant&seed=3",
    ghost,
    [
      randomFlip("horizontal_and_vertical"),
      randomRotation(0.2, { fillMode: "constant" }),
      randomZoom(0.3, { fillMode: "constant" }),
      randomBrightness(0.4),
      randomContrast(0.5),
    ],
    3,
  ],
] as const;

test("variants are the library's, byte by byte", { skip }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "augmentation?seed=77");
  for (const [state, picture, layers, seed] of CASES) {
    await turnTo(page, `augmentation?${state}`);
    const expected = await drawn(picture, layers, seed);
    const size = picture.width * picture.height;
    const canvases = page.locator(".variants canvas");
    await page.locator(`.variants canvas[width="${picture.width}"]`).nth(15).waitFor();
    await page.locator('.augmentation[aria-busy="false"]').waitFor();
    for (const i of [0, 7, 15])
      for (const channel of [0, 2]) {
        const wanted = Uint8ClampedArray.from(
          { length: size },
          (_, at) => expected.data[3 * (i * size + at) + channel]!,
        );
        assert.deepEqual(await bytesOf(canvases.nth(i), channel), [...wanted], `variant ${i} of ${state}`);
      }
  }
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("factors are told in degrees and pixels, and outside of training nothing varies", { skip }, async (t) => {
  const { page } = await learnPage(t, "augmentation?image=ghost&rotation=0.04&translation=0.25&zoom=0");
  await said(page, "#different", "16 of 16");
  await said(page, ".augmentation .formula", "± 0.04 · 360° = ± 14.4°");
  await said(page, ".augmentation .formula", "± 0.25 · 16 = ± 4 rows");
  await said(page, '.challenges [data-solved="true"]', "at most 15°");
  const printed = await runShownCode(t, page);
  assert.match(printed, /\[ 16, 16, 16, 3 \]/);
  await page.getByRole("checkbox", { name: "While training" }).uncheck();
  await said(page, "#different", "1 of 16");
  await said(page, '.challenges [data-solved="true"]', "as the network sees pictures");
});

test("sliders and seed answer to keys", { skip }, async (t) => {
  const { page } = await learnPage(t, "augmentation?image=ghost");
  await said(page, "#different", "16 of 16");
  await page.getByRole("slider", { name: "Contrast" }).focus();
  await page.keyboard.press("ArrowRight");
  await said(page, ".augmentation .formula", "contrast");
  await page.getByRole("button", { name: "Draw again" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/contrast=0\.01&seed=2/);
});

test("the page of augmentation is accessible, light and dark", { skip }, async (t) => {
  const { page } = await learnPage(t, "augmentation");
  await said(page, "#different", "16 of 16");
  await checkBothThemes(page, "augmentation");
});
