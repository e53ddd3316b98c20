// Multinomial logistic regression on raw pixels: the baseline that any network has to beat.
import { dense, flatten, input, rescaling } from "../nn/layers/index.js";
import type { Application } from "./application.js";

export const logistic: Application = {
  name: "logistic",
  title: "logistic regression on the pixels",
  fromLogits: false,
  layers: ({ imageSize, channels, classes }) => [
    input([...imageSize, channels]),
    flatten(),
    rescaling(1 / 255),
    dense(classes, { activation: "softmax" }),
  ],
};
