// Verdicts on a classifier's answers by stored limits and a user's rules: accepted, or referred to a person, and why.
import { FoveaError } from "../../../core/errors.js";
import { checkOptions, flag, numberWithin } from "../../../core/options.js";
import type { ClassTrust } from "../../../formats/models/trust-facts.js";
import { storedSets, storedThreshold } from "../fitted.js";
import { type NoveltyMeasures, noveltyOf } from "../novelty/novelty.js";
import { cheapestDecision, checkCosts } from "../referral/costs.js";
import { type ClassSets, classSet } from "../sets/class-sets.js";
import { type ClassVerdict, type DecisionRules, RULES } from "./rules.js";

/** Shares in sentences: `2 %`, `0.5 %`. */
const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;
/** Measures in sentences, two digits that two close numbers differ in. */
const short = (value: number): string => String(Number(value.toPrecision(3)));

type Asked = (row: Float64Array, measures: NoveltyMeasures, at: number) => ClassVerdict;

/**
 * A judge of answers.
 * @param trust facts of the model's file
 * @param classes number of classes
 * @param rules rules of the user. Default: novelty alone, where the model's file has its limit
 * @returns a function of the calibrated probabilities of an image, the measures of its batch, and its place in these
 * @throws FoveaError for rules that are none, and a risk that no threshold keeps
 * @example
 * const answers = { classes: 2, probabilities: Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.3, 0.7), labels: [0, 0, 1] };
 * const judge = classJudge(fitClassTrust(answers, { choseEpoch: false }), 2, { costs: uniformCosts(2, 20, 1) });
 * judge(Float64Array.of(0.6, 0.4), { confidence: [0.6] }, 0).accepted; // false: a look costs 1, a mistake 8
 */
export function classJudge(trust: ClassTrust, classes: number, rules: DecisionRules = {}): Asked {
  checkOptions("predict", rules, RULES);
  const { coverage, sets: method = "lac", perClass = false, referAbove, sureness = 0.95, costs } = rules;
  const wanted = flag("predict novelty", rules.novelty, true) ? trust.novelty : undefined;
  if (costs !== undefined) checkCosts(costs, classes);
  const sets = coverage === undefined ? undefined : storedSets(trust, classes, { coverage, method, perClass });
  const bounded = referAbove === undefined ? undefined : thresholdFor(trust, referAbove, sureness);
  return (row, measures, at) => {
    const reasons: string[] = [];
    const novelty = wanted === undefined ? 0 : noveltyOf(wanted, measures, at);
    if (wanted !== undefined && novelty > wanted.limit)
      reasons.push(
        `none of these: it is less like the training images than ${percent(wanted.level)} of the validation images ` +
          `(novelty ${short(novelty)}, limit ${short(wanted.limit)})`,
      );
    const set = sets && classSet(row, sets);
    if (set !== undefined && sets !== undefined) reasons.push(...setReason(set, sets));
    const confidence = measures.confidence[at]!;
    if (bounded !== undefined && confidence < bounded.threshold)
      reasons.push(
        `its probability of ${short(confidence)} is below ${short(bounded.threshold)}, from which at most ` +
          `${percent(referAbove!)} of the answers are wrong, with ${percent(sureness)} confidence`,
      );
    const decided = costs && cheapestDecision(row, costs);
    if (decided?.isReferred)
      reasons.push(`a look costs ${short(decided.lookCost)}, the cheapest class ${short(decided.cost)} on average`);
    return {
      accepted: reasons.length === 0,
      ...(reasons.length === 0 ? {} : { reason: reasons.join("; ") }),
      ...(set === undefined ? {} : { set }),
      ...(decided === undefined
        ? {}
        : { decision: decided.decision, expectedCost: Math.min(decided.cost, decided.lookCost) }),
      ...(bounded === undefined ? {} : { threshold: bounded.threshold }),
    };
  };
}

function setReason(set: readonly number[], { coverage, limits, perClass }: ClassSets): string[] {
  if (set.length === 1) return [];
  if (set.length === 0) return [`no class fits at a coverage of ${percent(coverage)}`];
  const tooFew = limits.some((limit) => limit === Number.POSITIVE_INFINITY);
  const why = tooFew ? `, for which ${perClass ? "some classes have" : "there are"} too few validation images` : "";
  return [`${set.length} classes cannot be ruled out at a coverage of ${percent(coverage)}${why}`];
}

function thresholdFor(trust: ClassTrust, risk: number, confidence: number) {
  numberWithin("predict referAbove", risk, 0, 1);
  const bounded = storedThreshold(trust, { risk, confidence });
  if (bounded !== undefined) return bounded;
  throw new FoveaError(
    "unreachable-goal",
    `no probability keeps wrong answers at or below ${percent(risk)} with ${percent(confidence)} confidence on the ` +
      `${trust.answers.rank.length} validation images of the model's file; allow more, or validate on more images`,
  );
}
