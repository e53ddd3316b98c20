// Networks as diagrams that are the model: the lecture's shapes and parameters, the library's activations, a residual block.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { convertColor, hanziImage, resizeImage } from "../../src/data/index.js";
import { activations } from "../../src/explain/index.js";
import { application, tensor } from "../../src/index.js";
import { bytesOf } from "./canvas.js";
import { learnPage, runShownCode, said, turnTo } from "./learn.js";
import { checkBothThemes, closeBrowser, noBrowser } from "./page.js";

after(closeBrowser);

const skip = noBrowser;

/** Layer, what it puts out, its parameters: rows 5, 6 and 18 of the lecture's table. */
const LENET = [
  ["c1", "6@28×28", "156"],
  ["s2", "6@14×14", "0"],
  ["c3", "16@10×10", "2,416"],
  ["s4", "16@5×5", "0"],
  ["c5", "120@1×1", "48,120"],
  ["f6", "84", "10,164"],
  ["output", "10", "850"],
];
const ALEXNET = [
  ["c1", "96@55×55", "34,944"],
  ["s2", "96@27×27", "0"],
  ["c3", "256@27×27", "614,656"],
  ["s4", "256@13×13", "0"],
  ["c5", "384@13×13", "885,120"],
  ["c6", "384@13×13", "1,327,488"],
  ["c7", "256@13×13", "884,992"],
  ["s8", "256@6×6", "0"],
  ["dense", "4096", "37,752,832"],
  ["dense_1", "4096", "16,781,312"],
  ["dense_2", "1000", "4,097,000"],
];
const CNN = [
  ["conv1", "16@80×60", "160"],
  ["pool1", "16@40×30", "0"],
  ["conv2", "32@40×30", "4,640"],
  ["pool2", "32@20×15", "0"],
  ["conv3", "64@20×15", "18,496"],
  ["pool3", "64@5×3", "0"],
  ["flatten", "960", "0"],
  ["dense", "64", "61,504"],
  ["dense_1", "55", "3,575"],
];

test("shapes and parameters are the lecture's", { skip }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "networks");
  for (const [net, total, rows] of [
    ["lenet5", "61,706", LENET],
    ["alexnet", "62,378,344", ALEXNET],
    ["cnn", "88,375", CNN],
  ] as const) {
    await turnTo(page, `networks?net=${net}`);
    await said(page, "#parameters", total);
    for (const [layer, shape, params] of rows) {
      const cells = page.locator(".layer-table tr", { has: page.getByRole("button", { name: layer!, exact: true }) });
      const texts = await cells.locator("td").allTextContents();
      assert.deepEqual([texts[2], texts[4]], [shape, params], `${net} ${layer}`);
    }
  }
  await turnTo(page, "networks?net=lenet5&layer=c5");
  await said(page, "#layer-parameters", "(5 · 5 · 16 + 1) · 120 = 48,120");
  await said(page, ".layer-panel .formula", "⌊(5 + 2·0 − 5)/1⌋ + 1 = 1");
  await said(page, ".layer-panel .formula", "48,120 of 61,706 = 78.0%");
  await turnTo(page, "networks?net=alexnet&layer=dense");
  await said(page, "#layer-parameters", "(9,216 + 1) · 4,096 = 37,752,832");
  await said(page, '.challenges [data-solved="true"]', "AlexNet");
  assert.equal(await page.locator(".network canvas").count(), 0, "nothing is computed for AlexNet unless asked for");
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("a layer's maps are the engine's for the picture", { skip }, async (t) => {
  const { page } = await learnPage(t, "networks?net=lenet5&layer=c3&channel=5&image=山&seed=4");
  const written = hanziImage("Test", "山", 1);
  const image = resizeImage(convertColor({ ...written, data: written.pixels }, "grayscale"), 32, 32, "lanczos");
  const model = application("lenet5", { imageSize: [32, 32], channels: 1, classes: 10 }, { seed: 4 });
  const maps = (await activations(model, tensor(image.data, [1, 32, 32, 1], "uint8"), ["c3"])).get("c3")!;
  await model.close();
  const channel = maps.data.filter((_, at) => at % 16 === 5);
  const [low, high] = [Math.min(...channel), Math.max(...channel)];
  await said(page, ".layer-channels figcaption", `channel 5: from ${low.toFixed(3)} to ${high.toFixed(3)}`);
  const bytes = Uint8ClampedArray.from(channel, (value) => ((value - low) * 255) / (high - low));
  const drawn = await bytesOf(page.locator(".layer-channels figure canvas"));
  const worst = drawn.reduce((most, byte, i) => Math.max(most, Math.abs(byte - bytes[i]!)), 0);
  assert.equal(drawn.length, 100);
  assert.ok(worst <= 1, `differs by ${worst} shades`);
  const printed = await runShownCode(t, page);
  assert.match(printed, /^61706$/m);
  assert.match(printed, /\[ 10, 10, 16 \] 2416/);
});

test("AlexNet's activations come when they are asked for", { skip }, async (t) => {
  const { page } = await learnPage(t, "networks?net=alexnet&layer=c7&image=ghost");
  await page.getByRole("button", { name: "Compute its activations" }).click();
  await said(page, ".layer-channels figcaption", "channel 0");
  assert.equal((await bytesOf(page.locator(".layer-channels figure canvas"))).length, 169);
});

test("a residual block adds what went in, and without it values fade", { skip }, async (t) => {
  const { page } = await learnPage(t, "networks?net=residual&blocks=3&channel=2");
  const sum = await said(page, "#sum", "x + F(x)");
  const [x, made, total] = [...sum.matchAll(/[−\d][\d.e]*/g)].map(([text]) => Number(text.replace("−", "-")));
  assert.ok(Math.abs(x! + made! - total!) < 2e-3, sum);
  assert.ok(Number(await page.locator("#left").textContent()) > 1);
  await turnTo(page, "networks?net=residual&blocks=14&shortcut=off");
  await said(page, "#sum", "forgets x");
  await said(page, '.challenges [data-solved="true"]', "shortcut");
  const left = Number(await page.locator("#left").textContent());
  assert.ok(left > 0 && left < 1e-3, String(left));
  assert.equal(Number(Number(await runShownCode(t, page)).toPrecision(3)), left);
});

test("layers are chosen by keys", { skip }, async (t) => {
  const { page } = await learnPage(t, "networks");
  const layer = page.getByRole("button", { name: "s2 6@14×14" });
  await layer.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await said(page, ".layer-panel h2", "s2_tanh");
  await page.getByRole("slider", { name: "Channel" }).focus();
  await page.keyboard.press("ArrowRight");
  await said(page, ".layer-channels figcaption", "channel 1");
  await page.waitForURL(/layer=s2_tanh&channel=1/);
});

test("the page of networks is accessible, light and dark", { skip }, async (t) => {
  const { page } = await learnPage(t, "networks?net=cnn&layer=conv2");
  await said(page, ".layer-channels figcaption", "channel 0");
  await checkBothThemes(page, "networks");
  await turnTo(page, "networks?net=residual");
  await said(page, "#left", /\d/);
  await checkBothThemes(page, "residual block");
});
