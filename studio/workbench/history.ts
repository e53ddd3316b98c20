// The journal of labels as a page shows it: what was changed at once, the last first, and what it does to the classes.
import type { HistoryBatch, HistoryPage, LabelChange } from "../contract/data-facts.js";
import type { CodeFacts } from "../contract/facts.js";
import { changeOf } from "./image-details.js";
import type { Project } from "./project.js";

/** Images of a batch that are shown. */
const SHOWN = 24;
/** Changes that the lines of code make again. */
const WRITTEN = 20;

export function historyPage(project: Project, from: number, count: number): HistoryPage {
  const { labels } = project;
  const batches = labels.batches.toReversed();
  return {
    where: labels.journal.path,
    entries: batches.reduce((sum, { length }) => sum + length, 0),
    total: batches.length,
    batches: batches.slice(from, from + count).map((batch) => batchOf(batch.map((entry) => changeOf(entry, project)))),
    before: project.countsBefore(),
    after: project.counts(),
  };
}

function batchOf(changes: readonly LabelChange[]): HistoryBatch {
  const [{ when, by, why } = { when: "" }] = changes;
  const kinds = new Map<string, { from: string | null; to: string | null; count: number }>();
  for (const { from, to } of changes) {
    const key = JSON.stringify([from, to]);
    const kind = kinds.get(key) ?? { from, to, count: 0 };
    kinds.set(key, { ...kind, count: kind.count + 1 });
  }
  return {
    when,
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
    changes: [...kinds.values()],
    images: changes.slice(0, SHOWN),
  };
}

/** Lines that open the data, and make the last changes of labels again. */
export function codeOfData({ path, name, labels }: Project): CodeFacts {
  const where = path ?? name;
  const entries = labels.batches.flat().slice(-WRITTEN);
  const hasExclusions = entries.some(({ to }) => to === null);
  const hasLabels = entries.some(({ to }) => to !== null);
  const names = [hasExclusions && "exclude", "journalPath", "openJournal", hasLabels && "relabel"].filter(Boolean);
  const changes = entries.map(({ image, file, column, from, to, why }) => {
    const described = JSON.stringify({ image, file, label: from ?? to, column });
    const note = why === undefined ? "" : `, ${JSON.stringify({ why })}`;
    return to === null
      ? `await exclude(journal, ${described}${note});`
      : `await relabel(journal, ${described}, ${JSON.stringify(to)}${note});`;
  });
  const typescript = [
    `import { openSource } from "fovea/data";`,
    ...(entries.length > 0 ? [`import { ${names.join(", ")} } from "fovea/experiment";`] : []),
    "",
    `const { listing, sentence } = await openSource(${JSON.stringify(where)});`,
    "console.log(sentence, listing.images.length);",
    ...(entries.length > 0
      ? ["", `const journal = await openJournal(await journalPath(${JSON.stringify(where)}));`, ...changes]
      : []),
    "",
  ].join("\n");
  return { typescript, commands: `fovea inspect ${quoted(where)}\n` };
}

/** A path as a shell takes it. */
export const quoted = (path: string): string =>
  /^[\w./\\:-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
