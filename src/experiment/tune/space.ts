// A spec's search space: which parameters a trial asks for, and where their values stand in model and training. `$name`
// is the value of a parameter; inside what is repeated, `{i}` is the number of the repetition.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { ownValue, put } from "../../core/lookup.js";
import type { Choice, Trial } from "../../tune/index.js";
import { asList, type ParameterSpec, type Space } from "./spec.js";

/** Values of a trial's parameters, by their names. */
export type Params = Readonly<Record<string, Choice>>;

/** Source of values, such as a trial. */
export type Suggests = Pick<Trial, "suggestFloat" | "suggestInt" | "suggestCategorical">;

/**
 * Asks a trial for every parameter of a space that the values so far call for, in the space's order.
 * @param space parameters with their ranges and conditions, as in the `space` of a spec
 * @param trial source of the values
 * @throws FoveaError for ranges that are none, and conditions on parameters that do not come before.
 * @example
 * const space = { layers: { int: [1, 3] }, "units_{i}": { choices: [16, 32], each: "layers" } };
 * const study = await createStudy();
 * const params = suggestAll(space, await study.ask()); // { layers: 2, units_1: 32, units_2: 16 }
 * substitute({ units: "$units_{i}" }, params, 1); // { units: 32 }
 */
export function suggestAll(space: Space, trial: Suggests): Params {
  const params: Record<string, Choice> = {};
  for (const [name, parameter] of Object.entries(space)) {
    if (!isWanted(name, parameter, space, params)) continue;
    for (const instance of instancesOf(name, parameter, space, params))
      put(params, instance, suggest(trial, instance, parameter));
  }
  return params;
}

function suggest(trial: Suggests, name: string, parameter: ParameterSpec): Choice {
  if ("choices" in parameter) return trial.suggestCategorical(name, parameter.choices);
  const { log, step } = parameter;
  return "float" in parameter
    ? trial.suggestFloat(name, ...parameter.float, defined({ log, step }))
    : trial.suggestInt(name, ...parameter.int, defined({ log, step }));
}

function isWanted(name: string, { when = {} }: ParameterSpec, space: Space, params: Params): boolean {
  return Object.entries(when).every(([other, values]) => {
    checkEarlier(name, other, space);
    return Object.hasOwn(params, other) && asList(values).includes(ownValue(params, other)!);
  });
}

function instancesOf(name: string, { each }: ParameterSpec, space: Space, params: Params): readonly string[] {
  if (each === undefined) return [name];
  checkEarlier(name, each, space);
  if (!name.includes("{i}"))
    throw new FoveaError(
      "unusable-name",
      `space: "${name}" is there once for each of ${each}; put {i} into its name: "${name}_{i}"`,
    );
  const times = ownValue(params, each);
  if (times === undefined) return [];
  if (typeof times !== "number" || !Number.isSafeInteger(times))
    throw new FoveaError(
      "out-of-range",
      `space: "${name}" is there for each of ${each}, which is ${JSON.stringify(times)} and no count`,
    );
  return Array.from({ length: Math.max(0, times) }, (_, i) => name.replaceAll("{i}", String(i + 1)));
}

function checkEarlier(name: string, other: string, space: Space): void {
  const names = Object.keys(space);
  const index = names.indexOf(other);
  if (index >= 0 && index < names.indexOf(name)) return;
  throw new FoveaError(
    "unknown-parameter",
    `space: "${name}" depends on "${other}", which is ${index < 0 ? "not in the space" : "not before it"}; ${index < 0 ? `the space has ${names.join(", ")}` : "put it before"}`,
  );
}

/**
 * JSON with the values of parameters in place of `"$name"`. Whole texts only: a parameter's value keeps its type.
 * @param value any JSON; lists and objects are gone through, keys stay as they are
 * @param params values by the names of parameters
 * @param i number of the repetition, from 1, that stands for `{i}`; without it `{i}` stays
 * @throws FoveaError for a name without value.
 */
export function substitute(value: Json, params: Params, i?: number): Json {
  if (typeof value === "string") {
    if (!value.startsWith("$")) return value;
    const name = value.slice(1).replaceAll("{i}", String(i ?? "{i}"));
    const found = ownValue(params, name);
    if (found !== undefined) return found;
    throw new FoveaError(
      "unknown-parameter",
      `"${value}": there is no parameter "${name}" in this trial, which has ${Object.keys(params).join(", ")}; add it to the space`,
    );
  }
  if (Array.isArray(value)) return value.map((item: Json) => substitute(item, params, i));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, inner]) => [key, substitute(inner, params, i)]),
  );
}
