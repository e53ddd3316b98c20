// Documentation of the public interface: rules that an export keeps, and the number of things that may still lack it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readComment } from "../../tools/reference/comments.js";
import { coverageOf } from "../../tools/reference/coverage.js";
import type { Entry, Item } from "../../tools/reference/model.js";
import { referencePages } from "../../tools/reference/pages.js";
import { walk } from "../../tools/reference/walk.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const item = (name: string, comment: string, more: Partial<Item> = {}): Item => ({
  name,
  kind: "function",
  comment: readComment(comment),
  file: "src/a.ts",
  line: 1,
  signature: `const ${name} = (x: number): number`,
  parameters: [],
  members: [],
  throws: false,
  ...more,
});

const x = { name: "x", type: "number", optional: false, value: undefined, options: undefined };

const entry = (items: readonly Item[]): Entry => ({ name: "fovea/a", summary: "A.", items, elsewhere: new Map() });

const gapsOf = (...items: Item[]): string[] =>
  coverageOf([entry(items)]).gaps.map(({ thing, rule }) => `${thing} ${rule}`);

test("a doc comment is read tag by tag", () => {
  const comment = readComment(
    "/**\n * The root of `x`.\n * @param x Above 0,\n * in meters.\n * @returns the root\n * @throws FoveaError below 0.\n * @example\n * root(4);\n * root(9);\n */",
  );
  assert.equal(comment.text, "The root of `x`.");
  assert.deepEqual([...comment.parameters], [["x", "Above 0,\nin meters."]]);
  assert.equal(comment.returns, "the root");
  assert.deepEqual(comment.errors, ["FoveaError below 0."]);
  assert.deepEqual(comment.examples, ["root(4);\nroot(9);"]);
  assert.deepEqual(readComment("/** The sum. @example add(1, 2) */").examples, ["add(1, 2)"]);
  assert.equal(
    readComment("// Sums.\n\n  /** The sum. */").text,
    "The sum.",
    "a file's header lies before its first one",
  );
});

test("a function needs a sentence, its parameters, its errors and an example", () => {
  assert.deepEqual(gapsOf(item("root", "/** */", { parameters: [x], throws: true })), [
    "root sentence",
    "root(x) parameter",
    "root errors",
    "root example",
  ]);
  const whole = "/** The root of `x`. @throws FoveaError below 0. @example root(4) */";
  assert.deepEqual(gapsOf(item("root", whole, { parameters: [x], throws: true })), []);
  assert.deepEqual(gapsOf(item("a", "/** A. */"), item("b", "/** B. @example b(a(1)) */")), []);
});

test("an option needs a sentence and its default, a member of a record a sentence", () => {
  const member = { name: "size", type: "number", optional: true, inherited: false, parameters: [] };
  const options = (comment: string): Item =>
    item("RootOptions", "/** Options. */", {
      kind: "interface",
      members: [{ ...member, comment: readComment(comment) }],
    });
  assert.deepEqual(gapsOf(options("/** */")), ["RootOptions.size member", "RootOptions.size default"]);
  assert.deepEqual(gapsOf(options("/** Size in pixels. */")), ["RootOptions.size default"]);
  assert.deepEqual(gapsOf(options("/** Size in pixels. Default 3. */")), []);
});

test("a page has signature, parameters, errors and examples of each export", () => {
  const whole = "/** The root. @param x Above 0. @throws FoveaError below 0. @example root(4) */";
  const pages = referencePages([entry([item("root", whole, { parameters: [x] })])]);
  assert.deepEqual(
    pages.map(({ file }) => file),
    ["index.md", "a.md"],
  );
  const [index, page] = pages.map(({ text }) => text);
  assert.match(index!, /\[fovea\/a\]\(a\.md\) \| 1 \| A\. \|/);
  for (const part of [
    "root",
    "const root = (x: number): number",
    "| `x` | `number` | Above 0. |",
    "root(4)",
    "below 0",
  ])
    assert.ok(page!.includes(part), part);
});

test("an entry with many exports has a page per folder, with links to each export", () => {
  const inFolder = (name: string, folder: string): Item =>
    item(name, "/** A. */", { file: `src/nn/layers/${folder}a.ts` });
  const many = Array.from({ length: 150 }, (_, i) => inFolder(`a${i}`, "core/"));
  const layers = entry([
    ...many,
    inFolder("pool", "pooling/"),
    { ...inFolder("Pool", "pooling/"), kind: "class" },
    inFolder("base", ""),
  ]);
  const other = { ...entry([]), name: "fovea/b", elsewhere: new Map([["Pool", "fovea/a"]]) };
  const pages = new Map(referencePages([layers, other]).map(({ file, text }) => [file, text]));
  assert.deepEqual([...pages.keys()], ["index.md", "a.md", "a-base.md", "a-core.md", "a-pooling.md", "b.md"]);
  assert.match(pages.get("a.md")!, /\[`pool`\]\(a-pooling\.md#pool\)/);
  assert.match(
    pages.get("b.md")!,
    /\[`Pool`\]\(a-pooling\.md#pool-1\)/,
    "headings that differ in capitals are numbered",
  );
});

test("a member is shown with its parameters, and not where a class above describes it", () => {
  const member = { name: "fit", type: "(data: Data) => History", optional: false, inherited: false, parameters: [] };
  const comment = readComment("/** Trains. @param data Samples and targets @throws FoveaError without data */");
  const members = [
    { ...member, comment },
    { ...member, name: "call", comment: readComment(""), inherited: true },
  ];
  const [, page] = referencePages([entry([item("Model", "/** A model. */", { kind: "class", members })])]);
  const row =
    "| `fit` | `(data: Data) => History` | Trains. `data`: Samples and targets. Throws FoveaError without data. |";
  assert.ok(page!.text.includes(row), page!.text);
  assert.doesNotMatch(page!.text, /call/);
});

test("functions are read with all their signatures, methods with their parameters", () => {
  const items = walk(root).flatMap((part) => part.items);
  const found = (name: string): Item => items.find((thing) => thing.name === name)!;
  assert.deepEqual(
    found("tensor").parameters.map(({ name }) => name),
    ["data", "dtype", "shape"],
  );
  assert.match(found("tensor").signature, /shape: Shape/);
  assert.equal(found("argMax").parameters[1]!.type, "number");
  const fit = found("Model").members.find(({ name }) => name === "fit");
  assert.equal(fit?.type, "(data: TrainingData, options: FitOptions = {}) => Promise<History>");
});

test("no mark of a comment is left in the text of a page", () => {
  const pages = referencePages(walk(root));
  assert.ok(pages.length > 50);
  const left = pages.flatMap(({ file, text }) => {
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`]*`/g, "");
    return prose
      .split("\n")
      .filter((line) => /\/\*\*|\*\//.test(line))
      .map((line) => `${file}: ${line}`);
  });
  assert.deepEqual(left, []);
});

test("everything that the package exports is documented, and so is each of its options", () => {
  const { gaps } = coverageOf(walk(root));
  assert.deepEqual(
    gaps.map(({ at, thing, rule }) => `${at}: ${thing} lacks ${rule}`),
    [],
  );
});
