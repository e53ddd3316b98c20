// Objects that a model finds on images, as a file of COCO's JSON, which annotation tools open and training learns from again: the boxes of a
// detector with their scores, and the outlines of the regions of masks.
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import {
  type AnnotatedBox,
  type AnnotatedImage,
  type Pixels,
  polygonBox,
  polygonOfMask,
  resizeImage,
  runLengthsOf,
  writeAnnotations,
} from "../../data/index.js";
import { writeAtomic } from "../../platform/files.js";
import type { FoundBox } from "../tasks/index.js";
import { type AnswerBatch, isRefusal, withRows } from "./answerer.js";
import { ImageSizes } from "./image-sizes.js";
import type { OutputFacts } from "./output-kinds.js";
import type { AskedFile } from "./predict-sources.js";
import type { OpenedModel } from "./trained-model.js";

/** The number of pixels that are of no object, as in files of masks. */
const BACKGROUND = 0;
/** Numbers of all outlines together; a file of more would not fit into a text. */
const MOST_NUMBERS = 20_000_000;

/**
 * Objects of a model's answers, gathered as the answers come and written at the end.
 * @example
 * const opened = await openAny("dents.keras");
 * const files = await askedFiles(["photos"]);
 * const coco = new CocoFile("found.json", opened, outputKinds(opened).outputs, files);
 * for await (const batch of predictBatches(opened, files, { keep: true })) await coco.add(batch);
 * await coco.write();
 */
export class CocoFile {
  readonly #sizes: ImageSizes;
  readonly #output: OutputFacts;
  /** Shape of the images that the model takes. */
  readonly #input: readonly number[];
  readonly #images: AnnotatedImage[] = [];
  #numbers = 0;
  /** Objects so far. */
  objects = 0;

  /**
   * @param file path of the JSON that is written
   * @param outputs of the model, of which the only one has to be boxes or masks
   * @param files images that it is asked about
   * @throws FoveaError for another model, and for one that sees a part of each image
   */
  constructor(
    readonly file: string,
    { file: model, preprocessing, model: { inputShape } }: Pick<OpenedModel, "file" | "preprocessing" | "model">,
    outputs: readonly OutputFacts[],
    files: readonly AskedFile[],
  ) {
    const [output] = outputs;
    if (outputs.length !== 1 || (output!.kind !== "masks" && output!.kind !== "boxes"))
      throw new FoveaError(
        "unsuited-model",
        `--coco ${file}: ${model} gives no boxes or masks; leave it out, or ask a model of --task detection or segmentation`,
      );
    // A letterbox shows the whole image, and boxes are its shares.
    if (preprocessing?.crop !== undefined && preprocessing.crop !== "letterbox")
      throw new FoveaError(
        "unsuited-model",
        `--coco ${file}: ${model} sees the middle of each image, whose objects have no place in the whole; leave it out`,
      );
    this.#output = output!;
    this.#input = inputShape;
    this.#sizes = new ImageSizes(files);
  }

  /**
   * Takes the objects of a batch.
   * @param batch answers, names and maps of some images
   * @throws FoveaError for outlines of more than 20 million numbers
   */
  async add(batch: Pick<AnswerBatch, "answers" | "names" | "arrays">): Promise<void> {
    const { arrays } = batch;
    for (const { answer, row } of withRows(batch)) {
      if (row === undefined || isRefusal(answer)) continue;
      if ("boxes" in answer) {
        const [height = 1, width = 1] = this.#input;
        const size = (await this.#sizes.of(answer.image)) ?? { height, width };
        this.#take({ name: answer.image, ...size, objects: answer.boxes.map((found) => this.#boxOf(found)) });
      } else if ("mask" in answer && arrays[0] !== undefined) {
        const map = mapOf(arrays[0], row);
        const { height, width } = (await this.#sizes.of(answer.image)) ?? map;
        const whole = resizeImage(map, height, width, "nearest");
        this.#take({ name: answer.image, height, width, objects: regionsOf(whole) });
      }
    }
  }

  /** Writes the file. @throws FoveaError where it cannot be written */
  async write(): Promise<void> {
    const names = this.#output.columns;
    const categories = (this.#output.kind === "masks" ? names.slice(BACKGROUND + 1) : names).map((name) => ({ name }));
    const [bytes] = (await writeAnnotations("coco", { categories, images: this.#images })).values();
    await writeAtomic(this.file, bytes!);
  }

  #boxOf({ label, score, box }: FoundBox): AnnotatedBox {
    return { category: this.#output.columns.indexOf(label), box, score };
  }

  #take(image: AnnotatedImage): void {
    this.#images.push(image);
    this.objects += image.objects.length;
    for (const { polygon = [] } of image.objects) for (const ring of polygon) this.#numbers += ring.length;
    if (this.#numbers > MOST_NUMBERS)
      throw new FoveaError(
        "too-large",
        `--coco ${this.file}: the outlines of ${this.#images.length} images have more than ${MOST_NUMBERS / 1e6} million numbers; ask about fewer images at a time`,
      );
  }
}

/** A row of an array of maps. */
function mapOf({ shape, data }: Tensor<"float32">, row: number): Pixels {
  const [, height, width] = shape as [number, number, number];
  const size = height * width;
  return { height, width, channels: 1, data: Uint8Array.from(data.subarray(row * size, (row + 1) * size)) };
}

/** The regions of each class of a map but the background, an object each. */
function regionsOf({ height, width, data }: Pixels): AnnotatedBox[] {
  const classes = [...new Set(data)].filter((value) => value !== BACKGROUND).sort((a, b) => a - b);
  return classes.flatMap((value) =>
    polygonOfMask(
      runLengthsOf(
        data.map((pixel) => Number(pixel === value)),
        height,
        width,
      ),
    ).map((ring): AnnotatedBox => ({ category: value - 1, box: polygonBox([ring]), polygon: [ring] })),
  );
}
