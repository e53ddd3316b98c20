// Augmentation for people who do not want to choose: a few layers in front of a model, part of it from then on. They
// work in training only, so a model that has them predicts as it would without.
import { FoveaError } from "../../core/errors.js";
import { defaultPlace } from "../../default-backend.js";
import type { TaskFacts } from "../../formats/run/task.js";
import {
  InputLayer,
  type Layer,
  randomBrightness,
  randomContrast,
  randomFlip,
  randomMosaic,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "../../nn/layers/index.js";
import type { Model, ModelOptions } from "../../nn/model/model.js";
import { Sequential } from "../../nn/model/sequential.js";
import { TASKS } from "../tasks/index.js";

const around = { fillMode: "nearest" } as const;

const shifted = (): Layer => randomTranslation(0.08, 0.08, around);
const zoomed = (): Layer => randomZoom(0.1, around);
const lit = (): Layer[] => [randomBrightness(0.1), randomContrast(0.2)];
/** Shifts, turns and zooms as a hand, or a camera held by one, makes them. */
const moved = (): Layer[] => [shifted(), randomRotation(0.03, around), zoomed()];

/** The same for boxes around things that are no characters, for which left and right may be exchanged. */
const mirrored = (): Layer[] => [randomFlip("horizontal"), shifted(), zoomed(), ...lit()];

/** Layers by their names. Characters are never mirrored, photos are; boxes around turned objects would be too large. */
const LAYERS = {
  none: (): Layer[] => [],
  light: moved,
  photo: (): Layer[] => [randomFlip("horizontal"), ...moved(), ...lit()],
  upright: (): Layer[] => [shifted(), zoomed(), ...lit()],
  mirrored,
  mosaic: (): Layer[] => [randomMosaic({ probability: 0.5 }), ...mirrored()],
} as const;

/**
 * Name of an augmentation: `none`, `light` (shifts, turns, zooms), `photo` (these, mirrors and light), or for boxes `upright`
 * (shifts, zooms and light), `mirrored` (these and mirrors) and `mosaic` (these and every second image of four).
 */
export type AugmentationName = keyof typeof LAYERS;
/** The names of augmentations. */
export const AUGMENTATIONS = Object.keys(LAYERS) as readonly AugmentationName[];

/** @throws FoveaError for images of several put into one where targets are of whole images */
export function checkAugmentation(name: AugmentationName, { kind }: Pick<TaskFacts, "kind">): void {
  if (name === "mosaic" && TASKS[kind].mapHead === undefined)
    throw new FoveaError(
      "unsuited-option",
      `--augment mosaic puts four images into one, and ${kind} has targets of whole images; take photo or light`,
    );
}

/** The layers behind a name. */
export const augmentationLayers = (name: AugmentationName): Layer[] => LAYERS[name]();

/**
 * A model with augmentation before everything else. Its layers become the new model's; weights are drawn again.
 * @param model A model that is not compiled.
 * @param name The augmentation; `none` gives the model back.
 * @example
 * const varied = augmented(sequential([input([12, 12, 1]), flatten(), dense(3)]), "light");
 * varied.layers.length; // 5: three of augmentation, flatten and dense
 */
export function augmented(model: Model, name: AugmentationName, options: ModelOptions = {}): Model {
  const added = augmentationLayers(name);
  if (added.length === 0) return model;
  const rest = model instanceof Sequential ? model.layers : [model];
  return new Sequential([new InputLayer(model.inputShape), ...added, ...rest], { ...defaultPlace, ...options });
}
