// The lines of README.md: trains a small network to tell four handwritten characters apart, and prints how well it does.
import { sequential } from "fovea";
import { synthesizeHanziDataset } from "fovea/data";
import { conv2d, dense, flatten, input, maxPooling2d, rescaling } from "fovea/layers";

const { Train, Test } = await synthesizeHanziDataset({ characters: [..."人口山木"], scale: 0.1, seed: 1 });
const layers = [input([80, 60, 1]), rescaling(1 / 255), conv2d(8, 3, { activation: "relu" }), maxPooling2d(4)];
const model = sequential([...layers, flatten(), dense(4, { activation: "softmax" })]);
model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
await model.fit(Train, { epochs: 10, batchSize: 32 });
console.log(await model.evaluate(Test));
