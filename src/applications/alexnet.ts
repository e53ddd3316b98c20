// AlexNet (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012)
// without the split over two GPUs: 62,378,344 parameters on 227x227 RGB images and a thousand classes. Local response
// normalisation, which later work found to be of no use, is left out.
import { conv2d, dense, dropout, flatten, maxPooling2d, rescaling } from "../nn/layers/index.js";
import { IMAGENET, stacked } from "./application.js";

const same = { padding: "same", activation: "relu" } as const;
const overlapping = { strides: 2 } as const;

export const alexnet = stacked(
  {
    name: "alexnet",
    title: "AlexNet of 2012, for images of 227x227",
    shape: { ...IMAGENET, imageSize: [227, 227] },
    fromLogits: false,
  },
  ({ classes }) => [
    rescaling(1 / 255),
    conv2d(96, 11, { strides: 4, activation: "relu", name: "c1" }),
    maxPooling2d(3, { ...overlapping, name: "s2" }),
    conv2d(256, 5, { ...same, name: "c3" }),
    maxPooling2d(3, { ...overlapping, name: "s4" }),
    conv2d(384, 3, { ...same, name: "c5" }),
    conv2d(384, 3, { ...same, name: "c6" }),
    conv2d(256, 3, { ...same, name: "c7" }),
    maxPooling2d(3, { ...overlapping, name: "s8" }),
    flatten(),
    dense(4096, { activation: "relu" }),
    dropout(0.5),
    dense(4096, { activation: "relu" }),
    dropout(0.5),
    dense(classes, { activation: "softmax" }),
  ],
);
