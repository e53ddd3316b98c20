// The engine's job for the page of pooling: the layer on the page's picture.
import { callLayer, expandDims, tensor } from "fovea";
import { averagePooling2d, maxPooling2d } from "fovea/layers";
import { type PictureFacts, type PictureWish, picture } from "../engine/pictures.ts";
import { engineRuntime } from "../engine/runtime.ts";

export interface PoolingWish {
  readonly picture: PictureWish;
  readonly kind: "max" | "average";
  readonly size: number;
  readonly strides: number;
  readonly padding: "valid" | "same";
}

/** The layer's output; values row by row, channels last. */
export interface PoolingFacts {
  readonly picture: PictureFacts;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array;
}

const LAYERS = { max: maxPooling2d, average: averagePooling2d } as const;

export async function pool({ picture: wanted, kind, size, strides, padding }: PoolingWish): Promise<PoolingFacts> {
  const shown = await picture(wanted);
  const { width, height, channels, data } = shown;
  const x = expandDims(tensor(Float32Array.from(data), [height, width, channels], "float32"));
  const y = await callLayer(LAYERS[kind](size, { strides, padding }), x, { runtime: engineRuntime() });
  return {
    picture: shown,
    height: y.shape[1]!,
    width: y.shape[2]!,
    channels,
    values: Float32Array.from(y.data),
  };
}
