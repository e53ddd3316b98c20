// The ImageNet applications by the names that `--model` and `--base` take, what is done to their pixels, and their
// weight files. The functions that make them are for callers that bring a backend; src/index.ts has them ready.
import { oneOf } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { Functional } from "../../nn/model/functional.js";
import { efficientNetB0 } from "./efficientnet-b0.js";
import type { ImageNetOptions } from "./frame.js";
import { inceptionV3 } from "./inception-v3.js";
import { mobileNet } from "./mobilenet.js";
import { mobileNetV2 } from "./mobilenet-v2.js";
import { type PreprocessingMode, preprocessPixels } from "./preprocess.js";
import { resNet50 } from "./resnet50.js";
import type { ImageNetName } from "./weight-files.js";
import { xception } from "./xception.js";

export { type Decoded, decodePredictions, imageNetClasses } from "./decode.js";
export type { EfficientNetOptions } from "./efficientnet-b0.js";
export type { ImageNetOptions } from "./frame.js";
export type { MobileNetOptions } from "./mobilenet.js";
export type { MobileNetV2Options } from "./mobilenet-v2.js";
export type { PreprocessingMode } from "./preprocess.js";
export { type ImageNetName, WEIGHT_FILES, type WeightFile, weightFileNamed } from "./weight-files.js";

/** One of keras.applications. */
export interface ImageNetApplication<Options extends ImageNetOptions = ImageNetOptions> {
  /** The name in Keras's spelling: `mobilenet_v2`. */
  readonly name: ImageNetName;
  /** One line for help texts. */
  readonly title: string;
  /** Height and width that it was published for. */
  readonly size: number;
  /** The range of pixels that the weights were trained on. */
  readonly preprocessing: PreprocessingMode;
  /**
   * A model with fresh weights.
   * @param options Size, classes and the place of computing.
   */
  readonly build: (options?: Options) => Functional;
  /**
   * Pixels from 0 to 255, `[height, width, channels]` or a batch, as the model wants them.
   * @param pixels Values from 0 to 255, RGB.
   */
  readonly preprocessInput: (pixels: Tensor) => Tensor<"float32">;
}

const application = <Options extends ImageNetOptions>(
  name: ImageNetName,
  title: string,
  size: number,
  preprocessing: PreprocessingMode,
  build: (options?: Options) => Functional,
): ImageNetApplication<Options> => ({
  name,
  title,
  size,
  preprocessing,
  build,
  preprocessInput: (pixels) => preprocessPixels(preprocessing, pixels),
});

/** The architectures of keras.applications, by name. */
export const IMAGENET_APPLICATIONS = {
  mobilenet: application("mobilenet", "MobileNet of 2017, 4.3 million parameters", 224, "tf", mobileNet),
  mobilenet_v2: application("mobilenet_v2", "MobileNetV2 of 2018, 3.5 million parameters", 224, "tf", mobileNetV2),
  inception_v3: application("inception_v3", "Inception v3 of 2015, 24 million parameters", 299, "tf", inceptionV3),
  xception: application("xception", "Xception of 2016, 23 million parameters", 299, "tf", xception),
  resnet50: application("resnet50", "ResNet-50 of 2015, 26 million parameters", 224, "caffe", resNet50),
  efficientnet_b0: application(
    "efficientnet_b0",
    "EfficientNet-B0 of 2019, 5.3 million parameters",
    224,
    "none",
    efficientNetB0,
  ),
} as const satisfies Record<ImageNetName, unknown>;

/** The names that `imageNetApplication` takes. */
export const IMAGENET_NAMES = Object.keys(IMAGENET_APPLICATIONS) as readonly ImageNetName[];

/**
 * The application of that name.
 * @param name One of `IMAGENET_NAMES`.
 * @throws FoveaError listing the names there are.
 * @example const model = imageNetApplication("mobilenet").build({ inputShape: [32, 32, 3], alpha: 0.25, classes: 4 });
 */
export const imageNetApplication = (name: string): ImageNetApplication =>
  IMAGENET_APPLICATIONS[oneOf("model", name, IMAGENET_NAMES)];
