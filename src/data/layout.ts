// Faults in the arrangement of a folder, found before training: names that are no classes, one class under two names,
// classes that a part lacks, tables that nobody reads. Looks at names and tables; masks.ts looks at pixels.

import { FoveaError } from "../core/errors.js";
import { byCodePoint } from "../core/text-order.js";
import { blockingFiles, stat } from "../platform/files.js";
import { baseName, joinPath, parentFolder } from "../platform/paths.js";
import { visibleEntries } from "../platform/walk.js";
import type { Finding } from "./findings.js";
import { imagesPerClass, isImageName, type LaidOut, SPLIT_NAMES, type SplitName } from "./folders.js";
import { maskFindings } from "./masks.js";
import { counted } from "./messages.js";
import { isTableName, isTextTableName } from "./usual-names.js";

/**
 * Looks at one folder of classes, or at those of all parts of the data; the first is the one that trains.
 * @param parts The parts, the one that trains first.
 * @returns findings, errors first
 * @example await layoutFindings([{ name: "photos", folder: "photos", files: ["cat/1.png", "dog/1.png"] }]);
 */
export async function layoutFindings(parts: readonly LaidOut[]): Promise<Finding[]> {
  const findings = [
    ...(await Promise.all(parts.map((part) => maskFindings(part, parts.length > 1)))).flat(),
    ...spellingFindings(parts),
    ...classFindings(parts),
    ...(await emptyFindings(parts)),
    ...(await splitFindings(parts)),
    ...(await tableFindings(parts)),
  ];
  const rank = ({ severity }: Finding): number => (severity === "error" ? 0 : 1);
  return findings.sort((a, b) => rank(a) - rank(b));
}

/** The folder that the paths of findings begin in: that of the part, or of several parts the one above them. */
const baseOf = (parts: readonly LaidOut[]): string =>
  parts.length > 1 ? parentFolder(parts[0]!.folder) : (parts[0]?.folder ?? "");

/** A path as findings have it. */
const shownFrom = (base: string, path: string): string =>
  path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;

/** The same for names that look alike, and for names that are one on disks that do not tell capitals apart. */
export const sameToReaders = (name: string): string => name.normalize("NFC");
const sameToWindows = (name: string): string =>
  sameToReaders(name)
    .toLowerCase()
    .replace(/[. ]+$/, "");

const FORMS = ["NFC", "NFD", "NFKC", "NFKD"] as const;
/** Unicode normal form of a name; names that look alike differ in it. */
const spellingOf = (name: string): string => FORMS.find((form) => name.normalize(form) === name) ?? "mixed spelling";

function spellingFindings(parts: readonly LaidOut[]): Finding[] {
  const counts = new Map<string, number>();
  const folders = new Map<string, string[]>();
  for (const { name: part, files } of parts)
    for (const [name, images] of imagesPerClass(files)) {
      counts.set(name, (counts.get(name) ?? 0) + images.length);
      folders.set(name, [...(folders.get(name) ?? []), parts.length > 1 ? joinPath(part, name) : name]);
    }
  const groups = new Map<string, string[]>();
  for (const name of [...counts.keys()].sort(byCodePoint)) {
    const key = sameToWindows(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()]
    .filter((names) => names.length > 1)
    .map((names): Finding => {
      const areAlike = new Set(names.map(sameToReaders)).size === 1;
      const described = names.map(
        (name) => `"${name}" (${areAlike ? `${spellingOf(name)}, ` : ""}${counted(counts.get(name)!, "image")})`,
      );
      return {
        kind: "spelling",
        severity: "warning",
        files: names.flatMap((name) => folders.get(name)!),
        evidence: areAlike
          ? `the class folders ${described.join(" and ")} look the same and differ in their Unicode spelling only`
          : `the class folders ${described.join(" and ")} differ in capitals or a trailing dot only, which are the same to Windows and macOS`,
        remedy: "if they are one class, move all of its images into one of the folders, else they count as two",
      };
    });
}

const MOST_NAMED = 5;

function classFindings(parts: readonly LaidOut[]): Finding[] {
  const [train, ...others] = parts.map((part) => ({ ...part, classes: imagesPerClass(part.files) }));
  if (train === undefined) return [];
  const known = new Set([...train.classes.keys()].map(sameToReaders));
  return others.flatMap(({ name, classes }): Finding[] => {
    const here = new Set([...classes.keys()].map(sameToReaders));
    const strange = [...classes.keys()].filter((className) => !known.has(sameToReaders(className)));
    const lacking = [...train.classes.keys()].filter((className) => !here.has(sameToReaders(className)));
    const list = (names: readonly string[]): string =>
      `${names.slice(0, MOST_NAMED).join(", ")}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ""}`;
    return [
      ...(strange.length === 0
        ? []
        : [
            {
              kind: "class",
              severity: "error",
              files: strange.map((className) => joinPath(name, className)),
              evidence: `the folder ${name} has ${strange.length === 1 ? "a class" : `${strange.length} classes`} that ${train.name} lacks: ${list(strange)}`,
              remedy: `put images of ${strange.length === 1 ? "it" : "them"} into ${train.name}, or take ${strange.length === 1 ? "it" : "them"} out of ${name}`,
            } as const,
          ]),
      ...(lacking.length === 0
        ? []
        : [
            {
              kind: "class",
              severity: "warning",
              files: lacking.map((className) => joinPath(train.name, className)),
              evidence: `the folder ${name} has no image of ${list(lacking)}`,
              remedy: `the figures of ${name} say nothing about ${lacking.length === 1 ? "this class" : "these classes"}; add images of ${lacking.length === 1 ? "it" : "them"}`,
            } as const,
          ]),
    ];
  });
}

/** Folders such as `val` beside `valid`, of which one only is used. */
async function splitFindings(parts: readonly LaidOut[]): Promise<Finding[]> {
  const [train] = parts;
  if (train === undefined || (parts.length === 1 && !isSplitName(train.name))) return [];
  const root = parentFolder(train.folder);
  const used = new Set(parts.map(({ folder }) => baseName(folder)));
  const findings: Finding[] = [];
  for (const { name, isDirectory } of await visibleEntries(root)) {
    // A part of its own that is not used, such as Test beside Train, is the user's choice.
    const twin = [...used].find((other) => splitNamed(other) !== undefined && splitNamed(other) === splitNamed(name));
    if (!isDirectory || used.has(name) || twin === undefined) continue;
    if (!(await visibleEntries(joinPath(root, name))).some((entry) => entry.isDirectory)) continue;
    findings.push({
      kind: "split",
      severity: "warning",
      files: [shownFrom(baseOf(parts), joinPath(root, name))],
      evidence: `the folder ${name} is not used: its part of the data is taken from ${twin}`,
      remedy: `move its images into ${twin}, or give it the name of another part`,
    });
  }
  return findings;
}

/** The part that a folder of this name holds. */
const splitNamed = (name: string): SplitName | undefined =>
  (["train", "validation", "test"] as const).find((part) => SPLIT_NAMES[part].includes(name.toLowerCase()));

const isSplitName = (name: string): boolean => splitNamed(name) !== undefined;

/** Bytes of a table that are searched for the names of images. */
const HEAD = 1 << 16;

/** Tables in the folders, above the parts, or beside the whole where they name its images. */
async function tableFindings(parts: readonly LaidOut[]): Promise<Finding[]> {
  const [first] = parts;
  if (first === undefined) return [];
  const within = parts.map(({ folder }) => folder);
  const root = parts.length > 1 || isSplitName(first.name) ? parentFolder(first.folder) : first.folder;
  const folders = [...new Set([root, ...within])];
  const tables = (await Promise.all(folders.map(tablesIn))).flat();
  const names = new Set(parts.flatMap(({ files }) => files.map(baseName)));
  const above = parentFolder(root);
  for (const path of above === root ? [] : await tablesIn(above)) if (await namesImages(path, names)) tables.push(path);
  return tables.map(
    (path): Finding => ({
      kind: "table",
      severity: "warning",
      files: [shownFrom(baseOf(parts), path)],
      evidence: `the table ${path} lies beside the images and is not read: classes are the names of folders`,
      remedy:
        "if the table has the labels, give the table itself as the source, with a column path, or sort the images into one folder for each label",
    }),
  );
}

/** The tables in a folder; none in one that cannot be listed, such as that above a folder of one's own. */
async function tablesIn(folder: string): Promise<string[]> {
  try {
    return (await visibleEntries(folder))
      .filter(({ name, isDirectory }) => !isDirectory && isTableName(name))
      .map(({ name }) => joinPath(folder, name));
  } catch (error) {
    if (error instanceof FoveaError) return [];
    throw error;
  }
}

async function namesImages(path: string, names: ReadonlySet<string>): Promise<boolean> {
  // An entry without a size is no file of text.
  if (!isTextTableName(path) || !((await stat(path))?.size ?? 0)) return false;
  const text = new TextDecoder().decode((await blockingFiles()).readHead(path, HEAD));
  return text.split(/[\r\n,;\t"]+/).some((field) => isImageName(field) && names.has(baseName(field)));
}

/** Folders where classes are expected that hold nothing which can be read. */
async function emptyFindings(parts: readonly LaidOut[]): Promise<Finding[]> {
  const found = parts.map(async ({ folder, files }): Promise<Finding[]> => {
    const classes = imagesPerClass(files);
    const empty = (await visibleEntries(folder)).filter(({ name, isDirectory }) => isDirectory && !classes.has(name));
    return empty.map(({ name }) => ({
      kind: "empty",
      severity: "warning",
      files: [shownFrom(baseOf(parts), joinPath(folder, name))],
      evidence: `the folder ${joinPath(folder, name)} holds no image that can be read and is no class`,
      remedy: "put PNG, JPEG, GIF, BMP or WebP files into it, or remove it",
    }));
  });
  return (await Promise.all(found)).flat();
}
