// Messages of layers about bad arguments and inputs that do not fit, and Keras's ways of passing arguments.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tensor, zeros } from "../../src/core/tensor.js";
import * as layers from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";

test("bad arguments get one sentence that says what is allowed", () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => layers.dense(0), /dense units: expected a whole number of at least 1, received 0/],
    [
      () => layers.dense(3, { activation: "reluu" as never }),
      /dense: expected an activation, one of linear, relu, .*"reluu"/,
    ],
    [
      () => layers.dense(3, { units: 4 } as never),
      /dense: unknown option "units"; those allowed are kernelInitializer, .*, useBias/,
    ],
    [() => layers.conv2d(3, [3, 3, 3] as never), /conv2d kernelSize: expected a whole number or \[height, width\]/],
    [
      () => layers.conv2d(3, 3, { padding: "full" as never }),
      /conv2d padding: expected one of valid, same, received "full"/,
    ],
    [() => layers.dropout(1.5), /dropout rate: expected a finite number from 0 to 1, received 1.5/],
    [() => layers.input([80, 0, 1]), /input shape: expected a whole number of at least 1, received 0/],
    [() => layers.input(80 as never), /input: expected a shape such as \[80, 60, 1\], received 80/],
    [() => layers.rescaling(Number.NaN), /rescaling scale: expected a finite number/],
    [() => layers.maxPooling2d({ pool: 2 } as never), /maxPooling2d: unknown option "pool"/],
    [() => layers.conv2d(4, 3, { strides: 2, dilationRate: 2 }), /conv2d: strides above 1 do not go together/],
    [() => layers.conv2d(4, 3, { groups: 3 }), /expected filters that 3 groups share evenly, received 4/],
    [
      () => layers.conv2d(4, 3, { kernelRegularizer: "l3" as never }),
      /kernelRegularizer: expected a regularizer, one of l1, /,
    ],
    [
      () => layers.dense(4, { biasConstraint: "max" as never }),
      /biasConstraint: expected a constraint, one of max_norm, /,
    ],
    [() => layers.conv2dTranspose(4, 3, { outputPadding: 1 }), /an outputPadding below the strides \[1,1\], received/],
    [() => layers.depthwiseConv2d(3, { depthMultiplier: 0 }), /depthMultiplier: expected a whole number of at least 1/],
    [() => layers.zeroPadding2d([1, [2]] as never), /padding: expected a whole number, \[height, width\] or \[\[top/],
    [() => layers.cropping2d(-1), /cropping: expected a whole number of at least 0, received -1/],
    [() => layers.reshape([-1, -1]), /reshape: expected a shape with at most one -1/],
    [() => layers.permute([1, 3]), /permute: expected the axes from 1 on, each once/],
    [() => layers.upSampling2d(2, { interpolation: "cubic" as never }), /expected one of nearest, bilinear/],
    [
      () => layers.randomFlip("sideways" as never),
      /mode: expected one of horizontal, vertical, horizontal_and_vertical/,
    ],
    [() => layers.randomRotation([0, 2]), /factor: expected a finite number from -1 to 1, received 2/],
    [() => layers.randomContrast(-0.1), /factor: expected a finite number from 0 to 1, received -0.1/],
    [() => layers.normalization({ mean: 1 }), /expected mean and variance together/],
    [() => layers.categoryEncoding(0), /numTokens: expected a whole number of at least 1/],
    [() => layers.normalization({ mean: 1, variance: -1 }), /normalization variance: expected a finite number/],
    [() => layers.dense(3, { activation: 5 as never }), /dense: expected an activation, one of .*, received 5/],
    [
      () => layers.dense(3, { kernelInitializer: 5 as never }),
      /kernelInitializer: expected an initializer or its name/,
    ],
    [
      () => layers.dense(3, { kernelRegularizer: {} as never }),
      /kernelRegularizer: expected a regularizer or its name/,
    ],
    [() => layers.dense(3, { biasConstraint: 1 as never }), /biasConstraint: expected a constraint or its name/],
    [() => layers.dense(3, { useBias: "no" as never }), /dense useBias: expected true or false, received "no"/],
    [() => layers.dense(3, { trainable: 0 as never }), /dense trainable: expected true or false, received 0/],
    [() => layers.dense(layers.input([3]) as never), /dense units: expected a whole number .*, received <InputLayer /],
    [() => layers.rescaling(null as never), /rescaling scale: expected a finite number, received null/],
    [() => layers.pReLU({ sharedAxes: "a" as never }), /sharedAxes: expected a whole number or a list, received "a"/],
    [() => layers.randomFlip(3 as never), /mode: expected one of horizontal, .*, received "3"/],
    [() => layers.resizing(3, 3, { cropToAspectRatio: true, padToAspectRatio: true }), /received both/],
  ];
  for (const [make, message] of wrong) assert.throws(make, message);
});

test("inputs that do not fit name the layer, what it expects and what came", () => {
  const streams = new Streams(0);
  const wrong: [() => unknown, RegExp][] = [
    [
      () => layers.conv2d(3, 3, { name: "conv1" }).build([80, 60], streams),
      /conv2d "conv1": expected input of rank 4 \[batch, height, width, channels\], received \[batch, 80, 60\]/,
    ],
    [() => layers.conv2d(3, 9).build([5, 5, 1], streams), /conv2d: a kernel of 9x9 does not fit images of 5x5/],
    [
      () => layers.maxPooling2d(4).build([3, 9, 1], streams),
      /maxPooling2d: a window of 4x4 does not fit images of 3x9/,
    ],
    [
      () => layers.dense(3).build([], streams),
      /dense: expected input of rank 2 \[batch, features\], received \[batch\]/,
    ],
    [() => layers.conv2d(4, 3, { groups: 2 }).build([5, 5, 3], streams), /channels that 2 groups share evenly, .* 3/],
    [() => layers.conv2d(4, 3, { dilationRate: 3 }).build([6, 9, 1], streams), /does not fit images of 6x9/],
    [() => layers.cropping2d([2, 0]).build([4, 4, 1], streams), /leaves nothing of images of 4x4/],
    [() => layers.reshape([4, -1]).build([6], streams), /samples of \[6\] have 6 values, which do not fill \[4, -1\]/],
    [() => layers.permute([2, 1]).build([6], streams), /expected samples with 2 axes, received \[6\]/],
    [() => layers.pReLU({ sharedAxes: [0] }).build([6], streams), /expected sharedAxes from 1 to 1, received \[0\]/],
    [() => layers.layerNormalization({ axis: 3 }).build([6], streams), /axis 3 is out of range/],
    [() => layers.layerNormalization({ axis: 0 }).build([6], streams), /expected axes other than the batch axis/],
    [() => layers.softmax({ axis: 2 }).build([6], streams), /softmax: axis 2 is out of range for samples with 1 axes/],
    [() => layers.softmax({ axis: Number.NaN }).build([6], streams), /softmax: axis NaN is out of range/],
    [() => layers.batchNormalization({ axis: 0 }).build([6], streams), /batchNormalization: axis 0 is out of range/],
    [() => layers.normalization().adapt(tensor([[1, Number.NaN]])), /normalization: expected finite numbers to adapt/],
    [() => layers.normalization().adapt(zeros([0, 2], "float32")), /a tensor with at least one sample to adapt to/],
    [() => layers.randomZoom(0.1).build([6], streams), /randomZoom: expected input of rank 4/],
    [() => layers.categoryEncoding(3).build([2, 2], streams), /categoryEncoding: expected input of rank 2/],
  ];
  for (const [build, message] of wrong) assert.throws(build, message);
});

test("leading arguments go by position, or options come first where Keras has defaults", () => {
  assert.deepEqual(layers.maxPooling2d().poolSize, [2, 2]);
  assert.deepEqual(layers.maxPooling2d({ name: "pool1" }).poolSize, [2, 2]);
  assert.deepEqual(layers.maxPooling2d([4, 2], { strides: 1 }).strides, [1, 1]);
  assert.equal(layers.rescaling(1 / 127.5, -1).offset, -1);
  assert.equal(layers.rescaling(1 / 255, { name: "scale" }).name, "scale");
  assert.equal(layers.dense(3, { activation: "leakyRelu" }).activation, "leaky_relu");
});

test("a layer keeps the shape it was built for", () => {
  const layer = layers.dense(3, { name: "d" });
  layer.build([4], new Streams(0));
  layer.build([4], new Streams(0));
  assert.equal(layer.weights.length, 2);
  assert.throws(() => layer.build([5], new Streams(0)), /dense "d": built for samples \[4\], received \[5\]/);
});
