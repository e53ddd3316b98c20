// `fovea similar`: the images of a folder that are most like one, or that are there twice.
import type { Command } from "commander";
import { IMAGENET_NAMES } from "../../applications/imagenet/index.js";
import { defined } from "../../experiment/defined.js";
import { openEmbedder } from "../../experiment/embedding.js";
import { duplicateImages, imagesIn, similarImages } from "../../experiment/similarity.js";
import { UsageError } from "../../index.js";
import { stat } from "../../platform/files.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions, numberAbove, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { addVariantOptions, type VariantOptions, variantOf } from "../weights-options.js";

interface Options extends CommonOptions, VariantOptions {
  readonly model: string;
  readonly weights?: string;
  readonly layer?: string;
  readonly top: number;
  readonly duplicates?: true;
  readonly above: number;
}

export function define(command: Command): void {
  command
    .description(
      "Finds the images of a folder, folders in it included, that a network takes for most like IMAGE; or with " +
        "--duplicates those that are in the folders more than once, scaled, cut or saved again.",
    )
    .argument("<path...>", "DIR and IMAGE; with --duplicates one folder or more")
    .option("--model <which>", `a model file, a run, or one of ${IMAGENET_NAMES.join(", ")}`, "mobilenet_v2")
    .option("--weights <file>", "a file of weights for a network given by its name (default: the local store)")
    .option("--layer <path>", "the layer whose results are compared (default: the one before the decision)")
    .option("--top <N>", "how many images to print", wholeNumber(1), 10)
    .option("--duplicates", "print pairs of images that look the same")
    .option("--above <S>", "how alike duplicates are at least: the cosine of their features", numberAbove(0, 1), 0.98);
  addVariantOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea similar claims new.jpg --top 5
  fovea similar claims2024 claims2025 --duplicates --above 0.95
  fovea similar photos new.jpg --model runs/photos-cnn-1`,
    )
    .action(run);
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  const { model, weights, layer, threads, duplicates, top, above } = options;
  const output = new Output(options);
  if (duplicates === undefined && paths.length !== 2)
    throw new UsageError(
      `expected a folder and an image, received ${paths.join(" ")}; folders alone go with --duplicates`,
    );
  const folders = duplicates === undefined ? paths.slice(0, 1) : paths;
  for (const folder of folders)
    if (!(await stat(folder))?.isDirectory) throw new UsageError(`${folder} is no folder; expected one with images`);
  const images = await imagesIn(...folders);
  const embedder = await openEmbedder(model, { ...variantOf(options), ...defined({ weights, layer, threads }) });
  const progress = output.progress("Looking");
  const onProgress = (done: number, total: number): void => progress.update(done, total, "images");
  try {
    if (duplicates === undefined) {
      const similar = await similarImages(embedder, paths[1]!, images, { top, onProgress });
      progress.end();
      output.answer({ image: paths[1], similar }, asTable(similar.map((one) => [shown(one.similarity), one.image])));
      return;
    }
    const pairs = await duplicateImages(embedder, images, { above, onProgress });
    progress.end();
    const rows = pairs.map(({ images: [a, b], similarity, identical }) => [
      identical ? "same file" : shown(similarity),
      a,
      b,
    ]);
    output.answer({ images: images.length, pairs }, rows.length === 0 ? "No duplicates." : asTable(rows));
  } finally {
    progress.end();
    await embedder.close();
  }
}

/** Four digits, cut off rather than rounded: 1 is for images that are the same to the network. */
const shown = (similarity: number): string => (Math.floor(similarity * 1e4 + 1e-3) / 1e4).toFixed(4);

const asTable = (rows: readonly (readonly string[])[]): string =>
  textTable(
    [{ head: "alike", align: "right" }, { head: "image" }, ...(rows[0]!.length > 2 ? [{ head: "image" }] : [])],
    rows,
  );
