// Try: pictures that are dropped, pasted, chosen, drawn or filmed, and the model's answers, live.
import { useEffect, useState } from "preact/hooks";
import type { AnswerFacts } from "../../../contract/facts.js";
import { AnswerBars } from "../../ui/answer-bars.tsx";
import { answerOf } from "../../ui/asking.ts";
import { DrawingPad } from "../../ui/drawing-pad.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { Webcam } from "../../ui/webcam.tsx";
import type { ViewProps } from "../work.tsx";
import "./try.css";

interface Asked {
  readonly id: number;
  readonly name: string;
  /** Address of the picture. */
  readonly picture: string;
  readonly answer?: AnswerFacts;
  readonly error?: string;
}

/** Pictures that stay in the strip. */
const KEPT = 20;
let next = 0;

const SOURCES = [
  ["files", "Files"],
  ["draw", "Draw"],
  ["film", "Webcam"],
] as const;
type Source = (typeof SOURCES)[number][0];

export function Try({ project }: ViewProps) {
  const chosen = useRun(project);
  const [source, setSource] = useState<Source>("files");
  const [asked, setAsked] = useState<readonly Asked[]>([]);
  const [live, setLive] = useState<AnswerFacts>();
  const run = chosen.run?.id;
  const ask = async (name: string, blob: Blob): Promise<void> => {
    const id = next++;
    const picture = URL.createObjectURL(blob);
    setAsked((before) => [{ id, name, picture }, ...before].slice(0, KEPT));
    const outcome = await answerOf(project, run!, name, blob);
    setAsked((before) => before.map((item) => (item.id === id ? { ...item, ...outcome } : item)));
  };
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent): void => {
      for (const file of clipboardData?.files ?? []) if (file.type.startsWith("image/")) ask(file.name, file);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  });
  if (chosen.runs === undefined) return <p class="muted">Opening ...</p>;
  if (run === undefined)
    return (
      <NoRun project={project} title="Try">
        When a run has ended, drop or paste a photo here, draw, or use the webcam, and see what the model says.
      </NoRun>
    );
  return (
    <div class="stack">
      <header class="row">
        <h1>Try</h1>
        <RunChoice {...chosen} />
      </header>
      {project.kind === "model" && (
        <p class="muted">
          <bdi>{project.sentence}</bdi>
        </p>
      )}
      <fieldset class="row" aria-label="Where pictures come from">
        {SOURCES.map(([name, title]) => (
          <button key={name} type="button" aria-pressed={source === name} onClick={() => setSource(name)}>
            {title}
          </button>
        ))}
      </fieldset>
      <div class="try">
        {source === "files" && (
          <label
            class="drop"
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              for (const file of event.dataTransfer?.files ?? []) ask(file.name, file);
            }}
          >
            <input
              type="file"
              accept="image/*"
              multiple
              onChange={({ currentTarget }) => {
                for (const file of currentTarget.files ?? []) ask(file.name, file);
                currentTarget.value = "";
              }}
            />
            <span>Drop or paste pictures here, or choose files</span>
          </label>
        )}
        {source === "draw" && (
          <DrawingPad
            onDrawn={async (blob) => setLive((await answerOf(project, run, "drawing.png", blob)).answer)}
            onCleared={() => setLive(undefined)}
          />
        )}
        {source === "film" && (
          <Webcam onFrame={async (blob) => setLive((await answerOf(project, run, "frame.png", blob)).answer)} />
        )}
        {source !== "files" && live !== undefined && <AnswerBars answer={live} />}
      </div>
      <ul class="asked">
        {asked.map(({ id, name, picture, answer, error }) => (
          <li key={id} class="card">
            <img src={picture} alt={name} />
            <div>
              <bdi class="muted">{name}</bdi>
              {answer && <AnswerBars answer={answer} />}
              {error && (
                <p class="error" role="alert">
                  {error}
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
