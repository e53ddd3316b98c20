// The trained networks that are in the package: for each its file, the images that it takes and the layer that its
// features come out of.
import { defaultPlace } from "../../default-backend.js";
import { type Preprocessing, UPRIGHT } from "../../formats/run/recipe.js";
import { loadKeras } from "../../loading.js";
import type { Functional } from "../../nn/model/functional.js";
import { layerOutputs } from "../../nn/model/layer-outputs.js";
import type { ModelOptions } from "../../nn/model/model.js";
import { readAsset } from "../../platform/assets.js";
import type { AugmentationName } from "../recipe/augmentation.js";

export interface ShippedBase {
  readonly title: string;
  /** The address of its file; written out for each, so that bundlers find the file. */
  readonly file: () => URL;
  /** Preprocessing of the images that trained it. */
  readonly preprocessing: Preprocessing;
  /** Layer whose results are the features. */
  readonly features: string;
  readonly augmentation: AugmentationName;
  /** Number of varied copies of each training image. */
  readonly variants: number;
}

/** Trained networks of the package by their names: files, preprocessing, and the layers that features come from. */
export const SHIPPED_BASES = {
  hanzi: {
    title: "Fovea's own for handwriting, in the package: 80x60, grey",
    file: () => new URL("../../../../assets/hanzi/model.keras", import.meta.url),
    preprocessing: { imageSize: [80, 60], color: "grayscale", interpolation: "lanczos", ...UPRIGHT },
    features: "features",
    augmentation: "light",
    variants: 8,
  },
  photos: {
    title: "Fovea's own for photos, in the package: 160x160, colour, distilled from MobileNetV2",
    file: () => new URL("../../../../assets/photos/model.keras", import.meta.url),
    preprocessing: { imageSize: [160, 160], color: "rgb", interpolation: "bicubic", ...UPRIGHT },
    features: "block_14_add",
    augmentation: "none",
    variants: 4,
  },
} as const satisfies Readonly<Record<string, ShippedBase>>;

/** Name of a network in the package: "hanzi" for handwriting, "photos" for photos. */
export type ShippedName = keyof typeof SHIPPED_BASES;

/** Names of the networks in the package. */
export const SHIPPED_NAMES = Object.keys(SHIPPED_BASES) as readonly ShippedName[];

/**
 * Tells a network that is in the package from other names.
 * @param name a name or a path, as users give it
 */
export const isShipped = (name: string): name is ShippedName => Object.hasOwn(SHIPPED_BASES, name);

/** The bytes of a network's file. */
export const readShipped = (name: ShippedName): Promise<Uint8Array> => readAsset(SHIPPED_BASES[name].file());

/**
 * A network of the package, whole and frozen: its output decides among the classes that it was trained on.
 * @param name name of the network
 * @param options the place where it computes. Default: the one that models share
 * @example
 * const network = await openShipped("hanzi");
 * network.inputShape; // [80, 60, 1], the size in SHIPPED_BASES.hanzi.preprocessing
 * isShipped("mobilenet_v2"); // false: its weights are not in the package
 * await network.close();
 */
export async function openShipped(name: ShippedName, options: Partial<ModelOptions> = {}): Promise<Functional> {
  const file = `the network ${name} of the package`;
  const { model } = await loadKeras(await readShipped(name), { ...defaultPlace, ...options, compile: false, file });
  model.trainable = false;
  return layerOutputs(model, "");
}
