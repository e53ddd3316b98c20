// The journal of labels: who changed what, when and why, and what it does to the classes.
import { useState } from "preact/hooks";
import type { HistoryBatch, HistoryPage } from "../../../contract/data-facts.js";
import type { ProjectFacts } from "../../../contract/facts.js";
import { keepState } from "../../frame/address.ts";
import { whole } from "../../frame/numbers.ts";
import { Photo } from "../../ui/photo.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { ByAndWhy, LabelWord } from "./change-words.tsx";
import { useRelabelling, writer } from "./relabel.ts";
import "./journal.css";

/** Changes on one page. */
const SHOWN = 50;

export function Journal({ project }: { readonly project: ProjectFacts }) {
  const [from, setFrom] = useState(0);
  const [by, setBy] = useState(writer.read());
  const input = { project: project.id, from, count: SHOWN };
  const { value, error, previous } = useCall("history", input, project.labelVersion);
  const page = value ?? previous;
  const { undo, isBusy, told, error: failure } = useRelabelling(project);
  if (error !== undefined) return <Refusal sentence={error} />;
  if (page === undefined) return <p class="muted">Opening ...</p>;
  if (page.total === 0)
    return (
      <section class="quiet">
        <h2>The journal is empty</h2>
        <p>
          Labels are never changed in place. Each correction becomes a line of <bdi>{page.where}</bdi>, beside the data:
          which image, from what to what, when and why. Training takes the labels as the journal has them, and a replay
          does the same.
        </p>
      </section>
    );
  return (
    <div class="journal">
      <section class="stack">
        <div class="row">
          <label class="row">
            Your name in the journal
            <input
              type="text"
              maxLength={200}
              value={by}
              onInput={({ currentTarget }) => {
                setBy(currentTarget.value);
                writer.write(currentTarget.value);
              }}
            />
          </label>
          <button type="button" disabled={!project.canUndo || isBusy} onClick={undo}>
            Undo the last change
          </button>
          <span role="status" class="muted">
            {told}
          </span>
        </div>
        <Refusal sentence={failure} />
        <ol class="batches">
          {page.batches.map((batch) => (
            <li key={batch.when}>
              <Batch project={project.id} batch={batch} />
            </li>
          ))}
        </ol>
        {page.total > SHOWN && (
          <div class="row">
            <button type="button" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - SHOWN))}>
              Newer
            </button>
            <button type="button" disabled={from + SHOWN >= page.total} onClick={() => setFrom(from + SHOWN)}>
              Older
            </button>
          </div>
        )}
        <p class="muted">
          {whole(page.entries)} {page.entries === 1 ? "line" : "lines"} in <bdi>{page.where}</bdi>
        </p>
      </section>
      <ClassDiff page={page} />
    </div>
  );
}

function Batch({
  project,
  batch: { when, by, why, changes, images },
}: {
  readonly project: string;
  readonly batch: HistoryBatch;
}) {
  return (
    <article>
      <p>
        {changes.map(({ from, to, count }) => (
          <span class="change" key={`${from} ${to}`}>
            {whole(count)} {count === 1 ? "image" : "images"}: <LabelWord label={from} /> → <LabelWord label={to} />
          </span>
        ))}
      </p>
      <p class="muted">
        <time dateTime={when}>{new Date(when).toLocaleString()}</time>
        <ByAndWhy {...{ by, why }} />
      </p>
      <ul class="thumbs-line">
        {images.map(({ index, file }) =>
          index === undefined ? null : (
            <li key={index}>
              <button
                type="button"
                class="plain"
                title={file}
                onClick={() => keepState({ show: undefined, image: String(index), changed: "1" })}
              >
                <Photo project={project} index={index} alt={file} />
              </button>
            </li>
          ),
        )}
      </ul>
    </article>
  );
}

/** Classes that have gained or lost images. */
function ClassDiff({ page: { before, after } }: { readonly page: HistoryPage }) {
  const counts = new Map(before.map(({ name, count }) => [name, count]));
  const changed = after
    .map(({ name, count }) => ({ name, before: counts.get(name) ?? 0, after: count }))
    .filter((row) => row.before !== row.after);
  if (changed.length === 0) return null;
  return (
    <section aria-label="Classes that change">
      <h2>What it does to the classes</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="number">
              In the source
            </th>
            <th scope="col" class="number">
              Now
            </th>
            <th scope="col" class="number">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {changed.map((row) => (
            <tr key={row.name}>
              <td>
                <bdi>{row.name}</bdi>
              </td>
              <td class="number">{whole(row.before)}</td>
              <td class="number">{whole(row.after)}</td>
              <td class="number">{`${row.after > row.before ? "+" : "−"}${whole(Math.abs(row.after - row.before))}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
