// Distributions as Optuna writes them into files and databases: a class name and its attributes. Reads the names that
// Optuna used before version 3 too.
import { FoveaError } from "../../core/errors.js";
import type { Choice, Distribution } from "../distribution.js";
import { parsePythonJson, writePythonJson } from "./python-json.js";

interface Attributes {
  readonly low?: number;
  readonly high?: number;
  readonly log?: boolean;
  readonly step?: number | null;
  readonly q?: number;
  readonly choices?: readonly Choice[];
}

export function distributionToJson(distribution: Distribution): string {
  if (distribution.type === "categorical")
    return writePythonJson({ name: "CategoricalDistribution", attributes: { choices: distribution.choices } });
  const { low, high, log } = distribution;
  const name = distribution.type === "float" ? "FloatDistribution" : "IntDistribution";
  return writePythonJson({ name, attributes: { step: distribution.step ?? null, low, high, log } });
}

/** Distributions repeat from trial to trial; equal texts give the same object. */
const known = new Map<string, Distribution>();
const MOST_KNOWN = 10_000;

/** @throws FoveaError for a text that is no distribution of Optuna's. */
export function distributionFromJson(text: string): Distribution {
  const before = known.get(text);
  if (before !== undefined) return before;
  const { name, attributes } = parsePythonJson(text) as { name?: string; attributes?: Attributes };
  const distribution = fromAttributes(name ?? "", attributes ?? {});
  if (distribution === undefined)
    throw new FoveaError("wrong-field", `storage: expected a distribution of Optuna's, found ${text}`);
  if (known.size < MOST_KNOWN) known.set(text, distribution);
  return distribution;
}

function fromAttributes(name: string, attributes: Attributes): Distribution | undefined {
  const { low, high, log = name.includes("Log"), choices } = attributes;
  if (name === "CategoricalDistribution" && choices !== undefined) return { type: "categorical", choices };
  if (typeof low !== "number" || typeof high !== "number") return undefined;
  const step = attributes.step ?? attributes.q;
  switch (name) {
    case "FloatDistribution":
    case "UniformDistribution":
    case "LogUniformDistribution":
    case "DiscreteUniformDistribution":
      return { type: "float", low, high, log, ...(step === undefined ? {} : { step }) };
    case "IntDistribution":
    case "IntUniformDistribution":
    case "IntLogUniformDistribution":
      return { type: "int", low, high, log, step: step ?? 1 };
    default:
      return undefined;
  }
}
