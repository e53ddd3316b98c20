// The label journal as a file: what is written is read, by several programs at a time, with names in any script; a line that
// was torn is left out, and everything else that is no entry is refused with its line.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import {
  correctedLabels,
  exclude,
  findJournal,
  type JournalImage,
  journalPath,
  openJournal,
  parseJournal,
  readJournal,
  relabel,
  undo,
} from "../../src/experiment/index.js";
import { journalOfRecipe, recordedJournal } from "../../src/experiment/journal/entries.js";
import type { Files } from "../../src/platform/files/files.js";
import { memoryFiles } from "../../src/platform/files/memory-files.js";
import { nodeFiles } from "../../src/platform/files/node-files.js";
import { sha256Hex } from "../../src/platform/hashing.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-journal-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const hash = (at: number): string => at.toString(16).padStart(64, "0");
const image = (at: number, label: JournalImage["label"] = "cat"): JournalImage => ({
  image: hash(at),
  file: `cat/${at}.png`,
  label,
});
const when = new Date("2026-07-01T10:00:00.000Z");

/** The same on Node's disk and in memory. */
async function both(name: string, work: (files: Files, folder: string) => Promise<void>): Promise<void> {
  const memory = memoryFiles();
  await memory.makeDirectory("photos");
  test(`disk: ${name}`, () => work(nodeFiles, mkdtempSync(join(directory, "photos-"))));
  test(`memory: ${name}`, () => work(memory, "photos"));
}

await both("entries are lines with their keys in order, and are read again", async (files, folder) => {
  const path = await journalPath(folder, { files });
  const journal = await openJournal(path, { files });
  assert.deepEqual((await journal.read()).entries, []);
  assert.equal(await files.exists(path), false, "the file is made with the first entry");
  const names = ["東", "a\nb", "__proto__", "</script><b>", "é", " ", "🐈‍⬛"];
  for (const [at, name] of names.entries()) await relabel(journal, image(at), name, { by: name, why: name, when });
  await exclude(journal, [image(20), image(21)], { when });
  await relabel(journal, { ...image(30, ["a", "b"]), column: "tags" }, [], { when });
  const numbers = JSON.parse('{"__proto__": 2.5}') as Readonly<Record<string, number>>;
  await relabel(journal, image(31, JSON.parse('{"__proto__": 1, "area": 3}')), numbers, { when });
  const text = await files.readText(path);
  const lines = text.split("\n");
  assert.equal(lines.pop(), "");
  assert.equal(
    lines[0],
    `{"image":"${hash(0)}","file":"cat/0.png","from":"cat","to":"東","when":"2026-07-01T10:00:00.000Z","by":"東","why":"東"}`,
  );
  assert.match(lines[9]!, /^\{"image":"0+1e","file":"cat\/30.png","column":"tags","from":\["a","b"\],"to":\[\],"when"/);
  assert.match(lines[10]!, /"from":\{"__proto__":1\},"to":\{"__proto__":2.5\}/);
  const { entries, isTorn } = await readJournal(path, { files });
  assert.equal(isTorn, false);
  assert.deepEqual(
    entries.slice(0, 7).map(({ to }) => to),
    names,
  );
  assert.deepEqual(
    entries.slice(7, 9).map(({ from, to }) => [from, to]),
    [
      ["cat", null],
      ["cat", null],
    ],
  );
  assert.deepEqual(entries, (await journal.read()).entries);
  assert.deepEqual(await recordedJournal(await readJournal(path, { files })), {
    entries: 11,
    sha256: await sha256Hex(new TextEncoder().encode(text)),
  });
});

await both("undo walks back, change by change", async (files, folder) => {
  const journal = await openJournal(joinedPath(folder), { files });
  const states = async (): Promise<unknown[]> => (await journal.read()).entries.map(({ from, to }) => [from, to]);
  assert.equal((await relabel(journal, image(1), "cat")).length, 0, "it has the label already");
  await relabel(journal, image(1), "dog");
  assert.equal((await relabel(journal, image(1), "dog")).length, 0);
  await relabel(journal, image(1), "fox");
  await exclude(journal, image(1));
  assert.equal((await exclude(journal, image(1))).length, 0);
  const shown = async () => correctedLabels(await journal.read(), [image(1), image(2)]);
  assert.deepEqual(await shown(), [
    { label: "fox", isExcluded: true },
    { label: "cat", isExcluded: false },
  ]);
  for (let n = 0; n < 3; n++) await undo(journal, hash(1));
  assert.deepEqual((await shown())[0], { label: "cat", isExcluded: false });
  assert.deepEqual(await states(), [
    ["cat", "dog"],
    ["dog", "fox"],
    ["fox", null],
    [null, "fox"],
    ["fox", "dog"],
    ["dog", "cat"],
  ]);
  await assert.rejects(
    undo(journal, hash(1)),
    /photos.*labels.journal: image 000000000000 has no correction to take back/,
  );
  await assert.rejects(
    relabel(journal, image(1), ["cat"]),
    /relabel: expected the name of a class as cat\/1.png has, received a list of labels$/,
  );
});

const joinedPath = (folder: string): string => `${folder}/labels.journal`;

await both("several programs add at the same time, and see what others added", async (files, folder) => {
  const path = joinedPath(folder);
  const [first, second] = [await openJournal(path, { files }), await openJournal(path, { files })];
  const work = Array.from({ length: 10 }, (_, at) => relabel(at % 2 === 0 ? first : second, image(at >> 1), "dog"));
  const added = await Promise.all([...work, first.read(), second.read()].map(async (call) => (await call) as unknown));
  assert.equal(
    (added.slice(0, 10) as unknown[][]).reduce((sum, lines) => sum + lines.length, 0),
    5,
    "each image once",
  );
  assert.equal((await readJournal(path, { files })).entries.length, 5);
  assert.deepEqual((await first.read()).entries, (await second.read()).entries);
});

await both(
  "a torn last line is no entry and is cut off by the next; a whole one without its end is kept",
  async (files, folder) => {
    const path = joinedPath(folder);
    await relabel(await openJournal(path, { files }), [image(1), image(2)], "dog", { when });
    const whole = await files.readText(path);
    for (const cut of [1, 30, whole.length / 2 - 2]) {
      await files.writeAtomic(path, whole.slice(0, whole.length - cut));
      const journal = await openJournal(path, { files });
      const expected = cut === 1 ? 2 : 1;
      assert.equal((await journal.read()).entries.length, expected);
      assert.equal((await journal.read()).isTorn, cut !== 1);
      await relabel(journal, image(3), "fox", { when });
      const { entries, isTorn } = await readJournal(path, { files });
      assert.deepEqual([entries.length, isTorn], [expected + 1, false]);
    }
  },
);

const line = (changes: object = {}): string =>
  JSON.stringify({ image: hash(1), file: "a.png", from: "cat", to: "dog", when: when.toISOString(), ...changes });

test("what is no entry is refused with its line", () => {
  const refusals: readonly (readonly [text: string | Uint8Array, said: RegExp])[] = [
    [`${line()}\n\n`, /^labels.journal, line 2: expected JSON/],
    [`{"image"\n${line()}\n`, /^labels.journal, line 1: expected JSON/],
    [
      `${line()}\n${line({ image: "abc" })}\n`,
      /line 2: image: expected a SHA-256 of 64 hexadecimal digits, received "abc"/,
    ],
    [
      `${line({ to: undefined })}\n`,
      /line 1: to: expected the name of a class, a list of different labels, or numbers/,
    ],
    [`${line({ to: [""] })}\n`, /line 1: to.0: expected string to have >=1 characters/],
    [`${line({ to: ["a", "a"] })}\n`, /line 1: to: expected labels of which none occurs twice, received \["a","a"\]/],
    [`${line({ to: {} })}\n`, /line 1: to: expected a number for at least one column/],
    [
      `${line({ to: { cost: 1e300 } })}\n`,
      /line 1: to: expected the name of a class, .*, or numbers by their columns, received \{"cost":1e\+300\}/,
    ],
    [`${line({ when: "yesterday" })}\n`, /line 1: when: /],
    [`${line({ extra: 1 })}\n`, /line 1: unrecognized key: "extra"/],
    [Uint8Array.of(0xff, 10), /^labels.journal, line 1: expected UTF-8/],
    [`null\n`, /line 1: expected/],
    [`${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, /line 1: /],
  ];
  for (const [text, said] of refusals)
    assert.throws(
      () => parseJournal(text),
      (error) => {
        assert.ok(error instanceof FoveaError, String(error));
        assert.match(error.message, said);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
      String(text).slice(0, 80),
    );
  assert.equal(parseJournal(`${line()}\r\n${line()}\r\n`).entries.length, 2, "line ends of Windows");
  assert.throws(() => parseJournal(new Uint8Array(65 * 2 ** 20)), /a label journal has at most 67108864 bytes/);
});

test("a recipe takes the first entries of a journal that has grown, and refuses another", async () => {
  const journal = parseJournal(`${line()}\n${line({ image: hash(2) })}\n`, "a/labels.journal");
  const recorded = await recordedJournal(journal);
  const grown = parseJournal(
    `${line()}\n${line({ image: hash(2) })}\n${line({ image: hash(3) })}\n`,
    "a/labels.journal",
  );
  assert.deepEqual((await journalOfRecipe(grown, recorded))?.entries, journal.entries);
  assert.equal(await journalOfRecipe(grown, undefined), undefined, "made before there was a journal");
  const refused = (other: string | undefined): Promise<string> =>
    journalOfRecipe(other === undefined ? undefined : parseJournal(other, "a/labels.journal"), recorded).then(
      () => "nothing",
      (error: FoveaError) => error.message,
    );
  assert.match(
    await refused(undefined),
    /^the labels of the run were corrected by 2 entries .* bring back its labels.journal/,
  );
  assert.match(
    await refused(`${line()}\n`),
    /^a\/labels.journal: expected the first 2 entries .*, received 1; bring back/,
  );
  assert.match(
    await refused(`${line()}\n${line({ to: "fox" })}\n`),
    /^a\/labels.journal: the first 2 entries are not those/,
  );
});

test("the journal of some data lies beside them", async () => {
  const files = memoryFiles();
  await files.makeDirectory("photos/Train");
  await files.makeDirectory("photos/Test");
  const parts = { train: "photos/Train", test: "photos/Test" };
  assert.equal(await journalPath("photos/Train", { files }), "photos/Train/labels.journal");
  assert.equal(await journalPath("photos/manifest.csv", { files }), "photos/labels.journal");
  assert.equal(await journalPath("photos/claims.csv", { files }), "photos/claims.csv.labels.journal");
  assert.equal(await journalPath("photos.zip", { files }), "photos.zip.labels.journal");
  assert.equal(await findJournal(parts, { files }), undefined);
  await relabel(await openJournal("photos/labels.journal", { files }), image(1), "dog");
  assert.equal((await findJournal(parts, { files }))?.where, "photos/labels.journal");
  assert.equal((await findJournal({ train: "photos/Test" }, { files }))?.entries.length, 1);
  await relabel(await openJournal("photos/Test/labels.journal", { files }), image(1), "dog");
  await assert.rejects(
    findJournal(parts, { files }),
    /^FoveaError: photos\/labels.journal and photos\/Test\/labels.journal: /,
  );
});
