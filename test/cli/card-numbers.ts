// Numbers of a card looked up again: each number on the page stands in card.json, and in a file of the run at the place that
// card.json names. Tests and tools/make-cards.ts use it.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CardFacts, CardRow } from "../../src/report/card-facts.js";
import { amount, duration, metric, percent, whole } from "../../src/report/format.js";

/** A value of a file by its pointer (RFC 6901); CSV files and others that are no JSON have none. */
function valueAt(files: ReadonlyMap<string, unknown>, source: string): unknown {
  const [file, pointer] = source.split("#") as [string, string];
  assert.ok(files.has(file), `${source}: the run has no ${file}`);
  let value = files.get(file);
  for (const key of pointer.split("/").slice(1)) {
    const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
    assert.ok(typeof value === "object" && value !== null && name in value, `${source}: there is nothing`);
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** All texts that a value may be shown as: those of its numbers in each form of the house, lengths of its lists, its words. */
function shownForms(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number")
    return [metric, whole, percent, amount, duration, String, (n: number) => n.toFixed(2)].map((form) => form(value));
  if (typeof value !== "object" || value === null) return [];
  const { $number } = value as { readonly $number?: string };
  if ($number !== undefined) return shownForms(Number($number));
  // Images are no figures.
  if ("$bytes" in value) return [];
  return [...(Array.isArray(value) ? [whole(value.length)] : []), ...Object.values(value).flatMap(shownForms)];
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The text without some others, the longest first; a number is never taken out of the middle of another. */
const without = (text: string, others: Iterable<string>): string =>
  [...new Set(others)]
    .filter((other) => other !== "")
    .sort((a, b) => b.length - a.length)
    .reduce((rest, other) => rest.replaceAll(new RegExp(`(?<![\\d.])${escaped(other)}(?![\\d])`, "g"), " "), text);

/** Names of figures, and the level of all intervals. */
const WORDS = ["D2", "d2", "F1", "f1", "95 %", "SHA-256"];

/** Wilson's interval of 95 %, from its formula. */
function wilson(right: number, total: number): number[] {
  if (total === 0) return [];
  const [z, p] = [1.959963984540054, right / total];
  const [middle, scale] = [p + (z * z) / (2 * total), 1 + (z * z) / total];
  const half = z * Math.sqrt((p * (1 - p)) / total + (z * z) / (4 * total * total));
  return [p, Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

/** Figures that the card counts from the answers of a classification, counted once more. */
function counted(labels: readonly number[], predicted: readonly number[]): number[] {
  const wrong = labels.filter((label, n) => label !== predicted[n]).length;
  const figures = [wrong, labels.length];
  for (const k of new Set(labels)) {
    const support = labels.filter((label) => label === k).length;
    const chosen = predicted.filter((answer) => answer === k).length;
    const right = labels.filter((label, n) => label === k && predicted[n] === k).length;
    figures.push(support, right, ...wilson(right, support), ...wilson(right, chosen));
  }
  return figures;
}

/** Watt-hours of a processor time at the power that a person has stated. */
function energyOf(from: readonly string[], values: readonly unknown[]): number | undefined {
  const [seconds, watts] = ["/processor_seconds", "/watts"].map((end) =>
    from.findIndex((source) => source.endsWith(end)),
  );
  return seconds! < 0 || watts! < 0 ? undefined : (Number(values[seconds!]) * Number(values[watts!])) / 3600;
}

/** Names of figures with numbers in them, which are no figures. */
const NAMES =
  /Top \d+ Accuracy|1 - mean (IoU|Dice)|AP(?: at an overlap of|, overlaps) [\d.]+(?: to [\d.]+)?|\bAP\d+|FAR [\d.]+ %|tar_at_far_\w+/gi;

/** Fails for a number of the text that is in none of the places. */
function checkFound(text: string, from: readonly string[], files: ReadonlyMap<string, unknown>): void {
  const values = from.map((source) => valueAt(files, source));
  const [labels, predicted] = ["labels", "predicted"].map((name) =>
    from.findIndex((source) => source.endsWith(`/${name}`)),
  );
  if (labels! >= 0 && predicted! >= 0)
    values.push(counted(values[labels!] as readonly number[], values[predicted!] as readonly number[]));
  const energy = energyOf(from, values);
  if (energy !== undefined) values.push(energy);
  const rest = without(text.replaceAll(NAMES, ""), [...values.flatMap(shownForms), ...WORDS]);
  assert.doesNotMatch(rest, /\d/, `${JSON.stringify(text)} is not in ${from.join(", ")}`);
}

/** Commands and paths of a line that no file settles. */
const checkOpen = ({ value }: CardRow, paths: readonly string[]): void =>
  assert.doesNotMatch(without(value, [...paths, ...WORDS]), /\d/, value);

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** Text of the page's sections before the rules. */
function pageText(html: string): string {
  const main = html.slice(html.indexOf("<main>"), html.indexOf('<section id="rules">'));
  return main.replaceAll(/<[^>]*>/g, "\n").replaceAll(/&(\w+|#39);/g, (_, name: string) => ENTITIES[name] ?? "?");
}

/**
 * Checks a card: every number of card.json in its places, and on the page no other.
 * @param run folder of the run and of its card
 * @param paths words of commands that numbers may stand in, such as the run's path
 */
export function checkCard(run: string, paths: readonly string[]): CardFacts {
  const names = [
    "recipe.json",
    "metrics.json",
    "facts.json",
    "images.json",
    "certificate.json",
    "health.json",
    "slices.json",
    "card.json",
  ];
  const files = new Map<string, unknown>(
    names
      .filter((name) => existsSync(join(run, name)))
      .map((name) => [name, JSON.parse(readFileSync(join(run, name), "utf8"))]),
  );
  const { facts } = files.get("card.json") as { readonly facts: CardFacts };
  const texts = [facts.time.slice(0, 10), facts.time.slice(11, 16)];
  for (const { rows, tables } of facts.sections) {
    for (const row of rows) {
      texts.push(row.label, row.value);
      if (row.from.length === 0) checkOpen(row, paths);
      else checkFound(`${row.label}\n${row.value}`, row.from, files);
    }
    for (const { title, columns, rows: lines, note = "" } of tables) {
      texts.push(title, note, ...columns.map(({ head }) => head));
      checkFound([title, note, ...columns.map(({ head }) => head)].join("\n"), [], files);
      for (const { cells, from } of lines) {
        texts.push(...cells);
        checkFound(cells.join("\n"), from, files);
      }
    }
  }
  const html = readFileSync(join(run, "card.html"), "utf8");
  const rest = without(pageText(html), texts);
  assert.doesNotMatch(rest, /\d/, "the page has a number that card.json does not have");
  const told = facts.sections.flatMap(({ rows }) => rows).filter(({ state }) => state === "known").length;
  assert.match(html, new RegExp(`lines told</dt><dd>${told}</dd>`));
  return facts;
}
