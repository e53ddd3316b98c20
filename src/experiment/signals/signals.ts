// Signals: what is known of a batch of images without their targets, as far as drift shows in it: what the model says, how
// the photos look, where the network puts them. Those of a run's test images are its reference.
import * as z from "zod";
import type { Vectors } from "../../core/statistics/index.js";
import { checkJson, parseJson } from "../../formats/json.js";
import { SHA256 } from "../../formats/run/recipe.js";
import { base64 } from "../../report/images/data-uri.js";

const count = z.int().min(0);
const numbers = z.array(z.number()).max(10_000).readonly();
const names = z.array(z.string()).max(100_000).readonly();
const counts = z.array(count).max(100_000).readonly();

const CLASSES = z.object({
  kind: z.literal("classes"),
  names,
  /** Images that each class was said of. */
  counts,
  /** Probabilities of the classes that were said, of a sample of the images. */
  confidence: numbers,
});

const LABELS = z.object({
  kind: z.literal("labels"),
  names,
  /** Images that each label was given. */
  counts,
});

const NUMBERS = z.object({
  kind: z.literal("numbers"),
  names,
  /** Predictions of each target, of a sample of the images. */
  values: z.array(numbers).max(1000).readonly(),
});

const PREDICTIONS = z.discriminatedUnion("kind", [CLASSES, LABELS, NUMBERS]);

/** Properties of photos that are numbers. */
export const PHOTO_MEASURES = ["brightness", "contrast", "sharpness", "pixels"] as const;
/** A name among `PHOTO_MEASURES`. */
export type PhotoMeasure = (typeof PHOTO_MEASURES)[number];

const PHOTOS = z.object({
  /** Mean grey level, its standard deviation, and sharpness, see `data/health/look.ts`; number of pixels. */
  ...(Object.fromEntries(PHOTO_MEASURES.map((name) => [name, numbers])) as Record<PhotoMeasure, typeof numbers>),
  /** Cameras by their EXIF entries; "" for a photo without. */
  cameras: z.array(z.string()).max(10_000).readonly(),
});

const TRUTHS = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rights"), right: count, total: count }),
  /** Distances of predictions from their targets, of a sample. */
  z.object({ kind: z.literal("errors"), errors: numbers }),
]);

const EMBEDDINGS = z
  .object({
    size: z
      .int()
      .min(1)
      .max(1 << 20),
    bytes: z.base64().max(1 << 24),
  })
  .transform(({ size, bytes }, context): Vectors => {
    const raw = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
    if (raw.length % (4 * size) === 0) return { size, data: new Float32Array(raw.buffer) };
    context.addIssue({ code: "custom", message: `expected vectors of ${size} numbers` });
    return z.NEVER;
  });

const SIGNALS = z.object({
  /** Images that the predictions are about. */
  images: count,
  predictions: PREDICTIONS,
  photos: PHOTOS.optional(),
  embeddings: EMBEDDINGS.optional(),
  truths: TRUTHS.optional(),
});

const REFERENCE = z.object({
  version: z.literal(1),
  /** Of the model that the signals are of. */
  weights_sha256: SHA256,
  /** Part of the data that they were taken from, in words. */
  part: z.string(),
  signals: SIGNALS,
});

/** Signals of answers, by their kind: classes, labels or numbers. */
export type PredictionSignals = z.output<typeof PREDICTIONS>;
/** Signals of photos as they are: brightness, contrast, sharpness, size and camera of a sample. */
export type PhotoSignals = z.output<typeof PHOTOS>;
/** Signals of answers whose truth is known: right ones, or errors. */
export type TruthSignals = z.output<typeof TRUTHS>;
/** Signals of a batch of images. */
export type Signals = z.output<typeof SIGNALS>;
/** Signals of a run's test images, which new images are compared with. */
export type Reference = z.output<typeof REFERENCE>;

/** Digits of numbers in the file: those of a 32-bit float. */
const DIGITS = 7;
const short = (value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

/**
 * The text of a reference.json; numbers have seven digits.
 * @param reference Signals with the part and the weights that they are of.
 * @example
 * const predictions = { kind: "classes", names: ["cat", "dog"], counts: [4, 6], confidence: [0.9, 0.8] };
 * const photos = await photoSignals(await askedFiles(["photos"]), { threads: 0 });
 * const text = writeReference({ version: 1, weights_sha256: "0".repeat(64), part: "test", signals: { images: 10, predictions, photos } });
 * readReference(text).signals.photos.brightness.length; // 3
 */
export const writeReference = (reference: Reference): string => {
  const { embeddings, ...signals } = reference.signals;
  const bytes = embeddings && {
    size: embeddings.size,
    bytes: base64(new Uint8Array(Float32Array.from(embeddings.data).buffer)),
  };
  const whole = { ...reference, signals: { ...signals, ...(bytes && { embeddings: bytes }) } };
  return `${JSON.stringify(whole, (_, value) => short(value))}\n`;
};

/**
 * Reads the text of a reference.json.
 * @param text The file's text.
 * @param name The name in messages; default `reference.json`.
 * @throws FoveaError naming the first field that is missing or wrong
 */
export const readReference = (text: string, name = "reference.json"): Reference =>
  checkJson(name, REFERENCE, parseJson(name, text));
