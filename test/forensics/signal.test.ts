// The transforms under the methods, against SciPy (tools/wavelet-fixtures.py) and their definitions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forwardDct, inverseDct } from "../../src/forensics/signal/dct.js";
import { squareTransform } from "../../src/forensics/signal/fourier.js";
import { blobsAbove, smoothed } from "../../src/forensics/signal/grid.js";
import { diagonalDetails } from "../../src/forensics/signal/wavelet.js";

const SIDE = 12;
const picture = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
  const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
  return (7 * x * x + 13 * x * y + 5 * y * y) % 251;
});

const assertNear = (actual: readonly number[], expected: readonly number[], tolerance: number): void => {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries())
    assert.ok(Math.abs(value - expected[i]!) < tolerance, `${i}: ${value}, not ${expected[i]}`);
};

test("the cosine transform is SciPy's, and its inverse leads back", () => {
  const block = new Float32Array(64);
  forwardDct(picture, 0, SIDE, block);
  const places = [0, 1, 8, 9, 27, 63];
  assertNear(
    places.map((index) => block[index]!),
    [914.625, -83.659, -172.822, -156.9171, 49.1147, 153.2788],
    1e-3,
  );
  const back = new Float32Array(64);
  inverseDct(block, 0, back, 0, 8);
  assertNear(
    [...back],
    Array.from({ length: 64 }, (_, i) => picture[Math.floor(i / 8) * SIDE + (i % 8)]!),
    1e-3,
  );
});

test("diagonal details are those of db4", async () => {
  const { values } = await diagonalDetails({ width: SIDE, height: SIDE, values: picture }, async () => {});
  const expected = [4.677, -17.0878, 69.5191, -29.9977, 138.1656, 159.9724, 175.3523, -63.6371, -52.794];
  assertNear([...values].map(Math.abs), expected.map(Math.abs), 1e-2);
});

test("the Fourier transform is the sum that defines it", () => {
  const side = 8;
  const values = Float64Array.from({ length: side * side }, (_, i) => picture[i]!);
  const [real, imaginary] = [values.slice(), new Float64Array(side * side)];
  squareTransform(side).apply(real, imaginary);
  for (const [u, v] of [
    [0, 0],
    [3, 1],
    [7, 6],
  ] as const) {
    let [re, im] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const angle = (-2 * Math.PI * (u * (i % side) + v * Math.floor(i / side))) / side;
      re += values[i]! * Math.cos(angle);
      im += values[i]! * Math.sin(angle);
    }
    assertNear([real[v * side + u]!, imaginary[v * side + u]!], [re, im], 1e-9);
  }
});

test("means are of the cells inside, and regions touch by their sides", () => {
  const grid = { width: 3, height: 2, cell: 8, values: Float32Array.of(9, 0, 0, 0, 0, 3) };
  assertNear([...smoothed(grid, 1).values], [2.25, 2, 0.75, 2.25, 2, 0.75], 1e-6);
  assert.deepEqual(
    blobsAbove(grid, 1).map(({ cells, mean, left, top }) => ({ cells, mean, left, top })),
    [
      { cells: 1, mean: 9, left: 0, top: 0 },
      { cells: 1, mean: 3, left: 2, top: 1 },
    ],
  );
});
