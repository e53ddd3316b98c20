// Facts about how far a model's answers can be trusted, fitted on validation images: a temperature, the answers that limits of
// any coverage or risk follow from, and what images are like that the model was trained on. Their size is bounded.
import * as z from "zod";

/** The most validation images whose answers are stored; of more a random sample, which limits stay valid for. */
export const MOST_ANSWERS = 2000;
/** The most bytes of stored embeddings. */
export const MOST_EMBEDDING_BYTES = 131_072;

const share = z.number().min(0).max(1);
const column = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(MOST_ANSWERS).readonly();

/** Checks that all columns are as long as the first. */
const sameLength = (columns: Readonly<Record<string, { readonly length: number }>>): boolean =>
  new Set(Object.values(columns).map(({ length }) => length)).size === 1;
const ROWS = "expected lists of one length, an entry for each image";

const ANSWERS = z
  .object({
    /** Class of each image. */
    truth: column(z.int().min(0)),
    /** Probability of that class, at the temperature. */
    probability: column(share),
    /** Sum of the probabilities from the most probable class down to the true one. */
    above: column(z.number().min(0).max(1.001)),
    /** Place of the true class, from 1: the most probable. */
    rank: column(z.int().min(1)),
    /** Probability of the most probable class. */
    confidence: column(share),
  })
  .refine(sameLength, ROWS);

/** Place of a measure for validation images: its median, and the value that a share of them, `level`, stays at or below. */
const SCALE = { middle: z.number(), high: z.number() };

/** Embeddings of training images, a byte a number: number = low + step * byte. */
const NEAREST = z
  .object({
    ...SCALE,
    neighbours: z.int().min(1),
    width: z.int().min(1),
    low: z.number(),
    step: z.number().min(0),
    /** Base64, embedding after embedding. */
    embeddings: z.base64().max(Math.ceil(MOST_EMBEDDING_BYTES / 3) * 4),
  })
  .refine(({ embeddings, width }) => {
    const padding = embeddings.endsWith("==") ? 2 : embeddings.endsWith("=") ? 1 : 0;
    const bytes = (embeddings.length / 4) * 3 - padding;
    return bytes >= width && bytes % width === 0;
  }, "expected whole embeddings of that width");

const NOVELTY = z.object({
  /** Share of the validation images that the limit lets pass. */
  level: share,
  /** A novelty above it is that of another kind of image. */
  limit: z.number(),
  /** One less the probability of the most probable class; only where there is no other measure. */
  doubt: z.object(SCALE).optional(),
  /** Absent where the model has no logits. */
  energy: z.object(SCALE).optional(),
  /** Absent where the model has no embeddings, or too wide ones. */
  nearest: NEAREST.optional(),
});

const SOURCE = {
  /** Number of validation images that all of it was fitted on. */
  images: z.int().min(1),
  /** True where the same images chose the epoch. */
  choseEpoch: z.boolean(),
};

const CLASSES = z.object({
  kind: z.literal("classification"),
  ...SOURCE,
  /**
   * Divisor of the logits, and the mean log loss before and after; `refused` is a temperature of less log loss that would have made the
   * Brier score worse, and so was not taken.
   */
  temperature: z.object({
    value: z.number().min(0.05).max(20),
    before: z.number(),
    after: z.number(),
    refused: z.number().optional(),
  }),
  answers: ANSWERS,
  novelty: NOVELTY.optional(),
});

const NUMBERS = z.object({
  kind: z.literal("regression"),
  ...SOURCE,
  /** Measure of how far a number is off: in its unit, or relative to the prediction, as amounts are. */
  method: z.enum(["absolute", "relative"]),
  /** Of each target: its numbers and the model's. */
  targets: z
    .array(z.object({ actual: column(z.number()), predicted: column(z.number()) }).refine(sameLength, ROWS))
    .min(1)
    .readonly(),
});

export const TRUST_FACTS = z.discriminatedUnion("kind", [CLASSES, NUMBERS], {
  error: "expected facts about the trust in a classification or a regression",
});

export type TrustFacts = z.output<typeof TRUST_FACTS>;
/** Facts with a temperature, which those of classes have; undefined for others. */
export const temperedBy = (trust: TrustFacts | undefined): ClassTrust | undefined =>
  trust !== undefined && "temperature" in trust ? trust : undefined;
export type ClassTrust = z.output<typeof CLASSES>;
export type NumberTrust = z.output<typeof NUMBERS>;
export type NoveltyFacts = z.output<typeof NOVELTY>;
