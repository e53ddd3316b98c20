// Random forests for regression (Breiman 2001): trees that split where the squared error falls most, each grown on
// trials drawn with replacement. All features are looked at in every node, as scikit-learn does for regression.
import type { Random } from "../../core/random.js";

export type Tree =
  | { readonly value: number }
  | { readonly feature: number; readonly threshold: number; readonly left: Tree; readonly right: Tree };

/** A tree on as many rows as there are, drawn with replacement. */
export function growTree(rows: readonly Float64Array[], targets: Float64Array, random: Random, maxDepth = 64): Tree {
  const drawn = Int32Array.from(rows, () => random.integer(rows.length));
  return grow(rows, targets, drawn, maxDepth);
}

function grow(rows: readonly Float64Array[], targets: Float64Array, members: Int32Array, depth: number): Tree {
  const mean = members.reduce((sum, i) => sum + targets[i]!, 0) / members.length;
  const isPure = members.every((i) => targets[i] === targets[members[0]!]);
  const split = isPure || depth === 0 ? undefined : bestSplit(rows, targets, members);
  if (split === undefined) return { value: mean };
  const goesLeft = (i: number): boolean => rows[i]![split.feature]! <= split.threshold;
  return {
    ...split,
    left: grow(rows, targets, members.filter(goesLeft), depth - 1),
    right: grow(
      rows,
      targets,
      members.filter((i) => !goesLeft(i)),
      depth - 1,
    ),
  };
}

/** The split at which the sum of squares between the two sides is largest; halfway between two neighbouring values. */
function bestSplit(rows: readonly Float64Array[], targets: Float64Array, members: Int32Array) {
  let best: { feature: number; threshold: number } | undefined;
  let gain = 0;
  const total = members.reduce((sum, i) => sum + targets[i]!, 0);
  const base = (total * total) / members.length;
  for (let feature = 0; feature < rows[0]!.length; feature++) {
    const sorted = members.slice().sort((i, j) => rows[i]![feature]! - rows[j]![feature]! || i - j);
    let left = 0;
    for (let k = 1; k < sorted.length; k++) {
      left += targets[sorted[k - 1]!]!;
      const [low, high] = [rows[sorted[k - 1]!]![feature]!, rows[sorted[k]!]![feature]!];
      if (low === high) continue;
      const between = (left * left) / k + (total - left) ** 2 / (sorted.length - k) - base;
      if (between <= gain * (1 + 1e-12)) continue;
      gain = between;
      best = { feature, threshold: (low + high) / 2 };
    }
  }
  return best;
}
