// The importance of each parameter, and how sure it is: several answers on trials drawn anew, with a pause between them, for
// the workbench has other calls to answer.
import { FoveaError } from "fovea";
import { type Direction, fanova, type Importances, normalized, pedAnova, type TrialRecord } from "fovea/tune";
import type { ImportanceFacts, ImportanceShare } from "../contract/study-facts.js";

/** With fewer complete trials importances say nothing. */
const NEEDS = 4;
/** Answers of each method, each on so many trials at most. */
const ANSWERS = 8;
const DRAWN = 300;
/** Trees of each answer of fANOVA. */
const TREES = 12;

/**
 * Importances by fANOVA and by PED-ANOVA as shares of 1: the mean of several answers, the lowest and the highest.
 * @param objective which of several values fANOVA explains; PED-ANOVA looks at all of them
 */
export async function importanceOf(
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
  objective: number,
): Promise<ImportanceFacts> {
  if (objective >= directions.length)
    throw new FoveaError("out-of-range", `expected an objective below ${directions.length}, received ${objective}`);
  const complete = trials.filter(({ state, values }) => state === "complete" && values!.every(Number.isFinite));
  const drawn = Math.min(DRAWN, complete.length);
  const facts = { needs: NEEDS, complete: complete.length, drawn, answers: ANSWERS };
  if (complete.length < NEEDS) return { ...facts, methods: [] };
  const target = directions.length > 1 ? { target: (trial: TrialRecord) => trial.values![objective]! } : {};
  const answers: Record<"fANOVA" | "PED-ANOVA", Readonly<Record<string, number>>[]> = { fANOVA: [], "PED-ANOVA": [] };
  for (let answer = 0; answer < ANSWERS; answer++) {
    const some = drawnFrom(complete, drawn, answer);
    answers.fANOVA.push(shareOut(fanova(some, directions, { trees: TREES, seed: answer, ...target })));
    answers["PED-ANOVA"].push(shareOut(pedAnova(some, directions)));
    await new Promise((resume) => setTimeout(resume));
  }
  const methods = Object.entries(answers).map(([method, ofMethod]) => ({ method, shares: sharesOf(ofMethod) }));
  return { ...facts, methods: methods.filter(({ shares }) => shares.length > 0) };
}

/** Importances as shares of 1; all 0 where the values do not differ. */
const shareOut = (importances: Importances): Importances =>
  Object.values(importances).some((importance) => importance > 0) ? normalized(importances) : importances;

/** Trials drawn with replacement, the same ones for the same number. */
function drawnFrom(trials: readonly TrialRecord[], count: number, seed: number): TrialRecord[] {
  let state = 0x9e3779b9 ^ Math.imul(seed + 1, 0x85ebca6b);
  return Array.from({ length: count }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return trials[((mixed ^ (mixed >>> 15)) >>> 0) % trials.length]!;
  });
}

/** The mean, the lowest and the highest share of each parameter, the most important first. */
function sharesOf(answers: readonly Readonly<Record<string, number>>[]): ImportanceShare[] {
  const names = new Set(answers.flatMap((answer) => Object.keys(answer)));
  const shares = [...names].map((name): ImportanceShare => {
    const values = answers.map((answer) => (Object.hasOwn(answer, name) ? answer[name]! : 0));
    const share = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { name, share, low: Math.min(...values), high: Math.max(...values) };
  });
  return shares.sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}
