// Boxes that a detector's answers leave out: a service counts them and has a line on the first in its log.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { saveOnnx } from "../../src/formats/index.js";
import { sequential, tensor } from "../../src/index.js";
import { dense, flatten, input, reshape } from "../../src/nn/layers/index.js";
import { type LogLine, modelSpec, Service } from "../../src/service/index.js";

/** A network whose answer to every picture are two boxes, the second with its left edge right of its right edge. */
async function detectorFile(): Promise<Uint8Array> {
  const model = sequential([input([8, 8, 3]), flatten(), dense(12, { name: "boxes" }), reshape([2, 6])], { seed: 1 });
  const boxes = [...[1, 1, 5, 5, 0.9, 0], ...[5, 1, 1, 5, 0.8, 0]];
  model.setWeights([tensor(new Float32Array(8 * 8 * 3 * 12), [192, 12], "float32"), tensor(boxes, [12], "float32")]);
  const bytes = await saveOnnx(model);
  await model.close();
  return bytes;
}

test("a service counts boxes that it leaves out, and says so once", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-left-out-"));
  writeFileSync(join(folder, "end.onnx"), await detectorFile());
  const lines: LogLine[] = [];
  const service = await Service.open({
    models: [modelSpec(`end=${join(folder, "end.onnx")}`)],
    ...{ threads: 1, opening: { head: "yolo-end", labels: ["dent"] }, log: (line: LogLine) => lines.push(line) },
  });
  t.after(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const photo = new Uint8Array(encode({ width: 8, height: 8, channels: 3, depth: 8, data: new Uint8Array(192) }));
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    service.fetch(new Request(`http://127.0.0.1:8080${path}`, { ...init, headers: { host: "127.0.0.1:8080" } }));
  assert.doesNotMatch(await (await ask("/metrics")).text(), /boxes_left_out_total\{/);
  for (let request = 0; request < 2; request++) {
    const response = await ask("/v1/predict", { method: "POST", body: photo });
    assert.equal(response.status, 200);
    const { predictions } = (await response.json()) as { predictions: { boxes: { box: number[] }[] }[] };
    assert.deepEqual(
      predictions[0]!.boxes.map(({ box }) => box),
      [[1, 1, 4, 4]],
    );
  }
  assert.match(await (await ask("/metrics")).text(), /fovea_boxes_left_out_total\{model="end",version="1"\} 2/);
  const said = lines.filter(({ event }) => event === "left-out");
  assert.equal(said.length, 1);
  assert.match(String(said[0]!.message), /end\.onnx: 1 box in 1 image is left out, since a side is negative/);
});
