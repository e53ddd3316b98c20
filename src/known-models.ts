// Known architectures, ready to compute with the default backend: a part of the composition root and the entry
// `fovea/applications`. The applications room has their layers.
import {
  IMAGENET_APPLICATIONS,
  type ImageNetApplication,
  type ImageNetOptions,
} from "./applications/imagenet/index.js";
import { type ApplicationName, type ApplicationOptions, applicationOf } from "./applications/index.js";
import { defaultPlace } from "./default-backend.js";
import type { Functional } from "./nn/model/functional.js";
import type { Model, ModelOptions } from "./nn/model/model.js";

export * from "./applications/imagenet/index.js";
export * from "./applications/index.js";

/**
 * A known architecture by name, with fresh weights.
 * @param name One of `APPLICATION_NAMES`.
 * @throws FoveaError for a name that is not known, or a shape that does not fit the architecture.
 * @example application("cnn", { imageSize: [80, 60], channels: 1, classes: 55 }, { seed: 1 })
 */
export const application = (name: ApplicationName, shape: ApplicationOptions, options: ModelOptions = {}): Model =>
  applicationOf(name).build(shape, { ...defaultPlace, ...options });

/** An ImageNet application as a function that makes the model, with its own `preprocessInput` beside it. */
const ready = <Options extends ImageNetOptions>(known: ImageNetApplication<Options>) =>
  Object.assign((options?: Options): Functional => known.build({ ...defaultPlace, ...options } as Options), {
    preprocessInput: known.preprocessInput,
  });

/**
 * MobileNet with fresh weights (Howard and others, 2017), as keras.applications builds it: options, layer names and parameters are
 * Keras's. For `[224, 224, 3]` by default. `mobileNet.preprocessInput` scales pixels for the model, and `loadWeights(net, bytes)` loads
 * the weights that Keras publishes; so it is with the other networks of this entry.
 * @example
 * const net = mobileNetV2({ alpha: 0.35, inputShape: [32, 32, 3], includeTop: false, pooling: "avg" });
 * const features = await net.predict(mobileNetV2.preprocessInput(zeros([1, 32, 32, 3], "uint8")));
 */
export const mobileNet = ready(IMAGENET_APPLICATIONS.mobilenet);
/**
 * MobileNetV2 with fresh weights (Sandler and others, 2018), as keras.applications builds it. For `[224, 224, 3]` by
 * default.
 */
export const mobileNetV2 = ready(IMAGENET_APPLICATIONS.mobilenet_v2);
/**
 * InceptionV3 with fresh weights (Szegedy and others, 2016), as keras.applications builds it. For `[299, 299, 3]` by
 * default.
 */
export const inceptionV3 = ready(IMAGENET_APPLICATIONS.inception_v3);
/** Xception with fresh weights (Chollet, 2017), as keras.applications builds it. For `[299, 299, 3]` by default. */
export const xception = ready(IMAGENET_APPLICATIONS.xception);
/**
 * ResNet50 with fresh weights (He and others, 2016), as keras.applications builds it. For `[224, 224, 3]` by default.
 */
export const resNet50 = ready(IMAGENET_APPLICATIONS.resnet50);
/**
 * EfficientNetB0 with fresh weights (Tan and Le, 2019), as keras.applications builds it. For `[224, 224, 3]` by
 * default.
 */
export const efficientNetB0 = ready(IMAGENET_APPLICATIONS.efficientnet_b0);
