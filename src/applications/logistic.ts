// Multinomial logistic regression on raw pixels: the baseline that any network has to beat.
import { dense, flatten, rescaling } from "../nn/layers/index.js";
import { CHARACTERS, stacked } from "./application.js";

export const logistic = stacked(
  {
    name: "logistic",
    title: "logistic regression on the pixels",
    shape: CHARACTERS,
    fromLogits: false,
  },
  ({ classes }) => [flatten(), rescaling(1 / 255), dense(classes, { activation: "softmax" })],
);
