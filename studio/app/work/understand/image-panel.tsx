// The images behind a figure: another click relabels them or leaves them out, a third trains again. Of a single one it shows
// where the model looked, and the training images that it takes for alike.
import { useEffect, useRef, useState } from "preact/hooks";
import type { JudgedImage, ProjectFacts, RunDetails } from "../../../contract/facts.js";
import { goTo } from "../../frame/address.ts";
import { percent, whole } from "../../frame/numbers.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { know } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Photo } from "../../ui/photo.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useRoving } from "../../ui/use-roving.ts";
import type { Chosen } from "./choice.ts";
import { Neighbours } from "./neighbours.tsx";
import { Why } from "./why.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly run: RunDetails;
  readonly chosen: Chosen;
  /** Shows the mistakes again; absent where they are shown. */
  readonly onClear: (() => void) | undefined;
}

/** Images that are drawn at once. */
const SHOWN = 60;

export function ImagePanel({ project, run, chosen: { title, images }, onClear }: Props) {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState(SHOWN);
  const key = `${run.id} ${title}`;
  useEffect(() => {
    setSelected(new Set());
    setShown(SHOWN);
  }, [key]);
  const toggle = (index: number): void => {
    const next = new Set(selected);
    if (!next.delete(index)) next.add(index);
    setSelected(next);
  };
  const [only] = selected.size === 1 ? selected : [];
  const drawn = images.slice(0, shown);
  const roving = useRoving(drawn.map(({ index }) => index !== undefined));
  const list = useRef<HTMLUListElement>(null);
  return (
    <section class="panel" aria-label="Images behind the figure">
      <header class="row">
        <h2>
          <bdi>{title}</bdi> <small>{whole(images.length)}</small>
        </h2>
        {onClear && (
          <button type="button" class="plain" onClick={onClear}>
            All mistakes
          </button>
        )}
      </header>
      {images.length === 0 && <p class="muted">No image.</p>}
      <ul class="thumbs" ref={list}>
        {drawn.map((image, at) => (
          <Thumb
            key={image.file}
            project={project.id}
            run={run}
            image={image}
            selected={selected}
            onToggle={toggle}
            keys={roving(at)}
          />
        ))}
      </ul>
      {images.length > shown && (
        <button type="button" class="plain" onClick={() => setShown(shown + SHOWN)}>
          Show {whole(Math.min(SHOWN, images.length - shown))} more
        </button>
      )}
      {only !== undefined && (
        <>
          <Why project={project.id} run={run.id} image={only} />
          <Neighbours project={project.id} run={run.id} image={only} />
        </>
      )}
      <Relabel
        project={project}
        run={run}
        selected={selected}
        suggested={images[0] && run.classNames[images[0].predicted]}
        onChanged={() => {
          setSelected(new Set());
          // The button that was pressed has nothing to act on any more.
          list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
        }}
        key={key}
      />
    </section>
  );
}

interface ThumbProps {
  readonly project: string;
  readonly run: RunDetails;
  readonly image: JudgedImage;
  readonly selected: ReadonlySet<number>;
  readonly onToggle: (index: number) => void;
  /** Its place among those that arrow keys go to. */
  readonly keys: ReturnType<ReturnType<typeof useRoving>>;
}

function Thumb({ project, run, image, selected, onToggle, keys }: ThumbProps) {
  const { index, file, label, predicted, confidence } = image;
  return (
    <li>
      <button
        type="button"
        aria-pressed={index !== undefined && selected.has(index)}
        disabled={index === undefined}
        {...keys}
        onClick={() => index !== undefined && onToggle(index)}
      >
        {index !== undefined && <Photo project={project} index={index} alt={file} />}
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
  );
}

interface RelabelProps {
  readonly project: ProjectFacts;
  readonly run: RunDetails;
  readonly selected: ReadonlySet<number>;
  /** The class that the model says of the first image. */
  readonly suggested: string | undefined;
  readonly onChanged: () => void;
}

function Relabel({ project, run, selected, suggested, onChanged }: RelabelProps) {
  const [error, setError] = useState<string>();
  const [to, setTo] = useState(suggested ?? run.classNames[0] ?? "");
  const change = async (label: string | null): Promise<void> => {
    setError(undefined);
    const why = `seen in ${run.name}`;
    try {
      know(await (await host()).call("relabel", { project: project.id, images: [...selected], to: label, why }));
      onChanged();
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  return (
    <>
      <div class="row actions" role="toolbar" aria-label="Change labels">
        <select aria-label="New label" value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)}>
          {run.classNames.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button type="button" disabled={selected.size === 0 || to === ""} onClick={() => change(to)}>
          Relabel {selected.size > 0 && selected.size}
        </button>
        <button type="button" disabled={selected.size === 0} onClick={() => change(null)}>
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
    </>
  );
}
