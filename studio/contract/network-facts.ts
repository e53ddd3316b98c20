// A network as pages show it: plain data about its layers, what they put out for a picture, and the kernels behind that.

/** One layer; the library's `layerFacts`. */
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
  /** Names of the layers that it takes from. */
  readonly from: readonly string[];
}

export interface NetworkFacts {
  /** Height, width and channels of the images that it takes. */
  readonly input: readonly number[];
  readonly layers: readonly LayerFacts[];
  readonly params: number;
}

export interface OpenedNetwork extends NetworkFacts {
  /** Path of the run or the model that it is of. */
  readonly path: string;
}

/** A layer's output for one picture, without the batch axis. */
export interface PackedMaps {
  readonly layer: string;
  readonly shape: readonly number[];
  /** 32-bit floats, the lowest byte first, as base64. */
  readonly base64: string;
}

/** One number of a layer's output, down to its products. */
export interface SumFacts {
  /** The layer that makes it, and the one whose output it looks at; empty for the image itself. */
  readonly layer: string;
  readonly from: string;
  readonly channel: number;
  readonly at: readonly [row: number, column: number];
  /** Shape of the kernel: height, width, inputs. */
  readonly shape: readonly [height: number, width: number, inputs: number];
  readonly weights: readonly number[];
  /** Values under the kernel, in the order of its weights. */
  readonly window: readonly number[];
  /** Sum of the products for each input. */
  readonly sums: readonly number[];
  readonly bias: number;
  readonly sum: number;
}
