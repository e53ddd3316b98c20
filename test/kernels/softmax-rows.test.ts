// Rows of few classes are computed four at a time, rows of many classes one at a time: with the same bits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyAll, input } from "../../src/core/graph/node.js";
import { softmaxCrossentropyOp } from "../../src/core/ops/softmax-crossentropy.js";
import type { Tensor } from "../../src/core/tensor.js";
import { defaultBackend } from "../../src/default-backend.js";
import { graphRunner } from "../../src/testing/backend/graph-runner.js";

const ROWS = 11;

/** A table of `classes` columns, with numbers between -4 and 4 from a row and a column. */
const table = (classes: number, numberAt: (row: number, column: number) => number): Tensor => ({
  dtype: "float32",
  shape: [ROWS, classes],
  data: Float32Array.from({ length: ROWS * classes }, (_, i) => numberAt(Math.floor(i / classes), i % classes)),
});

test("rows of 1 to 16 classes have the bits of longer rows whose added classes have no weight", async () => {
  const { run, session } = graphRunner(defaultBackend);
  const crossentropy = (logits: Tensor, targets: Tensor): Promise<Tensor[]> => {
    const [x, t] = [input("x", logits.shape), input("t", targets.shape)];
    return run({ inputs: [x, t], outputs: applyAll(softmaxCrossentropyOp, [x, t], {}), updates: [] }, [
      logits,
      targets,
    ]);
  };
  for (let classes = 1; classes <= 16; classes++) {
    // A row's whole vectors of four classes come first, so added classes stand behind them.
    const [whole, added] = [classes - (classes % 4), 20];
    const column = (i: number): number | undefined => (i < whole ? i : i < whole + added ? undefined : i - added);
    const logit = (row: number, i: number): number => 4 * Math.sin(row * 7 + i * 3.1);
    const target = (row: number, i: number): number => Math.cos(row + i) ** 2;
    const short = await crossentropy(table(classes, logit), table(classes, target));
    const long = await crossentropy(
      table(classes + added, (row, i) => (column(i) === undefined ? -1000 : logit(row, column(i)!))),
      table(classes + added, (row, i) => (column(i) === undefined ? 0 : target(row, column(i)!))),
    );
    assert.deepEqual(short[0]!.data, long[0]!.data, `losses of ${classes} classes`);
    assert.deepEqual(short[2]!.data, long[2]!.data, `normalizers of ${classes} classes`);
    const kept = long[1]!.data.filter((_, i) => column(i % (classes + added)) !== undefined);
    assert.deepEqual(short[1]!.data, kept, `probabilities of ${classes} classes`);
  }
  await (await session()).close();
});
