// Mosaics: images, masks and boxes go into the quarters together, over more than a thousand quarters, to the same bits on 1, 2 and 3
// threads; images that stay as they are have their own objects alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { cast } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import { keyOf, Random, STREAM } from "../../src/core/random.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { checkAugmentation } from "../../src/experiment/recipe/augmentation.js";
import { sequential } from "../../src/index.js";
import { TrainingContext } from "../../src/nn/layers/call-context.js";
import {
  dense,
  flatten,
  input as inputLayer,
  type RandomMosaicOptions,
  randomMosaic,
} from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";

const [IMAGES, HEIGHT, WIDTH, QUARTERS] = [48, 40, 52, 4];
const STEPS = [0, 1, 2, 3, 4, 5] as const;

/** One box an image, of a class that the three images behind it do not have, and its mask. */
const masks = tensor(new Uint8Array(IMAGES * HEIGHT * WIDTH), [IMAGES, HEIGHT, WIDTH], "uint8");
const boxes = tensor(new Float32Array(IMAGES * 5), [IMAGES, 1, 5], "float32");
for (let i = 0; i < IMAGES; i++) {
  const random = new Random(3, STREAM.user, i);
  const [left, top] = [random.integer(WIDTH - 12), random.integer(HEIGHT - 12)];
  const [wide, high] = [8 + random.integer(WIDTH - left - 8), 8 + random.integer(HEIGHT - top - 8)];
  for (let y = top; y < top + high; y++)
    masks.data.fill(1 + (i % QUARTERS), (i * HEIGHT + y) * WIDTH + left, (i * HEIGHT + y) * WIDTH + left + wide);
  const center = [(left + wide / 2) / WIDTH, (top + high / 2) / HEIGHT];
  boxes.data.set([i % QUARTERS, ...center, wide / WIDTH, high / HEIGHT], i * 5);
}

/** Images that are their masks, masks and boxes after mosaics of some steps. */
async function moved(options: RandomMosaicOptions, steps: readonly number[], threads: number): Promise<Tensor[][]> {
  const state = input("state", [3], "int32");
  const context = new TrainingContext(state);
  const [mask, lists] = [input("mask", masks.shape, "uint8"), input("boxes", boxes.shape)];
  const image = input("image", [...masks.shape, 1], "uint8");
  const layer = randomMosaic(options);
  layer.build([HEIGHT, WIDTH, 1], new Streams(0));
  const x = layer.call(cast(image, "float32"), context);
  const outputs = [x, context.moved(mask, 255), context.movedBoxes(lists)];
  const session = await createWasmBackend().open({ threads });
  const executable = await session.compile({ inputs: [image, mask, lists, state], outputs, updates: [] });
  const results: Tensor[][] = [];
  for (const step of steps) {
    const key = tensor(Int32Array.of(...keyOf(7), step), [3], "int32");
    results.push([...(await executable.run([{ ...masks, shape: [...masks.shape, 1] }, masks, boxes, key]))]);
  }
  await session.close();
  return results;
}

/** Edges of what is marked by a value in a mask: left, top, right, bottom. */
function edgesOf({ data }: Tensor, row: number, value: number): readonly number[] {
  let [left, top, right, bottom] = [WIDTH, HEIGHT, 0, 0];
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      if (data[(row * HEIGHT + y) * WIDTH + x] !== value) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ];
    }
  return [left, top, right, bottom];
}

const NEAREST = { interpolation: "nearest" } as const;

test("the mask of a mosaic is the mosaic of the masks, and boxes are around them", async () => {
  let [kept, dropped] = [0, 0];
  for (const [image, mask, lists] of (await moved(NEAREST, STEPS, 1)) as [Tensor, Tensor, Tensor][]) {
    assert.deepEqual(lists.shape, [IMAGES, QUARTERS, 5]);
    assert.ok(Buffer.from(Float32Array.from(mask.data).buffer).equals(Buffer.from(image.data.slice().buffer)));
    for (let i = 0; i < IMAGES; i++)
      for (let q = 0; q < QUARTERS; q++) {
        const [label, x, y, wide, high] = [...lists.data.subarray((i * QUARTERS + q) * 5)] as [
          ...[number, number, number, number, number],
        ];
        if (label === -1) {
          dropped++;
          continue;
        }
        kept++;
        assert.equal(label, (i + q) % QUARTERS);
        const box = [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2].map(
          (edge, side) => edge * (side % 2 === 0 ? WIDTH : HEIGHT),
        );
        for (const [side, edge] of edgesOf(mask, i, 1 + label).entries())
          assert.ok(Math.abs(edge - box[side]!) <= 1.01, `${i} ${q}: ${box}, marked to ${edge} on side ${side}`);
      }
  }
  assert.equal(kept + dropped, STEPS.length * IMAGES * QUARTERS);
  assert.ok(kept > 700 && dropped > 30, `${kept} are kept, ${dropped} not`);
});

test("some images stay as they are, with their own objects", async () => {
  const [result] = await moved({ ...NEAREST, probability: 0.5 }, [0], 1);
  const [image, mask, lists] = result as [Tensor, Tensor, Tensor];
  let whole = 0;
  for (let i = 0; i < IMAGES; i++) {
    const size = HEIGHT * WIDTH;
    const isSame = masks.data
      .subarray(i * size, (i + 1) * size)
      .every((value, at) => image.data[i * size + at] === value);
    if (!isSame) continue;
    whole++;
    assert.ok(masks.data.subarray(i * size, (i + 1) * size).every((value, at) => mask.data[i * size + at] === value));
    const rows = Array.from(lists.data.subarray(i * QUARTERS * 5, (i + 1) * QUARTERS * 5));
    rows.slice(0, 5).forEach((value, at) => {
      assert.ok(Math.abs(value - boxes.data[i * 5 + at]!) < 1e-6);
    });
    assert.deepEqual([rows[5], rows[10], rows[15]], [-1, -1, -1]);
  }
  assert.ok(whole > 12 && whole < 36, `${whole} of ${IMAGES} are whole`);
});

test("the same bits on 1, 2 and 3 threads", async () => {
  const [first, two, three] = await Promise.all([1, 2, 3].map((threads) => moved({ shown: 0.8 }, [3], threads)));
  assert.deepEqual(two, first);
  assert.deepEqual(three, first);
});

test("targets of whole images are refused, as a layer and by name", async () => {
  const model = sequential([inputLayer([8, 8, 1]), randomMosaic(), flatten(), dense(2)], { backend: referenceBackend });
  model.compile({ optimizer: "sgd", loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
  const [x, y] = [tensor(new Uint8Array(256), [4, 8, 8, 1], "uint8"), tensor(new Uint8Array(4), [4], "uint8")];
  await assert.rejects(model.fit({ x, y }, { epochs: 1 }), /puts several images into one, which only masks and boxes/);
  await model.close();
  assert.throws(
    () => checkAugmentation("mosaic", { kind: "classification" }),
    /--augment mosaic puts four images into one, and classification has targets of whole images/,
  );
  checkAugmentation("mosaic", { kind: "segmentation" });
  checkAugmentation("mirrored", { kind: "classification" });
});

test("a config gives the layer back", () => {
  const layer = randomMosaic({ probability: 0.25, shown: 0.75, interpolation: "nearest", name: "four" });
  assert.deepEqual(layerFromKeras(layer.toKerasObject() as never).toKerasObject(), layer.toKerasObject());
});
