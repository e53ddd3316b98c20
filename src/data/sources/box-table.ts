// Boxes in a table: a row an object with its image's file, its label, and the edges of its box in pixels. A row whose label is empty
// says that its image shows nothing.
import { FoveaError } from "../../core/errors.js";
import type { ImageSize, ReadAnnotations } from "../annotations/index.js";
import { SetBuilder } from "../annotations/set-builder.js";
import { csvRows } from "../table/csv.js";
import { checkTableSize, textOf } from "../table/table.js";
import { isTextTableName } from "../usual-names.js";
import type { FileSet } from "./file-set.js";
import { delimiterOf, pathColumnIn } from "./manifest.js";

const EDGES = ["xmin", "ymin", "xmax", "ymax"] as const;
const LABELS: readonly string[] = ["label", "class", "name", "category"];
const HEAD = 1 << 12;

/** Places of the columns of a table of boxes. */
interface Columns {
  readonly file: number;
  readonly label: number;
  readonly edges: readonly number[];
}

function columnsIn(fields: readonly string[]): Columns | undefined {
  const names = fields.map((field) => field.trim().toLowerCase());
  const edges = EDGES.map((edge) => names.indexOf(edge));
  const label = names.findIndex((name) => LABELS.includes(name));
  const file = pathColumnIn(names);
  return Math.min(...edges, label, file) < 0 ? undefined : { file, label, edges };
}

/** The first table with columns of boxes, directly in the folder; undefined where there is none. */
export async function boxTableIn(files: FileSet): Promise<string | undefined> {
  for (const path of files.paths.filter((candidate) => !candidate.includes("/") && isTextTableName(candidate))) {
    const head = new TextDecoder().decode(await files.file(path)!.range(0, HEAD)).replace(/^\ufeff/, "");
    const line = head.split(/\r?\n/, 1)[0]!;
    if (columnsIn(line.replaceAll('"', "").split(delimiterOf(line, path))) !== undefined) return path;
  }
  return undefined;
}

/**
 * The objects in a table.
 * @param sizes the images that there are
 * @throws FoveaError for text that is no table
 */
export async function readBoxTable(
  files: FileSet,
  path: string,
  sizes: ReadonlyMap<string, ImageSize>,
): Promise<ReadAnnotations> {
  const where = `${files.where}/${path}`;
  const file = files.file(path)!;
  checkTableSize(where, file.size);
  const text = textOf(await file.bytes(), where);
  const [head, ...rows] = csvRows(text, { name: where, delimiter: delimiterOf(text, path) });
  const columns = columnsIn(head?.fields ?? []);
  if (columns === undefined)
    throw new FoveaError("unknown-column", `${where}: expected the columns file, label, ${EDGES.join(", ")}`);
  const set = new SetBuilder(sizes);
  const images = new Map<string, string | undefined>();
  for (const { fields } of rows) {
    const name = fields[columns.file]!.trim();
    if (!images.has(name)) images.set(name, set.image([name], { width: Number.NaN, height: Number.NaN }));
    const image = images.get(name);
    const label = fields[columns.label]!.trim();
    if (image === undefined || label === "") continue;
    const [left, top, right, bottom] = columns.edges.map((at) => {
      const cell = fields[at]!.trim();
      return cell === "" ? Number.NaN : Number(cell);
    }) as [number, number, number, number];
    set.object(image, { category: set.category(label), box: [left, top, right - left, bottom - top] });
  }
  return set.finish();
}
