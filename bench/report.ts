// The measured sections as JSON-ready records and as Markdown.
import { median } from "../src/experiment/models/benchmark.js";
import { rough, whole } from "../src/report/format.js";
import type { Machine } from "./machine.js";
import type { Section } from "./plan.js";
import { type Answer, imagesOf, type Spec } from "./spec.js";

/** One measurement: numbers, or why there are none. */
export interface Row {
  readonly who: string;
  readonly setting: string;
  readonly spec: Spec;
  readonly failed?: string;
  readonly median_ms?: number;
  /** The quartiles: how far the median may be trusted. */
  readonly low_ms?: number;
  readonly high_ms?: number;
  readonly runs?: number;
  readonly images_per_second?: number;
  readonly ready_ms?: number;
  readonly compile_ms?: number;
  readonly peak_rss_mb?: number;
}

export interface MeasuredSection extends Pick<Section, "id" | "title" | "text" | "along"> {
  readonly rows: readonly Row[];
}

export interface Report {
  readonly date: string;
  readonly commit: string;
  /** "part" has not all sections; the numbers of "quick" mean nothing. */
  readonly extent: "whole" | "part" | "quick";
  readonly machine: Machine;
  readonly minutes: number;
  /** Runners with their versions, or the reason why they are absent. */
  readonly runners: readonly { readonly name: string; readonly absent?: string }[];
  readonly sections: readonly MeasuredSection[];
}

const tenths = (value: number): number => Math.round(10 * value) / 10;

/** A child's answer in the words of the report. */
export function numbersOf(spec: Spec, { times, ready, compileMs, peakRssMb }: Answer): Partial<Row> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const middle = median(times);
  return {
    median_ms: round(middle),
    low_ms: round(at(0.25)),
    high_ms: round(at(0.75)),
    runs: times.length,
    ...(spec.task === "help" ? {} : { images_per_second: tenths((1000 * imagesOf(spec)) / middle) }),
    ready_ms: Math.round(ready),
    ...(compileMs === undefined ? {} : { compile_ms: tenths(compileMs) }),
    peak_rss_mb: Math.round(peakRssMb),
  };
}

/** Four digits are more than any clock here gives. */
const round = (value: number): number => Number(value.toPrecision(4));

const milliseconds = (value: number): string => (value < 10 ? value.toFixed(2) : rough(value));
const cell = (value: number | undefined, show: (value: number) => string): string =>
  value === undefined ? "" : show(value);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i < 2 ? "---" : "---:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** A row each, with its speed beside that of the section's first, which is ours. */
function comparison({ rows }: MeasuredSection): string {
  const ours = rows[0]?.images_per_second;
  const wanted = rows[0]?.spec.batch;
  return table(
    ["who", "how", "ms", "quartiles", "runs", "images/s", "speed to Fovea's", "compile ms", "ready ms", "peak MB"],
    rows.map((row) => {
      const how = row.spec.batch === wanted ? row.setting : `${row.setting}, batch ${row.spec.batch}`;
      if (row.failed !== undefined) return [row.who, how, `not measured: ${row.failed}`, ...Array(7).fill("")];
      return [
        row.who,
        how,
        cell(row.median_ms, milliseconds),
        `${cell(row.low_ms, milliseconds)} - ${cell(row.high_ms, milliseconds)}`,
        String(row.runs),
        cell(row.images_per_second, rough),
        ours === undefined ? "" : cell(row.images_per_second, (rate) => (rate / ours).toFixed(2)),
        cell(row.compile_ms, (ms) => ms.toFixed(0)),
        cell(row.ready_ms, whole),
        cell(row.peak_rss_mb, whole),
      ];
    }),
  );
}

/** The position of a row on the axis along which its section grows. */
export const positionOf = ({ spec }: Row, along: "batch" | "side"): number =>
  along === "batch" ? spec.batch : spec.image[0];

/** Images a second: a line for each size, a column for each runner and setting; below it the figure. */
function growth({ id, title, rows }: MeasuredSection, along: "batch" | "side", figures: string): string {
  const nameOf = ({ who, setting }: Row): string => `${who}, ${setting}`;
  const names = [...new Set(rows.map(nameOf))];
  const positions = [...new Set(rows.map((row) => positionOf(row, along)))];
  const lines = positions.map((position) => [
    String(position),
    ...names.map((name) => {
      const row = rows.find((candidate) => nameOf(candidate) === name && positionOf(candidate, along) === position);
      return row?.failed === undefined ? cell(row?.images_per_second, rough) : "not measured";
    }),
  ]);
  return `${table([along, ...names], lines)}\n\n![${title}](${figures}-${id}.svg)`;
}

/** The name of a report's files, without their ending. */
export const fileStem = ({ date, commit, extent }: Pick<Report, "date" | "commit" | "extent">): string =>
  `${date}-${commit}${extent === "whole" ? "" : `-${extent}`}`;

/** The whole report. Figures lie beside it as `STEM-SECTION.svg`. */
export function markdown(report: Report): string {
  const { date, commit, extent, machine, minutes, runners, sections } = report;
  const { cpu, cores, memoryGb, system, node, load } = machine;
  const measured = sections.map((section) =>
    [
      `## ${section.title}`,
      section.text,
      section.along === undefined ? comparison(section) : growth(section, section.along, fileStem(report)),
    ].join("\n\n"),
  );
  return `${[
    `# Benchmark of ${date}, commit ${commit}${extent === "whole" ? "" : ` (${extent})`}`,
    `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}; load before the run ${load}; ${minutes} minutes. ` +
      "Medians of runs after warm-up, every measurement in a process of its own. *Ready* is the time from the start of " +
      "that process to the first result, *peak* the most memory that it held.",
    runners.map(({ name, absent }) => `- ${name}${absent === undefined ? "" : ` is absent: ${absent}`}`).join("\n"),
    ...measured,
  ].join("\n\n")}\n`;
}
