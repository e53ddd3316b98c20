// A network as the page shows it: plain data about its layers, and what they put out for a picture.

export const NETWORKS = ["lenet5", "alexnet", "cnn", "hanzi"] as const;
export type NetworkName = (typeof NETWORKS)[number];

export interface LayerFacts {
  readonly name: string;
  /** Keras's class name. */
  readonly type: string;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly params: number;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Settings under Keras's names. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface NetworkFacts {
  /** Height, width and channels of the images that it takes. */
  readonly input: readonly number[];
  readonly layers: readonly LayerFacts[];
  readonly params: number;
}

/** A layer's output for one picture, without the batch axis. */
export interface LayerMaps {
  readonly layer: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
