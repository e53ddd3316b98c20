// From the columns of a listing to typed targets. Cells that are none are named with their lines, ten at most.
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { checkOptions } from "../../core/options.js";
import { byCodePoint } from "../../core/text-order.js";
import { counted, listedNames } from "../messages.js";
import type { Listing, ListingColumn } from "../sources/listing.js";
import { isOtherNotation, numberIn } from "../table/cells.js";
import { type InferredTargets, inferTargets, isLists, LABEL_SEPARATOR, type TargetWish } from "./infer.js";
import type { ColumnKind, Targets } from "./targets.js";

/** Options of `targetsOf`. */
export interface TargetsOptions extends TargetWish {
  /** Classes or labels to expect, as a model's. Default: those that occur, in code-point order. */
  readonly names?: readonly string[] | undefined;
  /**
   * True where images may lack a class, which they get elsewhere: theirs is the class without a name, also in a
   * listing without columns. Default false: an empty cell is an error.
   */
  readonly mayLack?: boolean | undefined;
}

/** Targets that stand in columns. */
export type ColumnTargets = Extract<Targets, { readonly kind: ColumnKind }>;

/** The part of a listing that targets are made of; a whole listing is not needed. */
type Source = Pick<Listing, "where" | "columns" | "lines"> & { readonly images: readonly { readonly path: string }[] };

/**
 * The targets in a listing, and what was inferred about them.
 * @param listing The source, and its columns.
 * @throws FoveaError as inferTargets does, for cells that are no targets (empty, NaN, no number), and for fewer than two
 * classes or others than expected.
 * @example
 * const { listing } = await openSource("pets");
 * targetsOf(listing).targets.classNames; // ["cat", "dog", "fox"]
 */
export function targetsOf(
  listing: Source,
  options: TargetsOptions = {},
): InferredTargets & { readonly targets: ColumnTargets } {
  checkOptions("targetsOf", options, ["kind", "columns", "names", "mayLack"]);
  const { names, mayLack = false, ...wish } = options;
  if (mayLack && hasNoColumns(listing, wish)) return withoutLabels(listing.images.length);
  const inferred = inferTargets(listing, wish);
  const columns = inferred.columns.map((name) => ownValue(listing.columns, name)!);
  const makers = {
    classes: () => classesIn(listing, inferred.columns[0]!, columns[0]!, names, mayLack),
    labels: () => labelsIn(listing, inferred.columns, columns, names),
    numbers: () => numbersIn(listing, inferred.columns, columns),
  };
  return { ...inferred, targets: makers[inferred.kind]() };
}

/** Name of the class of images that lack one. */
const NO_CLASS = "";

/** Checks whether classes may be given to images of a listing that has no columns at all. */
const hasNoColumns = ({ columns }: Source, { kind = "classes", columns: wanted = [] }: TargetWish): boolean =>
  Object.keys(columns).length === 0 && kind === "classes" && wanted.length === 0;

/** Targets of images without labels. */
const withoutLabels = (count: number): InferredTargets & { readonly targets: ColumnTargets } => ({
  kind: "classes",
  columns: [],
  targets: { kind: "classes", classNames: [NO_CLASS], indices: new Int32Array(count) },
});

/** Name of an image's row in messages. */
const rowOf = ({ lines, images }: Source, row: number): string =>
  lines === undefined ? (images[row]?.path ?? `row ${row + 1}`) : `line ${lines[row]}`;

const textsOf = (column: ListingColumn): readonly string[] =>
  column instanceof Float64Array ? Array.from(column, String) : (column as readonly string[]);

/** @throws FoveaError naming the rows of a column whose values are wrong */
function checkRows(
  source: Source,
  name: string,
  rule: string,
  fix: string,
  texts: readonly string[],
  isWrong: (row: number) => boolean,
): void {
  const wrong = [...texts.keys()].filter(isWrong);
  if (wrong.length === 0) return;
  const found = wrong.map(
    (row) => `${texts[row] === "" ? "nothing" : JSON.stringify(texts[row])} in ${rowOf(source, row)}`,
  );
  throw new FoveaError(
    "wrong-value",
    `${source.where}: expected ${rule} in every row of column ${name}, found ${listedNames(found)}; ${fix}`,
  );
}

/** Places of names, also where they are spelled as another system spells them. */
function placesOf(names: readonly string[]): (name: string) => number | undefined {
  const places = new Map(names.map((name, index) => [name, index]));
  const alike = new Map(names.map((name, index) => [name.normalize("NFC"), index]));
  return (name) => places.get(name) ?? alike.get(name.normalize("NFC"));
}

/** @throws FoveaError for names that a model does not know */
function checkKnown(where: string, what: string, occurring: readonly string[], expected: readonly string[]): void {
  const placeOf = placesOf(expected);
  const strange = occurring.filter((name) => placeOf(name) === undefined);
  if (strange.length > 0)
    throw new FoveaError(
      "unknown-class",
      `${where} has ${counted(strange.length, what, what === "class" ? "classes" : "labels")} that ${strange.length === 1 ? "is" : "are"} not among the ` +
        `${expected.length} expected: ${listedNames(strange)}; remove their rows, or train with them`,
    );
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort(byCodePoint);

function classesIn(
  source: Source,
  name: string,
  column: ListingColumn,
  expected: readonly string[] | undefined,
  mayLack: boolean,
): ColumnTargets {
  const texts = textsOf(column);
  checkRows(
    source,
    name,
    "a class",
    "fill it in, or remove the rows",
    texts,
    (row) => (texts[row] === NO_CLASS && !mayLack) || texts[row] === "NaN",
  );
  const occurring = sorted(texts);
  const isLacking = occurring.includes(NO_CLASS);
  const named = occurring.filter((text) => text !== NO_CLASS);
  if (expected !== undefined) checkKnown(source.where, "class", named, expected);
  else if (named.length < 2 && !isLacking)
    throw new FoveaError(
      "too-little-data",
      `${source.where}: expected at least two classes in column ${name}, found ${occurring[0]} only; add images of others, or name another column`,
    );
  const classNames = expected === undefined ? occurring : [...expected, ...(isLacking ? [NO_CLASS] : [])];
  const placeOf = placesOf(classNames);
  return { kind: "classes", classNames, indices: Int32Array.from(texts, (text) => placeOf(text)!) };
}

/** Labels of a cell: `dent; scratch` or `dent|scratch`; none in an empty one. */
const labelsInCell = (text: string): string[] =>
  text
    .split(LABEL_SEPARATOR)
    .map((label) => label.trim())
    .filter((label) => label !== "");

function labelsIn(
  source: Source,
  names: readonly string[],
  columns: readonly ListingColumn[],
  expected: readonly string[] | undefined,
): ColumnTargets {
  const [first] = columns as [ListingColumn];
  const isBinary =
    columns.length > 1 || first instanceof Float64Array || (!isLists(first) && areBinary(first as readonly string[]));
  const lists = isBinary
    ? binaryLabels(source, names, columns)
    : isLists(first)
      ? first
      : textsOf(first).map(labelsInCell);
  const occurring = isBinary ? names : sorted(lists.flat());
  if (occurring.length === 0)
    throw new FoveaError(
      "missing-labels",
      `${source.where}: expected labels in column ${names[0]}, found none; fill them in`,
    );
  if (expected !== undefined) checkKnown(source.where, "label", occurring, expected);
  const labelNames = expected ?? occurring;
  const placeOf = placesOf(labelNames);
  const values = new Uint8Array(lists.length * labelNames.length);
  for (const [row, labels] of lists.entries())
    for (const label of labels) values[row * labelNames.length + placeOf(label)!] = 1;
  return { kind: "labels", labelNames, values };
}

const areBinary = (texts: readonly string[]): boolean =>
  texts.some((text) => text !== "") && texts.every((text) => ["0", "1", ""].includes(text));

/** The labels whose column has a 1, row by row. */
function binaryLabels(source: Source, names: readonly string[], columns: readonly ListingColumn[]): string[][] {
  const rows: string[][] = Array.from({ length: source.images.length }, () => []);
  for (const [i, column] of columns.entries()) {
    const texts = textsOf(column);
    const values = texts.map(numberIn);
    const isWrong = (row: number): boolean => values[row] !== 0 && values[row] !== 1;
    checkRows(source, names[i]!, "0 or 1", "correct the cells", texts, isWrong);
    for (const [row, value] of values.entries()) if (value === 1) rows[row]!.push(names[i]!);
  }
  return rows;
}

function numbersIn(source: Source, names: readonly string[], columns: readonly ListingColumn[]): ColumnTargets {
  const values = new Float32Array(source.images.length * names.length);
  for (const [i, column] of columns.entries()) {
    const texts = textsOf(column);
    const numbers = column instanceof Float64Array ? column : texts.map(numberIn);
    const fix = texts.some(isOtherNotation)
      ? "write decimals with a point and nothing between thousands"
      : "correct the cells, or remove the rows";
    checkRows(source, names[i]!, "a number", fix, texts, (row) => !Number.isFinite(Math.fround(numbers[row]!)));
    for (let row = 0; row < numbers.length; row++) values[row * names.length + i] = numbers[row]!;
  }
  return { kind: "numbers", names, values };
}
