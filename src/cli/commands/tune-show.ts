// `fovea tune show`: a study's trials in the terminal.
import type { Command } from "commander";
import { parameterNames, trialJson } from "../../experiment/tune/index.js";
import { textTable } from "../../report/text/table.js";
import type { Study } from "../../tune/index.js";
import { addCommonOptions } from "../options.js";
import { addStudyOptions, type StudyOptions, studyFrom } from "../study-options.js";
import { Output } from "../terminal/output.js";
import { bestOf, reasonOf, showParameter, showStates, showValues } from "../terminal/tuning.js";

export function define(command: Command): void {
  addStudyOptions(command.description("Shows a study: its trials with their values, parameters and ends."));
  addCommonOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  fovea tune show claims\n  fovea tune show --storage sqlite:///studies.db --study claims",
    )
    .action(run);
}

async function run(named: string | undefined, options: StudyOptions): Promise<void> {
  const output = new Output(options);
  const study = await studyFrom(named, options);
  try {
    const { name, directions, trials, seed } = study;
    output.answer(
      { study: name, directions, seed, best: bestOf(study)?.number ?? null, trials: trials.map(trialJson) },
      asText(study),
    );
  } finally {
    await study.close();
  }
}

function asText(study: Study): string {
  const { name, directions, trials } = study;
  const names = parameterNames(trials);
  const best = bestOf(study);
  const columns = [
    { head: "trial", align: "right" as const },
    { head: "state" },
    { head: directions.length === 1 ? "value" : "values", align: "right" as const },
    ...names.map((head) => ({ head, align: "right" as const })),
    { head: "", most: 60 },
  ];
  const rows = trials.map((trial) => [
    String(trial.number),
    trial.state,
    showValues(trial.values),
    ...names.map((one) => (one in trial.params ? showParameter(trial.params[one]) : "")),
    trial === best ? "best" : trial.state === "fail" ? reasonOf(trial) : "",
  ]);
  return `${name}: ${directions.join(", ")}; ${showStates(trials)}\n\n${textTable(columns, rows)}`;
}
