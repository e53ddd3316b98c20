// What layers say of bad arguments and of inputs that do not fit, and Keras's ways of passing arguments.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as layers from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";

test("bad arguments get one sentence that says what is allowed", () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => layers.dense(0), /dense units: expected a whole number of at least 1, received 0/],
    [() => layers.dense(3, { activation: "reluu" }), /dense: expected an activation, one of linear, relu, .*"reluu"/],
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
