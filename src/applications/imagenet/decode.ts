// From the outputs of an ImageNet classifier to classes in words.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { showShape } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import { readAsset } from "../../platform/assets.js";

/** A class: its number in WordNet, a word for it, and the model's output for it, the probability as a rule. */
export type Decoded = readonly [synset: string, word: string, score: number];

const CLASSES = 1000;
let classIndex: Promise<readonly (readonly [string, string])[]> | undefined;

/**
 * ImageNet's thousand classes in the order of the models' outputs.
 * @example const [synset, word] = (await imageNetClasses())[0]; // n01440764, tench
 */
export function imageNetClasses(): Promise<readonly (readonly [synset: string, word: string])[]> {
  classIndex ??= readAsset(new URL("../../../../assets/imagenet/classes.txt", import.meta.url)).then((bytes) =>
    new TextDecoder()
      .decode(bytes)
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(0, 9), line.slice(10)] as const),
  );
  return classIndex;
}

/**
 * The `top` classes with the largest outputs for each image, the largest first.
 * @param predictions what `predict` returned, `[images, 1000]`
 * @param options `top`: number of classes per image; default 5.
 * @throws FoveaError unless the outputs are `[images, 1000]`.
 * @example
 * const outputs = zeros([1, 1000], "float32"); // as predict returns them
 * const [[best]] = await decodePredictions(outputs, { top: 3 });
 */
export async function decodePredictions(
  { shape, data }: Tensor,
  options: { readonly top?: number } = {},
): Promise<Decoded[][]> {
  checkOptions("decodePredictions", options, ["top"]);
  const top = wholeNumber("decodePredictions top", options.top ?? 5);
  if (shape.length !== 2 || shape[1] !== CLASSES)
    throw new FoveaError(
      "shape-mismatch",
      `decodePredictions: expected the outputs of a classifier of ImageNet, [images, ${CLASSES}], received ` +
        showShape(shape),
    );
  const classes = await imageNetClasses();
  return Array.from({ length: shape[0]! }, (_, n) => {
    const row = data.subarray(n * CLASSES, (n + 1) * CLASSES);
    return [...row.keys()]
      .sort((a, b) => row[b]! - row[a]! || a - b)
      .slice(0, top)
      .map((index): Decoded => [...classes[index]!, row[index]!]);
  });
}
