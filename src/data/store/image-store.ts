// Images of one size, given row by row. Callers need not know whether they are in memory, in a file or decoded when
// they are asked for; the pixels are the same to the byte.
import { type Tensor, takeRows } from "../../core/tensor.js";

/** Images of one size that are read when they are needed. */
export interface ImageStore {
  /** Number of images. */
  readonly count: number;
  /** Height, width and channels of each. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Pixels of some images, `[indices.length, height, width, channels]`, 0 to 255. */
  rows(indices: Int32Array): Tensor<"uint8"> | Promise<Tensor<"uint8">>;
  /** Releases file handles and workers; absent where there are none. */
  close?(): Promise<void>;
}

/** Images in one tensor. */
export class MemoryStore implements ImageStore {
  readonly count: number;
  readonly shape: ImageStore["shape"];

  /** @param x `[count, height, width, channels]` */
  constructor(readonly x: Tensor<"uint8">) {
    const [count, height, width, channels] = x.shape as [number, number, number, number];
    this.count = count;
    this.shape = [height, width, channels];
  }

  rows(indices: Int32Array): Tensor<"uint8"> {
    return takeRows(this.x, indices);
  }
}

/**
 * Bytes of memory that a store holds for good.
 * @param store A store of images.
 * @example bytesHeld(new MemoryStore(images)); // 1152
 */
export const bytesHeld = (store: ImageStore): number => (store instanceof MemoryStore ? store.x.data.length : 0);

/** Bytes of one image. */
export const rowBytes = ([height, width, channels]: ImageStore["shape"]): number => height * width * channels;
