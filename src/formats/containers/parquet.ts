// Parquet files by hyparquet and hyparquet-writer: tables written group by group and read the same way, in the memory of one
// group. The same rows give the same bytes.
import type { ByteWriter as Writer } from "hyparquet-writer";
import { FoveaError } from "../../core/errors.js";
import type { OpenFile } from "../../platform/random-access.js";

/** A cell of a table; null for none. */
export type Cell = string | number | boolean | null;

/** A column: text, 32-bit floats, 64-bit floats, or true and false. */
export interface TableColumn {
  readonly name: string;
  readonly type: "text" | "float32" | "float64" | "flag";
}

const TYPES = { text: "STRING", float32: "FLOAT", float64: "DOUBLE", flag: "BOOLEAN" } as const;

/** Rows and cells of a row group: large ones are read quickly, and must fit into memory. */
const GROUP_ROWS = 16_384;
const GROUP_CELLS = 1 << 20;

/** Rows of each group but the last, by the number of columns alone. */
const groupRows = (columns: number): number => Math.max(128, Math.min(GROUP_ROWS, Math.floor(GROUP_CELLS / columns)));

/**
 * A table as the bytes of a Parquet file, piece by piece.
 * @param rows rows in batches of any size, which change no byte
 * @example await writeAtomic("answers.parquet", parquetPieces(columns, rows, "Fovea 0.1.0"));
 */
export async function* parquetPieces(
  columns: readonly TableColumn[],
  rows: AsyncIterable<readonly (readonly Cell[])[]>,
  createdBy: string,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
  const sources = (group: readonly (readonly Cell[])[]) =>
    columns.map(({ name, type }, at) => ({ name, type: TYPES[type], data: group.map((row) => row[at]!) }));
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: sources([]) }), createdBy });
  const most = groupRows(columns.length);
  const write = async (group: readonly (readonly Cell[])[]): Promise<Uint8Array> => {
    await parquet.write({ columnData: sources(group), rowGroupSize: most });
    return taken(writer);
  };
  let waiting: (readonly Cell[])[] = [];
  for await (const batch of rows) {
    for (const row of batch) waiting.push(row);
    while (waiting.length >= most) {
      yield await write(waiting.slice(0, most));
      waiting = waiting.slice(most);
    }
  }
  if (waiting.length > 0) yield await write(waiting);
  await parquet.finish();
  yield taken(writer);
}

/** The bytes that are there, which the writer forgets. */
function taken(writer: Writer): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

/** Names of a Parquet file's columns with their types, as `parquetPieces` writes them, and its number of rows. */
export interface ParquetTable {
  readonly columns: readonly TableColumn[];
  readonly rows: number;
  /** Its rows, a group at a time. */
  read(): AsyncGenerator<readonly (readonly Cell[])[]>;
}

/**
 * Opens a Parquet file with columns of text, floats and flags.
 * @throws FoveaError for a file that is none, is damaged, or has other columns
 */
export async function openParquet(path: string, file: OpenFile): Promise<ParquetTable> {
  const { parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const source = {
    byteLength: file.size,
    slice: async (start: number, end = file.size): Promise<ArrayBuffer> => {
      const bytes = await file.read(start, end - start);
      return bytes.buffer.byteLength === bytes.length ? bytes.buffer : bytes.slice().buffer;
    },
  };
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof FoveaError) throw cause;
      throw new FoveaError("damaged-file", `${path}: it is no whole Parquet file; write it again`, { cause });
    }
  };
  const metadata = await explained(() => parquetMetadataAsync(source));
  const columns = metadata.schema.slice(1).map(({ name, type, converted_type: converted }): TableColumn => {
    if (type === "FLOAT") return { name, type: "float32" };
    if (type === "DOUBLE") return { name, type: "float64" };
    if (type === "BOOLEAN") return { name, type: "flag" };
    if (type === "BYTE_ARRAY" && converted === "UTF8") return { name, type: "text" };
    throw new FoveaError(
      "unsupported-feature",
      `${path}: expected columns of text, floats and flags, found ${name} of type ${type}`,
    );
  });
  const read = async function* (): AsyncGenerator<readonly (readonly Cell[])[]> {
    let rowStart = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      const rowEnd = rowStart + Number(count);
      const objects = await explained(() => parquetReadObjects({ file: source, metadata, rowStart, rowEnd }));
      yield objects.map((row) => {
        // A column may be named as a field of every object is.
        const cells = new Map(Object.entries(row));
        return columns.map(({ name }) => cellOf(path, cells.get(name)));
      });
      rowStart = rowEnd;
    }
  };
  return { columns, rows: Number(metadata.num_rows), read };
}

function cellOf(path: string, value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new FoveaError(
    "unsupported-feature",
    `${path}: expected cells of text, floats and flags, found ${typeof value}`,
  );
}
