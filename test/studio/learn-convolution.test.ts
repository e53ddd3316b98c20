// Convolution: the numbers of its page are the library's.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { smallImage } from "../../src/data/index.js";
import { expandDims, sequential, type Tensor, tensor } from "../../src/index.js";
import { conv2d, input } from "../../src/nn/layers/index.js";
import { learnPage, runShownCode, said, turnTo } from "./learn.js";
import { closeBrowser, counted, noBrowser } from "./page.js";

after(closeBrowser);

const short = (value: number): string => String(Number(value.toFixed(3)));

interface Layer {
  readonly size: number;
  readonly strides?: number;
  readonly padding?: "valid" | "same";
  readonly relu?: boolean;
  /** By filter, channel, row and column. */
  readonly kernels: readonly (readonly (readonly number[])[])[];
  readonly biases?: readonly number[];
}

/** The library's convolution of a small picture. */
async function convolved(name: "left" | "ghost", layer: Layer): Promise<Tensor> {
  const { size, strides = 1, padding = "valid", relu = false, kernels, biases = kernels.map(() => 0) } = layer;
  const weights = new Float32Array(size * size * 3 * kernels.length);
  for (const [filter, slices] of kernels.entries())
    for (const [channel, slice] of slices.entries())
      for (const [cell, weight] of slice.entries()) weights[(cell * 3 + channel) * kernels.length + filter] = weight;
  const conv = conv2d(kernels.length, size, { strides, padding, ...(relu ? { activation: "relu" } : {}) });
  const model = sequential([input([16, 16, 3]), conv], { threads: 1 });
  await conv.setWeights([
    tensor(weights, [size, size, 3, kernels.length], "float32"),
    tensor([...biases], [kernels.length], "float32"),
  ]);
  const { data } = smallImage(name);
  const y = await model.predict(expandDims(tensor(Float32Array.from(data), [16, 16, 3], "float32")));
  await model.close();
  return y;
}

const valueAt = ({ shape, data }: Tensor, row: number, column: number, filter = 0): number =>
  data[(row * shape[2]! + column) * shape[3]! + filter]!;

test("the yellow detector's output at a pixel", { skip: noBrowser }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "convolution?k1=yellow&size=1&at=4,7");
  const y = await convolved("left", { size: 1, kernels: [[[1], [1], [-1]]] });
  assert.deepEqual([valueAt(y, 4, 7), valueAt(y, 0, 0)], [510, 0]);
  await said(page, ".products .formula", "255 + 255 + 0 + 0 = 510");
  await said(page, ".map .said", "Output, row 4, column 7: 510");
  await said(page, '.challenges [data-solved="true"]', "510 to yellow");
  await turnTo(page, "convolution?k1=yellow&size=1&at=0,0");
  await said(page, ".map .said", "Output, row 0, column 0: 0");
  const ghost = await convolved("ghost", { size: 1, kernels: [[[1], [1], [-1]]] });
  for (const [row, column, value] of [
    [3, 4, 255],
    [4, 1, 241],
    [6, 3, -204],
  ] as const) {
    assert.equal(valueAt(ghost, row, column), value);
    await turnTo(page, `convolution?image=ghost&k1=yellow&size=1&at=${row},${column}`);
    await said(page, ".map .said", `Output, row ${row}, column ${column}: ${value}`);
  }
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("a kernel of 3 by 3 over three channels has 27 weights, each channel's products apart", {
  skip: noBrowser,
}, async (t) => {
  const { page } = await learnPage(t, "convolution?k1=sobel&at=4,3");
  const slice = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
  const y = await convolved("left", { size: 3, kernels: [[slice, slice, slice]] });
  await said(page, ".products .formula", `= ${short(valueAt(y, 4, 3))}`);
  await counted(page.locator(".kernel .slice .weight"), 27);
  await counted(page.locator(".products td"), 27);
  await said(page, ".formulas", "weights: 3 · 3 · 3 = 27 a filter, and a bias; 1 · (27 + 1) = 28 parameters");
  // The products of a channel, as they are written, add up to what the engine says of that channel.
  for (const channel of [0, 1, 2]) {
    const figure = page.locator(".products figure").nth(channel);
    const products = (await figure.locator("td b").allTextContents()).map(Number);
    const sum = Number(await figure.locator("figcaption strong").textContent());
    assert.equal(
      products.reduce((total, product) => total + product, 0),
      sum,
    );
  }
});

test("filters, bias, ReLU, padding and stride as the library has them; the code gives the same", {
  skip: noBrowser,
}, async (t) => {
  const kernel = "0.5,-1,2,1/4,0,0,-3,1,1";
  const weights = [0.5, -1, 2, 0.25, 0, 0, -3, 1, 1];
  const edges = [-1, -1, -1, -1, 8, -1, -1, -1, -1];
  const y = await convolved("ghost", {
    size: 3,
    strides: 2,
    padding: "same",
    relu: true,
    kernels: [
      [edges, edges, edges],
      [weights, edges, weights],
    ],
    biases: [0, 7.5],
  });
  const k2 = `${kernel};${edges.join(",")};${kernel}`;
  const { page } = await learnPage(
    t,
    `convolution?image=ghost&stride=2&padding=same&relu=1&filters=2&filter=2&b2=7.5&k2=${k2}&at=7,7`,
  );
  await said(page, ".map .said", `Output, row 7, column 7: ${short(valueAt(y, 7, 7, 1))}`);
  for (const [row, column] of [
    [0, 0],
    [3, 2],
    [6, 5],
  ] as const) {
    await turnTo(
      page,
      `convolution?image=ghost&stride=2&padding=same&relu=1&filters=2&filter=2&b2=7.5&k2=${k2}&at=${row},${column}`,
    );
    await said(page, ".map .said", `Output, row ${row}, column ${column}: ${short(valueAt(y, row, column, 1))}`);
  }
  await said(page, ".map h2", "8 × 8 × 2");
  await said(page, ".formulas", "2 · (27 + 1) = 56 parameters");
  const printed = (await runShownCode(t, page)).trim().split("\n");
  assert.equal(printed[0], "[ 8, 8, 2 ]");
  assert.equal(Number(printed[1]), valueAt(y, 6, 5, 1));
});

test("output sizes under kernel, stride and padding", { skip: noBrowser }, async (t) => {
  const { page } = await learnPage(t, "convolution");
  for (const size of [1, 3, 5])
    for (const strides of [1, 2, 3])
      for (const padding of ["valid", "same"] as const) {
        const [height, width] = conv2d(1, size, { strides, padding }).computeOutputShape([16, 16, 3]) as number[];
        await turnTo(page, `convolution?k1=blur&size=${size}&stride=${strides}&padding=${padding}`);
        await said(page, ".formulas", new RegExp(`− ${size}\\) / ${strides}⌋ \\+ 1 = ${height}.*"${padding}" adds`));
        assert.equal(await page.locator(".map h2").nth(1).textContent(), `Output ${height} × ${width} × 1`);
      }
});
