// Photos of a request: the body itself, or the files of a form. Their headers are read before anything is decoded, and they are
// decoded by threads of their own.
import { FoveaError } from "../core/errors.js";
import { readImageHeader } from "../data/index.js";
import { type AskedFile, type HashedSamples, PooledImages } from "../experiment/models/index.js";
import type { Preprocessing } from "../formats/run/recipe.js";
import type { ServiceLimits } from "./limits.js";
import { ServiceError } from "./service-error.js";

/** A photo that was sent, with the name that its sender gave it. */
export interface Photo {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The longest name of a photo that is repeated in answers. */
const LONGEST_NAME = 255;

/**
 * The photos in a body.
 * @param type the header Content-Type: a form (multipart/form-data), or anything else for a body that is a photo
 * @throws ServiceError for a form without files, or too many
 */
export async function photosIn(bytes: Uint8Array, type: string, { images }: ServiceLimits): Promise<Photo[]> {
  if (!/^multipart\/form-data\b/i.test(type)) return [{ name: "image", bytes }];
  const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { "content-type": type } })
    .formData()
    .catch(() => {
      throw new ServiceError(400, "unknown-format", "expected a form as multipart/form-data has it; the body is none");
    });
  const files = [...form.values()].filter((value) => typeof value !== "string");
  if (files.length === 0)
    throw new ServiceError(
      400,
      "empty-input",
      "expected at least one file in the form, such as curl -F image=@photo.jpg sends; received none",
    );
  if (files.length > images)
    throw new ServiceError(
      413,
      "too-large",
      `expected at most ${images} images in a request, received ${files.length}; send several requests`,
    );
  return Promise.all(
    files.map(async (file) => ({
      name: file.name.slice(0, LONGEST_NAME) || "image",
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}

/** Decodes photos for models; a thread that fails is replaced. */
export class PhotoDecoder {
  readonly #pools = new Map<string, Promise<PooledImages>>();
  readonly #threads: number;
  readonly #pixels: number;

  constructor(threads: number, { pixels }: ServiceLimits) {
    this.#threads = threads;
    this.#pixels = pixels;
  }

  /** Threads for photos of that form, which are started beforehand or when the first photo comes. */
  open(preprocessing: Preprocessing): Promise<PooledImages> {
    const key = JSON.stringify(preprocessing);
    const opening = this.#pools.get(key) ?? PooledImages.open(preprocessing, this.#threads);
    this.#pools.set(key, opening);
    return opening;
  }

  async decode(photos: readonly Photo[], preprocessing: Preprocessing): Promise<HashedSamples> {
    // Two photos of one name are two photos: each is read by its own function.
    const files = photos.map(
      (photo): AskedFile => ({
        name: photo.name,
        source: async () => {
          await this.#checkPixels(photo);
          return photo.bytes;
        },
      }),
    );
    const pool = await this.open(preprocessing);
    try {
      return await pool.read(files);
    } catch (error) {
      this.#pools.delete(JSON.stringify(preprocessing));
      await pool.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const pool of this.#pools.values()) await (await pool).close();
    this.#pools.clear();
  }

  async #checkPixels({ name, bytes }: Photo): Promise<void> {
    const header = await readImageHeader(bytes, name);
    if (header === undefined || header.width * header.height <= this.#pixels) return;
    throw new FoveaError(
      "too-large",
      `${name}: it is ${header.width} x ${header.height} pixels, and at most ${this.#pixels} are decoded here; send it smaller`,
    );
  }
}
