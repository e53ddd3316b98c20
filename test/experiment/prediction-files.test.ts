// Files of answers: each line of a table holds the judgement of its image, and each output has a file.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { Tensor } from "../../src/core/tensor.js";
import { type Asked, predictionsCsv, writePredictions } from "../../src/experiment/models/index.js";
import { readNpy } from "../../src/formats/containers/npy.js";

test("an image whose answer is NaN keeps its line, and a file that could not be read has none", () => {
  const outputs = [{ name: "price", kind: "numbers", columns: ["price"], shape: [1] }] as unknown as Asked["outputs"];
  const answers = [
    { image: "lost.png", accepted: false, error: "lost.png: cannot be read", code: "unreadable" },
    { image: "nan.png", accepted: false, error: "nan.png: the model gives NaN for it", code: "not-finite" },
    { image: "a.png", accepted: true, values: {} },
  ] as unknown as Asked["answers"];
  const asked: Asked = {
    ...{ outputs, answers, names: ["nan.png", "a.png"], judged: ["accepted", "reason"], warnings: [] },
    arrays: [{ dtype: "float32", shape: [2, 1], data: Float32Array.of(Number.NaN, 3) }],
  };
  const [head, ...lines] = predictionsCsv(asked).trim().split("\n");
  assert.equal(head, "image,price,accepted,reason");
  assert.deepEqual(lines, ["nan.png,NaN,false,not-finite", "a.png,3,true,"]);
});

test("outputs whose names differ in letters that no file can have are written to files of their own", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-outputs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const names = ["a/b", "a:b", "A-B", "c"];
  const outputs = names.map((name) => ({
    name,
    kind: "numbers",
    columns: ["x"],
    shape: [1],
  })) as unknown as Asked["outputs"];
  const arrays = names.map(
    (_, i): Tensor<"float32"> => ({ dtype: "float32", shape: [1, 1], data: Float32Array.of(i) }),
  );
  const asked: Asked = { outputs, arrays, answers: [], names: ["1.png"], judged: [], warnings: [] };
  const files = await writePredictions(join(folder, "x.npy"), asked);
  assert.deepEqual(
    files.map((file) => basename(file)),
    ["x-a-b-1.npy", "x-a-b-2.npy", "x-A-B-3.npy", "x-c.npy"],
  );
  assert.deepEqual(
    files.map((file) => readNpy(readFileSync(file), file).data[0]),
    [0, 1, 2, 3],
  );
});
