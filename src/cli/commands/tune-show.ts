// `fovea tune show`: a study's trials in the terminal, and its report as a page.

import type { Command } from "commander";
import { FoveaError } from "../../core/errors.js";
import { defaultStorage, openStudy, parameterNames, studyReportFacts, trialJson } from "../../experiment/tune/index.js";
import { writeAtomic } from "../../platform/files.js";
import { textTable } from "../../report/text/table.js";
import { type Study, type TrialFacts, type TrialRecord, trialFacts } from "../../tune/index.js";
import { addCommonOptions } from "../options.js";
import { addStudyOptions, type StudyOptions, studyFrom } from "../study-options.js";
import { Output } from "../terminal/output.js";
import { bestTrialsOf, NUMBERS_HELP, reasonOf, showParameter, showStates, showValues } from "../terminal/tuning.js";

interface Options extends StudyOptions {
  readonly out?: string;
  readonly beside?: readonly string[];
}

export function define(command: Command): void {
  addStudyOptions(
    command.description(
      "Shows a study: its trials with their values, parameters and states; as a page also the importance of parameters.",
    ),
  )
    .option(
      "--out <page.html>",
      "also write its report: history, importance, slices, contours, curves, timeline (default: none)",
    )
    .option(
      "--beside <studies...>",
      "in the report, other studies to compare with, in the same storage or in ./studies (default: none)",
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
"best" marks the best trial; of several objectives every trial of the Pareto front.
${NUMBERS_HELP}

Examples:
  fovea tune show claims --out claims.html\n  fovea tune show layers --beside layers-grid --out layers.html\n  fovea tune show --storage sqlite:///studies.db --study claims`,
    )
    .action(run);
}

async function run(named: string | undefined, options: Options): Promise<void> {
  const output = new Output(options);
  const study = await studyFrom(named, options);
  try {
    const { name, directions, trials, seed } = study;
    if (options.out !== undefined) {
      const { renderStudyPage } = await import("../../report/pages/study-page.js");
      const facts = studyReportFacts(study, options.storage ?? defaultStorage(name));
      const beside = await Promise.all((options.beside ?? []).map((other) => trialsBeside(study, other, options)));
      await writeAtomic(options.out, (await renderStudyPage({ ...facts, beside })).html);
      output.say(`The page is ${options.out}`);
      output.say();
    }
    const front = bestTrialsOf(study);
    const numbers = front.map(({ number }) => number);
    output.answer(
      {
        study: name,
        directions,
        seed,
        best: directions.length === 1 ? (numbers[0] ?? null) : numbers,
        trials: trials.map((trial) => ({ ...trialJson(trial), best: front.includes(trial) })),
      },
      asText(study, front),
    );
  } finally {
    await study.close();
  }
}

/** The trials of another study, which must have the same objectives for a comparison to mean anything. */
async function trialsBeside(
  study: Study,
  name: string,
  { storage }: StudyOptions,
): Promise<{ name: string; trials: TrialFacts[] }> {
  const other = await openStudy(storage ?? defaultStorage(name), name, { readOnly: true });
  try {
    if (other.directions.join() !== study.directions.join())
      throw new FoveaError(
        "mismatched-parts",
        `study "${name}": it has ${other.directions.join(", ")}, study "${study.name}" ${study.directions.join(", ")}`,
      );
    return { name, trials: other.trials.map(trialFacts) };
  } finally {
    await other.close();
  }
}

function asText(study: Study, front: readonly TrialRecord[]): string {
  const { name, directions, trials } = study;
  const names = parameterNames(trials);
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
    ...names.map((parameter) => (Object.hasOwn(trial.params, parameter) ? showParameter(trial.params[parameter]) : "")),
    [
      ...(front.includes(trial) ? ["best"] : []),
      ...(trial.systemAttributes.fixed_params === undefined ? [] : ["enqueued"]),
      ...(trial.state === "fail" ? [reasonOf(trial)] : []),
    ].join(", "),
  ]);
  return `${name}: ${directions.join(", ")}; ${showStates(trials)}\n\n${textTable(columns, rows)}`;
}
