// The kind of targets that columns have, told from their values: text is classes, several labels in a cell or columns of
// 0 and 1 are labels, numbers with decimals or of many values are numbers. Said in a sentence, so that it can be put right.
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { listedNames } from "../messages.js";
import type { Listing, ListingColumn } from "../sources/listing.js";
import { areNumbers, numberIn } from "../table/cells.js";
import type { ColumnKind, TargetKind } from "./targets.js";

/** From more different whole numbers than this, they are quantities and no classes. */
export const MOST_NUMBERED_CLASSES = 20;

/** Between labels of one cell. */
export const LABEL_SEPARATOR = /[;|]/;

/** Names of tasks, as users type them, by the kind of their targets. */
export const TASK_OF: Readonly<Record<TargetKind, string>> = {
  classes: "classification",
  labels: "multiLabel",
  numbers: "regression",
  masks: "segmentation",
  boxes: "detection",
};

/** The kind of targets and their columns. */
export interface InferredTargets {
  /** The kind. */
  readonly kind: ColumnKind;
  /** Columns of the targets, in the order of the source. */
  readonly columns: readonly string[];
  /** A sentence on what was inferred and how to say otherwise, with a full stop; undefined where all was said. */
  readonly sentence?: string;
}

/** Targets as a user names them. */
export interface TargetWish {
  /** Kind of the targets. Default: told from the values. */
  readonly kind?: ColumnKind | undefined;
  /** Names of their columns. Default: the only column, or the one that is called as targets are. */
  readonly columns?: readonly string[] | undefined;
}

/** Facts of a column's values. */
interface ColumnFacts {
  readonly form: "lists" | "text" | "numbers";
  /** Numbers: only 0 and 1. */
  readonly isBinary: boolean;
  readonly hasDecimals: boolean;
  /** Text: a cell has several labels. */
  readonly hasSeparators: boolean;
  readonly different: number;
}

function factsOf(column: ListingColumn): ColumnFacts {
  const none = { isBinary: false, hasDecimals: false, hasSeparators: false, different: 0 };
  if (isLists(column)) return { ...none, form: "lists" };
  const texts = column instanceof Float64Array ? [] : column.filter((text) => text !== "");
  if (!(column instanceof Float64Array) && (texts.length === 0 || !areNumbers(texts)))
    return {
      ...none,
      form: "text",
      different: new Set(texts).size,
      hasSeparators: texts.some((text) => LABEL_SEPARATOR.test(text)),
    };
  const values = new Set(column instanceof Float64Array ? column : texts.map(numberIn));
  values.delete(Number.NaN);
  return {
    ...none,
    form: "numbers",
    different: values.size,
    isBinary: [...values].every((value) => value === 0 || value === 1),
    hasDecimals: [...values].some((value) => !Number.isInteger(value)),
  };
}

export const isLists = (column: ListingColumn): column is readonly (readonly string[])[] =>
  !(column instanceof Float64Array) && Array.isArray(column[0]);

/**
 * Tells the kind of targets and their columns from a listing.
 * @param listing The source, and its columns.
 * @throws FoveaError for a listing without labels, columns that are not there, several columns of which none is called as
 * targets are, and a kind that the columns do not suit.
 * @example inferTargets({ where: "m.csv", columns: { price: ["310000.5", "95000"] } }).kind // "numbers"
 */
export function inferTargets(listing: Pick<Listing, "where" | "columns">, wish: TargetWish = {}): InferredTargets {
  const { where } = listing;
  const columns = chosenColumns(listing, wish);
  const facts = columns.map((name) => factsOf(ownValue(listing.columns, name)!));
  const kind = wish.kind ?? kindOf(where, columns, facts);
  const fault = unsuited(kind, columns, facts);
  if (fault !== undefined)
    throw new FoveaError("unsuited-data", `${where}: ${TASK_OF[kind]} does not suit the data: ${fault}`);
  if (wish.kind !== undefined) return { kind, columns };
  return {
    kind,
    columns,
    sentence: `${because(columns, facts, kind)}, so the task is ${TASK_OF[kind]}${otherwise(kind, facts)}.`,
  };
}

/** Usual names of target columns. */
const USUAL: Readonly<Record<ColumnKind, readonly string[]>> = {
  classes: ["class", "label", "category", "target", "y"],
  labels: ["labels", "tags", "classes"],
  numbers: ["target", "y", "value"],
};

function chosenColumns(
  { where, columns }: Pick<Listing, "where" | "columns">,
  { kind, columns: wanted }: TargetWish,
): readonly string[] {
  const names = Object.keys(columns);
  const strange = wanted?.find((name) => !names.includes(name));
  if (strange !== undefined)
    throw new FoveaError(
      "unknown-column",
      `${where}: there is no column ${JSON.stringify(strange)} for the target; ${names.length === 0 ? "it has no columns of targets" : `the columns are ${listedNames(names)}`}`,
    );
  if (wanted !== undefined && wanted.length > 0) return wanted;
  if (names.length === 0)
    throw new FoveaError(
      "missing-labels",
      `${where} has images without labels, and nothing to learn from; sort them into a folder for each class, give a ` +
        "manifest with a column of labels or numbers, or label them in `fovea studio`",
    );
  if (names.length === 1) return names;
  const usual = new Set(kind === undefined ? Object.values(USUAL).flat() : USUAL[kind]);
  const called = names.filter((name) => usual.has(name.toLowerCase()));
  if (called.length === 1) return called;
  const facts = names.map((name) => factsOf(columns[name]!));
  if (kind !== "numbers" && kind !== "classes" && facts.every(({ isBinary }) => isBinary)) return names;
  const numbers = names.filter((_, i) => facts[i]!.form === "numbers");
  if (kind === "numbers" && numbers.length === 1) return numbers;
  throw new FoveaError(
    "missing-option",
    `${where}: expected one column as the target, found ${listedNames(names)}; say which it is, as in --target ${(called[0] ?? numbers[0] ?? names[0])!}`,
  );
}

function kindOf(where: string, columns: readonly string[], facts: readonly ColumnFacts[]): ColumnKind {
  const [first] = facts as [ColumnFacts];
  if (facts.length > 1) {
    if (facts.every(({ isBinary }) => isBinary)) return "labels";
    if (facts.every(({ form }) => form === "numbers")) return "numbers";
    throw new FoveaError(
      "unsuited-data",
      `${where}: several target columns must be all numbers, or all 0 and 1, found others among ${listedNames(columns)}; name one of them`,
    );
  }
  if (first.form === "lists" || first.hasSeparators) return "labels";
  if (first.form === "text") return "classes";
  return first.hasDecimals || first.different > MOST_NUMBERED_CLASSES ? "numbers" : "classes";
}

/** Reason why columns cannot be of a kind, with the remedy. */
function unsuited(kind: ColumnKind, columns: readonly string[], facts: readonly ColumnFacts[]): string | undefined {
  const [first] = facts as [ColumnFacts];
  const [name] = columns as [string];
  const text = facts.findIndex(({ form }) => form !== "numbers");
  if (kind === "numbers" && text >= 0)
    return `the column ${columns[text]} has ${facts[text]!.form === "lists" ? "lists of labels" : "text"} and no numbers; name a column of numbers with --target`;
  if (kind === "classes" && facts.length > 1)
    return `it takes one column of classes, received ${listedNames(columns)}; name one with --target, or say --task multiLabel`;
  if (kind === "classes" && first.form === "lists")
    return `the column ${name} has several labels for an image; say --task multiLabel`;
  if (kind !== "numbers" && facts.some(({ hasDecimals }) => hasDecimals))
    return `the column ${columns[facts.findIndex(({ hasDecimals }) => hasDecimals)]} has numbers with decimals and no ${kind}; say --task regression`;
  const other = facts.findIndex(({ isBinary }) => !isBinary);
  if (kind === "labels" && facts.length > 1 && other >= 0)
    return `several columns of labels must have 0 and 1 only, and ${columns[other]} has others; correct it, or name other columns with --target`;
  return undefined;
}

/** The values that tell the kind, as the beginning of a sentence. */
function because(columns: readonly string[], facts: readonly ColumnFacts[], kind: ColumnKind): string {
  const [first] = facts as [ColumnFacts];
  if (facts.length > 1)
    return `The columns ${listedNames(columns)} have ${kind === "labels" ? "0 and 1 only" : "numbers"}`;
  const [name] = columns;
  if (kind === "labels") return `The column ${name} has several labels in a cell`;
  if (kind === "numbers") return `The column ${name} has numbers (${first.different} different)`;
  return first.form === "numbers"
    ? `The column ${name} has only ${first.different} different whole numbers`
    : `The column ${name} has text (${first.different} different)`;
}

/** Advice on saying otherwise, where that would be possible. */
function otherwise(kind: ColumnKind, facts: readonly ColumnFacts[]): string {
  const [first] = facts as [ColumnFacts];
  if (kind === "classes" && first.form === "numbers") return "; --task regression takes them for numbers";
  if (kind === "labels" && facts.length > 1) return "; --task regression takes them for numbers";
  if (kind === "labels" && first.form === "text") return "; --task classification takes each cell for a class";
  return kind === "numbers" && !facts.some(({ hasDecimals }) => hasDecimals) && facts.length === 1
    ? "; --task classification takes each for a class"
    : "";
}
