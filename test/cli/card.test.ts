// Cards of runs of every task: each number on the page is found again in a file of the run, at the place that card.json names.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandPrefix } from "../../src/platform/invocation.js";
import type { CardFacts, CardRow } from "../../src/report/card-facts.js";
import { amount, duration, metric, percent, whole } from "../../src/report/format.js";
import { photos, write } from "../cases/class-folders.js";
import { fovea, workplace } from "./fovea.js";

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

/** Fails for a number of the text that is in none of the places. */
function checkFound(text: string, from: readonly string[], files: ReadonlyMap<string, unknown>): void {
  const values = from.map((source) => valueAt(files, source));
  const [labels, predicted] = ["labels", "predicted"].map((name) =>
    from.findIndex((source) => source.endsWith(`/${name}`)),
  );
  if (labels! >= 0 && predicted! >= 0)
    values.push(counted(values[labels!] as readonly number[], values[predicted!] as readonly number[]));
  const rest = without(text, [...values.flatMap(shownForms), ...WORDS]);
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

/** Checks a card: every number of card.json in its places, and on the page no other. */
function checkCard(run: string): CardFacts {
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
  const texts: string[] = [];
  for (const { rows, tables } of facts.sections) {
    for (const row of rows) {
      texts.push(row.label, row.value);
      if (row.from.length === 0) checkOpen(row, ["run", "pets", "claims.csv", "hail/manifest.csv"]);
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

const section = (facts: CardFacts, id: string) => facts.sections.find((found) => found.id === id)!;
const row = (facts: CardFacts, id: string, label: string): CardRow | undefined =>
  section(facts, id).rows.find((found) => found.label === label);

test("the card of a classification: a template, then a person's lines, a check of the data and a certificate", async (t) => {
  const place = workplace(t);
  write(join(place, "pets"), { ...photos("a", 12), ...photos("b", 12, 50) });
  const small = ["--model", "logistic", "--image-size", "8x8", "--epochs", "2", "--threads", "1", "--quiet"];
  const trained = await fovea(place, "train", "pets", ...small, "--out", "run");
  assert.equal(trained.code, 0, trained.stderr);
  const first = await fovea(place, "card", "run", "--json");
  assert.equal(first.code, 0, first.stderr);
  const { missing } = JSON.parse(first.stdout);
  assert.deepEqual([missing.length, missing[0]], [9, "purpose"]);
  const template = checkCard(join(place, "run"));
  assert.equal(row(template, "statements", "Purpose")?.state, "missing");
  assert.match(row(template, "health", "Health of the data")!.value, /^not checked: fovea health pets --json > run/);
  assert.equal(
    row(template, "replay", "Certificate")!.value.includes(`${commandPrefix()} certify run --key KEY.pem`),
    true,
  );

  const path = join(place, "run", "card.json");
  const card = JSON.parse(readFileSync(path, "utf8"));
  card.lines = { ...card.lines, purpose: "Sorts <b>7</b> pets.", owner: "אנה", limits: "Not for 3 legs." };
  writeFileSync(path, JSON.stringify(card));
  writeFileSync(join(place, "run", "health.json"), (await fovea(place, "health", "pets", "--json")).stdout);
  const sliced = await fovea(place, "evaluate", "run", "pets", "--slices", "--json");
  writeFileSync(join(place, "run", "slices.json"), sliced.stdout);
  await fovea(place, "certify", "--new-key", "key.pem");
  assert.equal((await fovea(place, "certify", "run", "--key", "key.pem", "--quiet")).code, 0);
  const second = await fovea(place, "card", "run");
  assert.equal(second.code, 0, second.stderr);
  assert.match(
    second.stdout,
    /^The card is run\/card\.html\nMissing, for a person to write into run\/card\.json: use, contact/,
  );
  assert.match(second.stdout, /^Energy: not measured$/m);
  const facts = checkCard(join(place, "run"));
  assert.equal(row(facts, "statements", "Purpose")?.value, "Sorts <b>7</b> pets.");
  assert.equal(row(facts, "replay", "Certificate")?.value, "trained again to the same bits, and signed");
  assert.match(readFileSync(join(place, "run", "card.html"), "utf8"), /<bdi>Sorts &lt;b&gt;7&lt;\/b&gt; pets\.<\/bdi>/);
  assert.ok(facts.duties.every(({ places }) => places.length === facts.rules.length));

  // A run that is not the certified one any more says so on its card.
  const metrics = join(place, "run", "metrics.json");
  writeFileSync(
    metrics,
    readFileSync(metrics, "utf8").replace(/"seconds_per_epoch": [\d.e-]+/, '"seconds_per_epoch": 1'),
  );
  const elsewhere = await fovea(place, "card", "run", "--out", "audit");
  assert.equal(elsewhere.code, 0, elsewhere.stderr);
  assert.match(elsewhere.stdout, /metrics\.json is not the one that was certified; bring back/);
  assert.ok(existsSync(join(place, "audit", "card.html")));
});

/** A hundred policies whose claims follow from their age. */
const POLICIES = Array.from(
  { length: 120 },
  (_, i) => `${(i * 7) % 5 > 2 ? 1 : 0},${18 + ((i * 11) % 60)},${(i * 3) % 7}`,
);

test("cards of regressions, of several labels and of tables", async (t) => {
  const place = workplace(t);
  writeFileSync(join(place, "claims.csv"), `Claims,Age,Years\n${POLICIES.join("\n")}\n`);
  await fovea(place, "synth", "hail", "--out", "hail", "--count", "60", "--size", "32x32", "--quiet");
  const small = ["--image-size", "16x16", "--epochs", "1", "--threads", "1", "--quiet"];
  const runs: readonly (readonly [name: string, args: readonly string[], table: RegExp])[] = [
    ["costs", ["hail", "--target", "cost", "--loss", "gamma", ...small], /^Actual over expected of cost/],
    ["labels", ["hail", "--target", "labels", ...small], /^Labels of Test, the lowest F1 first/],
    ["table", ["claims.csv", "--target", "Claims", "--loss", "poisson", "--quiet"], /^Actual over expected of Claims/],
  ];
  for (const [name, args, title] of runs) {
    const trained = await fovea(place, "train", ...args, "--out", name);
    assert.equal(trained.code, 0, trained.stderr);
    const ended = await fovea(place, "card", name, "--quiet");
    assert.equal(ended.code, 0, ended.stderr);
    const facts = checkCard(join(place, name));
    assert.ok(
      facts.sections.some(({ tables }) => tables.some((table) => title.test(table.title))),
      `${name}: a table ${title}`,
    );
  }
});

test("a folder that is no finished run has no card, and one that is damaged keeps its lines", async (t) => {
  const place = workplace(t);
  const { code, stderr } = await fovea(place, "card", "nothing");
  assert.equal(code, 1);
  assert.match(stderr, /nothing is not the folder of a run/);
  assert.equal(existsSync(join(place, "nothing")), false);
});
