// `fovea synth`: writes a generated data set as folders of images. What the images look like is data/generators'.
import { Argument, type Command } from "commander";
import { UsageError } from "../../core/errors.js";
import { OTHER_HANZI_CHARACTERS, writeHanzi } from "../../data/index.js";
import { whole } from "../../report/format.js";
import { addCommonOptions, type CommonOptions, numberAbove, wholeNumber } from "../options.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";

const SETS = ["hanzi", "other-hanzi"] as const;

interface Options extends CommonOptions {
  readonly out: string;
  readonly characters?: number;
  readonly scale: number;
}

export function define(command: Command): void {
  command
    .description(
      "Writes generated images as class folders, to try things on without any data of your own. " +
        '"hanzi" is handwriting: 55 Chinese characters by imagined writers, those of Test others than those of Train, ' +
        'about 600 and 140 images a character at full scale. "other-hanzi" is the same with ' +
        `${OTHER_HANZI_CHARACTERS.length} other characters. The same seed writes the same files.`,
    )
    .addArgument(new Argument("<set>", "which set").choices(SETS))
    .requiredOption("--out <dir>", "a new or empty folder")
    .option("--scale <S>", "share of the full counts, above 0 and up to 1; two a class remain", numberAbove(0, 1), 1)
    .option(
      "--characters <N>",
      "how many of other-hanzi, the first so many",
      wholeNumber(2, OTHER_HANZI_CHARACTERS.length),
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea synth hanzi --out hanzi                     39,890 images
  fovea synth hanzi --out small --scale 0.1 --seed 7
  fovea synth other-hanzi --out others --scale 0.1  what the network "hanzi" of fovea transfer was trained on`,
    )
    .action(run);
}

async function run(set: (typeof SETS)[number], options: Options): Promise<void> {
  const output = new Output(options);
  const { out, scale, seed = 0 } = options;
  if (set === "hanzi" && options.characters !== undefined)
    throw new UsageError("--characters goes with other-hanzi; hanzi is always its 55 characters");
  const characters = set === "hanzi" ? {} : { characters: OTHER_HANZI_CHARACTERS.slice(0, options.characters) };
  const progress = output.progress("Writing");
  const totals = await interruptible(output, "Stopping; nothing is kept.", (signal) =>
    writeHanzi(out, { scale, seed, ...characters }, (done, total) => progress.update(done, total, "images"), signal),
  ).finally(() => progress.end());
  output.answer(
    { out, train: totals.train, test: totals.test },
    `Wrote ${whole(totals.train)} images to ${out}/Train and ${whole(totals.test)} to ${out}/Test.`,
  );
}
