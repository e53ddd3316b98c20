// The known architectures have the shapes and parameters that the literature gives them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ApplicationName, application, applicationOf, defaultCompileOptions, tensor } from "../../src/index.js";

const shapesOf = (model: ReturnType<typeof application>): Record<string, readonly number[]> =>
  Object.fromEntries(model.layers.map((layer) => [layer.name, layer.outputShape]));

test("logistic regression has 264,055 parameters on 80x60 grey images and 55 classes", () => {
  const model = application("logistic", { imageSize: [80, 60], channels: 1, classes: 55 });
  assert.equal(model.countParams(), 264_055);
  assert.deepEqual(shapesOf(model), { flatten: [4800], rescaling: [4800], dense: [55] });
});

test("the small CNN has 88,375 parameters", () => {
  const model = application("cnn", { imageSize: [80, 60], channels: 1, classes: 55 });
  assert.equal(model.countParams(), 88_375);
  assert.deepEqual(shapesOf(model), {
    rescaling: [80, 60, 1],
    conv1: [80, 60, 16],
    pool1: [40, 30, 16],
    conv2: [40, 30, 32],
    pool2: [20, 15, 32],
    conv3: [20, 15, 64],
    pool3: [5, 3, 64],
    flatten: [960],
    dense: [64],
    dense_1: [55],
  });
});

test("the U-Net has 487,314 parameters and gives a map of the image's size, whatever that is", () => {
  const model = application("unet", { imageSize: [96, 96], channels: 3, classes: 2 });
  assert.equal(model.countParams(), 487_314);
  const { down4_conv2, join1 } = shapesOf(model);
  assert.deepEqual(
    [down4_conv2, join1, model.outputShape],
    [
      [12, 12, 128],
      [96, 96, 48],
      [96, 96, 2],
    ],
  );
  const odd = application("unet", { imageSize: [81, 95], channels: 1, classes: 6 });
  assert.deepEqual(
    [shapesOf(odd).fill, odd.outputShape],
    [
      [88, 96, 1],
      [81, 95, 6],
    ],
  );
});

test("LeNet-5 has 61,706 parameters on 32x32, and on 28x28 padded", () => {
  for (const extent of [32, 28]) {
    const model = application("lenet5", { imageSize: [extent, extent], channels: 1, classes: 10 });
    assert.equal(model.countParams(), 61_706);
    const { c1, s2, c3, s4, c5 } = shapesOf(model);
    assert.deepEqual(
      [c1, s2, c3, s4, c5],
      [
        [28, 28, 6],
        [14, 14, 6],
        [10, 10, 16],
        [5, 5, 16],
        [1, 1, 120],
      ],
    );
  }
});

test("AlexNet has 62,378,344 parameters and draws none of them for its summary", () => {
  const model = application("alexnet", { imageSize: [227, 227], channels: 3, classes: 1000 });
  assert.equal(model.countParams(), 62_378_344);
  const { c1, s2, s4, c7, s8 } = shapesOf(model);
  assert.deepEqual(
    [c1, s2, s4, c7, s8],
    [
      [55, 55, 96],
      [27, 27, 96],
      [13, 13, 256],
      [13, 13, 256],
      [6, 6, 256],
    ],
  );
  const before = process.memoryUsage().arrayBuffers;
  assert.ok(model.summary().includes(" Total params: 62,378,344 (237.95 MB)"));
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
});

test("LeNet-5 and AlexNet print as the tables of the literature", () => {
  const printed = (name: ApplicationName, extent: number, channels: number, classes: number): string[] =>
    application(name, { imageSize: [extent, extent], channels, classes })
      .architecture()
      .map((row) => [row.layer, row.type, row.channels, row.size, row.kernel, row.stride, row.padding, row.activation])
      .map((cells) => cells.join(" | "));
  assert.deepEqual(printed("lenet5", 32, 1, 10), [
    "In | Input | 1 | 32×32 |  |  |  | ",
    "C1 | Convolution | 6 | 28×28 | 5×5 | 1 | valid | tanh",
    "S2 | Avg pooling | 6 | 14×14 | 2×2 | 2 | valid | tanh",
    "C3 | Convolution | 16 | 10×10 | 5×5 | 1 | valid | tanh",
    "S4 | Avg pooling | 16 | 5×5 | 2×2 | 2 | valid | tanh",
    "C5 | Convolution | 120 | 1×1 | 5×5 | 1 | valid | tanh",
    "F6 | Fully connected |  | 84 |  |  |  | tanh",
    "Out | Fully connected |  | 10 |  |  |  | Softmax",
  ]);
  assert.equal(printed("lenet5-rbf", 32, 1, 10).at(-1), "Out | Fully connected |  | 10 |  |  |  | RBF");
  assert.deepEqual(printed("alexnet", 227, 3, 1000), [
    "In | Input | 3 | 227×227 |  |  |  | ",
    "C1 | Convolution | 96 | 55×55 | 11×11 | 4 | valid | ReLU",
    "S2 | Max pooling | 96 | 27×27 | 3×3 | 2 | valid | ",
    "C3 | Convolution | 256 | 27×27 | 5×5 | 1 | same | ReLU",
    "S4 | Max pooling | 256 | 13×13 | 3×3 | 2 | valid | ",
    "C5 | Convolution | 384 | 13×13 | 3×3 | 1 | same | ReLU",
    "C6 | Convolution | 384 | 13×13 | 3×3 | 1 | same | ReLU",
    "C7 | Convolution | 256 | 13×13 | 3×3 | 1 | same | ReLU",
    "S8 | Max pooling | 256 | 6×6 | 3×3 | 2 | valid | ",
    "F9 | Fully connected |  | 4,096 |  |  |  | ReLU",
    "F10 | Fully connected |  | 4,096 |  |  |  | ReLU",
    "Out | Fully connected |  | 1,000 |  |  |  | Softmax",
  ]);
});

test("VGG and the residual networks have the parameters of their papers' implementations", () => {
  const photos = { imageSize: [224, 224], channels: 3, classes: 1000 } as const;
  assert.equal(application("vgg11", photos).countParams(), 132_863_336);
  const resnet18 = application("resnet18", photos);
  assert.equal(
    resnet18.trainableWeights.reduce((sum, { size }) => sum + size, 0),
    11_689_512,
  );
  assert.deepEqual(resnet18.getLayer("stage4_block2_out").outputShape, [7, 7, 512]);
  const resnet20 = application("resnet20", { imageSize: [32, 32], channels: 3, classes: 10 });
  const weighted = resnet20.layers.filter(
    ({ className, name }) => /^(Conv2D|Dense)$/.test(className) && !/_0_conv/.test(name),
  );
  assert.equal(weighted.length, 20);
  assert.deepEqual(resnet20.getLayer("stage3_block3_out").outputShape, [8, 8, 64]);
});

test("the normalized network halves images until their longest side is near seven pixels", () => {
  const shapes = ([height, width]: readonly [number, number]) => {
    const model = application("cnn-normalized", { imageSize: [height, width], channels: 1, classes: 55 });
    const maps = model.layers.filter(({ className }) => className === "Conv2D").map(({ outputShape }) => outputShape);
    return { maps: maps.map((shape) => (shape as readonly number[]).join("x")), out: model.outputShape };
  };
  assert.deepEqual(shapes([28, 28]), { maps: ["28x28x32", "14x14x64", "7x7x128"], out: [55] });
  assert.deepEqual(shapes([80, 60]), { maps: ["80x60x16", "40x30x32", "20x15x64", "10x8x128"], out: [55] });
  assert.deepEqual(shapes([5, 9]), { maps: ["5x9x128"], out: [55] });
});

test("LeNet-5 learns with radial basis functions for its output", async () => {
  const model = application("lenet5-rbf", { imageSize: [28, 28], channels: 1, classes: 3 }, { threads: 1 });
  model.compile(defaultCompileOptions(applicationOf("lenet5-rbf")));
  const pixels = Uint8Array.from({ length: 30 * 784 }, (_, i) =>
    Math.floor(i / 28) % 28 < 9 * (Math.floor(i / 784) % 3) + 5 ? 255 : 0,
  );
  const x = tensor(pixels, [30, 28, 28, 1], "uint8");
  const y = tensor(
    Int32Array.from({ length: 30 }, (_, i) => i % 3),
    [30],
    "int32",
  );
  const { history } = await model.fit({ x, y }, { epochs: 12, batchSize: 10 });
  assert.ok(history.accuracy!.at(-1)! === 1, `accuracy ${history.accuracy}`);
  await model.close();
});

test("images that are too small and names that do not exist get one sentence", () => {
  assert.throws(
    () => application("alexnet", { imageSize: [80, 60], channels: 1, classes: 55 }),
    /maxPooling2d "s8": a window of 3x3 does not fit images of 3x2; use a smaller window/,
  );
  const cnn = (shape: object) => () => application("cnn", shape as never);
  assert.throws(cnn({ channels: 1, classes: 5 }), /cnn imageSize: expected \[height, width\], received undefined/);
  assert.throws(
    cnn({ imageSize: [8, 8], channels: 1, classes: -1 }),
    /cnn classes: expected a whole number of at least 1/,
  );
  assert.throws(cnn({ imageSize: [8, 8], channels: 1, classes: 5, alpha: 1 }), /cnn: unknown option "alpha"/);
  assert.throws(
    () => applicationOf("vgg"),
    /model: expected one of logistic, cnn, cnn-normalized, lenet5, .*resnet20, unet, centernet, ttfnet, received "vgg"/,
  );
});
