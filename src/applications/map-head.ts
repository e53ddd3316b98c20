// The interface of heads that stand on the maps of a trained base, for answers about places of an image: what maps they take, and
// what they make of them. The layers before the maps are no business of theirs.
import type { SymbolicTensor } from "../nn/layers/index.js";
import type { ApplicationOptions } from "./application.js";

/** Maps of a base by their strides: a map of stride 8 has an eighth of the image's rows and columns, rounded up. */
export type StrideMaps = ReadonlyMap<number, SymbolicTensor>;

/** A head on the maps of a trained base. */
export interface MapHead {
  /** One line for help texts. */
  readonly title: string;
  /** Strides of the maps that it needs, the finest first. */
  readonly strides: readonly number[];
  /** Stride of a map that it takes where the base has it; absent where there is none. */
  readonly optional?: number;
  /**
   * The outputs of the head.
   * @throws FoveaError for images of sides that it does not take
   */
  readonly build: (maps: StrideMaps, shape: Pick<ApplicationOptions, "imageSize" | "classes">) => SymbolicTensor;
}
