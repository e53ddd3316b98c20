// The trained model, asked live: by the webcam, a drawing or a file.

import { useEffect, useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import { linkTo } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { AnswerBars } from "../../ui/answer-bars.tsx";
import { DrawingPad } from "../../ui/drawing-pad.tsx";
import { FileButton } from "../../ui/file-button.tsx";
import { useRun } from "../../ui/run-choice.tsx";
import { useCall } from "../../ui/use-call.ts";
import { useLiveAnswer } from "../../ui/use-live-answer.ts";
import { Webcam } from "../../ui/webcam.tsx";

const WAYS = [
  ["film", "Webcam"],
  ["draw", "Draw"],
  ["file", "File"],
] as const;
type Way = (typeof WAYS)[number][0];

interface Props {
  readonly project: ProjectFacts;
  /** True where examples were added or removed since. */
  readonly isOld: boolean;
}

export function PreviewPanel({ project, isOld }: Props) {
  const { run } = useRun(project);
  const [source, setSource] = useState<Way>();
  const { answered, ask, clear } = useLiveAnswer(project, run?.id);
  const [picture, setPicture] = useState<string>();
  const code = useCall("code", run === undefined ? undefined : { project: project.id, run: run.id });
  useCode(code.value ?? code.previous);
  useEffect(() => () => URL.revokeObjectURL(picture ?? ""), [picture]);
  if (run === undefined) return <p class="muted">When training has ended, try it here.</p>;
  return (
    <div class="stack">
      <fieldset class="row" aria-label="What to try it with">
        {WAYS.map(([name, title]) => (
          <button
            key={name}
            type="button"
            aria-pressed={source === name}
            onClick={() => {
              setSource(name);
              clear();
            }}
          >
            {title}
          </button>
        ))}
      </fieldset>
      {source === "film" && <Webcam onFrame={(frame) => ask("frame.jpg", frame)} />}
      {source === "draw" && <DrawingPad onDrawn={(drawing) => ask("drawing.png", drawing)} onCleared={clear} />}
      {source === "file" && (
        <>
          <div class="row">
            <FileButton
              title="Choose an image ..."
              label="Image to try"
              accept="image/*"
              onFile={(file) => {
                setPicture(URL.createObjectURL(file));
                ask(file.name, file);
              }}
            />
          </div>
          {picture !== undefined && <img class="tried" src={picture} alt="Images asked about" />}
        </>
      )}
      {answered !== undefined && <AnswerBars answered={answered} />}
      {isOld && <p class="muted">The examples have changed since; train again to use them.</p>}
      <a class="button" href={linkTo(["work", project.id, "ship"], { run: run.id })}>
        Save the model
      </a>
    </div>
  );
}
