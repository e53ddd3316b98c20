// The workbench's answers about images and their labels, without a page.
import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { zipSync } from "fflate";
import { readJournal } from "../../src/experiment/index.js";
import type { LookFacts } from "../../studio/contract/data-facts.js";
import type { ImageFilter } from "../../studio/contract/facts.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders, manyImages, tinyPng, writeFiles } from "./small-data.js";

async function benchIn(t: TestContext, home: string) {
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { handlers } = bench;
  const shown = async (
    project: string,
    filter: ImageFilter = {},
    order?: { by: "name" | "size"; isDescending?: boolean },
  ) => {
    const { items } = await handlers.images({ project, filter, order, from: 0, count: 100 });
    return items.map(({ file, label, was, excluded }) =>
      [file, label, ...(was === undefined ? [] : [`was ${was}`]), ...(excluded ? ["out"] : [])].join(" "),
    );
  };
  const looked = async (project: string): Promise<LookFacts> => {
    const ended = new Promise<void>((resolve) => {
      bench.listen((news) => {
        if (news.kind === "job" && ["done", "failed"].includes(news.job.state)) resolve();
      });
    });
    await handlers.startLook({ project });
    await ended;
    return handlers.look({ project });
  };
  return { bench, handlers, shown, looked };
}

test("images are filtered, sorted and counted as the journal has them", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 3);
  writeFiles(join(home, "pets"), { "dog/10.png": tinyPng(99, { width: 40, height: 40 }) });
  const { handlers, shown } = await benchIn(t, home);
  const { id, images, classNames } = await handlers.open({ path: "pets" });
  assert.deepEqual([images, classNames], [7, ["cat", "dog"]]);
  assert.deepEqual(await shown(id, { label: "dog" }), [
    "dog/1.png dog",
    "dog/10.png dog",
    "dog/2.png dog",
    "dog/3.png dog",
  ]);
  assert.deepEqual((await shown(id, {}, { by: "name" })).at(-1), "dog/10.png dog");
  assert.deepEqual((await shown(id, {}, { by: "size", isDescending: true }))[0], "dog/10.png dog");
  assert.deepEqual(await shown(id, { search: "T/2" }), ["cat/2.png cat"]);

  const changed = await handlers.relabel({ project: id, images: [0, 1], to: "dog", why: "barks", by: "Mira" });
  assert.deepEqual([changed.changes, changed.canUndo, changed.labelVersion], [2, true, 1]);
  await handlers.relabel({ project: id, images: [6], to: null });
  assert.deepEqual(await shown(id, { changed: true }), [
    "cat/1.png dog was cat",
    "cat/2.png dog was cat",
    "dog/3.png dog out",
  ]);
  assert.deepEqual(await handlers.counts({ project: id }), [
    { name: "cat", count: 1 },
    { name: "dog", count: 5 },
  ]);
  assert.deepEqual(await handlers.numbers({ project: id, filter: { label: "dog" }, from: 1, count: 3 }), [1, 3, 4]);

  const history = await handlers.history({ project: id, from: 0, count: 10 });
  assert.deepEqual(
    history.batches.map(({ by, why, changes }) => ({ by, why, changes })),
    [
      { by: undefined, why: undefined, changes: [{ from: "dog", to: null, count: 1 }] },
      { by: "Mira", why: "barks", changes: [{ from: "cat", to: "dog", count: 2 }] },
    ],
  );
  assert.deepEqual(history.before, [
    { name: "cat", count: 3 },
    { name: "dog", count: 4 },
  ]);
  await handlers.undo({ project: id });
  assert.equal((await handlers.undo({ project: id })).changes, 0);
  await assert.rejects(handlers.undo({ project: id }), /nothing to take back/);
});

test("the code of the data makes the same journal", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"]);
  const { handlers } = await benchIn(t, home);
  const { id, path } = await handlers.open({ path: "pets" });
  await handlers.relabel({ project: id, images: [0, 1], to: "dog", why: "it's one" });
  await handlers.relabel({ project: id, images: [1], to: null });
  const journal = join(path!, "labels.journal");
  const before = (await readJournal(journal)).entries.map(({ when: _, ...entry }) => entry);
  const { typescript } = await handlers.dataCode({ project: id });
  renameSync(journal, `${journal}.old`);
  const code = typescript
    .replaceAll('"fovea/data"', JSON.stringify(new URL("../../src/data/index.js", import.meta.url).href))
    .replaceAll('"fovea/experiment"', JSON.stringify(new URL("../../src/experiment/index.js", import.meta.url).href))
    .replace(/console\.log.*/, "");
  const file = join(home, "again.mjs");
  writeFileSync(file, code);
  await import(file);
  assert.deepEqual(
    (await readJournal(journal)).entries.map(({ when: _, ...entry }) => entry),
    before,
  );
});

test("labels of a manifest's column, several labels and numbers are changed as what they are", async (t) => {
  const home = emptyFolder(t);
  const images = { "a.png": tinyPng(1), "b.png": tinyPng(2), "c.png": tinyPng(3) };
  writeFiles(join(home, "columns"), {
    ...images,
    "manifest.csv": "path,class,cost\na.png,x,1.5\nb.png,y,2\nc.png,x,3\n",
  });
  writeFiles(join(home, "tags"), { ...images, "manifest.csv": "path,labels\na.png,red;big\nb.png,red\nc.png,big\n" });
  writeFiles(join(home, "prices"), { ...images, "manifest.csv": "path,price\na.png,1.5\nb.png,2.25\nc.png,3.75\n" });
  const { handlers, shown } = await benchIn(t, home);
  const entriesOf = async (name: string) => (await readJournal(join(home, name, "labels.journal"))).entries;

  const columns = (await handlers.open({ path: "columns" })).id;
  await handlers.relabel({ project: columns, images: [0], to: "y" });
  assert.deepEqual((await shown(columns))[0], "a.png y was x");
  assert.deepEqual((await entriesOf("columns"))[0]?.column, "class");

  const { id: tags, classNames } = await handlers.open({ path: "tags" });
  assert.deepEqual(classNames, ["big", "red"]);
  assert.deepEqual(await handlers.counts({ project: tags }), [
    { name: "big", count: 2 },
    { name: "red", count: 2 },
  ]);
  assert.deepEqual(await shown(tags, { label: "big" }), ["a.png red; big", "c.png big"]);
  await handlers.relabel({ project: tags, images: [1], to: "big; new" });
  assert.deepEqual((await shown(tags))[1], "b.png big; new was red");
  assert.deepEqual((await entriesOf("tags"))[0]?.to, ["big", "new"]);

  const prices = (await handlers.open({ path: "prices" })).id;
  await assert.rejects(handlers.relabel({ project: prices, images: [2], to: "dear" }), /a number for price/);
  await handlers.relabel({ project: prices, images: [2], to: "4" });
  assert.deepEqual((await shown(prices))[2], "c.png 4 was 3.75");
  assert.deepEqual((await entriesOf("prices"))[0]?.to, { price: 4 });
});

test("a look finds copies across parts and in two classes, damage and other files", async (t) => {
  const home = emptyFolder(t);
  const folder = join(home, "set");
  classFolders(join(folder, "Train"), ["cat", "dog"]);
  classFolders(join(folder, "Test"), ["cat", "dog"]);
  // The test images are those of training; one is broken, one lies in both classes, a table lies beside them.
  for (const [name, level] of [
    ["1", 101],
    ["2", 102],
    ["3", 103],
    ["4", 104],
  ] as const) {
    writeFiles(folder, { [`Test/cat/${name}.png`]: tinyPng(level), [`Test/dog/${name}.png`]: tinyPng(level + 50) });
  }
  writeFiles(folder, {
    "Test/cat/leak.png": tinyPng(0),
    "Train/dog/both.png": tinyPng(1),
    "Train/dog/broken.png": tinyPng(77).slice(0, 40),
    "Train/notes.txt": "none",
  });
  const { handlers, looked, shown } = await benchIn(t, home);
  const { id } = await handlers.open({ path: "set" });
  assert.equal((await handlers.look({ project: id })).isComplete, false);
  const { findings, sizes } = await looked(id);
  const files = (kind: string) =>
    findings.filter((finding) => finding.kind === kind).map(({ examples }) => examples.map(({ file }) => file));
  assert.deepEqual(files("leak"), [["Train/cat/1.png", "Test/cat/leak.png"]]);
  assert.deepEqual(files("label"), [["Train/cat/2.png", "Train/dog/both.png"]]);
  assert.deepEqual(files("unreadable"), [["Train/dog/broken.png"]]);
  assert.match(findings.find(({ kind }) => kind === "files")!.sentence, /notes\.txt/);
  assert.deepEqual(sizes, [{ name: "8 × 8", count: 18 }]);
  const leak = findings.find(({ kind }) => kind === "leak")!;
  assert.deepEqual(await shown(id, { finding: leak.id }), ["cat/1.png cat", "cat/leak.png cat"]);
  const { nearest } = await handlers.image({ project: id, image: 0 });
  assert.deepEqual([nearest[0]?.file, nearest[0]?.likeness.toFixed(3)], ["Test/cat/leak.png", "1.000"]);
});

test("copies of an image are corrected alike, as training does it", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"]);
  writeFiles(join(home, "pets"), { "cat/copy.png": tinyPng(0) });
  const { handlers, shown, looked } = await benchIn(t, home);
  const { id } = await handlers.open({ path: "pets" });
  await handlers.relabel({ project: id, images: [0], to: "dog" });
  await looked(id);
  assert.deepEqual(await shown(id, { changed: true }), ["cat/1.png dog was cat", "cat/copy.png dog was cat"]);
});

test("projects are found again by their address, also by another program, with their journal", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"]);
  const first = await benchIn(t, home);
  const { id } = await first.handlers.open({ path: "pets" });
  await first.handlers.relabel({ project: id, images: [0], to: "dog" });
  const second = await benchIn(t, home);
  const [recent] = await second.handlers.recent({});
  assert.deepEqual([recent?.project, recent?.name, recent?.images], [id, "pets", 8]);
  assert.equal((await second.handlers.project({ project: id })).changes, 1);
  assert.deepEqual(await second.handlers.forget({ project: id }), []);
  await assert.rejects((await benchIn(t, home)).handlers.project({ project: id }), /open its folder again/);
  writeFileSync(join(home, ".fovea-studio.json"), '{"version":1,"projects":[{"id":"x","path":"/etc"}]}');
  assert.deepEqual(await (await benchIn(t, home)).handlers.recent({}), [], "what does not fit counts as none");
});

test("an archive is opened where it lies; one whose paths lead out is refused", async (t) => {
  const home = emptyFolder(t);
  const files = { "set/cat/1.png": tinyPng(1), "set/cat/2.png": tinyPng(2), "set/dog/1.png": tinyPng(3) };
  writeFiles(home, {
    "good.zip": zipSync({ ...files, "set/dog/2.png": tinyPng(4) }, { level: 0 }),
    "bad.zip": zipSync({ ...files, "../../outside.png": tinyPng(5) }, { level: 0 }),
  });
  const { handlers, shown } = await benchIn(t, home);
  const { id, name } = await handlers.open({ path: "good.zip" });
  assert.equal(name, "good");
  await handlers.relabel({ project: id, images: [0], to: "dog" });
  assert.deepEqual((await shown(id))[0], "cat/1.png dog was cat");
  assert.ok(existsSync(join(home, "good.zip.labels.journal")));
  await assert.rejects(handlers.open({ path: "bad.zip" }), /climbs out of the archive/);
});

test("pages of 100,000 images", async (t) => {
  const home = emptyFolder(t);
  manyImages(join(home, "many"), 100_000);
  const { handlers } = await benchIn(t, home);
  const measured = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    t.diagnostic(`${what}: ${(performance.now() - began).toFixed(1)} ms`);
    return result;
  };
  const { id, images } = await measured("open", () => handlers.open({ path: "many" }));
  assert.equal(images, 100_000);
  const page = (filter: ImageFilter, from = 0, by: "source" | "name" = "source") =>
    handlers.images({ project: id, filter, order: { by }, from, count: 200 });
  await measured("first page", () => page({}));
  assert.equal((await measured("page at 80,000", () => page({}, 80_000))).items[0]?.index, 80_000);
  assert.equal((await measured("those of a class", () => page({ label: "3" }))).total, 10_000);
  const having99 = Array.from({ length: 100_000 }, (_, i) => String(i)).filter((name) => name.includes("99")).length;
  assert.equal((await measured("those with 99 in their name", () => page({ search: "99" }))).total, having99);
  assert.equal(
    (await measured("sorted by name", () => page({}, 99_800, "name"))).items.at(-1)?.file,
    "train/99999.png",
  );
  await measured("counts", () => handlers.counts({ project: id }));
  const all = Array.from({ length: 1000 }, (_, i) => i);
  await measured("1,000 labels", () => handlers.relabel({ project: id, images: all, to: "9" }));
  assert.equal(readFileSync(join(home, "many/labels.journal"), "utf8").split("\n").length - 1, 900);
});
