// Sizes of the images that a model is asked about, as people see them: answers on images are brought to these.
import { type ImageSize, readImageHeader, uprightSize } from "../../data/index.js";
import { readBytes } from "../../platform/files.js";
import type { AskedFile } from "./predict-sources.js";

/** Sizes by the names of images, read when they are asked for. */
export class ImageSizes {
  readonly #sources: ReadonlyMap<string, AskedFile["source"]>;

  constructor(files: readonly AskedFile[]) {
    this.#sources = new Map(files.map(({ name, source }) => [name, source]));
  }

  /** Height and width of an image; undefined for a sample that has no file of its own, as rows of arrays have none. */
  async of(name: string): Promise<ImageSize | undefined> {
    const source = this.#sources.get(name);
    if (source === undefined) return undefined;
    const header = await readImageHeader(typeof source === "string" ? await readBytes(source) : await source(), name);
    return header && uprightSize(header);
  }
}
