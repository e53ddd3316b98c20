import assert from "node:assert/strict";
import { test } from "node:test";
import { philox4x32, Random, STREAM, uniformAt } from "../../src/core/random.js";

test("philox4x32 gives the published known answers", () => {
  const cases: [[number, number, number, number], [number, number], string][] = [
    [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ];
  const out = new Uint32Array(4);
  for (const [counter, key, expected] of cases) {
    philox4x32(counter, key, out);
    assert.equal([...out].map((word) => word.toString(16).padStart(8, "0")).join(" "), expected);
  }
});

test("uniformAt is the layout that compiled kernels draw", () => {
  const [seedLow, seedHigh, stream, step] = [123, 7, STREAM.dropout + 2, 9];
  const drawn = uniformAt(seedLow, seedHigh, stream, step, 10);
  const out = new Uint32Array(4);
  for (let i = 0; i < 10; i++) {
    philox4x32([i >> 2, step, stream, 0], [seedLow, seedHigh], out);
    assert.equal(drawn[i], (out[i & 3]! >>> 8) * 2 ** -24);
  }
  const random = new Random(seedHigh * 2 ** 32 + seedLow, stream, step);
  assert.deepEqual(
    [...drawn],
    Array.from({ length: 10 }, () => random.uniform()),
  );
});

test("streams, steps and seeds differ; the same three agree", () => {
  const first = (seed: number, stream: number, step?: number) => new Random(seed, stream, step).uint32();
  assert.equal(first(1, 2, 3), first(1, 2, 3));
  assert.equal(
    new Set([first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4), first(2 ** 32 + 1, 2, 3)]).size,
    5,
  );
  assert.throws(() => new Random(-1, 0), /seed: expected a whole number from 0/);
  assert.throws(() => new Random(0.5, 0), /received 0.5/);
});

test("integer is unbiased and normal has the moments of a standard normal", () => {
  const random = new Random(5, STREAM.user);
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 50000; i++) counts[random.integer(5)]!++;
  for (const count of counts) assert.ok(Math.abs(count - 10000) < 400, `${counts}`);
  const n = 50000;
  let sum = 0;
  let squares = 0;
  let fourths = 0;
  for (let i = 0; i < n; i++) {
    const x = random.normal();
    sum += x;
    squares += x * x;
    fourths += x ** 4;
  }
  assert.ok(Math.abs(sum / n) < 0.02);
  assert.ok(Math.abs(squares / n - 1) < 0.03);
  assert.ok(Math.abs(fourths / n - 3) < 0.2);
});

test("permutation holds every number once and is not the identity", () => {
  const drawn = new Random(3, STREAM.shuffle).permutation(1000);
  assert.deepEqual(
    [...drawn].sort((a, b) => a - b),
    Array.from({ length: 1000 }, (_, i) => i),
  );
  assert.ok(drawn.filter((value, i) => value === i).length < 10);
  const letters = ["a", "b", "c"];
  assert.ok(letters.includes(new Random(3, 0).pick(letters)));
});
