// Signals of image files: how the photos look as they are, and where a network puts them. Both of a sample, for pixels take
// time; the same files give the same sample.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { sampledPlaces } from "../../core/random.js";
import type { Vectors } from "../../core/statistics/index.js";
import { lookAtImages } from "../../data/index.js";
import { samplesOf } from "../models/predict-inputs.js";
import type { AskedFile } from "../models/predict-sources.js";
import type { TrainedModel } from "../models/trained-model.js";
import { embedderOf } from "../pretrained/embedding.js";
import type { PhotoSignals } from "./signals.js";

/** The most photos that are looked at, and the most that are embedded: permutations take the square of these. */
export const MOST_LOOKED_AT = 500;
const MOST_EMBEDDED = 256;
/** Numbers of all embeddings together. */
const MOST_NUMBERS = 2 ** 19;
const BATCH = 32;

/**
 * Some of the items, in their order; all where there are no more.
 * @param items Any list.
 * @param most The most items to keep.
 * @example sampleOf([..."abcdefgh"], 3).length; // 3, the same ones each time
 */
export const sampleOf = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most ? items : Array.from(sampledPlaces(items.length, most), (at) => items[at]!);

/**
 * Looks of a sample of photos; undefined where none can be decoded.
 * @param files Photos by name and source, as `askedFiles` gives them.
 * @param options `threads` that decode; default as many as the machine has.
 */
export async function photoSignals(
  files: readonly AskedFile[],
  { threads }: { readonly threads?: number | undefined } = {},
): Promise<PhotoSignals | undefined> {
  const images = sampleOf(files, MOST_LOOKED_AT).map(({ name, source }) => ({ path: name, size: 0, source }));
  const { heights, widths, measures, photos } = await lookAtImages(
    { images },
    { collect: ["measures", "photos"], ...defined({ threads }) },
  );
  return signalsOfLooks(
    images.map((_, at) => ({
      pixels: heights[at]! * widths[at]!,
      brightness: measures.brightness[at]!,
      contrast: measures.contrast[at]!,
      sharpness: measures.sharpness[at]!,
      camera: photos.get(at)?.camera,
    })),
  );
}

/** Looks of a photo that signals are made of; `pixels` is 0 where it cannot be decoded. */
export type LookOfPhoto = Readonly<
  Record<"pixels" | "brightness" | "contrast" | "sharpness", number> & { camera: string | undefined }
>;

/**
 * Looks of photos as signals; undefined where none can be decoded.
 * @param looks Measures of each photo: pixels, brightness, contrast, sharpness, camera.
 * @example signalsOfLooks([{ pixels: 144, brightness: 90, contrast: 20, sharpness: 5, camera: undefined }]).cameras; // [""]
 */
export function signalsOfLooks(looks: readonly LookOfPhoto[]): PhotoSignals | undefined {
  const good = looks.filter(({ pixels }) => pixels > 0);
  if (good.length === 0) return undefined;
  return {
    brightness: good.map(({ brightness }) => brightness),
    contrast: good.map(({ contrast }) => contrast),
    sharpness: good.map(({ sharpness }) => sharpness),
    pixels: good.map(({ pixels }) => pixels),
    cameras: good.map(({ camera = "" }) => camera),
  };
}

/**
 * Embeddings of a sample of photos by the layer before the one that decides; undefined for a model without such a layer.
 * @param opened A model of images, as `openModel` gives it.
 * @param files Photos by name and source; at most 256 of them are embedded.
 * @example
 * const opened = await openModel("model.keras", { threads: 1 });
 * const { size } = await embeddingSignals(opened, await askedFiles(["photos"])); // 6: the layer "hidden"
 * await opened.model.close();
 */
export async function embeddingSignals(
  opened: TrainedModel,
  files: readonly AskedFile[],
): Promise<Vectors | undefined> {
  let embedder: Awaited<ReturnType<typeof embedderOf>>;
  try {
    embedder = await embedderOf(opened);
  } catch (error) {
    // A model whose one layer takes the pixels has no features.
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
  try {
    const { size } = embedder;
    const most = Math.min(MOST_EMBEDDED, Math.floor(MOST_NUMBERS / size));
    if (most < 2) return undefined;
    const vectors: Float32Array[] = [];
    for await (const { x } of samplesOf(opened, sampleOf(files, most), BATCH))
      if (x !== undefined) vectors.push(...(await embedder.embedImages(x)));
    const data = new Float32Array(vectors.length * size);
    for (const [at, vector] of vectors.entries()) data.set(vector, at * size);
    return vectors.length < 2 ? undefined : { size, data };
  } finally {
    await embedder.close();
  }
}
