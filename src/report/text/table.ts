// Tables for the terminal: columns that line up whatever script the cells are written in.
import { singleLine } from "../../core/text.js";
import { cutColumns, padColumns, textColumns } from "./width.js";

export interface TextColumn {
  readonly head: string;
  readonly align?: "left" | "right";
  /** Longer cells are cut with an ellipsis. */
  readonly most?: number;
}

/**
 * Lines of a table: a head, a rule and the rows; without any head the rows alone.
 * @example textTable([{ head: "class" }, { head: "images", align: "right" }], [["太", "600"]])
 */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) =>
    columns.map(({ most }, i) => cutColumns(singleLine(row[i] ?? ""), most ?? Number.POSITIVE_INFINITY)),
  );
  const widths = columns.map(({ head }, i) =>
    cells.reduce((widest, row) => Math.max(widest, textColumns(row[i]!)), textColumns(head)),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, i) => padColumns(row[i]!, widths[i]!, align))
      .join("  ")
      .trimEnd();
  const head = columns.some((column) => column.head !== "")
    ? [line(columns.map((column) => column.head)), widths.map((width) => "─".repeat(width)).join("  ")]
    : [];
  return [...head, ...cells.map(line)].join("\n");
}
