// `fovea tune importance`: how much each parameter of a study matters.

import type { Command } from "commander";
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { importancesOf } from "../../experiment/tune/index.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, wholeNumber } from "../options.js";
import { addStudyOptions, type StudyOptions, studyFrom } from "../study-options.js";
import { Output } from "../terminal/output.js";

interface Options extends StudyOptions {
  readonly objective: number;
}

export function define(command: Command): void {
  addStudyOptions(
    command.description(
      "Says how much each parameter matters, as shares of 1: by fANOVA (the share of the values' variance that it " +
        "explains alone) and by PED-ANOVA (how far the best trials differ from all in it).",
    ),
  ).option("--objective <N>", "which of several values fANOVA explains, counted from 1", wholeNumber(1), 1);
  addCommonOptions(command)
    .addHelpText("after", "\nExamples:\n  fovea tune importance claims\n  fovea tune importance claims --json")
    .action(run);
}

async function run(named: string | undefined, options: Options): Promise<void> {
  const study = await studyFrom(named, options);
  try {
    const { name, directions } = study;
    const { objective } = options;
    if (objective > directions.length)
      throw new FoveaError(
        "out-of-range",
        `study "${name}": it has ${directions.length} objectives, numbered from 0; --objective ${objective} is out of range`,
      );
    const methods = importancesOf(study, objective - 1);
    if (methods.length === 0)
      throw new FoveaError(
        "too-little-data",
        `study "${name}": too few trials are complete to rank the parameters; run more`,
      );
    const parameters = [...new Set(methods.flatMap(({ shares }) => Object.keys(shares)))];
    const percent = (share: number | undefined): string => (share === undefined ? "" : `${(100 * share).toFixed(1)}%`);
    const columns = [
      { head: "parameter" },
      ...methods.map(({ method }) => ({ head: method, align: "right" as const })),
    ];
    const rows = parameters.map((parameter) => [
      parameter,
      ...methods.map(({ shares }) => percent(ownValue(shares, parameter))),
    ]);
    new Output(options).answer(
      { study: name, ...Object.fromEntries(methods.map(({ method, shares }) => [method.toLowerCase(), shares])) },
      textTable(columns, rows),
    );
  } finally {
    await study.close();
  }
}
