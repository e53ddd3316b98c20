// A network as the page shows it: plain data about its layers, and what they put out for a picture.

export type { LayerFacts, NetworkFacts } from "../../../contract/network-facts.js";

export const NETWORKS = ["lenet5", "alexnet", "cnn", "hanzi"] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** A layer's output for one picture, without the batch axis. */
export interface LayerMaps {
  readonly layer: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
