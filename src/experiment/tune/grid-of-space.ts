// A spec's search space as a grid: the values of each parameter, or, where parameters depend on others, all settings that a
// trial can have, each once.
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { contains, toInternal } from "../../tune/distribution.js";
import {
  type Choice,
  categoricalDistribution,
  type Distribution,
  floatDistribution,
  type Grid,
  intDistribution,
  type Setting,
} from "../../tune/index.js";
import { type Suggests, suggestAll } from "./space.js";
import type { Space } from "./spec.js";

/** More settings than this are no grid that anybody could finish. */
const MOST_SETTINGS = 1_000_000;

/**
 * The grid of a space: given values, by a parameter's name or that of a repeated one (`width_{i}`, `width_2`), and all
 * choices and whole numbers of the parameters without.
 * @throws FoveaError for a range without values, values for no parameter, or more settings than can be tried
 */
export function gridOfSpace(space: Space, grid: Grid): Grid | readonly Setting[] {
  const used = new Set<string>();
  const settings = settingsOf(space, grid, used);
  const unused = Object.keys(grid).find((name) => !used.has(name));
  if (unused !== undefined)
    throw new FoveaError(
      "unknown-parameter",
      `sampler grid: values: there is no parameter "${unused}"; the space has ${Object.keys(space).join(", ")}`,
    );
  if (Object.values(space).some(({ when, each }) => when !== undefined || each !== undefined)) return settings.all();
  return Object.fromEntries(settings.values);
}

/** The settings of a space, found by asking for its parameters as a trial does. */
function settingsOf(space: Space, grid: Grid, used: Set<string>) {
  const values = new Map<string, readonly Choice[]>();
  /** Index of the value that each question of the current setting gets, and the number of its values. */
  const path: { index: number; readonly count: number }[] = [];
  let depth = 0;
  const choose = (name: string, distribution: Distribution): Choice => {
    const choices = values.get(name) ?? valuesOf(name, distribution, givenFor(space, grid, name, used));
    values.set(name, choices);
    if (depth === path.length) path.push({ index: 0, count: choices.length });
    return choices[path[depth++]!.index]!;
  };
  const trial = {
    suggestFloat: (name, low, high, options) => choose(name, floatDistribution(name, low, high, options)),
    suggestInt: (name, low, high, options) => choose(name, intDistribution(name, low, high, options)),
    suggestCategorical: (name, choices) => choose(name, categoricalDistribution(name, choices)),
  } as Suggests;
  const next = (): Setting | undefined => {
    depth = 0;
    const setting = suggestAll(space, trial);
    path.length = depth;
    return setting;
  };
  const first = next()!;
  return {
    values,
    all(): Setting[] {
      const all = [first];
      for (;;) {
        while (path.length > 0 && path.at(-1)!.index + 1 === path.at(-1)!.count) path.pop();
        const last = path.at(-1);
        if (last === undefined) return all;
        last.index++;
        if (all.length === MOST_SETTINGS)
          throw new FoveaError(
            "too-large",
            `sampler grid: the space has more than ${MOST_SETTINGS} settings; give fewer values`,
          );
        all.push(next()!);
      }
    },
  };
}

/** The given values of a parameter: its own, or those of all that are repeated with it. */
function givenFor(space: Space, grid: Grid, name: string, used: Set<string>): readonly Choice[] | undefined {
  const pattern = Object.keys(space).find((key) => key === name || (key.includes("{i}") && isInstance(name, key)));
  for (const key of [name, pattern ?? name]) {
    const values = ownValue(grid, key);
    if (values === undefined) continue;
    used.add(key);
    return values;
  }
  return undefined;
}

function isInstance(name: string, pattern: string): boolean {
  const [before = "", ...after] = pattern.split("{i}");
  const number = /^\d+/.exec(name.slice(before.length))?.[0];
  return name.startsWith(before) && number !== undefined && [before, ...after].join(number) === name;
}

function valuesOf(name: string, distribution: Distribution, choices: readonly Choice[] | undefined): readonly Choice[] {
  if (choices !== undefined) {
    const wrong = choices.find((value) => !isIn(name, distribution, value));
    if (choices.length > 0 && wrong === undefined) return choices;
    throw new FoveaError(
      "unknown-choice",
      `sampler grid: values of "${name}": expected some that the space has, received ${JSON.stringify(wrong ?? choices)}`,
    );
  }
  if (distribution.type === "categorical") return distribution.choices;
  const { low, high, step = 1, log } = distribution;
  if (distribution.type === "int" && !log && (high - low) / step >= MOST_SETTINGS)
    throw new FoveaError(
      "missing-option",
      `sampler grid: parameter "${name}" has more than ${MOST_SETTINGS} values; say which to try: {"grid": {"values": {"${name}": [...]}}}`,
    );
  if (distribution.type === "int" && !log)
    return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);
  throw new FoveaError(
    "missing-option",
    `sampler grid: parameter "${name}" is a range; say which values to try: {"grid": {"values": {"${name}": [...]}}}`,
  );
}

function isIn(name: string, distribution: Distribution, value: Choice): boolean {
  if (distribution.type === "categorical") return distribution.choices.some((choice) => Object.is(choice, value));
  return typeof value === "number" && contains(distribution, toInternal(name, distribution, value));
}
