// A small convolutional network: three blocks of convolution and pooling, then one hidden layer.
import { conv2d, dense, flatten, maxPooling2d, rescaling } from "../nn/layers/index.js";
import { CHARACTERS, stacked } from "./application.js";

const block = { padding: "same", activation: "relu" } as const;

export const cnn = stacked(
  {
    name: "cnn",
    title: "three convolution blocks of 16, 32 and 64 filters, one hidden layer of 64",
    shape: CHARACTERS,
    fromLogits: true,
  },
  ({ classes }) => [
    rescaling(1 / 255),
    conv2d(16, 3, { ...block, name: "conv1" }),
    maxPooling2d({ name: "pool1" }),
    conv2d(32, 3, { ...block, name: "conv2" }),
    maxPooling2d({ name: "pool2" }),
    conv2d(64, 3, { ...block, name: "conv3" }),
    maxPooling2d(4, { name: "pool3" }),
    flatten(),
    dense(64, { activation: "relu" }),
    dense(classes),
  ],
);
