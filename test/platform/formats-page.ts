// Saves a model, opens it again and goes on training, in a browser page or in Node: both must end in the same bits.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { tensor } from "../../src/core/tensor.js";
import { loadKeras, saveKeras } from "../../src/formats/index.js";
import { conv2d, dense, flatten, input } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

/** The SHA-256 of the weights in the saved file, and of those after it was trained for one more step. */
export default async (): Promise<{ readonly saved: string; readonly trained: string }> => {
  const backend = createWasmBackend();
  const x = tensor(
    Float32Array.from({ length: 4 * 48 }, (_, i) => ((i * 37) % 101) / 101),
    [4, 8, 6, 1],
    "float32",
  );
  const batch = { x, y: tensor(Int32Array.of(0, 1, 2, 0), [4], "int32") };
  const layers = [input([8, 6, 1]), conv2d(4, 3, { name: "卷积" }), flatten(), dense(3, { activation: "softmax" })];
  const model = new Sequential(layers, { backend, threads: 1, seed: 5 });
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
  await model.trainOnBatch(batch);
  const facts = { version: 1 as const, classNames: ["东", "木", "林"] };
  const bytes = await saveKeras(model, { facts, date: new Date(0) });
  const { model: opened } = await loadKeras(bytes, { backend, threads: 1 });
  const saved = await opened.weightsSha256();
  await opened.trainOnBatch(batch);
  const trained = await opened.weightsSha256();
  await Promise.all([model.close(), opened.close()]);
  return { saved, trained };
};
