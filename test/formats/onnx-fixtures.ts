// The ONNX files of tools/onnx-operators-fixtures.py with their inputs and right values.
import { existsSync, readFileSync } from "node:fs";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { sizeOf } from "../../src/core/shape.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { type LoadedModel, loadModel } from "../../src/formats/index.js";

export { backend };

interface Expected {
  /** The shapes of input and output in the file's order, images with their channels first. */
  readonly x: readonly number[];
  readonly shape: readonly number[];
  readonly y: readonly number[];
}

const addressOf = (name: string): URL =>
  new URL(`../../../test/formats/fixtures/onnx-operators/${name}`, import.meta.url);
const EXPECTED = JSON.parse(readFileSync(addressOf("operators.json"), "utf8")) as Record<string, Expected>;

export const fixtures: readonly string[] = Object.keys(EXPECTED);

/** The bytes of a fixture's file. */
export const bytesOf = (file: string): Uint8Array => readFileSync(addressOf(file));

/** The model of a fixture. */
export const opened = (name: string, bytes = bytesOf(`${name}.onnx`)): Promise<LoadedModel> =>
  loadModel(bytes, {
    file: `${name}.onnx`,
    backend,
    siblings: async (beside) => (existsSync(addressOf(beside)) ? bytesOf(beside) : undefined),
  });

/** Input of a fixture, as Fovea takes it, and the right answer in the file's order. */
export function given(name: string): {
  readonly x: Tensor;
  readonly shape: readonly number[];
  readonly y: readonly number[];
} {
  const { x: shape, shape: out, y } = EXPECTED[name]!;
  const numbers = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1.3 * i + 0.5));
  const isImages = shape.length === 4 && name !== "channels-last";
  if (!isImages) return { x: tensor(numbers, shape, "float32"), shape: out, y };
  const [n, c, h, w] = shape as [number, number, number, number];
  return { x: tensor(turned(numbers, [n, c, h * w]), [n, h, w, c], "float32"), shape: out, y };
}

/** Numbers of an answer in the file's order: with its channels first where the file has them first. */
export function inFileOrder({ shape: [n, h, w, c], data }: Tensor, shape: readonly number[]): Float32Array {
  const numbers = Float32Array.from(data);
  const lastFirst = shape.length === 4 && shape[1] === c && shape[2] === h && (shape[1] !== h || shape[2] !== w);
  return lastFirst ? turned(numbers, [n!, h! * w!, c!]) : numbers;
}

/** [n, a, b] as [n, b, a]. */
function turned(data: Float32Array, [n, a, b]: readonly [number, number, number]): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < a; j++) for (let k = 0; k < b; k++) out[(i * b + k) * a + j] = data[(i * a + j) * b + k]!;
  return out;
}

export const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length
    ? Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - b[i]!)))
    : Number.POSITIVE_INFINITY;
