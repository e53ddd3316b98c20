// What models of labels and targets learn from: features of a base, which come from the cache where `transfer` or an earlier
// check has made them, or pixels where no base fits.
import { IMAGENET_NAMES, weightFileNamed } from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import type { Tensor } from "../../core/tensor.js";
import { COLOR_MODES, type ColorMode, channelsOf, openListing } from "../../data/index.js";
import { type Preprocessing, UPRIGHT } from "../../formats/run/recipe.js";
import { baseName } from "../../platform/paths.js";
import { lookOf } from "../data/look.js";
import { storedWeights } from "../pretrained/weights-store.js";
import { BASE_NAMES, baseFileInStore, MODEL_BASE, readBaseWeights } from "../transfer/base.js";
import { featuresOf } from "../transfer/features.js";
import { buildFeatures } from "../transfer/model.js";
import { basePreprocessing } from "../transfer/recipe.js";
import type { Learnable } from "./held-out.js";
import type { HealthSubject } from "./subject.js";

/** The word for no base: a small network learns from the pixels. */
export const NO_BASE = "none";

/** A base, and the file of its weights where the user names one. */
interface BaseChoice {
  readonly base: string;
  readonly weights?: string;
}

/** Images as models learn from them. */
export interface Seen {
  /** Name of the base, or `none`. */
  readonly base: string;
  /** `[images, numbers]`; undefined without a base. */
  readonly features?: Tensor<"float32">;
  /** Pixels; undefined with a base. */
  readonly pixels?: Learnable;
  close(): Promise<void>;
}

const GREY: readonly ColorMode[] = ["1", "L", "LA", "I;16"];

/** True where nine of ten images have grey levels only. */
function areGrey({ looks, used }: Pick<HealthSubject, "looks" | "used">): boolean {
  const grey = used.filter((index) => GREY.includes(COLOR_MODES[looks.modes[index]!]!));
  return grey.length >= 0.9 * used.length;
}

/**
 * The base of a wish. Without a wish: the shipped one for grey images, for others the first network of ImageNet whose
 * weights are in the local store, else none.
 * @param wish name of a base, `none`, or a file: weights that Keras publishes, known by their name, or a model
 */
async function chosenBase(subject: HealthSubject): Promise<BaseChoice | undefined> {
  const wish = subject.settings.base;
  if (wish === NO_BASE) return undefined;
  if (wish !== undefined && BASE_NAMES.includes(wish)) return { base: wish };
  if (wish !== undefined) return { base: weightFileNamed(baseName(wish))?.model ?? MODEL_BASE, weights: wish };
  if (areGrey(subject)) return { base: "hanzi" };
  for (const base of IMAGENET_NAMES)
    if ((await storedWeights(await baseFileInStore(base))) !== undefined) return { base };
  return undefined;
}

/** The longest side in pixels of images that a small network learns from. */
const LONGEST = 48;

/** Size and colours of images for a small network: their median size, made smaller where need be. */
function smallLook({ looks, used, ...subject }: Pick<HealthSubject, "looks" | "used">): Preprocessing {
  const middle = (values: Uint32Array): number =>
    used.map((index) => values[index]!).sort((a, b) => a - b)[Math.floor(used.length / 2)]!;
  const [height, width] = [middle(looks.heights), middle(looks.widths)];
  const scale = Math.min(1, LONGEST / Math.max(height, width));
  // Two poolings need a side of four pixels.
  const side = (length: number): number => Math.max(4, Math.round(length * scale));
  const color = areGrey({ ...subject, looks, used }) ? "grayscale" : "rgb";
  return { imageSize: [side(height), side(width)], color, interpolation: "lanczos", ...UPRIGHT };
}

/**
 * Opens some images of a subject for models to learn from.
 * @param indices numbers of the images, which can be decoded
 * @param onProgress receives the number of images whose features are made
 * @throws FoveaError for a base that does not exist, or whose weights are nowhere
 */
export async function seenImages(
  subject: HealthSubject,
  indices: readonly number[],
  onProgress: (done: number, total: number) => void,
): Promise<Seen> {
  const { source, settings } = subject;
  const choice = await chosenBase(subject);
  const preprocessing = choice === undefined ? smallLook(subject) : await basePreprocessing(choice);
  const listing = {
    where: source.listing.where,
    images: indices.map((index) => source.listing.images[index]!),
    columns: {},
    findings: [],
  };
  const { memory, threads } = settings;
  const { images, contentHash } = await openListing(listing, {
    ...lookOf(preprocessing),
    ...defined({ memory, threads }),
  });
  const close = async (): Promise<void> => images.close?.();
  if (choice === undefined) {
    const [height, width] = preprocessing.imageSize;
    const x = { dtype: "uint8", shape: [height, width, channelsOf(preprocessing.color)] } as const;
    return { base: NO_BASE, pixels: { count: indices.length, x, rows: (rows) => images.rows(rows) }, close };
  }
  try {
    const weights = await readBaseWeights(choice.base, choice.weights);
    const plan = {
      model: { name: choice.base },
      preprocessing,
      mode: "reproducible" as const,
      seed: 0,
      transfer: { weights: { sha256: weights.sha256 }, augmentation: "none" },
    };
    const network = await buildFeatures(plan, weights, defined({ threads }));
    try {
      const seeing = { features: network, varied: undefined, elsewhere: undefined };
      const samples = { images, contentHash };
      return { base: choice.base, features: await featuresOf(seeing, plan, { samples }, 0, onProgress), close };
    } finally {
      await network.close();
    }
  } catch (error) {
    await close();
    throw error;
  }
}
