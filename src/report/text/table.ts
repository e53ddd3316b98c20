// Tables for the terminal: columns that line up whatever script the cells are written in.
import { singleLine } from "../../core/text.js";
import { cutColumns, padColumns, textColumns } from "./width.js";

/** A column of a table of text. */
export interface TextColumn {
  /** The heading; empty for none. */
  readonly head: string;
  /** Side of the cells; left by default. */
  readonly align?: "left" | "right";
  /** Longer cells are cut with an ellipsis. */
  readonly most?: number;
}

/** Heads are names of columns, parameters or parts; one that is longer is cut. */
const LONGEST_HEAD = 60;

/**
 * Lines of a table: a head, a rule and the rows; without any head the rows alone.
 * @param columns The columns from left to right.
 * @param rows Cells of each row.
 * @example textTable([{ head: "class" }, { head: "images", align: "right" }], [["太", "600"]])
 */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) =>
    columns.map(({ most }, i) => cutColumns(singleLine(row[i] ?? ""), most ?? Number.POSITIVE_INFINITY)),
  );
  const heads = columns.map(({ head, most }) => cutColumns(singleLine(head), most ?? LONGEST_HEAD));
  const widths = heads.map((head, i) =>
    cells.reduce((widest, row) => Math.max(widest, textColumns(row[i]!)), textColumns(head)),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, i) => padColumns(row[i]!, widths[i]!, align))
      .join("  ")
      .trimEnd();
  const top = heads.some((head) => head !== "")
    ? [line(heads), widths.map((width) => "─".repeat(width)).join("  ")]
    : [];
  return [...top, ...cells.map(line)].join("\n");
}
