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
  /** Strides of the maps that it takes, the finest first: the first of these lists that a base has all of. */
  readonly strides: readonly (readonly number[])[];
  /**
   * The outputs of the head.
   * @throws FoveaError for images of sides that it does not take
   */
  readonly build: (maps: StrideMaps, shape: Pick<ApplicationOptions, "imageSize" | "classes">) => SymbolicTensor;
}
