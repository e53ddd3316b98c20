// `fovea tune best`: the best trial of a study, or the front of several objectives.

import type { Command } from "commander";
import { singleLine } from "../../core/text.js";
import { keptModel } from "../../experiment/tune/index.js";
import { addCommonOptions } from "../options.js";
import { addStudyOptions, type StudyOptions, studyFrom } from "../study-options.js";
import { Output } from "../terminal/output.js";
import { NUMBERS_HELP, showKept, showParameter, showParams, showValues } from "../terminal/tuning.js";

export function define(command: Command): void {
  addStudyOptions(
    command.description(
      "Prints the best trial of a study, its parameters and the path of its model; of a study with several objectives all trials that no " +
        "other beats in every one of them.",
    ),
  );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `\n${NUMBERS_HELP}\n\nExamples:\n  fovea tune best claims\n  fovea tune best claims --json | jq .params`,
    )
    .action(run);
}

async function run(named: string | undefined, options: StudyOptions): Promise<void> {
  const study = await studyFrom(named, options);
  try {
    const trials = study.directions.length === 1 ? [study.bestTrial] : study.bestTrials;
    const found = trials.map((trial) => {
      const { number, values, params } = trial;
      return { number, values, params, model: keptModel(trial).path ?? null };
    });
    const [only] = found;
    const text =
      study.directions.length === 1
        ? [
            `Tuning best: ${showValues(only!.values)}  (trial ${only!.number})`,
            ...Object.entries(only!.params).map(([name, value]) => `  ${singleLine(name)}: ${showParameter(value)}`),
            ...showKept(trials[0]!),
          ]
        : trials.flatMap((trial) => [
            `Trial ${trial.number}  ${showValues(trial.values)}  ${showParams(trial.params)}`,
            ...showKept(trial),
          ]);
    new Output(options).answer(
      study.directions.length === 1 ? { study: study.name, ...only } : { study: study.name, trials: found },
      text.join("\n"),
    );
  } finally {
    await study.close();
  }
}
