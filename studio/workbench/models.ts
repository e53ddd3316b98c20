// The models of runs, open while they are asked: answers about images, what they look at, and their files in other formats.

import { zipSync } from "fflate";
import { expandDims, FoveaError, type Runtime, type Tensor } from "fovea";
import { encodePng, loadImage } from "fovea/data";
import {
  type Answer,
  ATTRIBUTIONS,
  explainImages,
  type FoundBox,
  isRefusal,
  lookOf,
  openModel,
  outputNamesOf,
  predictFiles,
  type TaskAnswer,
  type TrainedModel,
} from "fovea/experiment";
import { convert, WRITTEN_FORMATS } from "fovea/formats";
import type { AskedInput } from "../contract/call.js";
import type { AnswerFacts } from "../contract/facts.js";
import type { FileContent } from "../contract/files.js";
import type { Project } from "./project.js";

/** An image that a model is asked about: a path of the disk, or bytes. */
export interface AskedImage {
  readonly name: string;
  readonly source: string | (() => Promise<Uint8Array>);
}

/** An image of a project by its number, or one that a reader brought along. */
export function askedOf(project: Project, image: AskedInput): AskedImage {
  if (typeof image !== "number")
    return { name: image.name, source: async () => Uint8Array.from(atob(image.base64), (c) => c.charCodeAt(0)) };
  const { path, source } = project.image(image).image;
  return { name: path, source };
}

/** Models that are open at once; the one that was not asked for longest is closed. */
const MOST_OPEN = 4;
/** Classes in an answer. */
const TOP = 10;
/** The longer side of a picture with boxes. */
const MOST_SHOWN = 800;

export class Models {
  readonly #open = new Map<string, Promise<TrainedModel>>();

  constructor(readonly runtime: Runtime) {}

  /** Does `work` with a run's model, which stays open meanwhile. */
  async use<T>(path: string, work: (model: TrainedModel) => Promise<T>): Promise<T> {
    return work(await this.#model(path));
  }

  /** The answer of a run's model about an image. @throws FoveaError for an image that cannot be read */
  async predict(path: string, image: AskedImage): Promise<AnswerFacts> {
    const model = await this.#model(path);
    const began = performance.now();
    const { answers, arrays } = await predictFiles(model, [image], { top: TOP, keep: true });
    const milliseconds = performance.now() - began;
    const [answer] = answers;
    if (answer === undefined || isRefusal(answer))
      throw new FoveaError(answer?.code ?? "internal-mistake", answer?.error ?? `${image.name} has no answer`);
    const referred = answer.accepted ? {} : { referred: answer.reason };
    const overlay =
      "mask" in answer
        ? { overlay: await overlayOf(model, image, arrays[0]!) }
        : "boxes" in answer
          ? { overlay: await boxesOver(image, answer.boxes, model) }
          : {};
    return { image: image.name, ...readable(answer, model.task), ...overlay, ...referred, milliseconds };
  }

  /** The places where a run's model looks, as a PNG. @throws FoveaError for an image that cannot be read */
  async explanation(path: string, image: AskedImage, method: string): Promise<FileContent> {
    const known = ATTRIBUTIONS.find((name) => name === method);
    if (known === undefined)
      throw new FoveaError("unknown-choice", `there is no method ${method}; expected ${ATTRIBUTIONS.join(", ")}`);
    const model = await this.#model(path);
    const images = await imagesOf(model, image);
    const [explained] = await explainImages(model, images, known);
    const { height, width, channels, data } = explained!.picture;
    const bytes = encodePng({ dtype: "uint8", shape: [height, width, channels], data });
    return { bytes, type: "image/png" };
  }

  /** A run's model in a format, opened again and compared before it is given out. @throws FoveaError as `convert` does */
  async export(path: string, name: string, format: string): Promise<FileContent> {
    const known = WRITTEN_FORMATS.find((written) => written === format);
    if (known === undefined)
      throw new FoveaError("unknown-choice", `there is no format ${format}; expected ${WRITTEN_FORMATS.join(", ")}`);
    const { original, facts } = await this.#model(path);
    const { files } = await convert({ model: original, facts }, known);
    const [first] = files;
    if (files.size === 1 && first !== undefined) {
      const [file, bytes] = first;
      return { bytes, type: "application/octet-stream", name: `${name}${file.slice(file.indexOf("."))}` };
    }
    const bytes = zipSync(Object.fromEntries(files), { level: 0 });
    return { bytes, type: "application/zip", name: `${name}-${known}.zip` };
  }

  async close(): Promise<void> {
    for (const opened of this.#open.values())
      await opened.then(
        ({ model }) => model.close(),
        () => undefined,
      );
    this.#open.clear();
  }

  #model(path: string): Promise<TrainedModel> {
    const known = this.#open.get(path) ?? openModel(path, { runtime: this.runtime });
    this.#open.delete(path);
    this.#open.set(path, known);
    known.catch(() => this.#open.delete(path));
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_OPEN && oldest !== undefined) {
      const closing = this.#open.get(oldest);
      this.#open.delete(oldest);
      closing?.then(({ model }) => model.close()).catch(() => undefined);
    }
    return known;
  }
}

/** The image with its map of classes over it, as an address with the picture in it. */
async function overlayOf(model: TrainedModel, image: AskedImage, { shape, data }: Tensor): Promise<string> {
  const { mapOverImage, pngDataUri } = await import("fovea/report");
  const images = await imagesOf(model, image);
  const [, height, width, channels] = images.shape as [number, number, number, number];
  const map = { height: shape[1]!, width: shape[2]!, channels: 1, data: Uint8Array.from(data) };
  return pngDataUri(mapOverImage(map, { height, width, channels, data: Uint8Array.from(images.data) }));
}

/** An image with the boxes that were found, as a data URI. */
async function boxesOver({ source }: AskedImage, boxes: readonly FoundBox[], model: TrainedModel): Promise<string> {
  const { boxesOverImage, pngDataUri } = await import("fovea/report");
  const { orientation } = lookOf(model.preprocessing);
  const { shape, data } = await loadImage(typeof source === "string" ? source : await source(), { orientation });
  const [height, width, channels] = shape as [number, number, number];
  const share = ({ box: [left, top, wide, high] }: FoundBox) =>
    [left / width, top / height, wide / width, high / height] as const;
  const shown = boxes.map((found) => ({ classIndex: 0, box: share(found), outcome: "right" as const }));
  return pngDataUri(boxesOverImage(shown, { height, width, channels, data: Uint8Array.from(data) }), MOST_SHOWN);
}

/** An image as a batch of one that the model takes. @throws FoveaError for one that cannot be read */
export async function imagesOf({ preprocessing }: TrainedModel, { source }: AskedImage): Promise<Tensor> {
  const image = await loadImage(typeof source === "string" ? source : await source(), lookOf(preprocessing));
  return expandDims(image, 0);
}

/** An answer as the page shows it, whatever the task. */
export function readable(
  answer: TaskAnswer | Answer,
  task: Pick<TrainedModel, "task">["task"],
): Pick<AnswerFacts, "guesses" | "values" | "note"> {
  if ("top" in answer)
    return { guesses: answer.top.map(({ class: label, probability }) => ({ label, probability })), values: [] };
  if ("labels" in answer) {
    const guesses = answer.labels.map(({ label, probability }) => ({ label, probability }));
    return { guesses: guesses.sort((a, b) => b.probability - a.probability), values: [] };
  }
  if ("mask" in answer) {
    const guesses = answer.mask.areas.map(({ class: label, percent }) => ({ label, probability: percent / 100 }));
    return { guesses: guesses.sort((a, b) => b.probability - a.probability), values: [] };
  }
  if ("boxes" in answer)
    return { guesses: answer.boxes.map(({ label, score }) => ({ label, probability: score })), values: [] };
  if ("embedding" in answer)
    return {
      ...{ guesses: [], values: [] },
      note:
        `An embedding of ${answer.embedding.length} numbers. A verifier compares two images: fovea predict RUN A.jpg B.jpg --pair, ` +
        "or fovea gallery for many.",
    };
  const names = task === undefined ? ["value"] : outputNamesOf(task);
  const numbers = "values" in answer ? answer.values : "value" in answer ? [answer.value] : [];
  return { guesses: [], values: numbers.map((value, i) => ({ name: names[i] ?? `${i}`, value: Number(value) })) };
}
