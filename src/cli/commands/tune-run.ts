// `fovea tune run`: a study from its spec, begun or gone on with, and its report.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { singleLine } from "../../core/text.js";
import {
  defaultStorage,
  openProgram,
  PRUNER_NAMES,
  runStudy,
  SAMPLER_NAMES,
  type StudyProgram,
  studyFolder,
  studyReportFacts,
} from "../../experiment/tune/index.js";
import { makeDirectory, writeAtomic } from "../../platform/files.js";
import { shellWord } from "../../platform/invocation.js";
import { joinPath } from "../../platform/paths.js";
import { openStorage, type Study, withoutPassword } from "../../tune/index.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, choice, memoryOption, numberAbove, wholeNumber } from "../options.js";
import { ARTIFACTS_HELP, artifactsOf, artifactsOption, programFrom } from "../study-options.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";
import {
  bestOf,
  bestTrialsOf,
  countStates,
  NUMBERS_HELP,
  reasonOf,
  showKept,
  showParameter,
  showStates,
  showValues,
  TuningLines,
} from "../terminal/tuning.js";

interface Options extends CommonOptions {
  readonly study?: string;
  readonly data?: string;
  readonly storage?: string;
  readonly trials?: number;
  readonly timeout?: number;
  readonly parallel?: number;
  readonly asynchronous?: true;
  readonly sampler?: string;
  readonly pruner?: string;
  readonly artifacts?: string;
  readonly memory?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Runs a study until it has as many trials as its spec wants. The same spec, data and seed give the same trials, " +
        "one after the other or several at once; a study that was interrupted continues as if it had not been.",
    )
    .argument("<spec>", "a .json file, which is only read; or a .js or .ts module of your own, which is run")
    .optionsGroup("In place of the spec's settings:")
    .option(
      "--data <path>",
      "the CSV file of a table, or the images: a folder, a manifest, an archive (default: the spec's)",
    )
    .option("--study <name>", "the study's name (default: the spec's)")
    .option(
      "--storage <url>",
      "journal://FILE, sqlite:///FILE, postgresql://... or memory:// (default: a journal in ./studies/NAME)",
    )
    .addOption(artifactsOption())
    .option("--trials <N>", "number of trials of the study to stop at (default: the spec's)", wholeNumber(1))
    .option(
      "--timeout <seconds>",
      "seconds after which no trial starts (default: no limit)",
      numberAbove(0, Number.MAX_VALUE),
    )
    .option(
      "--parallel <N>",
      "number of trials at once; the results stay repeatable (default: the spec's)",
      wholeNumber(1, 256),
    )
    .option("--asynchronous", "let every trial know all that has finished: quicker with --parallel, but not repeatable")
    .addOption(
      choice("--sampler <name>", "method that proposes parameters (default: the spec's, or tpe)", SAMPLER_NAMES),
    )
    .addOption(choice("--pruner <name>", "rule that ends trials early (default: the spec's, or none)", PRUNER_NAMES))
    .optionsGroup("This machine:")
    .addOption(memoryOption());
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Ctrl-C ends the study after the trials that are under way; a second one ends at once, and what was under way is
repeated when the study goes on. The same command goes on with it.

A trial whose model cannot be built or trained is marked as failed, with the reason, and the study goes on. An error of a
module ends it, as in Optuna, unless the module exports "catch", a list of error classes: its trial is marked as failed.
A grid tries each setting once, also where parameters depend on others, and the study ends when all have been tried.
${NUMBERS_HELP}
${ARTIFACTS_HELP}

Images may have any task, as with fovea train: a spec's "data" takes "task", "target", "loss", "power", "exposure", "columns"
and, in "split", "by". Layers may use "$outputs" (and "$classes" where there are some), or end with "head": "task", which
gives answers in the unit of the targets; loss and metrics are the task's unless "training" has them.

Examples:
  fovea tune run examples/study-hail.json --data hail
  fovea tune run examples/study-a.json --data ausprivauto0405.csv --trials 30
  fovea tune run examples/study-b.json --data ausprivauto0405.csv --parallel 2 --storage sqlite:///studies.db
  fovea tune run examples/study-b.json --data ausprivauto0405.csv --sampler grid --study layers-grid --trials 84`,
    )
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const output = new Output(options);
  const {
    study: name,
    data,
    threads,
    trials,
    timeout,
    parallel,
    asynchronous,
    seed,
    storage,
    sampler,
    pruner,
    artifacts,
    memory,
  } = options;
  const schedule = defined({ trials, timeout, parallel, asynchronous, seed, storage, sampler, pruner, artifacts });
  const program = await programFrom(file, output, { schedule, ...defined({ study: name, data, threads, memory }) });
  try {
    await runProgram(program, output, threads);
  } finally {
    await program.data?.close();
  }
}

async function runProgram(program: StudyProgram, output: Output, threads: number | undefined): Promise<void> {
  const url = program.storage ?? defaultStorage(program.study);
  const store = await artifactsOf(program);
  if (program.storage === undefined) await makeDirectory(studyFolder(program.study));
  const study = await openProgram(program, await openStorage(url));
  try {
    if (study.trials.some(({ state }) => state !== "waiting"))
      output.say(`Going on with the study, which has ${showStates(study.trials)}.`);
    const interrupted = await interruptible(
      output,
      "Stopping after the trials under way. Press Ctrl-C again to end at once; they are then repeated when the study continues.",
      async (signal) => {
        const lines = new TuningLines(output, study, program);
        try {
          await runStudy(study, program, { signal, ...lines, ...defined({ threads, artifacts: store }) });
        } finally {
          lines.close();
        }
        return signal.aborted;
      },
    );
    await conclude(output, study, program, url, interrupted);
  } finally {
    await study.close();
  }
}

/** Draws the study's page into its folder. @returns its path. */
async function writeReport(output: Output, study: Study, url: string): Promise<string> {
  output.say("Drawing the report.");
  const { renderStudyPage } = await import("../../report/pages/study-page.js");
  const folder = studyFolder(study.name);
  await makeDirectory(folder);
  const path = joinPath(folder, "report.html");
  await writeAtomic(path, (await renderStudyPage(studyReportFacts(study, url))).html);
  return path;
}

async function conclude(
  output: Output,
  study: Study,
  program: StudyProgram,
  url: string,
  interrupted: boolean,
): Promise<void> {
  const { complete, pruned, fail } = countStates(study.trials);
  const best = bestOf(study);
  const failed = study.trials.find((trial) => trial.state === "fail");
  if (best === undefined && failed !== undefined && !interrupted)
    throw new FoveaError(
      "unfinished",
      `no trial of study "${study.name}" is complete; trial ${failed.number} failed: ${reasonOf(failed)}`,
    );
  if (interrupted) process.exitCode = EXIT.failed;
  const report = await writeReport(output, study, url);
  const storage = withoutPassword(url);
  const again = [study.name, ...(program.storage === undefined ? [] : ["--storage", storage])].map(shellWord).join(" ");
  output.answer(
    {
      study: study.name,
      storage,
      trials: { complete, pruned, fail },
      best: best === undefined ? null : { number: best.number, values: best.values, params: best.params },
      front: bestTrialsOf(study).map(({ number }) => number),
      report,
      interrupted,
    },
    [
      "",
      `${showStates(study.trials)}${interrupted ? "; interrupted, the same command continues it" : ""}.`,
      ...(best === undefined
        ? []
        : [
            study.directions.length === 1
              ? `Tuning best: ${showValues(best.values)}  (trial ${best.number})`
              : `${study.bestTrials.length} trials that no other beats; the first is trial ${best.number}: ${showValues(best.values)}`,
            ...Object.entries(best.params).map(([name, value]) => `  ${singleLine(name)}: ${showParameter(value)}`),
            ...showKept(best),
            "",
            `Its report is ${report}`,
            // A study in memory is gone with this process.
            ...(storage.startsWith("memory:") ? [] : [`To prove it: fovea tune rebuild ${again}`]),
          ]),
    ].join("\n"),
  );
}
