// Galleries as files: the names of identities, their embeddings and the hash of the model that made these. No image, no path
// and no hash of an image is in one.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { checkJson, parseJson, printJson } from "../../formats/json.js";
import { SHA256 } from "../../formats/run/recipe.js";
import { exists, readText, writeAtomic } from "../../platform/files.js";
import { base64 } from "../../report/images/data-uri.js";

/** The most numbers of an embedding, identities, and characters of an identity's embeddings. */
const [MOST_DIMENSIONS, MOST_IDENTITIES, MOST_TEXT] = [1 << 16, 1_000_000, 1 << 26] as const;

const GALLERY = z.strictObject({
  version: z.literal(1),
  /** SHA-256 of the weights of the model. */
  model: SHA256,
  dimensions: z.int().min(1).max(MOST_DIMENSIONS),
  identities: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** 32-bit floats, little-endian, one embedding behind the other. */
        embeddings: z.base64().max(MOST_TEXT),
      }),
    )
    .max(MOST_IDENTITIES),
});

/** Identities with their embeddings, by name. */
export interface Gallery {
  /** SHA-256 of the weights of the model that made the embeddings. */
  readonly model: string;
  /** Numbers of an embedding. */
  readonly dimensions: number;
  /** Embeddings of each identity, one for each of its images. */
  readonly identities: ReadonlyMap<string, readonly Float32Array[]>;
}

/**
 * Reads a gallery.
 * @param path of the JSON file
 * @throws FoveaError for a file that is none, names that occur twice, and embeddings that are not whole or not finite
 * @example
 * const ann = [Float32Array.of(1, 0), Float32Array.of(0.8, 0.6)];
 * const identities = new Map([["Ann", ann], ["Bo", [Float32Array.of(0, 1)]]]);
 * await writeGallery("team.json", { model: "0".repeat(64), dimensions: 2, identities });
 * await forget("team.json", ["Bo"]);
 * [...(await readGallery("team.json")).identities.keys()]; // ["Ann"]
 */
export async function readGallery(path: string): Promise<Gallery> {
  if (!(await exists(path)))
    throw new FoveaError(
      "not-found",
      `${path}: there is no such gallery; make one with fovea gallery enrol RUN ${path} DIR`,
    );
  const { model, dimensions, identities } = checkJson(path, GALLERY, parseJson(path, await readText(path)));
  const byName = new Map<string, readonly Float32Array[]>();
  for (const { name, embeddings } of identities) {
    if (byName.has(name))
      throw new FoveaError(
        "duplicate",
        `${path}: the identity ${name} occurs twice; remove one of its entries, or enrol it again`,
      );
    byName.set(name, vectorsOf(path, name, dimensions, embeddings));
  }
  return { model, dimensions, identities: byName };
}

function vectorsOf(path: string, name: string, dimensions: number, text: string): Float32Array[] {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const count = bytes.length / (4 * dimensions);
  const view = new DataView(bytes.buffer);
  const fault = `${path}: the embeddings of ${name} are`;
  if (count < 1 || !Number.isInteger(count))
    throw new FoveaError(
      "damaged-file",
      `${fault} not whole, expected some of ${dimensions} numbers each; enrol the identity again`,
    );
  const vectors = Array.from({ length: count }, (_, row) =>
    Float32Array.from({ length: dimensions }, (_, at) => view.getFloat32(4 * (row * dimensions + at), true)),
  );
  if (vectors.every((vector) => vector.every(Number.isFinite))) return vectors;
  throw new FoveaError("not-finite", `${fault} not finite; enrol the identity again`);
}

/**
 * Writes a gallery, whole or not at all; identities keep the order of the map.
 * @param path of the JSON file, which is replaced where there is one
 * @param gallery with names and embeddings, of which no image can be made again
 */
export async function writeGallery(path: string, { model, dimensions, identities }: Gallery): Promise<void> {
  const entries = [...identities].map(([name, vectors]) => {
    const view = new DataView(new ArrayBuffer(4 * dimensions * vectors.length));
    for (const [row, vector] of vectors.entries())
      for (const [at, value] of vector.entries()) view.setFloat32(4 * (row * dimensions + at), value, true);
    return { name, embeddings: base64(new Uint8Array(view.buffer)) };
  });
  await writeAtomic(path, printJson({ version: 1, model, dimensions, identities: entries }));
}
