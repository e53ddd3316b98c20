// `fovea demo`: the whole tour on generated handwriting, with nothing needed but this program. Each step is what one
// of the other commands does, and says which.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { writeHanzi } from "../../data/index.js";
import { type ExperimentData, findData } from "../../experiment/data/index.js";
import { inspect } from "../../experiment/inspection/index.js";
import { makeRecipe, type Plan } from "../../experiment/recipe/index.js";
import { type RunOutcome, startRun } from "../../experiment/run/index.js";
import { UPRIGHT } from "../../formats/run/recipe.js";
import { exists } from "../../platform/files.js";
import { joinPath } from "../../platform/paths.js";
import { duration, percent, whole } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions, numberAbove, wholeNumber } from "../options.js";
import { confidenceLines, curveLines, failureLines, loadAndTell, resultLines } from "../terminal/experiment.js";
import { classCounts, imageSizes, overview } from "../terminal/inspection.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";
import { TrainingLines } from "../terminal/training.js";

interface Options extends CommonOptions {
  readonly out?: string;
  readonly scale: number;
  readonly epochs: number;
}

/** Fewer images than the full set make more of smaller batches. */
const BATCH_SIZE = 64;
const DEFAULT_OUT = "fovea-demo";

export function define(command: Command): void {
  command
    .description(
      "Shows every step on generated handwriting, 55 Chinese characters: makes the images, looks at them, trains a " +
        "logistic regression and a convolutional network, compares them, and writes a report of each. Takes some " +
        "minutes on two cores, needs no network and no data.",
    )
    .option("--out <dir>", `a new folder for images and runs (default: ${DEFAULT_OUT}, or with a number behind it)`)
    .option("--scale <S>", "share of the full set of 39,890 images", numberAbove(0, 1), 0.25)
    .option("--epochs <N>", "epochs of each model", wholeNumber(1), 15);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea demo
  fovea demo --out tour --scale 0.1`,
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const output = new Output(options);
  const started = performance.now();
  const out = options.out ?? (await freeFolder(DEFAULT_OUT));
  const { scale, seed = 1, threads } = options;
  const threading = defined({ threads });
  const images = joinPath(out, "hanzi");
  const heading = (title: string, ...command: readonly string[]): void => {
    output.say(`\n── ${title} ${"─".repeat(Math.max(3, 70 - title.length))}`);
    output.say(command.length > 0 ? `$ fovea ${command.join(" ")}\n` : "");
  };
  const stopping = "Stopping. Press Ctrl-C again to end at once.";

  heading("1. Images", "synth hanzi --out", images, `--scale ${scale} --seed ${seed}`);
  const writing = output.progress("Writing");
  const totals = await interruptible(output, stopping, (signal) =>
    writeHanzi(images, { scale, seed }, (done, total) => writing.update(done, total, "images"), signal),
  ).finally(() => writing.end());
  output.say(`Wrote ${whole(totals.train)} images to ${images}/Train and ${whole(totals.test)} to ${images}/Test.`);

  heading("2. A look at them", "inspect", images);
  const inspection = await inspect(images, { ...threading, verify: false });
  const { columns } = output;
  const look = [inspection.tree.join("\n"), overview(inspection), classCounts(inspection, columns)];
  output.say([...look, ...imageSizes(inspection, columns).slice(0, 2)].join("\n\n"));

  let data: ExperimentData | undefined;
  const train = async (title: string, name: "logistic" | "cnn"): Promise<RunOutcome> => {
    const plan = planFor(name, seed, options.epochs);
    const path = joinPath(out, "runs", name);
    const how = `--model ${name} --epochs ${options.epochs} --batch-size ${BATCH_SIZE} --seed ${seed} --out ${path}`;
    heading(title, "train", images, how);
    // Both models see the same images, which are loaded once and kept in no cache: the next demo makes its own.
    data ??= await loadAndTell(output, await findData(images), plan, { ...threading, cache: false });
    const recipe = makeRecipe(plan, data);
    const observer = new TrainingLines(output, recipe.task);
    const outcome = await interruptible(output, stopping, (signal) =>
      startRun(path, recipe, data!, { signal, observer, ...threading }),
    );
    tellOutcome(output, data, outcome);
    return outcome;
  };
  const logistic = await train("3. Logistic regression", "logistic");
  const cnn = await train("4. A convolutional network", "cnn");
  output.say();
  output.say(confidenceLines(cnn.evaluated!, columns));

  heading("5. The results");
  const seconds = (performance.now() - started) / 1000;
  const json = ({ folder, metrics }: RunOutcome): object => ({ run: folder.path, ...metrics });
  output.answer(
    { out, seconds, logistic: json(logistic), cnn: json(cnn) },
    `${comparison(logistic, cnn)}

Reports: ${logistic.folder.file("report")}
         ${cnn.folder.file("report")}

The demo took ${duration(seconds)}. To go on:
  fovea predict ${cnn.folder.path} ${joinPath(images, "Test", "山", "1.png")}
  fovea evaluate ${cnn.folder.path} ${images}
  fovea replay ${cnn.folder.path}`,
  );
}

/** The lecture's settings, but for fewer epochs and smaller batches. */
const planFor = (name: string, seed: number, epochs: number): Plan => ({
  model: { name },
  preprocessing: { imageSize: [80, 60], color: "grayscale", interpolation: "lanczos", ...UPRIGHT },
  split: { validation: 0.2, seed: 123, stratify: "uneven" },
  seed,
  mode: "reproducible",
  training: { epochs, batchSize: BATCH_SIZE, monitor: "val_accuracy", patience: 15 },
});

function tellOutcome(output: Output, data: ExperimentData, { folder, training, evaluated }: RunOutcome): void {
  if (evaluated === undefined)
    throw new FoveaError("interrupted", `the demo was interrupted; the unfinished run is in ${folder.path}`);
  const { columns, colors } = output;
  output.draw(curveLines(training, { columns: Math.min(64, columns - 10), color: colors }));
  output.say();
  output.say(resultLines(evaluated, data));
  output.say();
  output.say(failureLines(evaluated));
}

function comparison(...outcomes: readonly RunOutcome[]): string {
  const right = (head: string) => ({ head, align: "right" as const });
  const accuracy = (results: Readonly<Record<string, number>> | undefined): string => percent(results?.accuracy ?? 0);
  return textTable(
    [{ head: "run" }, ...["parameters", "s/epoch", "train", "validation", "test accuracy"].map(right)],
    outcomes.map(({ folder, metrics }) => [
      folder.path,
      whole(metrics.params),
      metrics.seconds_per_epoch.toFixed(1),
      ...[metrics.train, metrics.val, metrics.test].map(accuracy),
    ]),
  );
}

/** `base`, or `base-2`, `base-3`, ... when that is taken. */
async function freeFolder(base: string): Promise<string> {
  for (let n = 1; ; n++) {
    const path = n === 1 ? base : `${base}-${n}`;
    if (!(await exists(path))) return path;
  }
}
