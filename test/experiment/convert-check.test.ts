// The loss of weights in fewer bits on a folder of images: counted image by image, and a loss beyond a point stops int8.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FoveaError, UsageError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { encodePng } from "../../src/data/index.js";
import { convertFile } from "../../src/experiment/models/convert.js";
import { saveKeras, sequential } from "../../src/index.js";
import { dense, flatten, input } from "../../src/nn/layers/index.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-check-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** Images of 2x2 whose first pixel is black: all the others are dark in one class and bright in the other. */
function writeImages(): string {
  for (const [name, least] of [
    ["dark", 0],
    ["bright", 200],
  ] as const)
    for (let n = 0; n < 4; n++) {
      mkdirSync(join(folder, "images", name), { recursive: true });
      const data = Uint8Array.of(0, least + n, least + 2 * n, least + n);
      writeFileSync(join(folder, "images", name, `${n}.png`), encodePng({ dtype: "uint8", shape: [2, 2, 1], data }));
    }
  return join(folder, "images");
}

test("accuracy before and after is told, and int8 that ruins a model is not written", async () => {
  const images = writeImages();
  const model = sequential([input([2, 2, 1]), flatten(), dense(2)]);
  // A weight on the pixel that is always black takes the whole range of int8, and nothing is left for the others.
  const kernel = tensor([
    [1e4, 1e4],
    [-0.1, 0.1],
    [-0.1, 0.1],
    [-0.1, 0.1],
  ]);
  await model.setWeights([kernel, tensor([30, 0])]);
  const preprocessing = { imageSize: [2, 2], color: "grayscale", interpolation: "nearest" } as const;
  const file = join(folder, "m.keras");
  writeFileSync(file, await saveKeras(model, { facts: { version: 1, classNames: ["dark", "bright"], preprocessing } }));
  const half = await convertFile(file, join(folder, "half.keras"), { dtype: "float16", check: images });
  assert.equal(half.images?.images, 8);
  assert.deepEqual(half.images?.agreement, { of: "images", same: 8, all: 8 });
  assert.deepEqual(half.images?.accuracy, { images: 8, before: 1, after: 1, top5: undefined });
  assert.ok(half.images!.maxDifference > 0 && half.images!.maxDifference < 0.1);
  const ruined = convertFile(file, join(folder, "m.onnx"), { dtype: "int8", check: images });
  await assert.rejects(
    ruined,
    (error) => error instanceof FoveaError && /loses 50\.0 points of accuracy/.test(error.message),
  );
  assert.ok(!existsSync(join(folder, "m.onnx")));
  const unmeasured = await convertFile(file, join(folder, "m.onnx"), { dtype: "int8" });
  assert.match(unmeasured.warnings.join(" "), /measure it with --check/);
  await assert.rejects(convertFile(file, join(folder, "n.keras"), { check: images }), UsageError);
  await model.close();
});
