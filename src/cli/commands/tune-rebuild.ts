// `fovea tune rebuild`: a trial trained again from its stored parameters alone, and its value compared exactly.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { singleLine } from "../../core/text.js";
import { answerFields } from "../../experiment/data/index.js";
import { taskOf } from "../../experiment/tasks/index.js";
import {
  fileFacts,
  quantityOf,
  type Rebuilt,
  rebuildTrial,
  STUDY_ATTRIBUTES,
  type StudyProgram,
  testFigures,
} from "../../experiment/tune/index.js";
import { saveKeras } from "../../formats/models/keras.js";
import { writeAtomic } from "../../platform/files.js";
import { metric, trialMetric } from "../../report/format.js";
import type { Study, TrialRecord } from "../../tune/index.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, memoryOption, wholeNumber } from "../options.js";
import { addStudyOptions, programOfStudy, type StudyOptions, studyFrom } from "../study-options.js";
import { Output } from "../terminal/output.js";
import { bestOf, showParams } from "../terminal/tuning.js";

interface Options extends StudyOptions {
  readonly trial?: number;
  readonly data?: string;
  readonly spec?: string;
  readonly out?: string;
  readonly memory?: number;
}

export function define(command: Command): void {
  addStudyOptions(
    command.description(
      "Trains the best trial of a study again, from its number and its stored parameters alone, and compares the value " +
        "in every digit.",
    ),
  )
    .option("--trial <N>", "another trial than the best (default: the best)", wholeNumber(0))
    .option("--data <path>", "where the data are now, if they have moved (default: as recorded)")
    .option("--spec <file>", "the module that the study was begun with; not needed for a JSON spec")
    .option("--out <model.keras>", "also save the model; not of a module (default: not saved)")
    .addOption(memoryOption());
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Exit status: 0 the same in every digit, 1 another value (or the work failed), 2 wrong usage.

Examples:
  fovea tune rebuild claims
  fovea tune rebuild claims --trial 7 --out claims-7.keras`,
    )
    .action(run);
}

function trialOf(study: Study, number: number | undefined): TrialRecord {
  const trial = number === undefined ? bestOf(study) : study.trials[number];
  if (trial !== undefined) return trial;
  throw new FoveaError(
    number === undefined ? "unfinished" : "unknown-entry",
    number === undefined
      ? `study "${study.name}": no trial is complete yet`
      : `study "${study.name}": there is no trial ${number}, it has ${study.trials.length}`,
  );
}

async function run(named: string | undefined, options: Options): Promise<void> {
  const output = new Output(options);
  const study = await studyFrom(named, options);
  try {
    const trial = trialOf(study, options.trial);
    const { data, threads, spec, memory } = options;
    const program = await programOfStudy(study, spec, output, defined({ data, threads, memory }));
    try {
      checkSameData(study, program);
      output.say(`Trial ${trial.number}: ${showParams(trial.params)}`);
      await rebuild(study, program, trial, options, output);
    } finally {
      await program.data?.close();
    }
  } finally {
    await study.close();
  }
}

async function rebuild(
  study: Study,
  program: StudyProgram,
  trial: TrialRecord,
  { threads, out, trial: number }: Options,
  output: Output,
): Promise<void> {
  const { data } = program;
  let test: Readonly<Record<string, number>> | undefined;
  const rebuilt = await rebuildTrial({ ...program, seed: study.seed }, trial, {
    ...defined({ threads }),
    onTrained: async (_, { model, weightsSha256 }) => {
      if (data === undefined) return;
      test = await testFigures(data, model);
      if (out === undefined) return;
      const facts = { ...(await fileFacts(data, model)), weightsSha256 };
      await writeAtomic(out, await saveKeras(model, { facts }));
    },
  });
  const baseline = data?.baseline;
  if (!rebuilt.same) process.exitCode = EXIT.failed;
  output.answer(
    {
      study: study.name,
      trial: trial.number,
      tuning_best: rebuilt.was,
      rebuilt: rebuilt.is,
      same: rebuilt.same,
      same_weights: rebuilt.sameWeights ?? null,
      ...(test && { test }),
      ...(test && baseline && { baseline: { ...answerFields(baseline), test: baseline.figures.test } }),
    },
    [
      ...verdict(rebuilt, program.objectives, number === undefined ? "Tuning best" : `Tuning trial ${trial.number}`),
      ...Object.entries(test && data?.task ? taskOf(data.task).informative(test, data.task) : {}).map(
        ([key, value]) => `Test ${key}: ${trialMetric(value)}`,
      ),
      ...(test && baseline ? [`Test ${singleLine(baseline.title)}: ${metric(baseline.figures.test)}`] : []),
      ...(out === undefined ? [] : [`The model is ${out}`]),
    ].join("\n"),
  );
}

function checkSameData(study: Study, program: StudyProgram): void {
  const { data } = STUDY_ATTRIBUTES;
  const [was, is] = [study.userAttributes[data], program.attributes[data]];
  if (was !== undefined && is !== undefined && was !== is)
    throw new FoveaError(
      "record-mismatch",
      `study "${study.name}": these are not its data; bring back those it was begun with`,
    );
}

/** Four digits where the values are equal, all of them where they are not. */
function verdict({ was, is, same, sameWeights }: Rebuilt, objectives: readonly string[], best: string): string[] {
  return [
    ...objectives.flatMap((objective, i) => {
      const several = objectives.length > 1 ? ` ${quantityOf(objective)}` : "";
      const shown = (value: number | undefined): string => (same ? trialMetric(value!) : String(value));
      return [`${best}${several}: ${shown(was[i])}`, `Rebuilt ${quantityOf(objective)}: ${shown(is[i])}`];
    }),
    same
      ? `Every digit is the same${sameWeights ? ", and so is every bit of the weights" : ""}.`
      : sameWeights === false
        ? "Not the same: the weights differ."
        : "Not the same.",
  ];
}
