// A project: opened data, its images in one order with their labels, and the runs that were made of it. Pixels stay where
// they are until somebody looks.
import { FoveaError } from "fovea";
import { inferTargets, type ListedImage, type OpenedSource, openSource } from "fovea/data";
import { type DataSources, findData, type JournalImage, journalPath } from "fovea/experiment";
import type { ClassCount, ImageFilter, ImageItem, ImagePage, ProjectFacts } from "../contract/facts.js";
import { type JournalImages, Labels } from "./labels.js";

/** A source of a project's images: one of all, or one for each part. */
interface Folder {
  /** Name of the part, such as Train; absent where there is one source. */
  readonly part?: string;
  readonly source: OpenedSource;
}

interface ProjectImage {
  readonly image: ListedImage;
  readonly label?: string;
  readonly part?: string;
}

const collator = new Intl.Collator("en", { numeric: true });

export class Project {
  readonly classNames: readonly string[];
  readonly columns: readonly string[];
  readonly parts: readonly string[];
  readonly #images: readonly ProjectImage[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(
    readonly id: string,
    readonly name: string,
    /** What `loadData` takes. */
    readonly sources: DataSources,
    folders: readonly Folder[],
    readonly path?: string,
  ) {
    this.#images = folders.flatMap(({ part, source }) => imagesOf(source, part));
    this.#places = new Map(this.#images.map(({ image, part }, index) => [placeName(part, image.path), index]));
    this.sentence = folders.map(({ source }) => source.sentence).join(" ");
    const names = new Set(this.#images.map(({ label }) => label).filter((label) => label !== undefined));
    this.classNames = [...names].sort(collator.compare);
    this.columns = Object.keys(folders[0]?.source.listing.columns ?? {});
    this.parts = folders.map(({ part }) => part).filter((part) => part !== undefined);
  }

  /** What the source was taken for. */
  readonly sentence: string;
  #labels: Labels | undefined;

  /** The labels as the journal has them. Opened before anybody sees the project. */
  get labels(): Labels {
    if (this.#labels === undefined) throw new FoveaError(`the journal of ${this.name} is not open yet`);
    return this.#labels;
  }

  /** Opens the label journal at a path. @throws FoveaError for one that is damaged */
  async openLabels(path: string, read: (path: string) => Promise<Uint8Array>): Promise<void> {
    const images: JournalImages = {
      numberOf: (file) => this.numberOf(file),
      describe: (index) => this.#journalImage(index, read),
    };
    this.#labels = await Labels.open(path, images);
  }

  async #journalImage(index: number, read: (path: string) => Promise<Uint8Array>): Promise<JournalImage> {
    const { image, label, part } = this.image(index);
    if (label === undefined) throw new FoveaError(`${image.path} has no label that could be changed`);
    const source = await this.bytes(index);
    const bytes = typeof source === "string" ? await read(source) : source;
    const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
    const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { image: hash, file: placeName(part, image.path), label };
  }

  get facts(): ProjectFacts {
    const { id, name, path, sentence, classNames, parts, columns } = this;
    return {
      ...{ id, name, kind: "images", sentence, classNames, parts, columns },
      ...(path === undefined ? {} : { path }),
      images: this.#images.length,
      changes: this.#labels?.count ?? 0,
    };
  }

  /** An image by its number. @throws FoveaError where there is none */
  image(index: number): ProjectImage {
    const image = this.#images[index];
    if (image === undefined)
      throw new FoveaError(`${this.name} has ${this.#images.length} images and no number ${index}`);
    return image;
  }

  /** Bytes of an image's file. */
  async bytes(index: number): Promise<Uint8Array | string> {
    const { source } = this.image(index).image;
    return typeof source === "string" ? source : source();
  }

  /** The number of an image by its name, with the folder of its source before it or without; undefined where there is none. */
  numberOf(file: string): number | undefined {
    return this.#places.get(file) ?? this.#places.get(file.slice(file.indexOf("/") + 1));
  }

  item(index: number): ImageItem {
    const { image, label, part } = this.image(index);
    const change = this.labels.of(index);
    const now = change === undefined ? label : (change.to ?? label);
    return {
      index,
      file: image.path,
      size: image.size,
      ...(now === undefined ? {} : { label: now }),
      ...(change?.to != null && label !== undefined && change.to !== label ? { was: label } : {}),
      ...(change?.to === null ? { excluded: true as const } : {}),
      ...(part === undefined ? {} : { part }),
    };
  }

  page(filter: ImageFilter, from: number, count: number): ImagePage {
    const matching = this.#matching(filter);
    return {
      total: matching.length,
      items: Array.from(matching.slice(from, from + count), (index) => this.item(index)),
    };
  }

  /** Images per class, as the corrections have them. */
  counts(): ClassCount[] {
    const counts = new Map(this.classNames.map((name) => [name, 0]));
    for (let index = 0; index < this.#images.length; index++) {
      const { label, excluded } = this.item(index);
      if (label !== undefined && !excluded) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return [...counts].map(([name, count]) => ({ name, count }));
  }

  #matching({ label, part, search, changed }: ImageFilter): Int32Array {
    const wanted = search?.toLowerCase();
    const found: number[] = [];
    for (let index = 0; index < this.#images.length; index++) {
      const known = this.#images[index]!;
      if (part !== undefined && known.part !== part) continue;
      if (wanted && !known.image.path.toLowerCase().includes(wanted)) continue;
      const change = this.labels.of(index);
      if (changed && change === undefined) continue;
      if (label !== undefined && (change?.to ?? known.label) !== label) continue;
      found.push(index);
    }
    return Int32Array.from(found);
  }
}

/** The name of an image in the whole project. */
const placeName = (part: string | undefined, path: string): string => (part === undefined ? path : `${part}/${path}`);

/** Images of a source with their labels as text. */
function imagesOf({ listing }: OpenedSource, part: string | undefined): ProjectImage[] {
  const labels = labelsOf(listing);
  return listing.images.map((image, row) => ({
    image,
    ...(labels === undefined ? {} : { label: labels(row) }),
    ...(part === undefined ? {} : { part }),
  }));
}

function labelsOf(listing: OpenedSource["listing"]): ((row: number) => string) | undefined {
  if (Object.keys(listing.columns).length === 0) return undefined;
  const { columns } = inferTargets(listing);
  const values = columns.map((name) => listing.columns[name]!);
  return (row) => values.map((column) => textOf(column[row])).join(", ");
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join("; ") : String(value ?? ""));

/** Opens a folder, a manifest or an archive as a project, with the label journal beside it. */
export async function openProject(
  id: string,
  name: string,
  path: string,
  read: (path: string) => Promise<Uint8Array>,
): Promise<Project> {
  const project = await openImages(id, name, path);
  await project.openLabels(await journalPath(path), read);
  return project;
}

async function openImages(id: string, name: string, path: string): Promise<Project> {
  const { train, validation, test } = await findData(path);
  if (validation === undefined && test === undefined)
    return new Project(id, name, { train }, [{ source: await openSource(train) }], path);
  const folders: Folder[] = [];
  for (const part of [train, validation, test]) {
    if (part === undefined) continue;
    folders.push({ part: part.split(/[\\/]/).at(-1)!, source: await openSource(part) });
  }
  const sources = { train, ...(validation && { validation }), ...(test && { test }) };
  return new Project(id, name, sources, folders, path);
}
