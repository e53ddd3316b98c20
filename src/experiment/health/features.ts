// Features that models of labels and targets learn from: those of a base, which come from the cache where `transfer` or an earlier
// check has made them, or of patches where no base fits.
import { IMAGENET_NAMES, weightFileNamed } from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import type { Tensor } from "../../core/tensor.js";
import { VERSION } from "../../core/version.js";
import { COLOR_MODES, type ColorMode, openListing } from "../../data/index.js";
import { type Preprocessing, UPRIGHT } from "../../formats/run/recipe.js";
import { baseName } from "../../platform/paths.js";
import { lookOf } from "../data/look.js";
import { keptPath, readKept, writeKept } from "../pretrained/feature-cache.js";
import { storedWeights } from "../pretrained/weights-store.js";
import { BASE_NAMES, baseFileInStore, MODEL_BASE, readBaseWeights } from "../transfer/base.js";
import { featuresOf } from "../transfer/features.js";
import { buildFeatures } from "../transfer/model.js";
import { basePreprocessing } from "../transfer/recipe.js";
import { patchFeatures } from "./patch-features.js";
import type { HealthSubject } from "./subject.js";

/** The word for no base: features are those of patches. */
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
  /** `[images, numbers]`. */
  readonly features: Tensor<"float32">;
}

const GREY: readonly ColorMode[] = ["1", "L", "LA", "I;16"];

/** True where nine of ten images have grey levels only. */
function areGrey({ looks, used }: Pick<HealthSubject, "looks" | "used">): boolean {
  const grey = used.filter((index) => GREY.includes(COLOR_MODES[looks.modes[index]!]!));
  return grey.length >= 0.9 * used.length;
}

/**
 * The base of a wish. Without a wish: the shipped one of handwriting for grey images, for others the first network of ImageNet whose
 * weights are in the local store, else the shipped one for photos.
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
  return { base: "photos" };
}

/** The longest side in pixels of images without a base. */
const LONGEST = 48;

/** Size and colours of images without a base: their median size, made smaller where need be. */
function smallLook({ looks, used, ...subject }: Pick<HealthSubject, "looks" | "used">): Preprocessing {
  const middle = (values: Uint32Array): number =>
    used.map((index) => values[index]!).sort((a, b) => a - b)[Math.floor(used.length / 2)]!;
  const [height, width] = [middle(looks.heights), middle(looks.widths)];
  const scale = Math.min(1, LONGEST / Math.max(height, width));
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  const color = areGrey({ ...subject, looks, used }) ? "grayscale" : "rgb";
  return { imageSize: [side(height), side(width)], color, interpolation: "lanczos", ...UPRIGHT };
}

/**
 * Features of some images of a subject.
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
  // Images are decoded by no thread besides this one where the number is 0; a network needs one.
  const engine = threads === undefined ? {} : { threads: Math.max(1, threads) };
  const { images, contentHash } = await openListing(listing, {
    ...lookOf(preprocessing),
    ...defined({ memory, threads }),
  });
  try {
    if (choice === undefined) {
      const path = await keptPath({ version: VERSION, features: "patches", preprocessing, contentHash }, "features");
      const kept = path === undefined ? undefined : await readKept(path);
      if (kept !== undefined && kept.table.shape[0] === indices.length) return { base: NO_BASE, features: kept.table };
      const x = { dtype: "uint8", shape: images.shape } as const;
      const pixels = { count: indices.length, x, rows: (rows: Int32Array) => images.rows(rows) };
      const features = await patchFeatures(pixels, { ...engine, onProgress });
      if (path !== undefined) await writeKept(path, { table: features, notes: {} });
      return { base: NO_BASE, features };
    }
    const weights = await readBaseWeights(choice.base, choice.weights);
    const plan = {
      model: { name: choice.base },
      preprocessing,
      mode: "reproducible" as const,
      seed: 0,
      transfer: { weights: { sha256: weights.sha256 }, augmentation: "none" },
    };
    const network = await buildFeatures(plan, weights, engine);
    try {
      const seeing = { features: network, varied: undefined, elsewhere: undefined };
      const samples = { images, contentHash };
      return { base: choice.base, features: await featuresOf(seeing, plan, { samples }, 0, onProgress) };
    } finally {
      await network.close();
    }
  } finally {
    await images.close?.();
  }
}
