// Tables of answers with files and samples that have none: each line holds the judgement of its image.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Asked, predictionsCsv } from "../../src/experiment/models/index.js";

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
