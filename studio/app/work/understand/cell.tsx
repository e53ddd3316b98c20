// The images of a cell of the matrix, the surest first: another click relabels them or leaves them out.
import { useEffect, useRef, useState } from "preact/hooks";
import type { JudgedImage, ProjectFacts, RunDetails } from "../../../contract/facts.js";
import { goTo } from "../../frame/address.ts";
import { percent } from "../../frame/numbers.ts";
import { know, sentenceOf } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Photo } from "../../ui/photo.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useRoving } from "../../ui/use-roving.ts";
import type { CellAddress } from "./confusion-matrix.ts";
import { Why } from "./why.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly run: RunDetails;
  readonly cell: CellAddress | undefined;
}

/** Images that are drawn at once. */
const SHOWN = 60;

export function Cell({ project, run, cell }: Props) {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [error, setError] = useState<string>();
  const [to, setTo] = useState("");
  const key = cell && `${run.id} ${cell.actual} ${cell.predicted}`;
  useEffect(() => {
    setSelected(new Set());
    setTo(cell === undefined ? "" : (run.classNames[cell.predicted] ?? ""));
  }, [key]);
  const images = cell === undefined ? mistakes(run.judged) : imagesOf(run.judged, cell);
  const shown = images.slice(0, SHOWN);
  const roving = useRoving(shown.map(({ index }) => index !== undefined));
  const list = useRef<HTMLUListElement>(null);
  const toggle = (index: number): void => {
    const next = new Set(selected);
    if (!next.delete(index)) next.add(index);
    setSelected(next);
  };
  const change = async (label: string | null, why: string): Promise<void> => {
    setError(undefined);
    try {
      know(await (await host()).call("relabel", { project: project.id, images: [...selected], to: label, why }));
      setSelected(new Set());
      // The button that was pressed has nothing to act on any more.
      list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  const title =
    cell === undefined
      ? "Mistakes, the surest first"
      : `${run.classNames[cell.actual]} taken for ${run.classNames[cell.predicted]}`;
  return (
    <section class="cell" aria-label="Images of the cell">
      <h2>
        <bdi>{title}</bdi> <small>{images.length}</small>
      </h2>
      {images.length === 0 && <p class="muted">No image.</p>}
      <ul class="thumbs" ref={list}>
        {shown.map(({ index, file, label, predicted, confidence }, at) => (
          <li key={file}>
            <button
              type="button"
              aria-pressed={index !== undefined && selected.has(index)}
              disabled={index === undefined}
              {...roving(at)}
              onClick={() => index !== undefined && toggle(index)}
            >
              {index !== undefined && <Photo project={project.id} index={index} alt={file} />}
              <span>
                <bdi>{run.classNames[label]}</bdi>
                {label !== predicted && (
                  <>
                    {" as "}
                    <bdi>{run.classNames[predicted]}</bdi>
                  </>
                )}{" "}
                <small>{percent(confidence)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {selected.size === 1 && <Why project={project.id} run={run.id} image={[...selected][0]!} />}
      <div class="row actions" role="toolbar" aria-label="Change labels">
        <select aria-label="New label" value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)}>
          {run.classNames.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button
          type="button"
          disabled={selected.size === 0 || to === ""}
          onClick={() => change(to, `seen in ${run.name}`)}
        >
          Relabel {selected.size > 0 && selected.size}
        </button>
        <button type="button" disabled={selected.size === 0} onClick={() => change(null, `seen in ${run.name}`)}>
          Leave out
        </button>
        {project.changes > 0 && (
          <button type="button" class="primary" onClick={() => goTo(["work", project.id, "train"])}>
            Train again
          </button>
        )}
      </div>
      {project.changes > 0 && (
        <p class="muted" role="status">
          {project.changes} {project.changes === 1 ? "label has" : "labels have"} been changed; the folder itself stays
          as it is.
        </p>
      )}
      <Refusal sentence={error} />
    </section>
  );
}

const surestFirst = (a: JudgedImage, b: JudgedImage): number => b.confidence - a.confidence;

const imagesOf = (judged: readonly JudgedImage[], { actual, predicted }: CellAddress): JudgedImage[] =>
  judged.filter((image) => image.label === actual && image.predicted === predicted).sort(surestFirst);

const mistakes = (judged: readonly JudgedImage[]): JudgedImage[] =>
  judged.filter(({ label, predicted }) => label !== predicted).sort(surestFirst);
