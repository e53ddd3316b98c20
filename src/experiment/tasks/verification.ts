// Verification: whether two images are of one identity, a person, a writer, the owner of a signature. The model gives
// embeddings of length 1; their cosine is compared with a threshold that the validation identities choose. Identities that
// validate and test are not among those that train.
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import { singleLine } from "../../core/text.js";
import type { TaskFactsOf } from "../../formats/run/task.js";
import { cosineDense, dense, unitNormalization } from "../../nn/layers/index.js";
import { arcFace, type Loss, tripletHard } from "../../nn/losses/index.js";
import { layerOutputs } from "../../nn/model/layer-outputs.js";
import { whole } from "../../report/format.js";
import { columnsOf, rowOf } from "./answers.js";
import { refuseNumberWish } from "./number-losses.js";
import type { PairOutcome } from "./outcome.js";
import { verificationFacts } from "./scores/verification/facts.js";
import {
  cosinesOf,
  equalError,
  figureIntervals,
  type IdentityPairs,
  pairsOf,
  rocCurve,
  verificationFigures,
} from "./scores/verification/index.js";
import { LOSS_MONITOR, type Task, type TaskWish } from "./task.js";

type Facts = TaskFactsOf<"verification">;

const LEARNINGS = ["arcface", "triplet"] as const;
/** Numbers in an embedding. */
const DIMENSIONS = 128;
/** Margin and scale of ArcFace for hundreds of identities; the paper's scale of 64 is for tens of thousands. */
const ARC_FACE = { margin: 0.3, scale: 24 } as const;
/** Layer of the head that gives embeddings, and the one that only training needs. */
const [EMBEDDING, UNIT, IDENTITIES] = ["embedding", "unit", "identities"] as const;

const LOSSES: Readonly<Record<Facts["learning"], () => Loss>> = {
  arcface: () => arcFace(ARC_FACE),
  triplet: () => tripletHard(),
};

function learningOf({ loss = LEARNINGS[0] }: TaskWish): Facts["learning"] {
  const learning = LEARNINGS.find((name) => name === loss);
  if (learning !== undefined) return learning;
  throw new FoveaError(
    "unsuited-option",
    `--loss ${loss} does not learn embeddings; choose ${LEARNINGS.join(" or ")}, or leave it out`,
  );
}

/** Pairs of an outcome with the identities of both images. */
const identityPairs = ({ identities, first, second, same, scores }: PairOutcome): IdentityPairs => ({
  scores,
  same,
  first: first.map((row) => identities[row]!),
  second: second.map((row) => identities[row]!),
});

/** Places of pairs that are on the wrong side of the threshold, the farthest from it first. */
function wrongPairs({ same, scores }: PairOutcome, threshold: number): number[] {
  const misses = Array.from(scores, (_, at) => at).filter((at) => scores[at]! >= threshold !== same[at]! > 0);
  const distance = (at: number): number => Math.abs(scores[at]! - threshold);
  return misses.sort((a, b) => distance(b) - distance(a) || a - b);
}

/** Share of each image's pairs that are judged wrong. */
function wrongSharesOf({ identities, first, second, same, scores }: PairOutcome, threshold: number): number[] {
  const [wrong, all] = [new Float64Array(identities.length), new Float64Array(identities.length)];
  for (const [at, score] of scores.entries())
    for (const row of [first[at]!, second[at]!]) {
      all[row]! += 1;
      if (score >= threshold !== same[at]! > 0) wrong[row]! += 1;
    }
  return Array.from(wrong, (count, row) => (all[row]! > 0 ? count / all[row]! : 0));
}

/** The threshold that validation chose, or before that the one of equal errors. */
function thresholdOf({ threshold }: Facts, outcome: PairOutcome): number {
  if (threshold !== undefined) return threshold;
  const curve = rocCurve(outcome);
  return curve === undefined ? 0 : equalError(curve).threshold;
}

const cosine = (value: number): string => value.toFixed(3);

const share = { direction: "up", isShare: true } as const;

export const verification: Task<"verification"> = {
  kind: "verification",
  model: "verifier",
  targetKind: "classes",
  hasOwnClasses: true,
  nouns: ["identity", "identities"],
  described: ({ dimensions, identities }) =>
    `embeddings of ${dimensions} numbers, learnt of ${whole(identities)} identities`,
  losses: LEARNINGS,
  defaultMonitor: "val_eer",
  wholeFigures: ["eer", "auc"],
  describe: ({ targets: { indices }, rows }, { columns }, wish) => {
    refuseNumberWish({ ...wish, loss: undefined }, LEARNINGS[0], "identities");
    const [column] = columns ?? [];
    const identities = new Set(rows.map((row) => indices[row]!)).size;
    return {
      kind: "verification",
      dimensions: DIMENSIONS,
      identities: Math.max(2, identities),
      learning: learningOf(wish),
      ...(column === undefined ? {} : { column }),
    };
  },
  columnsOf: ({ column }) => ({ task: "verification", ...(column === undefined ? {} : { target: [column] }) }),
  wishOf: (_, { learning }) => ({ loss: learning }),
  convexLoss: () => undefined,
  targetType: () => ({ dtype: "int32", shape: [] }),
  targetRows: ({ indices }, rows) =>
    tensor(
      rows.map((row) => indices[row]!),
      [rows.length],
      "int32",
    ),
  head: ({ dimensions, identities, learning }) => [
    dense(dimensions, { name: EMBEDDING }),
    unitNormalization({ name: UNIT }),
    ...(learning === "arcface" ? [cosineDense(identities, { name: IDENTITIES })] : []),
  ],
  applicationHead: (facts) => verification.head(facts),
  kept: (model) => (model.layers.some(({ name }) => name === IDENTITIES) ? layerOutputs(model, UNIT) : model),
  objective: (_, { learning }) => ({ loss: LOSSES[learning](), metrics: [] }),
  misfit: (outputShape, { dimensions, identities, learning }) =>
    outputShape.length === 1 &&
    (outputShape[0] === dimensions || (learning === "arcface" && outputShape[0] === identities))
      ? undefined
      : `a verifier puts out an embedding of ${dimensions} numbers`,
  monitors: () => [
    LOSS_MONITOR,
    { key: "eer", direction: "down", title: "Equal error rate", short: "eer", isShare: true },
    { key: "auc", title: "AUC", short: "auc", ...share },
    { key: "tar_at_far_1e_1", title: "TAR at FAR 10 %", short: "tar 10%", ...share, isFinal: true },
    { key: "tar_at_far_1e_2", title: "TAR at FAR 1 %", short: "tar 1%", ...share, isFinal: true },
    { key: "tar_at_far_1e_3", title: "TAR at FAR 0.1 %", short: "tar 0.1%", ...share, isFinal: true },
    { key: "far", direction: "down", title: "False acceptances", short: "far", isShare: true, isFinal: true },
    { key: "frr", direction: "down", title: "False rejections", short: "frr", isShare: true, isFinal: true },
  ],
  // Saying "the same" always or never has no EER.
  baseline: () => undefined,
  informative: (metrics) => ({ ...metrics }),
  decide: (_, { data, shape }, _facts, { targets: { indices }, rows }) => {
    const identities = rows.map((row) => indices[row]!);
    const pairs = pairsOf(identities);
    return { kind: "verification", identities, ...pairs, scores: cosinesOf(data, shape[1] ?? 1, pairs) };
  },
  readings: (_, { shape, data }) => ({ width: shape[1]!, data }),
  answer: (readings, row) => {
    const embedding = Array.from(rowOf(readings, row));
    return embedding.some(Number.isNaN) ? undefined : { embedding };
  },
  answerColumns: () => [{ head: "embedding" }],
  answerRows: ({ embedding }) => [[`${embedding.length} numbers, of which --json has all`]],
  resultColumns: (readings) => columnsOf(readings).map((values, at) => [`embedding_${at}`, values]),
  explanationScore: () => "number",
  said: (readings, row, index) => {
    const value = rowOf(readings, row)[index]!;
    return [{ name: "value", value, text: cosine(value) }];
  },
  verdicts: (outcome, { threshold = 0 }) => ({
    figure: "share of pairs judged wrong",
    errors: wrongSharesOf(outcome, threshold),
  }),
  undecided: "the model compares pairs; --groups gives errors by group",
  counted: () => undefined,
  comparison: ({ dimensions, threshold }) => ({ dimensions, threshold }),
  pairs: (outcome) => outcome,
  judgesAllParts: true,
  evaluationFacts: (split, outcome, facts, _against, imageOf) =>
    verificationFacts(split, identityPairs(outcome), outcome, thresholdOf(facts, outcome), imageOf),
  scores: (outcome, { threshold }) => verificationFigures(outcome, threshold),
  intervals: (outcome, { threshold }) => figureIntervals(identityPairs(outcome), threshold),
  settled: ({ threshold: _, ...facts }, validation) => ({
    ...facts,
    threshold: Math.max(-1, Math.min(1, thresholdOf(facts, validation))),
  }),
  worst: (outcome, facts, _objective, limit) =>
    wrongPairs(outcome, thresholdOf(facts, outcome))
      .slice(0, limit)
      .map((at) => ({
        at: outcome.first[at]!,
        beside: outcome.second[at]!,
        title: `${outcome.same[at]! > 0 ? "the same, missed" : "two, taken for one"} (${cosine(outcome.scores[at]!)})`,
      })),
  // Maps explain a pair, not an image: see explain --pair.
  attended: () => [],
  worstPerLine: 1,
  worstTitle: (outcome, facts, _objective, shown, images) => {
    const threshold = thresholdOf(facts, outcome);
    const wrong = wrongPairs(outcome, threshold).length;
    const all = whole(outcome.scores.length);
    if (wrong === 0) return `All ${all} pairs of the ${singleLine(images)} are judged right.`;
    return `Pairs of the ${images} that are judged wrong (${shown < wrong ? `${shown} of ` : ""}${whole(wrong)} of ${all}, at a cosine of ${cosine(threshold)}):`;
  },
  detail: () => ({ json: {}, columns: [], rows: [] }),
};
