// `fovea synth`: writes a generated data set as folders of images. What the images look like is data/generators'.
import { Argument, type Command } from "commander";
import { writeHanzi } from "../../data/index.js";
import { whole } from "../../report/format.js";
import { addCommonOptions, type CommonOptions, numberAbove } from "../options.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out: string;
  readonly scale: number;
}

export function define(command: Command): void {
  command
    .description(
      "Writes generated images as class folders, to try things on without any data of your own. " +
        '"hanzi" is handwriting: 55 Chinese characters by imagined writers, those of Test others than those of Train, ' +
        "about 600 and 140 images a character at full scale. The same seed writes the same files.",
    )
    .addArgument(new Argument("<set>", "which set").choices(["hanzi"]))
    .requiredOption("--out <dir>", "a new or empty folder")
    .option("--scale <S>", "share of the full counts, above 0 and up to 1; two a class remain", numberAbove(0, 1), 1);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea synth hanzi --out hanzi                    39,890 images
  fovea synth hanzi --out small --scale 0.1 --seed 7`,
    )
    .action(run);
}

async function run(_set: "hanzi", options: Options): Promise<void> {
  const output = new Output(options);
  const { out, scale, seed = 0 } = options;
  const progress = output.progress("Writing");
  const totals = await interruptible(output, "Stopping; nothing is kept.", (signal) =>
    writeHanzi(out, { scale, seed }, (done, total) => progress.update(done, total, "images"), signal),
  ).finally(() => progress.end());
  output.answer(
    { out, train: totals.train, test: totals.test },
    `Wrote ${whole(totals.train)} images to ${out}/Train and ${whole(totals.test)} to ${out}/Test.`,
  );
}
