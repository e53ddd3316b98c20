// Answers at the temperature that a model's file states, and what its limits make of them.
import { type ByKind, byKind } from "../../core/by-kind.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { FoveaFacts } from "../../formats/index.js";
import { type ClassTrust, type NumberTrust, type TrustFacts, temperedBy } from "../../formats/models/trust-facts.js";
import { classNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { type Readings, taskOf } from "../tasks/index.js";
import { decided } from "../trust/answers.js";
import { atTemperature } from "../trust/calibration/temperature.js";
import { classJudge } from "../trust/decisions/class-judge.js";
import { type DecisionRules, RULES } from "../trust/decisions/rules.js";
import { storedIntervals } from "../trust/fitted.js";
import { bankOf, nearestDistance } from "../trust/novelty/nearest.js";
import type { NoveltyMeasures } from "../trust/novelty/novelty.js";
import { type IntervalMethod, numberInterval } from "../trust/sets/number-intervals.js";
import { FeatureReader } from "./features.js";
import type { OpenedModel } from "./trained-model.js";

/**
 * A model's readings at its temperature; as they are for a model without one, and for other tasks.
 * @param readings probabilities as the model gives them
 * @param facts facts of the model's file
 * @example
 * const opened = await openModel("model.keras");
 * const output = await opened.model.predict(await imagesFor(opened, ["photo.png"]));
 * const readings = readingsIn(output, { kind: "classes" }); // { width: 3, data }
 * calibratedReadings(readings, opened.facts) === readings; // true: the file states no temperature
 */
export function calibratedReadings(readings: Readings, facts: FoveaFacts | undefined): Readings {
  const trust = temperedBy(facts?.trust);
  if (trust === undefined) return readings;
  const { width, data } = readings;
  return { width, data: atTemperature(Float64Array.from(data), width, trust.temperature.value) };
}

/** Fields that limits and rules add to an answer. */
export type Judgement = {
  /** Names of the classes that cannot be ruled out, the most probable first. */
  readonly set?: readonly string[];
  /** The class that costs least on average. */
  readonly decision?: string;
  /** Expected cost of that class, or of a look where that costs less. */
  readonly expected_cost?: number;
  /** The probability that an answer must reach. */
  readonly threshold?: number;
  /** The range of each number, where there is one; null for an end that is not known. */
  readonly interval?: Ends | readonly Ends[];
} & ({ readonly accepted: true } | { readonly accepted: false; readonly reason: string });
type Ends = readonly [low: number | null, high: number | null];

/** Names of the fields of a judgement, in the order of tables. */
export type JudgementField = "accepted" | "reason" | "set" | "decision" | "expected_cost" | "interval";

/** Judges batches of a model's answers. */
export interface Judge {
  /** Fields that it adds to answers; none where it accepts all. */
  readonly fields: readonly JudgementField[];
  /** @param readings calibrated ones */
  judge(x: Tensor, outputs: Tensor<"float32">, readings: Readings): Promise<readonly Judgement[]>;
  close(): Promise<void>;
}

/** Options of a judge. */
export interface JudgeOptions {
  readonly rules?: DecisionRules;
  /** False for a model whose probabilities are left as they are. Default true. */
  readonly calibration?: boolean;
  readonly batchSize: number;
  /** True to compute fewer samples than a batch as a whole one. Default false. */
  readonly fill?: boolean;
}

const ACCEPTED: Judgement = { accepted: true };

/** Rules that answers with numbers know, and one that says nothing to them. */
const OF_NUMBERS: readonly (typeof RULES)[number][] = ["coverage", "ranges", "novelty"];

/**
 * A judge by the facts of a model's file. Without facts, or without calibration, every answer is accepted.
 * @throws FoveaError for rules that the model's file has no facts for
 */
export function judgeOf(opened: OpenedModel, task: TaskFacts | undefined, options: JudgeOptions): Judge {
  const { rules = {}, calibration = true } = options;
  const trust = calibration ? opened.facts?.trust : undefined;
  const asked = RULES.find((rule) => rule !== "novelty" && rules[rule] !== undefined);
  if (task === undefined || trust?.kind !== task.kind) {
    if (asked !== undefined) throw new FoveaError("unsuited-model", noFacts(opened, task, calibration));
    return accepting;
  }
  return byKind(JUDGES, trust, opened, task, { ...options, rules });
}

type RuledOptions = JudgeOptions & Required<Pick<JudgeOptions, "rules">>;

const JUDGES: ByKind<TrustFacts, Judge, [opened: OpenedModel, task: TaskFacts, options: RuledOptions]> = {
  classification: judgeOfClasses,
  regression: (trust, { file }, _task, { rules }) => {
    const alien = RULES.find((rule) => !OF_NUMBERS.includes(rule) && rules[rule] !== undefined);
    if (alien !== undefined)
      throw new FoveaError(
        "unsuited-option",
        `${file} predicts numbers, for which there is a coverage alone; leave the others out`,
      );
    return rules.coverage === undefined ? accepting : intervals(trust, rules.coverage, rules.ranges);
  },
};

/** A judge of answers with classes: sets, decisions, referral, and images like none of the training. */
function judgeOfClasses(
  trust: ClassTrust,
  opened: OpenedModel,
  task: TaskFacts,
  { rules, batchSize, fill = false }: RuledOptions,
): Judge {
  const asked = RULES.find((rule) => rule !== "novelty" && rules[rule] !== undefined);
  if (rules.ranges !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `${opened.file} answers with classes, and ranges are of numbers; leave the method of ranges out`,
    );
  const classNames = classNamesOf(task) ?? [];
  const judged = classJudge(trust, classNames.length, rules);
  const wanted = rules.novelty === false ? undefined : trust.novelty;
  const reader = wanted && new FeatureReader(opened.original, opened.model);
  const bank = wanted?.nearest && bankOf(wanted.nearest);
  return {
    fields: [
      ...(asked === undefined && wanted === undefined ? [] : (["accepted", "reason"] as const)),
      ...(rules.coverage === undefined ? [] : (["set"] as const)),
      ...(rules.costs === undefined ? [] : (["decision", "expected_cost"] as const)),
    ],
    close: async () => reader?.close(),
    judge: async (x, outputs, { width, data }) => {
      const probabilities = Float64Array.from(data);
      const { confidence } = decided({ classes: width, probabilities });
      const seen = await reader?.read(x, { batchSize, fill }, outputs);
      const nearest = bank && seen?.embeddings?.map((embedding) => nearestDistance(embedding, bank));
      const measures: NoveltyMeasures = { confidence, ...defined({ nearest, energy: seen?.energies }) };
      return Array.from(confidence, (_, n): Judgement => {
        const verdict = judged(probabilities.subarray(n * width, (n + 1) * width), measures, n);
        const { accepted, reason, set, decision, expectedCost, threshold } = verdict;
        const told = defined({
          set: set?.map((k) => classNames[k]!),
          decision: decision === undefined ? undefined : classNames[decision]!,
          expected_cost: expectedCost,
          threshold,
        });
        return accepted ? { accepted, ...told } : { accepted: false, reason: reason!, ...told };
      });
    },
  };
}

const accepting: Judge = {
  fields: [],
  close: async () => {},
  judge: async (x) => new Array<Judgement>(x.shape[0]!).fill(ACCEPTED),
};

function noFacts({ file, facts }: OpenedModel, task: TaskFacts | undefined, calibration: boolean): string {
  if (!calibration)
    return `${file}: coverage, risk and costs are of calibrated probabilities; leave the calibration on`;
  if (facts?.trust === undefined && (task === undefined || taskOf(task).sureness !== undefined))
    return `${file} has no facts about calibration, which fovea train stores; train it again with fovea replay or fovea train`;
  return `${file} answers with ${task?.kind ?? "plain numbers"}, for which there are no sets, thresholds or costs; leave them out`;
}

/** Intervals of numbers; those of amounts do not reach below 0. */
function intervals(trust: NumberTrust, coverage: number, ranges: IntervalMethod | undefined): Judge {
  const { method } = trust;
  const fitted = storedIntervals(trust, coverage, ranges);
  const end = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    fields: ["interval"],
    close: async () => {},
    judge: async (_x, _outputs, { width, data }) =>
      Array.from({ length: data.length / width }, (_, row): Judgement => {
        const ends = fitted.map((limits, target): Ends => {
          const { low, high } = numberInterval(data[row * width + target]!, limits);
          return [end(method === "relative" ? Math.max(0, low) : low), end(high)];
        });
        return { accepted: true, interval: ends.length === 1 ? ends[0]! : ends };
      }),
  };
}
