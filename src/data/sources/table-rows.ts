// A table that is data of its own: rows of numbers and categories, with columns that may say what to predict, how long a
// row was observed and which rows belong together. Roles go to columns that were named; nothing is guessed from a name.
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { readBytes, stat } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { listedNames } from "../messages.js";
import { csvRows } from "../table/csv.js";
import { type ColumnType, checkTableSize, type Table, tableOf, textOf } from "../table/table.js";
import type { Listing } from "./listing.js";
import { delimiterOf, type ManifestOptions, ROLES, type Role, type RoleColumns, readRoles } from "./manifest.js";

/** The rows of a CSV file that is a table. */
export interface TableRows extends RoleColumns, Pick<Listing, "where" | "columns"> {
  /** The line of the file that each row begins in. */
  readonly lines: Int32Array;
  /** Columns without a role, in the order of the file. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** The column of each role that was named. */
  readonly roles: Omit<ManifestOptions, "path">;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** The character that separates its fields. */
  readonly delimiter: string;
  /**
   * Some columns with their types.
   * @param columns Names of columns.
   * @param types Types of columns that differ from those that are inferred.
   * @throws FoveaError as `parseTable` does
   */
  table(columns: readonly string[], types: Readonly<Record<string, ColumnType>>): Table;
}

/** Options of `openTable`. */
export interface TableRowsOptions {
  /** One character between fields. Default: the one that the first line uses. */
  readonly delimiter?: string;
  /**
   * Columns of the roles, by their names; letters may be large or small where no column has the name exactly. Default:
   * none.
   */
  readonly roles?: Omit<ManifestOptions, "path">;
}

/**
 * The rows of a CSV file that is a table.
 * @param path A CSV file.
 * @throws FoveaError for a file that is not there, is no CSV in UTF-8 or has no rows, columns without a name of their own,
 * roles of columns that are not there, and cells of these that mean nothing, such as an exposure of 0.
 * @example
 * await writeFile("policies.csv", "Exposure,Claims\n0.5,1\n1,0\n");
 * (await openTable("policies.csv", { roles: { exposure: "Exposure" } })).exposure; // 0.5, 1
 */
export async function openTable(path: string, options: TableRowsOptions = {}): Promise<TableRows> {
  checkOptions("openTable", options, ["delimiter", "roles"]);
  checkOptions("openTable roles", options.roles ?? {}, ROLES);
  const facts = await stat(path);
  if (facts === undefined || facts.isDirectory)
    throw new FoveaError("not-found", `${path}: there is no such file; give the path of a table, a .csv file`);
  checkTableSize(path, facts.size);
  const bytes = await readBytes(path);
  const text = textOf(bytes, path);
  const delimiter = options.delimiter ?? delimiterOf(text, path);
  const all = csvRows(text, { name: path, delimiter });
  const [head, ...rows] = all;
  // Checks names and that there are rows; which columns have which types is asked for later.
  tableOf(all, { name: path, columns: [] });
  const names = head!.fields.map((name) => name.trim());
  const lines = Int32Array.from(rows, ({ line }) => line);
  const values = (column: number): string[] => rows.map(({ fields }) => fields[column]!.trim());
  const roles = namedRoles(path, names, options.roles ?? {});
  const cells = (column: number) => ({
    where: `${path}: column ${names[column]}`,
    values: values(column),
    lines,
  });
  const taken = new Set(roles.values());
  return {
    where: path,
    lines,
    columns: Object.fromEntries(names.flatMap((name, i) => (taken.has(i) ? [] : [[name, values(i)] as const]))),
    ...readRoles(roles, cells),
    roles: Object.fromEntries([...roles].map(([role, column]) => [role, names[column]!])),
    sha256: await sha256Hex(bytes),
    delimiter,
    table: (columns, types) => tableOf(all, { name: path, columns, types }),
  };
}

/** Places of the columns that were named for a role. @throws FoveaError for one that is not there */
function namedRoles(where: string, names: readonly string[], wanted: Omit<ManifestOptions, "path">): Map<Role, number> {
  const found = new Map<Role, number>();
  for (const [role, name] of Object.entries(wanted) as [Role, string | undefined][]) {
    if (name === undefined) continue;
    const exact = names.indexOf(name);
    const column = exact >= 0 ? exact : names.findIndex((known) => known.toLowerCase() === name.toLowerCase());
    if (column < 0)
      throw new FoveaError(
        "unknown-column",
        `${where}: there is no column ${name} for the ${role}; the columns are ${listedNames(names)}`,
      );
    found.set(role, column);
  }
  return found;
}
