// Features of images where no base fits: a network of one layer whose filters are whitened patches of the images themselves, in
// both signs, averaged over a grid (Coates, Ng and Lee, "An analysis of single-layer networks in unsupervised feature learning",
// 2011). It learns from no label, so every fold may share it.
import { Random, STREAM } from "../../core/random.js";
import { type Tensor, type TensorType, tensor } from "../../core/tensor.js";
import { defaultPlace } from "../../default-backend.js";
import { Sequential } from "../../nn/index.js";
import { averagePooling2d, conv2d, flatten, input, rescaling } from "../../nn/layers/index.js";
import { predictBlocks } from "../data/blocks.js";

/** Pixels of images, by row. */
export interface PixelRows {
  readonly count: number;
  /** Type of one image, `[height, width, channels]` of uint8. */
  readonly x: TensorType;
  rows(indices: Int32Array): Tensor | Promise<Tensor>;
}

/** Pixels along each side of a patch, cells along each side of the grid, and filters of one sign. */
const [SIDE, GRID, FILTERS] = [6, 3, 64];
/** Numbers of all features together, 256 MB: more images get fewer filters. */
const MOST_NUMBERS = 2 ** 26;
/** Images that patches are drawn from, and patches of each. */
const [DRAWN_IMAGES, PATCHES] = [2000, 10];
/** Images that are computed together. */
const BATCH = 64;
/** Deviation of levels, from 0 to 1, below which a patch shows nothing. */
const PLAIN = 0.05;
/** Parts of the trace that every direction of the patches gets, so that noise is not made large. */
const RIDGE = 0.005;
/** Responses below this share of their deviation count as none. */
const DEAD = 0.5;

/**
 * Features of images without a base, `[count, numbers]`; a function of pixels and seed.
 * @param options.onProgress receives the number of images that are done
 */
export async function patchFeatures(
  images: PixelRows,
  {
    seed = 0,
    threads,
    onProgress,
  }: {
    readonly seed?: number | undefined;
    readonly threads?: number | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  } = {},
): Promise<Tensor<"float32">> {
  const [height, width, channels] = images.x.shape as [number, number, number];
  const side = Math.min(SIDE, height, width);
  const wanted = Math.max(8, Math.min(FILTERS, Math.floor(MOST_NUMBERS / (images.count * 2 * GRID * GRID))));
  const { kernel, bias, filters } = filtersOf(await patchesOf(images, side, seed), side * side * channels, wanted);
  const pool = [height, width].map((length) => Math.max(1, Math.floor((length - side + 1) / GRID)));
  const modelOptions = {
    ...defaultPlace,
    seed,
    mode: "reproducible" as const,
    ...(threads === undefined ? {} : { threads }),
  };
  const network = new Sequential(
    [
      input([height, width, channels]),
      rescaling(1 / 255),
      conv2d(2 * filters, side, { activation: "relu" }),
      averagePooling2d([pool[0]!, pool[1]!]),
      flatten(),
    ],
    modelOptions,
  );
  try {
    await network.setWeights([
      tensor(kernel, [side, side, channels, 2 * filters], "float32"),
      tensor(bias, [2 * filters], "float32"),
    ]);
    const features = await predictBlocks(network, images.count, BATCH, (rows) => images.rows(rows), onProgress);
    for (let at = 0; at < features.data.length; at++) features.data[at] = Math.sqrt(features.data[at]!);
    return features;
  } finally {
    await network.close();
  }
}

/** Patches less their means, levels from 0 to 1, drawn by the seed; plain ones only where there are no others. */
async function patchesOf({ count, x, rows }: PixelRows, side: number, seed: number): Promise<Float64Array[]> {
  const [height, width, channels] = x.shape as [number, number, number];
  const random = new Random(seed, STREAM.user);
  const chosen = random.permutation(count).slice(0, DRAWN_IMAGES);
  const found: Float64Array[] = [];
  const plain: Float64Array[] = [];
  for (let start = 0; start < chosen.length; start += BATCH) {
    const some = chosen.subarray(start, start + BATCH);
    const { data } = await rows(Int32Array.from(some));
    for (let image = 0; image < some.length; image++)
      for (let n = 0; n < PATCHES; n++) {
        const [top, left] = [random.integer(height - side + 1), random.integer(width - side + 1)];
        const patch = new Float64Array(side * side * channels);
        for (let at = 0; at < patch.length; at++) {
          const [row, rest] = [Math.floor(at / (side * channels)), at % (side * channels)];
          patch[at] = data[((image * height + top + row) * width + left) * channels + rest]! / 255;
        }
        const mean = patch.reduce((sum, value) => sum + value, 0) / patch.length;
        for (let at = 0; at < patch.length; at++) patch[at]! -= mean;
        const square = patch.reduce((sum, value) => sum + value * value, 0) / patch.length;
        (square > PLAIN * PLAIN ? found : plain).push(patch);
      }
  }
  return found.length > 0 ? found : plain;
}

/** Weights of the layer: whitened patches as filters of both signs, and thresholds by the deviations of their responses. */
function filtersOf(patches: readonly Float64Array[], size: number, wanted: number) {
  const filters = Math.min(wanted, patches.length);
  const covariance = new Float64Array(size * size);
  for (const patch of patches)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) covariance[i * size + j]! += (patch[i]! * patch[j]!) / patches.length;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += covariance[i * size + i]!;
  for (let i = 0; i < size; i++) covariance[i * size + i]! += RIDGE * trace + 1e-3;
  const lower = factor(covariance, size);
  const kernel = new Float32Array(size * 2 * filters);
  const bias = new Float32Array(2 * filters);
  for (let k = 0; k < filters; k++) {
    // A whitened patch of length 1 that whitened patches are multiplied by: C⁻¹p over the root of pᵀC⁻¹p.
    const filter = solved(lower, size, patches[k]!);
    const length = Math.sqrt(filter.reduce((sum, value, i) => sum + value * patches[k]![i]!, 0)) || 1;
    const mean = filter.reduce((sum, value) => sum + value, 0) / size;
    for (let i = 0; i < size; i++) filter[i] = (filter[i]! - mean) / length;
    let squares = 0;
    for (const patch of patches) squares += patch.reduce((sum, value, i) => sum + value * filter[i]!, 0) ** 2;
    bias[k] = bias[filters + k] = -DEAD * Math.sqrt(squares / patches.length);
    for (let i = 0; i < size; i++) {
      kernel[i * 2 * filters + k] = filter[i]!;
      kernel[i * 2 * filters + filters + k] = -filter[i]!;
    }
  }
  return { kernel, bias, filters };
}

/** Cholesky's factor of a positive definite matrix whose lower half is set. */
function factor(matrix: Float64Array, size: number): Float64Array {
  const lower = matrix.slice();
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / lower[j * size + j]!;
    }
  return lower;
}

/** Solution of `lower lowerᵀ x = right`. */
function solved(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const x = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * size + k]! * x[k]!;
    x[i]! /= lower[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= lower[k * size + i]! * x[k]!;
    x[i]! /= lower[i * size + i]!;
  }
  return x;
}
