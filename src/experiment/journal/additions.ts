// Images that a label journal adds to some data, such as a photo that a model was wrong about. Their files lie in a hidden folder
// beside the journal, named by their hashes; an entry from no label to theirs adds them, its undoing leaves them out. The data
// themselves stay as they are, and a recipe with fewer entries has fewer images.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { decodeImage, imageFormatOf, LABEL_JOURNAL } from "../../data/index.js";
import { checkJson } from "../../formats/json.js";
import type { Files } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { sha256Hex } from "../../platform/hashing.js";
import { baseName, joinPath, parentFolder } from "../../platform/paths.js";
import { type JournalEntry, type JournalLabel, LABEL, type LabelJournal } from "./entries.js";
import type { CorrectionOptions, LabelJournalFile } from "./journal-file.js";
import { byImage, isLeftOut, standing } from "./standing.js";

/** Ending of the folders of added images; the dot before their names keeps them out of folders of classes. */
const FOLDER = LABEL_JOURNAL.replace(/journal$/, "additions");
const ADDED = new RegExp(`^\\.([^/]*\\.)?${FOLDER.replaceAll(".", "\\.")}/`);

/**
 * Checks whether a file of some data is one that a journal has added, by its path.
 * @param file Name of a file within its data.
 * @example isAddedFile(".labels.additions/0123abcd.png"); // true
 */
export const isAddedFile = (file: string): boolean => ADDED.test(file);

/**
 * Path of the folder of the images that a journal adds: `photos/.labels.additions` for `photos/labels.journal`.
 * @param journal Path of a label journal.
 * @example additionsFolder("photos/labels.journal"); // "photos/.labels.additions"
 */
export function additionsFolder(journal: string): string {
  const name = baseName(journal).replace(/journal$/, "additions");
  return joinPath(parentFolder(journal), `.${name.endsWith(FOLDER) ? name : FOLDER}`);
}

/** An image that a journal adds. */
export interface AddedImage {
  /** SHA-256 of its bytes. */
  readonly image: string;
  /** Its name in the data: `.labels.additions/0123abcd.png`. */
  readonly file: string;
  /** Path of its file. */
  readonly path: string;
  /** The label that it was added with; later entries may change it. */
  readonly label: JournalLabel;
  /** Column of the manifest that the label is of; absent where there is only one. */
  readonly column?: string | undefined;
  /** True where it is left out by now. */
  readonly isExcluded: boolean;
}

/**
 * The images that a journal has added, in the order of their entries.
 * @example addedImages({ where: "photos/labels.journal", entries: [] }); // []
 */
export function addedImages({ where, entries }: Pick<LabelJournal, "where" | "entries">): AddedImage[] {
  const folder = additionsFolder(where);
  return [...byImage(entries)].flatMap(([image, groups]): AddedImage[] => {
    const group = groups.find(([entry]) => entry!.from === null && isAddedFile(entry!.file));
    if (group === undefined) return [];
    // One that was taken out and added again has the label of the second time.
    const changes = standing(group);
    const { file, to: label, column } = changes[0] ?? group[0]!;
    if (label === null) return [];
    const isExcluded = changes.length === 0 || groups.some((each) => isLeftOut(standing(each)));
    const path = joinPath(folder, baseName(file));
    return [{ image, file, path, label, isExcluded, ...defined({ column }) }];
  });
}

/** Options of `addImage`. */
export interface AdditionOptions extends CorrectionOptions {
  /** Name of the image in messages. Default: `the image`. */
  readonly name?: string | undefined;
  /** The column of the manifest that the label is of, where it has several of targets. Default: none. */
  readonly column?: string | undefined;
  /** Default: Node's disk, in a page the browser's private file system. */
  readonly files?: Files;
}

const ENDINGS = { PNG: "png", JPEG: "jpg", WebP: "webp", GIF: "gif", BMP: "bmp" } as const;

/**
 * Adds an image to the data that a journal is for: from the next training on it is one of the training images, never of those
 * that judge. `undo(journal, image)` takes it out again.
 * @param bytes of an image file
 * @param label a class, which may be a new one; all labels of the image; or numbers by their columns
 * @returns the entry; undefined for an image that the journal has added with that label already
 * @throws FoveaError for what is no image, and as the journal's `append` does
 * @example
 * const journal = await openJournal("additions/labels.journal");
 * await addImage(journal, await readFile("photo.png"), "cat", { why: "the model said dog" });
 * addedImages(await journal.read())[0].label; // "cat"
 */
export async function addImage(
  journal: LabelJournalFile,
  bytes: Uint8Array,
  label: JournalLabel,
  { name = "the image", column, files = filesHere, when = new Date(), by, why }: AdditionOptions = {},
): Promise<JournalEntry | undefined> {
  const to = checkJson("addImage", LABEL, label);
  const format = imageFormatOf(bytes);
  if (format === undefined)
    throw new FoveaError("not-an-image", `${name} is no image; expected a file as PNG, JPEG, WebP, GIF or BMP`);
  await decodeImage(bytes, name);
  const image = await sha256Hex(bytes);
  const folder = additionsFolder(journal.path);
  const fileName = `${image}.${ENDINGS[format]}`;
  await files.makeDirectory(folder);
  // The file comes first: an entry without one could not be trained with.
  if (!(await files.exists(joinPath(folder, fileName)))) await files.writeAtomic(joinPath(folder, fileName), bytes);
  const [entry] = await journal.append((entries) => {
    const known = addedImages({ where: journal.path, entries }).find((added) => added.image === image);
    if (known !== undefined && !known.isExcluded) return [];
    const file = `${baseName(folder)}/${fileName}`;
    return [{ image, file, from: null, to, when: when.toISOString(), ...defined({ column, by, why }) }];
  });
  return entry;
}
