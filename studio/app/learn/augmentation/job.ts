// Sixteen variants of a picture, by the library's own layers.
import { callLayer, sequential, type Tensor, tensor } from "fovea";
import {
  input,
  type Layer,
  randomBrightness,
  randomContrast,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "fovea/layers";
import type { Job } from "../engine/job.ts";
import { type PictureWish, picture } from "../engine/pictures.ts";
import { engineRuntime } from "../engine/runtime.ts";
import { LARGEST, type LayerCall, layersOf, type Settings, VARIANTS } from "./state.ts";

/** Bytes of a picture, row by row, channels last. */
export interface Variant {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8ClampedArray;
}

export interface Variants {
  readonly settings: Settings;
  readonly original: Variant;
  readonly variants: readonly Variant[];
  /** Number of variants that differ from one another. */
  readonly different: number;
}

const LAYERS = { randomFlip, randomRotation, randomTranslation, randomZoom, randomBrightness, randomContrast } as const;

const layerOf = ({ name, args }: LayerCall): Layer => (LAYERS[name] as (...args: readonly unknown[]) => Layer)(...args);

interface Asked {
  readonly image: Pick<PictureWish, "name" | "stamp">;
  readonly settings: Settings;
}

export const variants: Job<Asked, Variants> = async ({ image, settings }) => {
  const original = await picture({ ...image, color: "rgb", size: LARGEST });
  const { width, height, channels, data } = original;
  const shape = [height, width, channels] as const;
  const all = new Uint8Array(VARIANTS * data.length);
  for (let i = 0; i < VARIANTS; i++) all.set(data, i * data.length);
  const images = tensor(all, [VARIANTS, ...shape], "uint8");
  const { seed, training } = settings;
  const varying = layersOf(settings).map(layerOf);
  const drawn: Tensor =
    varying.length === 0
      ? images
      : await callLayer(sequential([input(shape), ...varying]), images, { training, seed, runtime: engineRuntime() });
  const each = Array.from({ length: VARIANTS }, (_, i) => ({
    ...{ width, height, channels },
    data: Uint8ClampedArray.from(drawn.data.subarray(i * data.length, (i + 1) * data.length)),
  }));
  return {
    settings,
    original: { width, height, channels, data: Uint8ClampedArray.from(data) },
    variants: each,
    different: new Set(each.map((variant) => variant.data.join())).size,
  };
};
