// The journal of labels as a page shows it: what was changed at once, the last first, and what it does to the classes.
import { isAddedFile, type JournalEntry, NO_LABEL, shellWord } from "fovea/experiment";
import type { HistoryBatch, HistoryPage } from "../contract/data-facts.js";
import type { CodeFacts } from "../contract/facts.js";
import { changeOf } from "./image-details.js";
import type { Project } from "./project.js";

/** Images of a batch that are shown. */
const SHOWN = 24;
/** Images whose changes the lines of code make again. */
const WRITTEN = 100;

export function historyPage(project: Project, from: number, count: number): HistoryPage {
  const { labels } = project;
  const batches = labels.batches.toReversed();
  return {
    where: labels.journal.path,
    entries: batches.reduce((sum, { length }) => sum + length, 0),
    total: batches.length,
    batches: batches.slice(from, from + count).map((batch) => batchOf(batch, project)),
    before: project.countsBefore(),
    after: project.counts(),
  };
}

function batchOf(batch: readonly JournalEntry[], project: Project): HistoryBatch {
  const { when, by, why } = batch[0]!;
  const kinds = new Map<string, { readonly entry: JournalEntry; count: number }>();
  for (const entry of batch) {
    const key = JSON.stringify([entry.from, entry.to]);
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { entry, count: 1 });
    else kind.count++;
  }
  return {
    when,
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
    changes: [...kinds.values()].map(({ entry, count }) => {
      const { from, to } = changeOf(entry, project);
      return { from, to, count };
    }),
    images: batch.slice(0, SHOWN).map((entry) => changeOf(entry, project)),
  };
}

/** Lines that open the data, and make the last changes of labels again. */
export function codeOfData(project: Project): CodeFacts {
  const { path, name, labels } = project;
  const where = JSON.stringify(path ?? name);
  const batches = lastOf(labels.batches);
  const changes = batches.flatMap(byLabel).map((batch) => changeLines(batch, project));
  const names = ["addImage", "exclude", "journalPath", "openJournal", "relabel", "undo"].filter(
    (word) => /Journal|journal/.test(word) || changes.some((line) => line.startsWith(`await ${word}(`)),
  );
  const left = labels.batches.length - batches.length;
  const typescript = [
    `import { openSource } from "fovea/data";`,
    ...(changes.length > 0 ? [`import { ${names.join(", ")} } from "fovea/experiment";`] : []),
    ...(names.includes("addImage") ? [`import { readFile } from "${FILES}";`] : []),
    "",
    `const { listing, sentence } = await openSource(${where});`,
    "console.log(sentence, listing.images.length);",
    ...(changes.length > 0 ? ["", `const journal = await openJournal(await journalPath(${where}));`] : []),
    ...(left > 0 ? [`// ${left} earlier changes are in the journal itself.`] : []),
    ...changes,
    "",
  ].join("\n");
  return { typescript, commands: `fovea inspect ${shellWord(path ?? name)}\n` };
}

/** The module with which the lines read files; this file itself knows no Node. */
const FILES = "node:fs/promises";

type Batch = readonly JournalEntry[];

/** The last batches, as many as are about so many images together. */
function lastOf(batches: readonly Batch[]): readonly Batch[] {
  let images = 0;
  const first = batches.findLastIndex((batch) => {
    images += batch.length;
    return images > WRITTEN;
  });
  return batches.slice(first + 1);
}

/** Entries that give one label, in their order: an undo may put back several. */
function byLabel(batch: Batch): Batch[] {
  const groups = new Map<string, JournalEntry[]>();
  for (const entry of batch) {
    const key = JSON.stringify(entry.to);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

/** The line that makes changes to one label, or takes first labels back. */
function changeLines(batch: Batch, { labels }: Project): string {
  const [{ to, why, by }] = batch as [JournalEntry];
  if (to === NO_LABEL) return `await undo(journal, ${JSON.stringify(batch.map(({ image }) => image))});`;
  const [{ from: before, file: added }] = batch as [JournalEntry];
  if (before === null && to !== null && batch.length === 1 && isAddedFile(added)) {
    const photo = `await readFile(${JSON.stringify(added)})`;
    return `await addImage(journal, ${photo}, ${JSON.stringify(to)}${why === undefined ? "" : `, ${printed({ why })}`});`;
  }
  const images = batch.map((entry) => {
    const { image, file, column, from } = entry;
    const index = labels.indexOf(entry);
    const label = (index === undefined ? undefined : labels.images.labelOf(index)) ?? from ?? entry.to;
    return printed({ image, file, label, column });
  });
  const list = images.length === 1 ? images[0]! : `[\n${images.map((line) => `  ${line},\n`).join("")}]`;
  const note = why === undefined && by === undefined ? "" : `, ${printed({ by, why })}`;
  return to === null
    ? `await exclude(journal, ${list}${note});`
    : `await relabel(journal, ${list}, ${JSON.stringify(to)}${note});`;
}

/** A record as a literal on one line. */
const printed = (record: Readonly<Record<string, unknown>>): string =>
  `{ ${Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ")} }`;
