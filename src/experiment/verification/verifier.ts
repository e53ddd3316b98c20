// A verifier: a run or model file whose embeddings tell identities apart, opened to compare images. Images that cannot be
// read do not hide the others.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { BadFile } from "../data/bad-files.js";
import { type OpenedModel, openModel, readableImages, type TrainedModel } from "../models/index.js";
import { type PairComparison, taskOf } from "../tasks/index.js";
import { cosineOf } from "../tasks/scores/verification/index.js";

/** Place where a verifier computes, and its threshold in place of the file's. */
export interface VerifierOptions {
  /** Threads that the model computes with. Default: the number of the machine's processors. */
  readonly threads?: number | undefined;
  /** Cosine from which two images count as of one identity, from -1 to 1. Default: the one that validation chose. */
  readonly threshold?: number | undefined;
}

/** An image with its embedding. */
export interface Embedded {
  readonly image: string;
  readonly embedding: Float32Array;
}

/** Two images with the cosine of their embeddings. */
export interface ComparedPair {
  /** From -1 to 1. */
  readonly score: number;
  /** Cosine from which two images count as of one identity. */
  readonly threshold: number;
  /** True where the score reaches the threshold. */
  readonly same: boolean;
}

/** A model that is open for comparisons. */
export interface Verifier {
  /** Path of the model's file, for messages. */
  readonly file: string;
  /** SHA-256 of the weights: embeddings of another model are not comparable. */
  readonly model: string;
  /** Numbers of an embedding. */
  readonly dimensions: number;
  /** Cosine from which two images count as of one identity, from -1 to 1. */
  readonly threshold: number;
  /**
   * Embeddings of images, and the images that cannot be read.
   * @param paths of image files
   */
  embed(paths: readonly string[]): Promise<{ readonly good: readonly Embedded[]; readonly bad: readonly BadFile[] }>;
  /** Ends the model's threads. */
  close(): Promise<void>;
}

/** Images that are in memory at once. */
const BATCH = 64;

/**
 * Opens a run or a model file of the task verification.
 * @param path of the run's folder or of the model's file
 * @throws FoveaError for a model of another task, and for one without a threshold where none is passed
 * @example
 * const verifier = await openVerifier("verifier.keras", { threads: 1 });
 * const { score, same } = await comparePair(verifier, "pets/cat/1.png", "pets/cat/2.png");
 * await verifier.close();
 */
export async function openVerifier(path: string, options: VerifierOptions = {}): Promise<Verifier> {
  const opened = await openModel(path, { compile: false, ...defined({ threads: options.threads }) });
  try {
    return await verifierOf(opened, options);
  } catch (error) {
    await opened.model.close();
    throw error;
  }
}

/** The same of a model that is open; `close` closes it. */
async function verifierOf(opened: TrainedModel, { threshold: wished }: VerifierOptions): Promise<Verifier> {
  const { file, model, original } = opened;
  const { dimensions, threshold } = verificationOf(opened);
  const used = wished ?? threshold;
  if (used === undefined)
    throw new FoveaError(
      "unfinished",
      `${file} has no threshold, since its training was interrupted; continue it, or give --threshold`,
    );
  if (!(used >= -1 && used <= 1))
    throw new FoveaError("out-of-range", `threshold: expected a cosine from -1 to 1, received ${used}`);
  const embedBatch = async (paths: readonly string[]) => {
    const { paths: readable, x, bad } = await readableImages(opened, paths);
    if (x === undefined) return { good: [], bad };
    const { data } = await model.predict(x, { batchSize: BATCH });
    const good = readable.map((image, row) => ({
      image,
      embedding: Float32Array.from(data.subarray(row * dimensions, (row + 1) * dimensions)),
    }));
    const spoiled = good.find(({ embedding }) => !embedding.every(Number.isFinite));
    if (spoiled !== undefined)
      throw new FoveaError("not-finite", `${spoiled.image}: the model gives NaN for it; train it again`);
    return { good, bad };
  };
  return {
    ...{ file, dimensions, threshold: used },
    model: opened.facts?.weightsSha256 ?? (await original.weightsSha256()),
    embed: async (paths) => {
      const good: Embedded[] = [];
      const bad: BadFile[] = [];
      for (let start = 0; start < paths.length; start += BATCH) {
        const batch = await embedBatch(paths.slice(start, start + BATCH));
        good.push(...batch.good);
        bad.push(...batch.bad);
      }
      return { good, bad };
    },
    close: () => model.close(),
  };
}

/** The comparison of a verifier. @throws FoveaError for a model of another task */
export function verificationOf({ file, task }: Pick<OpenedModel, "file" | "task">): PairComparison {
  const comparison = task && taskOf(task).comparison?.(task);
  if (comparison !== undefined) return comparison;
  throw new FoveaError(
    "unsuited-model",
    `${file} is no verifier${task === undefined ? "" : ` but a model for ${task.kind}`}; train one with --task verification`,
  );
}

/** Compares two embeddings. */
export function compared(a: Float32Array, b: Float32Array, threshold: number): ComparedPair {
  const score = cosineOf(a, b);
  return { score, threshold, same: score >= threshold };
}

/**
 * Compares two image files.
 * @param verifier an open model; it stays open
 * @param first path of an image
 * @param second path of the other image; the order makes no difference
 * @throws FoveaError for a file that cannot be read
 */
export async function comparePair(verifier: Verifier, first: string, second: string): Promise<ComparedPair> {
  const { good, bad } = await verifier.embed([first, second]);
  if (bad[0] !== undefined) throw new FoveaError(bad[0].code, bad[0].error);
  return compared(good[0]!.embedding, good[1]!.embedding, verifier.threshold);
}
