// Fairness where an attribute of people is given: are answers given as often to each group (demographic parity), found as often
// (equal opportunity), and as sure as they are right (calibration within groups). Which of these is wanted a person decides:
// where groups differ in truth no model has all three (Kleinberg and others, 2016).
import { FoveaError } from "../../core/errors.js";
import { wilsonInterval } from "../../core/statistics/index.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import type { FairnessFacts, FairnessGroupFacts, RateFacts } from "../../report/slice-facts.js";
import { type Decisions, type Outcome, taskOf } from "../tasks/index.js";

/** The most groups of an attribute. */
const MOST_GROUPS = 50;
/** Fewer images of a group are left out of the gaps. */
const LEAST_IMAGES = 5;
/** Bins of confidence. */
const BINS = 10;

/**
 * Fairness of a classification or of labels by an attribute.
 * @param values the group of each image; "" where it is not known
 * @param outcome Answers of a model about a part.
 * @param task The task of the model.
 * @param attribute Name of the attribute, for messages.
 * @throws FoveaError for numbers that are predicted, fewer than two groups or more than 50
 * @example
 * const task = { kind: "classification", classNames: ["refused", "paid"] };
 * const outcome = { kind: "classification", labels: [0, 1, 1, 0, 1, 1], predicted: [0, 1, 1, 0, 0, 1], confidence: [0.9, 0.8, 0.9, 0.7, 0.6, 0.8] };
 * fairnessOf(outcome, task, "sex", ["f", "m", "f", "m", "f", "m"]).groups[0].name; // "f"
 */
export function fairnessOf(
  outcome: Outcome,
  task: TaskFacts,
  attribute: string,
  values: readonly string[],
): FairnessFacts {
  const record = taskOf(task);
  const decisions = record.decisions?.(outcome, task);
  if (decisions === undefined)
    throw new FoveaError("unsuited-model", `${attribute}: fairness needs classes or labels, and ${record.undecided}`);
  const members = new Map<string, number[]>();
  for (const [at, value] of values.entries()) {
    if (value === "") continue;
    const group = members.get(value);
    if (group === undefined) members.set(value, [at]);
    else group.push(at);
  }
  if (members.size < 2 || members.size > MOST_GROUPS)
    throw new FoveaError(
      "unsuited-data",
      `${attribute}: expected from 2 to ${MOST_GROUPS} groups, found ${members.size}; name a column of groups`,
    );
  const answers = outputNamesOf(task);
  const groups = [...members].map(([name, rows]) => groupOf(name, rows, answers.length, decisions));
  const told = groups.filter(({ images }) => images >= LEAST_IMAGES);
  const gapOf = (rate: "given" | "found"): number =>
    Math.max(0, ...answers.map((_, k) => spread(told.map((group) => group[rate][k]!))));
  return { attribute, answers, groups, parityGap: gapOf("given"), opportunityGap: gapOf("found") };
}

/** The largest less the smallest of rates that were counted in enough images. */
function spread(rates: readonly RateFacts[]): number {
  const shares = rates.filter(({ count }) => count >= LEAST_IMAGES).map(({ share }) => share);
  return shares.length < 2 ? 0 : Math.max(...shares) - Math.min(...shares);
}

const rateOf = (count: number, total: number): RateFacts => ({ ...wilsonInterval(count, total), count: total });

function groupOf(
  name: string,
  rows: readonly number[],
  answers: number,
  { has, says, confidence }: Decisions,
): FairnessGroupFacts {
  const every = Array.from({ length: answers }, (_, k) => k);
  const group = {
    ...{ name, images: rows.length },
    given: every.map((k) => rateOf(rows.filter((row) => says(row, k)).length, rows.length)),
    found: every.map((k) => {
      const having = rows.filter((row) => has(row, k));
      return rateOf(having.filter((row) => says(row, k)).length, having.length);
    }),
  };
  if (confidence === undefined) return group;
  const isRight = (row: number): boolean => every.some((k) => has(row, k) && says(row, k));
  const bins = Array.from({ length: BINS }, () => ({ count: 0, right: 0, sum: 0 }));
  for (const row of rows) {
    // A confidence on an edge belongs to the bin below.
    const bin = bins[Math.min(BINS - 1, Math.max(0, Math.ceil(confidence[row]! * BINS) - 1))]!;
    bin.count++;
    bin.sum += confidence[row]!;
    if (isRight(row)) bin.right++;
  }
  return {
    ...group,
    calibration: {
      confidence: bins.reduce((sum, bin) => sum + bin.sum, 0) / rows.length,
      right: rateOf(
        bins.reduce((sum, bin) => sum + bin.right, 0),
        rows.length,
      ),
      error: bins.reduce((sum, bin) => sum + Math.abs(bin.sum - bin.right), 0) / rows.length,
    },
  };
}
