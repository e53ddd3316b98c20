// Samplers and pruners by the names and options that a spec or a command line may give.
import * as z from "zod";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { checkJson } from "../../formats/json.js";
import { anyJson, namedValues } from "../../formats/json-schema.js";
import {
  cmaEsSampler,
  type Grid,
  gridSampler,
  hyperbandPruner,
  medianPruner,
  nopPruner,
  nsga2Sampler,
  type Pruner,
  patientPruner,
  percentilePruner,
  quasiRandomSampler,
  randomSampler,
  type Sampler,
  successiveHalvingPruner,
  tpeSampler,
  wilcoxonPruner,
} from "../../tune/index.js";
import { gridOfSpace } from "./grid-of-space.js";
import type { MethodSpec, Space } from "./spec.js";

const number = z.number().optional();
const flag = z.boolean().optional();
const resource = z.union([z.number(), z.literal("auto")]).optional();
const percentile = { startupTrials: number, warmupSteps: number, intervalSteps: number, minTrials: number };
const method = z.union([z.string(), namedValues(namedValues(anyJson))]);

/** Options checked by a schema, then made into a method. */
const made =
  <S extends z.ZodObject, T>(schema: S, make: (options: z.output<S>, space: Space) => T) =>
  (what: string, options: unknown, space: Space): T =>
    make(checkJson(what, schema, options), space);

type Makers<T> = Readonly<Record<string, (what: string, options: unknown, space: Space) => T>>;

const SAMPLERS: Makers<Sampler> = {
  tpe: made(
    z.strictObject({ startupTrials: number, candidates: number, multivariate: flag, group: flag, constantLiar: flag }),
    (options) => tpeSampler(defined(options)),
  ),
  random: made(z.strictObject({}), () => randomSampler()),
  grid: made(z.strictObject({ values: namedValues(z.array(anyJson)).optional() }), ({ values }, space) =>
    gridSampler(gridOfSpace(space, (values ?? {}) as Grid)),
  ),
  "quasi-random": made(z.strictObject({}), () => quasiRandomSampler()),
  "cma-es": made(z.strictObject({ populationSize: number, step: number, startupTrials: number }), (options) =>
    cmaEsSampler(defined(options)),
  ),
  nsga2: made(
    z.strictObject({
      populationSize: number,
      crossoverProbability: number,
      swappingProbability: number,
      mutationProbability: number,
    }),
    (options) => nsga2Sampler(defined(options)),
  ),
};

const PRUNERS: Makers<Pruner> = {
  none: made(z.strictObject({}), () => nopPruner()),
  median: made(z.strictObject(percentile), (options) => medianPruner(defined(options))),
  percentile: made(z.strictObject({ percentile: z.number(), ...percentile }), ({ percentile: share, ...options }) =>
    percentilePruner(share, defined(options)),
  ),
  patient: made(
    z.strictObject({ patience: z.number(), minDelta: number, pruner: method.optional() }),
    ({ patience, minDelta, pruner }) =>
      patientPruner(pruner === undefined ? undefined : prunerOf(pruner as MethodSpec), patience, minDelta),
  ),
  halving: made(
    z.strictObject({
      minResource: resource,
      reductionFactor: number,
      minEarlyStoppingRate: number,
      bootstrapCount: number,
    }),
    (options) => successiveHalvingPruner(defined(options)),
  ),
  hyperband: made(
    z.strictObject({ minResource: number, maxResource: resource, reductionFactor: number, bootstrapCount: number }),
    (options) => hyperbandPruner(defined(options)),
  ),
  wilcoxon: made(z.strictObject({ pThreshold: number, startupSteps: number }), (options) =>
    wilcoxonPruner(defined(options)),
  ),
};

/** Names of samplers that a spec or `--sampler` may have, such as `tpe`, the default. */
export const SAMPLER_NAMES = Object.keys(SAMPLERS);
/** Names of pruners that a spec or `--pruner` may have, such as `median`; the default is `none`. */
export const PRUNER_NAMES = Object.keys(PRUNERS);

function methodOf<T>(what: string, makers: Makers<T>, spec: MethodSpec, space: Space): T {
  const entries: readonly (readonly [string, unknown])[] =
    typeof spec === "string" ? [[spec, {}]] : Object.entries(spec);
  const [name, options] = entries[0] ?? ["", {}];
  const make = ownValue(makers, name);
  if (make === undefined || entries.length > 1)
    throw new FoveaError(
      "unknown-choice",
      `${what}: expected one of ${Object.keys(makers).join(", ")}, received ${JSON.stringify(typeof spec === "string" ? spec : Object.keys(spec))}`,
    );
  return make(`${what} ${name}`, options, space);
}

/** @throws FoveaError for an unknown name or options that it does not have. */
export const samplerOf = (spec: MethodSpec, space: Space = {}): Sampler => methodOf("sampler", SAMPLERS, spec, space);

/** @throws as `samplerOf`. */
export const prunerOf = (spec: MethodSpec): Pruner => methodOf("pruner", PRUNERS, spec, {});
