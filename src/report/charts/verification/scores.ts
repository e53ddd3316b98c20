// The cosines of pairs of one identity beside those of two: where both overlap, no threshold is right.
import type { VerificationFacts } from "../../facts.js";
import { bars } from "../histogram-bars.js";
import type { Chart } from "../render.js";
import { COLORS } from "../theme.js";

/** Bins from -1 to 1 as densities of their kind, without empty ones at both ends. */
export function scoresChart({ scores, threshold }: VerificationFacts): Chart {
  const [same, others] = [Array.from(scores.same), Array.from(scores.others)];
  const isFilled = (at: number): boolean => same[at]! + others[at]! > 0;
  const places = [...same.keys()].filter(isFilled);
  const [from, to] = [places[0] ?? 0, places.at(-1) ?? same.length - 1];
  const width = 2 / same.length;
  const edges = Array.from({ length: to - from + 2 }, (_, i) => -1 + (from + i) * width);
  const histogramOf = (all: readonly number[]) => {
    const counts = all.slice(from, to + 1);
    const total = all.reduce((sum, count) => sum + count, 0);
    return { edges, counts, densities: counts.map((count) => (total === 0 ? 0 : count / width / total)) };
  };
  return bars({
    name: "pair-scores",
    title: "Cosines of pairs",
    subtitle: `threshold ${threshold.toFixed(3)}, chosen on validation`,
    x: "cosine of the embeddings",
    y: "density",
    series: [
      { name: "two identities", histogram: histogramOf(others), color: COLORS.series[1]! },
      { name: "one identity", histogram: histogramOf(same), color: COLORS.series[0]! },
    ],
    density: true,
    height: 320,
  });
}
