// A study as the facts of its report: what the tune room knows, with names and importances.
import { VERSION } from "../../core/version.js";
import { commandPrefix, shellWord } from "../../platform/invocation.js";
import { metric } from "../../report/format.js";
import type { ImportanceFacts, StudyFacts } from "../../report/study-facts.js";
import { fanova, normalized, pedAnova, type Study, studyFacts, withoutPassword } from "../../tune/index.js";
import { storedBaseline, storedSpec } from "./program.js";
import { asList, dataPathOf, type MethodSpec } from "./spec.js";

/** With fewer complete trials importances say nothing. */
const FEWEST = 4;

/**
 * Importances of the parameters, by fANOVA and by PED-ANOVA, as shares of 1; none for fewer than four complete trials.
 * @param objective index of the value that fANOVA explains, counted from 0; PED-ANOVA looks at all of them. Default 0.
 * @example
 * const study = await createStudy();
 * const objective = (trial) => trial.suggestFloat("x", -1, 1) ** 2 + 0.1 * trial.suggestFloat("y", -1, 1);
 * await study.optimize(objective, { trials: 12 });
 * const [{ method, shares }] = importancesOf(study); // "fANOVA", { x: ..., y: ... }
 */
export function importancesOf({ trials, directions }: Study, objective = 0): ImportanceFacts[] {
  if (trials.filter((trial) => trial.state === "complete").length < FEWEST) return [];
  const target = directions.length > 1 ? { target: (trial: (typeof trials)[number]) => trial.values![objective]! } : {};
  return [
    { method: "fANOVA", shares: normalized(fanova(trials, directions, target)) },
    { method: "PED-ANOVA", shares: normalized(pedAnova(trials, directions)) },
  ].filter(({ shares }) => Object.keys(shares).length > 0);
}

const methodName = (method: MethodSpec): string =>
  typeof method === "string" ? method : (Object.keys(method)[0] ?? "");

/**
 * The facts of a study's report, for `renderStudyPage`.
 * @param study with its trials
 * @param storage address of its storage, which the page names without its password
 */
export function studyReportFacts(study: Study, storage: string): StudyFacts {
  const spec = storedSpec(study);
  const address = withoutPassword(storage);
  const { name, directions, seed, space, trials, best } = studyFacts(study);
  const objectives =
    spec === undefined
      ? directions.map((_, i) => (directions.length === 1 ? "value" : `value ${i + 1}`))
      : asList(spec.objective);
  const data = spec && dataPathOf(spec);
  const baseline = storedBaseline(study);
  return {
    createdBy: `Fovea ${VERSION}`,
    name,
    directions,
    objectives,
    space,
    trials,
    best,
    importances: importancesOf(study),
    rows: [
      { label: "Objective", value: objectives.map((objective, i) => `${directions[i]} ${objective}`).join(", ") },
      ...(data === undefined ? [] : [{ label: "Data", value: data }]),
      ...(baseline === undefined
        ? []
        : [{ label: `${baseline.title}, on the validation images`, value: metric(baseline.validation) }]),
      ...(spec === undefined
        ? []
        : [
            { label: "Sampler", value: methodName(spec.sampler) },
            { label: "Pruner", value: methodName(spec.pruner) },
          ]),
      { label: "Seed", value: String(seed) },
      { label: "Storage", value: address },
    ],
    ...(spec === undefined
      ? {}
      : { rebuild: `${commandPrefix()} tune rebuild --study ${shellWord(name)} --storage ${shellWord(address)}` }),
  };
}
