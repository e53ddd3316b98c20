// The trained networks that are in the package: for each its file, the images that it takes and the layer that its
// features come out of.
import { type Preprocessing, UPRIGHT } from "../../formats/run/recipe.js";
import type { AugmentationName } from "../recipe/augmentation.js";

export interface ShippedBase {
  readonly title: string;
  /** The address of its file; written out for each, so that bundlers find the file. */
  readonly file: () => URL;
  readonly preprocessing: Preprocessing;
  /** Layer whose results are the features. */
  readonly features: string;
  readonly augmentation: AugmentationName;
  /** Number of varied copies of each training image. */
  readonly variants: number;
}

export const SHIPPED_BASES = {
  hanzi: {
    title: "Fovea's own for handwriting, in the package: 80x60, grey",
    file: () => new URL("../../../../assets/hanzi/model.keras", import.meta.url),
    preprocessing: { imageSize: [80, 60], color: "grayscale", interpolation: "lanczos", ...UPRIGHT },
    features: "features",
    augmentation: "light",
    variants: 8,
  },
} as const satisfies Readonly<Record<string, ShippedBase>>;

export type ShippedName = keyof typeof SHIPPED_BASES;

export const SHIPPED_NAMES = Object.keys(SHIPPED_BASES) as readonly ShippedName[];

/** Tells a network that is in the package. */
export const isShipped = (name: string): name is ShippedName => Object.hasOwn(SHIPPED_BASES, name);
