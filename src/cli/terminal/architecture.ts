// A network as the tables of papers show it, columns lined up.
import type { ArchitectureRow } from "../../index.js";
import { textTable } from "../../report/text/table.js";

/** Columns that no row fills are left out. */
export function describeArchitecture(rows: readonly ArchitectureRow[]): string {
  const columns = [
    { key: "layer", head: "Layer" },
    { key: "type", head: "Type" },
    { key: "channels", head: "Channels", align: "right" },
    { key: "size", head: "Size", align: "right" },
    { key: "kernel", head: "Kernel" },
    { key: "stride", head: "Stride", align: "right" },
    { key: "padding", head: "Padding" },
    { key: "activation", head: "Activation" },
  ] as const;
  const filled = columns.filter(({ key }) => rows.some((row) => row[key] !== ""));
  return textTable(
    filled,
    rows.map((row) => filled.map(({ key }) => row[key])),
  );
}
