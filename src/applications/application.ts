// The interface of known architectures: a model for images of a size and a number of classes, and its training.
import { FoveaError, shown } from "../core/errors.js";
import { checkOptions, wholeNumber } from "../core/options.js";
import { InputLayer, type Layer, type SymbolicTensor } from "../nn/layers/index.js";
import { binaryCrossentropy, type Loss, sparseCategoricalCrossentropy } from "../nn/losses/index.js";
import { binaryAccuracy, type MetricLike, sparseTopKCategoricalAccuracy } from "../nn/metrics/index.js";
import { Functional } from "../nn/model/functional.js";
import type { CompileOptions, Model, ModelOptions } from "../nn/model/model.js";
import { Sequential } from "../nn/model/sequential.js";

/** The images and classes that an architecture is built for. */
export interface ApplicationOptions {
  /** Height and width of the images. */
  readonly imageSize: readonly [height: number, width: number];
  /** 1 for grey, 3 for RGB. */
  readonly channels: number;
  /** Number of classes that the last layer tells apart, at least 1. */
  readonly classes: number;
  /** Layers at the end for another task. Default: those that tell `classes` apart. */
  readonly head?: readonly Layer[];
}

/** An architecture that Fovea knows by name. */
export interface Application {
  /** The name that recipes and the command take: `cnn`. */
  readonly name: string;
  /** One line for help texts. */
  readonly title: string;
  /** The shape that it was published for, or in Fovea's own case made for. */
  readonly shape: ApplicationOptions;
  /** True where its outputs are logits rather than probabilities. */
  readonly fromLogits: boolean;
  /** A model with fresh weights; pixels go in as 0 to 255. */
  readonly build: (shape: ApplicationOptions, options?: ModelOptions) => Model;
}

/** The shapes of the two contests that most of them were made for. */
export const IMAGENET: ApplicationOptions = { imageSize: [224, 224], channels: 3, classes: 1000 };
export const CIFAR_10: ApplicationOptions = { imageSize: [32, 32], channels: 3, classes: 10 };
/** The lecture's handwriting. */
export const CHARACTERS: ApplicationOptions = { imageSize: [80, 60], channels: 1, classes: 55 };

type Facts = Omit<Application, "build">;

/** The input of an architecture. @throws FoveaError unless the shape is one. */
function imagesOf(name: string, shape: ApplicationOptions): InputLayer {
  checkOptions(name, shape, ["imageSize", "channels", "classes", "head"]);
  const { imageSize, channels, classes } = shape;
  if (!Array.isArray(imageSize) || imageSize.length !== 2)
    throw new FoveaError("wrong-type", `${name} imageSize: expected [height, width], received ${shown(imageSize)}`);
  const [height, width] = imageSize.map((extent: number) => wholeNumber(`${name} imageSize`, extent));
  wholeNumber(`${name} classes`, classes);
  return new InputLayer([height!, width!, wholeNumber(`${name} channels`, channels)]);
}

/** @throws FoveaError for sides that are no whole multiples of a unit, that of the coarsest scale of `name` */
export function checkUnit(name: string, [height, width]: ApplicationOptions["imageSize"], unit: number): void {
  if (height % unit === 0 && width % unit === 0) return;
  throw new FoveaError(
    "out-of-range",
    `${name}: expected an image size of whole multiples of ${unit} pixels, received ${height}x${width}; ` +
      `take ${Math.ceil(height / unit) * unit}x${Math.ceil(width / unit) * unit}`,
  );
}

/** An architecture that is a stack of layers, without the input layer; the last of them tells classes apart. */
export const stacked = (facts: Facts, layers: (shape: ApplicationOptions) => Layer[]): Application => ({
  ...facts,
  build: (shape, options = {}) => {
    const images = imagesOf(facts.name, shape);
    const all = layers(shape);
    const ended = shape.head === undefined ? all : [...all.slice(0, -1), ...shape.head];
    return new Sequential([images, ...ended], options);
  },
});

/** An architecture with branches: what `outputs` makes of the images. */
export const branched = (
  facts: Facts,
  outputs: (image: SymbolicTensor, shape: ApplicationOptions) => SymbolicTensor,
): Application => ({
  ...facts,
  build: (shape, options = {}) => {
    const inputs = imagesOf(facts.name, shape);
    return new Functional({ ...options, inputs, outputs: outputs(inputs.output, shape) });
  },
});

/** Classifier whose loss and metrics are wanted. */
export interface ClassifierFacts {
  /** True where its outputs are logits rather than probabilities. */
  readonly fromLogits: boolean;
  /** Number of classes. Default: five or more. */
  readonly classes?: number;
  /** Number of outputs; a single output is that of the second of two classes. Default: an output for each class. */
  readonly outputs?: number;
}

/** Number of the best predictions that count as right in the top-k metric: five, or all where there are fewer classes. */
export const topK = (classes: number): number => Math.min(5, classes);

/** Loss and metrics of a classifier: crossentropy, accuracy and, with an output for each class, top-5. */
export function classifierObjective({ fromLogits, classes = 5, outputs }: ClassifierFacts): {
  readonly loss: Loss;
  readonly metrics: readonly MetricLike[];
} {
  if (outputs === 1) {
    const accuracy = binaryAccuracy({ name: "accuracy", threshold: fromLogits ? 0 : 0.5 });
    return { loss: binaryCrossentropy({ fromLogits }), metrics: [accuracy] };
  }
  return {
    loss: sparseCategoricalCrossentropy({ fromLogits }),
    metrics: ["accuracy", sparseTopKCategoricalAccuracy({ k: topK(classes) })],
  };
}

/**
 * Compile options of classifiers by default: Adam, crossentropy, accuracy and top-5.
 * @param classifier `fromLogits`: true where the model puts out logits rather than probabilities.
 * @example model.compile(defaultCompileOptions({ fromLogits: true }))
 */
export const defaultCompileOptions = (classifier: ClassifierFacts): CompileOptions => ({
  optimizer: "adam",
  ...classifierObjective(classifier),
});
