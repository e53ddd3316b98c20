// `fovea tune worker`: one of any number of processes, on any machines, that share a study.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { openProgram, openStudy, runStudy, type StudyProgram } from "../../experiment/tune/index.js";
import type { Study } from "../../tune/index.js";
import { addCommonOptions, type CommonOptions, memoryOption, numberAbove, wholeNumber } from "../options.js";
import { ARTIFACTS_HELP, artifactsOf, artifactsOption, programOfStudy } from "../study-options.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";
import { showStates, TuningLines } from "../terminal/tuning.js";

interface Options extends CommonOptions {
  readonly study?: string;
  readonly storage?: string;
  readonly data?: string;
  readonly spec?: string;
  readonly trials?: number;
  readonly timeout?: number;
  readonly parallel?: number;
  readonly artifacts?: string;
  readonly memory?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Works on a study that fovea tune run has begun, beside any number of other processes, until it has all its " +
        "trials. A worker that is killed loses at most the trials it was at, which another takes up.",
    )
    .requiredOption("--storage <url>", "where the study is: postgresql://..., sqlite:///FILE or journal://FILE")
    .option("--study <name>", "its name; may be left out where the storage has one study only")
    .option("--data <path>", "path of its data on this machine (default: as in the study)")
    .option("--spec <file>", "the module that the study was begun with; not needed for a JSON spec")
    .option(
      "--trials <N>",
      "number of trials of the study to stop at (default: that of fovea tune run)",
      wholeNumber(1),
    )
    .option(
      "--timeout <seconds>",
      "seconds after which no trial starts (default: no limit)",
      numberAbove(0, Number.MAX_VALUE),
    )
    .addOption(artifactsOption())
    .addOption(memoryOption())
    .option("--parallel <N>", "number of trials at once in this process", wholeNumber(1, 256), 1);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Begin the study with fovea tune run --asynchronous, on one machine, and start workers beside it or when it has ended. A
worker needs the storage's address and the data; the password may be in the environment variable PGPASSWORD instead.
Workers see each other's results as they come, so which parameters are tried depends on who is quicker. Each trial can
still be rebuilt exactly.
${ARTIFACTS_HELP}

Examples:
  fovea tune worker --storage postgresql://user@host/studies --study claims
  fovea tune worker --storage sqlite:///studies.db --study claims --data /mnt/policies.csv`,
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const output = new Output(options);
  const { study: name, storage, data, spec, threads, trials, timeout, parallel, seed, artifacts, memory } = options;
  if (seed !== undefined) throw new UsageError("tune worker: the study has a seed already; leave out --seed");
  const found = await openStudy(storage!, name);
  const schedule = { asynchronous: true, ...defined({ trials, timeout, parallel, artifacts }) };
  const program = await programOfStudy(found, spec, output, { schedule, ...defined({ data, threads, memory }) });
  try {
    await work(found, program, output, threads);
  } finally {
    await program.data?.close();
  }
}

async function work(found: Study, program: StudyProgram, output: Output, threads: number | undefined): Promise<void> {
  const store = await artifactsOf(program);
  const study = await openProgram({ ...program, seed: found.seed }, found.storage, { remember: false });
  let evaluated = 0;
  try {
    await interruptible(
      output,
      "Stopping after the trials under way. Press Ctrl-C again to end at once; another worker then takes them up.",
      async (signal) => {
        const lines = new TuningLines(output, study, program);
        try {
          const onEnd: typeof lines.onEnd = (record) => {
            evaluated++;
            lines.onEnd(record);
          };
          await runStudy(study, program, { signal, ...lines, onEnd, ...defined({ threads, artifacts: store }) });
        } finally {
          lines.close();
        }
      },
    );
    await study.refresh();
    output.answer(
      { study: study.name, evaluated },
      evaluated === 0 && study.trials.length >= program.trials
        ? `There is nothing left to do: the study has ${showStates(study.trials)}; --trials asks for more.`
        : `This worker evaluated ${evaluated} trials; the study has ${showStates(study.trials)}.`,
    );
  } finally {
    await study.close();
  }
}
