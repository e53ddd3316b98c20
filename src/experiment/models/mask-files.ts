// Predicted masks as files: palette PNG in the size of each image, with the colours of Pascal VOC. A pixel's number is its
// class, so that the files can be learnt from again.
import { FoveaError } from "../../core/errors.js";
import { resizeImage } from "../../data/index.js";
import { palettePng } from "../../data/palette-png.js";
import { absolutePath, makeDirectory, writeAtomic } from "../../platform/files.js";
import { extensionOf, joinPath, parentFolder } from "../../platform/paths.js";
import { CLASS_COLORS } from "../../report/class-colors.js";
import { type AnswerBatch, isRefusal, withRows } from "./answerer.js";
import { ImageSizes } from "./image-sizes.js";
import { ImageFileNames } from "./mask-names.js";
import type { OutputFacts } from "./output-kinds.js";
import type { AskedFile } from "./predict-sources.js";
import type { OpenedModel } from "./trained-model.js";

/** Paths of the masks of a batch. */
export interface MaskPaths {
  /** The file of each row of `arrays`, empty for one without an answer. */
  readonly maskFiles: readonly string[];
}

/**
 * Masks of a model's answers, written to a folder as the answers come.
 * @param folder path of the folder, made with the first mask
 * @param opened the model, whose file is named in errors
 */
export class MaskFolder {
  readonly #sizes: ImageSizes;
  readonly #names: ImageFileNames;
  readonly #isWhole: boolean;
  /** Paths of the files of images that the model is asked about. */
  readonly #asked: readonly string[];
  #isChecked = false;
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
    const images = files.filter(({ name }) => extensionOf(name) !== ".npy");
    this.#names = new ImageFileNames(
      images.map(({ name }) => name),
      ".png",
    );
    this.#asked = images.flatMap(({ source }) => (typeof source === "string" ? [source] : []));
    // A mask of the middle of an image has no place in the whole.
    this.#isWhole = preprocessing?.crop === undefined;
  }

  /**
   * Writes the masks of a batch, by the images' paths below the folder that they share: `folder/s1/a.png` for `photos/s1/a.jpg`.
   * Of images that would share a file the second has a number behind its name.
   * @param batch answers, names and maps of some images
   * @returns the batch, whose answers name the files
   * @throws FoveaError where a mask would replace one of the images, before the first is written
   */
  async add<B extends Pick<AnswerBatch, "answers" | "names" | "arrays">>(batch: B): Promise<B & MaskPaths> {
    const { names, arrays } = batch;
    const [array] = arrays;
    if (array === undefined) return { ...batch, maskFiles: [] };
    await this.#checkImages();
    const [, height, width] = array.shape as [number, number, number];
    const size = height * width;
    const maskFiles = names.map(() => "");
    const named: AnswerBatch["answers"][number][] = [];
    for (const { answer, row } of withRows(batch)) {
      if (row === undefined || isRefusal(answer) || !("mask" in answer)) {
        named.push(answer);
        continue;
      }
      const data = Uint8Array.from(array.data.subarray(row * size, (row + 1) * size));
      // Undefined for arrays, and where masks are of a part.
      const shown = this.#isWhole ? await this.#sizes.of(answer.image) : undefined;
      const map = { height, width, channels: 1, data };
      const whole = shown === undefined ? map : resizeImage(map, shown.height, shown.width, "nearest");
      const file = joinPath(this.folder, this.#names.next(answer.image));
      await makeDirectory(parentFolder(file));
      await writeAtomic(file, palettePng(whole, CLASS_COLORS));
      this.written++;
      maskFiles[row] = file;
      named.push({ ...answer, mask: { ...answer.mask, file } });
    }
    return { ...batch, answers: named, maskFiles };
  }

  async #checkImages(): Promise<void> {
    if (this.#isChecked) return;
    this.#isChecked = true;
    const keys = new Map<string, string>();
    for (const path of this.#asked) keys.set((await absolutePath(path)).toLowerCase(), path);
    for (const file of this.#names.files) {
      const image = keys.get((await absolutePath(joinPath(this.folder, file))).toLowerCase());
      if (image !== undefined)
        throw new FoveaError(
          "already-exists",
          `--masks ${this.folder}: the mask ${file} would replace the image ${image}; name a folder without the images`,
        );
    }
  }
}
