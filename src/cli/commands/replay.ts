// `fovea replay`: trains a run again from its recipe and compares the weights to the bit. Writes nothing.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { singleLine } from "../../core/text.js";
import { baselineOf, closeData, findData, pathsOf } from "../../experiment/data/index.js";
import { expectedOf, RunFolder, recipeOf, replay } from "../../experiment/run/index.js";
import { metric } from "../../report/format.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, memoryOption } from "../options.js";
import { loadAndTell, tellRecipe } from "../terminal/experiment.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";
import { replayVerdict } from "../terminal/replay.js";
import { TrainingLines } from "../terminal/training.js";

interface Options extends CommonOptions {
  readonly memory?: number;
  readonly data?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Trains again from a run's recipe.json, compares each epoch with the run's history and the weights at the end " +
        'to the last bit, and says "same bits" or which epoch differs first. The run is left as it is.',
    )
    .argument("<run>", "the folder of a run that has ended")
    .option("--data <dir>", "where its images are now, if they have moved (default: as recorded)")
    .addOption(memoryOption());
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Exit status: 0 the same bits, 1 others (or the work failed), 2 wrong usage.

Examples:
  fovea replay runs/photos-cnn-1
  fovea replay runs/photos-cnn-1 --threads 1 --data /mnt/photos`,
    )
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const output = new Output(options);
  const folder = await RunFolder.open(path);
  const expected = await expectedOf(folder);
  const recipe = await recipeOf(folder);
  const { threads } = options;
  const paths = options.data === undefined ? pathsOf(recipe) : await findData(options.data, recipe.task.kind);
  const data = await loadAndTell(output, paths, recipe, {
    ...options,
    skipBad: true,
    batchSize: recipe.training.batchSize,
  });
  tellRecipe(output, recipe, data);
  const baseline = baselineOf(data, recipe.task);
  if (baseline !== undefined)
    output.say(`Validation ${singleLine(baseline.title)}: ${metric(baseline.figures.validation)}`);
  output.say();
  const observer = new TrainingLines(output, recipe.task, data.folders.train.samples.nouns[1]);
  const replayed = await interruptible(output, "Stopping.", (signal) =>
    replay(recipe, data, expected, { signal, observer, ...defined({ threads }) }),
  ).finally(() => closeData(data));
  if (!replayed.sameBits) process.exitCode = EXIT.failed;
  output.answer(
    {
      run: path,
      same_bits: replayed.sameBits,
      weights_sha256: replayed.weightsSha256 ?? null,
      expected_sha256: expected.weightsSha256,
      first_difference: replayed.difference ?? null,
    },
    replayVerdict(replayed, expected.weightsSha256),
  );
}
