// The cosines of pairs of one identity beside those of two: where both overlap, no threshold is right.
import type { VerificationFacts } from "../../facts.js";
import { bars } from "../histogram-bars.js";
import type { Chart } from "../render.js";
import { COLORS } from "../theme.js";

/** Densities of both kinds. */
export function scoresChart({ scores, threshold }: VerificationFacts): Chart {
  const { from, to, same, others } = scores;
  const width = (to - from) / same.length;
  const edges = Array.from({ length: same.length + 1 }, (_, i) => from + i * width);
  const histogramOf = (cosines: ArrayLike<number>) => {
    const counts = Array.from(cosines);
    const total = counts.reduce((sum, count) => sum + count, 0);
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
