// fANOVA (Hutter, Hoos and Leyton-Brown 2014): the share of the objective's variance over the whole space that one
// parameter explains alone, as a random forest sees the objective.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { Random, STREAM } from "../../core/random.js";
import { type Distribution, isSingle, toInternal } from "../distribution.js";
import { intersectionSpace } from "../samplers/search-space.js";
import type { Direction, TrialRecord } from "../trial-record.js";
import { growTree, type Tree } from "./forest.js";
import { type Importances, sortedImportances, usableTrials } from "./importance.js";

/** Options of `fanova`. */
export interface FanovaOptions {
  /** Trees of the forest. Default 64. */
  readonly trees?: number;
  /** Seed of the forest. Default 0. */
  readonly seed?: number;
  /**
   * The quantity that is explained; needed for several objectives. Default: the value.
   * @param trial A complete trial.
   */
  readonly target?: (trial: TrialRecord) => number;
}

/** A box of the space: for each feature from where to where. */
type Box = readonly (readonly [low: number, high: number])[];

/** A leaf: its box, and what the tree says there. */
interface Leaf {
  readonly box: Box;
  readonly value: number;
}

/**
 * Importances of the parameters that all complete trials share, each a share of the variance of the value (Hutter, Hoos
 * and Leyton-Brown, 2014). They add up to less than 1; the rest is due to combinations of parameters.
 * @param trials All trials of a study.
 * @param directions The better direction of each objective.
 * @throws FoveaError for several objectives without `target`.
 * @example
 * const study = await createStudy({ seed: 1 });
 * await study.optimize((trial) => trial.suggestFloat("x", 0, 1) + 0.1 * trial.suggestFloat("y", 0, 1), { trials: 20 });
 * const shares = normalized(fanova(study.trials, study.directions)); // x first
 */
export function fanova(
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
  options: FanovaOptions = {},
): Importances {
  checkOptions("fanova", options, ["trees", "seed", "target"]);
  const { trees = 64, seed = 0, target } = options;
  if (!Array.isArray(trials) || !Array.isArray(directions))
    throw new FoveaError("wrong-type", "fanova: expected a study's trials and its directions, as two lists");
  if (directions.length > 1 && target === undefined)
    throw new FoveaError(
      "missing-option",
      "fanova: with several objectives, name the value to explain: target: (trial) => trial.values[0]",
    );
  wholeNumber("fanova: trees", trees, 1);
  const usable = usableTrials(trials);
  const space = [...intersectionSpace(usable)];
  const constant = Object.entries(usable[0]?.distributions ?? {}).filter(([, distribution]) => isSingle(distribution));
  const zeros = constant.map(([name]) => [name, 0] as const);
  if (usable.length <= 1) return sortedImportances([...space.map(([name]) => [name, 0] as const), ...zeros]);
  const features = space.map(([, distribution]) => boundsOf(distribution));
  const targets = Float64Array.from(usable, target ?? ((trial) => trial.values![0]!));
  const rows = usable.map((trial) =>
    Float64Array.from(
      space.flatMap(([name, distribution]) =>
        featuresOf(distribution, toInternal(name, distribution, trial.params[name]!)),
      ),
    ),
  );
  const whole: Box = features.flat();
  const shares = space.map((): number[] => []);
  for (let t = 0; t < trees; t++) {
    const leaves = leavesOf(growTree(rows, targets, new Random(seed, STREAM.tune, t)), whole);
    const variance = varianceOf(leaves.map(({ box, value }) => [value, volume(box)]));
    if (variance === 0) continue;
    let at = 0;
    features.forEach((bounds, i) => {
      const columns = bounds.map((_, k) => at + k);
      at += bounds.length;
      shares[i]!.push(marginalVariance(leaves, whole, columns) / variance);
    });
  }
  const mean = (list: readonly number[]): number =>
    list.reduce((sum, value) => sum + value, 0) / Math.max(1, list.length);
  return sortedImportances([...space.map(([name], i) => [name, mean(shares[i]!)] as const), ...zeros]);
}

/** A numerical parameter is one feature on its own scale; a choice has a feature for each of its values. */
const boundsOf = (distribution: Distribution): Box =>
  distribution.type === "categorical"
    ? distribution.choices.map(() => [0, 1] as const)
    : [[distribution.low, distribution.high]];

const featuresOf = (distribution: Distribution, internal: number): number[] =>
  distribution.type === "categorical" ? distribution.choices.map((_, i) => (i === internal ? 1 : 0)) : [internal];

const volume = (box: Box): number => box.reduce((product, [low, high]) => product * (high - low), 1);

function leavesOf(tree: Tree, box: Box): Leaf[] {
  if ("value" in tree) return [{ box, value: tree.value }];
  const cut = (low: number, high: number): Box =>
    box.map(([from, to], i) => (i === tree.feature ? [Math.max(from, low), Math.min(to, high)] : [from, to]));
  return [
    ...leavesOf(tree.left, cut(-Infinity, tree.threshold)),
    ...leavesOf(tree.right, cut(tree.threshold, Infinity)),
  ];
}

function varianceOf(weighted: readonly (readonly [value: number, weight: number])[]): number {
  let weight = 0;
  let mean = 0;
  for (const [value, w] of weighted) {
    weight += w;
    mean += w * value;
  }
  mean /= weight;
  return weighted.reduce((sum, [value, w]) => sum + w * (value - mean) ** 2, 0) / weight;
}

/**
 * The variance of what the tree says on average at each value of some features: over the cells that its thresholds cut
 * their range into.
 */
function marginalVariance(leaves: readonly Leaf[], whole: Box, inside: readonly number[]): number {
  const others = whole.map((_, i) => i).filter((i) => !inside.includes(i));
  let cells: { readonly point: readonly number[]; readonly size: number }[] = [{ point: [], size: 1 }];
  for (const feature of inside) {
    const edges = [...new Set(leaves.flatMap(({ box }) => box[feature]!))].sort((a, b) => a - b);
    cells = cells.flatMap(({ point, size }) =>
      edges.slice(1).map((edge, i) => ({ point: [...point, (edge + edges[i]!) / 2], size: size * (edge - edges[i]!) })),
    );
  }
  const weights = leaves.map(({ box }) => others.reduce((product, i) => product * (box[i]![1] - box[i]![0]), 1));
  return varianceOf(
    cells.map(({ point, size }) => {
      let sum = 0;
      let weight = 0;
      leaves.forEach(({ box, value }, l) => {
        const isInside = inside.every((feature, k) => point[k]! > box[feature]![0] && point[k]! <= box[feature]![1]);
        if (!isInside) return;
        sum += weights[l]! * value;
        weight += weights[l]!;
      });
      return [sum / weight, size * weight];
    }),
  );
}
