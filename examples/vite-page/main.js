// A page that trains a network in the browser, on generated handwriting, and reads a character that it has not seen. Nothing
// leaves the page.
import { argMax, sequential, sliceRows } from "fovea";
import { synthesizeHanziDataset } from "fovea/data";
import { conv2d, dense, flatten, input, maxPooling2d, rescaling } from "fovea/layers";

const status = document.querySelector("#status");
const { Train, Test } = await synthesizeHanziDataset({ characters: [..."人口山木"], scale: 0.06, seed: 1 });
const layers = [input([80, 60, 1]), rescaling(1 / 255), conv2d(8, 3, { activation: "relu" }), maxPooling2d(4)];
const model = sequential([...layers, flatten(), dense(4, { activation: "softmax" })], { seed: 1 });
model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
for (let epoch = 1; epoch <= 6; epoch++) {
  const { history } = await model.fit(Train, { epochs: 1, batchSize: 32, seed: epoch });
  status.textContent = `Epoch ${epoch}: loss ${history.loss[0].toFixed(3)}`;
}
const { accuracy } = await model.evaluate(Test);

const pixels = sliceRows(Test.x, 0, 1);
const picture = new ImageData(60, 80);
pixels.data.forEach((grey, i) => {
  picture.data.set([grey, grey, grey, 255], 4 * i);
});
document.querySelector("#sample").getContext("2d").putImageData(picture, 0, 0);
const said = Test.classNames[argMax(await model.predict(pixels)).data[0]];
status.textContent = `Accuracy ${accuracy.toFixed(3)}; the picture is read as ${said}`;
