import assert from "node:assert/strict";
import { test } from "node:test";
import { cos, exp, log, pow, sin } from "../../src/core/math.js";
import { Random, STREAM } from "../../src/core/random.js";

const random = new Random(11, STREAM.user);

function close(actual: number, expected: number, relative: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${what}: ${actual}, expected ${expected}`);
}

test("log, exp and pow agree with the engine's to 1e-15", () => {
  for (let i = 0; i < 20000; i++) {
    const x = random.between(-700, 700);
    close(exp(x), Math.exp(x), 1e-15, `exp(${x})`);
    const y = Math.exp(x);
    close(log(y), Math.log(y), 1e-15, `log(${y})`);
    const near = 1 + random.between(-1e-3, 1e-3);
    close(log(near), Math.log(near), 1e-15, `log(${near})`);
    const base = random.between(0.01, 10);
    const power = random.between(-3, 3);
    close(pow(base, power), base ** power, 3e-15, `pow(${base}, ${power})`);
  }
});

test("sin and cos agree with the engine's to 1e-15", () => {
  for (let i = 0; i < 20000; i++) {
    const x = random.between(-1, 1) * 10 ** random.integer(6);
    assert.ok(Math.abs(sin(x) - Math.sin(x)) < 1e-15, `sin(${x})`);
    assert.ok(Math.abs(cos(x) - Math.cos(x)) < 1e-15, `cos(${x})`);
  }
});

test("the edges are those of the engine", () => {
  assert.deepEqual([log(0), log(-1), log(Infinity), log(1)], [-Infinity, NaN, Infinity, 0]);
  assert.deepEqual([exp(-Infinity), exp(Infinity), exp(NaN), exp(0)], [0, Infinity, NaN, 1]);
  assert.deepEqual(
    [exp(710), exp(-800)],
    [Infinity, 0].map((v, i) => Math.exp(i === 0 ? 710 : -800) || v),
  );
  close(exp(-745), Math.exp(-745), 0, "the smallest subnormal");
  close(log(5e-324), Math.log(5e-324), 1e-15, "log of the smallest subnormal");
  assert.deepEqual([pow(2, 0), pow(0, 2), pow(0, -1), pow(-8, 0.5)], [1, 0, Infinity, NaN]);
  close(pow(-2, 3), -8, 1e-15, "pow(-2, 3)");
});
