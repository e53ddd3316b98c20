// Every op's gradient against central finite differences of its own f64 reference.
import assert from "node:assert/strict";
import { test } from "node:test";
import { interpret } from "../../src/backends/reference/reference.js";
import { gradients } from "../../src/core/autodiff.js";
import { mul, sum } from "../../src/core/functions/index.js";
import { applyAll, input, type OpRecord, type ReferenceArray } from "../../src/core/graph/node.js";
import { OPS, type OpName } from "../../src/core/ops/index.js";
import { CASES, drawOperands, type OpCase } from "../../src/testing/backend/op-cases.js";

const STEP = 1e-6;
/** Of operands with so many elements every seventh is moved: sizes of axes are no multiples of 7, so all places and channels occur. */
const MANY = 500;

/** The scalar sum(weights * op(x)), with fixed random weights so that no symmetry hides a mistake. */
function scalarOf(name: OpName, { operands, attrs }: OpCase) {
  const inputs = operands.map(({ shape, dtype = "float32" }, i) => input(`x${i}`, shape, dtype));
  const output = applyAll(OPS[name] as unknown as OpRecord<string, object>, inputs, attrs)[0]!;
  const weights = input("weights", output.type.shape);
  const loss = output.type.dtype === "float32" ? sum(mul(output, weights)) : undefined;
  return { inputs, weights, loss };
}

for (const name of Object.keys(OPS) as OpName[]) {
  test(`gradient of ${name}`, () => {
    assert.ok(CASES[name].length > 0, `op ${name} has no sample cases`);
    for (const sample of CASES[name] as readonly OpCase[]) {
      const { inputs, weights, loss } = scalarOf(name, sample);
      if (loss === undefined || inputs.length === 0) continue;
      if (OPS[name].vjp === null) {
        assert.throws(() => gradients(loss, inputs), /no gradient/);
        continue;
      }
      const drawn = drawOperands([...sample.operands, { shape: weights.type.shape }]);
      const run = (outputs: typeof inputs, arrays: readonly ReferenceArray[]) =>
        interpret({ inputs: [...inputs, weights], outputs, updates: [] }, arrays, new Map());
      const found = run(gradients(loss, inputs), drawn);
      inputs.forEach((operand, i) => {
        if (operand.type.dtype !== "float32") return;
        const x = drawn[i]!.data;
        for (let element = 0; element < x.length; element += x.length < MANY ? 1 : 7) {
          const moved = (delta: number): number => {
            const copy = drawn.map(({ shape, data }) => ({ shape, data: data.slice() }));
            copy[i]!.data[element]! += delta;
            return run([loss], copy)[0]!.data[0]!;
          };
          // The one op whose gradient is not its slope.
          const expected = name === "stopGradient" ? 0 : (moved(STEP) - moved(-STEP)) / (2 * STEP);
          const actual = found[i]!.data[element]!;
          assert.ok(
            Math.abs(actual - expected) <= 1e-5 * (1 + Math.abs(expected)),
            `${name} ${JSON.stringify(sample.attrs)}: d/dx${i}[${element}] is ${actual}, differences say ${expected}`,
          );
        }
      });
    }
  });
}
