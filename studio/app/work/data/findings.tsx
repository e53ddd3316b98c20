// Findings about the images, as cards: the library's sentence, the images that show it, the way to all of them.
import { useState } from "preact/hooks";
import type { FindingFacts, LookFacts } from "../../../contract/data-facts.js";
import type { ProjectFacts } from "../../../contract/facts.js";
import { keepState } from "../../frame/address.ts";
import { kept } from "../../frame/kept.ts";
import { whole } from "../../frame/numbers.ts";
import { host } from "../../host/index.js";
import { Photo } from "../../ui/photo.tsx";
import { shortened } from "./data-state.ts";
import { FINDING_WORDS } from "./facets.tsx";
import { LookButton } from "./look-button.tsx";
import { useRelabelling } from "./relabel.ts";
import "./findings.css";
import { Refusal } from "../../ui/refusal.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly look: LookFacts | undefined;
}

/** Findings that somebody has put aside, in the reader's browser. */
const asideOf = (project: string): readonly string[] => kept.read(`aside.${project}`)?.split(" ") ?? [];

export function Findings({ project, look }: Props) {
  const [aside, setAside] = useState(asideOf(project.id));
  if (!look?.isComplete)
    return (
      <section class="quiet">
        <h2>Findings</h2>
        <LookButton project={project} />
      </section>
    );
  const put = (id: string): void => {
    const next = aside.includes(id) ? aside.filter((other) => other !== id) : [...aside, id];
    kept.write(`aside.${project.id}`, next.join(" "));
    setAside(next);
  };
  const open = look.findings.filter(({ id }) => !aside.includes(id));
  const away = look.findings.filter(({ id }) => aside.includes(id));
  return (
    <section class="stack" aria-label="Findings">
      {open.length === 0 && (
        <p class="quiet">
          Nothing looks wrong: all {whole(project.images)} images can be decoded, and no copies lie across parts or
          classes{away.length > 0 && ", but for the findings put aside"}.
        </p>
      )}
      {open.map((finding) => (
        <Card key={finding.id} project={project} finding={finding} word="Put aside" onPut={() => put(finding.id)} />
      ))}
      {away.length > 0 && (
        <details>
          <summary>Put aside ({away.length})</summary>
          <div class="stack">
            {away.map((finding) => (
              <Card
                key={finding.id}
                project={project}
                finding={finding}
                word="Take up again"
                onPut={() => put(finding.id)}
              />
            ))}
          </div>
        </details>
      )}
    </section>
  );
}

interface CardProps {
  readonly project: ProjectFacts;
  readonly finding: FindingFacts;
  readonly word: string;
  readonly onPut: () => void;
}

function Card({ project, finding: { id, kind, severity, sentence, count, examples }, word, onPut }: CardProps) {
  return (
    <article class={`card finding${severity === "error" ? " severe" : ""}`}>
      <h2>
        <bdi>{FINDING_WORDS[kind] ?? kind}</bdi>{" "}
        {count > 0 && <small>{count === 1 ? "1 image" : `${whole(count)} images`}</small>}
      </h2>
      <p>
        <bdi>{shortened(sentence, project)}</bdi>
      </p>
      {examples.length > 0 && (
        <ul class="examples">
          {examples.map(({ index, file, part }) => (
            <li key={index}>
              <button
                type="button"
                class="plain"
                onClick={() => keepState({ show: undefined, finding: id, image: String(index) })}
              >
                <Photo project={project.id} index={index} alt="" />
                <small>
                  <bdi>{file}</bdi>
                  {part !== undefined && !file.startsWith(part) && ` (${part})`}
                </small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        {count > 0 && (
          <button type="button" onClick={() => keepState({ show: undefined, finding: id })}>
            Show {count === 1 ? "it" : `all ${whole(count)}`} in the grid
          </button>
        )}
        {LEFT_OUT[kind] !== undefined && project.labelKind !== undefined && (
          <LeaveOut project={project} finding={id} why={LEFT_OUT[kind]} />
        )}
        <button type="button" class="plain" onClick={onPut}>
          {word}
        </button>
      </div>
    </article>
  );
}

/** Kinds of findings whose images somebody may want to leave out all at once, with the reason that the journal notes. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  unreadable: "cannot be decoded",
  dark: "dark",
  bright: "nearly white",
  flat: "of one colour",
  contrast: "of little contrast",
  blurred: "blurred",
};

interface LeaveOutProps {
  readonly project: ProjectFacts;
  readonly finding: string;
  readonly why: string;
}

/** Leaves out all images of a finding. */
function LeaveOut({ project, finding, why }: LeaveOutProps) {
  const { relabel, told, error, isBusy } = useRelabelling(project);
  const affected = async (): Promise<readonly number[]> => {
    const count = project.images;
    return (await host()).call("numbers", { project: project.id, filter: { finding }, from: 0, count });
  };
  return (
    <>
      <button type="button" disabled={isBusy || told !== undefined} onClick={() => relabel(affected(), null, why)}>
        Leave out
      </button>
      <span role="status">{told}</span>
      <Refusal sentence={error} isInline />
    </>
  );
}
