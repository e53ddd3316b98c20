// `fovea synth`: writes a generated data set as folders of images. What the images look like is data/generators'.
import { Argument, type Command } from "commander";
import { inventedHanzi, MOST_INVENTED, writeHanzi } from "../../data/index.js";
import { whole } from "../../report/format.js";
import { addCommonOptions, type CommonOptions, numberAbove, wholeNumber } from "../options.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";

const SETS = ["hanzi", "invented-hanzi"] as const;

interface Options extends CommonOptions {
  readonly out: string;
  readonly characters: number;
  readonly scale: number;
}

export function define(command: Command): void {
  command
    .description(
      "Writes generated images as class folders, to try things on without any data of your own. " +
        '"hanzi" is handwriting: 55 Chinese characters by imagined writers, those of Test others than those of Train, ' +
        'about 600 and 140 images a character at full scale. "invented-hanzi" is the same with characters that do not ' +
        "exist, put together of pieces of those. The same seed writes the same files.",
    )
    .addArgument(new Argument("<set>", "which set").choices(SETS))
    .requiredOption("--out <dir>", "a new or empty folder")
    .option("--scale <S>", "share of the full counts, above 0 and up to 1; two a class remain", numberAbove(0, 1), 1)
    .option("--characters <N>", "how many invented ones", wholeNumber(2, MOST_INVENTED), 300);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea synth hanzi --out hanzi                    39,890 images
  fovea synth hanzi --out small --scale 0.1 --seed 7
  fovea synth invented-hanzi --out invented --characters 300 --scale 0.1`,
    )
    .action(run);
}

async function run(set: (typeof SETS)[number], options: Options): Promise<void> {
  const output = new Output(options);
  const { out, scale, seed = 0 } = options;
  const characters = set === "hanzi" ? {} : { characters: inventedHanzi(options.characters) };
  const progress = output.progress("Writing");
  const totals = await interruptible(output, "Stopping; nothing is kept.", (signal) =>
    writeHanzi(out, { scale, seed, ...characters }, (done, total) => progress.update(done, total, "images"), signal),
  ).finally(() => progress.end());
  output.answer(
    { out, train: totals.train, test: totals.test },
    `Wrote ${whole(totals.train)} images to ${out}/Train and ${whole(totals.test)} to ${out}/Test.`,
  );
}
