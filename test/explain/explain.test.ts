// Explanations against what can be worked out by hand, and on a network that learned where to look.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Random, STREAM } from "../../src/core/random.js";
import { openModel } from "../../src/experiment/models/trained-model.js";
import { channelCeilings } from "../../src/explain/ceiling.js";
import {
  activations,
  channelPictures,
  firstFilters,
  gradCam,
  gradCamPlusPlus,
  mapLayers,
  occlusion,
  overlay,
  saliency,
  sheet,
  visualizeFeatures,
} from "../../src/explain/index.js";
import { Probe } from "../../src/explain/probe.js";
import { model as functional, type Model, sequential, type Tensor, tensor } from "../../src/index.js";
import { randomUniform } from "../../src/nn/initializers/index.js";
import {
  activation,
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  input,
  maxPooling2d,
  rescaling,
} from "../../src/nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";

const close = (actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `element ${i} is ${actual[i]}, expected ${value}`);
  });
};

test("the saliency of a linear model is the size of its weights", async () => {
  const model = sequential([input([2, 2, 1]), flatten(), dense(2)], { threads: 1 });
  await model.setWeights([
    tensor([
      [1, 4],
      [-2, 0],
      [3, -1],
      [0, 2],
    ]),
    tensor([0, 0]),
  ]);
  const images = tensor(new Float32Array([1, 2, 3, 4]), [1, 2, 2, 1], "float32");
  const { maps } = await saliency(model, images, { classIndex: 0 });
  // |1|, |-2|, |3|, |0|, stretched to 0 .. 1.
  close(maps.data, [1 / 3, 2 / 3, 1, 0]);
  await assert.rejects(saliency(model, images, { classIndex: 2 }), /expected a class from 0 to 1, received 2/);
  await model.close();
});

test("Grad-CAM under global average pooling is the class's own mixture of maps", async () => {
  const model = sequential(
    [input([2, 2, 2]), conv2d(2, 1, { useBias: false, name: "mix" }), globalAveragePooling2d(), dense(2)],
    { threads: 1 },
  );
  const identity = tensor(new Float32Array([1, 0, 0, 1]), [1, 1, 2, 2], "float32");
  await model.setWeights([
    identity,
    tensor([
      [2, 0],
      [-1, 5],
    ]),
    tensor([0, 0]),
  ]);
  const images = tensor(new Float32Array([4, 1, 1, 3, 2, 2, 0, 0]), [1, 2, 2, 2], "float32");
  const { maps } = await gradCam(model, images, { classIndex: 0 });
  // relu(2 a - b) at each pixel is 7, 0, 2, 0.
  close(maps.data, [1, 0, 2 / 7, 0]);
  await model.close();
});

test("Grad-CAM passes by maps of a single place, which cannot say where", async () => {
  const whole = depthwiseConv2d(2, { useBias: false, name: "whole" });
  const model = sequential([input([2, 2, 1]), conv2d(1, 1, { name: "mix" }), whole, flatten(), dense(1)], {
    threads: 1,
  });
  const single = tensor([1]);
  const unit = (...shape: readonly number[]) => tensor(new Float32Array([1]), shape, "float32");
  const places = tensor(new Float32Array([1, 0, 2, 1]), [2, 2, 1, 1], "float32");
  await model.setWeights([unit(1, 1, 1, 1), tensor([0]), places, unit(1, 1), single]);
  const images = tensor(new Float32Array([3, 9, 6, 0]), [1, 2, 2, 1], "float32");
  const { maps } = await gradCam(model, images);
  close(maps.data, [1 / 3, 1, 2 / 3, 0]);
  await model.close();
});

/** Pictures of 16 x 32: a pattern of one of three classes in the left or the right half, noise elsewhere. */
const SIZE = [16, 32] as const;
const PATTERNS: readonly ((y: number, x: number) => boolean)[] = [
  (y) => y % 4 < 2,
  (_, x) => x % 4 < 2,
  (y, x) => (x + y) % 6 < 2,
];

function picture(random: Random, left: number | undefined, right: number | undefined): number[] {
  return Array.from({ length: SIZE[0] * SIZE[1] }, (_, at) => {
    const [y, x] = [Math.floor(at / SIZE[1]), at % SIZE[1]];
    const shown = x < SIZE[1] / 2 ? left : right;
    const noise = random.integer(60);
    return shown === undefined ? 100 + noise : PATTERNS[shown]!(y, x) ? 195 + noise : noise;
  });
}

const asTensor = (pictures: readonly number[][]): Tensor =>
  tensor(Uint8Array.from(pictures.flat()), [pictures.length, ...SIZE, 1], "uint8");

const TRUNK = () => [
  input([...SIZE, 1]),
  rescaling(1 / 255),
  conv2d(8, 3, { activation: "relu", padding: "same", name: "early" }),
  maxPooling2d(),
  conv2d(16, 3, { activation: "relu", padding: "same", name: "late" }),
];

let trained: Promise<Model> | undefined;
/** A network whose convolutions lie in a nested model. */
function network(): Promise<Model> {
  trained ??= (async () => {
    const image = input([...SIZE, 1]);
    const trunk = sequential(TRUNK(), { name: "trunk" });
    const outputs = dense(3, { name: "head" }).apply(globalAveragePooling2d().apply(trunk.apply(image)));
    const made = functional({ inputs: image, outputs, seed: 5, threads: 2 });
    made.compile({
      optimizer: "adam",
      loss: sparseCategoricalCrossentropy({ fromLogits: true }),
      metrics: ["accuracy"],
    });
    const random = new Random(3, STREAM.user);
    const labels = Array.from({ length: 240 }, (_, i) => i % 3);
    const pictures = labels.map((label) =>
      random.integer(2) === 0 ? picture(random, label, undefined) : picture(random, undefined, label),
    );
    const y = tensor(Int32Array.from(labels), [labels.length], "int32");
    const { history } = await made.fit({ x: asTensor(pictures), y }, { epochs: 25, batchSize: 24 });
    assert.ok(history.accuracy!.at(-1)! > 0.95, `the network learned: ${history.accuracy!.at(-1)}`);
    return made;
  })();
  return trained;
}
after(async () => (await trained)?.close());

for (const [name, explain] of [
  ["Grad-CAM", gradCam],
  ["Grad-CAM++", gradCamPlusPlus],
  ["occlusion", occlusion],
] as const)
  test(`${name} lights up the half with the class asked for, in pictures made of two`, async () => {
    const model = await network();
    const random = new Random(8, STREAM.user);
    const pairs = [0, 1, 2].flatMap((a) => [0, 1, 2].filter((b) => b !== a).map((b) => [a, b] as const));
    let tried = 0;
    let right = 0;
    for (const [left, rightSide] of pairs)
      for (const asked of [left, rightSide]) {
        const images = asTensor([picture(random, left, rightSide)]);
        const { maps } = await explain(model, images, { classIndex: asked });
        const halves = [0, 0];
        maps.data.forEach((value, at) => {
          halves[at % SIZE[1] < SIZE[1] / 2 ? 0 : 1]! += value;
        });
        tried++;
        if (halves[0]! > halves[1]! === (asked === left)) right++;
      }
    assert.equal(tried, 12);
    assert.ok(right >= 11, `${right} of ${tried}`);
  });

test("layers are found inside nested models, and their maps shown", async () => {
  const model = await network();
  assert.deepEqual(mapLayers(model).slice(-3), ["trunk/early", "trunk/max_pooling2d", "trunk/late"]);
  const images = asTensor([picture(new Random(1, STREAM.user), 0, undefined)]);
  const maps = await activations(model, images, ["trunk/early", "trunk/late"]);
  assert.deepEqual(
    [...maps.values()].map(({ shape }) => shape),
    [
      [1, 16, 32, 8],
      [1, 8, 16, 16],
    ],
  );
  const pictures = channelPictures(maps.get("trunk/late")!);
  assert.deepEqual([pictures.length, pictures[0]!.height, pictures[0]!.width], [16, 8, 16]);
  await assert.rejects(gradCam(model, images, { layer: "head" }), /puts out maps \[height, width, channels\], "head"/);
});

test("the first filters are pictures around mid-grey", async () => {
  const filters = await firstFilters(await network());
  assert.deepEqual([filters.length, filters[0]!.height, filters[0]!.channels], [8, 3, 1]);
  for (const { data } of filters) assert.ok(data.includes(255) || data.includes(0));
});

test("most deep channels of the shipped network end at ten times the noise they start from, all above it", async (t) => {
  const { model } = await openModel(fileURLToPath(new URL("../../../assets/hanzi", import.meta.url)));
  const targets = Array.from({ length: 8 }, (_, i) => 3 * i);
  const { before, after: ended } = await visualizeFeatures(model, { layer: "relu4", targets });
  await model.close();
  // Batch normalization lets each of them fire for noise as well, some of them loudly.
  const times = targets.map((_, i) => ended[i]! / before[i]!).sort((a, b) => a - b);
  t.diagnostic(`${times.map((factor) => factor.toPrecision(2)).join(", ")} times as hard`);
  assert.ok(times[0]! >= 2, `the least is ${times[0]}`);
  const tenfold = times.filter((factor) => factor >= 10).length;
  assert.ok(tenfold >= 5, `${tenfold} of 8 reach ten times`);
});

test("features climb from their noise, a channel's picture is its own, and the same each time", async () => {
  const model = await network();
  const options = { layer: "trunk/late", targets: [0, 1, 2, 3, 4, 5, 6, 7], steps: 96 };
  const { pictures, before, after: ended } = await visualizeFeatures(model, options);
  assert.equal(pictures.length, 8);
  const alive = before.map((value, i) => [value, ended[i]!] as const).filter(([value]) => value > 0);
  assert.ok(alive.length >= 5, `${alive.length} channels fire at all`);
  for (const [start, end] of alive) assert.ok(end > 1.5 * start, `${start} > ${end}`);
  const alone = await visualizeFeatures(model, { ...options, targets: [3] });
  assert.deepEqual(alone.pictures[0], pictures[3]);
  const classes = await visualizeFeatures(model, { targets: [2], steps: 30 });
  assert.ok(classes.after[0]! > classes.before[0]!);
  const again = await visualizeFeatures(model, { targets: [2], steps: 30 });
  assert.deepEqual(again.pictures, classes.pictures);
  await assert.rejects(visualizeFeatures(model, { targets: [3] }), /expected targets from 0 to 2, received 3/);
});

test("whoever looks sees the picture grow from its noise to its end, and may end the work", async () => {
  const model = await network();
  const steps: number[] = [];
  const first: number[] = [];
  const looks: { readonly values: readonly number[]; readonly data: Uint8Array }[] = [];
  const options = { layer: "trunk/late", targets: [2], steps: 20 };
  const unseen = await visualizeFeatures(model, options);
  const seen = await visualizeFeatures(model, {
    ...options,
    onLook: async ({ step, values, pictures }) => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      steps.push(step);
      looks.push({ values, data: pictures[0]!.data });
    },
  });
  assert.deepEqual(seen, unseen);
  assert.deepEqual(steps, [0, 8, 16, 20]);
  assert.deepEqual(looks[0]!.values, seen.before);
  const best = looks.reduce((a, b) => (b.values[0]! > a.values[0]! ? b : a));
  assert.deepEqual([best.values[0], best.data], [seen.after[0], seen.pictures[0]!.data]);
  // A layer that is convex in the pixels is not climbed from noise: the best so far is told, which never falls.
  const convex = { layer: "trunk/early", targets: [0], steps: 40 };
  await visualizeFeatures(model, { ...convex, onLook: ({ values }) => void first.push(values[0]!) });
  assert.deepEqual(
    [...first].sort((a, b) => a - b),
    first,
  );
  assert.ok(first.length >= 3 && first.at(-1)! > first[0]!, `${first}`);
  const stopped = visualizeFeatures(model, {
    ...options,
    onLook: () => {
      throw new Error("enough");
    },
  });
  await assert.rejects(stopped, /enough/);
});

test("every channel that sees something in noise ends at ten times that, or at a good part of what is possible", async (t) => {
  const model = await network();
  const all = async (layer: string, count: number) => {
    const targets = Array.from({ length: count }, (_, i) => i);
    const { before, after: ended, ceilings } = await visualizeFeatures(model, { layer, targets });
    const fire = targets.filter((c) => before[c]! > 0);
    assert.ok(fire.length >= count / 2, `${fire.length} of ${count} channels of ${layer} fire for noise`);
    const found = fire.map((c) => ({
      c,
      times: ended[c]! / before[c]!,
      share: ended[c]! / (ceilings?.[c] ?? Number.NaN),
    }));
    t.diagnostic(
      `${layer}: ${found.map(({ times, share }) => `x${times.toFixed(1)} (${share.toFixed(2)})`).join(" ")}`,
    );
    return found;
  };
  for (const { c, times, share } of await all("trunk/early", 8)) {
    assert.ok(share < 1 + 1e-5, `channel ${c} exceeds its ceiling ${share} times`);
    assert.ok(times >= 10 || share >= 0.6, `channel ${c}: ${times} times its noise, ${share} of what is possible`);
  }
  const late = await all("trunk/late", 16);
  assert.ok(late.filter(({ times }) => times >= 10).length >= 0.4 * late.length);
});

test("what a channel's mean cannot exceed is never exceeded, and what the search finds is nearly all there is", async (t) => {
  // Small enough for every image of extremes: one of them is the best of all images, since the mean is convex.
  const [height, width] = [3, 4] as const;
  const filters = 16;
  const model = sequential(
    [
      input([height, width, 1]),
      rescaling(1 / 127.5, -1),
      conv2d(filters, [2, 3], { activation: "relu", padding: "same", biasInitializer: "random_uniform", name: "eyes" }),
      maxPooling2d(2, { padding: "same" }),
      conv2d(filters, 2, { activation: "relu", padding: "same", name: "deeper" }),
    ],
    { threads: 1, seed: 11 },
  );
  const corners = 2 ** (height * width);
  const pixels = Uint8Array.from({ length: corners * height * width }, (_, at) =>
    (Math.floor(at / (height * width)) >> (at % (height * width))) & 1 ? 255 : 0,
  );
  const all = await activations(model, tensor(pixels, [corners, height, width, 1], "uint8"), ["eyes", "deeper"]);
  const targets = Array.from({ length: filters }, (_, i) => i);
  for (const layer of ["eyes", "deeper"]) {
    const { shape, data } = all.get(layer)!;
    const size = data.length / corners;
    const most = targets.map(() => 0);
    for (let i = 0; i < corners; i++)
      for (const c of targets) {
        let sum = 0;
        for (let at = c; at < size; at += filters) sum += data[i * size + at]!;
        most[c] = Math.max(most[c]!, sum / (shape[1]! * shape[2]!));
      }
    const probe = new Probe(model, layer);
    const ceilings = (await channelCeilings(probe, targets, [0, 255]))!;
    await probe.close();
    const tight = targets.filter((c) => most[c]! > 0).map((c) => ceilings[c]! / most[c]!);
    assert.equal(tight.length, filters);
    t.diagnostic(`${layer}: bounds ${tight.map((bound) => bound.toFixed(2)).join(", ")} times the true maximum`);
    assert.ok(
      Math.min(...tight) > 1 - 1e-5,
      `a bound of ${layer} is ${Math.min(...tight)} times what an image reaches`,
    );
    if (layer === "deeper") continue;
    assert.ok(Math.max(...tight) < 2, `a bound of a first layer is ${Math.max(...tight)} times what an image reaches`);
    const { after: ended, ceilings: told } = await visualizeFeatures(model, { layer, targets });
    assert.deepEqual(told, ceilings);
    const shares = targets.map((c) => ended[c]! / most[c]!);
    t.diagnostic(`the search finds ${shares.map((share) => share.toFixed(2)).join(", ")} of it`);
    assert.ok(Math.max(...shares) < 1 + 1e-5, "nothing exceeds the best of all images");
    assert.ok(Math.min(...shares) > 0.85, `a channel ends at ${Math.min(...shares)} of what is possible`);
  }
  await model.close();
});

test("a layer behind pooling and batch normalisation, nested, climbs as well and stays below its bound", async () => {
  const side = 12;
  const filters = 8;
  const base = sequential(
    [
      input([side, side, 1]),
      rescaling(1 / 255),
      conv2d(filters, 3, { padding: "same", useBias: false }),
      maxPooling2d(2),
      // Half of the scales are below 0: the darkest of four then counts, and the mean is not convex.
      batchNormalization({ gammaInitializer: randomUniform({ minval: -1, maxval: 1 }), betaInitializer: "ones" }),
      activation("relu", { name: "eyes" }),
    ],
    { name: "base", seed: 9 },
  );
  const model = sequential([input([side, side, 1]), base, globalAveragePooling2d(), dense(2)], { threads: 1 });
  const layer = "base/eyes";
  const targets = Array.from({ length: filters }, (_, i) => i);
  const { before, after: ended, ceilings } = await visualizeFeatures(model, { layer, targets });
  const random = new Random(2, STREAM.user);
  const count = 200;
  const pixels = Uint8Array.from({ length: count * side * side }, () => 255 * random.integer(2));
  const { data } = (await activations(model, tensor(pixels, [count, side, side, 1], "uint8"), [layer])).get(layer)!;
  await model.close();
  const cells = (side / 2) ** 2;
  for (const c of targets) {
    assert.ok(ended[c]! > before[c]!, `channel ${c}: ${before[c]} to ${ended[c]}`);
    assert.ok(
      ended[c]! <= ceilings![c]! * (1 + 1e-5),
      `channel ${c} reaches ${ended[c]}, its bound is ${ceilings![c]}`,
    );
    for (let i = 0; i < count; i++) {
      const mean =
        Array.from({ length: cells }, (_, at) => data[(i * cells + at) * filters + c]!).reduce((a, b) => a + b) / cells;
      assert.ok(
        mean <= ceilings![c]! * (1 + 1e-5) && mean <= ended[c]!,
        `channel ${c}: an image of dots has ${mean}, the search ended at ${ended[c]}, the bound is ${ceilings![c]}`,
      );
    }
  }
});

test("overlays and sheets have the sizes that follow from their parts", () => {
  const image = { height: 1, width: 2, channels: 1 as const, data: Uint8Array.of(100, 200) };
  const over = overlay(image, Float32Array.of(0, 1));
  assert.deepEqual([...over.data.subarray(0, 3)], [100, 100, 100]);
  assert.notDeepEqual([...over.data.subarray(3)], [200, 200, 200]);
  const { height, width, data } = sheet([image, image, image], 2, 1);
  assert.deepEqual([height, width], [5, 7]);
  assert.deepEqual([...data.subarray(7, 14)], [255, 100, 200, 255, 100, 200, 255]);
});
