// The lines that run the same searches.
import type { CodeFacts } from "../../../contract/facts.js";
import { gridValues, OBJECTIVE_FACTS } from "./objectives.ts";
import { budgetOf, type Rival, wishIn } from "./state.ts";

const SAMPLERS: Readonly<Record<Rival, string>> = {
  random: "randomSampler",
  quasirandom: "quasiRandomSampler",
  tpe: "tpeSampler",
};

export function codeOf(state: Readonly<Record<string, string>>): CodeFacts {
  const wish = wishIn(state);
  const sampler = SAMPLERS[wish.rival];
  const typescript = [
    `import { createStudy, gridSampler, ${sampler} } from "fovea/tune";`,
    "",
    `const objective = (x, y) => ${OBJECTIVE_FACTS[wish.objective].code};`,
    `const values = [${gridValues(wish.side).join(", ")}];`,
    `for (const sampler of [gridSampler({ x: values, y: values }), ${sampler}()]) {`,
    `  const study = await createStudy({ sampler, seed: ${wish.seed}, direction: "maximize" });`,
    '  const ask = (trial) => objective(trial.suggestFloat("x", 0, 1), trial.suggestFloat("y", 0, 1));',
    `  await study.optimize(ask, { trials: ${budgetOf(wish)} });`,
    "  const different = new Set(study.trials.map(({ params }) => params.x)).size;",
    "  console.log(sampler.name, study.bestValue, study.bestParams, different);",
    "}",
    "",
  ].join("\n");
  return { typescript, commands: "" };
}
