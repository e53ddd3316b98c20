// Classification as a Node script: generated handwriting in folders, as your own images are; a small network; its file;
// the file opened again and asked.
import { argMax, earlyStopping, loadModel, saveModel, sequential, sliceRows, takeRows } from "fovea";
import { loadImages, trainTestSplit, writeHanzi } from "fovea/data";
import { conv2d, dense, flatten, input, maxPooling2d, rescaling } from "fovea/layers";

const folder = process.argv[2] ?? "signs";
if (process.argv[2] === undefined) await writeHanzi(folder, { characters: [..."人口山木"], scale: 0.1, seed: 1 });

const size = { height: 80, width: 60 };
const train = await loadImages(`${folder}/Train`, size);
const test = await loadImages(`${folder}/Test`, size);
const classes = train.classNames.length;

const model = sequential(
  [
    input([80, 60, 1]),
    rescaling(1 / 255),
    conv2d(8, 3, { activation: "relu" }),
    maxPooling2d(4),
    flatten(),
    dense(classes, { activation: "softmax" }),
  ],
  { seed: 1 },
);
model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
// Every fifth image is held back to stop in time, as many of each class: images come class by class.
const split = trainTestSplit(train.files.length, { testSize: 0.2, randomState: 1, stratify: train.y.data });
const part = (rows) => ({ x: takeRows(train.x, rows), y: takeRows(train.y, rows) });
const stop = earlyStopping({ patience: 3, restoreBestWeights: true });
await model.fit(part(split.train), {
  validationData: part(split.test),
  epochs: 10,
  batchSize: 32,
  callbacks: [stop],
  seed: 1,
});
const { accuracy } = await model.evaluate(test);
console.log(`accuracy: ${accuracy.toFixed(3)}`);

await saveModel(model, "signs.keras");
await model.close();

const { model: opened } = await loadModel("signs.keras");
const answer = await opened.predict(sliceRows(test.x, 0, 1));
console.log(`${test.files[0]} is ${test.classNames[argMax(answer).data[0]]}`);
await opened.close();
