// A program's memory plan in words: a line a kernel, then what the whole needs.
import type { MemoryFacts } from "../../index.js";
import { readableSize } from "../../nn/model/summary.js";
import { textTable } from "../../report/text/table.js";

/** The table and the sums. */
export function describeMemory(title: string, { arenaBytes, variableBytes, kernels }: MemoryFacts): string {
  const peak = Math.max(0, ...kernels.map(({ live }) => live));
  const table = textTable(
    [
      { head: "Stage", align: "right" },
      { head: "Kernel" },
      { head: "Of", most: 64 },
      { head: "Result", align: "right" },
      { head: "In use", align: "right" },
    ],
    kernels.map(({ stage, kind, what, bytes, live }) => [
      String(stage),
      kind,
      what,
      readableSize(bytes),
      readableSize(live),
    ]),
  );
  return [
    title,
    table,
    `Peak: ${readableSize(peak)} in use at once, in an arena of ${readableSize(arenaBytes)}`,
    `Weights and optimizer: ${readableSize(variableBytes)}`,
  ].join("\n");
}

/** The same for machines. */
export const memoryJson = ({ arenaBytes, variableBytes, kernels }: MemoryFacts): object => ({
  peak_bytes: Math.max(0, ...kernels.map(({ live }) => live)),
  arena_bytes: arenaBytes,
  variable_bytes: variableBytes,
  kernels,
});
