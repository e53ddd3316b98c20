// Try: pictures that are dropped, pasted, chosen, drawn or filmed, and the model's answers, live.
import { useEffect, useState } from "preact/hooks";
import { AnswerBars } from "../../ui/answer-bars.tsx";
import { type Answered, answerOf } from "../../ui/asking.ts";
import { DrawingPad } from "../../ui/drawing-pad.tsx";
import { Opening } from "../../ui/opening.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { useLiveAnswer } from "../../ui/use-live-answer.ts";
import { Webcam } from "../../ui/webcam.tsx";
import type { ViewProps } from "../work.tsx";
import "./try.css";

interface Asked extends Answered {
  readonly id: number;
  readonly name: string;
  /** Address of the picture. */
  readonly picture: string;
  /** Name of the run that is asked. */
  readonly run: string;
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
  const run = chosen.run?.id;
  const live = useLiveAnswer(project, run);
  const ask = async (name: string, blob: Blob): Promise<void> => {
    if (chosen.run === undefined) return;
    const { id: asking, name: by } = chosen.run;
    const id = next++;
    const picture = URL.createObjectURL(blob);
    setAsked((before) => [{ id, name, picture, run: by }, ...before].slice(0, KEPT));
    const outcome = await answerOf(project, asking, name, blob);
    setAsked((before) => before.map((item) => (item.id === id ? { ...item, ...outcome } : item)));
  };
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent): void => {
      for (const file of clipboardData?.files ?? []) if (file.type.startsWith("image/")) ask(file.name, file);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  });
  if (chosen.runs === undefined) return <Opening title="Try" />;
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
          <button
            key={name}
            type="button"
            aria-pressed={source === name}
            onClick={() => {
              setSource(name);
              live.clear();
            }}
          >
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
          <DrawingPad onDrawn={(drawing) => live.ask("drawing.png", drawing)} onCleared={live.clear} />
        )}
        {source === "film" && <Webcam onFrame={(frame) => live.ask("frame.jpg", frame)} />}
        {live.answered !== undefined && <AnswerBars answered={live.answered} />}
      </div>
      <ul class="asked">
        {asked.map((item) => (
          <Item key={item.id} item={item} isOfOther={item.run !== chosen.run?.name} />
        ))}
      </ul>
    </div>
  );
}

interface ItemProps {
  readonly item: Asked;
  /** True where another run answered than the one that is chosen now. */
  readonly isOfOther: boolean;
}

function Item({ item, isOfOther }: ItemProps) {
  const { name, picture, run } = item;
  useEffect(() => () => URL.revokeObjectURL(picture), [picture]);
  return (
    <li class="card">
      <img src={picture} alt={name} />
      <div>
        <bdi class="muted">{name}</bdi>
        {isOfOther && (
          <small>
            {" "}
            asked of <bdi>{run}</bdi>
          </small>
        )}
        <AnswerBars answered={item} />
      </div>
    </li>
  );
}
