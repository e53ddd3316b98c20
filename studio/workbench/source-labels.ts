// Labels of a source as text and as the journal has them: the class of a folder, what a manifest's columns say.
import { FoveaError } from "fovea";
import { inferTargets, type Listing, type ListingColumn } from "fovea/data";
import { type JournalLabel, NO_LABEL } from "fovea/experiment";

type Kind = ReturnType<typeof inferTargets>["kind"];
type Numbers = Readonly<Record<string, number>>;

export interface SourceLabels {
  readonly kind: Kind;
  readonly columns: readonly string[];
  /** The column that entries of the journal name; absent where the source has no other. */
  readonly column?: string;
  /** The label of a row as the journal has it: `NO_LABEL` where it lacks a class, undefined where it lacks another label. */
  labelOf(row: number): JournalLabel | undefined;
  /** A label as readers see it. */
  textOf(label: JournalLabel): string;
  /** The label that a text stands for. @throws FoveaError for a text that is no label of this kind */
  parse(text: string): JournalLabel;
}

/** Names of columns of which one is the label where several might be, the likeliest first. */
const USUAL = ["class", "label", "labels", "category", "target"];
const SEPARATOR = /[;|]/;
const BETWEEN = "; ";

/** Images without labels, which people give classes to. */
const UNLABELLED: SourceLabels = {
  kind: "classes",
  columns: [],
  labelOf: () => NO_LABEL,
  textOf: (label) => String(label),
  parse: (text) => text,
};

export function sourceLabels(listing: Listing): SourceLabels {
  const names = Object.keys(listing.columns);
  if (names.length === 0) return UNLABELLED;
  const { kind, columns } = targetsIn(listing, names);
  const values = columns.map((name) => listing.columns[name]!);
  const column = names.length > 1 && columns.length === 1 ? { column: columns[0]! } : {};
  return { kind, columns, ...column, ...WAYS[kind](columns, values) };
}

/** The targets that training would take, and of several columns the one that is called as labels are. */
function targetsIn(listing: Listing, names: readonly string[]): ReturnType<typeof inferTargets> {
  try {
    return inferTargets(listing);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    const usual = USUAL.find((word) => names.some((name) => name.toLowerCase() === word));
    const column = names.find((name) => name.toLowerCase() === usual) ?? names[0]!;
    return inferTargets(listing, { columns: [column] });
  }
}

type Way = Pick<SourceLabels, "labelOf" | "textOf" | "parse">;

const WAYS: Readonly<Record<Kind, (columns: readonly string[], values: readonly ListingColumn[]) => Way>> = {
  classes: (_, [values]) => ({
    labelOf: (row) => textAt(values!, row) || NO_LABEL,
    textOf: (label) => String(label),
    parse: (text) => text,
  }),
  labels: (columns, values) => ({
    labelOf: (row) =>
      columns.length > 1
        ? columns.filter((_, at) => Number(values[at]![row]) === 1)
        : labelsIn(values[0]![row] as string | number | readonly string[]),
    textOf: (label) => (Array.isArray(label) ? label.join(BETWEEN) : String(label)),
    parse: (text) => labelsIn(text),
  }),
  numbers: (columns, values) => ({
    labelOf: (row) => {
      const numbers = columns.map((name, at) => [name, numberAt(values[at]!, row)] as const);
      return numbers.every(([, value]) => Number.isFinite(value)) ? Object.fromEntries(numbers) : undefined;
    },
    textOf: (label) => columns.map((name) => String((label as Numbers)[name] ?? "")).join(BETWEEN),
    parse: (text) => numbersIn(text, columns),
  }),
};

const textAt = (values: ListingColumn, row: number): string => String(values[row] ?? "");

/** An empty cell is no number, and no zero. */
const numberAt = (values: ListingColumn, row: number): number => {
  const value = values[row];
  return typeof value === "number" ? value : value === "" || value === undefined ? Number.NaN : Number(value);
};

/** The labels in a text of several, as `textOf` writes it. */
export const namesOfLabels = (text: string): readonly string[] => labelsIn(text);

const labelsIn = (cell: string | number | readonly string[]): readonly string[] =>
  (typeof cell === "object" ? cell : String(cell).split(SEPARATOR)).map((name) => name.trim()).filter(Boolean);

function numbersIn(text: string, columns: readonly string[]): Numbers {
  const cells = text.split(SEPARATOR).map((cell) => cell.trim());
  const numbers = cells.map((cell) => (cell === "" ? Number.NaN : Number(cell)));
  if (cells.length !== columns.length || !numbers.every(Number.isFinite))
    throw new FoveaError(
      "wrong-value",
      `expected ${columns.length === 1 ? `a number for ${columns[0]}` : `numbers for ${columns.join(BETWEEN)}`}, received ${JSON.stringify(text)}`,
    );
  return Object.fromEntries(columns.map((name, at) => [name, numbers[at]!]));
}
