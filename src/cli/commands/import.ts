// `fovea import`: writes the images of other programs' files as class folders of PNG. The formats are data/sources'.
import { Argument, type Command } from "commander";
import { defined } from "../../core/defined.js";
import { IMPORTED, type ImportFormat, importImages } from "../../data/index.js";
import { whole } from "../../report/format.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out: string;
  readonly limit?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Writes images out of files of other forms as class folders of PNG files. casia-gnt: CASIA's handwritten " +
        "characters (.gnt). mnist-idx: MNIST's pairs of images and labels, gzipped or not. Files that say so by their " +
        "name or folder become Train and Test.",
    )
    .addArgument(new Argument("<format>", "form of the files").choices(Object.keys(IMPORTED)))
    .argument("<source>", "a file, a folder of such files, or a zip archive of them")
    .requiredOption("--out <dir>", "a new or empty folder")
    .option("--limit <N>", "the first N images of each part only", wholeNumber(1));
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea import mnist-idx /usr/share/datasets/fashion-mnist --out fashion
  fovea import mnist-idx train-images-idx3-ubyte.gz --out small --limit 5000
  fovea import casia-gnt HWDB1.1trn_gnt --out characters`,
    )
    .action(run);
}

async function run(format: ImportFormat, source: string, options: Options): Promise<void> {
  const output = new Output(options);
  const { out, limit } = options;
  const progress = output.progress("Writing");
  const totals = await interruptible(output, "Stopping; nothing is kept.", (signal) =>
    importImages(format, source, out, {
      ...defined({ limit }),
      signal,
      onProgress: (done, total) => progress.update(done, total, "images"),
    }),
  ).finally(() => progress.end());
  const { train, test } = totals.parts;
  const parts = [
    ...(train === undefined ? [] : [`${whole(train)} in Train`]),
    ...(test === undefined ? [] : [`${whole(test)} in Test`]),
  ];
  output.answer(
    { out, ...totals },
    `Wrote ${whole(totals.images)} ${totals.images === 1 ? "image" : "images"} of ${whole(totals.classes)} classes to ${out}` +
      `${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.`,
  );
}
