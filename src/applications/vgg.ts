// VGG in configuration A (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
// 2015): eleven layers with weights, 132,863,336 parameters on 224x224 RGB images and a thousand classes.
import { conv2d, dense, dropout, flatten, maxPooling2d, rescaling } from "../nn/layers/index.js";
import { IMAGENET, stacked } from "./application.js";

/** Filters of the convolutions of each block; a pooling halves the image after it. */
const BLOCKS = [[64], [128], [256, 256], [512, 512], [512, 512]];

export const vgg11 = stacked(
  {
    name: "vgg11",
    title: "VGG of 2015 in its smallest form: 3x3 convolutions and poolings in turn",
    shape: IMAGENET,
    fromLogits: false,
  },
  ({ classes }) => [
    rescaling(1 / 255),
    ...BLOCKS.flatMap((filters, block) => [
      ...filters.map((count, i) =>
        conv2d(count, 3, { padding: "same", activation: "relu", name: `block${block + 1}_conv${i + 1}` }),
      ),
      maxPooling2d(2, { name: `block${block + 1}_pool` }),
    ]),
    flatten(),
    dense(4096, { activation: "relu" }),
    dropout(0.5),
    dense(4096, { activation: "relu" }),
    dropout(0.5),
    dense(classes, { activation: "softmax" }),
  ],
);
