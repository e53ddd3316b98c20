// Masks move with their images: the mask of a moved image is the moved mask, for every augmentation and over a thousand draws,
// to the same bits on 1, 2 and 3 threads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { cast } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import { keyOf } from "../../src/core/random.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { TrainingContext } from "../../src/nn/layers/call-context.js";
import {
  type Layer,
  randomBrightness,
  randomCrop,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";

const [IMAGES, HEIGHT, WIDTH, OUTSIDE] = [50, 11, 14, 255];
/** Batches of as many draws together as the property is held over. */
const BATCHES = 4;
const nearest = { interpolation: "nearest", fillMode: "constant", fillValue: OUTSIDE } as const;

/** Layers whose images are moved as masks are, so that both can be compared number by number. */
const LAYERS: Readonly<Record<string, () => Layer[]>> = {
  flip: () => [randomFlip()],
  turn: () => [randomRotation(0.2, nearest)],
  shift: () => [randomTranslation(0.3, 0.2, nearest)],
  zoom: () => [randomZoom(0.3, 0.2, nearest)],
  crop: () => [randomCrop(8, 9)],
  all: () => [
    randomFlip("horizontal"),
    randomTranslation(0.1, 0.1, nearest),
    randomRotation(0.1, nearest),
    randomZoom(0.2, nearest),
    randomCrop(8, 9),
  ],
};

const shape = [IMAGES, HEIGHT, WIDTH] as const;
const masks = tensor(
  Uint8Array.from({ length: IMAGES * HEIGHT * WIDTH }, (_, i) => (Math.imul(i, 2654435761) >>> 13) % 7),
  shape,
  "uint8",
);

/** An image that is its mask, moved as an image and as a mask, in one step. */
async function moved(layers: readonly Layer[], step: number, threads: number): Promise<readonly Tensor[]> {
  const state = input("state", [3], "int32");
  const context = new TrainingContext(state);
  const mask = input("mask", shape, "uint8");
  const image = input("image", [...shape, 1], "uint8");
  let x = cast(image, "float32");
  for (const layer of layers) {
    if (!layer.built) layer.build(x.type.shape.slice(1), new Streams(0));
    x = layer.call(x, context);
  }
  const graph = { inputs: [image, mask, state], outputs: [x, context.moved(mask, OUTSIDE)], updates: [] };
  const session = await createWasmBackend().open({ threads });
  const executable = await session.compile(graph);
  const key = tensor(Int32Array.of(...keyOf(5), step), [3], "int32");
  const results = await executable.run([{ ...masks, shape: [...shape, 1] }, masks, key]);
  await session.close();
  return results;
}

for (const [name, layers] of Object.entries(LAYERS))
  test(`${name}: the mask of a moved image is the moved mask`, async () => {
    const seen = new Set<string>();
    for (let step = 0; step < BATCHES; step++) {
      const [image, mask] = (await moved(layers(), step, 1)) as [Tensor, Tensor];
      assert.deepEqual(Array.from(mask.data), Array.from(image.data));
      assert.deepEqual([...mask.shape, 1], [...image.shape]);
      const size = mask.data.length / IMAGES;
      for (let i = 0; i < IMAGES; i++) seen.add(String(mask.data.subarray(i * size, (i + 1) * size)));
    }
    assert.ok(seen.size > IMAGES, "the draws differ");
  });

test("the same bits on 1, 2 and 3 threads", async () => {
  const [first, two, three] = await Promise.all(
    [1, 2, 3].map(async (threads) => (await moved(LAYERS.all!(), 3, threads))[1]!.data),
  );
  assert.deepEqual(two, first);
  assert.deepEqual(three, first);
});

test("brightness leaves masks as they are, and new pixels of a smooth image are ignored", async () => {
  const [, bright] = await moved([randomBrightness(0.5)], 0, 1);
  assert.deepEqual(Array.from(bright!.data), Array.from(masks.data));
  const [, shifted] = await moved([randomTranslation([0.5, 0.5], [0, 0], { fillMode: "nearest" })], 0, 1);
  const rows = shifted!.data.subarray(0, 5 * WIDTH);
  assert.ok(rows.every((value) => value === OUTSIDE));
});
