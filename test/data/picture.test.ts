// Tensors as PNG files: grey, RGB and matplotlib's colour maps (tools/colormap-table.py), and what is refused.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { allocate, type DType } from "../../src/core/dtype.js";
import { sizeOf } from "../../src/core/shape.js";
import { type Colormap, decodeImage, encodePng, loadImages, saveImage } from "../../src/data/index.js";
import { sequential, type Tensor, tensor, zeros } from "../../src/index.js";
import { dense, flatten, input } from "../../src/nn/layers/index.js";
import { workplace } from "../cli/fovea.js";

interface Coloured {
  readonly colormap: Colormap;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly range: [number, number] | null;
  readonly data: readonly number[];
  readonly rgb: readonly number[];
}

const decoded = async (bytes: Uint8Array): Promise<number[]> => [...(await decodeImage(bytes, "the picture")).data];

test("colours are matplotlib's to the byte, for every map, dtype and range", async () => {
  const path = fileURLToPath(new URL("../../../test/data/fixtures/colormaps.json", import.meta.url));
  for (const { colormap, dtype, shape, range, data, rgb } of JSON.parse(readFileSync(path, "utf8")) as Coloured[]) {
    const array = allocate(dtype, sizeOf(shape));
    array.set(data);
    const x = tensor(array as never, shape, dtype) as Tensor;
    const bytes = encodePng(x, { colormap, ...(range === null ? {} : { range }) });
    assert.deepEqual(await decoded(bytes), rgb, `${colormap} of ${dtype} ${range}`);
  }
});

test("grey and RGB: bytes stay as they are, other numbers go from the least to the largest", async () => {
  assert.deepEqual(await decoded(encodePng(tensor([[10, 200]], "uint8"))), [10, 200]);
  assert.deepEqual(await decoded(encodePng(tensor([[[1], [2], [3]]]))), [0, 128, 255]);
  assert.deepEqual(await decoded(encodePng(tensor([[[0, 0.5, 1]]]), { range: [0, 1] })), [0, 128, 255]);
  assert.deepEqual(await decoded(encodePng(tensor([[5, 5]]))), [0, 0]);
  assert.deepEqual(await decoded(encodePng(tensor([[-1, 9]]), { range: [0, 4] })), [0, 255]);
});

test("files are written whole, and a data set gives parts of itself that train", async (t) => {
  const folder = workplace(t);
  for (const [n, name] of ["a", "b"].entries()) {
    mkdirSync(join(folder, name));
    await saveImage(tensor([[n, 1, 2]]), join(folder, name, "1.png"), { colormap: "viridis" });
    await saveImage(tensor([[3, n, 2]]), join(folder, name, "2.png"));
  }
  assert.deepEqual(readdirSync(join(folder, "a")), ["1.png", "2.png"]);
  const data = await loadImages(folder, { height: 4, width: 8, cache: false });
  assert.deepEqual(data.take(3).files, ["a/1.png", "a/2.png", "b/1.png"]);
  assert.deepEqual(data.slice(1, 3).files, ["a/2.png", "b/1.png"]);
  assert.deepEqual(data.slice(3).x.data, data.x.data.subarray(3 * 32));
  assert.deepEqual([...data.slice(1, 3).y.data], [0, 1]);
  assert.equal(data.take(99).contentHash, data.contentHash);
  assert.notEqual(data.take(1).contentHash, data.contentHash);
  assert.throws(() => data.take(-1), /dataset.take: expected a whole number of at least 0, received -1/);
  const model = sequential([input([4, 8, 1]), flatten(), dense(2, { activation: "softmax" })]);
  model.compile({ optimizer: "sgd", loss: "sparse_categorical_crossentropy" });
  assert.deepEqual((await model.fit(data.take(3))).epoch, [0]);
  await model.close();
});

test("what is no picture is refused", async () => {
  const wrong: readonly [() => unknown, RegExp][] = [
    [() => encodePng(zeros([5, 4, 4, 1], "uint8")), /received \[5, 4, 4, 1\]; sliceRows/],
    [() => encodePng(zeros([4, 4, 2], "uint8")), /with 1 or 3 channels behind, received \[4, 4, 2\]/],
    [() => encodePng(tensor([[Number.NaN]])), /expected finite numbers, received NaN/],
    [() => encodePng(zeros([2, 2, 3], "uint8"), { colormap: "magma" }), /expected one channel for a colour map/],
    [() => encodePng(zeros([2, 2], "uint8"), { colormap: "rainbow" as never }), /expected one of viridis, /],
    [() => encodePng(zeros([2, 2], "uint8"), { range: [2, 1] }), /range: expected a finite number from 2/],
  ];
  for (const [make, message] of wrong) assert.throws(make, message);
  await assert.rejects(saveImage(zeros([2, 2], "uint8"), "x.jpg"), /a path that ends in .png, received "x.jpg"/);
});
