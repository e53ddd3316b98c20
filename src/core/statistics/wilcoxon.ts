// Wilcoxon's signed-rank test for paired values, one-sided: exact for few pairs without ties, else the normal
// approximation with corrections for ties. As scipy.stats.wilcoxon has it with zero_method "zsplit".
import { normalCdf } from "./normal.js";

/** Up to so many pairs the exact distribution is cheap. */
const EXACT = 50;

/**
 * Probability of differences at least as large as these if their distribution is symmetric around 0.
 * @param differences of pairs, the order of no importance; zeros count half for either sign
 * @returns the p-value of the alternative "they are greater than 0"
 */
export function wilcoxonGreater(differences: readonly number[]): number {
  const count = differences.length;
  const sorted = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
  let positive = 0;
  let ties = 0;
  let zeros = 0;
  let hasTies = false;
  for (let from = 0, to = 0; from < count; from = to) {
    const size = Math.abs(sorted[from]!);
    while (to < count && Math.abs(sorted[to]!) === size) to++;
    const rank = (from + 1 + to) / 2;
    const tied = to - from;
    if (tied > 1) hasTies = true;
    ties += tied ** 3 - tied;
    if (size === 0) zeros = tied;
    for (let i = from; i < to; i++) positive += sorted[i]! > 0 ? rank : sorted[i] === 0 ? rank / 2 : 0;
  }
  if (count <= EXACT && !hasTies && zeros === 0) return exactTail(count, positive);
  const mean = (count * (count + 1)) / 4;
  const variance = (count * (count + 1) * (2 * count + 1) - ties / 2) / 24;
  return variance === 0 ? 1 : normalCdf((mean - positive) / Math.sqrt(variance));
}

/** The probability that ranks 1 to n, each with a fair sign, have a positive sum of at least `sum`. */
function exactTail(n: number, sum: number): number {
  const most = (n * (n + 1)) / 2;
  let chances = new Float64Array(most + 1);
  chances[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    chances = chances.map((chance, s) => (chance + (s >= rank ? chances[s - rank]! : 0)) / 2);
  let tail = 0;
  for (let s = most; s >= sum; s--) tail += chances[s]!;
  return tail;
}
