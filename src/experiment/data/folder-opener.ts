// Opens the images of one folder, manifest or archive with their targets, within the memory that all folders share.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import {
  boxTargets,
  bytesHeld,
  type ColumnKind,
  checkNoColumns,
  type Finding,
  type ImageDataset,
  isClassFolder,
  isLooseFolder,
  type Listing,
  type OpenedSource,
  openBoxed,
  openImages,
  openListing,
  openMasked,
  openSource,
  type PartName,
  type Targets,
  targetsOf,
} from "../../data/index.js";
import { CLASS_COLUMN } from "../../data/sources/class-folders.js";
import { CacheStore } from "../../data/store/streamed-stores.js";
import type { Preprocessing } from "../../formats/run/recipe.js";
import type { TooLarge } from "../../platform/cache.js";
import { sha256Hex } from "../../platform/hashing.js";
import { baseName } from "../../platform/paths.js";
import { TASKS, type TargetColumns } from "../tasks/index.js";
import type { LoadDataOptions } from "./load-options.js";
import { lookOf } from "./look.js";
import { openMaps } from "./masks.js";
import type { LoadedFolder } from "./parts.js";
import { rowsOf } from "./rows-of-targets.js";
import { type ImageSamples, imageSamples } from "./sample-set.js";

export class FolderOpener {
  #held = 0;
  /** True behind images that are read from a cache file: others are as well, for they are used less than those to train on. */
  #isFull = false;
  #source: TargetColumns = {};
  /** Sentences on the sources, without a full stop. */
  readonly notes: string[] = [];
  readonly findings: Finding[] = [];

  constructor(
    readonly preprocessing: Preprocessing,
    readonly options: LoadDataOptions,
    /** True where boxes are compared with those on the files, so that images may be fitted into grey. */
    readonly boxesAreOfFiles = false,
  ) {}

  /** Columns that the targets of the last source came from. */
  get source(): TargetColumns {
    return this.#source;
  }

  /**
   * @param from a path, or a source that was opened before, such as files of a page
   * @param names classes or labels to expect, those of the training images
   */
  async open(
    part: PartName,
    from: string | OpenedSource,
    names?: readonly string[],
  ): Promise<LoadedFolder<ImageSamples>> {
    const folder = await this.#opened(part, from, names);
    const { images } = folder.samples;
    this.#held += bytesHeld(images);
    this.#isFull ||= images instanceof CacheStore;
    return folder;
  }

  /** Opens a source by what is learnt of its images. */
  async #opened(
    part: PartName,
    from: string | OpenedSource,
    names: readonly string[] | undefined,
  ): Promise<LoadedFolder<ImageSamples>> {
    const { task } = this.options;
    const kind = task && TASKS[task].targetKind;
    if (kind === "masks") return this.#openMasks(from, names);
    if (kind === "boxes") return this.#openBoxes(from, names);
    return typeof from === "string" && (await this.#hasClasses(from))
      ? this.#openClasses(part, from, names)
      : this.#openSource(part, from, names);
  }

  /** Checks whether the folders at a path are classes; of loose images a journal may tell them. */
  async #hasClasses(path: string): Promise<boolean> {
    if (!(await isClassFolder(path))) return false;
    return !this.#hasEntries || !(await isLooseFolder(path));
  }

  /** True where a journal may give images the class that they lack. */
  get #hasEntries(): boolean {
    return (this.options.journal?.entries.length ?? 0) > 0;
  }

  /** Opens further images as those of the folders are. */
  async openListed(listing: Listing): Promise<ImageDataset> {
    const opened = await openListing(listing, this.#loading(baseName(listing.where)));
    this.#held += bytesHeld(opened.images);
    return opened;
  }

  /** Options of every way of opening. */
  #loading(name: string) {
    const { onProgress, onNotKept, memory, skipBad, threads, cache, batchSize } = this.options;
    return {
      ...lookOf(this.preprocessing),
      ...defined({ memory, skipBad, threads, cache, batchSize }),
      memoryInUse: this.#held,
      inMemory: !this.#isFull,
      onProgress: (done: number, total: number): void => onProgress?.(name, done, total),
      onNotKept: (why: TooLarge): void => onNotKept?.(name, why),
    };
  }

  async #openClasses(
    part: PartName,
    path: string,
    classNames: readonly string[] | undefined,
  ): Promise<LoadedFolder<ImageSamples>> {
    const { task = "classification", recorded, target, exposure = false, columns = {} } = this.options;
    if (TASKS[task].targetKind !== "classes")
      throw new FoveaError(
        "unsuited-option",
        `${path}: --task ${task} does not suit a folder for each class; give a manifest with a column of ` +
          `${TASKS[task].targetKind}, or leave --task out`,
      );
    if (target !== undefined)
      throw new FoveaError(
        "unsuited-option",
        `${path}: --target names a column of a manifest, and here folders are the classes; leave it out`,
      );
    checkNoColumns(path, defined(columns));
    if (exposure)
      throw new FoveaError(
        "unsuited-option",
        `${path}: an exposure divides numbers, and here folders are the classes; leave out --exposure`,
      );
    const name = baseName(path);
    const leaveOut = recorded?.[part]?.skipped?.map((skipped) => skipped.path);
    const images = await openImages(path, { ...this.#loading(name), ...defined({ classNames, leaveOut }) });
    const targets: Targets = { kind: "classes", classNames: images.classNames, indices: images.y.data };
    const labels = Array.from(images.y.data, (index) => images.classNames[index]!);
    const columnsInPaths = await columnsHash({ [CLASS_COLUMN]: labels }, {});
    return { name, path, samples: imageSamples(images), targets, columnsInPaths };
  }

  /** Images with the masks that they are learnt from. */
  async #openMasks(
    from: string | OpenedSource,
    names: readonly string[] | undefined,
  ): Promise<LoadedFolder<ImageSamples>> {
    const { target, exposure = false, columns = {} } = this.options;
    const where = typeof from === "string" ? from : from.listing.where;
    if (exposure)
      throw new FoveaError(
        "unsuited-option",
        `${where}: an exposure divides numbers, and masks are none; leave out --exposure`,
      );
    const { listing, sentence } =
      typeof from === "string" ? await openMasked(from, defined(columns), target?.[0]) : from;
    const { masks } = listing;
    if (masks === undefined)
      throw new FoveaError(
        "wrong-type",
        `${where}: these images were opened without their masks; open them with openMasked`,
      );
    this.notes.push(`the source ${withoutStop(sentence)}`);
    const name = baseName(where);
    const images = await openListing(listing, this.#loading(name));
    this.#held += bytesHeld(images.images);
    const { dataset, targets, sentence: meaning } = await openMaps(masks, images, this.#loading(name), names);
    this.notes.push(meaning);
    this.#held += targets.values.length;
    this.#source = masks.column === undefined ? {} : { columns: [masks.column] };
    return {
      ...{ name, path: where, samples: imageSamples(images), listing, targets },
      ...(await keptRoles(listing, images.kept, { masks: dataset.contentHash, names: targets.classNames })),
    };
  }

  /** Images with the objects that are learnt from them. */
  async #openBoxes(
    from: string | OpenedSource,
    names: readonly string[] | undefined,
  ): Promise<LoadedFolder<ImageSamples>> {
    const { target, exposure = false, columns = {} } = this.options;
    const where = typeof from === "string" ? from : from.listing.where;
    if (exposure)
      throw new FoveaError(
        "unsuited-option",
        `${where}: an exposure divides numbers, and boxes are none; leave out --exposure`,
      );
    if (target !== undefined)
      throw new FoveaError(
        "unsuited-option",
        `${where}: --target names a column, and boxes come from annotation files; leave it out`,
      );
    const { crop } = this.preprocessing;
    if (crop !== undefined && !(crop === "letterbox" && this.boxesAreOfFiles))
      throw new FoveaError(
        "unsuited-option",
        `${where}: boxes lie on whole images, and cropped ones lose some; leave the crop out`,
      );
    const { listing, sentence } = typeof from === "string" ? await openBoxed(from, defined(columns)) : from;
    const { boxes } = listing;
    if (boxes === undefined)
      throw new FoveaError(
        "wrong-type",
        `${where}: these images were opened without their objects; open them with openBoxed`,
      );
    this.notes.push(`the source ${withoutStop(sentence)}`);
    for (const finding of listing.findings) this.findings.push(finding);
    const name = baseName(where);
    const images = await openListing(listing, this.#loading(name));
    const { targets, sentence: found } = boxTargets(boxes, images.kept, images.files, names);
    this.notes.push(found);
    this.#held += bytesHeld(images.images);
    this.#source = {};
    const { values, areas, sizes } = targets;
    const numbers = [values, areas, sizes].map(({ buffer }) => sha256Hex(new Uint8Array(buffer)));
    return {
      ...{ name, path: where, samples: imageSamples(images), listing, targets },
      ...(await keptRoles(listing, images.kept, { boxes: await Promise.all(numbers), names: targets.classNames })),
    };
  }

  async #openSource(
    part: PartName,
    from: string | OpenedSource,
    names: readonly string[] | undefined,
  ): Promise<LoadedFolder<ImageSamples>> {
    const { task, target, exposure = false, columns = {} } = this.options;
    const {
      kind: form,
      listing,
      sentence,
    } = typeof from === "string" ? await openSource(from, defined(columns)) : from;
    const path = typeof from === "string" ? from : listing.where;
    this.notes.push(`the source ${withoutStop(sentence)}`);
    for (const finding of listing.findings) this.findings.push(finding);
    if (part === "train" && listing.images.length < 2)
      throw new FoveaError(
        "too-little-data",
        `${listing.where} has ${listing.images.length === 1 ? "one image" : "no images"}; training needs at least two, one to learn from and one to be judged by: add rows`,
      );
    const kind = task && (TASKS[task].targetKind as ColumnKind);
    const made = targetsOf(listing, {
      ...defined({ kind, columns: target }),
      ...(kind !== "numbers" && { names }),
      mayLack: this.#hasEntries,
    });
    if (made.sentence !== undefined) this.notes.push(withoutStop(made.sentence));
    if (exposure && (made.kind !== "numbers" || listing.exposure === undefined))
      throw new FoveaError(
        "unsuited-option",
        `${path}: an exposure divides numbers, and ${made.kind === "numbers" ? "there is no column exposure" : "these targets are none"}; leave out --exposure`,
      );
    if (!exposure && listing.exposure !== undefined && made.kind === "numbers")
      this.notes.push("the column of exposures is not used; --exposure divides the targets by it");
    const name = baseName(path);
    const images = await openListing(listing, this.#loading(name));
    this.#source = {
      ...(made.columns.length > 0 ? { columns: made.columns } : {}),
      ...(exposure ? { exposure: columns.exposure ?? "exposure" } : {}),
    };
    const facts = await keptFacts(listing, made.targets, images, made.columns, exposure);
    const inPaths = form === "classFolders" ? { columnsInPaths: facts.columns } : {};
    return { name, path, samples: imageSamples(images), listing, ...facts, ...inPaths };
  }
}

/**
 * The roles of the images that were kept, and the hash of all that the source says of them.
 * @param targets facts that stand for the targets
 */
async function keptRoles(
  { split, group, date, weight }: Listing,
  kept: Int32Array,
  targets: object,
): Promise<Pick<LoadedFolder, "columns" | "split" | "group" | "date" | "weight">> {
  const at = <T>(values: readonly T[]): T[] => Array.from(kept, (row) => values[row]!);
  return {
    columns: await columnsHash({}, { ...defined({ split, group, date, weight }), ...targets }),
    ...defined({
      split: split && at(split),
      group: group && at(group),
      date: date && at(date),
      weight: weight && Float64Array.from(kept, (row) => weight[row]!),
    }),
  };
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, "");

/** Facts of the images that were kept, in their order. */
async function keptFacts(
  listing: Listing,
  targets: Targets,
  { kept }: ImageDataset,
  columns: readonly string[],
  usesExposure: boolean,
): Promise<Omit<LoadedFolder, "name" | "path" | "samples">> {
  const { split, group, date, weight, exposure } = listing;
  const at = <T>(values: readonly T[]): T[] => Array.from(kept, (row) => values[row]!);
  const numbers = (values: Float64Array): Float64Array => Float64Array.from(kept, (row) => values[row]!);
  const used = usesExposure ? exposure : undefined;
  const product = used && weight ? used.map((value, row) => value * weight[row]!) : (used ?? weight);
  const chosen = Object.fromEntries(columns.map((name) => [name, listing.columns[name]!]));
  const facts = defined({ split, group, date, weight, exposure: used });
  return {
    targets: rowsOf(targets, kept, used),
    columns: await columnsHash(chosen, facts),
    ...defined({
      weight: product && numbers(product),
      exposure: used && numbers(used),
      split: split && at(split),
      group: group && at(group),
      date: date && at(date),
    }),
  };
}

/** SHA-256 of columns, and of what a listing says of its images besides. */
function columnsHash(columns: Listing["columns"], facts: object): Promise<string> {
  const text = JSON.stringify([columns, facts], (_, value) =>
    value instanceof Float64Array ? Array.from(value) : value,
  );
  return sha256Hex(new TextEncoder().encode(text));
}
