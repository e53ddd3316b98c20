// Columns of a table that give the answer away: what is known only with the target, such as the amount of the claims whose
// number is asked for. A column alone has to tell the answers without exceptions, or nearly so, among enough training rows
// of each kind; the strongest honest features (the weight of a car for its consumption, a petal for its species) leave
// 1 in 20 wrong and more, and a column of noise has no chance.
import type { Column, Finding } from "../../data/index.js";
import { namesOf, type Part } from "./parts.js";

/** Fewest rows besides those of the commonest answer: a column that errs in 1 of 20 tells 50 right in 8 of 100 cases (0.95 ** 50). */
const LEAST = 50;
/** Most exceptions of a column that gives the answer away, as a share of those of always saying the commonest answer. */
const EXCEPTIONS = 0.001;
/** Fewest rows of a category on the average: names of rows would tell anything about them. */
const PER_CATEGORY = 10;
/** Rows that are looked at first. A column that looks like it is looked at in all of them. */
const LOOKED_AT = 20_000;

/** A column at some rows: places of its categories, or its numbers. */
interface Cells {
  readonly categories: number | undefined;
  /** NaN where a number is missing; the last place for a missing category. */
  readonly values: Float64Array;
}

/** One answer a row, as classes. */
interface Answers {
  readonly classes: number;
  readonly of: Int32Array;
}

/** Targets, and the rows of them that train. */
type Trained = Pick<Part, "targets" | "rows">;

/**
 * Columns that tell a target by themselves, as warnings.
 * @param where path of the table
 * @param columns features
 */
export function leakFindings(where: string, columns: readonly Column[], part: Trained): Finding[] {
  return columns.flatMap((column) => {
    const told = toldBy(column, part, thinned(part.rows)) && toldBy(column, part, part.rows);
    if (told === undefined) return [];
    return [
      {
        kind: "leak",
        severity: "warning",
        files: [where],
        evidence: `the column ${column.name} alone gives away ${told}`,
        remedy: "leave it out of --features, unless it is known before the target is",
      },
    ];
  });
}

/** Some rows, spread over all. */
function thinned(rows: Int32Array): Int32Array {
  if (rows.length <= LOOKED_AT) return rows;
  return Int32Array.from({ length: LOOKED_AT }, (_, i) => rows[Math.floor((i * rows.length) / LOOKED_AT)]!);
}

/** Words for what a column tells of a target at some rows; undefined where it tells nothing for certain. */
function toldBy(column: Column, { targets }: Pick<Trained, "targets">, rows: Int32Array): string | undefined {
  const cells = cellsOf(column, rows);
  const names = namesOf(targets);
  if (targets.kind === "classes") {
    const answers = { classes: names.length, of: rows.map((row) => targets.indices[row]!) };
    return separates(cells, answers) ? "the class" : undefined;
  }
  const width = names.length;
  for (const [at, name] of names.entries()) {
    const values = Float64Array.from(rows, (row) => targets.values[row * width + at]!);
    const answers = { classes: 2, of: Int32Array.from(values, (value) => (value === 0 ? 0 : 1)) };
    if (targets.kind === "labels") {
      if (separates(cells, answers)) return `the label ${name}`;
      continue;
    }
    if (orders(cells, ranksOf(values))) return name;
    if (separates(cells, answers)) return `where ${name} is 0`;
  }
  return undefined;
}

function cellsOf(column: Column, rows: Int32Array): Cells {
  if (column.type === "number")
    return { categories: undefined, values: Float64Array.from(rows, (row) => column.values[row]!) };
  const { length } = column.categories;
  return {
    categories: length + 1,
    values: Float64Array.from(rows, (row) => (column.codes[row]! < 0 ? length : column.codes[row]!)),
  };
}

/** Checks whether cells give the class of a row away. */
function separates(cells: Cells, answers: Answers): boolean {
  const counts = new Int32Array(answers.classes);
  for (const answer of answers.of) counts[answer]! += 1;
  const others = answers.of.length - Math.max(...counts);
  return others >= LEAST && exceptionsOf(cells, answers) <= EXCEPTIONS * others;
}

/** Rows whose class is not the commonest one of those with the same cell, or on the same side of a number. */
function exceptionsOf({ categories, values }: Cells, { classes, of }: Answers): number {
  if (categories !== undefined) {
    const counts = new Int32Array(categories * classes);
    of.forEach((answer, row) => {
      counts[values[row]! * classes + answer]! += 1;
    });
    return exceptionsIn(counts, categories, classes, of.length);
  }
  // A number may be missing for one of the classes.
  const missing = values.some(Number.isNaN) ? [-Infinity, Infinity] : [0];
  return Math.min(
    ...missing.map((stand) => exceptionsOfOrder(values, stand, { classes, of })),
    exceptionsOfOneValue(values, { classes, of }),
  );
}

/** Exceptions by counts of classes in groups; all rows where groups are too small to tell. */
function exceptionsIn(counts: Int32Array, groups: number, classes: number, rows: number): number {
  let [exceptions, used] = [0, 0];
  for (let group = 0; group < groups; group++) {
    const ofGroup = counts.subarray(group * classes, (group + 1) * classes);
    const all = ofGroup.reduce((sum, count) => sum + count, 0);
    if (all > 0) used++;
    exceptions += all - Math.max(...ofGroup);
  }
  return used * PER_CATEGORY > rows ? rows : exceptions;
}

/** Exceptions of numbers that are cut into as many intervals as there are classes: of two classes the best cut, else all or none. */
function exceptionsOfOrder(values: Float64Array, missing: number, { classes, of }: Answers): number {
  const filled = values.map((value) => (Number.isNaN(value) ? missing : value));
  const order = orderOf(filled);
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++)
    if (i === order.length || filled[order[i]!] !== filled[order[i - 1]!]) ends.push(i);
  if (classes === 2) {
    const ones = of.reduce((sum, answer) => sum + answer, 0);
    let [below, best] = [0, order.length];
    let i = 0;
    for (const end of ends) {
      for (; i < end; i++) below += of[order[i]!]!;
      // Ones below the cut and zeros above it are wrong, or the other way round.
      const wrong = below + (order.length - end - (ones - below));
      best = Math.min(best, wrong, order.length - wrong);
    }
    return best;
  }
  let start = 0;
  const runs: number[] = [];
  for (const end of ends) {
    const first = of[order[start]!]!;
    for (let i = start; i < end; i++) if (of[order[i]!] !== first) return order.length;
    if (runs.at(-1) !== first) runs.push(first);
    start = end;
  }
  return new Set(runs).size === runs.length ? 0 : order.length;
}

/** Exceptions of a single number, such as 0, that stands for one of two classes. */
function exceptionsOfOneValue(values: Float64Array, { classes, of }: Answers): number {
  if (classes !== 2) return values.length;
  const row = of.indexOf(0);
  const value = values[row];
  const isSame = (other: number): boolean => Object.is(other, value) || other === value;
  return of.reduce((sum, answer, i) => sum + (isSame(values[i]!) === (answer === 0) ? 0 : 1), 0);
}

/** Places of numbers in their order, the same for equal ones: no single large number decides about them. */
function ranksOf(values: Float64Array): Float64Array {
  const order = orderOf(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end - 1) / 2;
  }
  return ranks;
}

const orderOf = (values: Float64Array): Uint32Array =>
  Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);

/** Checks whether cells give the order of numbers away: by the means of categories, or rising or falling with a number. */
function orders({ categories, values: cells }: Cells, ranks: Float64Array): boolean {
  const middle = (ranks.length - 1) / 2;
  const squares = (predicted: (row: number) => number): number =>
    ranks.reduce((sum, rank, row) => sum + (rank - predicted(row)) ** 2, 0);
  const most = EXCEPTIONS * squares(() => middle);
  if (ranks.length < 2 * LEAST || most === 0) return false;
  if (categories === undefined) {
    if (cells.some(Number.isNaN)) return false;
    return [1, -1].some((sign) => {
      const fitted = rising(
        cells.map((cell) => sign * cell),
        ranks,
      );
      return squares((row) => fitted[row]!) <= most;
    });
  }
  const [sums, counts] = [new Float64Array(categories), new Int32Array(categories)];
  cells.forEach((cell, row) => {
    sums[cell]! += ranks[row]!;
    counts[cell]! += 1;
  });
  if (counts.filter((count) => count > 0).length * PER_CATEGORY > cells.length) return false;
  return squares((row) => sums[cells[row]!]! / counts[cells[row]!]!) <= most;
}

/** The rising function of cells that is closest to values in squares: neighbours that fall are pooled. */
function rising(cells: Float64Array, values: Float64Array): Float64Array {
  const order = orderOf(cells);
  const blocks: { readonly sum: number; readonly count: number; readonly end: number; readonly cell: number }[] = [];
  order.forEach((row, i) => {
    let block = { sum: values[row]!, count: 1, end: i + 1, cell: cells[row]! };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.cell !== block.cell && last.sum / last.count < block.sum / block.count) break;
      block = { ...block, sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const fitted = new Float64Array(cells.length);
  let start = 0;
  for (const { sum, count, end } of blocks) for (; start < end; start++) fitted[order[start]!] = sum / count;
  return fitted;
}
