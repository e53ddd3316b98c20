// Arguments that the functions which build graphs refuse, since results would be wrong in silence.
import assert from "node:assert/strict";
import test from "node:test";
import * as core from "../../src/core/index.js";
import { FoveaError, type Value } from "../../src/core/index.js";

const x = (shape: readonly number[], dtype: "float32" | "int32" = "float32"): Value => core.input("x", shape, dtype);
/** A value of a type that the compiler would not let pass, such as programs in JavaScript have. */
const other = (value: unknown): never => value as never;

const images = x([1, 8, 8, 3]);
const filters = x([3, 3, 3, 4]);

const REFUSED: readonly (readonly [string, () => Value, RegExp])[] = [
  [
    "an option that is none",
    () => core.conv2d(images, filters, other({ stride: 2 })),
    /conv2d: unknown option "stride"/,
  ],
  ["strides of 0", () => core.conv2d(images, filters, { strides: 0 }), /conv2d strides: expected a whole number/],
  [
    "another padding",
    () => core.conv2d(images, filters, other({ padding: "full" })),
    /conv2d padding: expected one of/,
  ],
  ["groups that are no number", () => core.conv2d(images, filters, { groups: 1.5 }), /conv2d groups: expected a whole/],
  [
    "groups of a depthwise convolution",
    () => core.depthwiseConv2d(images, x([3, 3, 3]), other({ groups: 3 })),
    /"groups"/,
  ],
  ["a window of nothing", () => core.maxPool2d(images, [0, 2]), /maxPool2d size: expected a whole number/],
  ["an option of pooling", () => core.averagePool2d(images, 2, other({ stride: 1 })), /averagePool2d: unknown option/],
  [
    "an output padding of less",
    () => core.conv2dTranspose(images, x([3, 3, 4, 3]), { outputPadding: -1 }),
    /at least 0/,
  ],
  [
    "matmul's options",
    () => core.matmul(x([2, 3]), x([2, 3]), other({ transpose_b: true })),
    /unknown option "transpose_b"/,
  ],
  [
    "a fill mode",
    () => core.affineTransform(images, x([1, 6]), other({ fillMode: "mirror" })),
    /fillMode: expected one of/,
  ],
  ["an interpolation", () => core.resizeImage(images, [4, 4], other("cubic")), /interpolation: expected one of/],
  ["a slice of all that begins later", () => core.slice(x([4]), [2], [4]), /do not lie within \[4\]/],
  ["widths for some axes", () => core.pad(x([2, 3]), [[0, 0]]), /expected whole numbers for each of the 2 axes/],
  ["an axis of a single tensor", () => core.concatenate([x([2, 3])], 7), /axis 7 is out of range/],
  ["axes twice", () => core.sum(x([2, 3]), [1, -1]), /expected different axes/],
  ["an axis without a list", () => core.sum(x([2, 3]), other(1)), /expected a list of axes, received 1/],
  ["an axis that iota lacks", () => core.iota([2, 3], 2), /axis 2 is out of range/],
  ["parts of an element", () => core.reshape(x([5]), [-1, 2]), /reshape: expected a shape of whole numbers/],
  ["fewer than none", () => core.broadcastTo(x([1]), [-1]), /broadcastTo: expected a shape of whole numbers/],
  ["a depth of parts", () => core.oneHot(x([2], "int32"), 1.5), /oneHot: expected a shape of whole numbers/],
  ["a shape of an input", () => x([2, 1.5]), /input x: expected a shape of whole numbers/],
  ["a dtype of an input", () => x([2], other("float64")), /input x: dtype: expected one of float32/],
  ["a dtype to cast to", () => core.cast(x([2]), other("float64")), /cast: dtype: expected one of/],
  [
    "a variable's shape",
    () => new core.Variable("w", { dtype: "float32", shape: [-1] }).read(),
    /variable w: expected a shape/,
  ],
  [
    "a text for a number",
    () => core.mul(x([2]), other("2")),
    /mul: expected a number or a value of a graph, received "2"/,
  ],
  ["no stream", () => core.randomUniform([2], x([3], "int32"), other(undefined)), /stream: expected a whole number/],
  ["too many numbers", () => core.broadcastTo(x([1]), [2 ** 16, 2 ** 16]), /too large, with more than 2\^31 numbers/],
];

for (const [what, build, message] of REFUSED)
  test(`refused: ${what}`, () => {
    assert.throws(build, (error: Error) => error instanceof FoveaError && message.test(error.message));
  });

test("one number stands for both sides of a window", () => {
  const shape = (value: Value): readonly number[] => value.type.shape;
  assert.deepEqual(shape(core.conv2d(images, filters, { strides: 2 })), [1, 3, 3, 4]);
  assert.deepEqual(shape(core.maxPool2d(images, 2)), [1, 4, 4, 3]);
  assert.deepEqual(shape(core.iota([2, 3], -1)), [2, 3]);
});
