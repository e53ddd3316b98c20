// Try: pictures that are dropped, pasted, chosen, drawn or filmed, and the model's answers, live.
import { useEffect, useState } from "preact/hooks";
import { AnswerBars } from "../../ui/answer-bars.tsx";
import { DrawingPad } from "../../ui/drawing-pad.tsx";
import { FileButton } from "../../ui/file-button.tsx";
import { Opening } from "../../ui/opening.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { useLiveAnswer } from "../../ui/use-live-answer.ts";
import { Webcam } from "../../ui/webcam.tsx";
import type { ViewProps } from "../work.tsx";
import { type Asked, useAsked } from "./asked.ts";
import { Correction } from "./correction.tsx";
import { Strip } from "./strip.tsx";
import "./try.css";

const SOURCES = [
  ["files", "Files"],
  ["draw", "Draw"],
  ["film", "Webcam"],
] as const;
type Source = (typeof SOURCES)[number][0];

/** Takes images that are pasted anywhere on the page. */
function usePasted(take: (file: File) => void): void {
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent): void => {
      for (const file of clipboardData?.files ?? []) if (file.type.startsWith("image/")) take(file);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  });
}

export function Try({ project }: ViewProps) {
  const chosen = useRun(project);
  const [source, setSource] = useState<Source>("files");
  const { asked, ask, keep } = useAsked(project.id, chosen.run);
  const [wanted, setWanted] = useState<number>();
  const shown = asked.find(({ id }) => id === wanted) ?? asked[0];
  const run = chosen.run?.id;
  const live = useLiveAnswer(project, run);
  usePasted((file) => ask(file.name, file));
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
          <section
            class="drop"
            aria-label="Pictures"
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              for (const file of event.dataTransfer?.files ?? []) ask(file.name, file);
            }}
          >
            <span>Drop or paste pictures here, or</span>
            <FileButton title="Choose files ..." accept="image/*" multiple onFile={(file) => ask(file.name, file)} />
          </section>
        )}
        {source === "draw" && (
          <DrawingPad onDrawn={(drawing) => live.ask("drawing.png", drawing)} onCleared={live.clear} />
        )}
        {source === "film" && <Webcam onFrame={(frame) => live.ask("frame.jpg", frame)} />}
        {live.answered !== undefined && (
          <div class="live">
            <AnswerBars answered={live.answered} />
            {live.asked !== undefined && (
              <button
                type="button"
                onClick={() => {
                  const { name, picture } = live.asked!;
                  keep(name, picture, live.answered!);
                  setWanted(undefined);
                }}
              >
                Keep in the strip
              </button>
            )}
          </div>
        )}
      </div>
      {shown !== undefined && (
        <>
          <Strip asked={asked} chosen={shown.id} onChoose={setWanted} />
          <Item key={shown.id} project={project} item={shown} isOfOther={shown.run !== chosen.run?.name} />
        </>
      )}
    </div>
  );
}

interface ItemProps extends ViewProps {
  readonly item: Asked;
  /** True where another run answered than the one that is chosen now. */
  readonly isOfOther: boolean;
}

function Item({ project, item, isOfOther }: ItemProps) {
  const { name, picture, run, answer } = item;
  return (
    <section class="card asked" aria-label={`The answer about ${name}`}>
      <img src={picture} alt={name} />
      <div class="stack">
        <p>
          <bdi class="muted">{name}</bdi>
          {isOfOther && (
            <small>
              {" "}
              asked of <bdi>{run}</bdi>
            </small>
          )}
        </p>
        {answer?.overlay !== undefined && <img src={answer.overlay} alt={`Objects found on ${name}`} />}
        <AnswerBars answered={item} />
        {answer !== undefined && answer.note === undefined && project.kind === "images" && (
          <Correction project={project} item={item} />
        )}
      </div>
    </section>
  );
}
