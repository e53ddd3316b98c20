// LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998), with
// C3 connected to every map of S2 and a dense output in place of the radial basis functions: 61,706 parameters on
// 32x32 grey images and ten classes.
import { averagePooling2d, conv2d, dense, flatten, input, rescaling } from "../nn/layers/index.js";
import type { Application } from "./application.js";

export const lenet5: Application = {
  name: "lenet5",
  title: "LeNet-5 of 1998, for images of 32x32 (28x28 are padded)",
  fromLogits: true,
  layers: ({ imageSize, channels, classes }) => {
    // Zero padding inside C1 is what padding 28x28 to 32x32 beforehand comes to.
    const padded = imageSize.every((extent) => extent === 28);
    return [
      input([...imageSize, channels]),
      rescaling(1 / 255),
      conv2d(6, 5, { activation: "tanh", padding: padded ? "same" : "valid", name: "c1" }),
      averagePooling2d(2, { name: "s2" }),
      conv2d(16, 5, { activation: "tanh", name: "c3" }),
      averagePooling2d(2, { name: "s4" }),
      conv2d(120, 5, { activation: "tanh", name: "c5" }),
      flatten(),
      dense(84, { activation: "tanh", name: "f6" }),
      dense(classes, { name: "output" }),
    ];
  },
};
