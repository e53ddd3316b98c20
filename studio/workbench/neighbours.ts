// Training images that a run's model takes for alike, by its own features: computed once for a run, kept while it is asked about.
import { type Embedder, embedderOf, namesOf, nearestVectors, partVectors } from "fovea/experiment";
import type { Neighbours } from "../contract/understand-facts.js";
import { type AskedImage, imagesOf, type Models } from "./models.js";
import type { Project } from "./project.js";
import { type NamedImage, withPart } from "./run-parts.js";

/** Images that are compared at most, spread over all of a part: more would take minutes. */
const MOST_COMPARED = 20_000;
/** Images that are shown. */
const NEAREST = 5;
/** Runs whose vectors are kept. */
const MOST_KEPT = 2;

/** Vectors of a run's training images, and whose they are. */
interface Known {
  readonly vectors: Float32Array;
  readonly images: readonly (NamedImage & { readonly label: string })[];
  readonly total: number;
}

export class NeighbourSearch {
  readonly #known = new Map<string, Promise<Known>>();

  constructor(readonly models: Models) {}

  /**
   * The training images most alike to an image.
   * @param path of the run
   * @throws FoveaError for a model without features, and for images that are no longer those of the run
   */
  find(path: string, project: Project, image: AskedImage): Promise<Neighbours> {
    return this.models.use(path, async (model) => {
      const embedder = await embedderOf(model);
      try {
        const { vectors, images, total } = await this.#vectorsOf(path, project, embedder);
        const [wanted] = await embedder.embedImages(await imagesOf(model, image));
        const nearest = await nearestVectors(vectors, wanted!, NEAREST);
        return {
          images: nearest.map(({ at, similarity }) => ({ ...images[at]!, similarity })),
          compared: images.length,
          total,
        };
      } finally {
        await embedder.close();
      }
    });
  }

  #vectorsOf(path: string, project: Project, embedder: Embedder): Promise<Known> {
    const known = this.#known.get(path) ?? vectorsOf(path, project, embedder);
    this.#known.delete(path);
    this.#known.set(path, known);
    known.catch(() => this.#known.delete(path));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEPT && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }
}

const vectorsOf = (path: string, project: Project, embedder: Embedder): Promise<Known> =>
  withPart(path, project, "train", async ({ part, images }) => {
    const total = images.length;
    const step = Math.max(1, Math.ceil(total / MOST_COMPARED));
    const places = Array.from({ length: Math.ceil(total / step) }, (_, i) => i * step);
    const rows = Int32Array.from(places, (at) => part.rows[at]!);
    const { targets } = part;
    const names = namesOf(targets);
    const labelOf = (row: number): string => {
      if (targets.kind === "classes") return names[targets.indices[row]!]!;
      const values = names.map((_, at) => targets.values[row * names.length + at]!);
      return targets.kind === "labels"
        ? names.filter((_, at) => values[at] === 1).join("; ")
        : values.map((value) => String(Number(value.toPrecision(4)))).join("; ");
    };
    return {
      vectors: await partVectors(embedder, { ...part, rows }),
      images: places.map((at, i) => ({ ...images[at]!, label: labelOf(rows[i]!) })),
      total,
    };
  });
