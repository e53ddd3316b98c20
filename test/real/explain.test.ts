// Grad-CAM on real photos: an ant and a bee side by side, and the half of the one that is asked for lights up.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { imageNetApplication } from "../../src/applications/imagenet/index.js";
import { loadImage } from "../../src/data/index.js";
import { gradCam } from "../../src/explain/index.js";
import { loadWeights } from "../../src/formats/index.js";
import { defaultBackend, tensor } from "../../src/index.js";
import { workplace } from "../cli/fovea.js";
import { filesInTar, realData } from "./shared-data.js";

const photos = realData("hymenoptera.tar");
const weights = realData("applications/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5");

/** ImageNet's numbers of n02219486 and n02206856. */
const [ANT, BEE] = [310, 309] as const;
const PAIRS = 16;
const SIDE = 224;

test("Grad-CAM finds the ant and the bee beside each other", { skip: photos.skip || weights.skip }, async (t) => {
  const folder = workplace(t);
  const files: Record<"ants" | "bees", string[]> = { ants: [], bees: [] };
  for (const { path, bytes } of filesInTar(photos.path)) {
    const kind = (["ants", "bees"] as const).find((className) => path.includes(`/val/${className}/`));
    if (kind === undefined || files[kind].length === PAIRS) continue;
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    files[kind].push(file);
  }
  const { build, preprocessInput } = imageNetApplication("mobilenet_v2");
  const model = build({ inputShape: [SIDE, 2 * SIDE, 3], backend: defaultBackend });
  await loadWeights(model, readFileSync(weights.path), { file: weights.path });
  t.after(() => model.close());
  let halves = 0;
  let pairs = 0;
  for (const [i, ant] of files.ants.entries()) {
    // The ant is on the left of every other pair.
    const look = { height: SIDE, width: SIDE, color: "rgb", interpolation: "bilinear" } as const;
    const antFirst = i % 2 === 0;
    const both = await Promise.all([ant, files.bees[i]!].map((file) => loadImage(file, look)));
    const [left, right] = antFirst ? both : both.reverse();
    const pixels = new Uint8Array(2 * SIDE * SIDE * 3);
    const row = SIDE * 3;
    for (let y = 0; y < SIDE; y++) {
      pixels.set(left!.data.subarray(y * row, (y + 1) * row), 2 * y * row);
      pixels.set(right!.data.subarray(y * row, (y + 1) * row), (2 * y + 1) * row);
    }
    const x = preprocessInput(tensor(pixels, [1, SIDE, 2 * SIDE, 3], "uint8"));
    const answers: boolean[] = [];
    for (const [classIndex, isLeft] of [
      [ANT, antFirst],
      [BEE, !antFirst],
    ] as const) {
      const { maps } = await gradCam(model, x, { classIndex });
      const heat = [0, 0];
      maps.data.forEach((value, at) => {
        heat[at % (2 * SIDE) < SIDE ? 0 : 1]! += value;
      });
      answers.push(heat[0]! > heat[1]! === isLeft);
    }
    halves += answers.filter(Boolean).length;
    if (answers.every(Boolean)) pairs++;
  }
  t.diagnostic(
    `${halves} of ${2 * PAIRS} questions answered by the right half; both of them in ${pairs} of ${PAIRS} pairs`,
  );
  assert.equal(files.bees.length, PAIRS);
  assert.ok(pairs >= 12, `both questions right in ${pairs} of ${PAIRS} pairs`);
});
