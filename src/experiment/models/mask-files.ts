// Predicted masks as files: palette PNG in the size of each image, with the colours of Pascal VOC. A pixel's number is its
// class, so that the files can be learnt from again.
import { FoveaError } from "../../core/errors.js";
import { resizeImage } from "../../data/index.js";
import { palettePng } from "../../data/palette-png.js";
import { makeDirectory, writeAtomic } from "../../platform/files.js";
import { baseName, extensionOf, joinPath } from "../../platform/paths.js";
import { CLASS_COLORS } from "../../report/class-colors.js";
import type { AnswerBatch } from "./answerer.js";
import { ImageSizes } from "./image-sizes.js";
import type { OutputFacts } from "./output-kinds.js";
import type { AskedFile } from "./predict-sources.js";
import type { OpenedModel } from "./trained-model.js";

/**
 * Masks of a model's answers, written to a folder as the answers come.
 * @param folder path of the folder, made with the first mask
 * @param opened the model, whose file is named in errors
 */
export class MaskFolder {
  readonly #sizes: ImageSizes;
  readonly #taken = new Map<string, number>();
  readonly #isWhole: boolean;
  /** Files that were written. */
  written = 0;

  /**
   * @param outputs of the model, of which the only one has to be masks
   * @param files images that it is asked about
   * @throws FoveaError for a model without masks
   */
  constructor(
    readonly folder: string,
    { file, preprocessing }: Pick<OpenedModel, "file" | "preprocessing">,
    outputs: readonly OutputFacts[],
    files: readonly AskedFile[],
  ) {
    if (outputs.length !== 1 || outputs[0]!.kind !== "masks")
      throw new FoveaError(
        "unsuited-model",
        `--masks ${folder}: ${file} gives no masks; leave it out, or ask a model of --task segmentation`,
      );
    this.#sizes = new ImageSizes(files);
    // A mask of the middle of an image has no place in the whole.
    this.#isWhole = preprocessing?.crop === undefined;
  }

  /** Writes the masks of a batch, `folder/NAME.png`; of images with one name the second becomes `NAME-2.png`. */
  async add({ names, arrays }: Pick<AnswerBatch, "names" | "arrays">): Promise<void> {
    const [array] = arrays;
    if (array === undefined) return;
    await makeDirectory(this.folder);
    const [, height, width] = array.shape as [number, number, number];
    const size = height * width;
    for (const [row, name] of names.entries()) {
      const data = Uint8Array.from(array.data.subarray(row * size, (row + 1) * size));
      // Undefined for arrays, and where masks are of a part.
      const shown = this.#isWhole ? await this.#sizes.of(name) : undefined;
      const map = { height, width, channels: 1, data };
      const whole = shown === undefined ? map : resizeImage(map, shown.height, shown.width, "nearest");
      await writeAtomic(joinPath(this.folder, this.#nameFor(name)), palettePng(whole, CLASS_COLORS));
      this.written++;
    }
  }

  #nameFor(name: string): string {
    const base = baseName(name);
    const stem = base.slice(0, base.length - extensionOf(base).length).replaceAll(/[\p{Cc}\\:*?"<>|]/gu, "-");
    const count = (this.#taken.get(stem) ?? 0) + 1;
    this.#taken.set(stem, count);
    return `${stem}${count === 1 ? "" : `-${count}`}.png`;
  }
}
