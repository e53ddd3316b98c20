// The points of a grid: all combinations of values, or a list of settings; and which of them a trial has tried that asked
// for some of the parameters only.
import { FoveaError } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { ownValue, put } from "../../core/lookup.js";
import type { Choice } from "../distribution.js";

/** The values to try of each parameter. */
export type Grid = Readonly<Record<string, readonly Choice[]>>;

/** One value for each parameter that a trial asks for. */
export type Setting = Readonly<Record<string, Choice>>;

export interface GridPoints {
  readonly size: number;
  /** The names of all parameters, sorted. */
  readonly names: readonly string[];
  /** The system attributes with a trial's place, and with what grid it is a place of. */
  readonly key: string;
  readonly noteKey: string;
  readonly note: Json;
  at(point: number): Record<string, Choice>;
  /** The points that agree with parameters in all that these have; none where one of them is no value of the grid. */
  covered(params: Setting): readonly number[];
  /** The values of a parameter; none where the grid does not have it. */
  valuesOf(name: string): readonly Choice[];
}

const MINUS_ZERO = Symbol("-0");

const indexIn = (values: readonly Choice[], value: Choice): number =>
  values.findIndex((candidate) => Object.is(candidate, value));

/** Points whose order fits into memory; more are no grid that anybody could finish. */
const MOST_POINTS = 10_000_000;

/** All combinations. @throws FoveaError for no parameters, one without values or with equal ones, or too many points. */
export function productPoints(grid: Grid): GridPoints {
  const names = Object.keys(grid).sort();
  for (const name of names) {
    const values = ownValue(grid, name);
    if (!Array.isArray(values)) throw new FoveaError("wrong-type", `grid: expected a list of values for "${name}"`);
    // A set takes 0 and -0 for one value, which they are not.
    if (new Set(values.map((value) => (Object.is(value, -0) ? MINUS_ZERO : value))).size < values.length)
      throw new FoveaError(
        "duplicate",
        `grid: expected distinct values for "${name}", received ${JSON.stringify(values)}`,
      );
  }
  const valuesOf = (name: string): readonly Choice[] => ownValue(grid, name) ?? [];
  const size = names.reduce((product, name) => product * valuesOf(name).length, 1);
  if (names.length === 0 || size === 0)
    throw new FoveaError("empty-input", "grid: expected values for each parameter, received none");
  if (size > MOST_POINTS)
    throw new FoveaError(
      "too-large",
      `grid: expected at most ${MOST_POINTS} combinations of values, received ${size}; give fewer values, or choose a random sampler`,
    );
  return {
    size,
    names,
    // Optuna's names.
    key: "grid_id",
    noteKey: "search_space",
    note: grid,
    valuesOf,
    at(point) {
      const values: Record<string, Choice> = {};
      let rest = point;
      for (const name of names) {
        const choices = valuesOf(name);
        put(values, name, choices[rest % choices.length]!);
        rest = Math.floor(rest / choices.length);
      }
      return values;
    },
    covered(params) {
      let points = [0];
      let stride = 1;
      for (const name of names) {
        const choices = valuesOf(name);
        const value = ownValue(params, name);
        const digits = value === undefined ? choices.keys() : [indexIn(choices, value)].filter((digit) => digit >= 0);
        const steps = [...digits].map((digit) => digit * stride);
        points = points.flatMap((point) => steps.map((step) => point + step));
        stride *= choices.length;
      }
      return points;
    },
  };
}

const textOf = (setting: Setting): string =>
  JSON.stringify(Object.entries(setting).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Sixteen hexadecimal digits of texts and their order: two FNV-1a hashes of 32 bits (Fowler, Noll and Vo 1991). */
function hashOf(texts: readonly string[]): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (const text of texts)
    for (let i = 0; i <= text.length; i++) {
      // A number that is no character ends each text.
      const unit = i === text.length ? 0x10000 : text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit ^ 0x100000, 0x01000193);
    }
  return [a, b].map((hash) => (hash >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The settings of a list, equal ones once. @throws FoveaError for an empty list. */
export function settingPoints(settings: readonly Setting[]): GridPoints {
  const points = new Map(settings.map((setting) => [textOf(setting), setting]));
  if (points.size === 0) throw new FoveaError("empty-input", "grid: expected at least one setting, received none");
  const texts = [...points.keys()];
  const pointOf = new Map(texts.map((text, point) => [text, point]));
  const names = [...new Set(settings.flatMap((setting) => Object.keys(setting)))].sort();
  const values = new Map(
    names.map((name) => [name, [...new Set(settings.flatMap((setting) => ownValue(setting, name) ?? []))]]),
  );
  return {
    size: points.size,
    names,
    key: "fovea:setting",
    noteKey: "fovea:settings",
    note: `${points.size} settings ${hashOf(texts)}`,
    valuesOf: (name) => values.get(name) ?? [],
    at: (point) => ({ ...points.get(texts[point]!)! }),
    covered(params) {
      const point = pointOf.get(textOf(params));
      return point === undefined ? [] : [point];
    },
  };
}
