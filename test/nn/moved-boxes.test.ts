// Boxes move with their images: the box around a moved mask is the moved box of the mask, within a pixel, over a thousand draws;
// of turns it is the box around it. To the same bits on 1, 2 and 3 threads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { cast } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import { keyOf, Random, STREAM } from "../../src/core/random.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { TrainingContext } from "../../src/nn/layers/call-context.js";
import {
  type Layer,
  randomCrop,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";

const [IMAGES, HEIGHT, WIDTH] = [50, 40, 52];
const STEPS = [0, 1, 2, 3] as const;

interface Moves {
  readonly layers: () => Layer[];
  /** Masks are sampled at the nearest pixel, so that an edge may be half a pixel off with each layer. Default 1. */
  readonly close?: number;
  /** True where a moved box is larger than what it is around. */
  readonly turns?: true;
}

const MOVES: Readonly<Record<string, Moves>> = {
  flip: { layers: () => [randomFlip()] },
  shift: { layers: () => [randomTranslation(0.3, 0.2)] },
  zoom: { layers: () => [randomZoom(0.3, 0.2)] },
  crop: { layers: () => [randomCrop(30, 36)] },
  "crop of the middle": { layers: () => [randomCrop(60, 60)] },
  turn: { layers: () => [randomRotation(0.15)], turns: true },
  all: {
    layers: () => [randomFlip("horizontal"), randomTranslation(0.08, 0.08), randomRotation(0.03), randomZoom(0.1)],
    turns: true,
    close: 2,
  },
};

type Edges = readonly [left: number, top: number, right: number, bottom: number];

/** The true box of each image, in whole pixels. */
const edges = Array.from({ length: IMAGES }, (_, i): Edges => {
  const random = new Random(3, STREAM.user, i);
  const [left, top] = [random.integer(WIDTH - 12), random.integer(HEIGHT - 12)];
  return [left, top, left + 8 + random.integer(WIDTH - left - 8), top + 8 + random.integer(HEIGHT - top - 8)];
});
const masks = tensor(new Uint8Array(IMAGES * HEIGHT * WIDTH), [IMAGES, HEIGHT, WIDTH], "uint8");
const boxes = tensor(new Float32Array(IMAGES * 2 * 5), [IMAGES, 2, 5], "float32");
for (const [i, [left, top, right, bottom]] of edges.entries()) {
  for (let y = top; y < bottom; y++)
    masks.data.fill(1, (i * HEIGHT + y) * WIDTH + left, (i * HEIGHT + y) * WIDTH + right);
  const center = [(left + right) / 2 / WIDTH, (top + bottom) / 2 / HEIGHT];
  boxes.data.set([i % 3, ...center, (right - left) / WIDTH, (bottom - top) / HEIGHT], i * 10);
  boxes.data.set([-1, 0, 0, 0, 0], i * 10 + 5);
}

/** Masks and boxes that are moved with images, in each of some steps. */
async function moved(
  layers: readonly Layer[],
  steps: readonly number[],
  threads: number,
): Promise<(readonly [Tensor, Tensor])[]> {
  const state = input("state", [3], "int32");
  const context = new TrainingContext(state);
  const [mask, lists] = [input("mask", masks.shape, "uint8"), input("boxes", boxes.shape)];
  const image = input("image", [...masks.shape, 1], "uint8");
  let x = cast(image, "float32");
  for (const layer of layers) {
    if (!layer.built) layer.build(x.type.shape.slice(1), new Streams(0));
    x = layer.call(x, context);
  }
  const outputs = [context.moved(mask, 0), context.movedBoxes(lists)];
  const session = await createWasmBackend().open({ threads });
  const executable = await session.compile({ inputs: [image, mask, lists, state], outputs, updates: [] });
  const results: (readonly [Tensor, Tensor])[] = [];
  for (const step of steps) {
    const key = tensor(Int32Array.of(...keyOf(7), step), [3], "int32");
    const [mask, list] = await executable.run([{ ...masks, shape: [...masks.shape, 1] }, masks, boxes, key]);
    results.push([mask!, list!]);
  }
  await session.close();
  return results;
}

/** The edges of what is marked in a mask; undefined where nothing is. */
function edgesOf({ shape, data }: Tensor, row: number): Edges | undefined {
  const [, height, width] = shape as [number, number, number];
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (data[(row * height + y) * width + x] !== 1) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ];
    }
  return right === 0 ? undefined : [left, top, right, bottom];
}

for (const [name, { layers, turns, close = 1 }] of Object.entries(MOVES))
  test(`${name}: boxes move as masks do`, async () => {
    let [kept, dropped] = [0, 0];
    for (const [step, [mask, lists]] of (await moved(layers(), [...STEPS], 1)).entries()) {
      const [, height, width] = mask.shape as [number, number, number];
      for (let i = 0; i < IMAGES; i++) {
        const [label, x, y, wide, high] = [...lists.data.subarray(i * 10, i * 10 + 5)] as [
          number,
          number,
          number,
          number,
          number,
        ];
        assert.equal(lists.data[i * 10 + 5], -1, "no box stays none");
        const around = edgesOf(mask, i);
        if (label === -1) {
          dropped++;
          continue;
        }
        assert.equal(label, i % 3);
        kept++;
        const box: Edges = [
          (x - wide / 2) * width,
          (y - high / 2) * height,
          (x + wide / 2) * width,
          (y + high / 2) * height,
        ];
        const apart = around!.map((edge, side) => (side < 2 ? edge - box[side]! : box[side]! - edge));
        assert.ok(Math.min(...apart) >= -close - 0.01, `${name} ${step} ${i}: ${box} around ${around}`);
        if (!turns) assert.ok(Math.max(...apart) <= close + 0.01, `${name} ${step} ${i}: ${box} is ${around}`);
      }
    }
    assert.equal(kept + dropped, STEPS.length * IMAGES);
    assert.ok(kept > dropped, `${kept} boxes are kept`);
    if (name === "crop") assert.ok(dropped > 0, "a window leaves some out");
  });

test("the same bits on 1, 2 and 3 threads", async () => {
  const [first, two, three] = await Promise.all(
    [1, 2, 3].map(async (threads) => (await moved(MOVES.all!.layers(), [3], threads))[0]![1].data),
  );
  assert.deepEqual(two, first);
  assert.deepEqual(three, first);
});
