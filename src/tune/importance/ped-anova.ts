// PED-ANOVA (Watanabe, Bansal and Hutter 2023): how much the density of the best trials along one parameter differs from
// that of all trials. Quick, and at home in conditional spaces. The numbers are Optuna's.
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { exp, log } from "../../core/math.js";
import { checkOptions } from "../../core/options.js";
import { logNormalMass } from "../../core/statistics/normal.js";
import { type Distribution, isSingle, type NumericalDistribution, toInternal } from "../distribution.js";
import { lossesOf } from "../pareto.js";
import { splitTrials } from "../samplers/tpe/split.js";
import type { Direction, TrialRecord } from "../trial-record.js";
import { type Importances, sortedImportances, usableTrials } from "./importance.js";

/** Options of `pedAnova`. */
export interface PedAnovaOptions {
  /** Share of the trials that counts as best. Default 0.1. */
  readonly targetQuantile?: number;
  /** Share of the trials that the best are compared with. Default 1: all. */
  readonly regionQuantile?: number;
}

/** A numerical parameter is looked at in so many cells at most. */
const CELLS = 50;
/** Ranges that fewer trials than this had are left out. */
const LEAST_TRIALS = 2;
const NEARLY_NOTHING = 1e-12;
/** Half a cell in units of a normal distribution's 95 % quantile: the narrowest kernel. */
const LEAST_WIDTH = 0.5 / 1.64;

/**
 * Importances of all parameters of complete trials, also of those that only some have (Watanabe, Bansal and Hutter,
 * 2023). Not normalized.
 * @param trials All trials of a study.
 * @param directions The better direction of the one objective.
 * @throws FoveaError unless 0 < targetQuantile < regionQuantile <= 1.
 * @example
 * const study = await createStudy({ seed: 1 });
 * await study.optimize((trial) => trial.suggestFloat("x", 0, 1), { trials: 20 });
 * pedAnova(study.trials, study.directions);
 */
export function pedAnova(
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
  options: PedAnovaOptions = {},
): Importances {
  checkOptions("pedAnova", options, ["targetQuantile", "regionQuantile"]);
  const { targetQuantile = 0.1, regionQuantile = 1 } = options;
  if (!Array.isArray(trials) || !Array.isArray(directions))
    throw new FoveaError("wrong-type", "pedAnova: expected a study's trials and its directions, as two lists");
  if (!(targetQuantile > 0 && targetQuantile < regionQuantile && regionQuantile <= 1))
    throw new FoveaError(
      "out-of-range",
      `pedAnova: expected 0 < targetQuantile < regionQuantile <= 1, received ${targetQuantile} and ${regionQuantile}`,
    );
  const usable = usableTrials(trials);
  const names = [...new Set(usable.flatMap((trial) => Object.keys(trial.distributions)))];
  const region = best(usable, directions, regionQuantile);
  const target = new Set(best(usable, directions, targetQuantile));
  if (usable.length <= 1 || target.size === 0) return sortedImportances(names.map((name) => [name, 0]));
  const quantile = target.size / region.length;
  return sortedImportances(
    names.map((name) => {
      let importance = 0;
      for (const { distribution, members } of ranges(region, name)) {
        const chosen = members.filter((trial) => target.has(trial));
        if (isSingle(distribution) || chosen.length === 0) continue;
        const targetShare = chosen.length / target.size;
        const regionShare = members.length / region.length;
        importance += (targetShare ** 2 / regionShare) * divergence(name, distribution, chosen, members);
      }
      return [name, importance * quantile ** 2];
    }),
  );
}

function best(
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
  quantile: number,
): readonly TrialRecord[] {
  if (quantile === 1 || trials.length === 0) return trials;
  const count = Math.ceil(quantile * trials.length);
  if (directions.length > 1) return splitTrials(trials, [], directions, count).below as readonly TrialRecord[];
  const losses = trials.map((trial) => lossesOf(trial, directions)[0]!);
  const limit = [...losses].sort((a, b) => a - b)[count - 1]!;
  return trials.filter((_, i) => losses[i]! <= limit);
}

/** The trials that have a parameter, by the distribution that they have it with. */
function ranges(trials: readonly TrialRecord[], name: string) {
  const found = new Map<string, { distribution: Distribution; members: TrialRecord[] }>();
  for (const trial of trials) {
    const distribution = ownValue(trial.distributions, name);
    if (distribution === undefined) continue;
    const key = JSON.stringify(distribution);
    const range = found.get(key) ?? { distribution, members: [] };
    range.members.push(trial);
    found.set(key, range);
  }
  return [...found.values()].filter(({ members }) => members.length >= LEAST_TRIALS);
}

/** Pearson's divergence of the density of some trials from that of others, cell by cell. */
function divergence(
  name: string,
  distribution: Distribution,
  target: readonly TrialRecord[],
  region: readonly TrialRecord[],
): number {
  const [p, q] = [target, region].map((trials) => densityOnCells(name, distribution, trials)) as [
    Float64Array,
    Float64Array,
  ];
  return q.reduce((sum, value, i) => sum + value * (p[i]! / value - 1) ** 2, 0);
}

function densityOnCells(name: string, distribution: Distribution, trials: readonly TrialRecord[]): Float64Array {
  const values = trials.map((trial) => toInternal(name, distribution, trial.params[name]!));
  const counts =
    distribution.type === "categorical"
      ? countsOf(values, distribution.choices.length)
      : countsOf(cellsOf(distribution, values), cellCount(distribution));
  const density = distribution.type === "categorical" ? choiceDensity(counts) : cellDensity(counts);
  return density.map((value) => value + NEARLY_NOTHING);
}

function cellCount({ type, low, high, log: isLog, step }: NumericalDistribution): number {
  if (type === "int" && isLog) return Math.min(Math.ceil(log(high - low + 1) / log(2)) + 1, CELLS);
  return step === undefined ? CELLS : Math.min(Math.round((high - low) / step) + 1, CELLS);
}

function cellsOf(distribution: NumericalDistribution, values: readonly number[]): number[] {
  const cells = cellCount(distribution);
  const scale = (value: number): number => (distribution.log ? log(value) : value);
  const [low, high] = [scale(distribution.low), scale(distribution.high)];
  const size = (high - low) / (cells - 1);
  return values.map((value) => Math.min(Math.max(Math.ceil((scale(value) - low) / size - 0.5), 0), cells - 1));
}

function countsOf(cells: readonly number[], count: number): Float64Array {
  const counts = new Float64Array(count);
  for (const cell of cells) counts[cell]!++;
  return counts;
}

/** Kernels at the cells that were met, weighted by how often; a prior of weight 1. */
function choiceDensity(counts: Float64Array): Float64Array {
  const met = counts.filter((count) => count > 0).length;
  const total = counts.reduce((sum, count) => sum + count, 0) + 1;
  const share = 1 / (met + 1);
  const row = 1 + counts.length * share;
  return counts.map((count) => ((total - 1) * share + count) / row / total + 1 / counts.length / total);
}

/** The same with normal kernels, as wide as Scott's rule says. */
function cellDensity(counts: Float64Array): Float64Array {
  const last = counts.length - 1;
  const met = [...counts.keys()].filter((cell) => counts[cell]! > 0);
  const total = met.reduce((sum, cell) => sum + counts[cell]!, 0);
  const width = Math.max(scottWidth(met, counts, total), LEAST_WIDTH);
  const kernels = [...met.map((cell) => [cell, width, counts[cell]!]), [last / 2, last + 1, 1]] as [
    number,
    number,
    number,
  ][];
  return counts.map((_, cell) => {
    let density = 0;
    for (const [centre, sigma, weight] of kernels) {
      const at = (edge: number): number => (edge - centre) / sigma;
      const mass = logNormalMass(at(cell - 0.5), at(cell + 0.5)) - logNormalMass(at(-0.5), at(last + 0.5));
      density += (weight / (total + 1)) * exp(mass);
    }
    return density;
  });
}

function scottWidth(met: readonly number[], counts: Float64Array, total: number): number {
  const mean = met.reduce((sum, cell) => sum + cell * counts[cell]!, 0) / total;
  const squares = met.reduce((sum, cell) => sum + (cell - mean) ** 2 * counts[cell]!, 0);
  const deviation = Math.sqrt(squares / Math.max(1, total - 1));
  let sum = 0;
  const sums = met.map((cell) => {
    sum += counts[cell]!;
    return sum;
  });
  const first = sums.filter((value) => value < Math.floor(total / 4)).length;
  const third = sums.filter((value) => value <= Math.floor((total * 3) / 4)).length;
  const spread = met[Math.min(met.length - 1, third)]! - met[first]!;
  return 1.059 * Math.min(spread / 1.34, deviation) * exp(-0.2 * log(total));
}
