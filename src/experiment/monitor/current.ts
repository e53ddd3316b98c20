// Signals of now: a model is asked about new images, or the decisions that it has made are read from their log.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { openSource } from "../../data/index.js";
import { outputNamesOf } from "../../formats/run/task.js";
import { readDecisions } from "../decisions/index.js";
import { type AskedFile, type OpenedModel, predictBatches, type TrainedModel } from "../models/index.js";
import { embeddingSignals, PredictionTally, photoSignals, type Signals } from "../signals/index.js";
import { type Truths, TruthTally, truthsByHash, truthsOfListing } from "./truths.js";

/** Signals of new images or decisions. */
export interface Current {
  readonly signals: Signals;
  /** Images without an answer. */
  readonly failed: number;
  /** Sentences without a full stop on what could not be compared. */
  readonly notes: readonly string[];
}

export interface CurrentOptions {
  /** Folder, manifest or archive with the labels of images that a log has. */
  readonly labels?: string | undefined;
  /** Decisions from then on, as ISO 8601. Default: all. */
  readonly since?: string | undefined;
  /** The last so many decisions. Default: all. */
  readonly last?: number | undefined;
  readonly threads?: number | undefined;
  /** Receives the number of images that the model has been asked about. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Fewer images say nothing. */
const LEAST_IMAGES = 20;

/** The signals of what was counted. @throws FoveaError for too few answers */
function signalsOf(where: string, tally: PredictionTally, others: Omit<Signals, "images" | "predictions">): Signals {
  const predictions = tally.signals();
  if (predictions === undefined || tally.images < LEAST_IMAGES)
    throw new FoveaError(
      "too-little-data",
      `${where} has ${tally.images} images with an answer, and fewer than ${LEAST_IMAGES} say nothing about drift; monitor more of them at a time`,
    );
  return { images: tally.images, predictions, ...others };
}

/**
 * Signals of images that a model is asked about: a folder, a manifest, an archive. Where they have labels, these are used.
 * @throws FoveaError for a source without images, and for fewer than 20 that can be read
 */
export async function currentOfImages(
  path: string,
  opened: OpenedModel,
  { threads, onProgress }: CurrentOptions,
): Promise<Current> {
  const { listing } = await openSource(path);
  const asked = listing.images.map(({ path: name, source }): AskedFile => ({ name, source }));
  const { task } = opened;
  const found = truthsOfListing(listing, task);
  const truths = found === undefined || "unused" in found ? undefined : new TruthTally(found);
  const tally = new PredictionTally(task && outputNamesOf(task));
  for await (const { answers } of predictBatches(opened, asked, { top: 1, rules: { novelty: false } })) {
    for (const answer of answers) {
      tally.add(answer);
      truths?.add(answer.image, answer);
    }
    onProgress?.(tally.images + tally.failed, asked.length);
  }
  const photos = await photoSignals(asked, { threads });
  const embeddings = opened.preprocessing && (await embeddingSignals(opened as TrainedModel, asked));
  return {
    signals: signalsOf(path, tally, defined({ truths: truths?.signals(), photos, embeddings })),
    failed: tally.failed,
    notes: found !== undefined && "unused" in found ? [found.unused] : [],
  };
}

/**
 * Signals of the decisions of a log; it has no pixels, so that photos and embeddings are not compared.
 * @param opened the model that the decisions should be of
 * @throws FoveaError for a log that is damaged, decisions of another model, and fewer than 20 answers
 */
export async function currentOfLog(
  path: string,
  { facts, task, file }: Pick<OpenedModel, "facts" | "task" | "file">,
  { labels, since, last }: CurrentOptions,
): Promise<Current> {
  const truths: Truths | undefined =
    labels === undefined ? undefined : await truthsByHash((await openSource(labels)).listing, task);
  const tally = new PredictionTally(task && outputNamesOf(task));
  const judged = truths && new TruthTally(truths);
  const take = ({ image, answer }: Logged): void => {
    tally.add(answer);
    judged?.add(image, answer);
  };
  let waiting: Logged[] = [];
  let others = 0;
  for await (const decision of readDecisions(path)) {
    const { time, weights, image, top, labels: assigned } = decision;
    if (since !== undefined && Date.parse(time) < Date.parse(since)) continue;
    if (weights !== undefined && facts?.weightsSha256 !== undefined && weights !== facts.weightsSha256) {
      others++;
      continue;
    }
    const { value, values, names, boxes, mask, error } = decision;
    const told = defined({ labels: assigned, value, values, names, boxes, mask, error });
    const answer = { ...told, top: top?.slice(0, 1) };
    if (last === undefined) take({ image, answer });
    else waiting.push({ image, answer });
    // Cut now and then only: a list is moved as a whole.
    if (last !== undefined && waiting.length > 2 * last) waiting = waiting.slice(-last);
  }
  if (last !== undefined) for (const logged of waiting.slice(-last)) take(logged);
  return {
    signals: signalsOf(path, tally, defined({ truths: judged?.signals() })),
    failed: tally.failed,
    notes: [
      "a log has no pixels, so photos and embeddings are not compared; monitor the folder of the photos for these",
      ...(others > 0 ? [`${others} decisions are of another model than ${file} and are left out`] : []),
      ...(truths !== undefined && judged?.signals() === undefined
        ? [`none of the images of ${labels} is in the log`]
        : []),
    ],
  };
}

interface Logged {
  readonly image: string | undefined;
  readonly answer: Parameters<PredictionTally["add"]>[0];
}
