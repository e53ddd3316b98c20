// A manifest: a CSV table with a row for each image, its path and what is known of it. Paths are relative to the manifest's
// folder and stay within it; a manifest on the user's disk may also name files by absolute paths.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { extensionOf, joinPath } from "../../platform/paths.js";
import { counted, listedNames } from "../messages.js";
import type { PartName } from "../split/part-name.js";
import { type CsvRow, csvRows } from "../table/csv.js";
import { checkTableSize, textOf } from "../table/table.js";
import { type FileSet, isAbsolutePath, type StoredFile } from "./file-set.js";
import type { ListedImage, Listing } from "./listing.js";
import { type Cells, dateColumn, exposureColumn, groupColumn, splitColumn, weightColumn } from "./manifest-columns.js";

/** Columns of the roles as they are read, with their cells. */
export interface RoleColumns {
  readonly split?: readonly (PartName | undefined)[];
  readonly group?: readonly string[];
  readonly weight?: Float64Array;
  readonly exposure?: Float64Array;
  readonly date?: readonly string[];
}

/** Names of columns where they are called otherwise than `path`, `split`, `group`, `weight`, `exposure`, `date`. */
export interface ManifestOptions {
  /** The column of paths. Default: the first of `path`, `file`, `filename`, `file_name`, `image` that there is. */
  readonly path?: string;
  /** The column of parts. Default `split`. */
  readonly split?: string;
  /** The column of groups. Default `group`. */
  readonly group?: string;
  /** The column of weights. Default `weight`. */
  readonly weight?: string;
  /** The column of exposures. Default `exposure`. */
  readonly exposure?: string;
  /** The column of dates. Default `date`. */
  readonly date?: string;
}

/** Ways of opening a source. */
export interface SourceOptions extends ManifestOptions {
  /**
   * True takes a manifest's images alone: other columns are not read, an image may have several rows, and a row that leads
   * to no image is among the others, for its reader to name. Default false.
   */
  readonly imagesOnly?: boolean;
}

/** The name that marks a folder as one with a manifest. */
export const MANIFEST_NAME = "manifest.csv";

const PATH_NAMES: readonly string[] = ["path", "file", "filename", "file_name", "image"];
/** Roles of columns that say something else than labels. */
export const ROLES = ["split", "group", "weight", "exposure", "date"] as const;
export type Role = (typeof ROLES)[number];

/** The names of ManifestOptions. */
export const COLUMN_OPTIONS = ["path", ...ROLES] as const;

/** The separator that the head of a table uses: a comma unless there is none, and a semicolon or tab in its place. */
export function delimiterOf(text: string, name: string): string {
  const head = text.split(/\r?\n/, 1)[0]!;
  if (extensionOf(name) === ".tsv") return "\t";
  return [",", ";", "\t"].find((character) => head.includes(character)) ?? ",";
}

/** The column with the paths of images, by the head of a table; -1 where there is none. */
export function pathColumnIn(names: readonly string[], wanted?: string): number {
  if (wanted !== undefined) return names.indexOf(wanted);
  const lower = names.map((name) => name.toLowerCase());
  return lower.indexOf(PATH_NAMES.find((name) => lower.includes(name)) ?? "");
}

/**
 * The listing in a manifest.
 * @param files the files that its paths lead to
 * @throws FoveaError for text that is no CSV, a table without a column of paths, paths that lead nowhere or out of the
 * folder, an image with two rows, and cells of `split`, `group`, `weight`, `exposure`, `date` that mean nothing.
 * @example await manifestListing("manifest.csv", await folderFiles("photos"))
 */
export async function manifestListing(name: string, files: FileSet, options: SourceOptions = {}): Promise<Listing> {
  checkOptions("manifest", options, [...COLUMN_OPTIONS, "imagesOnly"]);
  const file = files.file(name);
  const where = files.where === "." ? name : joinPath(files.where, name);
  if (file === undefined)
    throw new FoveaError("not-found", `${where}: there is no such file; give the path of the manifest`);
  checkTableSize(where, file.size);
  const text = textOf(await file.bytes(), where);
  const rows = csvRows(text, { name: where, delimiter: delimiterOf(text, name) });
  return listingOfRows(where, rows, files, options);
}

function listingOfRows(where: string, all: readonly CsvRow[], files: FileSet, options: SourceOptions): Listing {
  const [head, ...rows] = all;
  const names = (head?.fields ?? []).map((name) => name.trim());
  const pathColumn = pathColumnIn(names, options.path);
  if (pathColumn < 0)
    throw new FoveaError(
      "unknown-column",
      `${where}: expected a column ${options.path ?? "path (or file, filename, image)"} with the path of each image, ` +
        `found ${names.length === 0 ? "no columns" : `the columns ${listedNames(names)}`}; add it, or name it`,
    );
  const odd = names.find((name, i) => name === "" || names.indexOf(name) < i);
  if (odd !== undefined)
    throw new FoveaError(
      "duplicate",
      `${where}: expected a different name for every column, found ${odd === "" ? "a column without one" : `two called ${odd}`}; rename it`,
    );
  if (rows.length === 0)
    throw new FoveaError("no-images", `${where}: expected a row for each image, found none; add them`);
  const lines = Int32Array.from(rows, ({ line }) => line);
  const cells = (column: number): Cells => ({
    where: `${where}: column ${names[column]}`,
    values: rows.map(({ fields }) => fields[column]!.trim()),
    lines,
  });
  if (options.imagesOnly)
    return { where, images: askedImagesOf(where, cells(pathColumn), files), columns: {}, lines, findings: [] };
  const roles = rolesIn(where, names, options);
  const used = new Set([pathColumn, ...roles.values()]);
  const columns = [...names.keys()].filter((i) => !used.has(i)).map((i) => [names[i]!, cells(i).values] as const);
  return {
    where,
    images: imagesOf(where, cells(pathColumn), files),
    columns: Object.fromEntries(columns),
    ...readRoles(roles, cells),
    lines,
    findings: [],
  };
}

/** The column of each role that the manifest has; a column that was asked for must be there. */
function rolesIn(where: string, names: readonly string[], options: ManifestOptions): Map<Role, number> {
  const lower = names.map((name) => name.toLowerCase());
  const found = new Map<Role, number>();
  for (const role of ROLES) {
    const wanted = options[role];
    const column = wanted === undefined ? lower.indexOf(role) : names.indexOf(wanted);
    if (column >= 0) found.set(role, column);
    else if (wanted !== undefined)
      throw new FoveaError(
        "unknown-column",
        `${where}: there is no column ${wanted} for the ${role}; the columns are ${listedNames(names)}`,
      );
  }
  return found;
}

/** Reads the columns of roles; a role without a column is absent. @throws FoveaError for cells that mean nothing */
export function readRoles(roles: ReadonlyMap<Role, number>, cells: (column: number) => Cells): RoleColumns {
  const columnOf = <T>(role: Role, read: (cells: Cells) => T): T | undefined => {
    const column = roles.get(role);
    return column === undefined ? undefined : read(cells(column));
  };
  return defined({
    split: columnOf("split", splitColumn),
    group: columnOf("group", groupColumn),
    weight: columnOf("weight", weightColumn),
    exposure: columnOf("exposure", exposureColumn),
    date: columnOf("date", dateColumn),
  });
}

type Fault = "empty" | "address" | "outside" | "missing";

/** The file of a row, or what is wrong with its path. */
function fileOfRow(files: FileSet, text: string): { readonly path: string; readonly file: StoredFile } | Fault {
  if (text === "") return "empty";
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return "address";
  const path = normalPath(text);
  if (path === undefined || (isAbsolutePath(path) && files.folder === undefined)) return "outside";
  const file = fileAt(files, path);
  return file === undefined ? "missing" : { path, file };
}

/** The images at the paths of a column. */
function imagesOf(where: string, { values, lines }: Cells, files: FileSet): ListedImage[] {
  const first = new Map<string, number>();
  const faults: Record<Fault, string[]> = { empty: [], outside: [], address: [], missing: [] };
  const images: ListedImage[] = [];
  for (const [row, text] of values.entries()) {
    const found = fileOfRow(files, text);
    const path = typeof found !== "string" ? found.path : found === "missing" ? normalPath(text) : undefined;
    const earlier = path === undefined ? undefined : first.get(path);
    if (earlier !== undefined)
      throw new FoveaError(
        "duplicate",
        `${where}: ${text} occurs in lines ${lines[earlier]} and ${lines[row]}; expected one row for each image`,
      );
    if (path !== undefined) first.set(path, row);
    if (typeof found !== "string") images.push(listedImage(found));
    else faults[found].push(text === "" ? `line ${lines[row]}` : `${JSON.stringify(text)} in line ${lines[row]}`);
  }
  refuseFaults(where, faults, values.length, files);
  return images;
}

const listedImage = ({ path, file }: { readonly path: string; readonly file: StoredFile }): ListedImage => ({
  path,
  size: file.size,
  source: file.disk ?? file.bytes,
});

/** Ends of sentences about the path of a row. */
const FAULTS: Readonly<Record<Fault, string>> = {
  empty: "has no path; fill it in",
  address: "is an address, which is never fetched; download the file first",
  outside: "leads out of the manifest's folder; move the manifest above its images",
  missing: "leads to no file; paths are relative to the manifest's folder",
};

/** An image for each row. Where there is none, reading it throws what is wrong with the row. */
function askedImagesOf(where: string, { values, lines }: Cells, files: FileSet): ListedImage[] {
  return values.map((text, row): ListedImage => {
    const found = fileOfRow(files, text);
    if (typeof found !== "string") return listedImage(found);
    const named = text === "" ? `line ${lines[row]}` : `${text} in line ${lines[row]}`;
    const source = () => Promise.reject(new FoveaError("wrong-value", `${where}: ${named} ${FAULTS[found]}`));
    return { path: text === "" ? named : text, size: 0, source, isLost: true };
  });
}

/** @throws FoveaError that names the rows whose paths lead to no image */
function refuseFaults(
  where: string,
  { empty, outside, address, missing }: Readonly<Record<Fault, readonly string[]>>,
  rows: number,
  files: FileSet,
): void {
  const count = (list: readonly string[]): string => counted(list.length, "path");
  if (empty.length > 0)
    throw new FoveaError(
      "missing-values",
      `${where}: expected a path in every row, found none in ${listedNames(empty)}; fill it in`,
    );
  if (address.length > 0)
    throw new FoveaError(
      "not-allowed",
      `${where}: expected paths of files, found addresses, which are never fetched: ${listedNames(address)}; download the files first`,
    );
  if (outside.length > 0)
    throw new FoveaError(
      "unsafe-path",
      `${where}: expected paths below the manifest's folder, found ${count(outside)} that ${outside.length === 1 ? "leads" : "lead"} out of it: ` +
        `${listedNames(outside)}; move the manifest above its images${files.folder === undefined ? "" : ", or write absolute paths"}`,
    );
  if (missing.length > 0)
    throw new FoveaError(
      "not-found",
      `${where}: ${count(missing)} of ${rows} ${missing.length === 1 ? "leads" : "lead"} to no file: ${listedNames(missing)}; ` +
        "paths are relative to the manifest's folder: correct them, or remove the rows",
    );
}

/** The path with `/` alone and without `.`; undefined where `..` leads out of the folder that it begins in. */
function normalPath(text: string): string | undefined {
  const path = text.replaceAll("\\", "/");
  const root = /^([A-Za-z]:)?\/+/.exec(path)?.[0] ?? "";
  const parts: string[] = [];
  for (const part of path.slice(root.length).split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `${root}${parts.join("/")}`;
}

const FORMS = ["NFC", "NFD"] as const;

/** The file at a path, or at the same path spelled as another system spells it. */
function fileAt(files: FileSet, path: string): StoredFile | undefined {
  const found = files.file(path);
  if (found !== undefined || /^[\x20-\x7e]*$/.test(path)) return found;
  for (const form of FORMS) {
    const other = files.file(path.normalize(form));
    if (other !== undefined) return other;
  }
  return undefined;
}
