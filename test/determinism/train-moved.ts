// Masks and boxes that augmentation moves with their images: moved in a step of their own, and within the training of a small
// segmentation and a small detection. The subject of the same-bits tests of targets that lie on images; runs in Node and in a page.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { cast } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import { keyOf, Random } from "../../src/core/random.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { TrainingContext } from "../../src/nn/layers/call-context.js";
import * as layers from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";
import { BOX_MAPS, centerPoints, type Loss, sparseDice } from "../../src/nn/losses/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { sha256Hex } from "../../src/platform/hashing.js";

const [IMAGES, HEIGHT, WIDTH] = [12, 24, 28];
const [CLASSES, MOST, IGNORED] = [3, 4, 255];
const STEPS = 3;

/** Every augmentation that moves pixels, and one that moves none. */
const moving = (): layers.Layer[] => [
  layers.randomFlip(),
  layers.randomMosaic({ probability: 0.7 }),
  layers.randomTranslation(0.1, 0.1, { fillMode: "nearest" }),
  layers.randomRotation(0.1, { fillMode: "constant" }),
  layers.randomZoom(0.2, 0.1),
  layers.randomBrightness(0.1),
];

const random = new Random(5, 0);
const images = tensor(
  Uint8Array.from({ length: IMAGES * HEIGHT * WIDTH }, () => random.integer(256)),
  [IMAGES, HEIGHT, WIDTH, 1],
  "uint8",
);
/** Rectangles of classes, on a background. */
const masks = tensor(new Uint8Array(IMAGES * HEIGHT * WIDTH), [IMAGES, HEIGHT, WIDTH], "uint8");
/** The class, centre and size of each rectangle; -1 where there is none. */
const boxes = tensor(new Float32Array(IMAGES * MOST * 5).fill(-1), [IMAGES, MOST, 5], "float32");
for (let i = 0; i < IMAGES; i++)
  for (let k = 0; k < 1 + (i % MOST); k++) {
    const [wide, high] = [5 + random.integer(9), 5 + random.integer(9)];
    const [left, top] = [random.integer(WIDTH - wide), random.integer(HEIGHT - high)];
    const label = random.integer(CLASSES - 1);
    for (let y = top; y < top + high; y++)
      masks.data.fill(1 + label, (i * HEIGHT + y) * WIDTH + left, (i * HEIGHT + y) * WIDTH + left + wide);
    const center = [(left + wide / 2) / WIDTH, (top + high / 2) / HEIGHT];
    boxes.data.set([label, ...center, wide / WIDTH, high / HEIGHT], (i * MOST + k) * 5);
  }

export type Threads = number | "inline";

const backendOf = (threads: Threads) => createWasmBackend({ inline: threads === "inline" });

/** The hash of images, masks and boxes after the movements of some steps, a window cut out last. */
export async function movedTargets(threads: Threads): Promise<string> {
  const state = input("state", [3], "int32");
  const context = new TrainingContext(state);
  const [image, mask, lists] = [
    input("image", images.shape, "uint8"),
    input("mask", masks.shape, "uint8"),
    input("boxes", boxes.shape),
  ];
  let x = cast(image, "float32");
  for (const layer of [...moving(), layers.randomCrop(18, 20)]) {
    if (!layer.built) layer.build(x.type.shape.slice(1), new Streams(0));
    x = layer.call(x, context);
  }
  const outputs = [x, context.moved(mask, IGNORED), context.movedBoxes(lists)];
  const session = await backendOf(threads).open(threads === "inline" ? {} : { threads });
  const executable = await session.compile({ inputs: [image, mask, lists, state], outputs, updates: [] });
  const hashes: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    const key = tensor(Int32Array.of(...keyOf(9), step), [3], "int32");
    for (const { data } of await executable.run([images, masks, boxes, key]))
      hashes.push(await sha256Hex(new Uint8Array(data.slice().buffer)));
  }
  await session.close();
  return sha256Hex(new TextEncoder().encode(hashes.join()));
}

interface Learnt {
  readonly y: Tensor;
  readonly loss: () => Loss;
  readonly end: () => layers.Layer[];
}

/** Maps of classes as large as the images, and maps of centers at a quarter of their sides. */
const LEARNT: Readonly<Record<"masks" | "boxes", Learnt>> = {
  masks: {
    y: masks,
    loss: () => sparseDice({ fromLogits: true, ignoreClass: IGNORED, crossentropy: 1 }),
    end: () => [layers.conv2d(CLASSES, 1)],
  },
  boxes: {
    y: boxes,
    loss: () => centerPoints(),
    end: () => [
      layers.conv2d(6, 3, { strides: 2, padding: "same", activation: "relu" }),
      layers.conv2d(8, 3, { strides: 2, padding: "same", activation: "relu" }),
      layers.conv2d(CLASSES - 1 + BOX_MAPS, 1),
    ],
  },
};

/** The SHA-256 of the weights after training with masks or boxes that move with their images. */
export async function trainMoved(kind: keyof typeof LEARNT, threads: Threads): Promise<string> {
  const { y, loss, end } = LEARNT[kind];
  const stack = [
    layers.input([HEIGHT, WIDTH, 1]),
    ...moving(),
    layers.rescaling(1 / 255),
    layers.conv2d(4, 3, { padding: "same", activation: "relu" }),
    ...end(),
  ];
  const model = new Sequential(stack, {
    backend: backendOf(threads),
    seed: 4,
    ...(threads === "inline" ? {} : { threads }),
  });
  model.compile({ optimizer: "adam", loss: loss() });
  await model.fit({ x: images, y }, { epochs: 2, batchSize: 5, seed: 4 });
  const hash = await model.weightsSha256();
  await model.close();
  return hash;
}

/** All of it. */
export const movedBits = async (threads: Threads): Promise<string> =>
  [await movedTargets(threads), await trainMoved("masks", threads), await trainMoved("boxes", threads)].join(" ");
