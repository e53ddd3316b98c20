// Forms of scored tables, a record each: the rows that they hold, the bytes of a whole file, and how files of shards become
// one. All write piece by piece, so that any number of rows takes the memory of some.
import { FoveaError, UsageError } from "../../core/errors.js";
import type { JsonObject } from "../../core/json.js";
import { VERSION } from "../../core/version.js";
import { csvField } from "../../data/index.js";
import { type Cell, openParquet, parquetPieces, type TableColumn } from "../../formats/containers/parquet.js";
import type { Files } from "../../platform/files/files.js";
import { extensionOf } from "../../platform/paths.js";
import type { Answerer } from "../models/index.js";
import { objectRows, type RowMaker, type ScoreRow, tableRows } from "./score-rows.js";

export type FormName = "csv" | "jsonl" | "parquet";

/** Rows in batches. */
export type RowBatches = AsyncIterable<readonly ScoreRow[]>;

/** A form of tables. */
export interface ScoreForm {
  readonly name: FormName;
  /** Makes rows of answers. @throws FoveaError for outputs that the form cannot hold */
  maker(answerer: Pick<Answerer, "outputs" | "judged">): RowMaker;
  /** The bytes of a file. */
  pieces(columns: readonly TableColumn[], rows: RowBatches): AsyncIterable<Uint8Array>;
  /** The bytes of the file that shards make together: those that one process would have written. */
  joined(files: Files, parts: readonly string[]): AsyncIterable<Uint8Array>;
}

const encoder = new TextEncoder();
const CHUNK = 1 << 20;

const CSV: ScoreForm = {
  name: "csv",
  maker: tableRows,
  pieces: async function* (columns, rows) {
    yield encoder.encode(csvLine(columns.map(({ name }) => name)));
    for await (const batch of rows)
      yield encoder.encode(
        cellsOf(batch)
          .map((row) => csvLine(row.map((cell) => cell ?? "")))
          .join(""),
      );
  },
  joined: async function* (files, parts) {
    const [first] = parts;
    const head = first === undefined ? new Uint8Array(0) : await headLine(files, first);
    yield head;
    for (const part of parts) {
      const its = await headLine(files, part);
      if (its.length !== head.length || its.some((byte, at) => byte !== head[at]))
        throw new FoveaError(
          "mismatched-parts",
          `${part}: its columns are others than those of ${first}; score both by the same model`,
        );
      yield* bytesFrom(files, part, its.length);
    }
  },
};

const JSONL: ScoreForm = {
  name: "jsonl",
  maker: () => objectRows,
  pieces: async function* (_columns, rows) {
    for await (const batch of rows) yield encoder.encode(batch.map((row) => `${JSON.stringify(row)}\n`).join(""));
  },
  joined: async function* (files, parts) {
    for (const part of parts) yield* bytesFrom(files, part, 0);
  },
};

const PARQUET: ScoreForm = {
  name: "parquet",
  maker: tableRows,
  pieces: (columns, rows) => parquetPieces(columns, tables(rows), `Fovea ${VERSION}`),
  // Groups of rows begin elsewhere in the whole than in parts, so that rows are read and written again.
  joined: async function* (files, parts) {
    const [first] = parts;
    if (first === undefined) return;
    const opened = async (path: string) => {
      const file = await files.openFile(path);
      return { file, table: await openParquet(path, file) };
    };
    const { file, table } = await opened(first);
    await file.close();
    const { columns } = table;
    async function* rows(): AsyncGenerator<readonly (readonly Cell[])[]> {
      for (const part of parts) {
        const { file, table } = await opened(part);
        try {
          if (JSON.stringify(table.columns) !== JSON.stringify(columns))
            throw new FoveaError(
              "mismatched-parts",
              `${part}: its columns are others than those of ${first}; score both by the same model`,
            );
          yield* table.read();
        } finally {
          await file.close();
        }
      }
    }
    yield* parquetPieces(columns, rows(), `Fovea ${VERSION}`);
  },
};

/** All forms by the extension of their files. */
export const FORMS: ReadonlyMap<string, ScoreForm> = new Map(
  [CSV, JSONL, PARQUET].map((form) => [`.${form.name}`, form] as const),
);

/**
 * The form that a file's name says.
 * @param path A file that ends in `.csv`, `.jsonl` or `.parquet`.
 * @throws UsageError for another name
 * @example formOf("all.parquet").name; // "parquet"
 */
export function formOf(path: string): ScoreForm {
  const form = FORMS.get(extensionOf(path));
  if (form === undefined)
    throw new UsageError(`${path}: expected a name with ${[...FORMS.keys()].join(", ")}, the forms that are written`);
  return form;
}

const csvLine = (cells: readonly Cell[]): string =>
  `${cells.map((cell) => csvField(typeof cell === "number" ? cell : String(cell ?? ""))).join(",")}\n`;

const isCells = (row: ScoreRow): row is readonly Cell[] => Array.isArray(row);

function cellsOf(batch: readonly ScoreRow[]): readonly (readonly Cell[])[] {
  return batch.map((row: ScoreRow | JsonObject) => {
    if (!isCells(row)) throw new FoveaError("wrong-type", "expected rows of cells for a table, received objects");
    return row;
  });
}

async function* tables(rows: RowBatches): AsyncGenerator<readonly (readonly Cell[])[]> {
  for await (const batch of rows) yield cellsOf(batch);
}

/** The most bytes of a first line: some hundred thousand names of classes. */
const MOST_HEAD = 32 << 20;

/** The first line of a file with its break. Names of classes may have breaks in them, in quotes. */
async function headLine(files: Files, path: string): Promise<Uint8Array> {
  const file = await files.openFile(path);
  try {
    const bytes = await file.read(0, Math.min(file.size, MOST_HEAD));
    let isQuoted = false;
    for (const [at, byte] of bytes.entries()) {
      if (byte === 34) isQuoted = !isQuoted;
      else if (byte === 10 && !isQuoted) return bytes.subarray(0, at + 1);
    }
    throw new FoveaError("malformed-file", `${path}: expected a first line with names of columns, found none`);
  } finally {
    await file.close();
  }
}

async function* bytesFrom(files: Files, path: string, start: number): AsyncGenerator<Uint8Array> {
  const file = await files.openFile(path);
  try {
    for (let at = start; at < file.size; at += CHUNK) yield await file.read(at, Math.min(CHUNK, file.size - at));
  } finally {
    await file.close();
  }
}
