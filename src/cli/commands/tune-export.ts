// `fovea tune export`: the trials of a study as CSV or JSON.

import type { Command } from "commander";
import { UsageError } from "../../core/errors.js";
import { trialJson, trialsCsv } from "../../experiment/tune/index.js";
import { printJson, withSpokenNumbers } from "../../formats/json.js";
import { writeAtomic } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { addCommonOptions } from "../options.js";
import { addStudyOptions, type StudyOptions, studyFrom } from "../study-options.js";
import { Output } from "../terminal/output.js";
import { NUMBERS_HELP } from "../terminal/tuning.js";

interface Options extends StudyOptions {
  readonly out?: string;
}

export function define(command: Command): void {
  addStudyOptions(
    command.description(
      "Writes all trials of a study: as CSV with the columns of Optuna's data frame, or as JSON with reports and " +
        "attributes.",
    ),
  ).option("--out <file>", "a .csv or .json file (default: CSV on stdout, with --json JSON)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `\n${NUMBERS_HELP}\n\nExamples:\n  fovea tune export claims > claims.csv\n  fovea tune export claims --out claims.json`,
    )
    .action(run);
}

async function run(named: string | undefined, options: Options): Promise<void> {
  const { out } = options;
  const output = new Output(options);
  const extension = out === undefined ? undefined : extensionOf(out);
  if (extension !== undefined && extension !== ".csv" && extension !== ".json")
    throw new UsageError(`--out: expected a file that ends in .csv or .json, received ${out}`);
  const study = await studyFrom(named, options);
  try {
    const all = { study: study.name, directions: study.directions, trials: study.trials.map(trialJson) };
    if (out === undefined) output.answer(all, trialsCsv(study).trimEnd());
    else {
      await writeAtomic(out, extension === ".csv" ? trialsCsv(study) : printJson(withSpokenNumbers(all)));
      output.answer({ study: study.name, trials: study.trials.length, out }, `The trials are in ${out}`);
    }
  } finally {
    await study.close();
  }
}
