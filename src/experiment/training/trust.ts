// The trust in a trained model: fitted on the validation images, judged on the test images. It changes no weight.
import { defined } from "../../core/defined.js";
import { sampledPlaces } from "../../core/random.js";
import type { Tensor } from "../../core/tensor.js";
import {
  type ClassTrust,
  MOST_ANSWERS,
  type NoveltyFacts,
  type TrustFacts,
  temperedBy,
} from "../../formats/models/trust-facts.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import type { LabelledSource } from "../../nn/index.js";
import type { NoveltyShareFacts } from "../../report/trust-facts.js";
import { FeatureReader, type Seen } from "../models/features.js";
import { type Outcome, type Readings, type Sureness, taskOf } from "../tasks/index.js";
import { type ClassAnswers, decided } from "../trust/answers.js";
import { atTemperature } from "../trust/calibration/temperature.js";
import { fitClassTrust, fitNumberTrust, sampled } from "../trust/fitted.js";
import { type EmbeddingBank, embeddingBank, mostEmbeddings, nearestDistance } from "../trust/novelty/nearest.js";
import { fitNovelty, measuresIn, type NoveltyMeasures, noveltyOf } from "../trust/novelty/novelty.js";
import { classTrustReport, numberTrustReport } from "../trust/report.js";
import type { FittedTrust, Subject } from "./observer.js";

/** A model's answers about the images of a part, with the outputs and readings that they were made of. */
export interface AskedPart {
  readonly outcome: Outcome;
  readonly outputs: Tensor<"float32">;
  readonly readings: Readings;
}

export interface TrustOptions {
  readonly task: TaskFacts;
  readonly batchSize: number;
  /** True where validation chose the epoch. */
  readonly choseEpoch: boolean;
  /** Name of the test part in the report. */
  readonly split: string;
  /** False for rows of a table, of which none is looked for that is like no other. */
  readonly areImages: boolean;
}

/** The most test images that are looked at for being like none of the training images. */
const MOST_LOOKS = 1000;

/**
 * Fits the trust in a model.
 * @param parts answers about the validation and the test images
 * @returns undefined for a task without, for parts without images, and for a model that gives NaN
 */
export async function fitTrust(
  subject: Subject,
  parts: { readonly validation: AskedPart; readonly test: AskedPart },
  options: TrustOptions,
): Promise<FittedTrust | undefined> {
  const { task, choseEpoch, split } = options;
  const { validation, test } = parts;
  if (![validation, test].every(({ readings: { data } }) => data.length > 0 && data.every(Number.isFinite)))
    return undefined;
  const [known, judged] = [surenessOf(validation, task), surenessOf(test, task)];
  if (known?.of === "numbers" && judged?.of === "numbers") {
    const facts = fitNumberTrust(known.outcome, { choseEpoch, method: known.method });
    return { facts, report: numberTrustReport(facts, judged.outcome, outputNamesOf(task), split) };
  }
  if (known?.of !== "classes" || judged?.of !== "classes") return undefined;
  const trust = fitClassTrust(known.answers, { choseEpoch });
  const fitted = options.areImages ? await novelty(subject, parts, trust, options) : undefined;
  const facts = { ...trust, ...defined({ novelty: fitted?.facts }) };
  return { facts, report: classTrustReport(facts, judged.answers, split, fitted?.share) };
}

const surenessOf = ({ outcome, readings }: Omit<AskedPart, "outputs">, task: TaskFacts): Sureness | undefined =>
  taskOf(task).sureness?.(outcome, readings, task);

/** Probabilities beside true classes; undefined for a task without. */
export function classAnswers(asked: Omit<AskedPart, "outputs">, task: TaskFacts): ClassAnswers | undefined {
  const sureness = surenessOf(asked, task);
  return sureness?.of === "classes" ? sureness.answers : undefined;
}

/** Answers with the confidence that a model has at its temperature. */
export function calibratedOutcome(
  asked: Omit<AskedPart, "outputs">,
  task: TaskFacts,
  trust: TrustFacts | undefined,
): Outcome {
  const answers = classAnswers(asked, task);
  const tempered = temperedBy(trust);
  if (answers === undefined || tempered === undefined || !("confidence" in asked.outcome)) return asked.outcome;
  const { classes, probabilities } = answers;
  const { confidence } = decided({
    classes,
    probabilities: atTemperature(probabilities, classes, tempered.temperature.value),
  });
  return { ...asked.outcome, confidence: Array.from(confidence) };
}

/** The limit on how unlike the training images an image may be, and the test images above it. */
async function novelty(
  { model, sources }: Subject,
  { validation, test }: { readonly validation: AskedPart; readonly test: AskedPart },
  trust: ClassTrust,
  { batchSize }: TrustOptions,
): Promise<{ readonly facts: NoveltyFacts; readonly share: NoveltyShareFacts }> {
  const reader = new FeatureReader(model);
  try {
    const classes = validation.readings.width;
    const most = reader.width === 0 ? 0 : mostEmbeddings(reader.width);
    // Fewer embeddings than classes would leave some without any.
    const bank =
      most < Math.max(LEAST_EMBEDDINGS, classes)
        ? undefined
        : await trainingBank(reader, sources.train, most, batchSize);
    const look = async (part: "validation" | "test", asked: AskedPart, limit: number): Promise<NoveltyMeasures> => {
      const rows = sampled(sources[part].size, limit);
      return measuresOf(reader, sources[part], asked, rows, { bank, trust, batchSize });
    };
    const facts = fitNovelty(await look("validation", validation, MOST_ANSWERS), bank);
    const measures = await look("test", test, MOST_LOOKS);
    const judged = measures.confidence.length;
    const all = Array.from({ length: judged }, (_, n) => noveltyOf(facts, measures, n));
    const referred = all.filter((novelty) => novelty > facts.limit).length;
    return { facts, share: { measures: measuresIn(facts), level: facts.level, judged, referred } };
  } finally {
    await reader.close();
  }
}

/** Embeddings below which a bank says little about what images are like. */
const LEAST_EMBEDDINGS = 20;

async function trainingBank(
  reader: FeatureReader,
  source: LabelledSource,
  most: number,
  batchSize: number,
): Promise<EmbeddingBank | undefined> {
  const rows = sampledPlaces(source.size, most, 0x6e6e);
  const embeddings: Float32Array[] = [];
  for (let start = 0; start < rows.length; start += batchSize) {
    const { x } = await source.take(rows.slice(start, start + batchSize));
    embeddings.push(...((await reader.read(x, { batchSize })).embeddings ?? []));
  }
  // The file's bank, whose bytes are read back: limits are fitted on the very numbers that are compared later.
  return embeddings.length === 0 ? undefined : embeddingBank(embeddings);
}

async function measuresOf(
  reader: FeatureReader,
  source: LabelledSource,
  { outputs, readings }: AskedPart,
  rows: Int32Array,
  { bank, trust, batchSize }: { bank: EmbeddingBank | undefined; trust: ClassTrust; batchSize: number },
): Promise<NoveltyMeasures> {
  const { width } = readings;
  const outputWidth = outputs.data.length / source.size;
  const confidence: number[] = [];
  const [energy, nearest]: [number[], number[]] = [[], []];
  for (let start = 0; start < rows.length; start += batchSize) {
    const some = rows.slice(start, start + batchSize);
    const { x } = await source.take(some);
    const rowsOfOutputs = Float32Array.from(
      Array.from(some).flatMap((row) => Array.from(outputs.data.subarray(row * outputWidth, (row + 1) * outputWidth))),
    );
    const raw: Tensor<"float32"> = {
      dtype: "float32",
      shape: [some.length, outputWidth],
      data: rowsOfOutputs,
    };
    const seen: Seen = await reader.read(x, { batchSize }, raw);
    if (bank !== undefined)
      nearest.push(...(seen.embeddings ?? []).map((embedding) => nearestDistance(embedding, bank)));
    energy.push(...(seen.energies ?? []));
    for (const row of some) {
      const probabilities = Float64Array.from(readings.data.subarray(row * width, (row + 1) * width));
      const calibrated = atTemperature(probabilities, width, trust.temperature.value);
      confidence.push(calibrated.reduce((a, b) => Math.max(a, b)));
    }
  }
  return {
    confidence,
    ...(energy.length === rows.length && { energy }),
    ...(nearest.length === rows.length && { nearest }),
  };
}
