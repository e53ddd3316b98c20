// A project: opened data, its images in one order with their labels, and the runs that were made of it. Pixels stay where
// they are until somebody looks.
import { FoveaError } from "fovea";
import type { ListedImage, OpenedSource } from "fovea/data";
import {
  type AddedImage,
  type DataSources,
  type JournalImage,
  type JournalLabel,
  journalPath,
  NO_LABEL,
} from "fovea/experiment";
import type { ImageOrder } from "../contract/data-facts.js";
import type {
  ClassCount,
  ImageFilter,
  ImageItem,
  ImagePage,
  ProjectFacts,
  ProjectKind,
  TargetChoice,
} from "../contract/facts.js";
import { addedSource, addedTo } from "./added-source.js";
import type { OpenedData, SourceFolder } from "./disk.js";
import { ImageIndex } from "./image-index.js";
import { Labels } from "./labels.js";
import { type Look, type LookedSource, likenessTo, pixelsOf } from "./look.js";
import type { Scores } from "./scores.js";
import { namesOfLabels, type SourceLabels, sourceLabels } from "./source-labels.js";
import { targetsOf } from "./targets.js";

interface ProjectImage {
  readonly image: ListedImage;
  /** Row of the image in its source. */
  readonly row: number;
  readonly source: ProjectSource;
  readonly label?: string;
  readonly part?: string;
}

interface ProjectSource extends SourceFolder {
  readonly labels: SourceLabels;
}

export interface ProjectOptions {
  /** Its name in addresses. */
  readonly id: string;
  readonly name: string;
  readonly kind?: ProjectKind;
  readonly path?: string;
  /** Default: the classes of its images. */
  readonly classNames?: readonly string[];
  /** Default: what its source was taken for. */
  readonly sentence?: string;
  /** Images that its label journal adds. */
  readonly added?: readonly AddedImage[];
}

/** Runs whose answers are kept. */
const MOST_SCORES = 3;

const collator = new Intl.Collator("en", { numeric: true });

export class Project {
  readonly id: string;
  readonly name: string;
  readonly kind: ProjectKind;
  readonly path?: string;
  /** Sources for `loadData`. */
  readonly sources: DataSources;
  readonly classNames: readonly string[];
  readonly columns: readonly string[];
  readonly parts: readonly string[];
  /** Columns of a manifest that can be predicted; none for folders of classes. */
  readonly targets: readonly TargetChoice[];
  /** A sentence that says what the source was taken for. */
  readonly sentence: string;
  readonly index: ImageIndex;
  /** Findings of a look at all images; undefined before somebody has looked. */
  look: Look | undefined;
  /** The run that was opened with it. */
  run: string | undefined;
  /** True where that run had not ended when it was opened. */
  isRunUnfinished = false;
  /** Answers of runs' models about all images, those of the last ones. */
  readonly #scores = new Map<string, Scores>();
  readonly #sources: readonly ProjectSource[];
  readonly #added: number;
  readonly #images: readonly ProjectImage[];
  readonly #places: ReadonlyMap<string, number>;
  /** Number of images that the source gives no class. */
  readonly #unlabelled: number;
  #labels: Labels | undefined;

  constructor(options: ProjectOptions, { sources, folders }: OpenedData) {
    const { id, name, kind = "images", path } = options;
    Object.assign(this, path === undefined ? {} : { path });
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.sources = sources;
    const labelled = folders.map((folder) => ({ ...folder, labels: sourceLabels(folder.source.listing) }));
    const { added = [] } = options;
    this.#added = added.length;
    this.#sources = labelled[0] && added.length > 0 ? [...labelled, addedSource(added, labelled[0].labels)] : labelled;
    this.#images = this.#sources.flatMap(imagesOf);
    this.#places = new Map(this.#images.map((image, index) => [nameOf(image), index]));
    this.sentence = options.sentence ?? folders.map(({ source }) => source.sentence).join(" ");
    const names = new Set(this.#images.flatMap(({ label }) => this.#namesIn(label)));
    const sorted = [...names].sort(collator.compare);
    this.classNames = options.classNames ?? sorted;
    this.targets = targetsOf(folders[0]?.source);
    this.columns = Object.keys(folders[0]?.source.listing.columns ?? {});
    const parts = new Set(this.#images.map(({ part }) => part));
    this.parts = [...parts].filter((part) => part !== undefined);
    this.#unlabelled = this.#images.filter((_, index) => this.#isBare(index)).length;
    this.index = this.#indexOfImages();
  }

  /** The classes that a label stands for: several where images have several labels, none for numbers. */
  #namesIn(label: string | undefined): readonly string[] {
    if (label === undefined || this.#kindOfLabels === "numbers") return [];
    return this.#kindOfLabels === "labels" ? namesOfLabels(label) : [label];
  }

  get #kindOfLabels(): SourceLabels["kind"] | undefined {
    return this.#sources[0]?.labels?.kind;
  }

  /** The labels as the journal has them. Opened before anybody sees the project. */
  get labels(): Labels {
    if (this.#labels === undefined) throw new FoveaError("not-ready", `the journal of ${this.name} is not open yet`);
    return this.#labels;
  }

  /** True where training has to know the journal: it changes labels, or adds images. */
  get usesJournal(): boolean {
    return this.#added > 0 || this.labels.count > 0;
  }

  /** Opens the label journal at a path. @throws FoveaError for one that is damaged */
  async openLabels(path: string, read: (path: string) => Promise<Uint8Array>): Promise<void> {
    const labelsAt = (index: number | undefined): SourceLabels =>
      (index === undefined ? this.#sources[0]! : this.image(index).source).labels;
    this.#labels = await Labels.open(path, {
      numberOf: (file) => this.numberOf(file),
      describe: (index) => this.#journalImage(index, read),
      labelOf: (index) => this.#labelOf(index),
      textOf: (label, index) => {
        if (typeof label === "string") return label;
        const source = index === undefined ? undefined : this.#labelOf(index);
        const isPartial = typeof label === "object" && !Array.isArray(label) && typeof source === "object";
        return labelsAt(index).textOf(isPartial ? { ...source, ...label } : label);
      },
      parse: (text) => labelsAt(undefined).parse(text),
    });
  }

  #labelOf(index: number): JournalLabel | undefined {
    const { source, row } = this.image(index);
    return source.labels.labelOf(row);
  }

  async #journalImage(index: number, read: (path: string) => Promise<Uint8Array>): Promise<JournalImage> {
    const image = this.image(index);
    const label = this.#labelOf(index);
    if (label === undefined)
      throw new FoveaError("missing-labels", `${image.image.path} has no label that could be changed`);
    const source = await this.bytes(index);
    const bytes = typeof source === "string" ? await read(source) : source;
    const { column } = image.source.labels;
    return { image: await sha256Of(bytes), file: nameOf(image), label, ...(column === undefined ? {} : { column }) };
  }

  /** The source of its first part; absent where it has no images. */
  get source(): OpenedSource | undefined {
    return this.#sources[0]?.source;
  }

  get facts(): ProjectFacts {
    const { id, name, kind, path, sentence, parts, columns, run } = this;
    const labelKind = this.#kindOfLabels;
    const classNames = this.#namesNow();
    return {
      ...{ id, name, kind, sentence, classNames, parts, columns },
      unlabelled: this.#unlabelled - (this.#labels?.countAmong((index) => this.#isBare(index)) ?? 0),
      ...(path === undefined ? {} : { path }),
      ...(labelKind === undefined ? {} : { labelKind }),
      ...(run === undefined ? {} : { run }),
      ...(this.isRunUnfinished ? { isRunUnfinished: true } : {}),
      images: this.#images.length,
      changes: this.#labels?.count ?? 0,
      labelVersion: this.#labels?.version ?? 0,
      canUndo: this.#labels?.canUndo ?? false,
      added: this.#added,
    };
  }

  /** Classes of the source, then those that the journal adds. */
  #namesNow(): readonly string[] {
    const names = new Set(this.classNames);
    for (const { to } of this.#labels?.changes ?? [])
      for (const name of this.#namesIn(to ?? undefined)) names.add(name);
    return [...names];
  }

  /** True where the source gives an image no class. */
  #isBare(index: number): boolean {
    return this.#kindOfLabels === "classes" && this.#images[index]!.label === undefined;
  }

  /** The images one after the other, by their sources. */
  get lookedSources(): LookedSource[] {
    return this.#sources.map(({ part, source: { kind, listing } }) => ({
      listing,
      name: part ?? "all",
      isClassFolders: kind === "classFolders" && listing.images.every(({ source }) => typeof source === "string"),
    }));
  }

  scoresOf(run: string): Scores | undefined {
    return this.#scores.get(run);
  }

  keepScores(run: string, scores: Scores): void {
    this.#scores.set(run, scores);
    const [oldest] = this.#scores.keys();
    if (this.#scores.size > MOST_SCORES && oldest !== undefined) this.#scores.delete(oldest);
  }

  /** Its sources with the labels that they give. */
  get sourceFolders(): readonly ProjectSource[] {
    return this.#sources;
  }

  /** An image by its number. @throws FoveaError where there is none */
  image(index: number): ProjectImage {
    const image = this.#images[index];
    if (image === undefined)
      throw new FoveaError("unknown-entry", `${this.name} has ${this.#images.length} images and no number ${index}`);
    return image;
  }

  /** Name of an image in the whole project. */
  fileOf(index: number): string {
    return nameOf(this.image(index));
  }

  /** Bytes of an image's file, or its path on the disk. */
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

  page(filter: ImageFilter, from: number, count: number, order?: ImageOrder): ImagePage {
    const matching = this.index.matching(filter, order);
    return {
      total: matching.length,
      items: Array.from(matching.subarray(from, from + count), (index) => this.item(index)),
    };
  }

  /** Images per class as the journal has them, without those that are left out; classes that it adds come last. */
  counts(part?: string): ClassCount[] {
    return this.#counted(part, (index) => {
      const change = this.labels.of(index);
      return change === undefined ? this.#images[index]!.label : (change.to ?? undefined);
    });
  }

  /** Images per class as the source has them. */
  countsBefore(): ClassCount[] {
    return this.#counted(undefined, (index) => this.#images[index]!.label);
  }

  #counted(part: string | undefined, labelOf: (index: number) => string | undefined): ClassCount[] {
    if (this.#kindOfLabels === "numbers") return [];
    const counts = new Map(this.classNames.map((name) => [name, 0]));
    for (let index = 0; index < this.#images.length; index++) {
      if (part !== undefined && this.#images[index]!.part !== part) continue;
      for (const name of this.#namesIn(labelOf(index))) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].map(([name, count]) => ({ name, count }));
  }

  #indexOfImages(): ImageIndex {
    const images = this.#images;
    const labelOf = (index: number): string | undefined => this.labels.of(index)?.to ?? images[index]!.label;
    return new ImageIndex({
      count: images.length,
      version: () => `${this.#labels?.version ?? 0} ${this.look === undefined} ${[...this.#scores.keys()]}`,
      fileOf: (index) => nameOf(images[index]!),
      sizeOf: (index) => images[index]!.image.size,
      partOf: (index) => images[index]!.part,
      hasLabel: (index, name) => {
        const label = labelOf(index);
        return label === name || (this.#kindOfLabels === "labels" && this.#namesIn(label).includes(name));
      },
      isUnlabelled: (index) => this.#isBare(index) && this.labels.of(index) === undefined,
      isChanged: (index) => this.labels.of(index) !== undefined,
      imagesOf: (finding) => {
        const found = this.look?.findings.find(({ id }) => id === finding);
        return found && new Set(found.images);
      },
      pixelsOf: (index) => this.look && pixelsOf(this.look, index),
      brightness: () => this.look?.brightness,
      likeness: (to) => this.look && likenessTo(this.look, to),
      scores: (run, by) => this.#scores.get(run)?.[by],
    });
  }
}

/** The name of an image in the whole project: of several folders with the one that it lies in. */
const nameOf = ({ image, source: { part } }: ProjectImage): string =>
  part === undefined ? image.path : `${part}/${image.path}`;

/** Images of a source with their labels as text. */
function imagesOf(source: ProjectSource): ProjectImage[] {
  const { labels, part: folder } = source;
  const { images, split } = source.source.listing;
  return images.map((image, row) => {
    const label = labels.labelOf(row);
    const part = folder ?? split?.[row];
    return {
      ...{ image, row, source },
      ...(label === undefined || label === NO_LABEL ? {} : { label: labels.textOf(label) }),
      ...(part === undefined ? {} : { part }),
    };
  });
}

/** The SHA-256 of bytes in hexadecimal. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Opens data as a project, with the label journal beside it. @throws FoveaError for what is no data */
export async function openProject(
  options: ProjectOptions & { readonly path: string },
  data: OpenedData,
  read: (path: string) => Promise<Uint8Array>,
): Promise<Project> {
  const journal = await journalPath(options.path);
  const project = new Project({ ...options, added: await addedTo(journal) }, data);
  await project.openLabels(journal, read);
  return project;
}
