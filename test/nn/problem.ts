// A small learnable problem for tests of training: which third of a noisy image is the brightest.
import { Random } from "../../src/core/random.js";
import type { Tensor } from "../../src/core/tensor.js";
import { conv2d, dense, dropout, flatten, input, maxPooling2d, rescaling } from "../../src/nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import type { ModelOptions } from "../../src/nn/model/model.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { adam } from "../../src/nn/optimizers/index.js";

/** `n` images [6, 5, 1] of bytes with labels 0 to 2. */
export function bands(n: number, seed: number): { x: Tensor; y: Tensor } {
  const random = new Random(seed, 0);
  const x = new Uint8Array(n * 30);
  const y = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    y[i] = random.integer(3);
    for (let at = 0; at < 30; at++) x[i * 30 + at] = random.integer(128) + (Math.floor(at / 10) === y[i] ? 100 : 0);
  }
  return { x: { dtype: "uint8", shape: [n, 6, 5, 1], data: x }, y: { dtype: "int32", shape: [n], data: y } };
}

/** A compiled convolutional network with dropout for it. */
export function bandsModel(options: ModelOptions): Sequential {
  const model = new Sequential(
    [
      input([6, 5, 1]),
      rescaling(1 / 255),
      conv2d(4, 3, { padding: "same", activation: "relu" }),
      maxPooling2d(),
      flatten(),
      dropout(0.1),
      dense(8, { activation: "relu" }),
      dense(3),
    ],
    { seed: 1, ...options },
  );
  const loss = sparseCategoricalCrossentropy({ fromLogits: true });
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss, metrics: ["accuracy"] });
  return model;
}
